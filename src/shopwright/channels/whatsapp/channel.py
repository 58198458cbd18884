"""WhatsApp by Meta's Cloud API. Source: https://developers.facebook.com/docs/whatsapp/cloud-api, read 2026-11."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from shopwright.channels.meta.channel import MetaChannel, changes
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
    WebhookRequest,
)
from shopwright.channels.reading import read_object, reading, words
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.dialects import MarkedText
from shopwright.channels.text.parts import card_blocks, write_parts
from shopwright.channels.text.phrases import phrases
from shopwright.channels.text.splitting import split
from shopwright.channels.whatsapp import inbound

# Of an interactive message with buttons; also of a caption.
BODY_CHARACTERS: Final = 1024
ROW_TITLE: Final = 24
ROW_DESCRIPTION: Final = 72
ROW_ID: Final = 200
_KINDS: Final = {"image": "image", "audio": "audio", "video": "video"}


class WhatsAppChannel(MetaChannel):
    slug: ClassVar[str] = "whatsapp"
    name: ClassVar[str] = "WhatsApp"
    object: ClassVar[str] = "whatsapp_business_account"
    addresses: ClassVar[Mapping[str, str]] = {"graph": "https://graph.facebook.com"}
    # Also one each 6 seconds to one customer, 45 in advance; error 131056 tells when that is reached.
    limits: ClassVar[Limits] = Limits(
        source="https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages",
        read_on="2026-11-21",
        text_characters=4096,
        choices=3,
        choice_title=20,
        choice_value=256,
        list_entries=10,
        list_title=ROW_TITLE,
        card_title=BODY_CHARACTERS,
        card_choices=3,
        per_second=80,
        window_hours=24,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="yes",
        location_in="yes", choices="yes", lists="yes", cards="yes", typing="yes", read_receipts_in="yes",
        mark_read="yes", reactions_in="yes", edits_in="yes", deletions_in="yes", templates="yes",
        automatic_webhook="yes",
    )  # fmt: skip

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        number = self._credentials["phone_number_id"]
        for change in changes(read_object(request.body), self.object, "", "changes"):
            value = change["value"]
            # One app may serve many numbers.
            if change["field"] == "messages" and words(value["metadata"]["phone_number_id"]) == number:
                yield from inbound.events(value)

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        if message.template:
            return [self._send(to, message, "template", _template(message))]
        action = _action(message.choices, phrases(message.language).options)
        cards = tuple(card for card in message.cards if not _card_fits(card))
        listed = () if action else message.choices
        texts = write_parts(message, MarkedText(), self.limits, choices=listed, cards=cards)
        if action:
            body = texts.pop() if texts and len(texts[-1]) <= BODY_CHARACTERS else phrases(message.language).options
        calls = [self._send(to, message, "image", {"link": image}) for image in message.images]
        calls += [self._file(to, message, file) for file in message.files]
        calls += [self._send(to, message, "text", {"body": text, "preview_url": False}) for text in texts]
        if action:
            calls.append(self._send(to, message, "interactive", {**action, "body": {"text": body}}))
        return [*calls, *(self._card(to, message, card) for card in message.cards if card not in cards)]

    def _file(self, to: Address, message: OutboundMessage, file: Attachment) -> ApiCall:
        kind = _KINDS.get(file.kind, "document")
        name = {"filename": file.name} if kind == "document" and file.name else {}
        return self._send(to, message, kind, {"link": file.url, **name})

    def _card(self, to: Address, message: OutboundMessage, card: Card) -> ApiCall:
        text = _card_text(card)[0]
        action = _action(card.choices, "")
        picture = {"link": card.image_url}
        if action:
            header = {"header": {"type": "image", "image": picture}} if card.image_url else {}
            return self._send(to, message, "interactive", {**action, **header, "body": {"text": text}})
        if card.image_url:
            return self._send(to, message, "image", {**picture, "caption": text})
        return self._send(to, message, "text", {"body": text, "preview_url": False})

    def _send(self, to: Address, message: OutboundMessage, kind: str, content: Mapping[str, Any]) -> ApiCall:
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            ("to" if to.thread.lstrip("+").isdigit() else "recipient"): to.thread,
            "type": kind,
            kind: content,
            # Comes back with the receipts.
            "biz_opaque_callback_data": message.key,
        }
        return self._graph(f"{self._credentials['phone_number_id']}/messages", body)

    def typing(self, to: Address) -> ApiCall | None:
        """Shown for the customer's last message, which is marked as read by it."""
        message_id = to.route.get("message_id")
        return self._status(message_id, "typing", {"typing_indicator": {"type": "text"}}) if message_id else None

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:  # noqa: ARG002
        return self._status(message_id, "read", {})

    def _status(self, message_id: str, purpose: str, more: Mapping[str, Any]) -> ApiCall:
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id, **more}
        return self._graph(f"{self._credentials['phone_number_id']}/messages", body, purpose=purpose)

    def check(self) -> ApiCall:
        path = f"{self._credentials['phone_number_id']}?fields=verified_name,display_phone_number,quality_rating"
        return self._graph(path, method="GET", purpose="check")

    def register(
        self,
        webhook_url: str,
        secret: str,
        located: ApiResponse | None = None,  # noqa: ARG002
    ) -> list[ApiCall]:
        """Point this account alone at us; other numbers of the app stay where they are."""
        override = {"override_callback_uri": webhook_url, "verify_token": self._verify_token(secret)}
        business = self._credentials.get("business_account_id")
        if business:
            return [self._graph(f"{business}/subscribed_apps", override, purpose="register")]
        number = self._credentials["phone_number_id"]
        return [self._graph(number, {"webhook_configuration": override}, purpose="register")]

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:  # noqa: ARG002
        business = self._credentials.get("business_account_id")
        if business:
            return [self._graph(f"{business}/subscribed_apps", method="DELETE", purpose="unregister")]
        none = {"webhook_configuration": {"override_callback_uri": ""}}
        return [self._graph(self._credentials["phone_number_id"], none, purpose="unregister")]

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:
        return [
            ManualStep("Open your app on developers.facebook.com → WhatsApp → Configuration → Webhook → Edit."),
            ManualStep("Callback URL:", webhook_url),
            ManualStep("Verify token:", self._verify_token(secret)),
            ManualStep("Press “Verify and save”, then “Manage” and subscribe to the field:", "messages"),
        ]

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        with reading():
            found = read_object(response.body)
            return replace(attachment, url=words(found["url"]), size_bytes=found.get("file_size"))


