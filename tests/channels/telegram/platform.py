"""Telegram sends the secret of `setWebhook` in a header; it signs nothing."""

import html
import re

from tests.channels.platform import SECRET, Platform

from shopwright.channels.port import Address

HEADER = "x-telegram-bot-api-secret-token"


class Telegram(Platform):
    credentials = {"bot_token": "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"}
    address = Address("4711")
    calls_or_fetches = ("@everyone", "<img")
    needed = ("webhook_secret",)
    hello = {
        "update_id": 1,
        "message": {
            "message_id": 5,
            "date": 1795262400,
            "chat": {"id": 4711, "type": "private"},
            "from": {"id": 4711, "is_bot": False, "first_name": "Ada"},
            "text": "Do you ship?",
        },
    }

    def genuine(self, payload=None):
        return self.request(self.body(payload or self.hello), {HEADER: SECRET})

    def forgeries(self):
        body = self.body(self.hello)
        return {
            "no secret": self.request(body),
            "empty secret": self.request(body, {HEADER: ""}),
            "another secret": self.request(body, {HEADER: "w3bhook-secreT"}),
            "a truncated secret": self.request(body, {HEADER: SECRET[:-1]}),
            "a longer secret": self.request(body, {HEADER: SECRET + "x"}),
            "the secret in the query": self.request(body, query={"secret_token": SECRET}),
            "a secret of other letters": self.request(body, {HEADER: "ſecret-ü"}),
        }

    def texts(self, call):
        return [call.json[name] for name in ("text", "caption") if name in call.json]

    def visible(self, text):
        return html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\u2060", "")

    def buttons(self, call):
        rows = call.json.get("reply_markup", {}).get("inline_keyboard", [])
        return [(b["text"], b.get("callback_data") or b["url"]) for row in rows for b in row]


PLATFORM = Telegram()
