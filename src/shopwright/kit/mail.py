"""Sending mail: through an SMTP server, or as files into a folder when there is none."""

import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

SECONDS = 30
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_NOT_IN_ADDRESSES = re.compile(r"""[\s,;:<>()\[\]"\\@]""")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MailDelayed(Exception):
    """The mail could not be handed over now; it may go through later."""


class MailRefused(Exception):
    """The mail will never be taken: no such mailbox, or an address that cannot be written."""


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str


class MailSender(Protocol):
    async def send(self, mail: Mail, mail_id: UUID) -> None:
        """Hand a mail over.

        Raises:
            MailDelayed: try again later.
            MailRefused: do not.
        """


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over: `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`."""

    scheme: str
    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read an address.

        Raises:
            ValueError: it is none, or it would send a password unencrypted over a network.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            msg = "it looks like smtp+starttls://user:password@mail.shop.example:587"
            raise ValueError(msg)
        if parts.username and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
            msg = "a password would travel unencrypted; use smtp+starttls:// or smtps://"
            raise ValueError(msg)
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username) if parts.username else None,
            unquote(parts.password or "") if parts.username else None,
        )


def compose(mail: Mail, sender: str, mail_id: UUID) -> EmailMessage:
    """Write the message. Its id stays the same when it is sent again, so that a mailbox can drop the second.

    Raises:
        MailRefused: the address is none.
    """
    message = EmailMessage(policy=SMTP if mail.to.isascii() else SMTPUTF8)
    try:
        message["To"] = _address(mail.to)
        message["From"] = sender
        # A line break in a header would start another header.
        message["Subject"] = " ".join(mail.subject.split())
    except (ValueError, IndexError, HeaderParseError) as exc:
        raise MailRefused(type(exc).__name__) from None
    message["Date"] = datetime.now(UTC)
    domain = sender.rsplit("@", 1)[-1].strip("> ")
    message["Message-ID"] = f"<{mail_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(text: str) -> Address:
    """Read an address; the standard library's reader knows ASCII only.

    Raises:
        ValueError: it is none, or more than one.
    """
    if text.isascii():
        return Address(addr_spec=text)
    name, at, domain = text.rpartition("@")
    if not name or not at or not domain or _NOT_IN_ADDRESSES.search(name + domain):
        raise ValueError
    return Address(username=name, domain=domain)


@dataclass(frozen=True, slots=True)
class SmtpSender:
    server: SmtpServer
    sender: str
    ca_file: Path | None = None

    async def send(self, mail: Mail, mail_id: UUID) -> None:
        import aiosmtplib

        message = compose(mail, self.sender, mail_id)
        server = self.server
        try:
            await aiosmtplib.send(
                message,
                recipients=[mail.to],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.scheme == "smtps",
                # None: encrypted when the server offers it.
                start_tls={"smtp": None, "smtp+starttls": True, "smtps": False}[server.scheme],
                tls_context=ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None),
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPAuthenticationError as exc:
            # The operator can mend it.
            raise MailDelayed(f"the mail server refused the sign-in ({exc.code})") from None
        except aiosmtplib.SMTPRecipientsRefused as exc:
            _give_up(max(refused.code for refused in exc.recipients))
        except aiosmtplib.SMTPResponseException as exc:
            _give_up(exc.code)
        except (aiosmtplib.SMTPException, OSError) as exc:
            raise MailDelayed(type(exc).__name__) from None


def _give_up(code: int) -> None:
    if code >= 500:
        raise MailRefused(f"the mail server answered {code}")
    raise MailDelayed(f"the mail server answered {code}")


@dataclass(frozen=True, slots=True)
class FolderSender:
    """Writes each mail as a file that any mail program opens; for machines without a mail server."""

    folder: Path
    sender: str

    async def send(self, mail: Mail, mail_id: UUID) -> None:
        message = compose(mail, self.sender, mail_id)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        to = re.sub(r"[^A-Za-z0-9.@_-]", "_", mail.to)[:80]
        path = self.folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{to}-{mail_id.hex[-8:]}.eml"
        # Links in it sign people in: nobody else on the machine may read them.
        path.touch(mode=0o600)
        path.write_bytes(bytes(message))
