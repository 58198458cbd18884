"""The description of a Slack app that has all we need. Source: https://docs.slack.dev/reference/app-manifest."""

from typing import Final

import orjson

SCOPES: Final = ("app_mentions:read", "chat:write", "files:read", "im:history", "reactions:read")
EVENTS: Final = (
    "app_mention", "message.im", "reaction_added", "reaction_removed", "app_uninstalled", "tokens_revoked",
)  # fmt: skip


def manifest(webhook_url: str) -> str:
    """The manifest as JSON, to paste."""
    app = {
        "display_information": {"name": "Customer service"},
        "features": {
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Customer service", "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": webhook_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": webhook_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
    return orjson.dumps(app, option=orjson.OPT_INDENT_2).decode()
