"""Files made to do harm, or merely broken, end with a reason and within the limits."""

import asyncio
import io
import zlib

import pytest

from shopwright.knowledge.parsing import Limits, ParseFailed, extract


def reason(data, name, limits=None):
    with pytest.raises(ParseFailed) as failed:
        extract(data, name, limits or Limits())
    assert failed.value.message
    return failed.value.code


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF from its numbered objects; the first is the catalogue."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), extra, packed)


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>"


def pdf_with(content: bytes) -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        stream(content),
    )


@pytest.mark.parametrize("data", [b"", b"   \n\t ", b"\x00" * 100, b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(data):
    assert reason(data, "a.txt") == "empty"


def test_a_document_that_unpacks_to_far_more_is_refused(bomb_docx):
    assert len(bomb_docx) < 400_000
    assert reason(bomb_docx, "letter.docx") == "zip_bomb"


def test_an_archive_that_lies_about_its_sizes_is_refused(bomb_docx):
    # the directory says 1,000 bytes, the data go on
    size = (300_000_000).to_bytes(4, "little")
    lying = bomb_docx.replace(size, (1000).to_bytes(4, "little"))

    assert lying != bomb_docx
    assert reason(lying, "letter.docx") in ("broken", "zip_bomb")


def test_an_archive_of_countless_members_is_refused(make_zip):
    data = make_zip(**{"word/document.xml": "<a/>"}, **{f"word/{n}": "" for n in range(300)})

    assert reason(data, "a.docx", Limits(max_archive_entries=200)) == "zip_bomb"


def test_entities_that_multiply_are_refused(make_zip):
    lol = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    laughs = f"{lol}]><l>&j;</l>"

    assert reason(laughs.encode(), "a.xml") == "unsafe"
    assert reason(laughs.encode("utf-16"), "a.xml") == "unsafe"
    assert reason(make_zip(**{"word/document.xml": laughs}), "a.docx") == "unsafe"


def test_entities_that_read_files_are_refused():
    data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'

    assert reason(data, "a.xml") == "unsafe"


@pytest.mark.parametrize("depth", [200, 100_000])
def test_json_nested_without_end_is_refused(depth):
    assert reason(b'{"a":' * depth + b"1" + b"}" * depth, "a.json") == "too_deep"
    assert reason(b"[" * depth + b"]" * depth, "a.json") in ("too_deep", "no_text")


def test_html_nested_without_end_still_gives_its_text():
    data = b"<html><body>" + b"<div>" * 5000 + b"Hello there" + b"</div>" * 5000

    assert extract(data, "a.html").text == "Hello there"


def test_a_picture_with_the_name_of_a_document_is_seen_through():
    assert reason(b"\x89PNG\r\n\x1a\n" + bytes(50), "contract.pdf") == "unsupported_type"


def test_a_name_that_is_a_path_is_only_a_name():
    assert extract(b"# Care\n\nWash cold.", "../../../etc/cron.d/x\x00.md").media_type == "text/markdown"


def test_a_line_without_end_is_read_or_refused():
    cells = b",".join(b"%d" % n for n in range(200_000))

    assert extract(b"a,b\n" + cells, "a.csv").text.endswith("199999")
    assert reason(b"a,b\n" + b"x" * 3_000_000 + b",y\n", "a.csv") == "too_large"


def test_more_text_than_allowed_is_refused():
    assert reason(b"word " * 1000, "a.txt", Limits(max_text_chars=100)) == "too_large"
    assert reason(b"a,b\n" + b"1,2\n" * 200, "a.csv", Limits(max_spans=100)) == "too_large"
    assert reason(bytes(1000), "a.txt", Limits(max_file_bytes=10)) == "too_large"


def test_a_scan_of_two_hundred_pages_asks_for_text_recognition(make_pdf):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("1", (40, 40)))

    def draw(canvas):
        for _ in range(200):
            canvas.drawImage(picture, 0, 0, 500, 700)
            canvas.showPage()

    data = make_pdf(draw=draw)
    with pytest.raises(ParseFailed) as failed:
        extract(data, "scan.pdf")
    assert failed.value.code == "no_text"
    assert "OCR" in failed.value.message


def test_a_pdf_of_too_many_pages_is_refused(make_pdf):
    def draw(canvas):
        for number in range(12):
            canvas.drawString(100, 100, f"Page {number}")
            canvas.showPage()

    assert reason(make_pdf(draw=draw), "a.pdf", Limits(max_pages=10)) == "too_many_pages"


def test_a_pdf_with_a_password_says_so(make_pdf):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(draw=lambda canvas: canvas.drawString(100, 100, "Secret")))))
    buffer = io.BytesIO()
    writer.encrypt("hunter2", algorithm="AES-256")
    writer.write(buffer)

    assert reason(buffer.getvalue(), "a.pdf") == "encrypted"


def test_a_pdf_without_a_password_to_open_it_is_read(make_pdf):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(draw=lambda canvas: canvas.drawString(100, 100, "Price 12")))))
    buffer = io.BytesIO()
    writer.encrypt("", "owner", algorithm="AES-256")
    writer.write(buffer)

    assert extract(buffer.getvalue(), "a.pdf").text == "Price 12"


@pytest.mark.parametrize("cut", [10, 200, 600])
def test_a_pdf_cut_short_gives_a_reason(make_pdf, cut):
    data = make_pdf(draw=lambda canvas: canvas.drawString(100, 100, "Hello"))

    assert reason(data[:cut], "a.pdf") in ("broken", "no_text", "empty")


async def test_a_pdf_whose_stream_unpacks_to_hundreds_of_megabytes_stays_within_its_memory(make_pool):
    pool = make_pool(memory_bytes=100 * 1024 * 1024, cpu_seconds=10, wall_seconds=15)
    data = pdf_with(b"BT /F1 12 Tf (x) Tj ET\n" + b" " * 250_000_000)
    assert len(data) < 2_000_000

    with pytest.raises(ParseFailed) as failed:
        await pool.extract(data, "bomb.pdf")

    assert failed.value.code in ("too_much_memory", "no_text", "broken", "too_slow")
    assert pool.peak_kb < 250 * 1024


async def test_a_pdf_page_tree_that_runs_in_a_circle_ends(make_pool):
    pool = make_pool(cpu_seconds=3, wall_seconds=6)
    data = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")

    with pytest.raises(ParseFailed):
        await pool.extract(data, "circle.pdf")


async def test_hostile_files_at_once_leave_the_pool_working(make_pool, bomb_docx):
    pool = make_pool(memory_bytes=100 * 1024 * 1024, cpu_seconds=2, wall_seconds=4)
    files = [
        (bomb_docx, "a.docx"),
        (b"[" * 100_000, "a.json"),
        (pdf_with(b" " * 300_000_000), "a.pdf"),
        (b"# x\n\n" + b"[a](b) *c* " * 600_000, "a.md"),
        (b"", "a.txt"),
    ]

    results = await asyncio.gather(*(pool.extract(*file) for file in files), return_exceptions=True)

    assert all(isinstance(result, ParseFailed) for result in results), results
    assert (await pool.extract(b"fine", "a.txt")).text == "fine"
