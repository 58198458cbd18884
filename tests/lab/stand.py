"""An emulator by itself: calls go straight to it, and what it would send is looked at."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from granian.constants import Interfaces
from granian.server.embed import Server
from tests.lab.server import serving
from tests.ports import free_port

from shopwright.lab.accounts import Account, Payload
from shopwright.lab.app import Lab, create_lab
from shopwright.lab.base import FORM, Answer, Call, Emulator, Heard, Request
from shopwright.lab.registry import EMULATORS
from shopwright.lab.schemas import AccountPut, LabAct

PRODUCT = "http://product.example"


@dataclass
class Listener:
    """Takes webhooks in the product's place."""

    heard: list[Request] = field(default_factory=list)
    answer: Heard = field(default_factory=lambda: Heard(200))

    def reaches(self, url: str) -> bool:
        return url.startswith(PRODUCT)

    async def send(self, request: Request) -> Heard:
        self.heard.append(request)
        return self.answer


@dataclass
class Stand:
    """One account on one platform."""

    lab: Lab
    account: Account
    emulator: Emulator

    async def call(self, method: str, path: str, **parts: Any) -> Answer:
        """A call to the platform; `path` begins with the name of its server."""
        body, headers = parts.pop("body", b""), {k.lower(): v for k, v in parts.pop("headers", {}).items()}
        if "json" in parts:
            body, headers["content-type"] = json.dumps(parts.pop("json")).encode(), "application/json"
        if "form" in parts:
            body, headers["content-type"] = urlencode(parts.pop("form")).encode(), FORM
        split = urlsplit(path)
        address, _, rest = split.path.partition("/")
        call = Call(method, address, rest, dict(parse_qsl(split.query)), headers, body)
        return await self.lab.call(self.emulator.slug, call)

    def does(self, kind: Any, **fields: Any) -> list[Payload]:
        return self.emulator.act(self.account, LabAct(kind=kind, **fields))

    def sends(self, payload: Payload) -> Request:
        request = self.emulator.request(self.account, payload)
        assert request is not None
        return request

    @property
    def problems(self) -> list[str]:
        return [violation.problem for violation in self.account.violations]

    def shown(self) -> list[Any]:
        return [entry.shown for entry in self.account.entries]


def open_stand(
    channel: str, credentials: Mapping[str, str] | None = None, lab_url: str = "http://lab.example"
) -> Stand:
    lab = Lab("secret", lab_url, PRODUCT)
    lab.put("one", AccountPut(channel=channel, name="Shop", credentials=dict(credentials) if credentials else None))
    account = lab.accounts.get("one")
    assert account is not None
    account.webhook = {"url": f"{PRODUCT}/webhooks/{channel}/x"}
    return Stand(lab, account, EMULATORS[channel])


@asynccontextmanager
async def served_stand(channel: str) -> AsyncIterator[tuple[Stand, str]]:
    """The same on loopback, for the platform's own client."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    stand = open_stand(channel, lab_url=url)
    server = Server(create_lab(stand.lab), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    async with serving(server, port):
        yield stand, url
