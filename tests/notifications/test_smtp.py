"""Mail through a real SMTP server: encrypted, signed in, tried again when asked to, given up when refused."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr, ValidationError

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core, libpq_address
from shopwright.entrypoints.worker import _become_app, open_work
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.ids import uuid7
from shopwright.kit.jobs import create_job_app
from shopwright.kit.mail import Mail, MailDelayed, MailRefused, SmtpSender, SmtpServer, compose
from shopwright.knowledge.parsing import ParserPool

USER, PASSWORD = "shop wright", "p@ss:word/with signs"
MAIL = Mail("ada@people.example", "Grüße", "Text with ü.\n", "<p>Text with ü.</p>")


@dataclass
class Mailbox:
    """Takes mail; `replies` are what it says to the next ones instead."""

    port: int = 0
    certificate: Path = Path()
    replies: list[str] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope) -> str:  # noqa: N802
        assert session.ssl is not None
        if self.replies:
            return self.replies.pop(0)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def url(self, user: str = USER, password: str = PASSWORD, scheme: str = "smtp+starttls") -> str:
        from urllib.parse import quote

        return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{self.port}"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now,
                                now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
def mailbox(tmp_path: Path, unused_tcp_port: int) -> Iterator[Mailbox]:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Mailbox(unused_tcp_port, certificate)

    def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=good)

    server = Controller(
        box, hostname="127.0.0.1", port=box.port, tls_context=context, require_starttls=True, auth_required=True,
        authenticator=check,
    )  # fmt: skip
    server.start()
    yield box
    server.stop()


def sender(box: Mailbox, url: str | None = None) -> SmtpSender:
    return SmtpSender(SmtpServer.parse(url or box.url()), "Shop <no-reply@shop.example>", box.certificate)


async def test_a_mail_arrives_with_both_its_forms(mailbox: Mailbox) -> None:
    mail_id = uuid7()
    await sender(mailbox).send(MAIL, mail_id)

    [mail] = mailbox.taken
    assert mailbox.recipients == [MAIL.to]
    assert (mail["to"], mail["subject"], mail["from"]) == (MAIL.to, "Grüße", "Shop <no-reply@shop.example>")
    assert mail["message-id"] == f"<{mail_id}@shop.example>"
    assert mail["auto-submitted"] == "auto-generated"
    plain, html = (mail.get_body((kind,)).get_content().strip() for kind in ("plain", "html"))
    assert (plain, html) == (MAIL.text.strip(), MAIL.html)


async def test_a_server_with_a_strange_certificate_is_told_nothing(mailbox: Mailbox) -> None:
    with pytest.raises(MailDelayed):
        await replace(sender(mailbox), ca_file=None).send(MAIL, uuid7())
    assert mailbox.taken == []


async def test_a_wrong_password_is_the_operators_to_mend(mailbox: Mailbox) -> None:
    with pytest.raises(MailDelayed, match="refused the sign-in"):
        await sender(mailbox, mailbox.url(password="wrong")).send(MAIL, uuid7())


async def test_an_unknown_mailbox_is_not_tried_again(mailbox: Mailbox) -> None:
    with pytest.raises(MailRefused, match="550"):
        await sender(mailbox).send(replace(MAIL, to="nobody@people.example"), uuid7())


async def test_a_server_that_is_away_is_tried_again(mailbox: Mailbox, unused_tcp_port_factory) -> None:
    with pytest.raises(MailDelayed):
        await sender(mailbox, f"smtps://127.0.0.1:{unused_tcp_port_factory()}").send(MAIL, uuid7())


@pytest.mark.parametrize(
    "to", ["a,b@people.example", "a b@people.example", "a@b@c.example", "ö,b@people.example", "a\r\nBcc: x@y.example"]
)
def test_an_address_that_is_two_is_none(to: str) -> None:
    with pytest.raises(MailRefused):
        compose(replace(MAIL, to=to), "shop@shop.example", uuid7())


def test_an_address_with_other_letters_can_be_written() -> None:
    to = "jörg@käse.example"
    assert f"To: {to}".encode() in bytes(compose(replace(MAIL, to=to), "shop@shop.example", uuid7()))


def test_a_subject_stays_one_line() -> None:
    message = compose(replace(MAIL, subject="A\r\nBcc: all@people.example"), "shop@shop.example", uuid7())
    assert (message["bcc"], message["subject"]) == (None, "A Bcc: all@people.example")


@pytest.mark.parametrize("url", ["mail.shop.example", "http://mail.shop.example", "smtp://u:p@mail.shop.example",
                                 "smtp+starttls://", "smtps://host:99999", "smtps://host/path"])  # fmt: skip
def test_an_address_of_a_server_that_would_leak_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, smtp_url=SecretStr(url))


Outcome = Callable[[], Awaitable[None]]


@pytest.fixture
def deliver(
    mailbox: Mailbox, core: Core, settings: Settings, parsers: ParserPool, postgres: EmbeddedPostgres
) -> Outcome:
    """Do the waiting jobs with this mail server, also those that wait for another try."""
    with_server = {"smtp_url": SecretStr(mailbox.url()), "smtp_ca_file": mailbox.certificate}
    there = replace(core, settings=settings.model_copy(update=with_server))

    async def run() -> None:
        with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
            connection.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
        async with (
            open_work(there, parsers) as work,
            create_job_app(libpq_address(settings), work, before=_become_app).open_async() as jobs,
        ):
            await jobs.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    return run


async def put(core: Core, to: str = MAIL.to) -> None:
    async with core.db.nobody() as session, session.begin():
        await core.outbox.send(session, replace(MAIL, to=to))


def kept(postgres: EmbeddedPostgres) -> list[tuple[str, str, bool]]:
    with psycopg.connect(postgres.owner_url) as connection:
        query = "select status, detail, content is null from outgoing_mails where updated_at > now() - interval '1 min'"
        return [(str(a), str(b), bool(c)) for a, b, c in connection.execute(query)]


async def test_a_mail_that_was_asked_to_come_later_comes_later(
    mailbox: Mailbox, core: Core, deliver: Outcome, postgres: EmbeddedPostgres
) -> None:
    await deliver()
    mailbox.taken.clear()
    mailbox.replies = ["451 4.7.1 greylisted, come back later"]
    await put(core)

    await deliver()
    assert mailbox.taken == []
    assert ("waiting", "", False) in kept(postgres)

    await deliver()
    assert len(mailbox.taken) == 1
    assert kept(postgres) == []
    await deliver()
    assert len(mailbox.taken) == 1


async def test_a_refused_mail_is_kept_without_what_it_said(
    mailbox: Mailbox, core: Core, deliver: Outcome, postgres: EmbeddedPostgres
) -> None:
    await put(core, "nobody@people.example")
    await deliver()
    assert kept(postgres) == [("failed", "the mail server answered 550", True)]
    mailbox.taken.clear()
    await deliver()
    assert mailbox.taken == []
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("delete from outgoing_mails")


async def test_a_server_that_never_wants_it_is_given_up(
    mailbox: Mailbox, core: Core, deliver: Outcome, postgres: EmbeddedPostgres
) -> None:
    mailbox.replies = ["451 never"] * 20
    await put(core)
    for _ in range(9):
        await deliver()
    assert len(mailbox.replies) == 12
    assert kept(postgres) == [("failed", "the mail server answered 451", True)]
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("delete from outgoing_mails")


async def test_a_mail_of_a_transaction_that_failed_is_not_sent(mailbox: Mailbox, core: Core, deliver: Outcome) -> None:
    async def fail() -> None:
        async with core.db.nobody() as session, session.begin():
            await core.outbox.send(session, MAIL)
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await fail()
    await deliver()
    assert mailbox.taken == []


async def test_a_sealed_mail_opens_only_in_its_own_row(core: Core, postgres: EmbeddedPostgres) -> None:
    from shopwright.kit.crypto import CannotDecrypt

    await put(core)
    with psycopg.connect(postgres.owner_url) as connection:
        found = connection.execute("select id, content from outgoing_mails order by created_at desc limit 1").fetchone()
        assert found is not None
        other = uuid7()
        connection.execute("insert into outgoing_mails (id, content) values (%s, %s)", (other, found[1]))
    async with core.db.nobody() as session, session.begin():
        assert await core.outbox.open(session, UUID(str(found[0]))) is not None
        with pytest.raises(CannotDecrypt):
            await core.outbox.open(session, other)
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("delete from outgoing_mails where id = %s", (other,))
