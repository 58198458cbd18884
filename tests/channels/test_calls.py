"""What is particular to one platform: the check of our address, signing in, files that must be found first."""

import json
import re
from dataclasses import replace

import pytest
from tests.channels.http.platform import SHARED, signature
from tests.channels.platform import NOW, SECRET, STAMP, platform

from shopwright.channels.port import (
    AccessToken,
    Address,
    ApiResponse,
    Attachment,
    Card,
    InvalidSignature,
    OutboundMessage,
)

META = ["whatsapp", "messenger", "instagram"]
CHALLENGE = {"hub.mode": "subscribe", "hub.verify_token": "a word of ours", "hub.challenge": "1158201444"}


def _asked(side, **query):
    return replace(side.request(b""), method="GET", query=query)


@pytest.mark.parametrize("slug", META)
def test_meta_hears_its_challenge_when_it_knows_our_word(slug) -> None:
    side = platform(slug)

    reply = side.channel(verify_token="a word of ours").handshake(_asked(side, **CHALLENGE))

    assert reply is not None
    assert (reply.status, reply.body) == (200, b"1158201444")
    assert side.channel().handshake(side.genuine()) is None


@pytest.mark.parametrize("slug", META)
@pytest.mark.parametrize("wrong", [{"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}])
def test_meta_hears_nothing_with_another_word(slug, wrong) -> None:
    side = platform(slug)

    with pytest.raises(InvalidSignature):
        side.channel(verify_token="a word of ours").handshake(_asked(side, **{**CHALLENGE, **wrong}))
    with pytest.raises(InvalidSignature):
        side.channel(verify_token="", webhook_secret="").handshake(_asked(side, **{**CHALLENGE, **wrong}))


def test_without_a_word_of_its_own_meta_is_told_the_secret_of_the_deployment() -> None:
    side = platform("whatsapp")
    (call,) = side.channel().register(side.hook, SECRET)

    reply = side.channel().handshake(_asked(side, **{**CHALLENGE, "hub.verify_token": call.json["verify_token"]}))

    assert reply is not None


def test_slack_hears_its_challenge_when_the_request_is_signed() -> None:
    side = platform("slack")
    asked = {"token": "x", "challenge": "3eZbrw1aB10FEMAGAZd4FyFQ", "type": "url_verification"}

    reply = side.channel().handshake(side.genuine(asked))

    assert reply is not None
    assert reply.body == b"3eZbrw1aB10FEMAGAZd4FyFQ"
    with pytest.raises(InvalidSignature):
        side.channel().handshake(side.request(side.body(asked)))


def test_a_customer_who_writes_the_word_of_the_check_is_heard_as_always() -> None:
    side = platform("slack")
    said = json.loads(json.dumps(side.hello).replace("Do you ship?", 'What is \\"url_verification\\"?'))

    assert side.channel().handshake(side.genuine(said)) is None


def test_answers_by_http_are_signed_at_the_time_they_are_sent() -> None:
    side = platform("http")
    (call,) = side.channel().render(OutboundMessage("k1", "Yes."), side.address)

    sent = side.channel().stamp(call, NOW)

    assert sent.headers["x-shopwright-timestamp"] == STAMP
    assert sent.headers["x-shopwright-signature"] == f"sha256={signature(sent.content, STAMP, SHARED)}"
    assert sent.headers["idempotency-key"] == "k1"
    assert json.loads(sent.content)["id"] == "k1"


def test_teams_signs_in_and_uses_the_token_it_got() -> None:
    side = platform("teams")
    call = side.channel(app_tenant_id="72f988bf").sign_in()
    token = side.channel().access_token(ApiResponse(200, {}, b'{"access_token": "eyJ-new", "expires_in": 3599}'))
    (sent,) = side.channel(access_token="eyJ-new").render(OutboundMessage("k1", "Yes."), side.address)

    assert call is not None
    assert call.url == "https://login.microsoftonline.com/72f988bf/oauth2/v2.0/token"
    assert call.form["client_secret"] == "app~secret.of-azure"
    assert token == AccessToken("eyJ-new", 3599)
    assert sent.headers["authorization"] == "Bearer eyJ-new"
    assert sent.url == "https://smba.trafficmanager.net/emea/v3/conversations/a%3A17I0kl8EkpE1O9/activities"
    assert side.channel().access_token(ApiResponse(400, {}, b'{"error": "invalid_client"}')) is None


@pytest.mark.parametrize(
    ("slug", "attachment", "answer", "headers", "url"),
    [
        ("telegram", Attachment("image", "f1"), {"ok": True, "result": {"file_path": "photos/1.jpg"}}, {},
         "https://api.telegram.org/file/bot123456789:AAE-abcdefghijklmnopqrstuvwxyz012345/photos/1.jpg"),
        ("whatsapp", Attachment("image", "42"), {"url": "https://lookaside.fbsbx.com/a?mid=1", "file_size": 7}, {},
         "https://lookaside.fbsbx.com/a?mid=1"),
        ("slack", Attachment("file", "F2"), {"ok": True, "file": {"url_private_download": "https://files.slack.com/x"}},
         {}, "https://files.slack.com/x"),
        ("twilio", Attachment("image", url="https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME"), {},
         {"location": "https://media.twiliocdn.com/AC/x"}, "https://media.twiliocdn.com/AC/x"),
    ],
)  # fmt: skip
def test_a_file_is_asked_for_and_then_fetched(slug, attachment, answer, headers, url) -> None:
    channel = platform(slug).channel()

    (first,) = channel.fetch_media(attachment)
    found = channel.locate_media(attachment, ApiResponse(200, headers, json.dumps(answer).encode()))
    (second,) = channel.fetch_media(found)

    assert (first.purpose, second.purpose) == ("locate", "media")
    assert second.url == url
    # Metas and Slacks files want the token; Telegrams and Twilios have their own in the address.
    assert bool(second.headers) == (slug in ("whatsapp", "slack"))


def test_a_pressed_button_of_telegram_stops_its_clock() -> None:
    side = platform("telegram")

    call = side.channel().mark_read(side.address, "callback:4382")

    assert call is not None
    assert call.url.endswith("/answerCallbackQuery")
    assert call.json == {"callback_query_id": "4382"}
    assert side.channel().mark_read(side.address, "4711:5") is None


def test_parts_of_one_message_have_keys_of_their_own_at_line_and_the_same_when_tried_again() -> None:
    side = platform("line")
    message = OutboundMessage("k1", "word " * 8000)

    first, again = (side.channel().render(message, side.address) for _ in range(2))

    assert len(first) == 2
    assert first[0].headers["x-line-retry-key"] != first[1].headers["x-line-retry-key"]
    assert first == again


def test_outside_of_its_window_whatsapp_gets_the_template() -> None:
    side = platform("whatsapp")
    message = OutboundMessage("k1", "not sent", template="order_shipped", template_values=("42",), language="de")

    (call,) = side.channel().render(message, side.address)

    assert call.json["template"] == {
        "name": "order_shipped",
        "language": {"policy": "deterministic", "code": "de"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "42"}]}],
    }


def test_many_long_cards_are_several_messages_at_slack_since_it_limits_all_blocks_together() -> None:
    cards = tuple(Card(f"card{n:02}", "word " * 550) for n in range(20))

    calls = platform("slack").channel().render(OutboundMessage("k1", cards=cards), Address("D1"))

    sizes = [sum(len(b["text"]["text"]) for b in call.json["blocks"]) for call in calls]
    assert max(sizes) <= 12_000
    assert len(calls) == 5
    assert [w for call in calls for w in re.findall(r"card\d\d", str(call.json["blocks"]))] == [c.title for c in cards]
