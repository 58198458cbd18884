import base64
import hashlib
import hmac

from tests.channels.platform import Signed

from shopwright.channels.port import Address

SHARED = "8c570fa6dd201bb328f1c1eac23a96d8"
HEADER = "x-line-signature"
ADA = "U4af4980629c4f8b1d1e2a3b4c5d6e7f8"


def digest(body, secret=SHARED, algorithm=hashlib.sha256):
    return base64.b64encode(hmac.new(secret.encode(), body, algorithm).digest()).decode()


def event(kind, number="01FZ74A0TDDPYRVKNK77XKC3ZR", /, **what):
    source = {"type": "user", "userId": ADA}
    return {
        "type": kind, "mode": "active", "timestamp": 1795262400123, "source": source, "webhookEventId": number,
        "deliveryContext": {"isRedelivery": False}, **what,
    }  # fmt: skip


def batch(*events):
    return {"destination": "xxxxxxxxxx", "events": list(events)}


class Line(Signed):
    credentials = {"channel_secret": SHARED, "channel_access_token": "a-long-lived-token"}
    needed = ("channel_secret",)
    address = Address(ADA)
    hello = batch(event("message", message={"id": "444573844083572737", "type": "text", "text": "Do you ship?"}))

    def sign(self, body):
        return {HEADER: digest(body)}

    def forgeries(self):
        body = self.body(self.hello)
        return {
            "no signature": self.request(body),
            "an empty signature": self.request(body, {HEADER: ""}),
            "the body changed": self.request(body + b" ", {HEADER: digest(body)}),
            "another channel's secret": self.request(body, {HEADER: digest(body, "x" * 32)}),
            "another algorithm": self.request(body, {HEADER: digest(body, algorithm=hashlib.sha1)}),
            "truncated": self.request(body, {HEADER: digest(body)[:-2]}),
            "in other digits": self.request(
                body, {HEADER: hmac.new(SHARED.encode(), body, hashlib.sha256).hexdigest()}
            ),
        }

    def texts(self, call):
        said = (call.json or {}).get("messages", [])
        columns = [c for m in said for c in m.get("template", {}).get("columns", [])]
        return [m["text"] for m in said if "text" in m] + [c[name] for c in columns for name in ("title", "text")]

    def buttons(self, call):
        said = (call.json or {}).get("messages", [])
        actions = [i["action"] for m in said for i in m.get("quickReply", {}).get("items", [])]
        actions += [a for m in said for c in m.get("template", {}).get("columns", []) for a in c["actions"]]
        return [(a["label"], a.get("data") or a["uri"]) for a in actions]


PLATFORM = Line()
