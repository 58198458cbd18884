"""Write the beginning of a channel: adapter, side of the contract suite, emulator, guide, and its lines in the lists.

    make new-channel NAME=line

What comes out is signed by HMAC, takes and sends text, and passes the contract suite; the rest is filled in from the
platform's documentation.
"""

import json
import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.new_emulator import emulator_files, with_emulator  # noqa: E402 - run as a program, too

INIT = Template('"""$title."""\n')

CHANNEL = Template('''"""$title. Source: <address of the documentation>, read <year-month>."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Capabilities,
    InboundEvent,
    InboundMessage,
    Limits,
    ManualStep,
    OutboundMessage,
    Outcome,
    Sender,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, moment, read_object, words
from shopwright.channels.signing import check_hmac
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.parts import write_parts


class ${cls}Channel(BaseChannel):
    slug: ClassVar[str] = "$slug"
    name: ClassVar[str] = "$title"
    addresses: ClassVar[Mapping[str, str]] = {"api": "https://api.$slug.example"}
    limits: ClassVar[Limits] = Limits(
        source="https://api.$slug.example/docs", read_on="$today", text_characters=1000, per_second=1
    )
    capabilities: ClassVar[Capabilities] = Capabilities()

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA256 of the body."""
        given = request.headers.get("x-$slug-signature")
        check_hmac(given, self._credentials.get("secret"), request.body)

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        for event in read_object(request.body)["events"]:
            if event["type"] == "message":
                sender = Sender(words(event["from"]))
                yield InboundMessage(
                    words(event["id"]), sender.id, sender, text=words(event["text"]), sent_at=moment(event["time"])
                )

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        images = tuple(_link(url) for url in message.images)
        texts = write_parts(
            message, PlainText(), self.limits,
            choices=message.choices, cards=message.cards, links=(*images, *message.files),
        )  # fmt: skip
        return [self._call(f"{self._urls['api']}/messages", {"to": to.thread, "text": text}) for text in texts]

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        message_id = answer.get("id")
        return explain_status(response, message_id=message_id if isinstance(message_id, str) else "")

    def check(self) -> ApiCall:
        return self._call(f"{self._urls['api']}/me", method="GET", purpose="check")

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002
        return [ManualStep("Webhook address:", webhook_url)]

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._credentials.get('access_token')}"}


def _link(url: str) -> Attachment:
    return Attachment("image", url=url)
''')

PLATFORM = Template("""import hashlib
import hmac

from tests.channels.platform import Signed

from shopwright.channels.port import Address

SHARED = "a-secret-of-thirty-two-letters!!"
HEADER = "x-$slug-signature"


def digest(body, secret=SHARED, algorithm=hashlib.sha256):
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


class $cls(Signed):
    credentials = {"access_token": "secret-token", "secret": SHARED}
    needed = ("secret",)
    address = Address("u-1")
    hello = {"events": [{"type": "message", "id": "m-1", "from": "u-1", "text": "Do you ship?", "time": 1795262400}]}

    def sign(self, body):
        return {HEADER: digest(body)}

    def forgeries(self):
        body = self.body(self.hello)
        return {
            "no signature": self.request(body),
            "an empty signature": self.request(body, {HEADER: ""}),
            "the body changed": self.request(body + b" ", {HEADER: digest(body)}),
            "another secret": self.request(body, {HEADER: digest(body, "x" * 32)}),
            "another algorithm": self.request(body, {HEADER: digest(body, algorithm=hashlib.sha1)}),
            "truncated": self.request(body, {HEADER: digest(body)[:-2]}),
        }

    def texts(self, call):
        return [call.json["text"]] if call.json else []


PLATFORM = $cls()
""")

GUIDE = Template("""# $title

## On $title's side

1. …

## On our side

1. Save the credentials: `PUT /v1/tenant/clients/{id}/credentials/$slug`.
2. Deploy the bot on $title and paste the webhook address that is shown.
3. Write to it.

## What to know

- …
""")


def message(number: str, kind: str = "message") -> dict[str, object]:
    event = {"type": kind, "id": number, "from": "u-1", "text": "Do you ship?", "time": 1795262400}
    return {"events": [event]}


