"""LINE, by the Messaging API. Source: https://developers.line.biz/en/reference/messaging-api/, read 2026-11."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from shopwright.channels.base import BaseChannel
from shopwright.channels.line import inbound
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
    Sent,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, read_object, reading, words
from shopwright.channels.signing import check_hmac
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.parts import write_parts
from shopwright.channels.text.phrases import phrases
from shopwright.channels.text.splitting import size

# Of one call; what is more goes with the next.
MESSAGES: Final = 5
COLUMN_TEXT: Final = 60
_LOADING_SECONDS: Final = 20
_NAMES: Final = uuid.UUID("8f6f2c7e-5b0a-4d57-9d0e-6a3c2c1f7b11")


class LineChannel(BaseChannel):
    slug: ClassVar[str] = "line"
    name: ClassVar[str] = "LINE"
    addresses: ClassVar[Mapping[str, str]] = {"api": "https://api.line.me", "data": "https://api-data.line.me"}
    limits: ClassVar[Limits] = Limits(
        source="https://developers.line.biz/en/reference/messaging-api/#text-message",
        read_on="2026-11-21",
        text_characters=5000,
        counted_in="utf16",
        choices=13,
        choice_title=20,
        choice_value=300,
        cards=10,
        card_title=40,
        card_choices=3,
        per_second=30,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="degraded", location_in="yes",
        choices="yes", cards="yes", carousel="yes", typing="yes", deletions_in="yes", automatic_webhook="yes",
    )  # fmt: skip

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA256 of the body. No time is in it; repeats are known by their ids."""
        given = request.headers.get("x-line-signature")
        check_hmac(given, self._credentials.get("channel_secret"), request.body, form="base64")

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        for event in read_object(request.body)["events"]:
            yield from inbound.events(event)

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        replies = self._quick_replies(message.choices)
        cards = message.cards if self._cards_fit(message.cards) else ()
        texts = write_parts(
            message, PlainText(), self.limits,
            choices=() if replies else message.choices,
            cards=() if cards else message.cards,
            links=message.files,
        )  # fmt: skip
        if replies and not texts:
            texts = [phrases(message.language).options]
        said: list[dict[str, Any]] = [_image(url) for url in message.images]
        said += [{"type": "text", "text": text} for text in texts]
        if cards:
            columns = [_column(card) for card in cards]
            alt = ", ".join(card.title for card in cards)[:400]
            said.append({"type": "template", "altText": alt, "template": {"type": "carousel", "columns": columns}})
        if replies:
            # Quick replies vanish with the next message, so they stand on the last one.
            said[-1]["quickReply"] = {"items": replies}
        packs = [said[at : at + MESSAGES] for at in range(0, len(said), MESSAGES)]
        return [self._push(to, pack, f"{message.key}:{number}") for number, pack in enumerate(packs)]

    def _push(self, to: Address, messages: list[dict[str, Any]], key: str) -> ApiCall:
        """LINE refuses a second call with the same retry key for a day."""
        return ApiCall(
            "POST",
            f"{self._urls['api']}/v2/bot/message/push",
            {**self._headers(), "x-line-retry-key": str(uuid.uuid5(_NAMES, key))},
            json={"to": to.thread, "messages": messages},
            idempotent=True,
        )

    def _quick_replies(self, choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
        if len(choices) > self.limits.choices or not all(map(self._action_fits, choices)):
            return []
        return [{"type": "action", "action": _action(choice)} for choice in choices]

    def _action_fits(self, choice: Choice) -> bool:
        limits = self.limits
        short = size(choice.title, "utf16") <= limits.choice_title and not choice.description
        return short and size(choice_value(choice), "utf16") <= limits.choice_value

    def _cards_fit(self, cards: tuple[Card, ...]) -> bool:
        """All columns of a carousel have pictures or none, and as many buttons as the first."""
        return len(cards) <= self.limits.cards and all(
            size(card.title, "utf16") <= self.limits.card_title
            and 0 < size(card.subtitle, "utf16") <= COLUMN_TEXT
            and bool(card.image_url) == bool(cards[0].image_url)
            and (not card.image_url or urlsplit(card.image_url).scheme == "https")
            and 0 < len(card.choices) <= self.limits.card_choices
            and len(card.choices) == len(cards[0].choices)
            and all(map(self._action_fits, card.choices))
            for card in cards
        )

    def typing(self, to: Address) -> ApiCall | None:
        """Shown in talks with one person only, until the next message."""
        if not to.thread.startswith("U"):
            return None
        body = {"chatId": to.thread, "loadingSeconds": _LOADING_SECONDS}
        return self._call(f"{self._urls['api']}/v2/bot/chat/loading/start", body, purpose="typing")

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        if response.status == 409 and response.headers.get("x-line-accepted-request-id"):
            return Sent(_sent_id(answer))
        said = answer.get("message")
        reason = said if isinstance(said, str) else ""
        if response.status == 429 and "monthly limit" in reason:
            return Rejected(reason, "429", account=True)
        if response.status == 400 and "'to'" in reason:
            return Rejected(reason, "400", gone=True)
        return explain_status(response, reason, message_id=_sent_id(answer))

    def check(self) -> ApiCall:
        return self._call(f"{self._urls['api']}/v2/bot/info", method="GET", purpose="check")

    def register(
        self,
        webhook_url: str,
        secret: str,  # noqa: ARG002 - requests are signed with the channel secret
        located: ApiResponse | None = None,  # noqa: ARG002
    ) -> list[ApiCall]:
        """Set the address and let LINE try it. There is no call that takes it away again."""
        endpoint = f"{self._urls['api']}/v2/bot/channel/webhook/endpoint"
        return [self._call(endpoint, {"endpoint": webhook_url}, method="PUT", purpose="register")]

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002
        return [
            ManualStep(
                "Open the LINE Official Account Manager → Settings → Response settings: switch “Webhooks” on and "
                "“Auto-response messages” off. There is no call for these two."
            ),
            ManualStep(
                "Open developers.line.biz → your channel → Messaging API: switch “Webhook redelivery” on, so that LINE "
                "tries again when it cannot reach us."
            ),
            ManualStep("The webhook's address, should it not stand there already:", webhook_url),
        ]

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        if attachment.url:
            return [ApiCall("GET", attachment.url, purpose="media")]
        if attachment.kind == "sticker":
            return []
        url = f"{self._urls['data']}/v2/bot/message/{attachment.reference}/content"
        return [self._call(url, method="GET", purpose="media")]

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._credentials.get('channel_access_token')}"}


def _sent_id(answer: Mapping[str, Any]) -> str:
    sent = answer.get("sentMessages")
    if not isinstance(sent, list) or not sent:
        return ""
    with reading():
        return words(sent[-1]["id"])


def _image(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme != "https":
        return {"type": "text", "text": url}
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": url}


def _action(choice: Choice) -> dict[str, str]:
    if choice.url:
        return {"type": "uri", "label": choice.title, "uri": choice.url}
    return {"type": "postback", "label": choice.title, "data": choice_value(choice), "displayText": choice.title}


def _column(card: Card) -> dict[str, Any]:
    column: dict[str, Any] = {
        "title": card.title,
        "text": card.subtitle,
        "actions": [_action(choice) for choice in card.choices],
    }
    if card.image_url:
        column["thumbnailImageUrl"] = card.image_url
    if card.url:
        column["defaultAction"] = {"type": "uri", "uri": card.url}
    return column
