"""Out: a thread's messages are sent in order, each part recorded as soon as the platform has it."""

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Address, Channel, OutboundMessage, Outcome, Rejected, RetryAfter, Sent
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.live import LiveDeployment, by_id
from shopwright.gateway.models import Outbound, Thread
from shopwright.gateway.outcomes import (
    CLOSED,
    in_a_template,
    record_rejected,
    record_sent,
    record_template,
    record_wait,
)
from shopwright.gateway.services import Gateway, defer_send
from shopwright.gateway.stored import read_message
from shopwright.kit.failpoints import failpoint
from shopwright.kit.logs import get_logger
from shopwright.kit.rates import Rate
from shopwright.kit.sentences import sentence

log = get_logger("shopwright.gateway")
TOO_LONG = sentence("It could not be delivered for too long.")
TOO_LONG_WHY = sentence("It could not be delivered for too long. {reason}")
MAX_ATTEMPTS = 12
MAX_AGE = timedelta(hours=24)
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 3600.0
# A wait for the platform's rate that is longer than this gives the place to other threads.
WAIT_HERE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is being sent."""

    deployment: LiveDeployment
    thread_id: UUID
    conversation_id: UUID
    to: Address
    id: UUID
    claim: int
    attempts: int
    sent_parts: int
    message: OutboundMessage
    pending_since: datetime
    last_inbound_at: datetime | None


async def send(gateway: Gateway, *, tenant_id: str, thread_id: str, **_: Any) -> None:
    """Send what waits in a thread, until nothing does or the platform asks for patience."""
    tenant, thread = UUID(tenant_id), UUID(thread_id)
    while True:
        async with gateway.db.tenant(tenant) as session, session.begin():
            outgoing = await _take(session, gateway, tenant, thread)
        if outgoing is None or not await _send(gateway, outgoing):
            return


async def _take(session: AsyncSession, gateway: Gateway, tenant_id: UUID, thread_id: UUID) -> Outgoing | None:
    """The next message of a thread, unless it must wait; then the job comes back for it."""
    row: Outbound | None = (
        await session.scalars(
            sa.select(Outbound)
            .where(Outbound.tenant_id == tenant_id, Outbound.thread_id == thread_id, Outbound.state == "pending")
            .order_by(Outbound.seq)
            .limit(1)
            .with_for_update()
        )
    ).first()
    if row is None:
        return None
    wait = (row.next_at - datetime.now(UTC)).total_seconds()
    if wait > 0:
        await defer_send(session, tenant_id, thread_id, wait)
        return None
    deployment = await by_id(session, gateway.envelope, tenant_id, row.deployment_id)
    thread = await session.get(Thread, (tenant_id, thread_id))
    if deployment is None or thread is None:
        row.state, row.error = "dead", sentence("The account that owns the bot is switched off.")
        return None
    refused = thread.gone or ("" if deployment.receives else sentence("The deployment is switched off."))
    if refused:
        row.state, row.error = "dead", refused
        await defer_send(session, tenant_id, thread_id)
        gateway.tell(deployment, row.conversation_id, dead=True)
        return None
    row.claim += 1
    return Outgoing(
        deployment, thread_id, row.conversation_id, Address(thread.thread, thread.route), row.id, row.claim,
        row.attempts, row.sent_parts, read_message(row.message or {"key": str(row.id)}), row.pending_since,
        thread.last_inbound_at,
    )  # fmt: skip


async def _send(gateway: Gateway, outgoing: Outgoing) -> bool:
    """Send the parts that are missing; returns whether the thread's next message may follow."""
    channel = gateway.platforms.channel(outgoing.deployment)
    if window_closed(outgoing, channel):
        await _reject(gateway, outgoing, Rejected(CLOSED, window_closed=True))
        return True
    try:
        calls = channel.render(outgoing.message, outgoing.to)
    except Exception:  # whatever an adapter stumbles over must not hold up the messages behind it
        log.exception("render_failed", channel=channel.slug, message=str(outgoing.id))
        await _reject(
            gateway, outgoing, Rejected(sentence("It could not be written for this platform; the log says why."))
        )
        return True
    for part in range(outgoing.sent_parts, len(calls)):
        if not await _in_turn(gateway, outgoing, channel):
            return False
        failpoint("gateway.before_send")
        outcome = await _call(gateway, outgoing, part)
        failpoint("gateway.sent")
        if not isinstance(outcome, Sent) and (isinstance(outcome, Rejected) or worn_out(outgoing)):
            await _reject(gateway, outgoing, _as_rejected(outcome))
            return True
        async with gateway.db.tenant(outgoing.deployment.tenant_id) as session, session.begin():
            if isinstance(outcome, Sent):
                going_on = await record_sent(session, outgoing, outcome, part + 1, len(calls))
            else:
                await record_wait(session, outgoing, outcome.reason, waiting_time(outgoing.attempts, outcome))
                going_on = False
        failpoint("gateway.recorded")
        if not going_on:
            return False
    if not calls:
        async with gateway.db.tenant(outgoing.deployment.tenant_id) as session, session.begin():
            await record_sent(session, outgoing, Sent(), 0, 0)
    gateway.tell(outgoing.deployment, outgoing.conversation_id)
    return True


