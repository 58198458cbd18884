from tests.channels.meta_platform import APP_SECRET, MetaPlatform

from shopwright.channels.port import Address, ApiResponse


def batch(*events, account="1234567890", about="page"):
    entry = {"id": account, "time": 1795262400123, "messaging": list(events)}
    return {"object": about, "entry": [entry]}


def event(account="1234567890", **what):
    return {"sender": {"id": "24681012"}, "recipient": {"id": account}, "timestamp": 1795262400123, **what}


class Messaging(MetaPlatform):
    address = Address("24681012")

    def texts(self, call):
        message = call.json.get("message", {})
        elements = message.get("attachment", {}).get("payload", {}).get("elements", [])
        said = [text for e in elements for text in (e["title"], e.get("subtitle")) if text]
        return [message["text"]] if "text" in message else said

    def buttons(self, call):
        message = call.json.get("message", {})
        replies = [(r["title"], r["payload"]) for r in message.get("quick_replies", [])]
        elements = message.get("attachment", {}).get("payload", {}).get("elements", [])
        buttons = [b for e in elements for b in e.get("buttons", [])]
        return replies + [(b["title"], b.get("payload") or b["url"]) for b in buttons]


class Messenger(Messaging):
    credentials = {"page_id": "1234567890", "page_access_token": "EAAG-secret-token", "app_secret": APP_SECRET}
    public = ("page_id",)
    located = ApiResponse(200, {}, b'{"id": "4242"}')
    hello = batch(event(message={"mid": "m_A", "text": "Do you ship?"}))


PLATFORM = Messenger()
