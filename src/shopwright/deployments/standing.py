"""How a deployment that was connected stands now, by what is known of it."""

from datetime import datetime, timedelta

from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import Reason, Status
from shopwright.kit.sentences import sentence

WARN_BEFORE = timedelta(days=7)
CONNECTED = sentence("Connected.")


def verdict(row: Deployment, now: datetime) -> tuple[Status, Reason, str]:
    """Its state, the word for it, and in plain words what to do."""
    ends = row.token_expires_at
    if ends is not None and ends <= now:
        ended = sentence("The access token ended on {day}; send a new one and connect again.", day=f"{ends:%Y-%m-%d}")
        return "failed", "token_ended", ended
    if ends is not None and ends - now < WARN_BEFORE:
        soon = sentence("The access token ends on {day}; send a new one before that.", day=f"{ends:%Y-%m-%d}")
        return "degraded", "token_ends", soon
    if row.status == "degraded" and row.reason == "away":  # who found it away says when it is back
        return "degraded", "away", row.detail
    hours = row.settings.get("silence_hours")
    quiet_since = max(moment for moment in (row.last_inbound_at, row.registered_at, row.created_at) if moment)
    if hours and now - quiet_since > timedelta(hours=hours):
        said = sentence(
            "Nobody wrote since {time}; probe it to see whether it still works.",
            time=f"{quiet_since:%Y-%m-%d %H:%M} UTC",
        )
        return "degraded", "silent", said
    return "connected", "", CONNECTED
