"""The gate in front of a bot: which messages it answers, refuses, or hands to an operator."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopwright.kit.sentences import sentence
from shopwright.nlp.embedding import Embedder
from shopwright.understanding import thresholds as at
from shopwright.understanding.escalation import Triggers, escalation, prepare
from shopwright.understanding.human import wants_human
from shopwright.understanding.injection import detect_injection
from shopwright.understanding.reference import reference
from shopwright.understanding.rules import Action, Decision, ScopeRules
from shopwright.understanding.safety import asks_for_others_data, detect_danger, sounds_harmless
from shopwright.understanding.sides import Sides, build_sides
from shopwright.understanding.similarity import margin
from shopwright.understanding.small_talk import small_talk
from shopwright.understanding.text import count_words, mentions, plain

DANGER_NEIGHBOURS = 5
INJECTION_NEIGHBOURS = 3
FORBIDDEN_NEIGHBOURS = 3

PERSONAL_DATA = "personal_data"

DANGEROUS = sentence("Asks for something dangerous ({topic}), which is refused in every scope.")
INSTRUCTING = sentence("Tries to change or reveal the bot's instructions: it {sign}.")
FORBIDDEN = sentence("Close to the forbidden topic '{topic}'.")


@dataclass(frozen=True, slots=True)
class _Message:
    """What is known of one message while it is judged."""

    text: str
    plain: str
    vector: NDArray[np.float32]
    language: str | None
    likeness: NDArray[np.float32]
    signals: dict[str, float]

    @property
    def limits(self) -> at.Thresholds:
        return at.thresholds(self.language)

    def decision(self, action: Action, reason: str, topic: str | None = None, score: float = 1.0) -> Decision:
        return Decision(action, reason, topic, score, self.signals)


@dataclass(frozen=True, slots=True)
class TopicGate:
    """Decides about messages by the owner's rules.

    Built once for a revision of a bot; safe to share between tasks. It holds little: the catalogue's
    vectors are shared by all gates of a process.
    """

    rules: ScopeRules
    sides: Sides
    triggers: Triggers

    @classmethod
    async def build(
        cls,
        rules: ScopeRules,
        embedder: Embedder,
        *,
        knowledge_vectors: NDArray[np.float32] | None = None,
        knowledge_titles: Sequence[str] = (),
        examples: Sequence[tuple[str, bool]] = (),
        cache_dir: Path | None = None,
    ) -> "TopicGate":
        """Prepare a gate.

        Args:
            rules: the owner's settings.
            embedder: must be the one that embeds the questions.
            knowledge_vectors: passages of the bot's knowledge, shape `(n, dimensions)`; a sample of
                some hundred will do. What the knowledge is about is never off topic.
            knowledge_titles: titles of its documents; forty of them count as messages on topic.
            examples: messages the owner has judged, True for "answer this".
            cache_dir: where the catalogue's vectors are kept between starts (the folder of the models).
        """
        await asyncio.to_thread(_warm_up)
        ref = await reference(embedder, cache_dir)
        sides = await build_sides(
            rules, ref, embedder, passages=knowledge_vectors, titles=knowledge_titles, examples=examples
        )
        return cls(rules, sides, await prepare(rules.escalation_triggers, ref, embedder))

    def decide(
        self,
        text: str,
        vector: NDArray[np.float32],
        language: str | None,
        *,
        retrieval_score: float | None = None,
        history: Sequence[str] = (),
    ) -> Decision:
        """Decide about one message. No input or output.

        What comes first wins: attacks and dangers, the owner's own examples, escalation triggers, forbidden
        topics, and last whether the message is on topic, as strictly as the rules say.

        Args:
            text: the customer's message.
            vector: its embedding as a query, shape `(dimensions,)`.
            language: the message's language, the one that `vector` was embedded with.
            retrieval_score: likeness of the best passage found, on the scale of
                `Embedder.embed_queries`, when the search has been made already; without it the gate's
                sample of the knowledge is asked.
            history: earlier messages of the conversation; with any, a short follow-up is judged with
                more patience.
        """
        likeness = self.sides.likeness(vector)
        signals = self._signals(vector, likeness, retrieval_score)
        message = _Message(text, plain(text), vector, language, likeness, signals)
        return (
            self._attack(message)
            or self._judged(message)
            or self._trigger(message)
            or self._forbidden(message)
            or self._scope(message, followed=bool(history))
        )

    def _signals(
        self, vector: NDArray[np.float32], likeness: NDArray[np.float32], retrieval: float | None
    ) -> dict[str, float]:
        sides = self.sides
        signals = {
            "scope": margin(likeness, sides.on, sides.off),
            "danger": margin(likeness, sides.danger, sides.innocent, DANGER_NEIGHBOURS),
            "injection": margin(likeness, sides.injection, sides.innocent, INJECTION_NEIGHBOURS),
        }
        if len(sides.forbidden):
            signals["forbidden"] = margin(likeness, sides.forbidden, sides.permitted, FORBIDDEN_NEIGHBOURS)
        if retrieval is None and len(sides.passages):
            retrieval = float((sides.passages @ vector).max())
        if retrieval is not None:
            signals["retrieval"] = retrieval
        return signals

    def _attack(self, message: _Message) -> Decision | None:
        found = detect_danger(message.text)
        danger_ahead = message.signals["danger"] - message.limits.danger
        if found is not None:
            return self._dangerous(message, self.sides.reference.by_id[found.topic].title, 1.0)
        attack = detect_injection(message.text)
        if attack is not None:
            return message.decision("refuse", sentence(INSTRUCTING, sign=attack.signs[0]), score=attack.score)
        if danger_ahead > 0 and not sounds_harmless(message.plain):
            title, _ = self.sides.nearest_topic(message.likeness, self.sides.danger)
            return self._dangerous(message, title, danger_ahead)
        instructing_ahead = message.signals["injection"] - message.limits.injection
        if instructing_ahead > 0:
            reason = sentence(INSTRUCTING, sign=sentence("is close to known attempts"))
            return message.decision("refuse", reason, score=instructing_ahead)
        return None

    def _dangerous(self, message: _Message, title: str, score: float) -> Decision:
        if title == self.sides.reference.by_id["self_harm"].title:
            message.signals["self_harm"] = 1.0
        return message.decision("refuse", sentence(DANGEROUS, topic=title), title, score)

    def _judged(self, message: _Message) -> Decision | None:
        verdict = self.sides.judged.get(message.plain)
        if verdict is None:
            return None
        return message.decision(
            "allow" if verdict else "refuse", sentence("You judged this very message in your examples.")
        )

    def _trigger(self, message: _Message) -> Decision | None:
        shared = message.likeness[: len(self.sides.reference.texts)]
        name = escalation(message.text, message.vector, self.triggers, message.language, shared)
        if name is None:
            return None
        return message.decision("handoff", sentence("Sets off your escalation trigger '{topic}'.", topic=name), name)

    def _forbidden(self, message: _Message) -> Decision | None:
        sides = self.sides
        for name in sides.banned_words:
            if mentions(message.plain, plain(name)):
                return message.decision("refuse", sentence(FORBIDDEN, topic=name), name)
        named = np.flatnonzero(sides.banned_vectors @ message.vector >= sides.banned_from)
        if len(named):
            name = sides.banned_names[int(named[0])]
            return message.decision("refuse", sentence(FORBIDDEN, topic=name), name)
        if PERSONAL_DATA in sides.forbidden_topics and asks_for_others_data(message.plain):
            name = sides.owners_names[PERSONAL_DATA]
            return message.decision("refuse", sentence(FORBIDDEN, topic=name), name)
        ahead = message.signals.get("forbidden", -1.0) - message.limits.forbidden
        if ahead <= 0:
            return None
        name, _ = sides.nearest_topic(message.likeness, sides.forbidden)
        return message.decision("refuse", sentence(FORBIDDEN, topic=name), name, ahead)

    def _scope(self, message: _Message, *, followed: bool) -> Decision:
        if self.rules.strictness == "lenient":
            return message.decision("allow", sentence("Nothing forbidden or dangerous in it."), score=0.0)
        length = count_words(message.plain)
        if length == 0 or small_talk(message.text, message.language) is not None:
            return message.decision("allow", sentence("Small talk, or too short to judge."), score=0.0)
        retrieval = message.signals.get("retrieval", -1.0)
        if retrieval >= at.RETRIEVAL_ANSWERS:
            score = retrieval - at.RETRIEVAL_ANSWERS
            return message.decision("allow", sentence("The bot's own knowledge covers it."), score=score)
        score = self._on_topic(message, length, retrieval, followed=followed)
        if score >= 0:
            name, _ = self.sides.nearest_topic(message.likeness, self.sides.on)
            return message.decision("allow", sentence("Close to the topic '{topic}'.", topic=name), name, score)
        name, example = self.sides.nearest_topic(message.likeness, self.sides.off)
        reason = sentence("Off topic: closest to '{topic}' (like \"{example}\").", topic=name, example=example)
        return replace(message.decision("refuse", reason, name, -score), off_topic=True)

    def _on_topic(self, message: _Message, length: int, retrieval: float, *, followed: bool) -> float:
        """How far inside the scope a message is; negative is outside."""
        strict = self.rules.strictness == "strict"
        score = message.signals["scope"] - (message.limits.on_topic if strict else message.limits.off_topic)
        score += at.RETRIEVAL_WEIGHT * max(0.0, retrieval - at.RETRIEVAL_FROM)
        if followed and length <= at.FOLLOW_UP_WORDS:
            return score + at.FOLLOW_UP_ROOM
        if length <= at.FEW_WORDS and not strict:
            return score + at.FEW_WORDS_ROOM
        return score


def _warm_up() -> None:
    """Compile the rules' expressions now, not while the first customer waits."""
    detect_danger("")
    detect_injection("")
    wants_human("", None)
    small_talk("-", None)
