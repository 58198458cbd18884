"""Instagram with Instagram login.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api, read
2026-11.
"""

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from shopwright.lab.accounts import Account
from shopwright.lab.base import Answer, Call, Web
from shopwright.lab.meta.graph import check_address
from shopwright.lab.meta.messaging import MessagingEmulator
from shopwright.lab.schemas import ActKind


class InstagramEmulator(MessagingEmulator):
    slug: ClassVar[str] = "instagram"
    name: ClassVar[str] = "Instagram"
    token_field: ClassVar[str] = "access_token"  # noqa: S105 - a name
    account_field: ClassVar[str] = "account_id"
    object: ClassVar[str] = "instagram"
    tells_deliveries: ClassVar[bool] = False
    acts: ClassVar[frozenset[ActKind]] = frozenset(
        {"text", "choice", "image", "voice", "edit", "delete", "reaction", "read", "block", "unblock"}
    )
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "file": "Instagram's app sends pictures, videos and voice notes; documents cannot be sent to a business.",
        "location": "Instagram does not tell businesses of a location.",
    }
    # A deletion comes as a message.
    fields: ClassVar[Mapping[str, str]] = {
        "message": "messages", "postback": "messaging_postbacks", "deletion": "messages", "read": "messaging_seen",
        "reaction": "message_reactions", "edit": "message_edit",
    }  # fmt: skip

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {
            "account_id": "178414" + str(secrets.randbelow(9 * 10**10) + 10**10),
            "access_token": "IGAA" + secrets.token_hex(60),
            "app_secret": secrets.token_hex(16),
        }

    def profile(self, account: Account) -> dict[str, Any]:
        own = account.credentials["account_id"]
        return {**super().profile(account), "user_id": own, "username": f"lab_{own}", "account_type": "BUSINESS"}

    async def app_node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:  # noqa: ARG002
        # The app's address is changed on Meta's pages only.
        return None

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:
        """App dashboard → Instagram → Webhooks: callback address and verify token, then “Verify and save”."""
        problem = await check_address(url, secret, web)
        if not problem:
            account.webhook.update(url=url, verify_token=secret)
        return problem

    def read_of(self, message_id: str) -> dict[str, Any]:
        return {"mid": message_id}
