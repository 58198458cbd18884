"""Colours as people see them (OKLCH), and how well one can be read on another (WCAG 2.2)."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from shopwright.kit.sentences import sentence

HEX = r"^#[0-9a-f]{6}$"
_HEX = re.compile(HEX)
WHITE, BLACK = "#ffffff", "#000000"
_STEP = 0.005


@dataclass(frozen=True, slots=True)
class Colour:
    """Lightness 0 to 1, chroma 0 to about 0.37, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def parse_hex(text: str) -> tuple[int, int, int]:
    if not _HEX.match(text):
        msg = sentence("{text} is no colour such as #1a2b3c.", text=text)
        raise ValueError(msg)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def to_hex(red: int, green: int, blue: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"


def to_colour(red: int, green: int, blue: int) -> Colour:
    """A screen's colour as OKLCH (Ottosson 2020)."""
    r, g, b = (_linear(channel / 255) for channel in (red, green, blue))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b_ = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Colour(lightness, math.hypot(a, b_), math.degrees(math.atan2(b_, a)) % 360)


def shown(colour: Colour) -> str:
    """The screen's colour nearest to a colour: what is too vivid for a screen is made paler, never another hue."""
    channels = _channels(colour)
    if not _fits(channels):
        low, high = 0.0, colour.chroma
        for _ in range(24):
            middle = (low + high) / 2
            if _fits(_channels(Colour(colour.lightness, middle, colour.hue))):
                low = middle
            else:
                high = middle
        channels = _channels(Colour(colour.lightness, low, colour.hue))
    red, green, blue = (round(255 * min(1.0, max(0.0, _curved(channel)))) for channel in channels)
    return to_hex(red, green, blue)


def _channels(colour: Colour) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(channels: tuple[float, float, float]) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in channels)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _curved(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * max(value, 0.0) ** (1 / 2.4) - 0.055


@lru_cache(maxsize=4096)
def luminance(text: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in parse_hex(text))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """How well one colour is told from another, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(wanted: Colour, grounds: tuple[str, ...], needed: float) -> str:
    """The colour nearest to the one wanted that has the contrast needed on all grounds, lighter or darker.

    Black or white, whichever does better, where no shade reaches it on all of them.
    """
    steps = round(1 / _STEP)
    for step in range(steps + 1):
        for direction in (-1, 1):
            lightness = wanted.lightness + direction * step * _STEP
            if 0 <= lightness <= 1:
                shade = shown(Colour(lightness, wanted.chroma, wanted.hue))
                if all(contrast(shade, ground) >= needed for ground in grounds):
                    return shade
    return max((WHITE, BLACK), key=lambda end: min(contrast(end, ground) for ground in grounds))


def on(ground: str) -> str:
    """White or black, whichever text can be read on a ground; one of them always can."""
    return WHITE if contrast(WHITE, ground) >= 4.5 else BLACK
