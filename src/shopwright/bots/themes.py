"""The look of a bot: one colour of an icon becomes two palettes in which everything can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shopwright.bots.colours import Colour, contrast, on, parse_hex, readable, shown, to_colour
from shopwright.bots.theme_schemas import Palette, Theme, ThemeProblem

DEFAULT_ACCENT = "#2f5fd0"
TEXT, SHAPE = 4.5, 3.0
# What is shown on what, and the contrast it needs (WCAG 2.2: 1.4.3 for text, 1.4.11 for shapes and borders).
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "background", TEXT), ("text", "surface", TEXT), ("muted", "background", TEXT), ("muted", "surface", TEXT),
    ("on_accent", "accent", TEXT), ("accent", "background", SHAPE), ("accent", "surface", SHAPE),
    ("border", "background", SHAPE), ("border", "surface", SHAPE), ("text", "bubble_bot", TEXT),
    ("muted", "bubble_bot", TEXT), ("on_bubble_visitor", "bubble_visitor", TEXT),
)  # fmt: skip
# Below this a colour is a grey to the eye; a speck of colour does not make an icon colourful.
_GREY_CHROMA = 0.04
_SPECK = 0.02
_HUES = 24
_QUIET_CHROMA = 0.012


@dataclass(frozen=True, slots=True)
class _Mode:
    """Lightness of the grounds and where the things on them begin to look for their contrast."""

    background: float
    surface: float
    bubble: float
    text: float
    muted: float
    border: float


_LIGHT = _Mode(background=1.0, surface=0.972, bubble=0.945, text=0.24, muted=0.52, border=0.7)
_DARK = _Mode(background=0.185, surface=0.225, bubble=0.27, text=0.95, muted=0.72, border=0.5)


def dominant(colours: Sequence[tuple[int, int, int, int]]) -> str:
    """The colour that an icon is remembered by: its most frequent hue, weighed by how vivid it is.

    The default for icons without any colour: white, black, grey or empty ones.
    """
    total = sum(count for *_, count in colours)
    weights = [0.0] * _HUES
    members: list[list[tuple[Colour, float]]] = [[] for _ in range(_HUES)]
    vivid = 0
    for red, green, blue, count in colours:
        colour = to_colour(red, green, blue)
        if colour.chroma < _GREY_CHROMA:
            continue
        vivid += count
        place = int(colour.hue / (360 / _HUES)) % _HUES
        weight = count * colour.chroma
        weights[place] += weight
        members[place].append((colour, weight))
    if not total or vivid < _SPECK * total:
        return DEFAULT_ACCENT
    # A hue may lie on the border of two bins: neighbours count for half.
    best = max(range(_HUES), key=lambda i: (weights[i] + (weights[i - 1] + weights[(i + 1) % _HUES]) / 2, -i))
    found = members[best] or members[max(range(_HUES), key=lambda i: weights[i])]
    return shown(max(found, key=lambda member: (member[1], member[0].chroma))[0])


def theme_of(accent: str, icon_id: UUID | None = None) -> Theme:
    """The theme of a colour; the same for the same colour, always."""
    colour = to_colour(*parse_hex(accent))
    return Theme(icon_id=icon_id, accent=accent, light=_palette(colour, _LIGHT), dark=_palette(colour, _DARK))


def _palette(accent: Colour, mode: _Mode) -> Palette:
    quiet = min(accent.chroma, _QUIET_CHROMA)

    def ground(lightness: float) -> str:
        return shown(Colour(lightness, 0.0 if lightness == 1.0 else quiet, accent.hue))

    background, surface, bubble = ground(mode.background), ground(mode.surface), ground(mode.bubble)
    main = readable(accent, (background, surface), SHAPE)
    return Palette(
        accent=main,
        on_accent=on(main),
        background=background,
        surface=surface,
        text=readable(Colour(mode.text, quiet, accent.hue), (background, surface, bubble), TEXT),
        muted=readable(Colour(mode.muted, quiet, accent.hue), (background, surface, bubble), TEXT),
        border=readable(Colour(mode.border, quiet, accent.hue), (background, surface), SHAPE),
        bubble_bot=bubble,
        bubble_visitor=main,
        on_bubble_visitor=on(main),
    )


def check(theme: Theme) -> list[ThemeProblem]:
    """What cannot be read well enough, each with a colour that could."""
    problems = []
    for mode, palette in (("light", theme.light), ("dark", theme.dark)):
        colours = palette.model_dump()
        for front, ground, needed in PAIRS:
            ratio = contrast(colours[front], colours[ground])
            if ratio < needed:
                grounds = tuple(colours[g] for f, g, _ in PAIRS if f == front)
                better = readable(to_colour(*parse_hex(colours[front])), grounds, needed)
                if contrast(better, colours[ground]) < needed:
                    better = on(colours[ground])
                problems.append(
                    ThemeProblem(
                        # Cut, not rounded: 4.499 is not enough and must not look so.
                        pair=f"{mode}.{front} on {mode}.{ground}", ratio=int(ratio * 100) / 100, needed=needed,
                        suggestion=better,
                    )
                )  # fmt: skip
    return problems
