"""Plain text, reStructuredText, Org and YAML: paragraphs, lists and the headings that plain text can show."""

import re
from itertools import pairwise

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.cleaning import clean, slug
from shopwright.knowledge.parsing.encoding import decode

_ITEM = re.compile(r"^(\s*)([-*+•◦▪‣·●○–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"^([=\-~^\"'*+#`:.])\1{2,}\s*$")
_ORG_HEADING = re.compile(r"^(\*{1,6})\s+(?:(?:TODO|DONE)\s+)?(.+?)(?:\s+:[\w:]+:)?\s*$")
_NUMBERED = re.compile(
    r"^(?:(?:section|chapter|part|article|§)\s*)?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+[^\W\d_]", re.IGNORECASE
)


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    read_text(decode(data), builder)


def read_org(data: bytes, filename: str, builder: Builder) -> None:
    """Org: stars are headings, `#+` lines are settings."""
    _ = filename
    lines: list[str] = []
    for line in clean(decode(data)).split("\n"):
        found = _ORG_HEADING.match(line)
        if found:
            read_text("\n".join(lines), builder, guess_headings=False)
            lines = []
            builder.heading(found.group(2), len(found.group(1)), anchor=slug(found.group(2)))
        elif line.lower().startswith("#+title:"):
            builder.title = line[8:].strip()
        elif not line.startswith("#+"):
            plain = re.sub(r"\[\[[^\]]+\]\[([^\]]+)\]\]", r"\1", line)
            lines.append(re.sub(r"(?<!\S)[~=]([^~=\s][^~=]*)[~=](?!\w)", r"\1", plain))
    read_text("\n".join(lines), builder, guess_headings=False)


def read_rst(data: bytes, filename: str, builder: Builder) -> None:
    """reStructuredText: directives and marks go, headings are underlined."""
    _ = filename
    text = re.sub(r"^\.\. (?:_[^:\n]+:|\w[\w-]*::).*$", "", clean(decode(data)), flags=re.MULTILINE)
    text = re.sub(r"``([^`]+)``|:\w+:`([^`<]+?)(?: <[^>]*>)?`", lambda m: m.group(1) or m.group(2), text)
    text = re.sub(r"`([^`<]+?) <([^>]+)>`__?", r"\1 (\2)", text)
    read_text(re.sub(r"\*\*([^*\n]+)\*\*", r"\1", text), builder)


def read_code(data: bytes, filename: str, builder: Builder) -> None:
    """YAML and the like: text whose line ends and indents mean something."""
    _ = filename
    for block in re.split(r"\n[^\S\n]*\n", clean(decode(data))):
        builder.code(block)


def read_text(text: str, builder: Builder, *, guess_headings: bool = True) -> None:
    """Paragraphs are parted by blank lines; lines of a wrapped paragraph are joined, other lines are kept."""
    blocks = [block for block in re.split(r"\n\s*\n", clean(text).strip("\n")) if block.strip()]
    levels: dict[str, int] = {}
    for block in blocks:
        lines = [line.rstrip() for line in block.split("\n")]
        lines = _underlined(lines, builder, levels) if guess_headings and len(lines) > 1 else lines
        if not lines:
            continue
        if guess_headings and len(lines) == 1 and len(blocks) > 1 and _is_heading(lines[0]):
            builder.heading(lines[0], 2, anchor=slug(lines[0]))
        else:
            _write_block(lines, builder)


def _underlined(lines: list[str], builder: Builder, levels: dict[str, int]) -> list[str]:
    """Take headings with a line of signs below (or above and below) off the start of a block."""
    if len(lines) > 2 and _UNDERLINE.match(lines[0]) and lines[0] == lines[2]:
        lines = lines[1:]
    while len(lines) > 1:
        under = _UNDERLINE.match(lines[1])
        title = lines[0].strip()
        if not under or not title or len(lines[1].strip()) < 0.6 * len(title) or _UNDERLINE.match(lines[0]):
            break
        level = levels.setdefault(under.group(1), min(len(levels) + 1, 6))
        builder.heading(title, level, anchor=slug(title))
        lines = lines[2:]
    return [line for line in lines if not _UNDERLINE.match(line)]


def _is_heading(line: str) -> bool:
    line = line.strip()
    if not 3 <= len(line) <= 80 or line[-1] in ".,;:!" or line.count(" ") > 11:
        return False
    letters = [char for char in line if char.isalpha()]
    cased = any(char.lower() != char.upper() for char in letters)
    shouted = len(letters) >= 4 and cased and line.upper() == line
    return shouted or bool(_NUMBERED.match(line) and line[-1] != "?" and not line.endswith(")"))


def _write_block(lines: list[str], builder: Builder) -> None:
    """One block without blank lines: list items, or a paragraph."""
    widest = max(map(len, lines))
    indents = [len(m.group(1).expandtabs(4)) for m in map(_ITEM.match, lines) if m]
    outermost = min(indents, default=0)
    paragraph: list[str] = []
    item: list[str] = []
    depth, marker = 0, "-"
    builder.gap()

    def flush() -> None:
        if item:
            builder.item(" ".join(item), depth=depth, marker=marker)
            item.clear()
        if paragraph:
            builder.paragraph(_unwrap(paragraph, widest), keep_lines=True)
            paragraph.clear()

    for line in lines:
        found = _ITEM.match(line)
        if found:
            flush()
            sign = found.group(2)
            depth = (len(found.group(1).expandtabs(4)) - outermost) // 2
            marker = sign if sign[-1] in ".)" else "-"
            item.append(line[found.end() :])
        elif item and (line[:1].isspace() or len(item[-1]) > 50):
            item.append(line.strip())
        else:
            if item:
                flush()
            paragraph.append(line.strip())
    flush()


def _unwrap(lines: list[str], widest: int) -> str:
    """Join lines that were broken for width alone; an address or a verse keeps its lines."""
    if not 40 <= widest <= 130:
        return "\n".join(lines)
    text = lines[0]
    for before, line in pairwise(lines):
        full = len(before) + len(line.split(" ", 1)[0]) + 1 > widest * 0.85
        text += (" " if full else "\n") + line
    return text
