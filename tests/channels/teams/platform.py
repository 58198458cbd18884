import base64
import html
import json
import re
from functools import cache

from joserfc import jwk, jwt
from tests.channels.platform import NOW, Platform

from shopwright.channels.port import Address

APP_ID = "00000000-1111-2222-3333-444444444444"
SERVICE = "https://smba.trafficmanager.net/emea/"
BOT = "28:" + APP_ID
YEAR = 365 * 24 * 3600


@cache
def key(kid="k1"):
    return jwk.RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def activity(number="1485983408511", /, **changed):
    return {
        "type": "message", "id": number, "timestamp": "2026-11-21T12:00:00.123Z", "serviceUrl": SERVICE,
        "channelId": "msteams", "from": {"id": "29:1XJKJMvc5", "name": "Megan Bowen", "aadObjectId": "b9fd0a2c"},
        "conversation": {"conversationType": "personal", "tenantId": "72f988bf", "id": "a:17I0kl8EkpE1O9"},
        "recipient": {"id": BOT, "name": "Shop"}, "locale": "en-US", "textFormat": "plain",
        "channelData": {"tenant": {"id": "72f988bf"}}, **changed,
    }  # fmt: skip


def token(header=None, signed_by=None, /, **claims):
    now = int(NOW.timestamp())
    said = {
        "iss": "https://api.botframework.com", "aud": APP_ID, "serviceurl": SERVICE,
        # Long, since the vendor's validator that ours is compared with goes by the clock of the machine.
        "nbf": now - 10 * YEAR, "exp": now + 10 * YEAR, **claims,
    }  # fmt: skip
    said = {name: value for name, value in said.items() if value is not None}
    signer = signed_by or key()
    head = {"alg": "RS256", "kid": signer.kid, "typ": "JWT", **(header or {})}
    return jwt.encode(head, said, signer, algorithms=[head["alg"]])


class Teams(Platform):
    credentials = {"app_id": APP_ID, "app_password": "app~secret.of-azure", "access_token": "eyJ-out"}
    public = ("app_id",)
    needed = ("app_id",)
    address = Address("a:17I0kl8EkpE1O9", {"service_url": SERVICE, "bot_id": BOT})
    calls_or_fetches = ("<at>", "<img", "<!", "<@U123>")
    hello = activity(text="Do you ship?")

    @property
    def keys(self):
        return {"keys": [{**key().as_dict(private=False), "endorsements": ["msteams", "webchat"]}]}

    def genuine(self, payload=None):
        body = self.body(payload or self.hello)
        return self.request(body, {"authorization": f"Bearer {token()}"})

    def forgeries(self):
        body, now = self.body(self.hello), int(NOW.timestamp())
        head, claims, _ = token().split(".")
        public = json.dumps(key().as_dict(private=False)).encode()
        nothing = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').rstrip(b"=").decode()
        mine = jwk.OctKey.import_key(public, {"kid": "k1"})
        other = json.dumps(activity(text="x", serviceUrl="https://evil.example/")).encode()

        def bearer(value, sent=body):
            return self.request(sent, {"authorization": f"Bearer {value}"})

        return {
            "no token": self.request(body),
            "another scheme": self.request(body, {"authorization": f"Basic {token()}"}),
            "no signature": bearer(f"{head}.{claims}."),
            "no algorithm": bearer(f"{nothing}.{claims}."),
            "the public key as a shared one": bearer(token({"alg": "HS256"}, mine)),
            "a key of somebody else": bearer(token(None, key("k9"))),
            "a key of somebody else by our name": bearer(token({"kid": "k1"}, key("k9"))),
            "the signature of another token": bearer(f"{head}.{claims}.{token(aud='x').split('.')[2]}"),
            "truncated": bearer(token()[:-8]),
            "for another bot": bearer(token(aud="99999999-1111-2222-3333-444444444444")),
            "of another issuer": bearer(token(iss="https://sts.windows.net/x/")),
            "expired": bearer(token(exp=now - 301)),
            "not yet valid": bearer(token(nbf=now + 301)),
            "without an end": bearer(token(exp=None)),
            "for another address": bearer(token(serviceurl="https://evil.example/")),
            "without an address": bearer(token(serviceurl=None)),
            "a body with another address": bearer(token(), other),
            "a channel that the key is not endorsed for": bearer(
                token(), self.body(activity(text="x", channelId="directline"))
            ),
            "no body": bearer(token(), b""),
        }

    def texts(self, call):
        said = [call.json["text"]] if call.json.get("text") else []
        cards = [a["content"] for a in call.json.get("attachments", []) if "content" in a]
        return said + [e["text"] for c in cards for e in c["body"] if e["type"] == "TextBlock"]

    def visible(self, text):
        text = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^)]*\)", r"\1", text)
        return html.unescape(re.sub(r"\\([^\w\s])", r"\1", text))

    def buttons(self, call):
        cards = [a["content"] for a in call.json.get("attachments", []) if "content" in a]
        return [(a["title"], a.get("url") or a["data"]["choice"]) for c in cards for a in c["actions"]]


PLATFORM = Teams()
