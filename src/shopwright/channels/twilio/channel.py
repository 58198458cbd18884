"""SMS and WhatsApp by Twilio. Source: https://www.twilio.com/docs/messaging/api/message-resource, read 2026-11."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import orjson

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Capabilities,
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
from shopwright.channels.reading import answer_of, explain_status, reading, retry_seconds, words
from shopwright.channels.signing import check_hmac, same_secret, same_server
from shopwright.channels.text.dialects import MarkedText, PlainText
from shopwright.channels.text.parts import write_parts
from shopwright.channels.twilio import inbound
from shopwright.kit.sentences import sentence

_ACCOUNT: Final = frozenset({20003, 20005, 20404, 21606, 21603, 21660, 63007, 30002, 63033})
_GONE: Final = frozenset({21610, 21614, 21211, 21217, 63024, 30005})
_BUSY: Final = frozenset({20429, 14107, 21611, 30001, 63018, 20500, 20503})


class TwilioChannel(BaseChannel):
    slug: ClassVar[str] = "twilio"
    name: ClassVar[str] = "Twilio SMS and WhatsApp"
    addresses: ClassVar[Mapping[str, str]] = {"api": "https://api.twilio.com"}
    limits: ClassVar[Limits] = Limits(
        source="https://www.twilio.com/docs/messaging/api/message-resource",
        read_on="2026-11-21",
        text_characters=1600,
        per_second=1,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        images_in="yes", images_out="degraded", voice_in="yes", files_in="yes", files_out="degraded",
        location_in="yes", read_receipts_in="yes", templates="yes", automatic_webhook="yes",
    )  # fmt: skip

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA1 over the address and the sorted fields; of a JSON body the digest stands in the address.

        There is no time in it: a repeat is known by its message id.
        """
        token = self._credentials.get("auth_token")
        given = request.headers.get("x-twilio-signature")
        digest = parse_qs(urlsplit(request.url).query).get("bodySHA256")
        signed = request.url
        if digest:
            same_secret(digest[0], hashlib.sha256(request.body).hexdigest())
        else:
            signed += _fields(request.body)
        check_hmac(given, token, signed.encode(), algorithm="sha1", form="base64")

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        if request.headers.get("content-type", "").startswith("application/json"):
            return ()
        return inbound.events(dict(parse_qsl(request.body.decode(), keep_blank_values=True)))

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        if message.template:
            values = {str(n): value for n, value in enumerate(message.template_values, start=1)}
            content = {"ContentSid": message.template, "ContentVariables": orjson.dumps(values).decode()}
            return [self._send(to, content)]
        whatsapp = self._credentials["from_number"].startswith("whatsapp:")
        # Pictures by SMS go within North America only; elsewhere they are links.
        pictures = whatsapp or self._credentials["from_number"].startswith("+1")
        media = [*(message.images if pictures else ()), *(f.url for f in message.files if whatsapp)]
        linked = () if pictures else tuple(Attachment("image", url=url) for url in message.images)
        linked += () if whatsapp else message.files
        texts = write_parts(
            message, MarkedText() if whatsapp else PlainText(), self.limits,
            choices=message.choices, cards=message.cards, links=linked,
        )  # fmt: skip
        more = {} if whatsapp else {"SmartEncoded": "true"}
        calls = [self._send(to, {"MediaUrl": [url]}) for url in media]
        return calls + [self._send(to, {"Body": text, **more}) for text in texts]

    def _send(self, to: Address, content: Mapping[str, str | Sequence[str]]) -> ApiCall:
        form = {"To": to.thread, "From": self._credentials["from_number"], **content}
        # Receipts come to where messages come.
        callback = self._credentials.get("webhook_url")
        return self._form("Messages.json", {**form, "StatusCallback": callback} if callback else form)

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        if response.status < 300:
            sid = answer.get("sid")
            return Sent(sid if isinstance(sid, str) else "")
        code, said = answer.get("code"), answer.get("message")
        reason = said if isinstance(said, str) else ""
        name = str(code) if isinstance(code, int) else ""
        if response.status == 429 or response.status >= 500 or code in _BUSY:
            return RetryAfter(reason or sentence("The platform is busy."), retry_seconds(response.headers))
        if code in inbound.WINDOW:
            return Rejected(reason, name, window_closed=True)
        if code in _GONE:
            return Rejected(reason, name, gone=True)
        if code in _ACCOUNT:
            return Rejected(reason, name, account=True)
        return explain_status(response, reason, code=name)

    def check(self) -> ApiCall:
        sid = self._credentials["account_sid"]
        return self._call(f"{self._urls['api']}/2010-04-01/Accounts/{sid}.json", method="GET", purpose="check")

    def register(
        self,
        webhook_url: str,
        secret: str,  # noqa: ARG002 - requests are signed with the auth token
        located: ApiResponse | None = None,
    ) -> list[ApiCall]:
        return self._point({"SmsUrl": webhook_url, "SmsMethod": "POST"}, located)

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:  # noqa: ARG002
        return self._point({"SmsUrl": ""}, located)

    def _point(self, form: Mapping[str, str], located: ApiResponse | None) -> list[ApiCall]:
        """Change the number's settings. Its id is asked for first; senders of WhatsApp are set on Twilio's pages."""
        number = self._credentials["from_number"]
        if number.startswith("whatsapp:"):
            return []
        if located is None:
            path = f"IncomingPhoneNumbers.json?PhoneNumber={quote(number, safe='')}"
            return [self._call(self._url(path), method="GET", purpose="locate")]
        found = answer_of(located).get("incoming_phone_numbers")
        with reading():
            sids = [words(entry["sid"]) for entry in found] if isinstance(found, list) else []
        return [self._form(f"IncomingPhoneNumbers/{sid}.json", form, "register") for sid in sids[:1]]

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002
        if not self._credentials["from_number"].startswith("whatsapp:"):
            return []
        return [
            ManualStep("Open console.twilio.com → Messaging → Senders → WhatsApp senders, and choose your number."),
            ManualStep("“Webhook URL for incoming messages”, method POST:", webhook_url),
            ManualStep("“Status callback URL”, method POST; then press “Update”:", webhook_url),
        ]

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        """The api's own address answers with a redirect to the file."""
        path = f"{urlsplit(self._urls['api']).path}/2010-04-01/"
        if same_server(attachment.url, self._urls["api"]) and urlsplit(attachment.url).path.startswith(path):
            return [self._call(attachment.url, method="GET", purpose="locate")]
        return super().fetch_media(attachment)

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        return replace(attachment, url=response.headers.get("location", ""))

    def _headers(self) -> Mapping[str, str]:
        pair = f"{self._credentials['account_sid']}:{self._credentials.get('auth_token')}"
        return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _url(self, path: str) -> str:
        return f"{self._urls['api']}/2010-04-01/Accounts/{self._credentials['account_sid']}/{path}"

    def _form(self, path: str, form: Mapping[str, str | Sequence[str]], purpose: str = "send") -> ApiCall:
        return ApiCall("POST", self._url(path), self._headers(), form=form, purpose=purpose)


def _fields(body: bytes) -> str:
    """Names and values in the order of names, each pair once, as Twilio signs them.

    Raises:
        InvalidSignature: the body is no form.
    """
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as exc:
        raise InvalidSignature from exc
    return "".join(name + value for name, value in sorted(set(pairs)))
