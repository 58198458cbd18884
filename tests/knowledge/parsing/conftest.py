"""Documents made in code, so that a test shows what it reads."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from shopwright.knowledge.parsing import Limits, ParserPool


@pytest.fixture
def make_zip() -> Callable[..., bytes]:
    """A zip file from names and contents."""

    def make(**members: bytes | str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return make


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    """A PDF from flowables of reportlab, or from a function that draws on its canvas."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import SimpleDocTemplate

    def make(flowables: list[Any] | None = None, draw: Callable[[Canvas], None] | None = None, **options: Any) -> bytes:
        buffer = io.BytesIO()
        if draw is not None:
            canvas = Canvas(buffer, pagesize=A4)
            draw(canvas)
            canvas.save()
        else:
            edge = options.pop("on_page", None)
            document = SimpleDocTemplate(buffer, pagesize=A4, **options)
            hooks = {"onFirstPage": edge, "onLaterPages": edge} if edge else {}
            document.build(flowables or [], **hooks)
        return buffer.getvalue()

    return make


@pytest.fixture
async def make_pool() -> Any:
    """Pools with limits of the test's choice, closed at its end."""
    pools: list[ParserPool] = []

    def make(*, concurrency: int = 2, **limits: Any) -> ParserPool:
        pools.append(ParserPool(Limits(**limits), concurrency=concurrency))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
def bomb_docx() -> bytes:
    """A DOCX of some kB that unpacks to 300 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as file:
            for _ in range(300):
                file.write(b" " * 1_000_000)
    return buffer.getvalue()
