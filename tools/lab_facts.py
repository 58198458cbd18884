"""Facts of a platform's own API description that its emulator checks calls against: names, types, what is required.

python tools/lab_facts.py telegram <telegram-bot-api.json>
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1] / "src" / "shopwright" / "lab"
TELEGRAM_METHODS = (
    "getMe", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "sendPhoto", "sendAudio", "sendVideo",
    "sendDocument", "sendVoice", "sendAnimation", "sendLocation", "sendVenue", "sendChatAction", "answerCallbackQuery",
    "getFile", "editMessageText", "editMessageReplyMarkup", "deleteMessage", "setMessageReaction",
    "readBusinessMessage", "sendMediaGroup", "setMyCommands", "getUpdates",
)  # fmt: skip


def telegram(spec: dict[str, Any]) -> dict[str, Any]:
    """Methods with their parameters, and the types that parameters are made of."""
    methods = {name: _fields(spec["methods"][name]) for name in TELEGRAM_METHODS}
    types: dict[str, Any] = {}
    waiting = [kind for fields in methods.values() for kinds, _ in fields.values() for kind in kinds]
    while waiting:
        name = waiting.pop().split("Array of ")[-1]
        if name in types or name not in spec["types"]:
            continue
        types[name] = _fields(spec["types"][name])
        waiting += [kind for kinds, _ in types[name].values() for kind in kinds]
        waiting += spec["types"][name].get("subtypes") or []
    subtypes = {name: spec["types"][name]["subtypes"] for name in types if spec["types"][name].get("subtypes")}
    return {
        "source": "https://core.telegram.org/bots/api by github.com/PaulSonOfLars/telegram-bot-api-spec (MIT licence)",
        "version": spec["version"], "methods": methods, "types": types, "subtypes": subtypes,
    }  # fmt: skip


TWILIO = {
    "message": "/2010-04-01/Accounts/{AccountSid}/Messages.json",
    "number": "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json",
}
_KINDS = {"string": "String", "number": "Float", "integer": "Integer", "boolean": "Boolean", "array": "Array of String"}


def twilio(spec: dict[str, Any]) -> dict[str, Any]:
    """The fields of the forms that calls are made with."""
    methods = {}
    for name, path in TWILIO.items():
        body = spec["paths"][path]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        methods[name] = {
            field: [[_KINDS[shape["type"]]], field in body.get("required", ()), _limits(shape)]
            for field, shape in ((f, _shape(spec, s)) for f, s in body["properties"].items())
        }
    return {
        "source": "github.com/twilio/twilio-oai twilio_api_v2010 (MIT licence)", "version": spec["info"]["version"],
        "methods": methods,
    }  # fmt: skip


def _shape(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["components"]["schemas"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    return found


def _limits(shape: dict[str, Any]) -> dict[str, Any]:
    named = {"maxLength": "max", "minLength": "min", "enum": "one_of", "pattern": "pattern"}
    return {ours: shape[theirs] for theirs, ours in named.items() if theirs in shape}


def _fields(described: dict[str, Any]) -> dict[str, tuple[list[str], bool]]:
    return {field["name"]: (field["types"], field["required"]) for field in described.get("fields") or ()}


def main(platform: str, path: str) -> None:
    found = {"telegram": telegram, "twilio": twilio}[platform](json.loads(Path(path).read_text()))
    target = ROOT / platform / "facts.json"
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    print(f"written: {target.name}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
