"""What bots need from the wiring."""

from dataclasses import dataclass
from typing import Protocol

from shopwright.kit.files import FileStore


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew: PNG by size, and its colours as `(red, green, blue, points)`."""

    sizes: dict[int, bytes]
    colours: list[tuple[int, int, int, int]]


class Drawing(Protocol):
    async def draw(self, data: bytes) -> Drawn:
        """Draw a picture from outside anew, where it can do no harm.

        Raises:
            IconUnreadable: it is no picture that can be read.
        """


@dataclass(frozen=True, slots=True)
class Icons:
    """What the routes of icons work with; kept in the application's state."""

    files: FileStore
    drawing: Drawing
