"""Instagram with Instagram login.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api,
read 2026-11.
"""

from collections.abc import Mapping
from typing import ClassVar

from shopwright.channels.meta.sending import MessagingChannel
from shopwright.channels.port import Capabilities, Limits


class InstagramChannel(MessagingChannel):
    slug: ClassVar[str] = "instagram"
    name: ClassVar[str] = "Instagram"
    object: ClassVar[str] = "instagram"
    page: ClassVar[str] = "Instagram"
    account_field: ClassVar[str] = "account_id"
    addresses: ClassVar[Mapping[str, str]] = {"graph": "https://graph.instagram.com"}
    fields: ClassVar[tuple[str, ...]] = (
        "messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit", "messaging_referral",
    )  # fmt: skip
    files: ClassVar[frozenset[str]] = frozenset({"image", "audio", "video"})
    limits: ClassVar[Limits] = Limits(
        source="https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api",
        read_on="2026-11-21",
        text_characters=1000,
        counted_in="bytes",
        choices=13,
        choice_title=20,
        choice_value=1000,
        cards=10,
        card_title=80,
        card_choices=3,
        per_second=10,
        window_hours=24,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="degraded", choices="yes",
        cards="yes", carousel="yes", typing="yes", read_receipts_in="yes", mark_read="yes", reactions_in="yes",
        edits_in="yes", deletions_in="yes", automatic_webhook="degraded",
    )  # fmt: skip
