"""How a deployment that was connected stands now, by what is known of it."""

from datetime import datetime, timedelta

from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import Reason, Status

WARN_BEFORE = timedelta(days=7)


def verdict(row: Deployment, now: datetime) -> tuple[Status, Reason, str]:
    """Its state, the word for it, and in plain words what to do."""
    ends = row.token_expires_at
    if ends is not None and ends <= now:
        return "failed", "token_ended", f"The access token ended on {ends:%Y-%m-%d}; send a new one and connect again."
    if ends is not None and ends - now < WARN_BEFORE:
        return "degraded", "token_ends", f"The access token ends on {ends:%Y-%m-%d}; send a new one before that."
    if row.status == "degraded" and row.reason == "away":  # who found it away says when it is back
        return "degraded", "away", row.detail
    hours = row.settings.get("silence_hours")
    quiet_since = max(moment for moment in (row.last_inbound_at, row.registered_at, row.created_at) if moment)
    if hours and now - quiet_since > timedelta(hours=hours):
        said = f"Nobody wrote since {quiet_since:%Y-%m-%d %H:%M} UTC; probe it to see whether it still works."
        return "degraded", "silent", said
    return "connected", "", "Connected."
