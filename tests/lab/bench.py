"""A lab without the product: a listener in the product's place, and calls as anybody could make them."""

import json
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tests.lab.callers.base import Call, caller

from shopwright.lab.accounts import Account
from shopwright.lab.app import Lab, create_lab
from shopwright.lab.registry import EMULATORS
from shopwright.lab.schemas import AccountPut

SECRET = "the-secret-of-the-lab"
PRODUCT = "http://product.test"
WORD = "the-word-of-the-webhook"


@dataclass
class Heard:
    """What the listener was sent, and what it answers."""

    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    answers_challenge: bool = True

    async def take(self, request: Request) -> PlainTextResponse:
        challenge = request.query_params.get("hub.challenge")
        if challenge is not None:
            fits = request.query_params.get("hub.verify_token") == WORD and self.answers_challenge
            return PlainTextResponse(challenge if fits else "no", 200 if fits else 403)
        body = await request.body()
        if b'"url_verification"' in body:
            return PlainTextResponse(json.loads(body)["challenge"] if self.answers_challenge else "no")
        self.requests.append((str(request.url), dict(request.headers), body))
        return PlainTextResponse("", self.status)


@dataclass
class Bench:
    lab: Lab
    http: AsyncClient
    heard: Heard

    def account(self, channel: str) -> Account:
        made = self.lab.put(str(uuid4()), AccountPut(channel=channel, name="Aria"))
        account = self.lab.accounts.get(made.id)
        assert account is not None
        return account

    async def listening(self, channel: str) -> Account:
        """An account whose webhooks come to the listener, and whose customer has said hello."""
        account = self.account(channel)
        for call in caller(channel).registering(account, f"{PRODUCT}/webhooks/{channel}/k", WORD):
            answer = await self.call(call)
            assert answer.status_code < 300, answer.text
        emulator = EMULATORS[channel]
        assert not await emulator.paste(account, f"{PRODUCT}/webhooks/{channel}/k", WORD, self.lab.courier)
        await self.act(account, "text", text="Hello")
        return account

    async def act(self, account: Account, kind: str, **fields: Any) -> Any:
        answer = await self.control("POST", f"accounts/{account.id}/acts", {"kind": kind, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def call(self, call: Call) -> Response:
        content = json.dumps(call.json).encode() if call.json is not None else None
        headers = {"content-type": "application/json", **call.headers} if content is not None else dict(call.headers)
        if call.form is not None:
            content = urlencode(call.form, doseq=True).encode()
            headers["content-type"] = "application/x-www-form-urlencoded"
        return await self.http.request(call.method, call.path, content=content, headers=headers)

    async def control(self, method: str, path: str, body: Any = None, secret: str = SECRET) -> Response:
        headers = {"authorization": f"Bearer {secret}"}
        return await self.http.request(method, f"/control/{path}", json=body, headers=headers)


@asynccontextmanager
async def open_bench() -> Any:
    heard = Heard()
    product = Starlette(routes=[Route("/{path:path}", heard.take, methods=["GET", "POST"])])
    async with AsyncClient(transport=ASGITransport(app=product), base_url=PRODUCT) as client:
        lab = Lab(SECRET, "http://lab.test", PRODUCT, client)
        transport = ASGITransport(app=create_lab(lab), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://lab.test") as http:
            yield Bench(lab, http, heard)
        await lab.close()
