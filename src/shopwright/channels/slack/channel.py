"""Slack, by the Events API. Source: https://docs.slack.dev/apis/events-api, read 2026-11."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, quote

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Capabilities,
    Card,
    Choice,
    InboundEvent,
    Limits,
    ManualStep,
    OutboundMessage,
    Outcome,
    Rejected,
    RetryAfter,
    Sent,
    WebhookReply,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, read_object, reading, retry_seconds, words
from shopwright.channels.signing import check_fresh, check_hmac, same_server
from shopwright.channels.slack import inbound
from shopwright.channels.slack.format import Mrkdwn, conversation_of
from shopwright.channels.slack.manifest import manifest
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.parts import card_blocks, write_parts
from shopwright.channels.text.phrases import phrases
from shopwright.channels.text.splitting import split
from shopwright.kit.sentences import sentence

OPTION_VALUE: Final = 150
# Slack refuses a message whose blocks are too long together ("msg_blocks_too_long") and documents no number; from
# 13 200 characters on it was seen (https://github.com/slackapi/bolt-js/issues/2509).
MESSAGE_CHARACTERS: Final = 12_000
_ACCOUNT: Final = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "enterprise_is_restricted", "not_allowed_token_type",
})  # fmt: skip
_GONE: Final = frozenset({"channel_not_found", "is_archived", "user_not_found", "user_disabled", "not_in_channel"})
_BUSY: Final = frozenset({
    "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
    "team_added_to_org", "message_limit_exceeded",
})  # fmt: skip


class SlackChannel(BaseChannel):
    slug: ClassVar[str] = "slack"
    name: ClassVar[str] = "Slack"
    addresses: ClassVar[Mapping[str, str]] = {"api": "https://slack.com/api"}
    address_first: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(
        source="https://docs.slack.dev/reference/block-kit/blocks/section-block",
        read_on="2026-11-21",
        text_characters=3000,
        choices=25,
        choice_title=75,
        choice_value=2000,
        list_entries=100,
        list_title=75,
        cards=20,
        card_title=3000,
        card_choices=25,
        # In a workspace "several hundred messages per minute", in a channel one a second.
        per_second=5,
        per_second_thread=1,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="degraded",
        choices="yes", lists="yes", cards="yes", reactions_in="yes", edits_in="yes", deletions_in="yes",
    )  # fmt: skip

    def handshake(self, request: WebhookRequest) -> WebhookReply | None:
        """Echo the challenge of the page "Event Subscriptions". It is signed as every event is."""
        if b'"url_verification"' not in request.body:
            return None
        self.verify(request)
        with reading():
            body = read_object(request.body)
            if body.get("type") != "url_verification":
                return None
            return WebhookReply(body=words(body["challenge"]).encode())

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA256 over `v0:time:body`, at most five minutes old."""
        timestamp = request.headers.get("x-slack-request-timestamp")
        check_fresh(timestamp, request.received_at)
        signed = f"v0:{timestamp}:".encode() + request.body
        given = request.headers.get("x-slack-signature")
        check_hmac(given, self._credentials.get("signing_secret"), signed, prefix="v0=")

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return inbound.events(read_object(request.body))
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if "payload" in form:
            return inbound.actions(read_object(form["payload"].encode()))
        return inbound.command(form) if "command" in form else ()

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        native = _choices_block(message.choices, phrases(message.language).options)
        cards = message.cards if len(message.cards) <= self.limits.cards and all(map(_fits, message.cards)) else ()
        texts = write_parts(
            message, Mrkdwn(), self.limits,
            choices=() if native else message.choices,
            cards=() if cards else message.cards,
            links=message.files,
        )  # fmt: skip
        if native and not texts:
            texts = [phrases(message.language).options]
        said = [_image(url) for url in message.images] + [_section(text) for text in texts]
        calls = [[block] for block in said]
        if native:
            calls[-1].append(native)
        calls += _packs([_card(card) for card in cards])
        return [self._post(to, blocks) for blocks in calls]

    def _post(self, to: Address, blocks: list[dict[str, Any]]) -> ApiCall:
        # Notifications show the text; the message itself shows the blocks.
        text = next((b["text"]["text"] for b in blocks if b["type"] == "section"), blocks[0].get("alt_text", ""))
        body = {
            **conversation_of(to.thread), "text": text, "blocks": blocks,
            "unfurl_links": False, "unfurl_media": False,
        }  # fmt: skip
        return self._api("chat.postMessage", body)

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        if answer.get("ok") is True:
            channel, ts = answer.get("channel"), answer.get("ts")
            return Sent(f"{channel}:{ts}" if isinstance(channel, str) and isinstance(ts, str) else "")
        error = answer.get("error")
        if not isinstance(error, str):
            return explain_status(response)
        reason = sentence("The platform refused it: {error}", error=error)
        if response.status == 429 or response.status >= 500 or error in _BUSY:
            return RetryAfter(reason, retry_seconds(response.headers))
        return Rejected(reason, error, account=error in _ACCOUNT, gone=error in _GONE)

    def check(self) -> ApiCall:
        return self._api("auth.test", {}, "check")

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002 - Slack makes its own
        return [
            ManualStep("Open api.slack.com/apps → Create New App → From a manifest, and choose your workspace."),
            ManualStep("Paste this manifest (JSON) and press “Next”, then “Create”:", manifest(webhook_url)),
            ManualStep("Press “Install to Workspace” and allow it."),
            ManualStep("Copy the “Signing Secret” of “Basic Information” and the “Bot User OAuth Token” of "
                       "“OAuth & Permissions” into the credentials."),
            ManualStep("Open “Event Subscriptions” and press “Retry” beside the address, until it says “Verified”."),
        ]  # fmt: skip

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        if not attachment.url:
            url = f"{self._urls['api']}/files.info?file={quote(attachment.reference, safe='')}"
            return [self._call(url, method="GET", purpose="locate")]
        own = same_server(attachment.url, self._urls["api"], ".slack.com")
        # The token goes to Slack and nowhere else.
        return [ApiCall("GET", attachment.url, self._headers() if own else {}, purpose="media")]

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        with reading():
            return replace(attachment, url=words(read_object(response.body)["file"]["url_private_download"]))

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._credentials.get('bot_token')}"}

    def _api(self, method: str, body: dict[str, Any], purpose: str = "send") -> ApiCall:
        return self._call(f"{self._urls['api']}/{method}", body, purpose=purpose)


