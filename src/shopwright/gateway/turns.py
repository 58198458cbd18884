"""From inbox to outbox: a thread's new messages get one answer, stored with its way out in one transaction.

A worker may die anywhere. Which messages are answered together is written down before the answer is made; the answer,
the end of those messages and the job that sends it are one commit; and who was thought dead and comes back finds that
its claim is an old one, and stores nothing.
"""

import asyncio
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.live import LiveBot
from shopwright.channels.port import Address, ApiCall, OutboundMessage
from shopwright.conversations.models import Conversation
from shopwright.conversations.store import OpenTurn, StoredAnswer, close_turn, open_turn
from shopwright.deployments.live import by_id
from shopwright.engine.turns import FREE_USAGE
from shopwright.gateway.again import sources_of
from shopwright.gateway.changes import note_changes
from shopwright.gateway.claiming import MAX_CLAIMS, Claimed, claim, give_up, waiting_rows
from shopwright.gateway.media import media_of, note_media
from shopwright.gateway.models import Inbound, Outbound, Thread
from shopwright.gateway.phrases import change_unseen, only_text
from shopwright.gateway.services import Gateway, defer_send, defer_turn
from shopwright.gateway.stored import event_json
from shopwright.kit.errors import AppError, NotFound
from shopwright.kit.failpoints import failpoint
from shopwright.kit.ids import uuid7
from shopwright.kit.logs import get_logger
from shopwright.kit.rates import Rate
from shopwright.kit.sentences import sentence

log = get_logger("shopwright.gateway")
TYPING_SECONDS = 3


class Superseded(Exception):
    """Another worker has taken these messages meanwhile."""


class SwitchedOff(AppError):
    """The bot is switched off; switch it on and replay the message."""

    status, code = 409, "bot_switched_off"


class TooFast(Exception):
    """The bot's limit is used up; `seconds` says when to come back."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


async def take_turn(gateway: Gateway, *, tenant_id: str, thread_id: str, **_: Any) -> None:
    """Answer what is new in a thread; what came meanwhile gets a turn of its own."""
    tenant, thread = UUID(tenant_id), UUID(thread_id)
    claimed = await _claim(gateway, tenant, thread)
    if claimed is None:
        return
    failpoint("gateway.claimed")
    try:
        if claimed.text:
            await _answer(gateway, claimed)
        else:
            await _say_what_is_read(gateway, claimed)
    except TooFast as wait:
        await _put_back(gateway, claimed, wait.seconds)
    except Superseded:
        log.warning("turn_superseded", turn=str(claimed.turn_key))
    except NotFound:
        await _bury(gateway, claimed, sentence("The bot is not there any more."))
    except AppError as exc:
        if exc.status >= 500 and claimed.claim < MAX_CLAIMS:
            raise
        await _bury(gateway, claimed, exc.message)
    failpoint("gateway.answered")


async def _claim(gateway: Gateway, tenant_id: UUID, thread_id: UUID) -> Claimed | None:
    async with gateway.db.tenant(tenant_id) as session, session.begin():
        rows = await waiting_rows(session, tenant_id, thread_id)
        if not rows:
            return None
        deployment = await by_id(session, gateway.envelope, tenant_id, rows[0].deployment_id)
        if deployment is None:
            give_up(rows, sentence("The account that owns the bot is switched off."))
            return None
        changed = await note_changes(session, deployment, rows)
        claimed = await claim(session, deployment, rows)
        if any(row.state == "new" and (claimed is None or row.turn_key != claimed.turn_key) for row in rows):
            await defer_turn(session, tenant_id, thread_id, 0)
        dead = any(row.state == "dead" for row in rows)
    for conversation_id in changed:
        gateway.tell(deployment, conversation_id)
    if dead:
        gateway.tell(deployment, dead=True)
    return claimed


async def _answer(gateway: Gateway, claimed: Claimed) -> None:
    stored = False

    async def also(session: AsyncSession, turn: OpenTurn, answer: StoredAnswer) -> None:
        nonlocal stored
        await close(session, claimed, turn.conversation_id, answer)
        failpoint("gateway.before_commit")
        stored = True

    async def check(bot: LiveBot) -> None:
        await _check(gateway, bot)

    tenant_id = claimed.deployment.tenant_id
    opened = await gateway.engine.open(
        tenant_id, claimed.deployment.bot_id, claimed.text, claimed.thread.session_id, check=check,
        metadata=_about(claimed), client_key=str(claimed.turn_key), parts=_parts(claimed), takes_over=True, also=also,
    )  # fmt: skip
    failpoint("gateway.opened")
    typing = asyncio.create_task(_show_typing(gateway, claimed))
    try:
        answer = await gateway.engine.answer(opened)
    finally:
        await typing
    if not stored:  # it was answered before, and only its way out is missing
        kept = StoredAnswer(
            answer.message_id, answer.answer, answer.outcome, answer.citations, answer.usage, "", "", opened.language, 0
        )
        async with gateway.db.tenant(tenant_id) as session, session.begin():
            await close(session, claimed, opened.turn.conversation_id, kept)


async def _say_what_is_read(gateway: Gateway, claimed: Claimed) -> None:
    """A picture, a voice note or a change that cannot be seen gets a polite answer; no model is asked."""
    deployment = claimed.deployment
    if not deployment.bot_is_active:
        raise SwitchedOff
    said = change_unseen if claimed.changed else only_text
    answer = StoredAnswer(
        uuid7(), said(claimed.language), "declined", [], dict(FREE_USAGE), "embedded", "none", claimed.language, 0
    )
    async with gateway.db.tenant(deployment.tenant_id) as session, session.begin():
        turn = await open_turn(
            session, deployment.tenant_id, deployment.bot_id, claimed.thread.session_id, "", metadata=_about(claimed),
            client_key=str(claimed.turn_key), parts=_parts(claimed), takes_over=True,
        )  # fmt: skip
    # As with the engine: a transaction of its own, so that the answer is younger than what it answers.
    async with gateway.db.tenant(deployment.tenant_id) as session, session.begin():
        await close_turn(session, deployment.tenant_id, deployment.bot_id, turn, answer)
        await close(session, claimed, turn.conversation_id, answer)
    gateway.tell(deployment, turn.conversation_id)


async def _show_typing(gateway: Gateway, claimed: Claimed) -> None:
    """Mark what came as read, and say that an answer is being written. A courtesy: nothing depends on it."""
    deployment, to = claimed.deployment, Address(claimed.thread.thread, claimed.thread.route)
    try:
        channel = await gateway.platforms.signed_in(deployment)
        calls: list[ApiCall] = []
        for call in (*(channel.mark_read(to, m.external_id) for m in claimed.messages), channel.typing(to)):
            if call is not None and call not in calls:
                calls.append(call)
        async with asyncio.timeout(TYPING_SECONDS):
            for call in calls:
                await gateway.platforms.call(channel, call)
    except (AppError, TimeoutError) as exc:
        log.info("typing_not_shown", kind=type(exc).__name__)


def _about(claimed: Claimed) -> dict[str, Any]:
    about = {"channel": claimed.deployment.channel, "deployment_id": str(claimed.deployment.id)}
    return {**about, "lab": True} if claimed.deployment.lab else about


async def _check(gateway: Gateway, bot: LiveBot) -> None:
    """Let a turn begin; the bot's limits make it wait, they drop nothing."""
    if not bot.is_active:
        raise SwitchedOff
    for rate in (Rate(bot.rate_limit_per_second, 1, "second"), Rate(bot.rate_limit_per_minute, 60, "minute")):
        wait = await gateway.limiter.take(f"bot|{bot.id}", rate)
        if wait is not None:
            raise TooFast(wait)


