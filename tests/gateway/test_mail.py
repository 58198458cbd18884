"""Mailboxes: read now and then, each message once, and answered by mail."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import pytest_asyncio
from httpx2 import AsyncClient
from tests.gateway.stub_platform import StubPlatform
from tests.gateway.talk import QUESTION, Jobs, Line, open_line
from tests.shops import Shop

from shopwright.entrypoints.wiring import Core
from shopwright.gateway.mail import start_polling
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.mailboxes import MailFailed, Mark, read_mail

USER = "help"


@dataclass
class MailServer:
    """A mailbox (IMAP) and the way out (SMTP), as far as our client speaks them."""

    inbox: list[bytes] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    password: str = "right"
    refuses: int = 0
    imap_port: int = 0
    smtp_port: int = 0

    @property
    def imap_url(self) -> str:
        return f"imap://{USER}:right@127.0.0.1:{self.imap_port}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://{USER}:right@127.0.0.1:{self.smtp_port}"

    def arrives(self, sender: str, text: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "help@shop.example", "A question"
        message["Message-ID"] = f"<{len(self.inbox)}@customer.example>"
        message.set_content(text)
        self.inbox.append(message.as_bytes())

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["MailServer"]:
        server = cls()
        imap = await asyncio.start_server(server._imap, "127.0.0.1", 0)
        smtp = await asyncio.start_server(server._smtp, "127.0.0.1", 0)
        server.imap_port, server.smtp_port = (s.sockets[0].getsockname()[1] for s in (imap, smtp))
        try:
            yield server
        finally:
            imap.close()
            smtp.close()

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            answer, done = self._imap_answer(command)
            writer.write(answer + f"{tag} {done}\r\n".encode())
            await writer.drain()
        writer.close()

    def _imap_answer(self, command: str) -> tuple[bytes, str]:
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n", "OK done"
        if command.startswith("LOGIN"):
            return b"", "OK done" if self.password in command else "NO wrong"
        if command.startswith(("SELECT", "EXAMINE")):
            return f"* {len(self.inbox)} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n".encode(), "OK [READ-ONLY] done"
        if "SEARCH" in command:
            first = int(re.search(r"UID (\d+):", command)[1])  # type: ignore[index]
            # As real ones do: the last message is always part of "n:*".
            uids = [n for n in range(1, len(self.inbox) + 1) if n >= first] or [len(self.inbox)] * bool(self.inbox)
            return f"* SEARCH {' '.join(map(str, uids))}\r\n".encode(), "OK done"
        if "FETCH" in command:
            uid = int(command.split()[2])
            body = self.inbox[uid - 1]
            if "SIZE" in command:
                return f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(body)})\r\n".encode(), "OK done"
            return f"* {uid} FETCH (UID {uid} BODY[] {{{len(body)}}}\r\n".encode() + body + b")\r\n", "OK done"
        return b"* BYE\r\n" if command.startswith("LOGOUT") else b"", "OK done"

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        sender = recipient = ""
        while line := (await reader.readline()).decode().strip():
            word = line.upper()
            if word.startswith("DATA"):
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                if not self.refuses:
                    self.sent.append((sender, recipient, body))
                writer.write(f"{self.refuses or 250} x\r\n".encode())
                continue
            if word.startswith("MAIL"):
                sender = line
            elif word.startswith("RCPT"):
                recipient = line
            writer.write(b"250-x\r\n250 AUTH PLAIN\r\n" if word.startswith("EHLO") else b"235 x\r\n"
                         if word.startswith("AUTH") else b"250 x\r\n")  # fmt: skip
            await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer.started() as started:
        yield started


@pytest_asyncio.fixture
async def mail(
    shop: Shop, server: MailServer, platform: StubPlatform, client: AsyncClient, run_jobs: Jobs, core: Core,
    postgres: EmbeddedPostgres,
) -> AsyncIterator[Line]:  # fmt: skip
    server.arrives("old@customer.example", "This was here before.")
    fields = {"address": "help@shop.example", "imap_url": server.imap_url, "smtp_url": server.smtp_url}
    line = await open_line(shop, platform, client, run_jobs, postgres, channel="email", fields=fields)
    server.sent.clear()
    await start_polling(core.db, line.tenant_id)
    await line.settle()
    yield line
    # Reading goes on by itself for ever.
    line.rows("delete from procrastinate_jobs where task_name = 'gateway.mail' returning id")


async def test_mail_is_answered_once_by_mail_and_old_mail_is_left_alone(mail: Line, server: MailServer) -> None:
    server.arrives("sam@customer.example", QUESTION)
    for _ in range(3):
        await mail.settle()

    [(sender, recipient, raw)] = server.sent
    text = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert "help@shop.example" in sender
    assert "sam@customer.example" in recipient
    assert text is not None
    assert "30 days" in text.get_content()
    assert (await mail.shop.get(f"/v1/tenant/deployments/{mail.deployment['id']}"))["status"] == "connected"
    assert [row[1] for row in mail.inbox()] == ["done"]


async def test_a_mail_server_that_is_busy_is_tried_again(mail: Line, server: MailServer) -> None:
    server.refuses = 451
    server.arrives("sam@customer.example", QUESTION)
    for _ in range(2):
        await mail.settle()
    waiting = mail.outbox()
    server.refuses = 0
    await mail.settle()
    assert waiting[0][0] == "pending"
    assert "451" in waiting[0][2]
    assert len(server.sent) == 1


async def test_a_mailbox_that_refuses_the_password_says_so(mail: Line, server: MailServer) -> None:
    server.password = "another one"
    await mail.settle()
    read = await mail.shop.get(f"/v1/tenant/deployments/{mail.deployment['id']}")
    assert (read["status"], "user or password" in read["detail"]) == ("failed", True)


@pytest.mark.parametrize("url", ["imaps://u:p@127.0.0.1:993", "imaps://u:p@10.0.0.1", "http://u:p@shop.example", "x"])
async def test_a_mailbox_inside_our_network_is_not_read(url: str) -> None:
    with pytest.raises(MailFailed):
        await read_mail(EgressPolicy(), url, Mark(1, 1))
