"""The Send API of Messenger and Instagram.

Source: https://developers.facebook.com/docs/messenger-platform/reference/send-api, read 2026-11.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from shopwright.channels.meta.channel import MetaChannel, changes
from shopwright.channels.meta.messaging import events
from shopwright.channels.port import (
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Card,
    Choice,
    InboundEvent,
    Limits,
    ManualStep,
    OutboundMessage,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, read_object, words
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.parts import write_parts
from shopwright.channels.text.phrases import phrases

SUBTITLE: Final = 80


class MessagingChannel(MetaChannel):
    """`account_field` is the credential that names the page or account; `fields` are the webhooks it asks for."""

    limits: ClassVar[Limits]

    account_field: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    # Kinds of files that are taken by address; others go as links.
    files: ClassVar[frozenset[str]]
    page: ClassVar[str]
    # Whether the token's app can be asked for, so that no person has to enter our address.
    tells_its_app: ClassVar[bool] = False

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        account = self._credentials[self.account_field]
        for event in changes(read_object(request.body), self.object, account, "messaging"):
            yield from events(event, account)

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        replies = self._quick_replies(message.choices)
        cards = message.cards if self._cards_fit(message.cards) else ()
        linked = tuple(file for file in message.files if not self._taken(file))
        listed = () if replies else message.choices
        degraded = () if cards else message.cards
        texts = write_parts(message, PlainText(), self.limits, choices=listed, cards=degraded, links=linked)
        said: list[dict[str, Any]] = [_attachment("image", {"url": url}) for url in message.images]
        said += [_attachment(file.kind, {"url": file.url}) for file in message.files if file not in linked]
        said += [{"text": text} for text in texts]
        if cards:
            elements = [_element(card) for card in cards]
            said.append(_attachment("template", {"template_type": "generic", "elements": elements}))
        if replies and not texts and not cards:
            said.append({"text": phrases(message.language).options})
        if replies:
            # Quick replies vanish with the next message, so they stand on the last one.
            said[-1] = {**said[-1], "quick_replies": replies}
        return [self._send(to, each, message.key) for each in said]

    def _quick_replies(self, choices: tuple[Choice, ...]) -> list[dict[str, str]]:
        limits = self.limits
        fits = all(
            not c.url
            and not c.description
            and len(c.title) <= limits.choice_title
            and len(choice_value(c)) <= limits.choice_value
            for c in choices
        )
        if not fits or len(choices) > limits.choices:
            return []
        return [{"content_type": "text", "title": c.title, "payload": choice_value(c)} for c in choices]

    def _cards_fit(self, cards: tuple[Card, ...]) -> bool:
        limits = self.limits
        return len(cards) <= limits.cards and all(
            len(card.title) <= limits.card_title
            and len(card.subtitle) <= SUBTITLE
            and len(card.choices) <= limits.card_choices
            and all(
                not c.description
                and len(c.title) <= limits.choice_title
                and len(choice_value(c)) <= limits.choice_value
                for c in card.choices
            )
            for card in cards
        )

    def _taken(self, file: Attachment) -> bool:
        return file.kind in self.files

    def _send(self, to: Address, message: Mapping[str, Any], key: str) -> ApiCall:
        body = {
            "recipient": {"id": to.thread},
            "messaging_type": "RESPONSE",
            "message": {**message, "metadata": key},
        }
        return self._graph(self._path("messages"), body)

    def _action(self, to: Address, action: str, purpose: str) -> ApiCall:
        body = {"recipient": {"id": to.thread}, "sender_action": action}
        return self._graph(self._path("messages"), body, purpose=purpose)

    def typing(self, to: Address) -> ApiCall | None:
        return self._action(to, "typing_on", "typing")

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:  # noqa: ARG002 - all of them at once
        return self._action(to, "mark_seen", "read")

    def check(self) -> ApiCall:
        return self._graph(f"{self._credentials[self.account_field]}?fields=id,name", method="GET", purpose="check")

    def register(self, webhook_url: str, secret: str, located: ApiResponse | None = None) -> list[ApiCall]:
        """Point the app at us and subscribe the account; a token of Facebook tells which app that is."""
        app = words(answer_of(located).get("id")) if located else ""
        if self.tells_its_app and not app:
            return [self._graph("app?fields=id", method="GET", purpose="locate")]
        fields = ",".join(self.fields)
        subscribe = self._graph(self._path("subscribed_apps"), {"subscribed_fields": fields}, purpose="register")
        if not app:
            return [subscribe]
        body = {
            "object": self.object,
            "callback_url": webhook_url,
            "verify_token": self._verify_token(secret),
            "fields": fields,
        }
        point = replace(
            self._graph(f"{app}/subscriptions", body, purpose="register"),
            headers={"authorization": f"Bearer {app}|{self._credentials['app_secret']}"},
        )
        return [point, subscribe]

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:  # noqa: ARG002
        return [self._graph(self._path("subscribed_apps"), method="DELETE", purpose="unregister")]

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:
        if self.tells_its_app:
            return []
        return [
            ManualStep(f"Open your app on developers.facebook.com → {self.page} → Webhooks → Edit callback URL."),
            ManualStep("Callback URL:", webhook_url),
            ManualStep("Verify token:", self._verify_token(secret)),
            ManualStep("Press “Verify and save”, then subscribe to these fields:", ", ".join(self.fields)),
        ]

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        return [replace(call, headers={}) for call in super().fetch_media(attachment)] if attachment.url else []

    def _path(self, name: str) -> str:
        return f"{self._credentials[self.account_field]}/{name}"


def _attachment(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": payload}}


def _element(card: Card) -> dict[str, Any]:
    element: dict[str, Any] = {"title": card.title}
    if card.subtitle:
        element["subtitle"] = card.subtitle
    if card.image_url:
        element["image_url"] = card.image_url
    if card.url:
        element["default_action"] = {"type": "web_url", "url": card.url}
    if card.choices:
        element["buttons"] = [_button(choice) for choice in card.choices]
    return element


def _button(choice: Choice) -> dict[str, str]:
    if choice.url:
        return {"type": "web_url", "title": choice.title, "url": choice.url}
    return {"type": "postback", "title": choice.title, "payload": choice_value(choice)}
