import hashlib
import hmac
import json

from tests.channels.platform import STAMP, Signed

from shopwright.channels.port import Address

SHARED = "our-shared-secret-of-32-letters!"


def signature(body: bytes, stamp: str = STAMP, secret: str = SHARED, algorithm=hashlib.sha256) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, algorithm).hexdigest()


class Http(Signed):
    credentials = {"callback_url": "https://crm.shop.example/answers", "secret": SHARED}
    public = ("callback_url",)
    own_addresses = ("https://crm.shop.example/answers",)
    needed = ("secret",)
    address = Address("c-1")
    hello = {"id": "m-1", "conversation": "c-1", "sender": {"id": "u-1"}, "text": "Do you ship?"}

    def sign(self, body, stamp=STAMP, given=None):
        return {
            "x-shopwright-timestamp": stamp,
            "x-shopwright-signature": given or f"sha256={signature(body, stamp)}",
        }

    def forgeries(self):
        body = self.body(self.hello)
        old, early = str(int(STAMP) - 301), str(int(STAMP) + 301)
        good = self.sign(body)
        return {
            "no headers": self.request(body),
            "no time": self.request(body, {**good, "x-shopwright-timestamp": None}),
            "no signature": self.request(body, {**good, "x-shopwright-signature": None}),
            "the body changed": self.request(body.replace(b"ship", b"SHIP"), good),
            "the time changed": self.request(body, {**good, "x-shopwright-timestamp": str(int(STAMP) + 1)}),
            "five minutes old": self.request(body, self.sign(body, old)),
            "of the future": self.request(body, self.sign(body, early)),
            "another secret": self.request(body, self.sign(body, given=f"sha256={signature(body, secret='x')}")),
            "another algorithm": self.request(
                body, self.sign(body, given=f"sha256={signature(body, algorithm=hashlib.sha512)}")
            ),
            "the signature of the body alone": self.request(
                body, self.sign(body, given=f"sha256={hmac.new(SHARED.encode(), body, hashlib.sha256).hexdigest()}")
            ),
            "truncated": self.request(body, self.sign(body, given=good["x-shopwright-signature"][:-1])),
            "a time with words in it": self.request(body, self.sign(body, f" {STAMP}")),
            "a time in other digits": self.request(body, self.sign(body, STAMP.replace("1", "١"))),
        }

    def texts(self, call):
        return [json.loads(call.content)["plain_text"]] if call.purpose == "send" else []

    def buttons(self, call):
        said = json.loads(call.content)
        choices = said["choices"] + [choice for card in said["cards"] for choice in card["choices"]]
        return [(c["title"] + c["description"], c["url"] or c["value"]) for c in choices]


PLATFORM = Http()
