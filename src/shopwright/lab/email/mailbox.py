"""A mailbox of ours, and the address of the customer: what the servers and the mail program share."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from zlib import crc32

from shopwright.lab.accounts import Account

MAX_MAILS: Final = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies in the mailbox."""

    uid: int
    content: bytes


def login_of(credentials: Mapping[str, str], kind: str) -> tuple[str, str]:
    """User and password for the server of this kind, "imap" or "smtp"."""
    parts = urlsplit(credentials[f"{kind}_url"])
    return unquote(parts.username or ""), unquote(parts.password or "")


def own_address(account: Account) -> str:
    return account.credentials["address"]


def customer_address(account: Account) -> str:
    return f"customer.{account.customer}@post.lab.example"


def mails(account: Account) -> list[Mail]:
    found: list[Mail] = account.state.setdefault("mailbox", [])
    return found


def validity(account: Account) -> int:
    """The mailbox's number: the same also when the lab was started again, since uids go on."""
    return crc32(account.id.encode()) or 1


def put(account: Account, content: bytes) -> int:
    """Lay a mail into the mailbox; returns its number, which is higher than all before."""
    box = mails(account)
    uid: int = max(int(time.time()), account.state.get("uid", 0) + 1)
    account.state["uid"] = uid
    box.append(Mail(uid, content))
    del box[:-MAX_MAILS]
    return uid
