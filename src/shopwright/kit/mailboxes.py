"""Mail servers whose addresses somebody gave us: reading a mailbox (IMAP) and sending (SMTP), in a thread.

As with HTTP: the name is resolved and checked, and the connection goes to the address that was checked. What is said
is encrypted from the start or by STARTTLS; only to hosts that the administrator lists may it be plain.
"""

import asyncio
import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from shopwright.kit.egress import AddressRefused, EgressPolicy
from shopwright.kit.sentences import sentence

T = TypeVar("T")
SECONDS = 30
MAX_MESSAGES = 20
MAX_MESSAGE_BYTES = 5 * 1024 * 1024
# Of a larger message so much is read: its head and words, which stand before what is attached.
PIECE_BYTES = 256 * 1024
_PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
MAIL_PORTS = frozenset({*_PORTS.values(), 25})


class MailFailed(Exception):
    """The server refused (`code` is its own) or was away; the text is a sentence for the owner.

    `again`: another try may help.
    """

    def __init__(self, reason: str, *, again: bool, code: int = 0) -> None:
        self.reason, self.again, self.code = reason, again, code
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a mailbox was read. Numbers mean something only together with the mailbox's validity."""

    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class _Server:
    """Where to connect: the checked address, and the name that the certificate must have."""

    scheme: str
    host: str
    address: str
    port: int
    user: str
    password: str
    plain_allowed: bool

    def connect(self) -> socket.socket:
        raw = socket.create_connection((self.address, self.port), SECONDS)
        if self.scheme in {"imaps", "smtps"}:
            return ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        return raw


async def _server(policy: EgressPolicy, url: str, schemes: Sequence[str]) -> _Server:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise MailFailed(sentence("The address of the mail server cannot be read."), again=False) from None
    host = parts.hostname or ""
    if parts.scheme not in schemes or not host:
        reason = sentence("The address must begin with {scheme}:// and name a server.", scheme=schemes[0])
        raise MailFailed(reason, again=False)
    try:
        addresses = await policy.resolve(host, port, MAIL_PORTS)
    except AddressRefused as exc:
        reason = sentence("The mail server {host} may not be called from here.", host=f"{host}:{port}")
        raise MailFailed(reason, again=False) from exc
    except OSError as exc:
        raise MailFailed(sentence("The mail server {host} is not known.", host=host), again=True) from exc
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return _Server(parts.scheme, host, addresses[0], port, user, password, policy.lists(host, port))


async def send_mail(
    policy: EgressPolicy, url: str, sender: str = "", recipients: Sequence[str] = (), message: bytes | None = None
) -> None:
    """Hand a message to a mail server; without one, see whether it lets us in.

    Raises:
        MailFailed: it was not taken.
    """
    server = await _server(policy, url, ("smtps", "smtp"))
    try:
        await asyncio.to_thread(_send, server, sender, recipients, message)
    except smtplib.SMTPAuthenticationError as exc:
        reason = sentence("The mail server refused user or password.")
        raise MailFailed(reason, again=False, code=exc.smtp_code) from exc
    except smtplib.SMTPRecipientsRefused as exc:
        code = max((status for status, _ in exc.recipients.values()), default=450)
        reason = sentence("The mail server does not take mail for this address ({code}).", code=code)
        raise MailFailed(reason, again=code < 500, code=code) from exc
    except smtplib.SMTPResponseException as exc:
        code = exc.smtp_code
        reason = sentence("The mail server refused the message ({code}).", code=code)
        raise MailFailed(reason, again=code < 500, code=code) from exc
    except (smtplib.SMTPException, OSError) as exc:
        reason = sentence("The mail server did not answer ({kind}).", kind=type(exc).__name__)
        raise MailFailed(reason, again=True) from exc


