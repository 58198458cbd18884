"""RTF: its text, paragraphs and tables; formatting is passed over."""

import re

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
# groups that hold settings, pictures or field codes, not text
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles "
    b"listtable listoverridetable revtbl rsidtbl generator fldinst xmlnstbl mmathPr pgdsctbl "
    b"wgrffmtfilter filetbl bkmkstart bkmkend xe tc do shpinst nonshppict listtext".split()
) | {edge + side for edge in (b"header", b"footer") for side in (b"", b"l", b"r", b"f")}
_SIGNS = {
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"tab": "\t", b"line": "\n", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_ESCAPED = {b"~": b" ", b"_": b"-", b"\\": b"\\", b"{": b"{", b"}": b"}"}
_DEEPEST = 500


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    _Reader(builder).read(data)


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._codec = "cp1252"
        self._text: list[str] = []
        self._pending = bytearray()
        self._row: list[str] = []
        self._grid: list[list[str]] = []
        self._level = 0
        self._in_table = False
        self._substitutes = 1  # how many bytes stand in for a Unicode character
        self._to_skip = 0

    def read(self, data: bytes) -> None:
        stack: list[tuple[bool, int]] = []
        skip = False
        for token in _TOKEN.finditer(data):
            word, argument, hexed, sign, brace, plain = token.groups()
            if brace == b"{":
                stack.append((skip, self._substitutes))
                if len(stack) > _DEEPEST:
                    raise ParseFailed("too_deep")
            elif brace == b"}":
                skip, self._substitutes = stack.pop() if stack else (False, 1)
            elif sign == b"*" or word in _SKIPPED:
                skip = True
            elif skip:
                continue
            elif word:
                self._word(word, int(argument) if argument else None)
            else:
                self._bytes(bytes.fromhex(hexed.decode()) if hexed else plain or _ESCAPED.get(sign, b""))
        self._paragraph()
        self._table()

    def _bytes(self, text: bytes) -> None:
        """Text in the file's code page, less what only stands in for a Unicode character before it."""
        self._pending += text[self._to_skip :]
        self._to_skip = max(0, self._to_skip - len(text))

    def _word(self, word: bytes, argument: int | None) -> None:
        if word == b"u":
            self._flush_bytes()
            self._text.append(chr((argument or 0) % 0x10000))
            self._to_skip = self._substitutes
        elif word in (b"uc", b"ansicpg", b"outlinelevel") and argument is not None:
            self._set(word, argument)
        elif word == b"par" and self._in_table:
            self._pending += b" "
        elif word in (b"par", b"sect", b"page"):
            self._paragraph()
        elif word == b"pard":  # codespell:ignore pard
            self._level = 0
            self._in_table = False
        elif word == b"intbl":
            self._in_table = True
        elif word == b"cell":
            self._flush_bytes()
            self._row.append("".join(self._text))
            self._text.clear()
        elif word == b"row":
            self._grid.append(self._row)
            self._row = []
        elif word in _SIGNS:
            self._flush_bytes()
            self._text.append(_SIGNS[word])

    def _set(self, word: bytes, argument: int) -> None:
        if word == b"uc":
            self._substitutes = argument
        elif word == b"ansicpg":
            self._codec = f"cp{argument}"
        else:
            self._level = argument + 1

    def _flush_bytes(self) -> None:
        if self._pending:
            try:
                self._text.append(self._pending.decode(self._codec, "replace"))
            except LookupError:
                self._text.append(self._pending.decode("cp1252", "replace"))
            self._pending.clear()

    def _paragraph(self) -> None:
        self._flush_bytes()
        # astral characters come as two halves
        text = "".join(self._text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._text.clear()
        if not text.strip():
            return
        self._table()
        bullet = re.match(r"\s*[•·▪]\s*", text)
        if 1 <= self._level <= 6:
            self._builder.heading(text, self._level)
        elif bullet:
            self._builder.item(text[bullet.end() :])
        else:
            self._builder.paragraph(text, keep_lines=True)

    def _table(self) -> None:
        if self._row:
            self._grid.append(self._row)
            self._row = []
        if self._grid:
            grid, self._grid = self._grid, []
            self._builder.table(grid)
