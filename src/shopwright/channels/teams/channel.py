"""Microsoft Teams, by the Bot Framework's connector.

Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference, read 2026-11.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    AccessToken,
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Capabilities,
    Card,
    Choice,
    Credentials,
    InboundEvent,
    InvalidSignature,
    Limits,
    ManualStep,
    OutboundMessage,
    Outcome,
    Rejected,
    RetryAfter,
    Sent,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, read_object, retry_seconds
from shopwright.channels.signing import same_server
from shopwright.channels.teams import inbound
from shopwright.channels.teams.format import TeamsMarkdown
from shopwright.channels.teams.tokens import check_token
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.parts import write_parts
from shopwright.kit.sentences import sentence

_GONE: Final = frozenset({"ConversationNotFound", "BotNotInConversationRoster", "ConversationBlockedByUser"})
_BLOCKED: Final = frozenset({"MessageWritesBlocked", "ForbiddenOperationException"})
_ACCOUNT: Final = frozenset({"invalid_client", "unauthorized_client", "invalid_request", "BotDisabledByAdmin"})
_AGAIN: Final = frozenset({412, 502, 504})
_TOKEN_HOSTS: Final = frozenset({"smba.trafficmanager.net", "smba.infra.gov.teams.microsoft.us"})
# 100 KB of a message in all are documented, but less was refused; 24 KB in UTF-16 was always taken.
_TEXT: Final = 12_000


class TeamsChannel(BaseChannel):
    slug: ClassVar[str] = "teams"
    name: ClassVar[str] = "Microsoft Teams"
    addresses: ClassVar[Mapping[str, str]] = {
        "login": "https://login.microsoftonline.com",
        "keys": "https://login.botframework.com",
        # Where a conversation has no address of its own.
        "service": "https://smba.trafficmanager.net/teams",
    }
    limits: ClassVar[Limits] = Limits(
        source="https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages",
        read_on="2026-11-21",
        text_characters=_TEXT,
        counted_in="utf16",
        choices=6,
        cards=10,
        card_choices=6,
        per_second=50,
        per_second_thread=1,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="yes", voice_in="degraded", files_in="yes", files_out="degraded",
        choices="yes", cards="yes", carousel="yes", typing="yes", read_receipts_in="yes", reactions_in="yes",
        edits_in="yes", deletions_in="yes",
    )  # fmt: skip

    def __init__(self, credentials: Credentials, base_urls: Mapping[str, str] | None = None) -> None:
        super().__init__(credentials, base_urls)
        self._service = (base_urls or {}).get("service")
        self.keys_url = f"{self._urls['keys']}/v1/.well-known/keys"

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:
        """Check the bearer token, and that the body says what the token says."""
        header = request.headers.get("authorization")
        token = check_token(header, self._credentials.get("app_id"), keys, request.received_at)
        try:
            activity = read_object(request.body)
        except ValueError as exc:
            raise InvalidSignature from exc
        token.check_activity(activity)

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        return inbound.events(read_object(request.body))

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        native = 0 < len(message.choices) <= self.limits.choices
        fits = len(message.cards) <= self.limits.cards and all(
            len(card.choices) <= self.limits.card_choices and len(card.title) + len(card.subtitle) < _TEXT // 10
            for card in message.cards
        )
        texts = write_parts(
            message, TeamsMarkdown(), self.limits,
            choices=() if native else message.choices,
            cards=() if fits else message.cards,
            links=message.files,
        )  # fmt: skip
        said: list[dict[str, Any]] = [
            {"attachments": [{"contentType": _type_of(url), "contentUrl": url}]} for url in message.images
        ]
        said += [{"text": text, "textFormat": "markdown"} for text in texts]
        if native:
            # Not beside the text: Teams would make two messages of it and tell the id of neither.
            said.append({"attachments": [_adaptive([], message.choices)]})
        if fits and message.cards:
            cards = [_adaptive(_card(card), card.choices, card.url) for card in message.cards]
            said.append({"attachmentLayout": "carousel", "attachments": cards})
        return [self._activity(to, {"type": "message", **each}) for each in said]

    def _activity(self, to: Address, activity: Mapping[str, Any], purpose: str = "send") -> ApiCall:
        service = self._service or to.route.get("service_url") or self._urls["service"]
        url = f"{service.rstrip('/')}/v3/conversations/{quote(to.thread, safe='')}/activities"
        body = {**activity, "conversation": {"id": to.thread}}
        if to.route.get("bot_id"):
            body["from"] = {"id": to.route["bot_id"]}
        return self._call(url, body, purpose=purpose)

    def typing(self, to: Address) -> ApiCall | None:
        return self._activity(to, {"type": "typing"}, "typing")

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        error = answer.get("error")
        code, said = "", answer.get("error_description")
        if isinstance(error, str):
            code = error
        elif isinstance(error, dict):
            code, said = str(error.get("code") or ""), error.get("message")
        reason = said if isinstance(said, str) else ""
        if response.status < 300:
            message_id = answer.get("id")
            return Sent(message_id if isinstance(message_id, str) else "")
        if response.status in _AGAIN:
            return RetryAfter(
                reason or sentence("The platform answered {status}.", status=response.status),
                retry_seconds(response.headers),
            )
        if code in _GONE or code in _BLOCKED:
            return Rejected(reason or code, code, gone=True)
        if code in _ACCOUNT:
            return Rejected(reason or code, code, account=True)
        return explain_status(response, reason, code=code)

    def sign_in(self) -> ApiCall | None:
        """The call for the token that answers are sent with."""
        tenant = self._credentials.get("app_tenant_id") or "botframework.com"
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.get("app_id"),
            "client_secret": self._credentials.get("app_password"),
            "scope": "https://api.botframework.com/.default",
        }
        url = f"{self._urls['login']}/{tenant}/oauth2/v2.0/token"
        return ApiCall("POST", url, form=form, purpose="sign_in", idempotent=True)

    def access_token(self, response: ApiResponse) -> AccessToken | None:
        answer = answer_of(response)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int | float):
            return None
        return AccessToken(token, float(seconds))

    def check(self) -> ApiCall:
        """Signing in is the check: there is no other call without a conversation."""
        call = self.sign_in()
        assert call is not None
        return ApiCall("POST", call.url, form=call.form, purpose="check", idempotent=True)

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002 - tokens are Microsoft's
        return [
            ManualStep("Open portal.azure.com → your Azure Bot → Configuration → Messaging endpoint."),
            ManualStep("Paste this address and press “Apply”:", webhook_url),
            ManualStep("Under “Channels” add Microsoft Teams and agree to its terms."),
            ManualStep("In dev.teams.microsoft.com make an app with a bot of this id, and install it:",
                       self._credentials.get("app_id")),
        ]  # fmt: skip

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        own = same_server(attachment.url, self._service or "", *_TOKEN_HOSTS)
        # The token goes to the connector and nowhere else; other addresses have their own in them.
        return [ApiCall("GET", attachment.url, self._headers() if own else {}, purpose="media")]

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._credentials.get('access_token')}"}


def _type_of(url: str) -> str:
    end = urlsplit(url).path.rsplit(".", 1)[-1].lower()
    return {"jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}.get(end, "image/png")


def _adaptive(body: list[dict[str, Any]], choices: tuple[Choice, ...], url: str = "") -> dict[str, Any]:
    card: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": body,
        "actions": [_action(choice) for choice in choices],
    }
    if url:
        card["selectAction"] = {"type": "Action.OpenUrl", "url": url}
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}


def _action(choice: Choice) -> dict[str, Any]:
    title = f"{choice.title} – {choice.description}" if choice.description else choice.title
    if choice.url:
        return {"type": "Action.OpenUrl", "title": title, "url": choice.url}
    return {"type": "Action.Submit", "title": title, "data": {"choice": choice_value(choice), "title": choice.title}}


def _card(card: Card) -> list[dict[str, Any]]:
    escape = TeamsMarkdown().escape
    body: list[dict[str, Any]] = []
    if card.image_url:
        body.append({"type": "Image", "url": card.image_url, "altText": card.title})
    body.append({"type": "TextBlock", "text": escape(card.title), "weight": "Bolder", "wrap": True})
    if card.subtitle:
        body.append({"type": "TextBlock", "text": escape(card.subtitle), "wrap": True})
    return body
