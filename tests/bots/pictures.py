"""Pictures for tests, made with the library that the product reads them with."""

import io

from PIL import Image


def png(size: tuple[int, int] = (200, 120), colour: tuple[int, ...] = (200, 30, 60), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return saved(Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour), kind)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
