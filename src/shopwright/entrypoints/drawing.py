"""Drawing icons anew in a child process, started for the purpose: icons are rare, and memory is not held for them."""

import asyncio
from dataclasses import replace

from shopwright.bots.errors import IconUnreadable
from shopwright.bots.ports import Drawn
from shopwright.knowledge.parsing import Limits, ParseFailed, ParserPool
from shopwright.knowledge.parsing.work import PICTURE_KINDS

LIMITS = replace(Limits(), cpu_seconds=20, wall_seconds=30.0)
AT_ONCE = 2


class ChildDrawing:
    """Draws a picture in a process that can do nothing else."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def draw(self, data: bytes) -> Drawn:
        """Draw a picture.

        Raises:
            IconUnreadable: it is no picture that can be read.
        """
        from shopwright.knowledge.parsing.pictures import read_picture

        async with self._free:
            pool = ParserPool(LIMITS, concurrency=1, kinds=PICTURE_KINDS)
            try:
                picture = await pool.run("picture", data, "", read_picture)
            except ParseFailed as failure:
                raise IconUnreadable(reason=failure.message) from failure
            finally:
                await pool.close()
        return Drawn(picture.sizes, picture.colours)
