"""LINE's emulator by itself: callers that do it wrong, and what only LINE does."""

import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import pytest
from tests.lab.stand import Listener, Stand, open_stand

from shopwright.lab.base import Call, Heard
from shopwright.lab.line.messages import customer_id

POSTBACK = {"type": "postback", "label": "Red", "data": "v-red", "displayText": "Red"}
QUICK = {"type": "action", "action": POSTBACK}
COLUMN = {"title": "Lamp", "text": "Warm light", "actions": [POSTBACK]}


def template(*columns: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "Lamps", "template": {"type": "carousel", "columns": list(columns)}}


@pytest.fixture
def stand() -> Stand:
    return open_stand("line")


def bearer(stand: Stand) -> dict[str, str]:
    return {"authorization": f"Bearer {stand.account.credentials['channel_access_token']}"}


async def push(stand: Stand, *messages: Any, key: str = "", **changed: Any) -> Any:
    body = {"to": customer_id(stand.account), "messages": list(messages), **changed}
    headers = bearer(stand) | ({"x-line-retry-key": key} if key else {})
    return await stand.call("POST", "api/v2/bot/message/push", json=body, headers=headers)


@pytest.mark.parametrize(
    ("messages", "problem"),
    [
        ([], "messages is empty"),
        ([{"type": "text", "text": "x"}] * 6, "6 entries"),
        ([{"type": "text", "text": "x" * 5001}], "5001 characters"),
        ([{"type": "text", "text": "😀" * 2501}], "5002 characters in UTF-16"),
        ([{"type": "text", "text": ""}], "text is empty"),
        ([{"type": "text", "text": "x", "colour": "red"}], "colour is no field"),
        ([{"type": "image", "originalContentUrl": "http://a.example/x.jpg", "previewImageUrl": "https://x"}], "form"),
        ([{"type": "text", "text": "x", "quickReply": {"items": [QUICK] * 14}}], "14 entries"),
        (
            [{"type": "text", "text": "x", "quickReply": {"items": [
                {"type": "action", "action": {**POSTBACK, "label": "x" * 21}}
            ]}}],
            "label has 21",
        ),
        ([template(*[COLUMN] * 11)], "11 entries"),
        ([template({**COLUMN, "text": "x" * 61})], "beside a picture or title has 61"),
        ([template(COLUMN, {**COLUMN, "actions": [POSTBACK, POSTBACK]})], "different numbers of actions"),
        ([template(COLUMN, {"text": "x", "actions": [POSTBACK]})], "some have none"),
        ([template({**COLUMN, "actions": [POSTBACK] * 4})], "4 entries"),
        ([template({**COLUMN, "actions": [{**POSTBACK, "data": "x" * 301}]})], "data has 301"),
    ],
)  # fmt: skip
async def test_a_wrong_message_is_refused(stand: Stand, messages: Any, problem: str) -> None:
    answer = await push(stand, *messages)
    assert answer.status == 400
    assert any(problem in found for found in stand.problems), stand.problems
    assert stand.shown() == []


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", "api/v2/bot/message/send", {"json": {}}, 404),
        ("GET", "api/v2/bot/message/push", {}, 404),
        ("POST", "api/v2/bot/message/push", {"body": b"{", "type": "application/json"}, 400),
        ("POST", "api/v2/bot/message/push", {"body": b"x", "type": "text/plain"}, 415),
        ("POST", "api/v2/bot/chat/loading/start", {"json": {"chatId": "U" + "0" * 32, "loadingSeconds": 7}}, 400),
        ("PUT", "api/v2/bot/channel/webhook/endpoint", {"json": {"endpoint": "http://elsewhere.example/x"}}, 400),
        ("GET", "api/v2/bot/message/1/content", {}, 404),
        ("POST", "api/v2/bot/message/reply", {"json": {"replyToken": "x", "messages": [{"type": "text"}]}}, 400),
    ],
)
async def test_a_wrong_call_is_refused(stand: Stand, method: str, path: str, sent: Any, status: int) -> None:
    headers = bearer(stand) | ({"content-type": sent.pop("type")} if "type" in sent else {})
    answer = await stand.call(method, path, headers=headers, **sent)
    assert answer.status == status
    assert stand.problems


