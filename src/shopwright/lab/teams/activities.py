"""What a bot sends to the connector, checked, and shown as Teams' app shows it.

Sources: `facts.json`, and https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from shopwright.lab.accounts import Account, Entry
from shopwright.lab.base import Answer, Refused
from shopwright.lab.checking import load_facts, utf16
from shopwright.lab.schemas import LabCard, LabChoice, LabMessage, Run
from shopwright.lab.teams.markdown import parse
from shopwright.lab.text import lines_of, text_of

# Of a message as UTF-16; within the smaller one it is sure to be delivered.
MOST_BYTES: Final = 100 * 1024
SURE_BYTES: Final = 80 * 1024
ADAPTIVE: Final = "application/vnd.microsoft.card.adaptive"
Json = Mapping[str, Any]


def error(status: int, code: str, message: str) -> Answer:
    """An error as the connector answers it."""
    return Answer({"error": {"code": code, "message": message}}, status)


def bot_id(account: Account) -> str:
    return f"28:{account.credentials['app_id']}"


def conversation_id(account: Account) -> str:
    """The personal chat of the bot and the customer."""
    return f"a:1{account.customer}lab"


def next_id(account: Account) -> str:
    """Ids of activities are times in milliseconds, never the same twice."""
    account.state["activity"] = max(int(time.time() * 1000), account.state.get("activity", 0) + 1)
    return str(account.state["activity"])


def send(account: Account, activity: Json, *, reply_to: str = "") -> Answer:
    """Take an activity and show it."""
    _check(account, activity)
    if activity["type"] == "typing":
        account.types()
        return Answer({"id": next_id(account)}, 202)
    if activity["type"] != "message":
        return Answer({"id": next_id(account)}, 201)
    text, attachments = str(activity.get("text") or ""), activity.get("attachments") or []
    if not text.strip() and not attachments:
        raise Refused(error(400, "BadSyntax", "Activity must include text or attachments."), "the message is empty")
    reply_to = reply_to or str(activity.get("replyToId") or "")
    if text and attachments:
        # Teams makes two of them, and tells the id of neither.
        account.violated("send", "text and attachments in one activity are split, and its id is not told")
        _show(account, {**activity, "attachments": []}, reply_to)
        _show(account, {**activity, "text": ""}, reply_to)
        return Answer({}, 201)
    return Answer({"id": _show(account, activity, reply_to)}, 201)


def update(account: Account, activity_id: str, activity: Json) -> Answer:
    _check(account, activity)
    entry = own(account, activity_id)
    fresh = LabMessage(id=entry.shown.id, sender="bot", at=entry.shown.at, state="delivered", edited=True)
    _fill(fresh, activity)
    entry.shown, entry.raw = fresh, dict(activity)
    account.changed()
    return Answer({"id": activity_id})


def delete(account: Account, activity_id: str) -> Answer:
    own(account, activity_id).shown.deleted = True
    account.changed()
    return Answer(None, 200)


def own(account: Account, activity_id: str) -> Entry:
    """A message of the bot's.

    Raises:
        Refused: there is none with this id.
    """
    entry = account.find(activity_id)
    if entry is None or entry.shown.sender != "bot" or entry.shown.deleted:
        said = f"Unknown activity id. '{activity_id}'"
        raise Refused(error(404, "ActivityNotFoundInConversation", said), "there is no message of the bot with this id")
    return entry


def _check(account: Account, activity: Json) -> None:
    """Note what is wrong with an activity.

    Raises:
        Refused: it is so wrong that Teams does not take it.
    """
    facts = load_facts("teams")
    problems = [*facts.problems(activity, facts.methods["activity"]), *_more(account, activity)]
    for problem in problems[1:]:
        account.violated("send", problem)
    if problems:
        raise Refused(error(400, "BadArgument", problems[0]), problems[0])
    length = utf16(orjson.dumps(activity).decode()) * 2
    if length > MOST_BYTES:
        said = f"the message has {length} bytes as UTF-16, {MOST_BYTES} are taken"
        raise Refused(error(413, "MessageSizeTooBig", "Message size too large."), said)
    if length > SURE_BYTES:
        account.violated("send", f"the message has {length} bytes as UTF-16, only {SURE_BYTES} are sure to arrive")
    if account.blocked:
        raise Refused(error(403, "ConversationBlockedByUser", "User blocked the conversation with the bot."))


def _more(account: Account, activity: Json) -> Iterable[str]:
    sender = activity.get("from")
    if isinstance(sender, dict) and sender.get("id") != bot_id(account):
        yield "from is not the bot"
    place = activity.get("conversation")
    if isinstance(place, dict) and place.get("id") != conversation_id(account):
        yield "conversation is not that of the address"
    for url in _pictures(activity):
        # The lab shows what is there, but Teams fetches pictures by https only.
        if urlsplit(url).scheme != "https" and not url.startswith("data:image/"):
            yield f"the picture {url[:80]} is not at an https address"


def _pictures(node: Any) -> Iterable[str]:
    """The addresses of all pictures in an activity."""
    if isinstance(node, list):
        for each in node:
            yield from _pictures(each)
    elif isinstance(node, dict):
        if node.get("type") == "Image" and isinstance(node.get("url"), str):
            yield node["url"]
        if str(node.get("contentType", "")).startswith("image/") and isinstance(node.get("contentUrl"), str):
            yield node["contentUrl"]
        for each in node.values():
            yield from _pictures(each)


def _show(account: Account, activity: Json, reply_to: str) -> str:
    name = next_id(account)
    shown = LabMessage(id=name, sender="bot", at=datetime.now(UTC), state="delivered", reply_to=reply_to)
    _fill(shown, activity)
    account.show(shown, dict(activity))
    return name


def _fill(shown: LabMessage, activity: Json) -> None:
    text = str(activity.get("text") or "")
    if text:
        marked = activity.get("textFormat", "markdown") == "markdown"
        shown.lines = lines_of(parse(text) if marked else [Run(text=text)])
    for attachment in activity.get("attachments") or ():
        content = attachment.get("content") or {}
        if attachment["contentType"] == ADAPTIVE:
            _adaptive(shown, content)
        elif "content" in attachment:
            _hero(shown, content)
        else:
            shown.images.append(str(attachment["contentUrl"]))
    suggested = (activity.get("suggestedActions") or {}).get("actions") or ()
    if suggested:
        shown.choices_style = "quick_replies"
        shown.choices = [LabChoice(title=a["title"], value=str(a["value"])) for a in suggested]
    if shown.cards:
        shown.kind = "card"
    elif shown.images and not shown.lines:
        shown.kind = "image"


def _adaptive(shown: LabMessage, card: Json) -> None:
    elements = list(_elements(card.get("body") or ()))
    actions = [*(card.get("actions") or ()), *(a for e in elements for a in e.get("actions") or ())]
    choices = [choice_of(action) for action in actions]
    texts = [words for element in elements if (words := _words(element))]
    pictures = [str(element["url"]) for element in elements if element["type"] == "Image"]
    if not texts and not pictures:
        shown.choices += choices
        shown.choices_style = "buttons" if shown.choices else "none"
        return
    select = card.get("selectAction") or {}
    shown.cards.append(
        LabCard(
            title=texts[0] if texts else "", subtitle="\n".join(texts[1:]),
            image_url=pictures[0] if pictures else "", url=str(select.get("url", "")), choices=choices,
        )
    )  # fmt: skip


def _elements(body: Sequence[Json]) -> Iterable[Json]:
    for element in body:
        yield element
        yield from _elements(element.get("items") or ())


def _words(element: Json) -> str:
    if element["type"] == "TextBlock":
        return text_of([parse(element["text"])])
    return "\n".join(f"{fact['title']} {fact['value']}" for fact in element.get("facts") or ())


def choice_of(action: Json) -> LabChoice:
    """A button of a card; what it sends is written as JSON when it is more than a word."""
    if "url" in action:
        return LabChoice(title=str(action.get("title", "")), url=str(action["url"]))
    data = action.get("data")
    return LabChoice(title=str(action.get("title", "")), value=data if isinstance(data, str) else _json(data or {}))


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _hero(shown: LabMessage, card: Json) -> None:
    images = card.get("images") or ()
    buttons = [
        LabChoice(title=str(b.get("title", "")), url=str(b["value"]))
        if b["type"] == "openUrl"
        else LabChoice(title=str(b.get("title", "")), value=str(b["value"]))
        for b in card.get("buttons") or ()
    ]
    rest = "\n".join(str(card[name]) for name in ("subtitle", "text") if card.get(name))
    url = str((card.get("tap") or {}).get("value", ""))
    image = str(images[0]["url"]) if images else ""
    shown.cards.append(
        LabCard(title=str(card.get("title", "")), subtitle=rest, image_url=image, url=url, choices=buttons)
    )
