"""Browsers and mailboxes for tests of the way in."""

import email
import hashlib
import itertools
import os
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

PASSWORD = "a-good-long-password"
ORIGIN = "http://localhost:8000"
_numbers = itertools.count(1)


def new_email(name: str = "person") -> str:
    return f"{name}-{os.getpid()}-{next(_numbers)}@people.example"


def visitor(app: FastAPI) -> AsyncClient:
    """A caller from a network address of its own, since the doors are limited by address."""
    digest = hashlib.sha256(f"{os.getpid()}-{next(_numbers)}".encode()).digest()
    transport = ASGITransport(
        app=app, raise_app_exceptions=False, client=(f"10.{digest[0]}.{digest[1]}.{digest[2]}", 1)
    )
    return AsyncClient(transport=transport, base_url=ORIGIN)


def mails_to(folder: Path, to: str) -> list[EmailMessage]:
    """The mails that were written for an address, oldest first."""
    name = re.sub(r"[^A-Za-z0-9.@_-]", "_", to)
    files = sorted(folder.glob(f"*-{name}-*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [cast(EmailMessage, email.message_from_bytes(file.read_bytes(), policy=default)) for file in files]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def token_in(mail: EmailMessage) -> str:
    """The secret of the link in a mail."""
    found = re.search(r"#token=([\w=-]+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


async def sign_up(http: AsyncClient, to: str, **fields: str) -> Response:
    body = {"email": to, "password": PASSWORD, "name": "Ada Example", "tenant_name": "Ada's Shop", **fields}
    return await http.post("/v1/auth/sign-up", json=body)
