"""A bot's gates, built once and kept until the bot or its knowledge changes."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from shopwright.bots.live import LiveBot
from shopwright.kit.db import Database
from shopwright.kit.logs import get_logger
from shopwright.nlp.embedding import Embedder
from shopwright.understanding.gate import TopicGate
from shopwright.understanding.human import accepts, wants_human
from shopwright.understanding.output import check_output
from shopwright.understanding.refusals import refusal_text
from shopwright.understanding.rules import Decision, ScopeRules
from shopwright.understanding.small_talk import small_talk

log = get_logger("shopwright.engine")
MAX_GATES = 500
KNOWLEDGE_SAMPLE = 400
REBUILD_SECONDS = 30.0
DEFAULT_RULES = ScopeRules()

_SAMPLE = sa.text(
    "select halfvec_send(v.embedding) as embedding from chunk_vectors v where v.tenant_id = :tenant"
    " and v.generation_id = any(:generations) and v.dimensions = :dimensions"
    " order by md5(cast(v.chunk_id as text)) limit :sample"
)


@dataclass(frozen=True, slots=True)
class Quick:
    """A message that needs no documents: a wish for a person, or a greeting with its reply."""

    kind: Literal["human", "small_talk"]
    reply: str = ""


@dataclass(slots=True)
class _Kept:
    gate: TopicGate
    revision: int
    knowledge: int
    built_at: float


def rules_of(bot: LiveBot) -> ScopeRules:
    scope = bot.scope
    if scope is None:
        return DEFAULT_RULES
    return ScopeRules(
        allowed_topics=scope.allowed_topics,
        forbidden_topics=scope.forbidden_topics,
        strictness=scope.strictness,  # type: ignore[arg-type]
        escalation_triggers=tuple(scope.context.escalation_triggers),
        refusal_message=scope.refusal_message,
    )


class Gates:
    """Decides whether a message is for this bot."""

    def __init__(self, db: Database, embedder: Embedder, cache_dir: Path | None) -> None:
        self._db, self._embedder, self._cache_dir = db, embedder, cache_dir
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._locks: dict[UUID, asyncio.Lock] = {}

    async def quick(self, text: str, language: str, offered_in: str | None = None) -> Quick | None:
        """What can be said at once, without looking into documents.

        `offered_in` is the language in which the last answer offered a person.
        """
        if wants_human(text, language) or (offered_in is not None and accepts(text, offered_in)):
            return Quick("human")
        reply = small_talk(text, language)
        return Quick("small_talk", reply) if reply else None

    async def decide(
        self,
        bot: LiveBot,
        text: str,
        vector: NDArray[np.float32],
        language: str,
        retrieval_score: float | None,
        history: Sequence[str] = (),
    ) -> Decision:
        gate = await self.gate_of(bot)
        return gate.decide(text, vector, language, retrieval_score=retrieval_score, history=history)

    @staticmethod
    def refusal(bot: LiveBot, decision: Decision, language: str) -> str:
        rules = rules_of(bot)
        return refusal_text(decision, rules.refusal_message, language, bot.name, rules.allowed_topics)

    def allows_output(self, bot: LiveBot, text: str) -> bool:
        """The same rules over what the bot is about to say."""
        return check_output(text, rules_of(bot)).action == "allow"

    async def gate_of(self, bot: LiveBot) -> TopicGate:
        """The gate of a bot as it is now; while documents stream in, one that is half a minute old."""
        knowledge = sum(source.revision for source in bot.sources)
        kept = self._kept.get(bot.id)
        if kept is not None and self._fresh(kept, bot, knowledge):
            self._kept.move_to_end(bot.id)
            return kept.gate
        async with self._locks.setdefault(bot.id, asyncio.Lock()):
            kept = self._kept.get(bot.id)
            if kept is None or not self._fresh(kept, bot, knowledge):
                kept = _Kept(await self._build(bot), bot.revision, knowledge, time.monotonic())
                self._kept[bot.id] = kept
        while len(self._kept) > MAX_GATES:
            gone, _ = self._kept.popitem(last=False)
            self._locks.pop(gone, None)
        return kept.gate

    @staticmethod
    def _fresh(kept: _Kept, bot: LiveBot, knowledge: int) -> bool:
        if kept.revision != bot.revision:
            return False
        return kept.knowledge == knowledge or time.monotonic() - kept.built_at < REBUILD_SECONDS

    async def _build(self, bot: LiveBot) -> TopicGate:
        return await TopicGate.build(
            rules_of(bot),
            self._embedder,
            knowledge_vectors=await self._knowledge(bot),
            examples=bot.scope.examples if bot.scope else (),
            cache_dir=self._cache_dir,
        )

    async def _knowledge(self, bot: LiveBot) -> NDArray[np.float32] | None:
        """A sample of what the bot knows, the same for the same knowledge."""
        if not bot.sources:
            return None
        async with self._db.tenant(bot.tenant_id) as session, session.begin():
            rows = await session.scalars(
                _SAMPLE,
                {
                    "tenant": bot.tenant_id,
                    "generations": [source.generation_id for source in bot.sources],
                    "dimensions": self._embedder.dimensions,
                    "sample": KNOWLEDGE_SAMPLE,
                },
            )
            # Two numbers of 16 bits (dimensions, flags), then half floats, all with the high byte first.
            vectors = [np.frombuffer(row, ">f2", offset=4).astype(np.float32) for row in rows]
        return np.stack(vectors) if vectors else None