def _send(server: _Server, sender: str, recipients: Sequence[str], message: bytes | None) -> None:
    class Smtp(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
            return server.connect()

    smtp = Smtp(server.host, server.port, timeout=SECONDS)
    try:
        smtp.ehlo()
        if server.scheme == "smtp" and (smtp.has_extn("starttls") or not server.plain_allowed):
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        if message is not None:
            smtp.sendmail(sender, list(recipients), message)
    finally:
        # Not by QUIT: whatever a server says to that, the message is taken, and must not be sent again.
        smtp.close()


async def read_mail(
    policy: EgressPolicy, url: str, mark: Mark | None, *, all_of_it: bool = False
) -> tuple[list[bytes], Mark]:
    """The messages that came since `mark`, at most so many, and the new mark.

    Without a mark: none, and where to begin; or, with `all_of_it`, everything from the beginning.

    Raises:
        MailFailed: the mailbox could not be read.
    """
    return await _in_mailbox(policy, url, lambda imap: _read(imap, mark, all_of_it=all_of_it))


async def find_mail(policy: EgressPolicy, url: str, message_id: str) -> bytes:
    """The mail with this id; nothing when it is not there any more.

    Raises:
        MailFailed: the mailbox could not be read.
    """
    return await _in_mailbox(policy, url, lambda imap: _find(imap, message_id))


async def _in_mailbox(policy: EgressPolicy, url: str, work: Callable[[imaplib.IMAP4], T]) -> T:
    server = await _server(policy, url, ("imaps", "imap"))
    try:
        return await asyncio.to_thread(_open_mailbox, server, work)
    except imaplib.IMAP4.abort as exc:
        raise MailFailed(sentence("The mailbox closed the connection."), again=True) from exc
    except imaplib.IMAP4.error as exc:
        reason = sentence("The mailbox refused user or password, or has no inbox.")
        raise MailFailed(reason, again=False) from exc
    except OSError as exc:
        reason = sentence("The mailbox did not answer ({kind}).", kind=type(exc).__name__)
        raise MailFailed(reason, again=True) from exc


def _open_mailbox(server: _Server, work: Callable[[imaplib.IMAP4], T]) -> T:
    class Imap(imaplib.IMAP4):
        def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002
            return server.connect()

    with Imap(server.host, server.port, SECONDS) as imap:
        if server.scheme == "imap" and ("STARTTLS" in imap.capabilities or not server.plain_allowed):
            imap.starttls(ssl.create_default_context())
        imap.login(server.user, server.password)
        imap.select("INBOX", readonly=True)
        return work(imap)


def _read(imap: imaplib.IMAP4, mark: Mark | None, *, all_of_it: bool) -> tuple[list[bytes], Mark]:
    validity = int((imap.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    since = mark.uid if mark is not None and mark.validity == validity else 0 if all_of_it else None
    _, found = imap.uid("SEARCH", "UID", f"{(since or 0) + 1}:*")
    uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > (since or 0))
    if since is None:  # what was there before is not answered
        return [], Mark(validity, uids[-1] if uids else 0)
    taken = uids[:MAX_MESSAGES]
    messages = [message for uid in taken if (message := _fetch(imap, uid))]
    return messages, Mark(validity, taken[-1] if taken else since)


def _find(imap: imaplib.IMAP4, message_id: str) -> bytes:
    quoted = '"' + re.sub(r'[\\"\r\n\0]', "", message_id) + '"'
    _, found = imap.uid("SEARCH", "HEADER", "Message-ID", quoted)
    uids = (found[0] or b"").split()
    return _fetch(imap, int(uids[-1]), whole=True) if uids else b""


def _fetch(imap: imaplib.IMAP4, uid: int, *, whole: bool = False) -> bytes:
    """One message; of one that is too large its beginning, or nothing when it is to be `whole`."""
    _, size = imap.uid("FETCH", str(uid), "(RFC822.SIZE)")
    told = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in size if isinstance(part, bytes)))
    too_large = told is None or int(told[1]) > MAX_MESSAGE_BYTES
    if told is None or (too_large and whole):
        return b""
    piece = f"<0.{PIECE_BYTES}>" if too_large else ""
    _, parts = imap.uid("FETCH", str(uid), f"(BODY.PEEK[]{piece})")
    return next((bytes(part[1]) for part in _pairs(parts)), b"")


def _pairs(parts: Sequence[Any]) -> list[tuple[bytes, bytes]]:
    return [part for part in parts if isinstance(part, tuple)]
