"""What the contract suite must know of a platform to play its part: how it signs, and what a customer sees."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shopwright.channels.port import Address, ApiCall, ApiResponse, Channel, Credentials, WebhookRequest
from shopwright.channels.registry import CHANNELS, create_channel

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
HOOK = "https://bots.shop.example/webhooks/{slug}/k3y"
SECRET = "w3bhook-secret"
FOLDER = Path(__file__).parent


class Platform:
    """One platform as its documentation describes it. `slug` is the name of the folder it stands in."""

    slug: str
    credentials: Mapping[str, str] = {}
    address = Address("4915112345678")
    # How a customer's message and the platform's answer to ours look, at their simplest.
    hello: Any = None
    keys: Mapping[str, Any] | None = None

    @property
    def hook(self) -> str:
        return HOOK.format(slug=self.slug)

    def channel(self, **changed: str) -> Channel:
        values = {**self.credentials, "webhook_secret": SECRET, **changed}
        return create_channel(self.slug, Credentials({k: v for k, v in values.items() if v}))

    def body(self, payload: Any) -> bytes:
        return json.dumps(payload, ensure_ascii=False).encode()

    def request(self, body: bytes, headers: Mapping[str, str] | None = None, **changed: Any) -> WebhookRequest:
        given = {"content-type": "application/json", **(headers or {})}
        given = {name: value for name, value in given.items() if value is not None}
        values = {"method": "POST", "url": self.hook, "query": {}, "received_at": NOW, **changed}
        return WebhookRequest(headers=given, body=body, **values)

    def genuine(self, payload: Any = None) -> WebhookRequest:
        """The payload as the platform would send it."""
        raise NotImplementedError

    def forgeries(self) -> dict[str, WebhookRequest]:
        """Requests that are not from the platform, by what is wrong with them."""
        raise NotImplementedError

    # Credentials that are no secret, and addresses of calls that the credentials name.
    public: tuple[str, ...] = ()
    own_addresses: tuple[str, ...] = ()
    # Status codes of the platform's answers.
    taken, busy, limited, refused = 200, 503, 429, 400
    # The answer to a "locate" call of `register`.
    located: ApiResponse | None = None
    # What calls somebody or fetches something when it stands in a text.
    calls_or_fetches: tuple[str, ...] = ()
    # Credentials without which nothing may be accepted.
    needed: tuple[str, ...] = ()

    def texts(self, call: ApiCall) -> list[str]:
        """The texts of a call as they are counted against the limit."""
        raise NotImplementedError

    def visible(self, text: str) -> str:
        """What a customer sees of such a text."""
        return text

    def buttons(self, call: ApiCall) -> list[tuple[str, str]]:
        """Title and value (or address) of what can be pressed."""
        return []


class Signed(Platform):
    """A platform with a keyed digest of the body in a header."""

    def sign(self, body: bytes, **changed: Any) -> dict[str, str]:
        raise NotImplementedError

    def genuine(self, payload: Any = None) -> WebhookRequest:
        body = self.body(self.hello if payload is None else payload)
        return self.request(body, self.sign(body))


def platform(slug: str) -> Platform:
    import importlib

    module = importlib.import_module(f"tests.channels.{slug}.platform")
    found: Platform = module.PLATFORM
    found.slug = slug
    return found


def slugs() -> list[str]:
    return sorted(CHANNELS)


def cases(slug: str, name: str = "") -> Iterator[Any]:
    """Recorded payloads of a platform: `events` is what they mean."""
    for file in sorted((FOLDER / slug / "cases").glob(f"{name or '*'}.json")):
        if name or file.stem != "answers":
            yield from json.loads(file.read_text())["cases"]


def described(value: Any) -> Any:
    """An event as JSON: its kind and the fields that say something."""
    if is_dataclass(value) and not isinstance(value, type):
        out = {"kind": type(value).__name__} if type(value).__name__ not in ("Sender", "Attachment", "Location") else {}
        for each in fields(value):
            given = getattr(value, each.name)
            default = each.default if each.default is not MISSING else None
            if given not in (default, "", (), {}, None) or each.name == "kind":
                out["media" if each.name == "kind" and "kind" in out else each.name] = described(given)
        return out
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [described(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