async def _reject(gateway: Gateway, outgoing: Outgoing, rejected: Rejected) -> None:
    async with gateway.db.tenant(outgoing.deployment.tenant_id) as session, session.begin():
        instead = in_a_template(outgoing.deployment.settings, outgoing.message) if rejected.window_closed else None
        if instead is not None:
            await record_template(session, outgoing, instead)
        else:
            late = rejected.window_closed and not outgoing.message.template
            await record_rejected(session, outgoing, replace(rejected, reason=CLOSED) if late else rejected)
    gateway.tell(outgoing.deployment, outgoing.conversation_id, dead=True)


def window_closed(outgoing: Outgoing, channel: Channel) -> bool:
    """Whether the platform takes only templates by now, so that it need not be asked."""
    hours, last = channel.limits.window_hours, outgoing.last_inbound_at
    if hours is None or last is None or outgoing.message.template:
        return False
    return datetime.now(UTC) - last > timedelta(hours=hours)


async def _call(gateway: Gateway, outgoing: Outgoing, part: int) -> Outcome:
    """Send one part; the token that the platform wants may be a new one at each try."""
    try:
        channel = await gateway.platforms.signed_in(outgoing.deployment)
        call = channel.render(outgoing.message, outgoing.to)[part]
        return channel.explain(await gateway.platforms.call(channel, call))
    except SignInRefused as exc:
        return Rejected(exc.message, exc.code, account=True)
    except CallRefused as exc:
        return Rejected(exc.message, exc.code)
    except PlatformAway as exc:
        return RetryAfter(sentence("The platform did not answer ({reason}).", reason=exc.fields["reason"]))


async def _in_turn(gateway: Gateway, outgoing: Outgoing, channel: Channel) -> bool:
    """Wait until the account may send again; a long wait is left to a later job."""
    limits, deployment = channel.limits, outgoing.deployment
    rates = [(f"send|{deployment.id}", limits.per_second)]
    if limits.per_second_thread is not None:
        rates.append((f"send|{outgoing.thread_id}", limits.per_second_thread))
    for key, per_second in rates:
        while (wait := await gateway.limiter.take(key, rate_of(per_second))) is not None:
            if wait > WAIT_HERE_SECONDS:
                async with gateway.db.tenant(deployment.tenant_id) as session, session.begin():
                    await defer_send(session, deployment.tenant_id, outgoing.thread_id, wait)
                return False
            await asyncio.sleep(wait)
    return True


def rate_of(per_second: float) -> Rate:
    """A platform's rate in whole messages."""
    if per_second >= 1:
        return Rate(int(per_second), 1, "second")
    return Rate(1, max(1, round(1 / per_second)), "second")


def worn_out(outgoing: Outgoing) -> bool:
    return outgoing.attempts + 1 >= MAX_ATTEMPTS or datetime.now(UTC) - outgoing.pending_since > MAX_AGE


def waiting_time(attempts: int, outcome: RetryAfter) -> float:
    """What the platform asks for, else twice as long each time; never just the same for all that wait."""
    jitter = random.uniform(0.75, 1.25)  # noqa: S311 - spreads retries, guards nothing
    if outcome.seconds is not None:
        return min(outcome.seconds + jitter, LONGEST_WAIT_SECONDS)
    return float(min(FIRST_WAIT_SECONDS * 2**attempts, LONGEST_WAIT_SECONDS) * jitter)


def _as_rejected(outcome: Outcome) -> Rejected:
    if isinstance(outcome, Rejected):
        return outcome
    reason = outcome.reason if isinstance(outcome, RetryAfter) else ""
    said = sentence(TOO_LONG_WHY, reason=reason) if reason else TOO_LONG
    return Rejected(said, "gave_up")
