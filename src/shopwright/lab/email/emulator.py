"""E-mail: our mailbox is read and written to by its own protocols, and the customer has a mail program.

Sources: RFC 5321, RFC 9051, RFC 5322, RFC 3464; greylisting: RFC 6647.
"""

import secrets
from collections.abc import Iterable, Mapping
from email.policy import SMTP
from typing import ClassVar, Final
from urllib.parse import quote

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import Answer, Call, Emulator, Heard, Refused, Request, Servers, Web
from shopwright.lab.email import customer
from shopwright.lab.email.mailbox import put
from shopwright.lab.email.reading import read
from shopwright.lab.email.servers import MailServers
from shopwright.lab.schemas import ActKind, FaultKind, LabAct

# What the mailbox takes; a larger mail is refused while it is handed over.
MAX_BYTES: Final = 25 * 1024 * 1024


class EmailEmulator(Emulator):
    slug: ClassVar[str] = "email"
    name: ClassVar[str] = "E-mail"
    acts: ClassVar[frozenset[ActKind]] = frozenset({"text", "image", "voice", "file", "block", "unblock"})
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "choice": "A mail has no buttons; answer with the number.",
        "edit": "A mail that was sent cannot be changed.",
        "delete": "A mail that was sent cannot be taken back.",
        "reaction": "A mail program does not tell of reactions.",
        "read": "Mail programs do not tell whether a mail was read.",
        "location": "A mail has no place in it.",
    }
    by_hand: ClassVar[bool] = True
    # The customer's server tries again later.
    retries: ClassVar[tuple[float, ...]] = (1.0, 60.0, 300.0)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        address = f"help@{secrets.token_hex(4)}.lab.example"
        login = f"{quote(address, safe='')}:{secrets.token_urlsafe(18)}"
        # Where the servers are is asked for at each use: their ports are new at each start.
        return {"address": address, "imap_url": f"imap://{login}@mail.lab.example",
                "smtp_url": f"smtp://{login}@mail.lab.example"}  # fmt: skip

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["address"]]

    def opens(self, accounts: Accounts) -> Servers:
        return MailServers(accounts)

    def account_of(self, call: Call, accounts: Accounts) -> Account:  # noqa: ARG002
        raise Refused(Answer({"error": "mail is spoken by IMAP and SMTP"}, 404))

    def title(self, call: Call) -> str:
        return call.path

    def sends(self, call: Call) -> bool:  # noqa: ARG002
        return False

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        return Answer(None, 404)

    def fault(self, kind: FaultKind, seconds: float) -> Answer:  # noqa: ARG002 - the servers say it in their own way
        return Answer(None, 503)

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def request(self, account: Account, payload: Payload) -> Request | None:  # noqa: ARG002
        return None

    async def bring(self, account: Account, payload: Payload, web: Web) -> Heard | None:  # noqa: ARG002
        """Lay the mail into our mailbox; nobody tells us of it."""
        if len(payload.body) > MAX_BYTES:
            return Heard(552, b"5.3.4 Message size exceeds fixed limit")
        put(account, payload.body)
        return Heard(250, b"2.0.0 Ok")

    def oversized(self, payload: Payload) -> Payload:
        mail = read(payload.body)
        mail.add_attachment(b"x" * MAX_BYTES, maintype="application", subtype="octet-stream", filename="large.bin")
        return Payload(mail.as_bytes(policy=SMTP), payload.about, payload.receipt)
