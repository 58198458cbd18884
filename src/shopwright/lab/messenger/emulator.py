"""Facebook Messenger. Source: https://developers.facebook.com/docs/messenger-platform, read 2026-11."""

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from shopwright.lab.accounts import Account
from shopwright.lab.base import Answer, Call, Refused, Web
from shopwright.lab.meta.graph import given, graph_error, point, token_of
from shopwright.lab.meta.messaging import MessagingEmulator, listed_fields, stamp
from shopwright.lab.schemas import ActKind


class MessengerEmulator(MessagingEmulator):
    slug: ClassVar[str] = "messenger"
    name: ClassVar[str] = "Messenger"
    token_field: ClassVar[str] = "page_access_token"  # noqa: S105 - a name
    account_field: ClassVar[str] = "page_id"
    object: ClassVar[str] = "page"
    tells_deliveries: ClassVar[bool] = True
    acts: ClassVar[frozenset[ActKind]] = frozenset({
        "text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "read", "block",
        "unblock",
    })  # fmt: skip
    # Of deleted messages pages are not told.
    fields: ClassVar[Mapping[str, str]] = {
        "message": "messages", "postback": "messaging_postbacks", "delivery": "message_deliveries",
        "read": "message_reads", "reaction": "message_reactions", "edit": "message_edits",
    }  # fmt: skip

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {
            "page_id": str(secrets.randbelow(9 * 10**14) + 10**14),
            "page_access_token": "EAA" + secrets.token_hex(60),
            "app_secret": secrets.token_hex(16),
        }

    async def app_node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:
        app = self.app_of(account)
        if path in {"app", app} and call.method == "GET":
            return Answer({"id": app, "name": "Lab app", "link": "https://www.facebook.com/games/?app_id=" + app})
        if path == "debug_token" and call.method == "GET":
            valid = call.query.get("input_token") in {account.credentials[self.token_field], token_of(call)}
            about = {"app_id": app, "is_valid": valid, "type": "PAGE", "expires_at": 0}
            return Answer({"data": {**about, "profile_id": account.credentials["page_id"]}})
        if path == f"{app}/subscriptions":
            return await self._app_subscriptions(account, call, web)
        return None

    async def _app_subscriptions(self, account: Account, call: Call, web: Web) -> Answer | None:
        app = self.app_of(account)
        if not token_of(call).startswith(f"{app}|"):
            said = "(#15) This method must be called with an app access_token."
            raise Refused(graph_error(400, 15, said), "the subscription of an app is changed with the app's token")
        if call.method == "GET":
            fields = [{"name": name} for name in account.webhook.get("app_fields") or []]
            data = [{"object": "page", "callback_url": account.webhook["url"], "active": True, "fields": fields}]
            return Answer({"data": data if account.webhook.get("url") else []})
        if call.method == "DELETE":
            account.webhook.pop("url", None)
            account.changed()
            return Answer({"success": True})
        body = given(call)
        for name in ("object", "callback_url", "verify_token"):
            if not body.get(name):
                said = f"(#100) The parameter {name} is required."
                raise Refused(graph_error(400, 100, said), f"{name} is missing")
        if body["object"] != "page":
            raise Refused(graph_error(400, 100, "(#100) Param object must be one of {page}"), "object is not page")
        fields_given = listed_fields(body.get("fields"))
        self.check_fields(fields_given, "fields")
        await point(account, str(body["callback_url"]), str(body["verify_token"]), web)
        account.webhook["app_fields"] = fields_given
        return Answer({"success": True})

    def subscribed(self, account: Account) -> list[str]:
        """A field must be subscribed to by the app and for the page."""
        return [name for name in super().subscribed(account) if name in (account.webhook.get("app_fields") or [])]

    def read_of(self, message_id: str) -> dict[str, Any]:  # noqa: ARG002 - all of them up to now
        return {"watermark": stamp()}
