"""Bodies we would send, against the platforms' own API descriptions. Needs the descriptions, which are not in the tree.

python bench/channel_specs.py FOLDER    (with telegram-bot-api-*.json.gz, twilio_api_v2010.json.gz,
                                         meta-business-messaging-*.yaml.gz)
"""

import gzip
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.channels.platform import platform  # noqa: E402

from shopwright.channels.port import Attachment, Card, Choice, CitedSource, OutboundMessage  # noqa: E402

PRESS = tuple(Choice(f"Choice {n}", f"value:{n}") for n in range(3))
MESSAGES = [
    OutboundMessage("k1", "A **bold** answer [1]. " * 300, sources=(CitedSource(1, "Page", "https://shop.example/p"),)),
    OutboundMessage("k2", "Which?", choices=PRESS),
    OutboundMessage("k3", "Which of many?", choices=tuple(Choice(f"Entry {n}", f"v{n}", "", "x") for n in range(9))),
    OutboundMessage("k4", "More?", choices=(Choice("Open", url="https://shop.example"),)),
    OutboundMessage("k5", "See", images=("https://shop.example/l.jpg",), files=(
        Attachment("file", url="https://shop.example/a.pdf", name="a.pdf"),
        Attachment("audio", url="https://shop.example/a.mp3"),
    )),
    OutboundMessage("k6", "Lamps", cards=(Card("Lamp", "Blue", "https://shop.example/l.jpg", "", PRESS),)),
    OutboundMessage("k7", template="order_shipped", template_values=("42",), language="en_US"),
]  # fmt: skip


def calls(slug):
    side = platform(slug)
    channel = side.channel()
    for message in MESSAGES:
        yield from channel.render(message, side.address)
    yield from (c for c in (channel.typing(side.address), channel.mark_read(side.address, "callback:1")) if c)
    yield from channel.register(side.hook, "s3cret")
    yield from channel.unregister(side.hook)
    yield channel.check()
    yield from channel.fetch_media(Attachment("file", "file-1"))


def telegram(spec):
    for call in calls("telegram"):
        method = spec["methods"][urlsplit(call.url).path.rsplit("/", 1)[-1]]
        fields = {field["name"]: field for field in method.get("fields", [])}
        body = call.json or {}
        wrong = [name for name in body if name not in fields]
        wrong += [name for name, field in fields.items() if field["required"] and name not in body]
        wrong += [name for name in body if name in fields and not _of_type(spec, body[name], fields[name]["types"])]
        yield call, wrong


def _of_type(spec, value, types):
    return any(_is(spec, value, kind) for kind in types)


def _is(spec, value, kind):
    simple = {"Integer": int, "String": str, "Boolean": bool, "Float": float}
    if kind in simple:
        return isinstance(value, simple[kind]) and not (kind == "Integer" and isinstance(value, bool))
    if kind.startswith("Array of "):
        return isinstance(value, list) and all(_is(spec, each, kind[9:]) for each in value)
    fields = {field["name"]: field for field in spec["types"][kind].get("fields", [])}
    return isinstance(value, dict) and all(
        name in fields and _of_type(spec, each, fields[name]["types"]) for name, each in value.items()
    )


def twilio(spec):
    for call in calls("twilio"):
        path = urlsplit(call.url).path.replace(platform("twilio").credentials["account_sid"], "{AccountSid}")
        operation = spec["paths"][path.replace("/{AccountSid}.json", "/{Sid}.json")][call.method.lower()]
        body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
        known = body.get("schema", {}).get("properties", {})
        yield call, [name for name in call.form or {} if name not in known]


def _open(node):
    """Without `additionalProperties: false`: under `allOf`, as Meta's file has it, no body at all would be valid."""
    if isinstance(node, dict):
        return {k: _open(v) for k, v in node.items() if not (k == "additionalProperties" and v is False)}
    return [_open(each) for each in node] if isinstance(node, list) else node


def whatsapp(spec):
    spec = _open(spec)
    for call in calls("whatsapp"):
        # Marking as read, typing and buttons that open a page are documented, but not in the file.
        if call.purpose != "send" or call.json.get("interactive", {}).get("type") == "cta_url":
            continue
        path = next(p for p in spec["paths"] if p.endswith("/messages") and "hone" in p)
        schema = spec["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        validator = jsonschema_rs.validator_for({**schema, "components": spec["components"]})
        yield call, [error.message[:200] for error in validator.iter_errors(call.json)]


def _load(folder, pattern):
    file = next(folder.glob(pattern))
    text = gzip.decompress(file.read_bytes())
    return json.loads(text) if ".json" in file.name else yaml.load(text, yaml.CSafeLoader)


def main() -> None:
    folder, failed = Path(sys.argv[1]), 0
    for check, pattern in ((telegram, "telegram-*"), (twilio, "twilio_api_*"), (whatsapp, "meta-*")):
        seen = 0
        for call, wrong in check(_load(folder, pattern)):
            seen += 1
            if wrong:
                failed += 1
                print(f"{check.__name__}: {call.purpose} {urlsplit(call.url).path.rsplit('/', 1)[-1]}: {wrong}")
        print(f"{check.__name__}: {seen} calls checked")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
