"""Messages and status callbacks of Twilio as events.

Sources: https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status, read 2026-11.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shopwright.channels.port import (
    AccountEvent,
    Attachment,
    InboundEvent,
    InboundMessage,
    Location,
    MediaKind,
    Receipt,
    Sender,
)
from shopwright.channels.reading import words

# WhatsApp's window: the customer wrote too long ago, only a template is taken.
WINDOW: Final = frozenset({63016, 63051})
_STATES: Final = {
    "sent": "sent", "delivered": "delivered", "read": "read", "undelivered": "failed", "failed": "failed",
}  # fmt: skip
_KINDS: Final[Mapping[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video"}
# Twilio itself stops and resumes sending at these words; it forwards them as well.
_STOP: Final = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
_START: Final = frozenset({"start", "unstop"})


def events(form: Mapping[str, str]) -> Iterator[InboundEvent]:
    name = words(form.get("MessageSid") or form["SmsSid"])
    if "MessageStatus" in form:
        yield from _receipt(form, name)
        return
    thread = form["From"]
    said = form.get("OptOutType", "").lower() or _keyword(form)
    if said in ("stop", "start"):
        yield AccountEvent(name, "opt_out" if said == "stop" else "opt_in", thread, form.get("Body", ""))
    elif said != "help":
        yield from _message(form, name, thread)


def _keyword(form: Mapping[str, str]) -> str:
    word = form.get("Body", "").strip().lower()
    if form["From"].startswith("whatsapp:"):
        return ""
    return "stop" if word in _STOP else "start" if word in _START else ""


def _receipt(form: Mapping[str, str], name: str) -> Iterator[Receipt]:
    state = _STATES.get(form["MessageStatus"])
    if state:
        reason = " ".join(x for x in (form.get("ErrorCode", ""), form.get("ErrorMessage", "")) if x)
        late = form.get("ErrorCode", "") in map(str, WINDOW)
        yield Receipt(f"{name}:{state}", name, state, reason, form.get("To", ""), window_closed=late)  # type: ignore[arg-type]


def _message(form: Mapping[str, str], name: str, thread: str) -> Iterator[InboundMessage]:
    choice = form.get("ButtonPayload") or form.get("ListId") or ""
    said = InboundMessage(
        external_id=name,
        thread=thread,
        sender=Sender(
            form.get("WaId") or thread,
            name=words(form.get("ProfileName")),
            phone=thread.removeprefix("whatsapp:"),
        ),
        text=words(form.get("Body") or form.get("ButtonText") or form.get("ListTitle")),
        choice=words(choice),
        attachments=tuple(_attachments(form)),
        location=_location(form),
        reply_to=form.get("OriginalRepliedMessageSid", ""),
        route=_referral(form),
    )
    if said.text or said.attachments or said.location:
        yield said


def _referral(form: Mapping[str, str]) -> dict[str, str]:
    source = form.get("ReferralSourceId") or form.get("ReferralSourceUrl")
    return {"referral": source} if source else {}


def _attachments(form: Mapping[str, str]) -> Iterator[Attachment]:
    for number in range(min(int(form.get("NumMedia") or 0), 10)):
        media_type = words(form.get(f"MediaContentType{number}"))
        kind = _KINDS.get(media_type.split("/")[0], "file")
        yield Attachment(kind, url=words(form[f"MediaUrl{number}"]), media_type=media_type)


def _location(form: Mapping[str, str]) -> Location | None:
    if not form.get("Latitude") or not form.get("Longitude"):
        return None
    name, address = words(form.get("Label")), words(form.get("Address"))
    return Location(float(form["Latitude"]), float(form["Longitude"]), name, address)
