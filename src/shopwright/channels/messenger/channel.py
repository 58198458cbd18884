"""Facebook Messenger. Source: https://developers.facebook.com/docs/messenger-platform, read 2026-11."""

from collections.abc import Mapping
from typing import ClassVar

from shopwright.channels.meta.sending import MessagingChannel
from shopwright.channels.port import Capabilities, Limits


class MessengerChannel(MessagingChannel):
    slug: ClassVar[str] = "messenger"
    name: ClassVar[str] = "Messenger"
    object: ClassVar[str] = "page"
    page: ClassVar[str] = "Messenger"
    token_field: ClassVar[str] = "page_access_token"  # noqa: S105 - a name
    account_field: ClassVar[str] = "page_id"
    tells_its_app: ClassVar[bool] = True
    addresses: ClassVar[Mapping[str, str]] = {"graph": "https://graph.facebook.com"}
    fields: ClassVar[tuple[str, ...]] = (
        "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_reactions", "message_edits",
        "messaging_referrals",
    )  # fmt: skip
    files: ClassVar[frozenset[str]] = frozenset({"image", "audio", "video", "file"})
    limits: ClassVar[Limits] = Limits(
        source="https://developers.facebook.com/docs/messenger-platform/reference/send-api",
        read_on="2026-11-21",
        text_characters=2000,
        choices=13,
        choice_title=20,
        choice_value=1000,
        cards=10,
        card_title=80,
        card_choices=3,
        per_second=40,
        window_hours=24,
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="yes", location_in="yes",
        choices="yes", cards="yes", carousel="yes", typing="yes", read_receipts_in="yes", mark_read="yes",
        reactions_in="yes", edits_in="yes", automatic_webhook="yes",
    )  # fmt: skip
