from tests.channels.meta_platform import APP_SECRET, MetaPlatform

from shopwright.channels.port import Address

METADATA = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}


def change(field="messages", **value):
    value = {"messaging_product": "whatsapp", "metadata": METADATA, **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"value": value, "field": field}]}],
    }


class WhatsApp(MetaPlatform):
    credentials = {
        "phone_number_id": METADATA["phone_number_id"],
        "business_account_id": "102290129340398",
        "access_token": "EAAJB-secret-token",
        "app_secret": APP_SECRET,
    }
    public = ("phone_number_id", "business_account_id")
    address = Address("16505551234", {"message_id": "wamid.IN"})
    hello = change(
        contacts=[{"profile": {"name": "Sheena Nelson"}, "wa_id": "16505551234"}],
        messages=[
            {"from": "16505551234", "id": "wamid.A", "timestamp": "1795262400", "type": "text",
             "text": {"body": "Do you ship?"}},
        ],
    )  # fmt: skip

    def texts(self, call):
        body = call.json
        part = body[body["type"]]
        if body["type"] == "interactive":
            return [part["body"]["text"]]
        return [text for text in (part.get("body"), part.get("caption")) if text]

    def visible(self, text):
        return text.replace("\u200b", "")

    def buttons(self, call):
        part = call.json.get("interactive", {})
        action = part.get("action", {})
        if part.get("type") == "cta_url":
            return [(action["parameters"]["display_text"], action["parameters"]["url"])]
        rows = [b["reply"] for b in action.get("buttons", [])]
        rows += [row for section in action.get("sections", []) for row in section["rows"]]
        return [(row["title"] + row.get("description", ""), row["id"]) for row in rows]


PLATFORM = WhatsApp()