def _action(choices: tuple[Choice, ...], label: str) -> dict[str, Any] | None:
    """Buttons, else a list, else nothing when neither holds every title whole."""
    if len(choices) == 1 and choices[0].url and not choices[0].description and len(choices[0].title) <= 20:
        parameters = {"display_text": choices[0].title, "url": choices[0].url}
        return {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}
    if not choices or any(choice.url for choice in choices):
        return None
    limits = WhatsAppChannel.limits
    values = [choice_value(choice) for choice in choices]
    if len(set(values)) < len(values):
        return None
    if len(choices) <= limits.choices and all(
        len(c.title) <= limits.choice_title and len(choice_value(c)) <= limits.choice_value and not c.description
        for c in choices
    ):
        replies = [{"id": choice_value(c), "title": c.title} for c in choices]
        return {"type": "button", "action": {"buttons": [{"type": "reply", "reply": r} for r in replies]}}
    fits = all(
        len(c.title) <= ROW_TITLE and len(c.description) <= ROW_DESCRIPTION and len(choice_value(c)) <= ROW_ID
        for c in choices
    )
    if not label or len(choices) > limits.list_entries or not fits:
        return None
    rows = [
        {"id": choice_value(c), "title": c.title} | ({"description": c.description} if c.description else {})
        for c in choices
    ]
    return {"type": "list", "action": {"button": label, "sections": [{"rows": rows}]}}


def _card_text(card: Card) -> list[str]:
    return split(card_blocks(card, pictured=True), MarkedText(), BODY_CHARACTERS)


def _card_fits(card: Card) -> bool:
    return len(_card_text(card)) == 1 and (not card.choices or _action(card.choices, "") is not None)


def _template(message: OutboundMessage) -> dict[str, Any]:
    values = [{"type": "text", "text": value} for value in message.template_values]
    components = [{"type": "body", "parameters": values}] if values else []
    language = {"policy": "deterministic", "code": message.language}
    return {"name": message.template, "language": language, "components": components}
