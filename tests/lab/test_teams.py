"""Teams' emulator by itself: Microsoft's own library as caller and judge, and callers that do it wrong."""

import asyncio
import json
from typing import Any

import pytest
from botbuilder.schema import Activity, Attachment, ChannelAccount
from botframework.connector import ConnectorClient
from botframework.connector.auth import (
    AuthenticationConfiguration,
    ChannelValidation,
    JwtTokenExtractor,
    SimpleCredentialProvider,
)
from botframework.connector.auth.jwt_token_extractor import _OpenIdConfig, _OpenIdMetadata
from jwt.algorithms import RSAAlgorithm
from msrest.authentication import BasicTokenAuthentication
from tests.lab.booth import QUESTION, Booth, open_booth
from tests.lab.stand import Stand, open_stand, served_stand

from shopwright.deployments import calling
from shopwright.lab.teams import tokens
from shopwright.lab.teams.activities import bot_id, conversation_id

SCOPE = "https://api.botframework.com/.default"
CARD: dict[str, Any] = {
    "type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "**Lamp**", "wrap": True}],
    "actions": [{"type": "Action.Submit", "title": "Order it", "data": {"choice": "order"}}],
}  # fmt: skip


def adaptive(card: Any) -> dict[str, Any]:
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}


@pytest.fixture
def stand() -> Stand:
    return open_stand("teams")


async def sign_in(stand: Stand, tenant: str | None = None, **changed: str) -> Any:
    known = stand.account.credentials
    form = {
        "grant_type": "client_credentials", "client_id": known["app_id"], "client_secret": known["app_password"],
        "scope": SCOPE, **changed,
    }  # fmt: skip
    return await stand.call("POST", f"login/{tenant or known['app_tenant_id']}/oauth2/v2.0/token", form=form)


async def say(stand: Stand, **activity: Any) -> Any:
    token = (await sign_in(stand)).body["access_token"]
    path = f"service/v3/conversations/{conversation_id(stand.account)}/activities"
    return await stand.call("POST", path, json=activity, headers={"authorization": f"Bearer {token}"})


async def test_microsofts_own_client_says_edits_and_deletes_what_the_customer_sees() -> None:
    async with served_stand("teams") as (stand, url):
        credentials = BasicTokenAuthentication({"access_token": (await sign_in(stand)).body["access_token"]})
        client = ConnectorClient(credentials, base_url=f"{url}/teams/service/")
        talk, bot = conversation_id(stand.account), ChannelAccount(id=bot_id(stand.account))
        send, change = client.conversations.send_to_conversation, client.conversations.update_activity
        said = await asyncio.to_thread(send, talk, Activity(type="message", text="Hello **you**", from_property=bot))
        card = Attachment(content_type="application/vnd.microsoft.card.adaptive", content=CARD)
        sent = await asyncio.to_thread(send, talk, Activity(type="message", attachments=[card]))
        await asyncio.to_thread(change, talk, said.id, Activity(type="message", text="Changed"))
        await asyncio.to_thread(client.conversations.delete_activity, talk, sent.id)

    first, second = stand.shown()
    assert (first.id, first.edited, first.lines[0][0].text) == (said.id, True, "Changed")
    assert (second.cards[0].title, second.deleted) == ("Lamp", True)
    assert stand.problems == []


async def test_microsofts_own_validator_takes_every_request_and_none_for_another_bot(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keys(_OpenIdMetadata):
        """The keys, without a network."""

        async def get(self, key_id: str, _force_refresh: bool = False) -> Any:
            found = next((k for k in tokens.public_keys()["keys"] if k["kid"] == key_id), None)
            return found and _OpenIdConfig(RSAAlgorithm.from_jwk(found), found["endorsements"])

    monkeypatch.setattr(JwtTokenExtractor, "get_open_id_metadata", staticmethod(Keys))
    [payload] = stand.does("text", text="Hello")
    request = stand.sends(payload)
    said = Activity().deserialize(json.loads(request.body))

    async def check(app_id: str) -> bool:
        claims = await ChannelValidation.authenticate_channel_token_with_service_url(
            request.headers["authorization"], SimpleCredentialProvider(app_id, ""), said.service_url, said.channel_id,
            AuthenticationConfiguration(),
        )  # fmt: skip
        return bool(claims.is_authenticated)

    assert await check(stand.account.credentials["app_id"])
    with pytest.raises(PermissionError):
        await check("00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"tenant": "botframework.com"}, 400, "unauthorized_client"),
    ],
)
async def test_who_signs_in_wrongly_gets_no_token(stand: Stand, changed: Any, status: int, error: str) -> None:
    answer = await sign_in(stand, **changed)
    assert (answer.status, answer.body["error"]) == (status, error)
    assert "access_token" not in answer.body


