"""What a bot sends by LINE, checked, and shown as LINE's app shows it.

Sources: `facts.json`, and https://developers.line.biz/en/reference/messaging-api/#message-objects, read 2026-11.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from shopwright.lab.accounts import Account
from shopwright.lab.base import Answer, Refused
from shopwright.lab.checking import load_facts, utf16
from shopwright.lab.schemas import LabCard, LabChoice, LabFile, LabLocation, LabMessage
from shopwright.lab.text import linked_lines

# A column or button template with a picture or a title takes less text.
TEXT_BESIDE: Final = 60
_ALL_ALIKE: Final = ("thumbnailImageUrl", "title")
Json = Mapping[str, Any]


def problem(status: int, message: str, *details: str) -> Answer:
    """An error as LINE answers it."""
    more = {"details": [{"message": each} for each in details]} if details else {}
    return Answer({"message": message, **more}, status)


def customer_id(account: Account) -> str:
    return f"U{int(account.customer):032x}"


def bot_id(account: Account) -> str:
    return f"U{account.credentials['channel_secret']}"


def new_id(account: Account) -> str:
    """Ids of messages are numbers, never the same twice."""
    account.state["message"] = account.state.get("message", secrets.randbelow(10**17) + 4 * 10**17) + 1
    return str(account.state["message"])


def send(account: Account, messages: Sequence[Json]) -> list[dict[str, str]]:
    """Take messages and show them; returns what is told of each."""
    sent = []
    for message in messages:
        name = new_id(account)
        # Who blocked the account gets nothing, and nobody is told.
        if not account.blocked:
            account.show(_shown(name, message), dict(message))
        sent.append({"id": name, "quoteToken": secrets.token_urlsafe(24)})
    return sent


def check(account: Account, method: str, given: Json, call: str) -> None:
    """Note what is wrong with a body.

    Raises:
        Refused: LINE does not take it.
    """
    facts = load_facts("line")
    problems = [*facts.problems(given, facts.methods[method]), *_more(given.get("messages"))]
    for found in problems[1:]:
        account.violated(call, found)
    if problems:
        said = f"The request body has {len(problems)} error(s)"
        raise Refused(problem(400, said, *problems), problems[0])


def _more(messages: Any) -> Iterator[str]:
    """What LINE checks of messages beyond names and sizes."""
    for number, message in enumerate(messages if isinstance(messages, list) else ()):
        template = message.get("template") if isinstance(message, dict) else None
        if not isinstance(template, dict):
            continue
        columns = template.get("columns") if template.get("type") == "carousel" else [template]
        known = [column for column in columns if isinstance(column, dict)] if isinstance(columns, list) else []
        at = f"messages[{number}].template"
        for column in known:
            text = column.get("text")
            beside = any(name in column for name in _ALL_ALIKE)
            if beside and isinstance(text, str) and utf16(text) > TEXT_BESIDE:
                yield f"{at}: a text beside a picture or title has {utf16(text)} characters, {TEXT_BESIDE} are taken"
        if len({len(column.get("actions") or ()) for column in known}) > 1:
            yield f"{at}: columns have different numbers of actions"
        for name in _ALL_ALIKE:
            if len({name in column for column in known}) > 1:
                yield f"{at}: some columns have a {name} and some have none"


def _shown(name: str, message: Json) -> LabMessage:
    shown = LabMessage(id=name, sender="bot", at=datetime.now(UTC), state="delivered")
    kind = message["type"]
    if kind == "text":
        shown.lines = linked_lines(message["text"])
    elif kind == "image":
        shown.kind, shown.images = "image", [message["originalContentUrl"]]
    elif kind in {"video", "audio"}:
        file = message["originalContentUrl"].rsplit("/", 1)[-1]
        shown.kind, shown.files = "file", [LabFile(name=file, media_type="", kind=kind)]
    elif kind == "location":
        place = LabLocation(latitude=message["latitude"], longitude=message["longitude"], name=message["title"])
        shown.kind, shown.location = "location", place
    elif kind == "template":
        _template(shown, message["template"])
    else:
        shown.kind = "card"
        contents = message["contents"]
        shown.cards = [_bubble(each) for each in contents.get("contents", [contents])]
    if "quickReply" in message:
        shown.choices_style = "quick_replies"
        shown.choices = [choice_of(item["action"]) for item in message["quickReply"]["items"]]
    return shown


def _template(shown: LabMessage, template: Json) -> None:
    if template["type"] == "confirm":
        shown.lines, shown.choices_style = linked_lines(template["text"]), "buttons"
        shown.choices = [choice_of(action) for action in template["actions"]]
        return
    shown.kind = "card"
    shown.cards = [
        LabCard(
            title=column.get("title") or column["text"], subtitle=column["text"] if "title" in column else "",
            image_url=column.get("thumbnailImageUrl", ""), url=(column.get("defaultAction") or {}).get("uri", ""),
            choices=[choice_of(action) for action in column["actions"]],
        )
        for column in template.get("columns", [template])
    ]  # fmt: skip


def choice_of(action: Json) -> LabChoice:
    """A button: what it sends, or the address it opens."""
    title = str(action.get("label", ""))
    if action["type"] == "uri":
        return LabChoice(title=title, url=str(action["uri"]))
    return LabChoice(title=title, value=str(action.get("data") or action.get("text") or title))


def _bubble(bubble: Json) -> LabCard:
    nodes = list(_nodes([bubble.get(part) for part in ("hero", "header", "body", "footer")]))
    texts = [str(node.get("text", "")) for node in nodes if node.get("type") == "text"]
    pictures = [str(node.get("url", "")) for node in nodes if node.get("type") == "image"]
    buttons = [choice_of(node["action"]) for node in nodes if node.get("type") == "button" and "action" in node]
    return LabCard(
        title=texts[0] if texts else "", subtitle="\n".join(texts[1:]), image_url=pictures[0] if pictures else "",
        choices=buttons,
    )  # fmt: skip


def _nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, list):
        for each in node:
            yield from _nodes(each)
    elif isinstance(node, dict):
        yield node
        yield from _nodes(node.get("contents"))
