"""A lab without the product: a listener in the product's place, and calls as anybody could make them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from shopwright.lab.accounts import Account
from shopwright.lab.app import Lab, create_lab
from shopwright.lab.meta.graph import number_of
from shopwright.lab.registry import EMULATORS
from shopwright.lab.schemas import AccountPut

SECRET = "the-secret-of-the-lab"
PRODUCT = "http://product.test"
WORD = "the-word-of-the-webhook"


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: Any = None

    def with_json(self, **changed: Any) -> "Call":
        """The same with fields of its body exchanged; None takes one away."""
        body = {**self.json, **changed}
        return replace(self, json={name: value for name, value in body.items() if value is not None})

    def with_form(self, **changed: Any) -> "Call":
        form = {**self.form, **changed}
        return replace(self, form={name: value for name, value in form.items() if value is not None})


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
        self.requests.append((str(request.url), dict(request.headers), await request.body()))
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
        for call in registering(account, f"{PRODUCT}/webhooks/{channel}/k"):
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


# ---- calls as the platforms' documentation has them ------------------------------------------------------------------


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _basic(account: Account) -> dict[str, str]:
    pair = f"{account.credentials['account_sid']}:{account.credentials['auth_token']}"
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def sending(account: Account) -> Call:
    """A call that says "Hi" to the customer, with nothing wrong with it."""
    known, to = account.credentials, account.customer
    if account.channel == "telegram":
        return Call(
            "POST", f"/telegram/api/bot{known['bot_token']}/sendMessage", json={"chat_id": int(to), "text": "Hi"}
        )
    if account.channel == "whatsapp":
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": "text"}
        path = f"/whatsapp/graph/v23.0/{known['phone_number_id']}/messages"
        return Call("POST", path, _bearer(known["access_token"]), {**body, "text": {"body": "Hi"}})
    if account.channel == "messenger":
        body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": "Hi"}}
        path = f"/messenger/graph/v23.0/{known['page_id']}/messages"
        return Call("POST", path, _bearer(known["page_access_token"]), body)
    if account.channel == "instagram":
        body = {"recipient": {"id": to}, "message": {"text": "Hi"}}
        path = f"/instagram/graph/v23.0/{known['account_id']}/messages"
        return Call("POST", path, _bearer(known["access_token"]), body)
    if account.channel == "twilio":
        path = f"/twilio/api/2010-04-01/Accounts/{known['account_sid']}/Messages.json"
        form = {"To": f"+1{to}", "From": known["from_number"], "Body": "Hi"}
        return Call("POST", path, _basic(account), form=form)
    return own_call(account, {
        "type": "message", "id": f"k-{uuid4()}", "conversation": to, "text": "Hi", "plain_text": "Hi", "choices": [],
        "cards": [], "images": [], "files": [], "sources": [],
    })  # fmt: skip


def own_call(account: Account, body: Any, *, seconds_ago: int = 0, secret: str = "") -> Call:
    """A call of our own protocol, signed."""
    at = str(int(time.time()) - seconds_ago)
    signed = f"{at}.".encode() + json.dumps(body).encode()
    digest = hmac.new((secret or account.credentials["secret"]).encode(), signed, hashlib.sha256).hexdigest()
    signed_by = {"x-shopwright-timestamp": at, "x-shopwright-signature": f"sha256={digest}"}
    headers = {**signed_by, "idempotency-key": body.get("id", "x")}
    return Call("POST", "/" + account.credentials["callback_url"].split("/", 3)[-1], headers, body)


def registering(account: Account, url: str, word: str = WORD) -> Iterator[Call]:
    """The calls that point the platform at an address, where it has an API for that."""
    known = account.credentials
    if account.channel == "telegram":
        body = {"url": url, "secret_token": word, "allowed_updates": ["message", "callback_query", "message_reaction"]}
        yield Call("POST", f"/telegram/api/bot{known['bot_token']}/setWebhook", json=body)
    elif account.channel == "whatsapp":
        path = f"/whatsapp/graph/v23.0/{known['business_account_id']}/subscribed_apps"
        body = {"override_callback_uri": url, "verify_token": word}
        yield Call("POST", path, _bearer(known["access_token"]), body)
    elif account.channel == "messenger":
        app, fields = number_of(known["app_secret"]), "messages,messaging_postbacks,message_reads,message_deliveries"
        body = {"object": "page", "callback_url": url, "verify_token": word, "fields": fields}
        yield Call("POST", f"/messenger/graph/v23.0/{app}/subscriptions", _bearer(f"{app}|{known['app_secret']}"), body)
        yield Call("POST", f"/messenger/graph/v23.0/{known['page_id']}/subscribed_apps",
                   _bearer(known["page_access_token"]), {"subscribed_fields": fields})  # fmt: skip
    elif account.channel == "instagram":
        yield Call("POST", f"/instagram/graph/v23.0/{known['account_id']}/subscribed_apps",
                   _bearer(known["access_token"]), {"subscribed_fields": "messages,messaging_seen"})  # fmt: skip
    elif account.channel == "twilio":
        numbers = EMULATORS["twilio"]
        from shopwright.lab.twilio.emulator import number_sid

        assert numbers
        path = f"/twilio/api/2010-04-01/Accounts/{known['account_sid']}/IncomingPhoneNumbers/{number_sid(account)}.json"
        yield Call("POST", path, _basic(account), form={"SmsUrl": url, "SmsMethod": "POST"})


Wrong = Callable[[Account, Call], Call]
