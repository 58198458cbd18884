"""Checks that the demo shop does not contradict itself.

Run from the root of the repository:  python -m tools.demo_shop.check
It compares all documents with the fact sheet, the generated files with a fresh build, the questions with the
documents and the set-up file with what is there. It prints what is wrong and ends with 1 if anything is.
"""

import calendar
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from tools.demo_shop.build import HERE, SHOP, build, load_facts
from tools.demo_shop.catalogue import load_products
from tools.demo_shop.tables import look_up, rental_rows

MAX_BYTES = 3_000_000
WORDS = (400, 1200)
KINDS = {"plain": 37, "follow_up": 8, "foreign": 8, "unanswerable": 15, "off_topic": 12}
MONTHS = list(calendar.month_name)[1:]
DAYS = list(calendar.day_name)
# Parts of keys of the fact sheet whose numbers are days, pieces, per cent and so on.
NOT_MONEY = {
    "amounts", "days", "wd", "weeks", "months", "years", "hours", "minutes", "percent", "rates", "tiers",
    "points", "age", "km", "cm", "kg", "cycles", "characters", "order", "pairs", "items", "samples", "after",
    "factor", "gbp", "legal", "transfer", "paypal", "card",
}  # fmt: skip
MONEY = re.compile(r"(?:€|EUR )(\d[\d,]*(?:\.\d\d)?)")


def plain_text(text: str, *, html: bool = False) -> str:
    """Return readable text: no tags, no `**`, single spaces; cells of a table row stand apart by ` | `."""
    if html:
        text = re.sub(r"(?s)<(style|script|nav|header|footer|aside)\b.*?</\1>", " ", text)
        text = re.sub(r"</t[dh]>\s*<t[dh][^>]*>", " | ", text)
        text = unescape(re.sub(r"<[^>]+>", " ", text))
        text = re.sub(r" +([.,;:])", r"\1", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text).replace("**", "").replace("*", "")
    return re.sub(r"\s+", " ", text)


def load_texts(facts: dict[str, Any]) -> dict[str, str]:
    """Return the text of every prose document by file name; of PDF and DOCX the source."""
    texts = {}
    for path in sorted((SHOP / "documents").iterdir()):
        if path.suffix in {".md", ".html", ".txt"}:
            texts[path.name] = plain_text(path.read_text(encoding="utf-8"), html=path.suffix == ".html")
    for path in sorted((HERE / "sources").glob("*.md")):
        source = path.read_text(encoding="utf-8").replace("{{rental}}", rental_rows(facts))
        texts[path.stem] = plain_text(source)
    return texts


def _same(written: str, fact: Any) -> bool:
    written = written.replace(",", "").rstrip(".")
    if isinstance(fact, int | float):
        return float(written) == float(fact)
    return written.replace("–", "-") == str(fact)


def load_statements() -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = yaml.safe_load((HERE / "statements.yaml").read_text(encoding="utf-8"))
    return statements


def check_statements(facts: dict[str, Any], texts: dict[str, str]) -> Iterator[str]:
    for statement in load_statements():
        pattern, least = statement["pattern"], statement["least"]
        fact, saying = look_up(facts, statement["fact"]), set()
        for name, text in texts.items():
            for match in re.finditer(pattern, text):
                saying.add(name)
                written = next(group for group in match.groups() if group is not None)
                if not _same(written, fact):
                    yield f"{name}: '{match[0]}', but {statement['fact']} is {fact}"
        if len(saying) < least:
            yield f"{statement['fact']}: said in {sorted(saying)}, not in {least} documents ({pattern})"


def _numbers(value: Any) -> Iterator[float]:
    """Yield every number of the fact sheet that is an amount of money, judged by the name of its key."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"items", "min_order"} or not NOT_MONEY & set(str(key).split("_")):
                yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float):
        yield float(value)


def check_money(facts: dict[str, Any], texts: dict[str, str]) -> Iterator[str]:
    """An amount is a fact, a price of an article, or listed for its document under `amounts`."""
    known = set(_numbers(facts))
    for product in load_products():
        known |= {float(product.price), float(product.was_price or product.price)}
    for name, text in texts.items():
        local = {float(amount) for amount in facts["amounts"].get(name, [])}
        found = {float(amount.replace(",", "")) for amount in MONEY.findall(text)}
        if unknown := sorted(found - known - local):
            yield f"{name}: amounts that are no facts: {unknown}"
        if unused := sorted(local - found):
            yield f"{name}: amounts in the fact sheet that it does not mention: {unused}"


def check_contacts(facts: dict[str, Any], texts: dict[str, str]) -> Iterator[str]:
    phones = {re.sub(r"\D", "", phone) for phone in facts["shop"]["phones"]}
    for name, text in texts.items():
        for phone in re.findall(r"(?:\+49 |\b0)\d{2,3} \d{4,5} \d{3}\b", text):
            if re.sub(r"\D", "", phone.replace("+49 ", "0")) not in phones:
                yield f"{name}: unknown telephone number {phone}"
        for address in re.findall(r"[\w.]+@[\w.]+\w", text):
            if address not in facts["shop"]["emails"]:
                yield f"{name}: unknown e-mail address {address}"
        for domain in re.findall(r"\b[\w-]+\.(?:com|de|org|net|eu|shop|ch)\b", text):
            yield f"{name}: a domain that may be real: {domain}"


def check_dates(texts: dict[str, str]) -> Iterator[str]:
    pattern = rf"({'|'.join(DAYS)}),? (\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})"
    for name, text in texts.items():
        for weekday, day, month, year in re.findall(pattern, text):
            right = DAYS[date(int(year), MONTHS.index(month) + 1, int(day)).weekday()]
            if right != weekday:
                yield f"{name}: {day} {month} {year} is a {right}, not a {weekday}"


def check_articles(texts: dict[str, str]) -> Iterator[str]:
    """In a row "<article> | … | 1,280 g" or a sentence "<article> for €…" the figures are the catalogue's."""
    for product in load_products():
        family = re.sub(r"^(?:Men's|Women's|Kids') ", "", product.name)
        for_women = product.name.startswith("Women's")
        for name, text in texts.items():
            # a row states the weight of the men's article
            row = rf"\| {re.escape(family)} \|[^€]{{0,60}}?\| ([\d,]+) g\b"
            for weight in [] if for_women else re.findall(row, text):
                if int(weight.replace(",", "")) != product.weight_g:
                    yield f"{name}: {family} weighs {product.weight_g} g, not {weight}"
            prices = {float(product.price), float(product.was_price or product.price)}
            bought = rf"{re.escape(family)}(?:,? (?:bought|for|costs)){{1,2}} (?:€|EUR )([\d,]+\.\d\d)"
            for price in re.findall(bought, text):
                if float(price.replace(",", "")) not in prices:
                    yield f"{name}: {family} costs {product.price}, not {price}"


