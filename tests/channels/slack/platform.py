import hashlib
import hmac
import html
import json
import re
from urllib.parse import urlencode

from tests.channels.platform import STAMP, Signed

from shopwright.channels.port import Address

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


def digest(body, stamp=STAMP, secret=SIGNING, algorithm=hashlib.sha256):
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, algorithm).hexdigest()


def envelope(number="Ev0PV52K25", /, **event):
    return {
        "token": "XXYYZZ", "team_id": "T061EG9R6", "api_app_id": "A0PNCHHK2", "type": "event_callback",
        "event_id": number, "event_time": 1795262400, "event": event,
        "authorizations": [{"team_id": "T061EG9R6", "user_id": "U0BOT", "is_bot": True}],
    }  # fmt: skip


class Slack(Signed):
    credentials = {"bot_token": "xoxb-1234567890-abcdefghij", "signing_secret": SIGNING}
    address = Address("C024BE91L:1355517523.000005")
    needed = ("signing_secret",)
    calls_or_fetches = ("<!channel>", "<!here>", "<@U123>", "<img")
    hello = envelope(
        type="message", channel="D024BE91L", channel_type="im", user="U2147483697", text="Do you ship?",
        ts="1355517523.000005",
    )  # fmt: skip

    def sign(self, body, stamp=STAMP, given=None):
        return {"x-slack-request-timestamp": stamp, "x-slack-signature": given or digest(body, stamp)}

    def genuine(self, payload=None):
        payload = self.hello if payload is None else payload
        if "form" not in payload:
            return super().genuine(payload)
        form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in payload["form"].items()}
        body = urlencode(form).encode()
        return self.request(body, {**self.sign(body), "content-type": FORM})

    def forgeries(self):
        body = self.body(self.hello)
        good = self.sign(body)
        old, early = str(int(STAMP) - 301), str(int(STAMP) + 301)
        return {
            "no headers": self.request(body),
            "no time": self.request(body, {**good, "x-slack-request-timestamp": None}),
            "the body changed": self.request(body.replace(b"ship", b"SHIP"), good),
            "five minutes old": self.request(body, self.sign(body, old)),
            "of the future": self.request(body, self.sign(body, early)),
            "an old signature with a new time": self.request(body, self.sign(body, given=digest(body, old))),
            "another app's secret": self.request(body, self.sign(body, given=digest(body, secret="f" * 32))),
            "another version": self.request(body, self.sign(body, given=digest(body).replace("v0=", "v1="))),
            "another algorithm": self.request(body, self.sign(body, given=digest(body, algorithm=hashlib.sha1))),
            "truncated": self.request(body, self.sign(body, given=digest(body)[:-4])),
            "a time below zero": self.request(body, self.sign(body, "-1795262400")),
            "the token of the body instead": self.request(body, {"x-slack-token": "XXYYZZ"}),
        }

    def texts(self, call):
        sections = [b for b in call.json.get("blocks", []) if b["type"] == "section"]
        return [section["text"]["text"] for section in sections]

    def visible(self, text):
        text = re.sub(r"<(https?:[^>|]*)\|([^>]*)>", r"\2", text)
        return html.unescape(text).replace("\u200b", "")

    def buttons(self, call):
        blocks = call.json.get("blocks", [])
        elements = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
        found = [(e["text"]["text"], e.get("value") or e["url"]) for e in elements if e["type"] == "button"]
        options = [o for e in elements for o in e.get("options", [])]
        return found + [(o["text"]["text"] + o.get("description", {}).get("text", ""), o["value"]) for o in options]


PLATFORM = Slack()
