"""Platforms of Meta sign the body with the app's secret."""

import hashlib
import hmac

from tests.channels.platform import Signed

HEADER = "x-hub-signature-256"
APP_SECRET = "0123456789abcdef0123456789abcdef"


def digest(body: bytes, secret: str = APP_SECRET, algorithm=hashlib.sha256) -> str:
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


class MetaPlatform(Signed):
    needed = ("app_secret",)

    def sign(self, body):
        return {HEADER: f"sha256={digest(body)}"}

    def forgeries(self):
        body = self.body(self.hello)
        good = digest(body)
        return {
            "no signature": self.request(body),
            "an empty signature": self.request(body, {HEADER: ""}),
            "the body changed": self.request(body + b" ", {HEADER: f"sha256={good}"}),
            "another app's secret": self.request(body, {HEADER: f"sha256={digest(body, 'f' * 32)}"}),
            "an empty secret": self.request(body, {HEADER: f"sha256={digest(body, '')}"}),
            "a truncated signature": self.request(body, {HEADER: f"sha256={good[:-2]}"}),
            "no algorithm named": self.request(body, {HEADER: good}),
            "the old algorithm": self.request(body, {HEADER: f"sha1={digest(body, algorithm=hashlib.sha1)}"}),
            "the old header": self.request(body, {"x-hub-signature": f"sha1={digest(body, algorithm=hashlib.sha1)}"}),
            "the body without signs escaped": self.request(body.replace(b"D", b"\\u0044"), {HEADER: f"sha256={good}"}),
        }
