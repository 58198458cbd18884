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


def _fields(described: dict[str, Any]) -> dict[str, tuple[list[str], bool]]:
    return {field["name"]: (field["types"], field["required"]) for field in described.get("fields") or ()}


def main(platform: str, path: str) -> None:
    found = {"telegram": telegram}[platform](json.loads(Path(path).read_text()))
    target = ROOT / platform / "facts.json"
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    print(f"written: {target.name}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
