"""E-mail. The gateway reads the mailbox and sends by SMTP; here mails are read and made.

Sources: RFC 5322 (mails), RFC 3834 (automatic answers), RFC 3464 (bounces), RFC 5321 (answers of servers).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, ClassVar, Final

from shopwright.channels.base import BaseChannel
from shopwright.channels.email.format import MailHtml
from shopwright.channels.email.inbound import events, own_id, read_mail
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
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.parts import write_parts
from shopwright.kit.sentences import sentence

_NO_LIMIT: Final = 1_000_000
_MAX_SUBJECT: Final = 200
_LOGIN: Final = frozenset({530, 534, 535, 538})
_NOBODY: Final = frozenset({550, 551, 553})


class EmailChannel(BaseChannel):
    slug: ClassVar[str] = "email"
    name: ClassVar[str] = "E-mail"
    addresses: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Limits] = Limits(
        source="RFC 5322", read_on="2026-11-21", text_characters=0, per_second=1, per_second_thread=1
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="degraded", voice_in="yes", files_in="yes", files_out="degraded",
        read_receipts_in="degraded",
    )  # fmt: skip

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Take mails from our own mailbox only: the method is "IMAP", which no request over HTTP can have."""
        if request.method != "IMAP" or not self._credentials.get("imap_url"):
            raise InvalidSignature

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        return events(read_mail(request.body), self._credentials["address"])

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        """One mail with a plain and an HTML part, in answer to the customer's."""
        linked = (*(Attachment("image", url=url) for url in message.images), *message.files)
        plain, html = (
            write_parts(
                message, dialect, self.limits, choices=message.choices, cards=message.cards, links=linked,
                characters=_NO_LIMIT,
            )
            for dialect in (PlainText(), MailHtml())
        )  # fmt: skip
        if not plain:
            return []
        own = self._credentials["address"]
        mail = EmailMessage(policy=SMTP)
        mail["From"] = own
        mail["To"] = to.route["to"]
        mail["Subject"] = _subject(to.route.get("subject", ""))
        mail["Message-ID"] = own_id(message.key, to.thread, own)
        for name, field in (("In-Reply-To", "in_reply_to"), ("References", "references")):
            if to.route.get(field):
                mail[name] = to.route[field]
        # Other machines must not answer this one.
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content("\n\n".join(plain), cte="quoted-printable")
        mail.add_alternative("".join(html), subtype="html", cte="quoted-printable")
        return [ApiCall("SMTP", self._url("smtp"), content=mail.as_bytes())]

    def stamp(self, call: ApiCall, at: datetime) -> ApiCall:
        """Add the date, which a mail must have."""
        if call.method != "SMTP" or call.content is None:
            return call
        return replace(call, content=f"Date: {format_datetime(at)}\r\n".encode() + call.content)

    def explain(self, response: ApiResponse) -> Outcome:
        """Read the answer of the mail server: `status` is its code, the header `message-id` names what was sent."""
        reason = " ".join(response.body.decode("utf-8", "replace").split())[:500]
        reason = reason or sentence("The mail server answered {status}.", status=response.status)
        if response.status < 400:
            return Sent(response.headers.get("message-id", ""))
        if response.status < 500:
            return RetryAfter(reason)
        gone = response.status in _NOBODY and "spam" not in reason.lower() and "relay" not in reason.lower()
        return Rejected(reason, str(response.status), account=response.status in _LOGIN, gone=gone)

    def check(self) -> ApiCall:
        return ApiCall("SMTP", self._url("smtp"), purpose="check")

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002 - the mailbox is read
        return [
            ManualStep("Make a mailbox of its own for the bot, or let your address forward to one."),
            ManualStep("Send a mail to this address and wait a minute:", self._credentials["address"]),
        ]

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        """Ask the mailbox for a part of the mail: `json` names the mail and the number of the attachment."""
        message_id, _, number = attachment.reference.rpartition("#")
        about = {"message_id": message_id, "attachment": int(number)}
        return [ApiCall("IMAP", self._url("imap"), json=about, purpose="media")]

    def _url(self, kind: str) -> str:
        return self._urls.get(kind) or self._credentials[f"{kind}_url"]


def _subject(subject: str) -> str:
    line = " ".join(subject.split())[:_MAX_SUBJECT]
    return f"Re: {line}" if line else "Re:"