def cases() -> list[dict[str, object]]:
    said = {
        "kind": "InboundMessage", "external_id": "m-1", "thread": "u-1", "sender": {"id": "u-1"},
        "text": "Do you ship?", "sent_at": "2026-11-21T12:00:00+00:00",
    }  # fmt: skip
    return [
        {"about": "a text", "body": message("m-1"), "events": [said]},
        {"about": "a kind that does not exist", "body": message("m-2", "dance"), "events": []},
        {"about": "nothing", "body": {"events": []}, "events": []},
    ]


ANSWERS = [
    {"about": "sent", "status": 200, "body": {"id": "x-1"}, "outcome": {"kind": "Sent", "message_id": "x-1"}},
    {"about": "too many", "status": 429, "headers": {"retry-after": "5"}, "body": "",
     "outcome": {"kind": "RetryAfter", "seconds": 5.0}},
    {"about": "wrong token", "status": 401, "body": "", "outcome": {"kind": "Rejected", "account": True}},
]  # fmt: skip


def files(slug: str, title: str, today: str) -> dict[str, str]:
    """The new files by their path."""
    names = {"slug": slug, "title": title, "cls": "".join(p.capitalize() for p in slug.split("_")), "today": today}
    source = "<address of the documentation>, read <year-month>"
    return {
        f"src/shopwright/channels/{slug}/__init__.py": INIT.substitute(names),
        f"src/shopwright/channels/{slug}/channel.py": CHANNEL.substitute(names),
        f"tests/channels/{slug}/platform.py": PLATFORM.substitute(names),
        f"tests/channels/{slug}/cases/messages.json": as_json({"source": source, "cases": cases()}),
        f"tests/channels/{slug}/cases/answers.json": as_json({"source": source, "cases": ANSWERS}),
        f"docs/how-to/channels/{slug}.md": GUIDE.substitute(names),
        **emulator_files(names),
    }


def as_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def registered(text: str, slug: str) -> str:
    """The registry with the channel's line and import, both in order."""
    cls = "".join(part.capitalize() for part in slug.split("_"))
    imports = re.findall(r"^from shopwright\.channels\.\w+\.channel import \w+\n", text, re.MULTILINE)
    new = f"from shopwright.channels.{slug}.channel import {cls}Channel\n"
    after = [line for line in imports if line < new]
    anchor = after[-1] if after else imports[0]
    text = text.replace(anchor, anchor + new if after else new + anchor)
    return text.replace("\n}\n", f'\n    "{slug}": {cls}Channel,\n}}\n', 1)


def main(root: Path = ROOT, name: str = "", today: str = "") -> None:
    from datetime import UTC, datetime

    slug = name.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", slug):
        raise SystemExit("say which: make new-channel NAME=line (small letters, digits and _)")
    if (root / "src/shopwright/channels" / slug).exists():
        raise SystemExit(f"there is a channel {slug} already")
    today = today or f"{datetime.now(UTC):%Y-%m-%d}"
    for path, text in files(slug, slug.replace("_", " ").capitalize(), today).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        print(f"written: {path}")
    registry = root / "src/shopwright/channels/registry.py"
    registry.write_text(registered(registry.read_text(), slug))
    contracts = root / ".importlinter"
    text = contracts.read_text()
    for family in ("channels", "lab"):
        before = f"    shopwright.{family}.telegram\n"
        text = text.replace(before, f"    shopwright.{family}.{slug}\n{before}", 1)
    contracts.write_text(text)
    lab = root / "src/shopwright/lab/registry.py"
    lab.write_text(with_emulator(lab.read_text(), slug, "".join(p.capitalize() for p in slug.split("_"))))
    print("now: its fields in src/shopwright/tenants/clients/forms.py, the rest from the platform's documentation,")
    print("     the emulator too (docs/how-to/emulators.md); then `python tools/channel_table.py` and")
    print("     `make test T='tests/channels tests/lab'`")


if __name__ == "__main__":
    main(name=sys.argv[1] if len(sys.argv) > 1 else "")
