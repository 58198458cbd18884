"""Twilio's REST API for one number.

Sources: `facts.json`, https://www.twilio.com/docs/messaging/api/message-resource,
https://www.twilio.com/docs/usage/webhooks/webhooks-security and https://www.twilio.com/docs/api/errors, read 2026-11.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlencode, urlsplit

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import FORM, Answer, Call, Emulator, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import ActKind, FaultKind, LabAct, LabMessage
from shopwright.lab.text import linked_lines
from shopwright.lab.twilio import customer

BODY_CHARACTERS: Final = 1600
MAX_MEDIA: Final = 10
E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_PATH: Final = re.compile(r"2010-04-01/Accounts/(?P<sid>AC[0-9a-fA-F]{32})(?P<rest>(?:/[\w-]+)*)(?P<json>\.json)?")
_FILE: Final = re.compile(r"(?P<sid>AC[0-9a-fA-F]{32})/(?P<file>ME\w+)")
_MANY: Final = frozenset({"MediaUrl", "PersistentAction"})
_NUMBERS: Final = frozenset({"Attempt", "ValidityPeriod"})


def twilio_error(status: int, code: int, message: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer({"code": code, "message": message, "more_info": more, "status": status}, status)


class TwilioEmulator(Emulator):
    slug: ClassVar[str] = "twilio"
    name: ClassVar[str] = "Twilio SMS"
    acts: ClassVar[frozenset[ActKind]] = frozenset({"text", "image", "voice", "file", "block", "unblock"})
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "choice": "Text messages have no buttons; answer with the number.",
        "edit": "A text message cannot be changed.",
        "delete": "A text message cannot be taken back.",
        "location": "A text message carries no location.",
        "reaction": "A text message takes no reaction.",
        "read": "Nobody is told whether a text message was read.",
    }
    # Tried once more when it could not connect, and never when it was refused.
    retries: ClassVar[tuple[float, ...]] = (1.0,)
    retries_refused: ClassVar[bool] = False
    signed_with: ClassVar[tuple[str, ...]] = ("auth_token",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {
            "account_sid": "AC" + secrets.token_hex(16),
            "auth_token": secrets.token_hex(16),
            "from_number": f"+1555{secrets.randbelow(9 * 10**6) + 10**6}",
        }

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["account_sid"]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        file = _FILE.fullmatch(call.path)
        if call.address == "media" and file is not None:
            account = accounts.named(self.slug, file["sid"])
            if account is None:
                raise Refused(Answer(b"", 404))
            return account
        found = _PATH.fullmatch(call.path)
        if call.address != "api" or found is None:
            said = f"The requested resource /{call.path.split('/')[0]} was not found"
            raise Refused(twilio_error(404, 20404, said))
        account = accounts.named(self.slug, found["sid"])
        if account is None or not _may(account, call):
            raise Refused(twilio_error(401, 20003, "Authenticate"))
        return account

    def title(self, call: Call) -> str:
        found = _PATH.fullmatch(call.path)
        return f"{call.method} {found['rest'] or '/Account'}" if found else f"{call.method} media"

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path.endswith("/Messages.json")

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "expired_token":
            return twilio_error(401, 20003, "Authenticate")
        if kind == "rate_limited":
            refused = twilio_error(429, 20429, "Too Many Requests")
            wait = {"retry-after": str(round(seconds))} if seconds >= 1 else {}
            return Answer(refused.body, refused.status, wait)
        return twilio_error(503, 20503, "Service is unavailable")

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        file = _FILE.fullmatch(call.path)
        if file is not None:
            kept = account.files.get(file["file"])
            return Answer(kept.content, media_type=kept.media_type) if kept else Answer(b"", 404)
        found = _PATH.fullmatch(call.path)
        assert found is not None
        rest, has_json = found["rest"], bool(found["json"])
        if rest == "" and call.method == "GET" and has_json:
            return Answer({
                "sid": account.credentials["account_sid"], "friendly_name": account.name or "Lab", "status": "active",
                "type": "Full", "uri": f"/{call.path}",
            })  # fmt: skip
        if rest == "/IncomingPhoneNumbers" and call.method == "GET" and has_json:
            return Answer(_numbers(account, call))
        if rest == f"/IncomingPhoneNumbers/{number_sid(account)}" and call.method == "POST" and has_json:
            return self._change(account, call)
        if rest == "/Messages" and call.method == "POST" and has_json:
            return self._send(account, call)
        media = re.fullmatch(r"/Messages/\w+/Media/(ME\w+)", rest)
        if media and call.method == "GET" and media[1] in account.files:
            where = f"{account.home}/media/{account.credentials['account_sid']}/{media[1]}"
            return Answer(b"", 307, {"location": where}, media_type="text/plain")
        said = f"The requested resource /{call.path} was not found"
        raise Refused(twilio_error(404, 20404, said), f"there is no {call.method} {rest}")

    def _form(self, account: Account, call: Call, method: str) -> dict[str, Any]:
        """The fields of a call, checked.

        Raises:
            Refused: it is no form.
        """
        if call.media_type != FORM:
            raise Refused(twilio_error(415, 20415, "Content Type not supported"), "the body is no form")
        given: dict[str, Any] = {}
        for name, value in call.form():
            if name in _MANY:
                given.setdefault(name, []).append(value)
            elif name in _NUMBERS and value.isdigit():
                given[name] = int(value)
            else:
                given[name] = {"true": True, "false": False}.get(value, value)
        facts = load_facts(self.slug)
        for problem in facts.problems(given, facts.methods[method]):
            account.violated(method, problem)
        return given

    def _change(self, account: Account, call: Call) -> Answer:
        given = self._form(account, call, "number")
        url = str(given.get("SmsUrl", account.webhook.get("url", "")))
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise Refused(twilio_error(400, 21502, "SmsUrl is not valid"), "SmsUrl is no web address")
        account.webhook["url"] = url
        account.webhook["method"] = str(given.get("SmsMethod", "POST"))
        account.changed()
        return Answer(_number(account))

    def _send(self, account: Account, call: Call) -> Answer:
        given = self._form(account, call, "message")
        self._check(account, given)
        now = datetime.now(UTC)
        media = [str(url) for url in given.get("MediaUrl") or []]
        sid = ("MM" if media else "SM") + secrets.token_hex(16)
        text = str(given.get("Body") or "") or (f"[{given['ContentSid']}]" if "ContentSid" in given else "")
        account.show(LabMessage(
            id=sid, sender="bot", at=now, state="delivered", kind="image" if media else "text", images=media,
            lines=linked_lines(text) if text else [],
        ))  # fmt: skip
        callback = str(given.get("StatusCallback") or "")
        if callback:
            account.reports += [customer.status(account, sid, state, callback) for state in ("sent", "delivered")]
        date, own = format_datetime(now), account.credentials["account_sid"]
        return Answer({
            "account_sid": own, "api_version": "2010-04-01", "body": text, "date_created": date, "date_sent": None,
            "date_updated": date, "direction": "outbound-api", "error_code": None, "error_message": None,
            "from": account.credentials["from_number"], "messaging_service_sid": None, "num_media": str(len(media)),
            "num_segments": "1", "price": None, "price_unit": "USD", "sid": sid, "status": "queued",
            "subresource_uris": {"media": f"/2010-04-01/Accounts/{own}/Messages/{sid}/Media.json"},
            "to": given["To"], "uri": f"/2010-04-01/Accounts/{own}/Messages/{sid}.json",
        }, 201)  # fmt: skip

    @staticmethod
    def _check(account: Account, given: Mapping[str, Any]) -> None:
        """Refuse what Twilio refuses.

        Raises:
            Refused: with Twilio's own number for it.
        """
        to, number, body = str(given.get("To", "")), account.credentials["from_number"], str(given.get("Body") or "")
        refusals = (
            (not to, 21604, "A 'To' phone number is required.", "To is missing"),
            (not E164.fullmatch(to), 21211, f"Invalid 'To' Phone Number: {to}", "To is no number of the form E.164"),
            (not given.get("From") and not given.get("MessagingServiceSid"), 21603,
             "A 'From' phone number is required.", "From is missing"),
            (given.get("From", number) != number, 21606,
             f"The 'From' phone number provided ({given.get('From')}) is not a valid, message-capable number",
             "From is not the account's number"),
            (not body and not given.get("MediaUrl") and "ContentSid" not in given, 21619,
             "A text message body or media urls must be specified.", "neither Body nor MediaUrl"),
            (len(body) > BODY_CHARACTERS, 21617,
             "The concatenated message body exceeds the 1600 character limit.", f"Body has {len(body)} characters"),
            (len(given.get("MediaUrl") or []) > MAX_MEDIA, 21623, "Number of media files exceeds allowed limit.",
             "more than ten MediaUrl"),
            (any(urlsplit(url).scheme not in {"http", "https"} for url in given.get("MediaUrl") or []), 21620,
             "Invalid media URL(s)", "MediaUrl is no web address"),
            (urlsplit(str(given.get("StatusCallback") or "https:")).scheme not in {"http", "https"}, 21609,
             "Invalid 'StatusCallback'", "StatusCallback is no web address"),
            (to != customer.phone(account), 21614, f"'To' number is not a valid mobile number: {to}",
             "nobody with this number ever wrote"),
            (account.blocked, 21610, "Attempt to send to unsubscribed recipient", ""),
        )  # fmt: skip
        for wrong, code, said, problem in refusals:
            if wrong:
                raise Refused(twilio_error(400, code, said), problem)

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def oversized(self, payload: Payload) -> Payload:
        return Payload({**payload.body, "Padding": "x" * 1_200_000}, payload.about, payload.receipt)

    def request(self, account: Account, payload: Payload) -> Request | None:
        form = dict(payload.body)
        url = form.pop(customer.CALLBACK, "") or account.webhook.get("url")
        if not url:
            return None
        signed = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(account.credentials["auth_token"].encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "content-type": f"{FORM}; charset=UTF-8",
            "user-agent": "TwilioProxy/1.1",
            "x-twilio-signature": base64.b64encode(digest).decode(),
        }
        return Request(url, urlencode(form).encode(), headers)


def _may(account: Account, call: Call) -> bool:
    kind, _, pair = call.headers.get("authorization", "").partition(" ")
    wanted = f"{account.credentials['account_sid']}:{account.credentials['auth_token']}"
    try:
        given = base64.b64decode(pair, validate=True)
    except ValueError:
        return False
    return kind.lower() == "basic" and hmac.compare_digest(given, wanted.encode())


def number_sid(account: Account) -> str:
    return "PN" + hashlib.sha256(account.credentials["from_number"].encode()).hexdigest()[:32]


def _number(account: Account) -> dict[str, Any]:
    own, number = account.credentials["account_sid"], account.credentials["from_number"]
    return {
        "account_sid": own, "api_version": "2010-04-01", "phone_number": number, "friendly_name": number,
        "sid": number_sid(account), "sms_url": account.webhook.get("url", ""),
        "sms_method": account.webhook.get("method", "POST"), "status": "in-use",
        "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
        "uri": f"/2010-04-01/Accounts/{own}/IncomingPhoneNumbers/{number_sid(account)}.json",
    }  # fmt: skip


def _numbers(account: Account, call: Call) -> dict[str, Any]:
    wanted = call.query.get("PhoneNumber", "")
    listed = [_number(account)] if wanted in {"", account.credentials["from_number"]} else []
    about = {"start": 0, "end": max(0, len(listed) - 1), "page": 0, "page_size": 50, "next_page_uri": None}
    return {**about, "previous_page_uri": None, "uri": f"/{call.path}", "incoming_phone_numbers": listed}
