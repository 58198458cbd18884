import base64
import hashlib
import hmac
from urllib.parse import urlencode

from tests.channels.platform import Signed

from shopwright.channels.port import Address, ApiResponse

TOKEN = "12345678901234567890123456789012"
SID = "AC" + "0a1b2c3d" * 4


def digest(url, form, token=TOKEN, algorithm=hashlib.sha1):
    signed = url + "".join(name + value for name, value in sorted(form.items()))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), algorithm).digest()).decode()


class Twilio(Signed):
    credentials = {"account_sid": SID, "auth_token": TOKEN, "from_number": "+4915735983768"}
    located = ApiResponse(200, {}, b'{"incoming_phone_numbers": [{"sid": "PN0b1c", "phone_number": "+4915735983768"}]}')
    public = ("account_sid", "from_number")
    needed = ("auth_token",)
    address = Address("+4915112345678")
    hello = {
        "MessageSid": "SM1", "AccountSid": SID, "From": "+4915112345678", "To": "+4915735983768",
        "Body": "Do you ship?", "NumMedia": "0",
    }  # fmt: skip

    def body(self, payload):
        return urlencode({name: "" if value is None else str(value) for name, value in payload.items()}).encode()

    def genuine(self, payload=None):
        payload = self.hello if payload is None else payload
        form = {name: "" if value is None else str(value) for name, value in payload.items()}
        return self._sent(form, digest(self.hook, form))

    def _sent(self, form, signature, **changed):
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        return self.request(self.body(form), headers, **changed)

    def forgeries(self):
        form, url = dict(self.hello), self.hook
        good = digest(url, form)
        empty = hashlib.sha256(b"").hexdigest()
        return {
            "no signature": self._sent(form, None),
            "an empty signature": self._sent(form, ""),
            "a field changed": self._sent({**form, "Body": "Do you SHIP?"}, good),
            "a field more": self._sent({**form, "MediaUrl0": "https://evil.example"}, good),
            "a field less": self._sent({k: v for k, v in form.items() if k != "NumMedia"}, good),
            "another address": self._sent(form, digest("https://bots.shop.example/webhooks/twilio/other", form)),
            "another scheme": self._sent(form, digest(url.replace("https:", "http:"), form)),
            "a query added": self._sent(form, good, url=f"{url}?a=1"),
            "another account's token": self._sent(form, digest(url, form, "0" * 32)),
            "an empty token": self._sent(form, digest(url, form, "")),
            "another algorithm": self._sent(form, digest(url, form, algorithm=hashlib.sha256)),
            "truncated": self._sent(form, good[:-2]),
            "a digest of another body in the address": self._sent(
                form, digest(f"{url}?bodySHA256={empty}", {}), url=f"{url}?bodySHA256={empty}"
            ),
        }

    def texts(self, call):
        return [call.form["Body"]] if "Body" in (call.form or {}) else []


PLATFORM = Twilio()