async def close(session: AsyncSession, claimed: Claimed, conversation_id: UUID, answer: StoredAnswer) -> None:
    """End the messages of a turn and give its answer its way out, in the transaction of the answer.

    Raises:
        Superseded: another worker has taken them meanwhile; nothing of this may be stored.
    """
    tenant_id = claimed.deployment.tenant_id
    ended = await session.execute(
        sa.update(Inbound)
        .where(
            Inbound.tenant_id == tenant_id, Inbound.turn_key == claimed.turn_key, Inbound.claim == claimed.claim,
            Inbound.state == "new",
        )
        .values(state="done", event=None, conversation_id=conversation_id)
    )  # fmt: skip
    if not isinstance(ended, CursorResult) or ended.rowcount != claimed.rows:
        raise Superseded
    message = OutboundMessage(
        key=str(answer.message_id), text=answer.text, sources=sources_of(answer.citations), language=answer.language
    )
    await session.execute(
        insert(Outbound)
        .values(
            tenant_id=tenant_id, id=answer.message_id, deployment_id=claimed.deployment.id,
            thread_id=claimed.thread.id, conversation_id=conversation_id, message=event_json(message),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
    )  # fmt: skip
    await session.execute(
        sa.update(Thread)
        .where(Thread.tenant_id == tenant_id, Thread.id == claimed.thread.id)
        .values(conversation_id=conversation_id, language=answer.language, choices=event_json(message)["choices"])
    )
    await session.execute(
        sa.update(Conversation)
        .where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        .values(contact_id=claimed.thread.contact_id)
    )
    await note_media(session, claimed, conversation_id)
    await defer_send(session, tenant_id, claimed.thread.id)


def _parts(claimed: Claimed) -> list[dict[str, Any]]:
    """What came beside the text, as the conversation keeps it."""
    places = [asdict(m.location) for m in claimed.messages if m.location is not None]
    return [
        *({"type": "attachment", "id": str(id_), "kind": a.kind, "name": a.name} for id_, a in media_of(claimed)),
        *({"type": "location", **place} for place in places),
        *({"type": "changed"} for message in claimed.messages if message.changed),
    ]


async def _put_back(gateway: Gateway, claimed: Claimed, seconds: float) -> None:
    """Try again later; that was no try."""
    tenant_id = claimed.deployment.tenant_id
    async with gateway.db.tenant(tenant_id) as session, session.begin():
        await session.execute(
            sa.update(Inbound)
            .where(
                Inbound.tenant_id == tenant_id, Inbound.turn_key == claimed.turn_key, Inbound.claim == claimed.claim
            )
            .values(claim=claimed.claim - 1)
        )  # fmt: skip
        await defer_turn(session, tenant_id, claimed.thread.id, seconds)


async def _bury(gateway: Gateway, claimed: Claimed, reason: str) -> None:
    tenant_id = claimed.deployment.tenant_id
    async with gateway.db.tenant(tenant_id) as session, session.begin():
        await session.execute(
            sa.update(Inbound)
            .where(
                Inbound.tenant_id == tenant_id, Inbound.turn_key == claimed.turn_key, Inbound.claim == claimed.claim,
                Inbound.state == "new",
            )
            .values(state="dead", reason=reason)
        )  # fmt: skip
    gateway.tell(claimed.deployment, dead=True)
