"""Blocks of a message: what Slack checks beyond names and sizes, and how its app shows them.

Source: https://docs.slack.dev/reference/block-kit/blocks, read 2026-11.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import LabCard, LabChoice, LabMessage, Run
from shopwright.lab.slack.mrkdwn import parse
from shopwright.lab.text import lines_of, text_of

# No number is documented. Measured by others with this error: https://github.com/slackapi/bolt-js/issues/2509.
ALL_BLOCKS: Final = 13_200
Json = Mapping[str, Any]


def problems(blocks: Sequence[Any]) -> Iterator[str]:
    """Why Slack would not take these blocks."""
    facts = load_facts("slack")
    yield from facts.problems({"blocks": blocks}, {"blocks": facts.methods["chat.postMessage"]["blocks"]})
    names = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(set(names)) < len(names):
        yield "blocks have the same block_id"
    for number, block in enumerate(block for block in blocks if isinstance(block, dict)):
        at = f"blocks[{number}]"
        if block.get("type") == "section" and "text" not in block and "fields" not in block:
            yield f"{at} has neither text nor fields"
        yield from _image_problems(block, at)
        elements = elements_of(block)
        actions = [element["action_id"] for element in elements if "action_id" in element]
        if len(set(actions)) < len(actions):
            yield f"{at} has elements with the same action_id"
        for element in elements:
            yield from _image_problems(element, at)
            yield from _menu_problems(element, at)
            if element.get("url") and urlsplit(str(element["url"])).scheme not in {"http", "https", "mailto", "slack"}:
                yield f"{at} has a button whose address cannot be opened"


def elements_of(block: Json) -> list[dict[str, Any]]:
    """Everything in a block that is an element of its own."""
    listed = [*(block.get("elements") or ()), *([block["accessory"]] if "accessory" in block else ())]
    return [element for element in listed if isinstance(element, dict)]


def _image_problems(node: Json, at: str) -> Iterator[str]:
    if node.get("type") != "image":
        return
    if ("image_url" in node) == ("slack_file" in node):
        yield f"{at}: an image has one of image_url and slack_file"
    elif "image_url" in node and urlsplit(str(node["image_url"])).scheme not in {"http", "https"}:
        yield f"{at}: image_url is no web address"


def _menu_problems(element: Json, at: str) -> Iterator[str]:
    if element.get("type") != "static_select":
        return
    if ("options" in element) == ("option_groups" in element):
        yield f"{at}: a menu has one of options and option_groups"
    values = [option.get("value") for option in element.get("options") or () if isinstance(option, dict)]
    if len(set(map(str, values))) < len(values):
        yield f"{at}: two options of a menu have the same value"


def length(node: Any) -> int:
    """How many characters stand in blocks, as far as the app shows them."""
    if isinstance(node, list):
        return sum(map(length, node))
    if isinstance(node, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else length(v) for k, v in node.items())
    return 0


def show(blocks: Sequence[Json], message: LabMessage) -> None:
    """Put blocks into a message: a section with a picture beside it is a card, and buttons belong to what is above."""
    paragraphs: list[list[Run]] = []
    for block in blocks:
        kind = block["type"]
        if kind == "section":
            text = _said(block)
            accessory = block.get("accessory") or {}
            if accessory.get("type") == "image":
                message.cards.append(_card(text, str(accessory.get("image_url", ""))))
            else:
                paragraphs.append(text)
                _offer([accessory] if accessory else [], message, on_card=False)
        elif kind in {"header", "markdown", "context"}:
            texts = [block["text"]] if "text" in block else [e for e in block["elements"] if e["type"] != "image"]
            paragraphs += [_runs(text) for text in texts]
        elif kind == "image":
            message.images.append(str(block.get("image_url", "")))
        elif kind == "actions":
            _offer(block["elements"], message, on_card=bool(message.cards))
    for number, runs in enumerate(paragraphs):
        message.lines += ([[]] if number else []) + lines_of(runs)
    if message.cards:
        message.kind = "card"
    elif message.images and not message.lines:
        message.kind = "image"


def _said(block: Json) -> list[Run]:
    texts = [*([block["text"]] if "text" in block else []), *(block.get("fields") or ())]
    runs: list[Run] = []
    for number, text in enumerate(texts):
        runs += [Run(text="\n")] if number else []
        runs += _runs(text)
    return runs


def _runs(text: Any) -> list[Run]:
    if isinstance(text, str):
        return [Run(text=text)]
    return parse(text["text"]) if text["type"] == "mrkdwn" else [Run(text=text["text"])]


def _card(runs: list[Run], image_url: str) -> LabCard:
    title, _, rest = text_of([runs]).partition("\n")
    url = next((run.url for run in runs if run.url), "")
    return LabCard(title=title, subtitle=rest.strip(), image_url=image_url, url=url)


def _offer(elements: Sequence[Json], message: LabMessage, *, on_card: bool) -> None:
    choices: list[LabChoice] = []
    for element in elements:
        if element["type"] == "button":
            value, url = str(element.get("value", "")), str(element.get("url", ""))
            choices.append(LabChoice(title=element["text"]["text"], value=value, url=url))
        else:
            choices += [_entry(option) for option in element.get("options") or ()]
            if not on_card:
                message.choices_style, message.list_title = "list", _placeholder(element)
    if on_card:
        message.cards[-1].choices += choices
        return
    message.choices += choices
    if choices and message.choices_style == "none":
        message.choices_style = "buttons"


def _entry(option: Json) -> LabChoice:
    described = f" – {option['description']['text']}" if "description" in option else ""
    return LabChoice(title=option["text"]["text"] + described, value=option["value"], url=str(option.get("url", "")))


def _placeholder(element: Json) -> str:
    return str((element.get("placeholder") or {}).get("text", ""))