def _packs(cards: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Cards as few messages, each no longer than Slack takes."""
    packs: list[list[dict[str, Any]]] = []
    left = 0
    for blocks in cards:
        characters = _characters(blocks)
        if characters > left:
            packs.append([])
            left = MESSAGE_CHARACTERS
        packs[-1] += blocks
        left -= characters
    return packs


def _characters(node: Any) -> int:
    """How many characters of text stand in blocks."""
    if isinstance(node, list):
        return sum(map(_characters, node))
    if isinstance(node, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _characters(v) for k, v in node.items())
    return 0


def _section(text: str) -> dict[str, Any]:
    # `verbatim`: names and addresses in the text are not turned into calls and links.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _image(url: str) -> dict[str, Any]:
    return {"type": "image", "image_url": url, "alt_text": url.rsplit("/", 1)[-1] or url}


def _label(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _choices_block(choices: tuple[Choice, ...], label: str) -> dict[str, Any] | None:
    """Buttons, else a menu, else nothing when neither holds every title whole."""
    limits = SlackChannel.limits
    if not choices or any(len(c.title) > limits.choice_title for c in choices):
        return None
    if len(choices) <= limits.choices and all(
        not c.description and len(choice_value(c)) <= limits.choice_value for c in choices
    ):
        return {"type": "actions", "elements": [_button(c, n) for n, c in enumerate(choices)]}
    fits = len(choices) <= limits.list_entries and all(
        not c.url and len(choice_value(c)) <= OPTION_VALUE and len(c.description) <= limits.list_title for c in choices
    )
    if not fits:
        return None
    options = [
        {"text": _label(c.title), "value": choice_value(c)}
        | ({"description": _label(c.description)} if c.description else {})
        for c in choices
    ]
    menu = {"type": "static_select", "action_id": "choices", "placeholder": _label(label), "options": options}
    return {"type": "actions", "elements": [menu]}


def _button(choice: Choice, number: int) -> dict[str, Any]:
    target = {"url": choice.url} if choice.url else {"value": choice_value(choice)}
    return {"type": "button", "action_id": f"choice-{number}", "text": _label(choice.title), **target}


def _fits(card: Card) -> bool:
    text = split(card_blocks(card, pictured=True), Mrkdwn(), SlackChannel.limits.text_characters)
    return len(text) == 1 and (not card.choices or _choices_block(card.choices, "…") is not None)


def _card(card: Card) -> list[dict[str, Any]]:
    (text,) = split(card_blocks(card, pictured=True), Mrkdwn(), SlackChannel.limits.text_characters)
    section = _section(text)
    if card.image_url:
        section["accessory"] = {"type": "image", "image_url": card.image_url, "alt_text": card.title[:2000]}
    block = _choices_block(card.choices, "…")
    return [section, block] if block else [section]
