"""As much of an SMTP server as handing in a mail needs. Source: RFC 5321, RFC 6409, RFC 4954."""

import asyncio
import base64
import binascii
import re
import time
from datetime import UTC, datetime
from typing import Final

from shopwright.lab.accounts import Account, Accounts
from shopwright.lab.email import customer, reading
from shopwright.lab.email.mailbox import customer_address, login_of, own_address, put
from shopwright.lab.schemas import Fault, SeenCall

MAX_LINE: Final = 64 * 1024
MAX_BYTES: Final = 25 * 1024 * 1024
NAME: Final = "mx.lab.example"
_PATH: Final = re.compile(r"(?:FROM|TO):\s*<([^<>]*)>", re.IGNORECASE)


class _Closed(Exception):
    """The connection ends without another word."""


class Session:
    """One connection."""

    def __init__(self, accounts: Accounts, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._accounts, self._reader, self._writer = accounts, reader, writer
        self._account: Account | None = None
        self._greeted = False
        self._sender: str | None = None
        self._receivers: list[str] = []

    async def run(self) -> None:
        await self._say(f"220 {NAME} ESMTP")
        while line := await self._line():
            command, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            name = command.upper()
            if name == "QUIT":
                await self._say("221 2.0.0 Bye")
                return
            try:
                await self._do(name, rest)
            except _Closed:
                return

    async def _line(self) -> bytes:
        line = await self._reader.readline()
        if line and not line.endswith(b"\r\n"):
            self._violated("a line does not end with CR and LF")
        return line

    async def _say(self, *lines: str) -> None:
        said = [f"{line[:3]}{'-' if n < len(lines) - 1 else ' '}{line[4:]}\r\n" for n, line in enumerate(lines)]
        self._writer.write("".join(said).encode())
        await self._writer.drain()

    def _violated(self, problem: str) -> None:
        if self._account is not None:
            self._account.violated("SMTP", problem)

    async def _do(self, name: str, rest: str) -> None:
        if name in {"EHLO", "HELO"}:
            self._greeted = True
            more = [f"250 SIZE {MAX_BYTES}", "250 ENHANCEDSTATUSCODES", "250 AUTH PLAIN"] if name == "EHLO" else []
            await self._say(f"250 {NAME}", *more)
        elif name == "AUTH":
            await self._auth(rest)
        elif name == "MAIL":
            await self._mail(rest)
        elif name == "RCPT":
            await self._rcpt(rest)
        elif name == "DATA":
            await self._data()
        elif name in {"RSET", "NOOP"}:
            self._sender, self._receivers = (None, []) if name == "RSET" else (self._sender, self._receivers)
            await self._say("250 2.0.0 Ok")
        else:
            self._violated(f"there is no command {name[:20]}")
            await self._say("502 5.5.1 Command not implemented")

    async def _auth(self, rest: str) -> None:
        kind, _, given = rest.partition(" ")
        if not self._greeted or kind.upper() != "PLAIN":
            await self._say("504 5.5.4 Unrecognized authentication type")
            return
        if not given:
            await self._say("334 ")
            given = (await self._line()).decode("ascii", "replace").strip()
        try:
            _, user, password = base64.b64decode(given, validate=True).decode().split("\0")
        except (binascii.Error, ValueError):
            await self._say("501 5.5.2 Cannot decode")
            return
        account = self._accounts.named("email", user)
        right = account is not None and login_of(account.credentials, "smtp") == (user, password)
        if account is None or not right or account.strikes("expired_token") is not None:
            await self._say("535 5.7.8 Authentication credentials invalid")
            return
        self._account = account
        await self._say("235 2.7.0 Authentication successful")

    async def _mail(self, rest: str) -> None:
        found = _PATH.match(rest)
        if self._account is None:
            await self._say("530 5.7.0 Authentication required")
        elif found is None:
            self._violated("MAIL has no address in angle brackets")
            await self._say("501 5.5.4 Syntax: MAIL FROM:<address>")
        elif found[1].lower() != own_address(self._account).lower():
            self._violated(f"a mail is sent as {found[1]}, which is not the account's address")
            await self._say("553 5.7.1 Sender address rejected: not owned by user")
        else:
            self._sender, self._receivers = found[1], []
            await self._say("250 2.1.0 Ok")

    async def _rcpt(self, rest: str) -> None:
        found = _PATH.match(rest)
        if self._account is None or self._sender is None:
            await self._say("503 5.5.1 Need MAIL command")
        elif found is None:
            self._violated("RCPT has no address in angle brackets")
            await self._say("501 5.5.4 Syntax: RCPT TO:<address>")
        elif found[1].lower() != customer_address(self._account).lower():
            self._violated(f"nobody with the address {found[1]} ever wrote")
            await self._say("550 5.1.1 Recipient address rejected: User unknown")
        elif self._account.strikes("rate_limited") is not None:
            self._saw("SMTP greylisted", 450)
            await self._say("450 4.2.0 Recipient address rejected: Greylisted, try again later")
        else:
            self._receivers.append(found[1])
            await self._say("250 2.1.5 Ok")

    async def _data(self) -> None:
        account = self._account
        if account is None or not self._receivers:
            await self._say("503 5.5.1 Need RCPT command")
            return
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        self._sender, self._receivers = None, []
        if content is None:
            account.violated("SMTP", f"the mail is larger than {MAX_BYTES} bytes")
            await self._say("552 5.3.4 Message size exceeds fixed limit")
            return
        if account.strikes("server_error") is not None:
            self._saw("SMTP mail", 451)
            await self._say("451 4.3.0 Temporary server error")
            return
        fault = account.strikes("timeout_after_accept")
        self._take(account, content)
        if fault is not None:
            await self._vanish(fault)
        await self._say("250 2.0.0 Ok: queued")

    async def _content(self) -> bytes | None:
        """The mail, or None when it is too large; it is read to its end in any case."""
        content, size = bytearray(), 0
        while (line := await self._line()) != b".\r\n":
            if not line:
                raise _Closed
            plain = line[1:] if line.startswith(b".") else line
            size += len(plain)
            if size <= MAX_BYTES:
                content += plain
        return bytes(content) if size <= MAX_BYTES else None

    async def _vanish(self, fault: Fault) -> None:
        """The server has the mail, but its answer does not arrive."""
        await asyncio.sleep(fault.seconds)
        raise _Closed

    def _take(self, account: Account, content: bytes) -> None:
        started = time.perf_counter()
        mail = reading.read(content)
        if not content.isascii():
            account.violated("SMTP", "the mail has bytes beyond ASCII, which this server does not take (8BITMIME)")
        for problem in reading.problems(account, content, mail):
            account.violated("mail", problem)
        if account.blocked:
            put(account, customer.bounce(account, mail))
        else:
            name = str(mail["message-id"] or "").strip()
            shown = reading.shown(mail, name if account.find(name) is None else f"{name} again")
            references = [*str(mail["references"] or "").split(), name]
            account.show(shown, {"references": references, "subject": shown.subject})
        self._saw("SMTP mail", 250, (time.perf_counter() - started) * 1000)

    def _saw(self, call: str, status: int, ms: float = 0.0) -> None:
        assert self._account is not None
        seen = SeenCall(at=datetime.now(UTC), direction="out", call=call, status=status, ms=round(ms, 1))
        self._account.saw(seen)
