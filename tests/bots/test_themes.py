"""Themes: for any colour, everything can be read."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shops import Json, Shop

from shopwright.bots.colours import BLACK, WHITE, Colour, contrast, parse_hex, shown, to_colour, to_hex
from shopwright.bots.theme_schemas import Theme
from shopwright.bots.themes import DEFAULT_ACCENT, PAIRS, check, dominant, theme_of

CHANNEL = st.integers(0, 255)
ACCENTS = st.builds(to_hex, CHANNEL, CHANNEL, CHANNEL)


@settings(max_examples=150, deadline=None)
@given(ACCENTS)
def test_in_a_theme_of_any_colour_every_pair_can_be_read(accent: str) -> None:
    theme = theme_of(accent)

    assert check(theme) == []
    assert theme_of(accent) == theme
    for palette in (theme.light.model_dump(), theme.dark.model_dump()):
        assert all(contrast(palette[front], palette[ground]) >= needed for front, ground, needed in PAIRS)


@given(ACCENTS)
def test_a_colour_survives_the_way_there_and_back(accent: str) -> None:
    back = parse_hex(shown(to_colour(*parse_hex(accent))))
    assert max(abs(a - b) for a, b in zip(back, parse_hex(accent), strict=True)) <= 1


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 360))
def test_any_colour_can_be_shown(lightness: float, chroma: float, hue: float) -> None:
    parse_hex(shown(Colour(lightness, chroma, hue)))


@settings(max_examples=60, deadline=None)
@given(st.lists(ACCENTS, min_size=21, max_size=21))
def test_what_is_suggested_for_a_bad_pair_is_better(colours: list[str]) -> None:
    names = list(theme_of(DEFAULT_ACCENT).light.model_dump())
    light, dark = dict(zip(names, colours, strict=False)), dict(zip(names, colours[10:], strict=False))
    theme = Theme.model_validate({"accent": colours[20], "light": light, "dark": dark})

    for problem in check(theme):
        ground = problem.pair.split(" on ")[1].split(".")
        colour = theme.model_dump()[ground[0]][ground[1]]
        assert problem.ratio < problem.needed <= contrast(problem.suggestion, colour)


def test_known_contrasts_are_those_of_the_standard() -> None:
    assert contrast(WHITE, BLACK) == 21
    assert round(contrast("#767676", WHITE), 2) == 4.54
    assert round(contrast("#777777", WHITE), 2) == 4.48


def test_a_vivid_colour_wins_over_more_grey_and_a_speck_does_not() -> None:
    grey, red = (128, 128, 128), (210, 20, 40)
    assert dominant([(*grey, 900), (*red, 100)]) == to_hex(*red)
    assert dominant([(*grey, 990), (*red, 10)]) == DEFAULT_ACCENT
    assert dominant([]) == DEFAULT_ACCENT


async def test_a_theme_that_cannot_be_read_is_told_with_better_colours(shop: Shop) -> None:
    theme: Json = theme_of("#2266cc").model_dump(mode="json")
    theme["light"]["muted"] = "#aaaaaa"

    verdict = await shop.post("/v1/tenant/theme/check", {"theme": theme}, status=200)

    assert {p["pair"] for p in verdict["problems"]} == {
        "light.muted on light.background", "light.muted on light.surface", "light.muted on light.bubble_bot"
    }  # fmt: skip
    for problem in verdict["problems"]:
        theme["light"]["muted"] = problem["suggestion"]
    assert (await shop.post("/v1/tenant/theme/check", {"theme": theme}, status=200))["problems"] == []
