"""What a business says, as WhatsApp's app shows it, and what becomes of it."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from shopwright.lab.accounts import Account, Payload
from shopwright.lab.base import Answer, Refused
from shopwright.lab.meta.graph import graph_error, number_of
from shopwright.lab.schemas import LabChoice, LabFile, LabLocation, LabMessage
from shopwright.lab.text import lines_of
from shopwright.lab.whatsapp.marks import parse

if TYPE_CHECKING:
    from shopwright.lab.whatsapp.emulator import WhatsAppEmulator

_LATE: Final[dict[str, Any]] = {
    "code": 131047, "title": "Re-engagement message", "message": "Re-engagement message",
    "error_data": {"details": "More than 24 hours have passed since the customer last replied to this number."},
    "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
}  # fmt: skip
_MEDIA: Final = {"image": "image", "audio": "audio", "video": "video", "document": "file", "sticker": "image"}


def display_number(account: Account) -> str:
    return "1555" + number_of(account.credentials["phone_number_id"], 7)


def new_id() -> str:
    return "wamid." + secrets.token_hex(24).upper()


def send(emulator: "WhatsAppEmulator", account: Account, body: Mapping[str, Any]) -> Answer:
    """Take a message that has the right form.

    Raises:
        Refused: it goes to nobody, its window is closed, or what is in it does not go together.
    """
    to = str(body.get("to") or body.get("recipient") or "")
    if not to:
        raise _invalid("to is missing", 131008, "Required parameter is missing")
    if to.lstrip("+") != account.customer:
        said = "Recipient phone number not in allowed list"
        raise Refused(graph_error(400, 131030, f"(#131030) {said}", details=said), "nobody with this number ever wrote")
    kind = body["type"]
    if not isinstance(body.get(kind), dict):
        raise _invalid(f"{kind} is missing", 131008, "Required parameter is missing")
    late = kind != "template" and not account.window_open(emulator.window_hours)
    if late and not account.ahead:
        said = _LATE["error_data"]["details"]
        raise Refused(graph_error(400, 131047, "(#131047) Re-engagement message", details=said),
                      "a free answer outside of the 24 hours")  # fmt: skip
    shown = LabMessage(id=new_id(), sender="bot", at=datetime.now(UTC), state="delivered")
    _fill(shown, kind, body[kind])
    context = body.get("context")
    if isinstance(context, dict):
        shown.reply_to = str(context["message_id"])
    answer = {
        "messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": account.customer}],
        "messages": [{"id": shown.id}],
    }  # fmt: skip
    if late:  # nobody could know that the clock here is ahead; it is taken and fails, as the platform mostly does it
        account.reports.append(status(account, shown.id, "failed", [_LATE]))
        return Answer(answer)
    if account.blocked:  # the business is not told; it only never hears of a delivery
        account.reports.append(status(account, shown.id, "sent"))
        return Answer(answer)
    account.show(shown, {"type": kind, "data": body.get("biz_opaque_callback_data")})
    account.reports += [status(account, shown.id, state) for state in ("sent", "delivered")]
    return Answer(answer)


def _invalid(said: str, code: int = 131009, title: str = "Parameter value is not valid") -> Refused:
    return Refused(graph_error(400, code, f"(#{code}) {title}", details=said), said)


def _fill(shown: LabMessage, kind: str, content: Mapping[str, Any]) -> None:
    if kind == "text":
        shown.lines = lines_of(parse(content["body"]))
    elif kind in _MEDIA:
        _fill_media(shown, kind, content)
    elif kind == "interactive":
        _fill_interactive(shown, content)
    elif kind == "location":
        place = {name: float(content[name]) for name in ("latitude", "longitude")}
        shown.kind, shown.location = "location", LabLocation(**place, name=content.get("name", ""))
    elif kind == "template":
        values = [
            str(parameter.get("text", ""))
            for component in content.get("components") or []
            for parameter in component.get("parameters") or []
        ]
        words = " ".join(values) or f"[{content['name']}]"
        shown.lines = lines_of(parse(words))
    else:
        raise _invalid(f"the lab does not show messages of the type {kind}")


def _fill_media(shown: LabMessage, kind: str, content: Mapping[str, Any]) -> None:
    if ("id" in content) == ("link" in content):
        raise _invalid(f"{kind} has either an id or a link")
    link = str(content.get("link", ""))
    if link and urlsplit(link).scheme not in {"http", "https"}:
        raise _invalid(f"{kind}.link is no web address")
    if content.get("caption"):
        shown.lines = lines_of(parse(content["caption"]))
    if kind == "image":
        shown.kind, shown.images = "image", [link or str(content["id"])]
        return
    name = content.get("filename") or urlsplit(link).path.rsplit("/", 1)[-1] or kind
    shown.kind = "voice" if kind == "audio" else "file"
    shown.files = [LabFile(name=name, media_type="", kind=_MEDIA[kind])]


def _fill_interactive(shown: LabMessage, content: Mapping[str, Any]) -> None:
    kind, action = content["type"], content["action"]
    wanted = {"button": "buttons", "list": "sections", "cta_url": "name"}.get(kind)
    if wanted is None:
        raise _invalid(f"the lab does not show interactive messages of the type {kind}")
    if wanted not in action or "body" not in content:
        raise _invalid(f"interactive of the type {kind} has action.{wanted} and a body")
    header = content.get("header") or {}
    if header and header["type"] != "text" and kind in {"list", "cta_url"}:
        raise _invalid(f"the header of a {kind} is a text")
    if header.get("type") == "image":
        shown.images = [str(header["image"].get("link") or header["image"].get("id") or "")]
    head = f"*{header['text']}*\n" if header.get("text") else ""
    shown.lines = lines_of(parse(head + content["body"]["text"]))
    _offer(shown, kind, action)
    if len({choice.value for choice in shown.choices}) < len(shown.choices):
        raise _invalid("two choices have the same id")
    if len({choice.title for choice in shown.choices}) < len(shown.choices) and kind == "button":
        raise _invalid("two buttons have the same title")


def _offer(shown: LabMessage, kind: str, action: Mapping[str, Any]) -> None:
    if kind == "button":
        replies = [button["reply"] for button in action["buttons"]]
        shown.choices = [LabChoice(title=reply["title"], value=reply["id"]) for reply in replies]
        shown.choices_style = "buttons"
    elif kind == "list":
        rows = [row for section in action["sections"] for row in section.get("rows") or []]
        if len(rows) > 10:
            raise _invalid(f"the list has {len(rows)} rows, 10 are taken")
        if len(action["sections"]) > 1 and not all(section.get("title") for section in action["sections"]):
            raise _invalid("sections have titles when there are several")
        shown.choices = [LabChoice(title=_row(row), value=row["id"]) for row in rows]
        shown.choices_style, shown.list_title = "list", action["button"]
    else:
        link = action["parameters"]
        shown.choices, shown.choices_style = [LabChoice(title=link["display_text"], url=link["url"])], "buttons"


def _row(row: Mapping[str, str]) -> str:
    return f"{row['title']} – {row['description']}" if row.get("description") else row["title"]


def change(account: Account, value: Mapping[str, Any]) -> dict[str, Any]:
    """A webhook's body around a value."""
    metadata = {
        "display_phone_number": display_number(account), "phone_number_id": account.credentials["phone_number_id"],
    }  # fmt: skip
    business = account.credentials.get("business_account_id") or number_of(account.id)
    filled = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": business, "changes": [{"value": filled, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def status(account: Account, message_id: str, state: str, errors: list[dict[str, Any]] | None = None) -> Payload:
    """What became of a message, as it is told."""
    said: dict[str, Any] = {
        "id": message_id, "status": state, "timestamp": str(int(datetime.now(UTC).timestamp())),
        "recipient_id": account.customer,
    }  # fmt: skip
    if errors:
        said["errors"] = errors
    elif state != "read":
        said["conversation"] = {"id": number_of(account.customer), "origin": {"type": "service"}}
        said["pricing"] = {"billable": False, "pricing_model": "PMP", "category": "service"}
    return Payload(change(account, {"statuses": [said]}), f"status: {state}", receipt=True)
