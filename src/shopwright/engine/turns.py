"""One turn: a message in, a checked answer out.

Before: one short transaction loads the bot and stores the message. Between: nothing is held while models work.
After: one short transaction stores the answer, and only then it is said to be done.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.live import LiveBot, load_bot
from shopwright.conversations.store import OpenTurn, StoredAnswer, close_turn, open_turn
from shopwright.engine import replies
from shopwright.engine.events import Answer, CheckedText, Outcome, Step, TurnEvent
from shopwright.engine.gating import Gates
from shopwright.engine.trace import Trace
from shopwright.engine.writing import Draft, Writers
from shopwright.kit import metrics
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database
from shopwright.kit.ids import uuid7
from shopwright.kit.logs import get_logger
from shopwright.kit.notify import Announcer
from shopwright.kit.sentences import sentence
from shopwright.knowledge.search import Found, Searcher, Source
from shopwright.nlp.language import detect
from shopwright.tenants.providers import ModelFactory
from shopwright.tenants.settings import LiveSettings
from shopwright.understanding.rules import Decision

log = get_logger("shopwright.engine")
# An answer is written from so many. With twelve, one question of 206 of six shops was answered better, none worse.
PASSAGES = 6
FREE_USAGE: dict[str, Any] = {
    "prompt_tokens": 0,
    "completion_tokens": 0,
    "cost_minor": 0.0,
    "currency": "USD",
}
Check = Callable[[LiveBot], Awaitable[None]]
# Writes what belongs to an answer in the very transaction that stores it.
Also = Callable[[AsyncSession, OpenTurn, StoredAnswer], Awaitable[None]]


@dataclass(slots=True)
class OpenedTurn:
    """A turn whose message is stored and not answered yet."""

    bot: LiveBot
    text: str
    turn: OpenTurn
    language: str
    memory: int
    started: float
    trace: Trace
    also: Also | None = None


@dataclass(slots=True)
class _Result:
    """What the steps of a turn arrive at."""

    outcome: Outcome
    text: str
    citations: list[dict[str, Any]] = field(default_factory=list)
    usage: dict[str, Any] = field(default_factory=lambda: dict(FREE_USAGE))
    provider: str = "embedded"
    model: str = "none"
    blocks: list[dict[str, Any]] = field(default_factory=list)
    quick_replies: list[str] = field(default_factory=list)


def sources_of(bot: LiveBot) -> list[Source]:
    return [
        Source(s.dataset_id, s.priority, s.revision, s.passages, s.generation_id, s.embedding_model, s.dimensions)
        for s in bot.sources
    ]


def nearness(found: Found) -> float | None:
    """How alike the message and the nearest passage are in meaning, -1 to 1."""
    return max((passage.signals["meaning"] for passage in found.passages), default=None)


@dataclass(frozen=True, slots=True)
class Engine:
    """Takes turns. Holds caches only; any process can take any turn."""

    db: Database
    searcher: Searcher
    gates: Gates
    writers: Writers
    live_settings: LiveSettings
    announcer: Announcer

    @classmethod
    def build(
        cls,
        db: Database,
        searcher: Searcher,
        gates: Gates,
        models: ModelFactory,
        envelope: Envelope,
        live_settings: LiveSettings,
    ) -> "Engine":
        return cls(
            db, searcher, gates, Writers(searcher, models, envelope, live_settings), live_settings, Announcer(db)
        )

    async def open(
        self,
        tenant_id: UUID,
        bot_id: UUID,
        text: str,
        session_id: str,
        *,
        check: Check,
        metadata: dict[str, Any],
        client_key: str | None = None,
        context_limit: int | None = None,
        parts: Sequence[dict[str, Any]] = (),
        takes_over: bool = False,
        also: Also | None = None,
    ) -> OpenedTurn:
        """Load the bot, let `check` refuse, and store the message.

        Args:
            parts: what the message holds beside its text.
            takes_over: the caller knows that nobody else is still at work on this message.
            also: called in the transaction that stores the answer; what it raises leaves the answer unstored.

        Raises:
            NotFound: no such bot, or the session is another bot's.
        """
        started = time.perf_counter()
        spoken = detect(text)
        # Its vector is made while the database answers; a bot of another language makes its own.
        self.searcher.expect(text, spoken)
        async with self.db.tenant(tenant_id) as session, session.begin():
            bot = await load_bot(session, tenant_id, bot_id)
            await check(bot)
            turn = await open_turn(
                session, tenant_id, bot_id, session_id, text, metadata=metadata, client_key=client_key, parts=parts,
                takes_over=takes_over,
            )  # fmt: skip
        memory = bot.context.max_conversation_history
        memory = memory if context_limit is None else min(memory, context_limit)
        language = bot.settings.language or spoken
        trace = Trace(started)
        trace.mark("load")
        return OpenedTurn(bot, text, turn, language, memory, started, trace, also)

    async def answer(self, opened: OpenedTurn) -> Answer:
        """Take the turn and return the answer."""
        async for event in self.run(opened):
            if isinstance(event, Answer):
                return event
        msg = "a turn ends with an answer"
        raise RuntimeError(msg)

    async def run(self, opened: OpenedTurn) -> AsyncIterator[TurnEvent]:
        """Take the turn; text comes as soon as it is checked, the answer when it is stored."""
        if opened.turn.replay is not None:
            yield CheckedText(opened.turn.replay["answer"])
            timings = _timings(opened)
            yield Answer(session_id=opened.turn.session_id, timings_ms=timings, **opened.turn.replay)
            return
        shown = ""
        result: _Result | None = None
        async for event in self._steps(opened):
            if isinstance(event, _Result):
                result = event
                continue
            if isinstance(event, CheckedText):
                shown += event.text
            yield event
        if result is None:
            msg = "the steps of a turn end with a result"
            raise RuntimeError(msg)
        if len(result.text) > len(shown):
            yield CheckedText(result.text[len(shown) :])
        yield await self._store(opened, result)

    async def _steps(self, opened: OpenedTurn) -> AsyncIterator[TurnEvent | _Result]:
        bot, text, language, trace = opened.bot, opened.text, opened.language, opened.trace
        quick = await self.gates.quick(text, language, _offered_in(opened))
        trace.understood(language=language, quick=quick.kind if quick else None)
        if quick is not None:
            if quick.kind == "human":
                yield _Result("handoff", replies.handed_over(language, bot.settings.contact))
            else:
                suggestions = list(bot.settings.suggestions)
                yield _Result("answered", quick.reply, model="small_talk", quick_replies=suggestions)
            return
        yield Step("finding")
        found = await self._find(opened)
        trace.found(found)
        vector = await self.searcher.embed_message(text, language)
        history = [said.text for said in self._memory(opened)]
        # A search in the light of earlier messages says nothing about this one alone: then the gate asks for itself.
        near = None if history else nearness(found)
        draft = Draft(bot, text, language, self._memory(opened), found)
        decision = self._answered_anyway(draft, await self.gates.decide(bot, text, vector, language, near, history))
        trace.scope(decision)
        trace.mark("scope")
        if decision.action == "handoff":
            yield _Result("handoff", replies.handed_over(language, bot.settings.contact))
            return
        if decision.action == "refuse":
            yield _Result("refused", self.gates.refusal(bot, decision, language))
            return
        yield Step("writing", found.passages[0].title if found.passages else None)
        async for event in self._write(opened, draft):
            yield event

    def _answered_anyway(self, draft: Draft, decision: Decision) -> Decision:
        """What the documents surely answer is on topic, whatever it is like; not where the owner is strict."""
        strict = draft.bot.scope is not None and draft.bot.scope.strictness == "strict"
        if not decision.off_topic or strict or not self.writers.surely_answered(draft):
            return decision
        reason = sentence("The bot's own documents answer it. {reason}", reason=decision.reason)
        return replace(decision, action="allow", reason=reason)

    async def judge(self, bot: LiveBot, text: str) -> Decision:
        """Whether a message would be answered, and why; nothing is stored."""
        language = bot.settings.language or detect(text)
        found = await self.searcher.search(bot.tenant_id, sources_of(bot), text, limit=PASSAGES, language=language)
        vector = await self.searcher.embed_message(text, language)
        decision = await self.gates.decide(bot, text, vector, language, nearness(found))
        return self._answered_anyway(Draft(bot, text, language, (), found), decision)

    async def _find(self, opened: OpenedTurn) -> Found:
        history = [("user" if h.author == "contact" else "assistant", h.text) for h in self._memory(opened)]
        return await self.searcher.search(
            opened.bot.tenant_id,
            sources_of(opened.bot),
            opened.text,
            history=history,
            limit=PASSAGES,
            language=opened.language,
        )

    @staticmethod
    def _memory(opened: OpenedTurn) -> list[Any]:
        return opened.turn.history[-opened.memory :] if opened.memory else []

    async def _write(self, opened: OpenedTurn, draft: Draft) -> AsyncIterator[TurnEvent | _Result]:
        bot, language, trace = opened.bot, opened.language, opened.trace
        # Without passages there is nothing to write from, whoever writes.
        candidates = await self.writers.candidates(draft) if draft.found.passages else []
        if candidates:
            async for piece in self.writers.write_with_model(draft, candidates, trace):
                yield CheckedText(piece)
        if not draft.answered:
            self.writers.compose(draft, trace)
        trace.mark("write")
        if draft.answered and self.gates.allows_output(bot, draft.text):
            yield _Result(
                "answered",
                draft.text,
                draft.citations,
                draft.usage(),
                draft.provider_label,
                draft.model_label,
                draft.blocks,
            )
            return
        topics = bot.scope.allowed_topics if bot.scope else ()
        nearby = draft.nearby if draft.nearby and self.gates.allows_output(bot, draft.nearby) else ""
        text = replies.declined(
            language, bot.settings.fallback_behavior, bot.settings.contact, topics, draft.note, nearby
        )
        shown = f"{draft.shown}\n\n{text}" if draft.shown else text
        yield _Result(
            "declined",
            shown,
            draft.citations if nearby else [],
            draft.usage(),
            draft.provider_label,
            draft.model_label,
            quick_replies=replies.after_declined(
                language, bot.settings.fallback_behavior, topics, tuple(bot.settings.suggestions)
            ),
        )

    async def _store(self, opened: OpenedTurn, result: _Result) -> Answer:
        bot, turn, trace = opened.bot, opened.turn, opened.trace
        audit = await self.live_settings.audit_logging()
        message_id = uuid7()
        total_ms = round((time.perf_counter() - opened.started) * 1000, 2)
        trace.spent(result.usage, result.provider, result.model)
        stored = StoredAnswer(
            message_id=message_id, text=result.text, outcome=result.outcome, citations=result.citations,
            usage=result.usage, provider=result.provider, model=result.model, language=opened.language,
            total_ms=total_ms,
            trace=trace.as_json(texts=audit.log_conversations, retrieval=audit.log_knowledge_retrieval),
            blocks=result.blocks, quick_replies=result.quick_replies,
        )  # fmt: skip
        async with self.db.tenant(bot.tenant_id) as session, session.begin():
            await close_turn(session, bot.tenant_id, bot.id, turn, stored)
            if opened.also is not None:
                await opened.also(session, turn, stored)
        self.announcer.soon(
            bot.tenant_id, "conversation", id=turn.conversation_id, bot_id=bot.id,
            status="handoff" if result.outcome == "handoff" else turn.status,
        )  # fmt: skip
        metrics.turns.labels(result.outcome, result.provider).inc()
        metrics.turn_seconds.observe(total_ms / 1000)
        structlog.contextvars.bind_contextvars(turn_id=str(message_id))
        log.info(
            "turn", tenant=str(bot.tenant_id), bot=str(bot.id), turn=str(message_id), outcome=result.outcome,
            provider=result.provider, ms=total_ms,
        )  # fmt: skip
        structlog.contextvars.unbind_contextvars("turn_id")
        return Answer(
            turn.session_id, message_id, result.text, result.outcome, result.citations, result.usage,
            _timings(opened), result.blocks, result.quick_replies,
        )  # fmt: skip


def _timings(opened: OpenedTurn) -> dict[str, float]:
    total = round((time.perf_counter() - opened.started) * 1000, 2)
    return {**opened.trace.timings_ms, "total": total}


def _offered_in(opened: OpenedTurn) -> str | None:
    """The language in which the last answer offered a person: then a bare "yes" asks for one."""
    last = opened.turn.history[-1] if opened.turn.history else None
    if last is None or last.author != "bot" or last.outcome != "declined":
        return None
    return replies.language_of_offer(last.text)
