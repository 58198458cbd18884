"""Vendors' and other people's clients, which know nothing of us, talk with the emulators over HTTP."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types import Button
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from shopwright.lab.accounts import Account
from shopwright.lab.app import Lab
from shopwright.lab.schemas import AccountPut, LabAct


async def account_of(lab: Lab, channel: str) -> Account:
    """An account whose customer has said hello."""
    made = lab.put(str(uuid4()), AccountPut(channel=channel))
    account = lab.accounts.get(made.id)
    assert account is not None
    await lab.act(account, LabAct(kind="text", text="Hello"))
    return account


class Rewritten(TwilioHttpClient):
    """Twilio's own client with another host in its addresses."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self._base), *args, **kwargs)


async def test_twilios_client_sends_and_is_told_what_is_wrong(lab: Lab) -> None:
    account = await account_of(lab, "twilio")
    known, base = account.credentials, f"{lab.lab_url}/twilio/api"
    client = Client(known["account_sid"], known["auth_token"], http_client=Rewritten(base))
    said = {"to": f"+1{account.customer}", "from_": known["from_number"]}

    sent = await asyncio.to_thread(client.messages.create, body="Hi", **said)
    numbers = await asyncio.to_thread(client.incoming_phone_numbers.list, phone_number=known["from_number"])
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(client.messages.create, body="x" * 1601, **said)
    stranger = Client(known["account_sid"], "0" * 32, http_client=Rewritten(base))
    with pytest.raises(TwilioRestException) as denied:
        await asyncio.to_thread(stranger.messages.create, body="Hi", **said)

    assert (sent.status, sent.sid) == ("queued", account.said_by("bot")[0].shown.id)
    assert [number.phone_number for number in numbers] == [known["from_number"]]
    assert (refused.value.status, refused.value.code) == (400, 21617)
    assert (denied.value.status, denied.value.code) == (401, 20003)
    assert len(account.violations) == 1


async def test_pywa_sends_texts_buttons_and_pictures_and_is_told_what_is_wrong(lab: Lab) -> None:
    account = await account_of(lab, "whatsapp")
    known, to = account.credentials, account.customer
    session = httpx.Client()
    client = WhatsApp(known["phone_number_id"], known["access_token"], session=session)
    session.base_url = httpx.URL(f"{lab.lab_url}/whatsapp/graph/v23.0")

    await asyncio.to_thread(client.send_message, to, "Hi *there*")
    await asyncio.to_thread(client.send_message, to, "Which?", buttons=[Button("Red", "r"), Button("Blue", "b")])
    await asyncio.to_thread(client.send_image, to, "https://shop.example/lamp.jpg", caption="A lamp")
    await asyncio.to_thread(client.mark_message_as_read, account.said_by("customer")[0].shown.id)
    with pytest.raises(WhatsAppError) as refused:
        await asyncio.to_thread(client.send_message, to, "x" * 4097)
    await asyncio.to_thread(session.close)

    text, buttons, picture = (entry.shown for entry in account.said_by("bot"))
    assert [(run.text, run.bold) for run in text.lines[0]] == [("Hi ", False), ("there", True)]
    assert [(choice.title, choice.value) for choice in buttons.choices] == [("Red", "r"), ("Blue", "b")]
    assert picture.images == ["https://shop.example/lamp.jpg"]
    assert account.said_by("customer")[0].shown.state == "read"
    assert refused.value.code == 131009
    assert [violation.problem for violation in account.violations] == ["text.body has 4097 characters, 4096 are taken"]
