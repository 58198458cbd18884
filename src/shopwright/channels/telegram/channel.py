"""Telegram, by webhook. Source: https://core.telegram.org/bots/api (Bot API 10.1), read 2026-11."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

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
    OutboundMessage,
    Outcome,
    Rejected,
    RetryAfter,
    Sent,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, read_object, reading, words
from shopwright.channels.signing import same_secret
from shopwright.channels.telegram import inbound
from shopwright.channels.telegram.html import TelegramHtml
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.parts import card_blocks, write_parts
from shopwright.channels.text.phrases import phrases
from shopwright.channels.text.splitting import size, split
from shopwright.kit.sentences import sentence

# The kinds that are asked for; reactions are not sent unless they are named.
UPDATES: Final = (
    "message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "business_message",
    "edited_business_message", "deleted_business_messages",
)  # fmt: skip
CAPTION_CHARACTERS: Final = 1024
# By address only these are taken as documents; others go as links.
_DOCUMENTS: Final = (".pdf", ".zip", ".gif")
_SENDS: Final = {"image": ("sendPhoto", "photo"), "audio": ("sendAudio", "audio"), "video": ("sendVideo", "video")}


class TelegramChannel(BaseChannel):
    slug: ClassVar[str] = "telegram"
    name: ClassVar[str] = "Telegram"
    addresses: ClassVar[Mapping[str, str]] = {"api": "https://api.telegram.org"}
    limits: ClassVar[Limits] = Limits(
        source="https://core.telegram.org/bots/api#sendmessage",
        read_on="2026-11-21",
        text_characters=4096,
        counted_in="utf16",
        choices=100,
        choice_value=64,
        card_title=CAPTION_CHARACTERS,
        card_choices=100,
        per_second=30,
        per_second_thread=1,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="degraded",
        location_in="yes", choices="yes", cards="yes", typing="yes", reactions_in="yes", edits_in="yes",
        deletions_in="degraded", automatic_webhook="yes",
    )  # fmt: skip

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check the secret that `register` gave to Telegram. It signs nothing: a repeated update is known by its id."""
        given = request.headers.get("x-telegram-bot-api-secret-token")
        same_secret(given, self._credentials.get("webhook_secret"))

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        return inbound.events(read_object(request.body))

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        chat = self._chat(to)
        native = self._buttons(message.choices)
        linked = tuple(file for file in message.files if not _sent_by_address(file))
        # Cards come as messages with buttons; what no button can carry is in the text.
        cards = tuple(card for card in message.cards if not self._card_fits(card))
        listed = () if native else message.choices
        texts = write_parts(message, TelegramHtml(), self.limits, choices=listed, cards=cards, links=linked)
        calls = [self._media(chat, "sendPhoto", "photo", image) for image in message.images]
        files = (file for file in message.files if file not in linked)
        calls += [self._media(chat, *_SENDS.get(f.kind, ("sendDocument", "document")), f.url) for f in files]
        calls += [self._api("sendMessage", {**chat, "text": text, **_PLAIN}) for text in texts]
        if native and texts:
            calls[-1] = replace(calls[-1], json={**calls[-1].json, "reply_markup": native})
        elif native:
            body = {**chat, "text": phrases(message.language).options, **_PLAIN, "reply_markup": native}
            calls.append(self._api("sendMessage", body))
        return [*calls, *(self._card(chat, card) for card in message.cards if card not in cards)]

    def _card_fits(self, card: Card) -> bool:
        text = split(card_blocks(card, pictured=True), TelegramHtml(), CAPTION_CHARACTERS, "utf16")
        return len(text) == 1 and (not card.choices or self._buttons(card.choices) is not None)

    def _card(self, chat: dict[str, Any], card: Card) -> ApiCall:
        (text,) = split(card_blocks(card, pictured=True), TelegramHtml(), CAPTION_CHARACTERS, "utf16")
        markup = {"reply_markup": self._buttons(card.choices)} if card.choices else {}
        if card.image_url:
            body = {**chat, "photo": card.image_url, "caption": text, "parse_mode": "HTML", **markup}
            return self._api("sendPhoto", body)
        return self._api("sendMessage", {**chat, "text": text, **_PLAIN, **markup})

    def _buttons(self, choices: tuple[Choice, ...]) -> dict[str, Any] | None:
        """A keyboard under the message, or None when it cannot hold these choices whole."""
        if not choices or len(choices) > self.limits.choices:
            return None
        rows = []
        for choice in choices:
            if choice.url and urlsplit(choice.url).scheme not in ("http", "https"):
                return None
            if not choice.url and size(choice_value(choice), "bytes") > self.limits.choice_value:
                return None
            title = f"{choice.title} – {choice.description}" if choice.description else choice.title
            target = {"url": choice.url} if choice.url else {"callback_data": choice_value(choice)}
            rows.append([{"text": title, **target}])
        return {"inline_keyboard": rows}

    def typing(self, to: Address) -> ApiCall | None:
        return self._api("sendChatAction", {**self._chat(to), "action": "typing"}, "typing")

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:
        """Stop the clock on a pressed button; messages to bots have no mark, except those of a business account."""
        kind, _, number = message_id.rpartition(":")
        if kind == "callback":
            return self._api("answerCallbackQuery", {"callback_query_id": number}, "read")
        chat = self._chat(to)
        if "business_connection_id" not in chat or not number.isdigit():
            return None
        chat.pop("message_thread_id", None)
        return self._api("readBusinessMessage", {**chat, "message_id": int(number)}, "read")

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        if answer.get("ok") is True:
            result = answer.get("result")
            if isinstance(result, dict) and "message_id" in result:
                with reading():
                    return Sent(f"{words(result['chat']['id'])}:{words(result['message_id'])}")
            return Sent()
        said = str(answer.get("description") or "")
        parameters = answer.get("parameters")
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        if isinstance(seconds, int | float):
            return RetryAfter(said, float(seconds))
        if response.status in (401, 404):
            return Rejected(said or sentence("The bot token is not valid."), str(response.status), account=True)
        left = response.status == 403 or "chat not found" in said or "user is deactivated" in said
        if left:
            return Rejected(said or sentence("The customer blocked the bot."), str(response.status), gone=True)
        return explain_status(response, said)

    def check(self) -> ApiCall:
        return self._api("getMe", None, "check")

    def register(
        self,
        webhook_url: str,
        secret: str,
        located: ApiResponse | None = None,  # noqa: ARG002
    ) -> list[ApiCall]:
        body = {"url": webhook_url, "secret_token": secret, "allowed_updates": list(UPDATES), "max_connections": 40}
        return [self._api("setWebhook", body, "register")]

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:  # noqa: ARG002
        return [self._api("deleteWebhook", {}, "unregister")]

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        if attachment.url:
            return [ApiCall("GET", attachment.url, purpose="media")]
        return [self._api("getFile", {"file_id": attachment.reference}, "locate")]

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        with reading():
            path = words(read_object(response.body)["result"]["file_path"])
        return replace(attachment, url=f"{self._urls['api']}/file/bot{self._credentials['bot_token']}/{path}")

    def _api(self, method: str, body: dict[str, Any] | None, purpose: str = "send") -> ApiCall:
        return self._call(f"{self._urls['api']}/bot{self._credentials['bot_token']}/{method}", body, purpose=purpose)

    def _chat(self, to: Address) -> dict[str, Any]:
        chat, _, topic = to.thread.partition(":")
        where: dict[str, Any] = {"chat_id": int(chat) if chat.lstrip("-").isdigit() else chat}
        if topic:
            where["message_thread_id"] = int(topic)
        connection = to.route.get("business_connection_id")
        return {**where, "business_connection_id": connection} if connection else where

    def _media(self, chat: dict[str, Any], method: str, field: str, url: str) -> ApiCall:
        return self._api(method, {**chat, field: url})


_PLAIN: Final[Mapping[str, Any]] = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _sent_by_address(file: Attachment) -> bool:
    return file.kind in _SENDS or urlsplit(file.url).path.lower().endswith(_DOCUMENTS)
