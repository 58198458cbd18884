"""Numbers as a sheet shows them: dates, percentages, currencies and decimals by the cell's format."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

# the formats that files name by number only; ECMA-376 part 1, 18.8.30
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!\$|h|m|s)[^\]]*\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\-\]]*)(?:-[^\]]*)?\]|\"([^\"]{1,5})\"|([€$£¥₹])")
_DATE_PARTS = re.compile(r"[ymdhs]", re.IGNORECASE)
_SYMBOLS = frozenset(
    {"€", "$", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "kr", "zł", "Kč", "Fr."}
)


class NumberFormats:
    """The number formats of a workbook by cell style."""

    def __init__(self, archive: Archive, *, since_1904: bool) -> None:
        self._epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - no zone in sheets
        self._codes: list[str] = []
        data = archive.find("xl/styles.xml")
        if data is None:
            return
        root = parse_xml(data)
        own: dict[int, str] = {}
        named = child(root, "numFmts")
        for element in named if named is not None else ():
            number = attribute(element, "numFmtId") or ""
            if number.isdigit():
                own[int(number)] = attribute(element, "formatCode") or ""
        styles = child(root, "cellXfs")
        for element in styles if styles is not None else ():
            if local(element) == "xf":
                number = attribute(element, "numFmtId") or "0"
                key = int(number) if number.isdigit() else 0
                self._codes.append(own.get(key, _BUILT_IN.get(key, "")))

    def show(self, text: str, style: int) -> str:
        """A number as the reader of the sheet sees it; dates as ISO 8601."""
        code = self._codes[style] if style < len(self._codes) else ""
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        if not number.is_finite() or abs(number) > Decimal("1e15") or not code or code == "General":
            return _plain(number, text)
        section = code.split(";")[1] if number < 0 and code.count(";") else code.split(";")[0]
        bare = _BRACKETS.sub("", _QUOTED.sub("", section))
        if _DATE_PARTS.search(re.sub(r"\[\$[^\]]*\]|general|e[+-]", "", bare, flags=re.IGNORECASE)):
            return self._date(number, bare) or _plain(number, text)
        if "%" in bare:
            return f"{_decimals(number * 100, bare)}%"
        if "/" in bare or "e+" in bare.lower() or not re.search(r"[0#]", bare):
            return _plain(number, text)
        shown = _decimals(number, bare)
        return _with_currency(shown, section)

    def _date(self, number: Decimal, code: str) -> str | None:
        if number < 0 or number > 2_958_465:
            return None
        if re.search(r"\[[hms]+\]", code, re.IGNORECASE):
            minutes, seconds = divmod(round(float(number) * 86_400), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        # seconds are rounded, for 0.5 of a day is seldom stored exactly
        moment = self._epoch + timedelta(days=int(number), seconds=round(float(number % 1) * 86_400))
        bare = re.sub(r"\[\$[^\]]*\]", "", code).lower()
        has_date = "y" in bare or "d" in bare or ("m" in bare and "h" not in bare and "s" not in bare)
        has_time = "h" in bare or "s" in bare
        if has_date and has_time and (moment.hour or moment.minute or moment.second):
            return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")
        if has_date:
            return moment.date().isoformat()
        return moment.time().isoformat(timespec="seconds" if moment.second else "minutes")


def _plain(number: Decimal, text: str) -> str:
    """Without a format: 12.0 is 12, and 0.1 + 0.2 shows as 0.3."""
    if not number.is_finite():
        return text
    if number == number.to_integral_value() and abs(number) < Decimal("1e15"):
        return str(int(number))
    return f"{float(number):.12g}"


def _decimals(number: Decimal, code: str) -> str:
    match = re.search(r"\.([0#?]+)", code)
    places = len(match.group(1)) if match else 0
    fixed = match.group(1).count("0") if match else 0
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    # not grouped: 1234.5 is found and compared more easily than 1,234.50 read by another locale
    shown = f"{rounded:f}"
    while places > fixed and shown.endswith("0"):
        shown, places = shown[:-1], places - 1
    shown = shown.rstrip(".")
    lead = re.match(r"0{2,}(?![\d.,#])", re.sub(r"[^0#.,]", "", code))
    return shown.zfill(len(lead.group())) if lead and "." not in code else shown


def _with_currency(shown: str, section: str) -> str:
    found = _CURRENCY.search(section)
    symbol = next((group.strip() for group in found.groups() if group), "") if found else ""
    if symbol not in _SYMBOLS or found is None:
        return shown
    first_digit = re.search(r"[0#?]", section)
    before = first_digit is not None and found.start() < first_digit.start()
    if before:
        sign = "-" if shown.startswith("-") else ""
        joint = "" if len(symbol) == 1 else " "
        return f"{sign}{symbol}{joint}{shown.lstrip('-')}"
    return f"{shown} {symbol}"