@pytest.mark.parametrize(
    ("activity", "status", "problem"),
    [
        ({"text": "x"}, 400, "type is missing"),
        ({"type": "message"}, 400, "empty"),
        ({"type": "message", "text": "x", "colour": "red"}, 400, "colour is no field"),
        ({"type": "message", "text": "x", "textFormat": "html"}, 400, "textFormat is none of"),
        ({"type": "message", "text": "x", "from": {"id": "28:other"}}, 400, "from is not the bot"),
        ({"type": "message", "text": "x", "conversation": {"id": "a:other"}}, 400, "not that of the address"),
        ({"type": "message", "text": "x" * 60_000}, 413, "bytes as UTF-16"),
        ({"type": "message", "text": "x" * 45_000}, 201, "only 81920 are sure"),
        ({"type": "message", "text": "x", "attachments": [adaptive(CARD)]}, 201, "are split"),
        ({"type": "message", "attachments": [adaptive(CARD)] * 11}, 400, "11 entries"),
        ({"type": "message", "attachments": [adaptive({**CARD, "version": "1.6"})]}, 400, "version is none of"),
        ({"type": "message", "attachments": [adaptive({**CARD, "actions": CARD["actions"] * 7})]}, 400, "7 entries"),
        ({"type": "message", "attachments": [adaptive({**CARD, "body": [{"type": "TextBlock"}]})]}, 400, "missing"),
        (
            {"type": "message", "attachments": [{"contentType": "image/png", "contentUrl": "http://shop.example/x"}]},
            400, "not at an https address",
        ),
    ],
)  # fmt: skip
async def test_a_wrong_activity_is_refused_or_noted(stand: Stand, activity: Any, status: int, problem: str) -> None:
    answer = await say(stand, **activity)
    assert answer.status == status
    assert any(problem in found for found in stand.problems), stand.problems
    assert bool(stand.shown()) is (status == 201)


@pytest.mark.parametrize("token", ["", "abc", tokens.bot_token("x", "y" * 20, "z")])
async def test_without_a_token_of_the_bots_nothing_is_taken(stand: Stand, token: str) -> None:
    path = f"service/v3/conversations/{conversation_id(stand.account)}/activities"
    headers = {"authorization": f"Bearer {token}"}
    answer = await stand.call("POST", path, json={"type": "message", "text": "x"}, headers=headers)
    assert (answer.status, stand.shown()) == (401, [])


async def test_a_token_of_another_bot_is_not_taken(stand: Stand) -> None:
    forged = tokens.bot_token(stand.account.credentials["app_id"], "another secret, as long as one", "t")
    path = f"service/v3/conversations/{conversation_id(stand.account)}/activities"
    answer = await stand.call("POST", path, json={"type": "typing"}, headers={"authorization": f"Bearer {forged}"})
    assert answer.status == 401


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"2\. a \*b\* \_c\_ &amp; &lt;at&gt;", [{"text": "2. a *b* _c_ & <at>"}]),
        ("**bold** _it_ ~~gone~~", [
            {"text": "bold", "bold": True}, {"text": " "}, {"text": "it", "italic": True}, {"text": " "},
            {"text": "gone", "strike": True},
        ]),
        ("[the shop](https://shop.example)", [{"text": "the shop", "url": "https://shop.example"}]),
        ("one\ntwo", [{"text": "one two"}]),
    ],
)  # fmt: skip
async def test_markdown_is_shown_as_teams_shows_it(stand: Stand, text: str, shown: Any) -> None:
    await say(stand, type="message", text=text, textFormat="markdown")
    [line] = stand.shown()[0].lines
    assert [run.model_dump(exclude_defaults=True) for run in line] == shown


async def test_what_is_pressed_brings_the_data_of_the_button_and_names_the_card(stand: Stand) -> None:
    card = (await say(stand, type="message", attachments=[adaptive(CARD)])).body["id"]
    value = stand.shown()[0].cards[0].choices[0].value
    [payload] = stand.does("choice", value=value, message_id=card)
    assert (payload.body["value"], payload.body["replyToId"]) == ({"choice": "order"}, card)
    assert "text" not in payload.body


async def test_who_removed_the_app_gets_nothing(stand: Stand) -> None:
    [told] = stand.does("block")
    answer = await say(stand, type="message", text="x")
    assert (told.body["type"], told.body["action"]) == ("installationUpdate", "remove")
    assert (answer.status, answer.body["error"]["code"]) == (403, "ConversationBlockedByUser")


async def test_a_bot_is_told_of_reactions_to_its_own_messages_only(stand: Stand) -> None:
    said = (await say(stand, type="message", text="x")).body["id"]
    stand.does("text", text="Hello")
    mine = stand.shown()[-1].id
    [told] = stand.does("reaction", message_id=said, emoji="👍")
    assert told.body["reactionsAdded"] == [{"type": "like"}]
    assert stand.does("reaction", message_id=mine, emoji="👍") == []


async def test_a_lab_with_a_new_key_is_believed_as_soon_as_it_is_asked_for(
    shop: Any, lab: Any, run_jobs: Any, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth: Booth = await open_booth(shop, lab, run_jobs, postgres, "teams")
    await booth.writes(QUESTION)
    tokens.signing_key.cache_clear()

    monkeypatch.setattr(calling, "MIN_KEYS_SECONDS", 3600)
    early = await booth.act("text", text=QUESTION)
    monkeypatch.setattr(calling, "MIN_KEYS_SECONDS", 0)
    await booth.writes(QUESTION)

    assert (early["delivered"], early["status"]) == (False, 401)