def check_documents(texts: dict[str, str]) -> Iterator[str]:
    files = [path for path in SHOP.rglob("*") if path.is_file()]
    if (size := sum(path.stat().st_size for path in files)) > MAX_BYTES:
        yield f"the demo shop has {size:,} bytes, more than {MAX_BYTES:,}"
    for name, text in texts.items():
        if not WORDS[0] <= (count := len(text.split())) <= WORDS[1] + 200:  # cell marks count as words
            yield f"{name}: {count} words"
        for target in re.findall(r"\]\(([\w.-]+)\)|href=\"([\w-]+\.\w+)\"", _raw(name)):
            if not (SHOP / "documents" / (link := target[0] or target[1])).exists():
                yield f"{name}: a link to {link}, which does not exist"
    setup = yaml.safe_load((SHOP / "setup.yaml").read_text(encoding="utf-8"))
    listed = Counter(item["path"] for item in setup["documents"])
    present = {f"documents/{path.name}" for path in (SHOP / "documents").iterdir()} | {"products.csv"}
    if set(listed) != present or max(listed.values()) > 1:
        yield f"setup.yaml and the folder differ: {sorted(set(listed) ^ present)}"


def _raw(name: str) -> str:
    path = SHOP / "documents" / name
    return path.read_text(encoding="utf-8") if path.suffix in {".md", ".html"} else ""


def check_products() -> Iterator[str]:
    products = load_products()
    if len(products) != 300:
        yield f"{len(products)} products, not 300"
    for field in ("sku", "name", "url"):
        values = [getattr(product, field) for product in products]
        if len(set(values)) != len(values):
            yield f"two products share a {field}"
    for product in products:
        if product.was_price and float(product.was_price) <= float(product.price):
            yield f"{product.sku}: the price before the sale is not higher"


def check_build() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for path in build(Path(folder)):
            committed = SHOP / path.relative_to(folder)
            if not committed.exists() or committed.read_bytes() != path.read_bytes():
                yield f"{committed.name} is not what the sources give; run python -m tools.demo_shop.build"


def check_questions(texts: dict[str, str]) -> Iterator[str]:
    questions = yaml.safe_load((SHOP / "questions.yaml").read_text(encoding="utf-8"))["questions"]
    if (kinds := Counter(question["kind"] for question in questions)) != KINDS:
        yield f"questions by kind: {dict(kinds)}, expected {KINDS}"
    if len({question["id"] for question in questions}) != len(questions):
        yield "two questions share an id"
    for question in questions:
        expected = {"unanswerable": {"declined"}, "off_topic": {"refused"}}
        if question["expect"] not in expected.get(question["kind"], {"answered", "handoff"}):
            yield f"{question['id']}: {question['kind']} cannot expect {question['expect']}"
        if "document" not in question:
            continue
        path = SHOP / "documents" / question["document"]
        text = texts.get(question["document"]) or path.read_text(encoding="utf-8")
        for sentence in question["evidence"]:
            if sentence not in text:
                yield f"{question['id']}: not in {question['document']}: {sentence}"
        for value in question["values"]:
            if str(value) not in (" ".join(question["evidence"]) or text):
                yield f"{question['id']}: the value {value} is not in the evidence"


def main() -> int:
    facts = load_facts()
    texts = load_texts(facts)
    problems = [
        *check_statements(facts, texts),
        *check_money(facts, texts),
        *check_contacts(facts, texts),
        *check_dates(texts),
        *check_articles(texts),
        *check_documents(texts),
        *check_products(),
        *check_build(),
        *check_questions(texts),
    ]
    for problem in problems:
        print(problem)
    words = sum(len(text.split()) for text in texts.values())
    print(f"{len(texts)} prose documents, {words:,} words: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