async def test_without_the_accounts_token_nothing_is_taken(stand: Stand) -> None:
    answer = await stand.call("GET", "api/v2/bot/info", headers={"authorization": "Bearer x"})
    assert answer.status == 401


async def test_the_same_key_brings_one_message_and_the_same_id_again(stand: Stand) -> None:
    key, text = str(uuid4()), {"type": "text", "text": "Hello"}
    first, second = await push(stand, text, key=key), await push(stand, text, key=key)
    wrong = await push(stand, text, key="no-uuid")
    assert (first.status, second.status, wrong.status) == (200, 409, 400)
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert first.body["sentMessages"] == second.body["sentMessages"]
    assert len(stand.shown()) == 1


async def test_a_reply_token_is_good_once(stand: Stand) -> None:
    [told] = stand.does("text", text="Hello")
    token = told.body["events"][0]["replyToken"]
    body = {"replyToken": token, "messages": [{"type": "text", "text": "Hi"}]}
    answers = [await stand.call("POST", "api/v2/bot/message/reply", json=body, headers=bearer(stand)) for _ in "ab"]
    assert [answer.status for answer in answers] == [200, 400]


def test_a_webhook_is_signed_and_says_when_it_comes_again(stand: Stand) -> None:
    [told] = stand.does("text", text="Hello")
    first, second = stand.sends(told), stand.sends(told)
    secret = stand.account.credentials["channel_secret"].encode()
    digest = base64.b64encode(hmac.new(secret, first.body, hashlib.sha256).digest()).decode()
    assert first.headers["x-line-signature"] == digest
    again = [json.loads(r.body)["events"][0]["deliveryContext"]["isRedelivery"] for r in (first, second)]
    assert again == [False, True]


async def test_quick_replies_are_gone_once_something_else_is_said(stand: Stand) -> None:
    replies = {"items": [{"type": "action", "action": POSTBACK}]}
    await push(stand, {"type": "text", "text": "Which?", "quickReply": replies})
    said = stand.shown()[0].id
    [told] = stand.does("choice", value="v-red", message_id=said)
    assert told.body["events"][0]["postback"] == {"data": "v-red"}
    assert stand.shown()[-1].lines[0][0].text == "Red"
    with pytest.raises(Exception, match="went with a later message"):
        stand.does("choice", value="v-red", message_id=said)


async def test_columns_are_cards(stand: Stand) -> None:
    column = {**COLUMN, "thumbnailImageUrl": "https://shop.example/x.jpg"}
    await push(stand, template(column, column))
    [shown] = stand.shown()
    assert [(c.title, c.subtitle, c.image_url) for c in shown.cards] == [
        ("Lamp", "Warm light", "https://shop.example/x.jpg")
    ] * 2
    assert shown.cards[0].choices[0].value == "v-red"


async def test_who_blocked_the_account_gets_nothing_and_it_is_not_told(stand: Stand) -> None:
    [told] = stand.does("block")
    answer = await push(stand, {"type": "text", "text": "Hello"})
    assert told.body["events"][0]["type"] == "unfollow"
    assert (answer.status, [m for m in stand.shown() if m.sender == "bot"]) == (200, [])


@pytest.mark.parametrize(("said", "good"), [(Heard(200), True), (Heard(401), False), (Heard(None), False)])
async def test_the_test_of_a_webhook_says_how_it_went(stand: Stand, said: Heard, good: bool) -> None:
    call = Call("POST", "api", "v2/bot/channel/webhook/test", {}, {"content-type": "application/json"}, b"{}")
    listener = Listener(answer=said)
    answer = await stand.emulator.answer(stand.account, call, listener)
    assert answer.body["success"] is good
    assert json.loads(listener.heard[0].body)["events"] == []
