"""What a person does in a mail program, and the mails that come to our mailbox of it."""

import html
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.email.mailbox import customer_address, own_address
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabMessage
from shopwright.lab.text import plain_lines, text_of

MAX_REFERENCES: Final = 20
_FILES: Final[Mapping[str, tuple[Any, str, str, bytes]]] = {
    "image": ("image", "picture.png", "image/png", PICTURE),
    "voice": ("audio", "voice.ogg", "audio/ogg", VOICE),
    "file": ("file", "document.pdf", "application/pdf", DOCUMENT),
}


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the mail program; returns the mail that it sends."""
    if act.kind in {"block", "unblock"}:
        return _leave(account, left=act.kind == "block")
    if account.blocked:
        raise NotThere("Your mailbox is gone; make it again to write.")
    if act.kind == "text" and not act.text.strip():
        raise NotThere("Write something first.")
    answered = _answered(account, act.message_id)
    mail = _mail(account, answered, act.name if act.kind == "text" else "")
    shown = LabMessage(
        id=str(mail["Message-ID"]), sender="customer", at=datetime.now(UTC), subject=str(mail["Subject"] or ""),
        lines=plain_lines(act.text) if act.text else [], reply_to=answered.shown.id if answered else "",
    )  # fmt: skip
    quote = _quote(account, answered) if answered is not None and answered.shown.sender == "bot" else ("", "")
    _write(mail, act.text, quote)
    if act.kind != "text":
        kind, name, media_type, content = _FILES[act.kind]
        main, _, sub = media_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=act.name or name)
        shown.kind = "voice" if act.kind == "voice" else "image" if act.kind == "image" else "file"
        shown.files = [LabFile(name=act.name or name, media_type=media_type, kind=kind)]
    account.show(shown, {"references": [*_references(answered), shown.id], "subject": shown.subject})
    return [Payload(mail.as_bytes(), "mail")]


def _answered(account: Account, message_id: str) -> Entry | None:
    """What is answered: the mail that was chosen, else the last one of the thread."""
    if message_id:
        entry = account.find(message_id)
        if entry is None or entry.shown.kind == "note":
            raise NotThere("There is no such mail.")
        return entry
    return next((entry for entry in reversed(account.entries) if entry.shown.kind != "note"), None)


def _references(answered: Entry | None) -> list[str]:
    found: list[str] = answered.raw.get("references", []) if answered is not None else []
    return found[-MAX_REFERENCES:]


def _mail(account: Account, answered: Entry | None, subject: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Customer <{customer_address(account)}>"
    mail["To"] = own_address(account)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{secrets.token_hex(12)}@post.lab.example>"
    if answered is not None:
        before = str(answered.raw.get("subject") or "")
        subject = subject or (before if before.lower().startswith("re:") else f"Re: {before}".strip())
        mail["In-Reply-To"] = str(answered.raw["references"][-1])
        mail["References"] = " ".join(_references(answered))
    if subject:
        mail["Subject"] = subject
    return mail


def _quote(account: Account, answered: Entry) -> tuple[str, str]:
    """The mail below an answer, as plain text and as HTML."""
    at = answered.shown.at.strftime("%a, %d %b %Y at %H:%M")
    head = f"On {at}, <{own_address(account)}> wrote:"
    said = text_of(answered.shown.lines)
    plain = f"\n\n{head}\n" + "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
    quoted = html.escape(said).replace("\n", "<br>")
    marked = f'<div class="gmail_quote"><div>{html.escape(head)}</div><blockquote>{quoted}</blockquote></div>'
    return plain, marked


def _write(mail: EmailMessage, text: str, quote: tuple[str, str]) -> None:
    mail.set_content(f"{text}{quote[0]}\n", cte="quoted-printable")
    body = html.escape(text).replace("\n", "<br>")
    mail.add_alternative(f'<div dir="ltr">{body}</div>{quote[1]}', subtype="html", cte="quoted-printable")


def bounce(account: Account, original: EmailMessage) -> bytes:
    """The report of the customer's mail server that a mail could not be delivered (RFC 3464)."""
    to = customer_address(account)
    report = EmailMessage(policy=SMTP)
    report["From"] = "Mail Delivery System <MAILER-DAEMON@post.lab.example>"
    report["To"] = own_address(account)
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(datetime.now(UTC))
    report["Message-ID"] = f"<{secrets.token_hex(12)}@post.lab.example>"
    report["Auto-Submitted"] = "auto-replied"
    report["Return-Path"] = "<>"
    edge = secrets.token_hex(12)
    report["MIME-Version"] = "1.0"
    report["Content-Type"] = f'multipart/report; report-type=delivery-status; boundary="{edge}"'
    about = "".join(f"{n}: {original[n]}\r\n" for n in ("From", "To", "Subject", "Message-ID", "Date") if original[n])
    said = "550 5.1.1 The email account that you tried to reach does not exist"
    about_server = "Reporting-MTA: dns; mx.post.lab.example\r\n"
    diagnosis = f"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; {said}\r\n"
    about_receiver = f"Final-Recipient: rfc822; {to}\r\n{diagnosis}"
    parts = [
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nYour message to <{to}> could not be delivered.\r\n",
        f"Content-Type: message/delivery-status\r\n\r\n{about_server}\r\n{about_receiver}",
        f"Content-Type: text/rfc822-headers\r\n\r\n{about}",
    ]
    body = "".join(f"--{edge}\r\n{part}\r\n" for part in parts) + f"--{edge}--\r\n"
    return report.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body.encode()


def _leave(account: Account, *, left: bool) -> list[Payload]:
    if account.blocked == left:
        raise NotThere("You did that already.")
    account.blocked = left
    note = "Your mailbox is gone; mails to it come back." if left else "Your mailbox is there again."
    at = datetime.now(UTC)
    account.show(LabMessage(id=secrets.token_hex(8), sender="customer", at=at, kind="note", lines=plain_lines(note)))
    return []
