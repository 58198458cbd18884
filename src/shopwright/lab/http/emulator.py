"""A shop's own system that speaks our protocol, as `docs/how-to/channels/http.md` describes it."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import orjson

from shopwright.lab.accounts import Account, Accounts, Entry, Payload
from shopwright.lab.base import Answer, Call, Emulator, NotThere, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.http.markdown import parse
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import ActKind, FaultKind, LabAct, LabCard, LabChoice, LabFile, LabLocation, LabMessage
from shopwright.lab.text import lines_of, plain_lines

TIMESTAMP, SIGNATURE = "x-shopwright-timestamp", "x-shopwright-signature"
FRESH_SECONDS: Final = 300
_FILES: Final = {
    "image": ("picture.png", "image/png", PICTURE, "image"), "voice": ("voice.ogg", "audio/ogg", VOICE, "audio"),
    "file": ("document.pdf", "application/pdf", DOCUMENT, "file"),
}  # fmt: skip


class HttpEmulator(Emulator):
    slug: ClassVar[str] = "http"
    name: ClassVar[str] = "Your own system"
    acts: ClassVar[frozenset[ActKind]] = frozenset({
        "text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "read", "block",
        "unblock",
    })  # fmt: skip
    by_hand: ClassVar[bool] = True
    knows_repeats: ClassVar[bool] = True
    signed_with: ClassVar[tuple[str, ...]] = ("secret",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:
        return {"callback_url": f"{lab_url.rstrip('/')}/http/api/{account_id}", "secret": secrets.token_urlsafe(32)}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["callback_url"].rsplit("/", 1)[-1]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        # Files are handed out to whoever has their address.
        name = call.path.split("/")[0] if call.address == "files" else call.path.strip("/")
        account = accounts.named(self.slug, name) if call.address in {"api", "files"} else None
        if account is None:
            raise Refused(_no(404, "nobody is at this address"))
        return account

    def title(self, call: Call) -> str:
        body = call.json()
        return str(body.get("type", "?"))[:20] if isinstance(body, dict) else "file"

    def sends(self, call: Call) -> bool:
        return self.title(call) == "message"

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "rate_limited":
            return Answer({"error": "too many"}, 429, {"retry-after": str(max(1, round(seconds)))})
        return _no(401, "the secret is not valid any more") if kind == "expired_token" else _no(503, "not now")

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        if call.address == "files":
            file = account.files.get(call.path.rsplit("/", 1)[-1])
            return Answer(file.content, media_type=file.media_type) if file else _no(404, "there is no such file")
        self._verify(account, call)
        body = call.json()
        if call.method != "POST" or not isinstance(body, dict):
            raise Refused(_no(400, "it is no JSON object"), "the call is no POST of a JSON object")
        facts, kind = load_facts(self.slug), str(body.get("type"))
        if kind not in facts.methods:
            raise Refused(_no(422, f"there is no type {kind}"), f"there is no type {kind}")
        problems = list(facts.problems(body, facts.methods[kind]))
        for problem in problems[1:]:
            account.violated(kind, problem)
        if problems:
            raise Refused(_no(422, problems[0]), problems[0])
        if kind != "ping" and body["conversation"] != account.customer:
            raise Refused(_no(404, "there is no such conversation"), "nobody has this conversation")
        if kind == "message":
            return self._take(account, call, body)
        if kind == "typing":
            account.types()
        elif kind == "read":
            self._mark(account, str(body["message_id"]))
        return Answer({"ok": True})

    @staticmethod
    def _verify(account: Account, call: Call) -> None:
        at, given = call.headers.get(TIMESTAMP, ""), call.headers.get(SIGNATURE, "")
        wanted = _signature(account, at, call.body)
        if not at.isdigit() or abs(time.time() - int(at)) > FRESH_SECONDS:
            raise Refused(_no(401, "the time is missing or too far off"), f"{TIMESTAMP} is missing or too far off")
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise Refused(_no(401, "the signature is wrong"), f"{SIGNATURE} is missing or wrong")

    @staticmethod
    def _mark(account: Account, message_id: str) -> None:
        entry = account.find(message_id)
        if entry is None or entry.shown.sender != "customer":
            raise Refused(_no(404, "there is no such message"), "message_id is no message of the customer")
        entry.shown.state = "read"
        account.changed()

    def _take(self, account: Account, call: Call, body: Mapping[str, Any]) -> Answer:
        key, name = call.headers.get("idempotency-key", ""), f"own-{body['id']}"
        if not key:
            account.violated("message", "the header idempotency-key is missing")
        if account.blocked:
            raise Refused(_no(410, "the customer closed the conversation"))
        if account.find(name) is None:
            account.show(_shown(body, name))
            account.reports.append(self._event(account, "receipt", message_id=name, state="delivered"))
        return Answer({"id": name})

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        body, at = orjson.dumps(payload.body), str(int(time.time()))
        headers = {"content-type": "application/json", TIMESTAMP: at, SIGNATURE: _signature(account, at, body)}
        return Request(url, body, headers)

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:  # noqa: ARG002
        if not web.reaches(url):
            return "The address is not at this installation."
        account.webhook = {"url": url}
        return ""

    # ---- the customer ------------------------------------------------------------------------------------------------

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        if act.kind in {"block", "unblock"}:
            return self._leave(account, left=act.kind == "block")
        if act.kind == "read":
            unread = [e for e in account.said_by("bot") if e.shown.state != "read"]
            for entry in unread:
                entry.shown.state = "read"
            return [self._event(account, "receipt", message_id=e.shown.id, state="read") for e in unread]
        if act.kind == "reaction":
            return self._react(account, act)
        if act.kind in {"edit", "delete"}:
            return self._correct(account, act)
        return self._say(account, act)

    def _event(self, account: Account, kind: str, **fields: Any) -> Payload:
        event = {"type": kind, "id": f"e-{secrets.token_hex(8)}", "conversation": account.customer, **fields}
        return Payload(event, kind, receipt=kind == "receipt")

    def _say(self, account: Account, act: LabAct) -> list[Payload]:
        shown = LabMessage(
            id=f"m-{secrets.token_hex(8)}", sender="customer", at=datetime.now(UTC), state="delivered",
            lines=plain_lines(act.text) if act.text else [], reply_to=act.message_id,
        )  # fmt: skip
        said: dict[str, Any] = {"text": act.text} if act.text else {}
        if act.kind == "text" and not act.text.strip():
            raise NotThere("Write something first.")
        if act.kind == "choice":
            said = self._chosen(account, act, shown)
        elif act.kind == "location":
            place = {"latitude": act.latitude or 0.0, "longitude": act.longitude or 0.0, "name": act.name}
            shown.kind, shown.location, said["location"] = "location", LabLocation.model_validate(place), place
        elif act.kind in _FILES:
            name, media_type, content, kind = _FILES[act.kind]
            file = account.keep(act.name or name, media_type, content)
            shown.kind = act.kind  # type: ignore[assignment]
            shown.files = [LabFile(name=file.name, media_type=media_type, kind=kind)]
            url = f"{account.home}/files/{account.id}/{file.id}"
            about = {"kind": kind, "url": url, "media_type": media_type, "name": file.name, "size_bytes": len(content)}
            said["attachments"] = [about]
        if act.message_id:
            said["reply_to"] = act.message_id
        account.show(shown)
        sender = {"id": account.customer, "name": "Customer"}
        fields = {"id": shown.id, "sender": sender, "sent_at": shown.at.isoformat(), **said}
        return [self._event(account, "message", **fields)]

    @staticmethod
    def _chosen(account: Account, act: LabAct, shown: LabMessage) -> dict[str, Any]:
        offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
        for entry in offering:
            listed = [*entry.shown.choices, *(c for card in entry.shown.cards for c in card.choices)] if entry else []
            for choice in listed:
                if choice.value and act.value in {choice.value, choice.title}:
                    shown.lines = plain_lines(choice.title)
                    return {"text": choice.title, "choice": choice.value}
        raise NotThere("There is no such choice.")

    def _mine(self, account: Account, act: LabAct) -> Entry:
        entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
        if entry is None or entry.shown.sender != "customer" or entry.shown.deleted:
            raise NotThere("There is no such message of yours.")
        return entry

    def _correct(self, account: Account, act: LabAct) -> list[Payload]:
        entry = self._mine(account, act)
        if act.kind == "delete":
            entry.shown.deleted = True
            return [self._event(account, "delete", message_id=entry.shown.id)]
        entry.shown.lines, entry.shown.edited = plain_lines(act.text), True
        return [self._event(account, "edit", message_id=entry.shown.id, text=act.text)]

    def _react(self, account: Account, act: LabAct) -> list[Payload]:
        entry = account.find(act.message_id)
        if entry is None:
            raise NotThere("There is no such message.")
        removed = act.emoji in entry.shown.reactions
        entry.shown.reactions = [] if removed else [act.emoji]
        return [self._event(account, "reaction", message_id=entry.shown.id, emoji=act.emoji, removed=removed)]

    def _leave(self, account: Account, *, left: bool) -> list[Payload]:
        if account.blocked == left:
            raise NotThere("You did that already.")
        account.blocked = left
        note = "You closed the conversation." if left else "You opened the conversation again."
        at = datetime.now(UTC)
        account.show(LabMessage(id=f"n-{secrets.token_hex(8)}", sender="customer", at=at, kind="note",
                                lines=plain_lines(note)))  # fmt: skip
        return [self._event(account, "blocked" if left else "unblocked")]


def _no(status: int, said: str) -> Answer:
    return Answer({"error": said}, status)


def _signature(account: Account, at: str, body: bytes) -> str:
    secret = account.credentials["secret"].encode()
    return "sha256=" + hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _shown(body: Mapping[str, Any], name: str) -> LabMessage:
    cards = [
        LabCard(**{**card, "choices": [_choice(choice) for choice in card.get("choices", ())]})
        for card in body["cards"]
    ]  # fmt: skip
    choices = [_choice(choice) for choice in body["choices"]]
    files = [LabFile(name=f.get("name") or f["url"], media_type=f.get("media_type", ""), kind=_kind(f["kind"]))
             for f in body["files"]]  # fmt: skip
    sources = "".join(f"\n[{s['number']}] {s['title']} {s.get('url', '')}".rstrip() for s in body["sources"])
    return LabMessage(
        id=name, sender="bot", at=datetime.now(UTC), state="delivered", kind="card" if cards else "text",
        lines=lines_of(parse(body["text"] + ("\n" + sources if sources else ""))), choices=choices,
        choices_style="buttons" if choices else "none", cards=cards, images=list(body["images"]), files=files,
    )  # fmt: skip


def _choice(choice: Mapping[str, str]) -> LabChoice:
    return LabChoice(title=choice["title"], value=choice["value"], url=choice.get("url", ""))


def _kind(kind: str) -> Any:
    return "image" if kind == "sticker" else kind
