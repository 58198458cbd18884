"""A mail of ours as the customer's mail program shows it, and what is wrong with it.

Sources: RFC 5322 (mails), RFC 2045 (MIME), RFC 3834 (automatic answers).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, Final

from shopwright.lab.accounts import Account
from shopwright.lab.email.mailbox import customer_address, own_address
from shopwright.lab.schemas import LabFile, LabMessage, Run
from shopwright.lab.text import lines_of, linked_lines

LINE_BYTES: Final = 998
CLOCK: Final = timedelta(minutes=10)
_ID: Final = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_ONCE: Final = ("from", "to", "date", "message-id")
_AT_MOST_ONCE: Final = ("subject", "in-reply-to", "references", "mime-version", "reply-to")
_STYLES: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strike", "strike": "strike", "del": "strike",
    "code": "code", "pre": "code",
}  # fmt: skip
_BLOCKS: Final = frozenset({"div", "p", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "h1", "h2", "h3", "h4"})
_SILENT: Final = frozenset({"script", "style", "head", "title"})


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def problems(account: Account, raw: bytes, mail: EmailMessage) -> Iterator[str]:
    """What the standards do not allow, or what lets mail programs and filters stumble."""
    head = raw.partition(b"\r\n\r\n")[0]
    if not head.isascii():
        yield "the head has letters beyond ASCII"
    if any(len(line) > LINE_BYTES for line in raw.split(b"\r\n")):
        yield f"a line is longer than {LINE_BYTES} bytes"
    yield from _head_problems(account, mail)
    yield from _date_problems(mail)
    yield from _reference_problems(account, mail)
    yield from _body_problems(mail)


def _head_problems(account: Account, mail: EmailMessage) -> Iterator[str]:
    for name in _ONCE:
        if len(mail.get_all(name, [])) != 1:
            yield f"{name} stands there {len(mail.get_all(name, []))} times, not once"
    for name in _AT_MOST_ONCE:
        if len(mail.get_all(name, [])) > 1:
            yield f"{name} stands there more than once"
    senders = [address for _, address in getaddresses([str(v) for v in mail.get_all("from", [])])]
    if senders != [own_address(account)]:
        yield "From is not the account's address"
    receivers = [address for _, address in getaddresses([str(v) for v in mail.get_all("to", [])])]
    if customer_address(account) not in receivers:
        yield "To does not name the customer"
    if not _ID.fullmatch(str(mail["message-id"] or "")):
        yield "Message-ID has not the form <left@right>"
    # An answer that a machine makes says so, or two of them would go on for ever.
    if str(mail["auto-submitted"] or "no").strip().lower() == "no":
        yield "Auto-Submitted does not say that a machine answers"


def _date_problems(mail: EmailMessage) -> Iterator[str]:
    try:
        at = parsedate_to_datetime(str(mail["date"]))
    except (TypeError, ValueError):
        yield "Date cannot be read"
        return
    if at.tzinfo is None or abs(datetime.now(UTC) - at) > CLOCK:
        yield "Date is not the time at which it is sent"


def _reference_problems(account: Account, mail: EmailMessage) -> Iterator[str]:
    """An answer names what it answers, or mail programs show it by itself."""
    asked = [entry.shown.id for entry in account.said_by("customer")]
    about = _ID.findall(str(mail["in-reply-to"] or ""))
    if asked and not about:
        yield "In-Reply-To does not name the customer's mail"
    elif about and about[-1] not in asked:
        yield "In-Reply-To names a mail that is not the customer's"
    if about and about[-1] not in _ID.findall(str(mail["references"] or "")):
        yield "References do not end with the mail that is answered"


def _body_problems(mail: EmailMessage) -> Iterator[str]:
    if mail.get_body(("plain",)) is None:
        yield "there is no plain text part"
    for part in mail.walk():
        if part.is_multipart():
            continue
        if part.defects:
            yield f"a part is broken ({type(part.defects[0]).__name__})"
        if part.get_content_maintype() == "text":
            try:
                part.get_content()
            except (LookupError, ValueError):
                yield "a text has not the charset it says"


def shown(mail: EmailMessage, name: str) -> LabMessage:
    """The message as it is shown: the HTML part, where there is one."""
    message = LabMessage(id=name, sender="bot", at=datetime.now(UTC), state="delivered")
    message.subject = " ".join(str(mail["subject"] or "").split())
    message.reply_to = next(iter(_ID.findall(str(mail["in-reply-to"] or ""))), "")
    body: Any = mail.get_body(("html", "plain"))
    text = _text(body) if body is not None else ""
    message.lines = as_lines(text) if body is not None and body.get_content_subtype() == "html" else linked_lines(text)
    for part in mail.iter_attachments():
        kind: Any = {"image": "image", "audio": "audio", "video": "video"}.get(part.get_content_maintype(), "file")
        message.files.append(
            LabFile(name=part.get_filename() or "attachment", media_type=part.get_content_type(), kind=kind)
        )
    return message


def _text(part: Any) -> str:
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):
        return str(part.get_payload(decode=True).decode("utf-8", "replace"))


def as_lines(text: str) -> list[list[Run]]:
    """HTML as lines; what a mail program would fetch or run is left out."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = lines_of(reader.runs)
    while lines and not any(run.text.strip() for run in lines[-1]):
        lines.pop()
    while lines and not any(run.text.strip() for run in lines[0]):
        lines.pop(0)
    return lines


class _Reader(HTMLParser):
    """Runs of an HTML text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.runs.append(Run(text="\n"))
            return
        if tag in {"img", "hr", "meta", "link", "input"}:
            return
        if tag in _BLOCKS:
            self._new_line()
        self._open.append((tag, dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                break
        if tag in _BLOCKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if any(tag in _SILENT for tag in tags):
            return
        text = data if "pre" in tags else re.sub(r"\s+", " ", data)
        if not text.strip() and (not self.runs or self.runs[-1].text.endswith("\n")):
            return
        styles = {_STYLES[tag]: True for tag in tags if tag in _STYLES}
        url = next((href for _, href in reversed(self._open) if href), "")
        self.runs.append(Run(text=text, url=url, **styles))

    def _new_line(self) -> None:
        if self.runs and not self.runs[-1].text.endswith("\n"):
            self.runs.append(Run(text="\n"))
