"""Mails (RFC 5322, MIME) as events. Mails of machines are left out; bounces become receipts."""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Final

from shopwright.channels.email.quoting import own_words
from shopwright.channels.port import Attachment, InboundEvent, InboundMessage, MediaKind, Receipt, Sender

_ID: Final = re.compile(r"<[^<>\s]+>")
_ANSWER: Final = re.compile(r"^(?:(?:re|aw|antw|sv|rif|odp|wg|fwd?|tr)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_MACHINES: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+._-].*)?@", re.IGNORECASE
)
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTOMATIC: Final = ("x-autoreply", "x-autorespond", "list-id", "list-unsubscribe", "feedback-id")
_KINDS: Final[dict[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video"}
_THREAD_LETTERS: Final = 24


def read_mail(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def events(mail: EmailMessage, own: str) -> Iterator[InboundEvent]:
    """What a mail to `own`, our address, says."""
    if mail.get_content_type() == "multipart/report":
        yield from _bounce(mail)
        return
    senders = getaddresses([str(value) for value in mail.get_all("from", [])])
    name, address = senders[0] if senders else ("", "")
    if "@" not in address or address.lower() == own.lower() or is_automatic(mail, address):
        return
    message_id = _first_id(mail.get("message-id")) or f"<{hashlib.sha256(mail.as_bytes()).hexdigest()}@unnamed>"
    references = _ids(mail.get("references")) or _ids(mail.get("in-reply-to"))
    subject = _line(mail.get("subject"))
    text = own_words(_text(mail), ours_below=_ours(references, own) != "")
    if subject and not references and not _ANSWER.match(subject):
        # The first mail: its subject is often the question.
        text = f"{subject}\n\n{text}".strip()
    attachments = tuple(_attachments(mail, message_id))
    if not text and not attachments:
        return
    yield InboundMessage(
        external_id=message_id,
        thread=thread_of(message_id, references, own, address),
        sender=Sender(address.lower(), name=_line(name), email=address.lower()),
        text=text,
        attachments=attachments,
        reply_to=references[-1] if references else "",
        sent_at=_date(mail),
        route={
            # Not Reply-To: with a forged sender it would lead a customer's answers to somebody else.
            "to": address,
            "subject": _ANSWER.sub("", subject),
            "in_reply_to": message_id,
            "references": " ".join([*references[-20:], message_id]),
        },
    )


def is_automatic(mail: EmailMessage, address: str) -> bool:
    """Whether a machine wrote it: answering would make a loop (RFC 3834)."""
    submitted = _line(mail.get("auto-submitted")).lower().split(";")[0].strip()
    suppress = _line(mail.get("x-auto-response-suppress")).lower()
    return (
        submitted not in ("", "no")
        or _line(mail.get("precedence")).lower() in _BULK
        or _line(mail.get("return-path")) == "<>"
        or any(name in mail for name in _AUTOMATIC)
        or "all" in suppress
        or "autoreply" in suppress
        or _MACHINES.match(address) is not None
    )


def thread_of(message_id: str, references: list[str], own: str, sender: str) -> str:
    """The name of a conversation by mail: in our own ids it stands behind the dot.

    Else it is made of the first id and the sender, so that nobody gets into another's conversation by naming its mail.
    """
    first = references[0] if references else message_id
    digest = hashlib.sha256(f"{sender.lower()} {first}".encode()).hexdigest()[:_THREAD_LETTERS]
    return _ours(references, own) or digest


def _ours(references: list[str], own: str) -> str:
    """The conversation that stands in the last id of ours, or nothing when there is none."""
    domain = re.escape(own.rsplit("@", 1)[-1])
    ours = re.compile(rf"<[0-9a-f]+\.([0-9a-f]{{{_THREAD_LETTERS}}})@{domain}>", re.IGNORECASE)
    found = (ours.fullmatch(reference) for reference in reversed(references))
    return next((match.group(1).lower() for match in found if match), "")


def own_id(key: str, thread: str, own: str) -> str:
    """The id of a mail of ours: the same for the same message, however often it is tried."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}.{thread}@{own.rsplit('@', 1)[-1]}>"


def _bounce(mail: EmailMessage) -> Iterator[Receipt]:
    """A report that one of our mails could not be delivered (RFC 3464)."""
    failed, reason, about = False, "", ""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks: Any = part.get_payload()
            for block in blocks:
                failed = failed or _line(block["action"]).lower() == "failed"
                reason = reason or _line(block["diagnostic-code"] or block["status"])
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner: Any = part.get_payload()
            text = inner[0].as_string() if isinstance(inner, list) else str(part.get_content())
            found = re.search(r"^message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
            about = about or (found.group(1) if found else "")
    if failed and about:
        yield Receipt(f"{about}:failed", about, "failed", reason)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _content(body)
    return _words_of_html(text) if body.get_content_type() == "text/html" else text


def _content(part: Any) -> str:
    try:
        found = part.get_content()
    except (LookupError, ValueError):
        found = part.get_payload(decode=True).decode("utf-8", "replace")
    return str(found).replace("\0", "")


def _words_of_html(text: str) -> str:
    """The words of a mail that has no plain part, without what mail programs mark as quoted."""
    from lxml import html

    if not text.strip():
        return ""
    tree: Any = html.document_fromstring(text)
    quoted = "//script|//style|//head|//*[contains(@class,'gmail_quote')]|//blockquote|//*[@id='divRplyFwdMsg']"
    for node in tree.xpath(quoted):
        node.drop_tree()
    for node in tree.xpath("//br|//p|//div|//li|//tr|//h1|//h2|//h3"):
        node.tail = "\n" + (node.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _attachments(mail: EmailMessage, message_id: str) -> Iterator[Attachment]:
    for number, part in enumerate(mail.iter_attachments()):
        kind = _KINDS.get(part.get_content_maintype(), "file")
        content = part.get_payload(decode=True)
        yield Attachment(
            kind,
            reference=f"{message_id}#{number}",
            media_type=part.get_content_type(),
            name=_line(part.get_filename() or ""),
            size_bytes=len(content) if isinstance(content, bytes) else None,
        )


def _ids(value: Any) -> list[str]:
    return _ID.findall(str(value or ""))


def _first_id(value: Any) -> str:
    return next(iter(_ids(value)), "")


def _line(value: Any) -> str:
    return " ".join(str(value or "").replace("\0", "").split())


def _date(mail: EmailMessage) -> Any:
    try:
        at = parsedate_to_datetime(str(mail["date"]))
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo else None
