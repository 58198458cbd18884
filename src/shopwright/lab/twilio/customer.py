"""What somebody does with text messages, and Twilio's requests about it.

Sources: https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status, read 2026-11.
"""

import secrets
from datetime import UTC, datetime
from typing import Final

from shopwright.lab.accounts import Account, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabMessage
from shopwright.lab.text import plain_lines

# Not a field: where a status goes, which each message says for itself.
CALLBACK: Final = "\0callback"
STOP: Final = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START: Final = frozenset({"start", "unstop", "yes"})
_FILES: Final = {
    "image": ("picture.png", "image/png", PICTURE, "image"), "voice": ("voice.ogg", "audio/ogg", VOICE, "audio"),
    "file": ("document.pdf", "application/pdf", DOCUMENT, "file"),
}  # fmt: skip


def phone(account: Account) -> str:
    return f"+1{account.customer}"


def act(account: Account, act: LabAct) -> list[Payload]:
    """Send a text message; returns Twilio's request about it."""
    if act.kind in {"block", "unblock"}:
        if account.blocked == (act.kind == "block"):
            raise NotThere("You did that already.")
        return _say(account, LabAct(kind="text", text="STOP" if act.kind == "block" else "START"))
    if act.kind == "text" and not act.text.strip():
        raise NotThere("Write something first.")
    return _say(account, act)


def _say(account: Account, act: LabAct) -> list[Payload]:
    word = act.text.strip().lower()
    # Twilio itself stops and resumes sending at these words; it forwards them as well.
    if word in STOP:
        account.blocked = True
    elif word in START:
        account.blocked = False
    sid = ("MM" if act.kind in _FILES else "SM") + secrets.token_hex(16)
    shown = LabMessage(
        id=sid, sender="customer", at=datetime.now(UTC), state="delivered",
        lines=plain_lines(act.text) if act.text else [],
    )  # fmt: skip
    own = account.credentials["account_sid"]
    form = {
        "ToCountry": "US", "ToState": "", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
        "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": act.text,
        "FromCountry": "US", "To": account.credentials["from_number"], "ToZip": "", "NumSegments": "1",
        "MessageSid": sid, "AccountSid": own, "From": phone(account), "ApiVersion": "2010-04-01",
    }  # fmt: skip
    if act.kind in _FILES:
        name, media_type, content, kind = _FILES[act.kind]
        file = account.keep(act.name or name, media_type, content, "ME" + secrets.token_hex(16))
        shown.kind = act.kind  # type: ignore[assignment]
        shown.files = [LabFile(name=file.name, media_type=media_type, kind=kind)]
        url = f"{account.home}/api/2010-04-01/Accounts/{own}/Messages/{sid}/Media/{file.id}"
        form |= {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": media_type}
    account.show(shown)
    return [Payload(form, "incoming message")]


def status(account: Account, sid: str, state: str, callback: str) -> Payload:
    """What became of a message, told to the address that the message named."""
    form = {
        "SmsSid": sid, "SmsStatus": state, "MessageStatus": state, "To": phone(account), "MessageSid": sid,
        "AccountSid": account.credentials["account_sid"], "From": account.credentials["from_number"],
        "ApiVersion": "2010-04-01", CALLBACK: callback,
    }  # fmt: skip
    return Payload(form, f"status: {state}", receipt=True)
