"""As much of an IMAP server as reading a mailbox needs. Source: RFC 3501, RFC 9051."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Final

from shopwright.lab.accounts import Account, Accounts
from shopwright.lab.email.mailbox import Mail, login_of, mails, validity
from shopwright.lab.schemas import SeenCall

MAX_LINE: Final = 8_192
_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_SET: Final = re.compile(r"(\d+|\*)(?::(\d+|\*))?")
_PART: Final = re.compile(r"BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)


class _Said(Exception):
    """The last line of an answer, when something is wrong."""


class Session:
    """One connection."""

    def __init__(self, accounts: Accounts, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._accounts, self._reader, self._writer = accounts, reader, writer
        self._account: Account | None = None
        self._selected = False

    async def run(self) -> None:
        self._writer.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while line := (await self._reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            tag, _, command = line.partition(" ")
            try:
                done = self._do(command)
            except _Said as exc:
                done = str(exc)
            self._writer.write(f"{tag} {done}\r\n".encode())
            await self._writer.drain()
            if command.upper().startswith("LOGOUT"):
                return

    def _do(self, command: str) -> str:
        name, _, rest = command.strip().partition(" ")
        do = _COMMANDS.get(name.upper())
        if do is None:
            self._violated(f"the lab knows no command {name.upper()[:20]}")
            raise _Said("BAD unknown command")
        return do(self, rest)

    def _violated(self, problem: str) -> None:
        if self._account is not None:
            self._account.violated("IMAP", problem)

    def capability(self, _: str) -> str:
        self._writer.write(b"* CAPABILITY IMAP4rev1\r\n")
        return "OK CAPABILITY completed"

    def noop(self, _: str) -> str:
        return "OK NOOP completed"

    def logout(self, _: str) -> str:
        self._writer.write(b"* BYE good bye\r\n")
        return "OK LOGOUT completed"

    def login(self, rest: str) -> str:
        words = [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in _WORD.findall(rest)]
        account = self._accounts.named("email", words[0]) if len(words) == 2 else None
        if account is None or login_of(account.credentials, "imap") != (words[0], words[1]):
            raise _Said("NO [AUTHENTICATIONFAILED] Invalid credentials")
        if account.strikes("expired_token") is not None:
            account.saw(SeenCall(at=datetime.now(UTC), direction="out", call="IMAP LOGIN", status=None, ms=0))
            raise _Said("NO [AUTHENTICATIONFAILED] Invalid credentials")
        self._account = account
        return "OK LOGIN completed"

    def select(self, rest: str) -> str:
        account = self._signed_in()
        if rest.strip().strip('"').upper() != "INBOX":
            raise _Said("NO [NONEXISTENT] there is no such mailbox")
        box, self._selected = mails(account), True
        coming = account.state.get("uid", 0) + 1
        said = (
            f"* {len(box)} EXISTS", "* 0 RECENT", "* FLAGS (\\Seen \\Answered)",
            f"* OK [UIDVALIDITY {validity(account)}]", f"* OK [UIDNEXT {coming}]",
        )  # fmt: skip
        self._writer.write("".join(f"{line}\r\n" for line in said).encode())
        return "OK [READ-ONLY] EXAMINE completed"

    def uid(self, rest: str) -> str:
        if not self._selected:
            raise _Said("BAD no mailbox is selected")
        name, _, about = rest.partition(" ")
        if name.upper() == "SEARCH":
            return self._search(about)
        if name.upper() == "FETCH":
            return self._fetch(about)
        self._violated(f"the lab knows no command UID {name.upper()[:20]}")
        raise _Said("BAD unknown command")

    def _signed_in(self) -> Account:
        if self._account is None:
            raise _Said("BAD not signed in")
        return self._account

    def _search(self, about: str) -> str:
        box = mails(self._signed_in())
        words = [quoted or plain for quoted, plain in _WORD.findall(about)]
        if len(words) == 2 and words[0].upper() == "UID":
            found = self._of(words[1], box)
        elif len(words) == 3 and words[0].upper() == "HEADER":
            found = [
                mail for mail in box if words[2].lower() in str(message_from_bytes(mail.content)[words[1]]).lower()
            ]
        else:
            self._violated(f"the lab cannot search for {about[:60]}")
            raise _Said("BAD unknown criterion")
        self._writer.write(f"* SEARCH {' '.join(str(mail.uid) for mail in found)}".rstrip().encode() + b"\r\n")
        return "OK SEARCH completed"

    def _of(self, numbers: str, box: list[Mail]) -> list[Mail]:
        found = _SET.fullmatch(numbers)
        if found is None:
            raise _Said("BAD no set of numbers")
        last = box[-1].uid if box else 0
        first, until = (last if n == "*" else int(n) for n in (found[1], found[2] or found[1]))
        # "n:*" always has the last mail in it, also when n is beyond it.
        low, high = min(first, until), max(first, until)
        return [mail for mail in box if low <= mail.uid <= high]

    def _fetch(self, about: str) -> str:
        account = self._signed_in()
        numbers, _, items = about.partition(" ")
        wanted = items.strip().strip("()")
        part = _PART.fullmatch(wanted)
        if part is None and wanted.upper() != "RFC822.SIZE":
            self._violated(f"the lab cannot fetch {wanted[:60]}")
            raise _Said("BAD unknown item")
        box = mails(account)
        for mail in self._of(numbers, box):
            head = f"* {box.index(mail) + 1} FETCH (UID {mail.uid} "
            if part is None:
                self._writer.write(f"{head}RFC822.SIZE {len(mail.content)})\r\n".encode())
                continue
            if "PEEK" not in wanted.upper():
                self._violated("a mail is fetched without PEEK, which marks it as read")
            start = int(part[1] or 0)
            piece = mail.content[start : start + int(part[2])] if part[2] else mail.content
            name = f"BODY[]<{start}>" if part[2] else "BODY[]"
            self._writer.write(f"{head}{name} {{{len(piece)}}}\r\n".encode() + piece + b")\r\n")
            account.saw(SeenCall(at=datetime.now(UTC), direction="out", call="IMAP FETCH", status=200, ms=0))
        return "OK FETCH completed"


_COMMANDS: Final[dict[str, Callable[[Session, str], str]]] = {
    "CAPABILITY": Session.capability, "NOOP": Session.noop, "LOGOUT": Session.logout, "LOGIN": Session.login,
    "SELECT": Session.select, "EXAMINE": Session.select, "UID": Session.uid,
}  # fmt: skip
