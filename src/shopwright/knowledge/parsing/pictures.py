"""Pictures from outside, drawn anew: decoded here, in a child process, and written as plain PNG of fixed sizes."""

import base64
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

# Imported with this module, so that a fork finds it ready.
from PIL import Image, ImageOps, UnidentifiedImageError

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.types import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZES = (512, 256, 128, 64)
MAX_SIDE = 10_000
MAX_PIXELS = 36_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "ICO")
MAX_PNG_BYTES = 2_000_000
_SAMPLE = 64
_COLOURS = 64
_VISIBLE = 128

_SVG = sentence(
    "SVG pictures can hold programs, so they are not taken. Save it as PNG with 512 × 512 points (any drawing program "
    "exports it) and upload that."
)
_UNKNOWN = sentence("This is no picture that can be read. Upload it as PNG, JPEG, WebP, GIF or ICO.")
_HUGE = sentence("The picture has too many points ({size}). Make it smaller, 512 × 512 is enough, and upload that.")
_BROKEN = sentence(
    "The picture is damaged or incomplete. Open it in a drawing program, save it as PNG and upload that."
)

Image.init()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: PNG by size, and its colours as `(red, green, blue, points)`, most frequent first."""

    sizes: dict[int, bytes]
    colours: list[tuple[int, int, int, int]]


def picture_work(data: bytes, _argument: str, _limits: Limits) -> dict[str, Any]:
    """Draw the first frame of a picture anew, in the middle of a square."""
    square = _square(_open(data))
    out = {}
    for size in SIZES:
        buffer = io.BytesIO()
        square.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
        out[str(size)] = base64.b64encode(buffer.getvalue()).decode()
    return {"sizes": out, "colours": _colours(square)}


def read_picture(value: dict[str, Any]) -> Picture:
    """The picture a child drew, checked.

    Raises:
        ValueError: it is no lawful one.
    """
    sizes = {size: base64.b64decode(value["sizes"][str(size)], validate=True) for size in SIZES}
    if any(not png.startswith(b"\x89PNG\r\n\x1a\n") or len(png) > MAX_PNG_BYTES for png in sizes.values()):
        raise ValueError("no PNG")
    colours = [(int(r), int(g), int(b), int(count)) for r, g, b, count in value["colours"][:_COLOURS]]
    if any(not 0 <= channel <= 255 for colour in colours for channel in colour[:3]):
        raise ValueError("no colour")
    return Picture(sizes, colours)


def _open(data: bytes) -> Image.Image:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if (
        head.startswith((b"<?xml", b"<svg", b"<!doctype svg", b"<!--"))
        or b"<svg" in head
        or data.startswith(b"\x1f\x8b")
    ):
        raise ParseFailed("unsupported_type", _SVG)
    # The limits below are ours; Pillow's own is a warning first.
    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = image.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise ParseFailed("too_large", sentence(_HUGE, size=f"{width} × {height}"))
        image.draft("RGB", (SIZES[0] * 2, SIZES[0] * 2))  # a JPEG is decoded smaller at once
        image.seek(0)
        image.load()
    except UnidentifiedImageError:
        raise ParseFailed("unsupported_type", _UNKNOWN) from None
    except MemoryError:
        raise
    except ParseFailed:
        raise
    except Exception as error:  # whatever a decoder trips over, it is the picture that is bad
        raise ParseFailed("broken", _BROKEN) from error
    return image


def _square(image: Image.Image) -> Image.Image:
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((SIZES[0] * 2, SIZES[0] * 2), Image.Resampling.LANCZOS)
    drawn = turned.convert("RGBA")
    side = max(drawn.size)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(drawn, ((side - drawn.width) // 2, (side - drawn.height) // 2))
    return square


def _colours(square: Image.Image) -> list[list[int]]:
    small = square.resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    raw = small.tobytes()
    counts: Counter[tuple[int, int, int]] = Counter()
    sums: dict[tuple[int, int, int], list[int]] = {}
    for red, green, blue, alpha in zip(raw[0::4], raw[1::4], raw[2::4], raw[3::4], strict=True):
        if alpha < _VISIBLE:
            continue
        key = (red >> 4, green >> 4, blue >> 4)
        counts[key] += 1
        total = sums.setdefault(key, [0, 0, 0])
        total[0] += red
        total[1] += green
        total[2] += blue
    return [[*_mean(sums[key], count), count] for key, count in counts.most_common(_COLOURS)]


def _mean(sums: "Iterable[int]", count: int) -> list[int]:
    return [round(total / count) for total in sums]
