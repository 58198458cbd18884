"""Slack's emulator by itself: Slack's own library as caller and judge, and callers that do it wrong."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.signature import SignatureVerifier
from tests.lab.stand import Listener, Stand, open_stand, served_stand

from shopwright.lab.base import Call, Heard
from shopwright.lab.slack.blocks import problems

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Which one?"}}
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Red"}, "value": "red"}


@pytest.fixture
def stand() -> Stand:
    return open_stand("slack")


async def post(stand: Stand, token: str | None = None, **given: Any) -> Any:
    channel = {"channel": f"D{stand.account.customer}"}
    bearer = {"authorization": f"Bearer {stand.account.credentials['bot_token'] if token is None else token}"}
    answer = await stand.call("POST", "api/chat.postMessage", json={**channel, **given}, headers=bearer)
    return answer.body


async def test_slacks_own_client_says_what_the_customer_then_sees() -> None:
    async with served_stand("slack") as (stand, url):
        client = WebClient(stand.account.credentials["bot_token"], base_url=f"{url}/slack/api/")
        who = await asyncio.to_thread(client.auth_test)
        said = await asyncio.to_thread(
            client.chat_postMessage, channel=f"D{stand.account.customer}", text="x", blocks=[SECTION]
        )
        await asyncio.to_thread(
            client.chat_update, channel=f"D{stand.account.customer}", ts=said["ts"], text="*Changed*"
        )

    [shown] = stand.shown()
    assert who["user_id"] == said["message"]["user"]
    assert [run.model_dump(exclude_defaults=True) for run in shown.lines[0]] == [{"text": "Changed", "bold": True}]
    assert (shown.edited, stand.problems) == (True, [])


async def test_slacks_own_client_is_refused_with_another_token() -> None:
    async with served_stand("slack") as (_, url):
        client = WebClient("xoxb-1-2-3", base_url=f"{url}/slack/api/")
        with pytest.raises(SlackApiError, match="invalid_auth"):
            await asyncio.to_thread(client.auth_test)


def test_slacks_own_verifier_takes_every_request_and_no_changed_one(stand: Stand) -> None:
    verifier = SignatureVerifier(stand.account.credentials["signing_secret"])
    for payload in stand.does("text", text="Hello"):
        request = stand.sends(payload)
        assert verifier.is_valid_request(request.body, dict(request.headers))
        assert not verifier.is_valid_request(request.body + b" ", dict(request.headers))


@pytest.mark.parametrize(
    ("given", "error", "problem"),
    [
        ({}, "no_text", "neither text nor a block"),
        ({"channel": "D1", "text": "x"}, "channel_not_found", "no conversation"),
        ({"text": "x", "colour": "red"}, None, "colour is no field"),
        ({"text": 5}, "invalid_arguments", "text is not String"),
        ({"text": "x", "thread_ts": "1.2"}, "thread_not_found", "thread_ts"),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict", "beside"),
        ({"text": "x" * 40_001}, None, "cut off"),
        ({"blocks": [SECTION] * 51}, "invalid_blocks", "51 entries"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "invalid_blocks", "3001"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks", "neither text nor fields"),
        ({"blocks": [{"type": "actions", "elements": [BUTTON, BUTTON]}]}, "invalid_blocks", "same action_id"),
        (
            {"blocks": [{"type": "image", "alt_text": "x", "image_url": "file:///x"}]},
            "invalid_blocks",
            "no web address",
        ),
        ({"blocks": [SECTION | {"text": {"type": "mrkdwn", "text": "x" * 2999}}] * 5}, "msg_blocks_too_long", "13200"),
    ],
)
async def test_a_wrong_message_is_refused_or_noted(stand: Stand, given: Any, error: str | None, problem: str) -> None:
    answer = await post(stand, **given)
    assert answer.get("error") == error
    assert any(problem in found for found in stand.problems), stand.problems
    assert len(stand.shown()) == (0 if error else 1)


@pytest.mark.parametrize(
    ("method", "path", "sent", "error"),
    [
        ("POST", "api/chat.write", {"json": {}}, "unknown_method"),
        ("POST", "api/chat.postMessage", {"body": b"{", "type": "application/json"}, "invalid_json"),
        ("POST", "api/chat.postMessage", {"body": b"<x/>", "type": "text/xml"}, "invalid_post_type"),
        ("POST", "api/files.info", {"json": {"file": "F1"}}, "invalid_post_type"),
        ("GET", "api/files.info?file=F1", {}, "file_not_found"),
    ],
)
async def test_a_wrong_call_is_refused(stand: Stand, method: str, path: str, sent: Any, error: str) -> None:
    headers = {"authorization": f"Bearer {stand.account.credentials['bot_token']}"}
    if "type" in sent:
        headers["content-type"] = sent.pop("type")
    answer = await stand.call(method, path, headers=headers, **sent)
    assert answer.body["error"] == error
    assert stand.problems


async def test_without_a_token_nothing_is_done(stand: Stand) -> None:
    answer = await stand.call("POST", "api/auth.test")
    assert answer.body == {"ok": False, "error": "not_authed"}


BLOCKS: dict[str, tuple[dict[str, Any], bool]] = {
    "a section": (SECTION, True),
    "buttons": ({"type": "actions", "elements": [BUTTON, {**BUTTON, "action_id": "b"}]}, True),
    "too many buttons": ({"type": "actions", "elements": [{**BUTTON, "action_id": f"{n}"} for n in range(26)]}, False),
    "a long title": (
        {"type": "actions", "elements": [{**BUTTON, "text": {"type": "plain_text", "text": "x" * 76}}]}, False
    ),
    "a long value": ({"type": "actions", "elements": [{**BUTTON, "value": "x" * 2001}]}, False),
    "an unknown style": ({"type": "actions", "elements": [{**BUTTON, "style": "loud"}]}, False),
    "a picture": ({"type": "image", "image_url": "https://shop.example/x.png", "alt_text": "x"}, True),
    "a picture with a long description": (
        {"type": "image", "image_url": "https://shop.example/x.png", "alt_text": "x" * 2001}, False
    ),
    "a header": ({"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}, True),
    "a long header": ({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}, False),
    "a menu of too many": (
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select", "action_id": "m",
                    "options": [
                        {"text": {"type": "plain_text", "text": f"{n}"}, "value": f"{n}"} for n in range(101)
                    ],
                }
            ],
        },
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("about", BLOCKS)
def test_slacks_own_models_judge_blocks_the_same(about: str) -> None:
    block, good = BLOCKS[about]
    try:
        read = Block.parse(block)
        assert read is not None
        read.validate_json()
        for element in block.get("elements", ()):
            BlockElement.parse(element).validate_json()
        theirs = True
    except Exception:  # noqa: BLE001 - it has many
        theirs = False
    assert (not list(problems([block]))) is theirs is good


async def test_marks_are_shown_as_formatting(stand: Stand) -> None:
    text = "*Bold _both_* ~gone~ `code` <https://shop.example|the shop> &lt;b&gt; <!here> 5*3*2"
    await post(stand, text=text)
    [line] = stand.shown()[0].lines
    found = {run.text: run.model_dump(exclude_defaults=True, exclude={"text"}) for run in line}
    assert found["Bold "] == {"bold": True}
    assert found["both"] == {"bold": True, "italic": True}
    assert found["gone"] == {"strike": True}
    assert found["code"] == {"code": True}
    assert found["the shop"] == {"url": "https://shop.example"}
    assert "".join(found).endswith(" <b> @here 5*3*2")


async def test_a_card_is_a_section_with_a_picture_and_its_buttons(stand: Stand) -> None:
    picture = {"type": "image", "image_url": "https://shop.example/x.png", "alt_text": "x"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Lamp*\nWarm"}, "accessory": picture}
    await post(stand, text="x", blocks=[section, {"type": "actions", "elements": [BUTTON]}])
    [card] = stand.shown()[0].cards
    assert (card.title, card.subtitle, card.image_url) == ("Lamp", "Warm", "https://shop.example/x.png")
    assert [choice.value for choice in card.choices] == ["red"]


async def test_what_is_pressed_comes_as_a_form_and_names_the_message(stand: Stand) -> None:
    said = await post(stand, text="x", blocks=[SECTION, {"type": "actions", "elements": [BUTTON]}])
    [payload] = stand.does("choice", value="red", message_id=said["ts"])
    form = dict(parse_qsl(stand.sends(payload).body.decode()))
    told = json.loads(form["payload"])
    assert told["type"] == "block_actions"
    assert told["container"]["message_ts"] == told["message"]["ts"] == said["ts"]
    assert [(action["action_id"], action["value"]) for action in told["actions"]] == [("a", "red")]


def test_what_members_type_is_told_as_slack_writes_it(stand: Stand) -> None:
    [payload] = stand.does("text", text="A & B <c> at https://shop.example?a=1&b=2, mail me@shop.example")
    text = payload.body["event"]["text"]
    assert text == (
        "A &amp; B &lt;c&gt; at <https://shop.example?a=1&amp;b=2,> mail <mailto:me@shop.example|me@shop.example>"
    )


async def test_an_app_hears_of_its_own_messages_too(stand: Stand) -> None:
    call = Call("POST", "api", "chat.postMessage", {}, {"content-type": "application/json"}, orjson.dumps(
        {"channel": f"D{stand.account.customer}", "text": "Hello"}
    ))  # fmt: skip
    await stand.emulator.answer(stand.account, call, Listener())
    [report] = stand.account.reports
    assert report.receipt
    assert (report.body["event"]["text"], report.body["event"]["bot_id"][0]) == ("Hello", "B")


def test_an_event_that_is_told_again_says_so(stand: Stand) -> None:
    [payload] = stand.does("text", text="Hello")
    first, second = stand.sends(payload), stand.sends(payload)
    assert "x-slack-retry-num" not in first.headers
    assert (second.headers["x-slack-retry-num"], second.body) == ("1", first.body)


async def test_an_answer_in_a_thread_stands_there(stand: Stand) -> None:
    said = await post(stand, text="Hello")
    [payload] = stand.does("text", text="And?", message_id=said["ts"])
    assert payload.body["event"]["thread_ts"] == said["ts"]
    answer = await post(stand, text="So.", thread_ts=said["ts"])
    assert answer["message"]["thread_ts"] == said["ts"]
    assert stand.shown()[-1].reply_to == said["ts"]


@pytest.mark.parametrize(
    ("said", "taken"), [(Heard(200, b"nothing"), False), (Heard(404), False), (Heard(None), False)]
)
async def test_an_address_that_does_not_echo_is_not_taken(stand: Stand, said: Heard, taken: bool) -> None:
    stand.account.webhook = {}
    problem = await stand.emulator.paste(stand.account, "http://product.example/x", "", Listener(answer=said))
    assert bool(problem) is not taken
    assert stand.account.webhook == {}
