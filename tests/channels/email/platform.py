import html
import re
from email import message_from_bytes, policy

from tests.channels.platform import Platform

from shopwright.channels.port import Address

OWN = "help@shop.example"


def mail(text="Do you ship?", /, **headers):
    """A mail as a list of lines, so that the cases can be read."""
    given = {
        "From": "Ada Byron <Ada@customer.example>", "To": OWN, "Subject": "Shipping",
        "Message-ID": "<a1@customer.example>", "Date": "Sat, 21 Nov 2026 13:00:00 +0100",
        "Content-Type": "text/plain; charset=utf-8",
    }  # fmt: skip
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return [*(f"{name}: {value}" for name, value in given.items() if value), "", *text.split("\n")]


class Email(Platform):
    credentials = {
        "address": OWN,
        "imap_url": "imaps://help:p4ss@mail.shop.example",
        "smtp_url": "smtps://help:p4ss@mail.shop.example",
    }
    public = ("address",)
    own_addresses = ("smtps://help:p4ss@mail.shop.example",)
    needed = ("imap_url",)
    address = Address("0" * 24, {"to": "ada@customer.example", "subject": "Shipping", "in_reply_to": "<a1@x>"})
    hello = mail()
    # Codes of SMTP, which are not those of HTTP.
    taken, busy, limited, refused = 250, 421, 452, 552

    def body(self, payload):
        return "\r\n".join(payload).encode()

    def genuine(self, payload=None):
        return self.request(self.body(payload or self.hello), {"content-type": "message/rfc822"}, method="IMAP")

    def forgeries(self):
        body = self.body(self.hello)
        return {
            f"over HTTP by {method or 'nothing'}": self.request(body, method=method)
            for method in ("POST", "GET", "PUT", "imap", "", "IMAP ")
        }

    def texts(self, call):
        message = message_from_bytes(call.content, policy=policy.default)
        return [message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()]

    def visible(self, text):
        if not text.startswith("<!DOCTYPE"):
            return text
        # The second part says the same again.
        return "" if "<body>" in text else html.unescape(re.sub(r"<[^>]*>", "", text))


PLATFORM = Email()
