"""WhatsApp by Meta's Cloud API.

Sources: `facts.json`, and https://developers.facebook.com/documentation/business-messaging/whatsapp, read 2026-11.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from shopwright.lab.accounts import Account, Payload
from shopwright.lab.base import Answer, Call, Refused, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.meta.graph import GraphEmulator, given, graph_error, point, token_of
from shopwright.lab.schemas import ActKind, LabAct
from shopwright.lab.whatsapp import customer, messages

TYPING_SECONDS = 25.0


class WhatsAppEmulator(GraphEmulator):
    slug: ClassVar[str] = "whatsapp"
    name: ClassVar[str] = "WhatsApp"
    token_field: ClassVar[str] = "access_token"  # noqa: S105 - a name
    window_hours: ClassVar[int | None] = 24
    acts: ClassVar[frozenset[ActKind]] = frozenset({
        "text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "read", "block",
        "unblock",
    })  # fmt: skip

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {
            "phone_number_id": str(secrets.randbelow(9 * 10**14) + 10**14),
            "business_account_id": str(secrets.randbelow(9 * 10**14) + 10**14),
            "access_token": "EAA" + secrets.token_hex(60),
            "app_secret": secrets.token_hex(16),
        }

    def sends(self, call: Call) -> bool:
        return call.path.endswith("/messages") and "status" not in given(call)

    def too_fast(self, seconds: float) -> Answer:
        answer = super().too_fast(seconds)
        error = graph_error(
            400, 130429, "(#130429) Rate limit hit", details="Cloud API message throughput has been reached."
        )
        return Answer(error.body, error.status, answer.headers)

    async def node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:
        number = account.credentials["phone_number_id"]
        business = account.credentials.get("business_account_id")
        if path == f"{number}/messages" and call.method == "POST":
            return self._messages(account, given(call))
        if path == number:
            return await self._number(account, call, web)
        if business and path == f"{business}/subscribed_apps":
            return await self._subscribe(account, call, web)
        if path == "debug_token" and call.method == "GET":
            about = {"app_id": self.app_of(account), "is_valid": call.query.get("input_token") == token_of(call)}
            return Answer({"data": {**about, "type": "SYSTEM_USER", "expires_at": 0}})
        if path in account.files and call.method == "GET":
            return self._media(account, path)
        return None

    def _checked(self, account: Account, method: str, body: Mapping[str, Any], call: str) -> None:
        """Note what is wrong with a body.

        Raises:
            Refused: it is so wrong that the platform does not take it.
        """
        problems = list(load_facts(self.slug).problems(body, load_facts(self.slug).methods[method]))
        if problems:
            for problem in problems[1:]:
                account.violated(call, problem)
            code, said = (131008, "Required parameter is missing") if "missing" in problems[0] else (
                (100, "Invalid parameter") if "is no field" in problems[0] else (131009, "Parameter value is not valid")
            )  # fmt: skip
            raise Refused(graph_error(400, code, f"(#{code}) {said}", details=problems[0]), problems[0])

    def _messages(self, account: Account, body: dict[str, Any]) -> Answer:
        if "status" in body:
            self._checked(account, "mark", body, "mark as read")
            entry = account.find(body["message_id"])
            if entry is None or entry.shown.sender != "customer":
                said = "message_id is no message of a customer"
                raise Refused(graph_error(400, 131009, "(#131009) Parameter value is not valid", details=said), said)
            for earlier in account.said_by("customer"):
                earlier.shown.state = "read"
                if earlier is entry:
                    break
            if "typing_indicator" in body:
                account.types(TYPING_SECONDS)
            account.changed()
            return Answer({"success": True})
        self._checked(account, "message", body, "send")
        return messages.send(self, account, body)

    async def _number(self, account: Account, call: Call, web: Web) -> Answer:
        number = account.credentials["phone_number_id"]
        if call.method == "GET":
            known = {
                "id": number, "display_phone_number": messages.display_number(account), "quality_rating": "GREEN",
                "verified_name": account.name or "Lab shop", "code_verification_status": "VERIFIED",
            }  # fmt: skip
            return Answer(_fields(call, known))
        body = given(call)
        self._checked(account, "number", body, "change the number")
        override = body.get("webhook_configuration")
        if isinstance(override, dict):
            await self._point(account, override, web)
        return Answer({"success": True})

    async def _subscribe(self, account: Account, call: Call, web: Web) -> Answer:
        if call.method == "GET":
            apps = [{"whatsapp_business_api_data": {"id": self.app_of(account), "name": "Lab"}}]
            return Answer({"data": apps if account.webhook.get("subscribed") else []})
        if call.method == "DELETE":
            account.webhook = {}
            account.changed()
            return Answer({"success": True})
        body = given(call)
        self._checked(account, "subscribe", body, "subscribe")
        account.webhook["subscribed"] = True
        if "override_callback_uri" in body:
            await self._point(account, body, web)
        return Answer({"success": True})

    @staticmethod
    async def _point(account: Account, override: Mapping[str, Any], web: Web) -> None:
        if not override["override_callback_uri"]:
            account.webhook.pop("url", None)
            return
        if not override.get("verify_token"):
            said = "verify_token is missing beside override_callback_uri"
            raise Refused(graph_error(400, 100, "(#100) The parameter verify_token is required."), said)
        await point(account, str(override["override_callback_uri"]), str(override["verify_token"]), web)

    def _media(self, account: Account, file_id: str) -> Answer:
        file = account.files[file_id]
        return Answer({
            "messaging_product": "whatsapp", "url": self.file_url(account, file.id), "mime_type": file.media_type,
            "sha256": hashlib.sha256(file.content).hexdigest(), "file_size": len(file.content), "id": file.id,
        })  # fmt: skip

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)


def _fields(call: Call, known: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a node that were asked for; its id is always among them."""
    asked = [name for name in call.query.get("fields", "").split(",") if name]
    unknown = [name for name in asked if name not in known]
    if unknown:
        said = f"(#100) Tried accessing nonexisting field ({unknown[0]})"
        raise Refused(graph_error(400, 100, said), f"there is no field {unknown[0]}")
    return {name: known[name] for name in {*asked, "id"}} if asked else dict(known)
