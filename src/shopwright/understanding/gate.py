"""The gate in front of a bot: which messages it answers, refuses, or hands to an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding import thresholds as at
from shopwright.understanding.escalation import Triggers, escalation, prepare
from shopwright.understanding.injection import detect_injection
from shopwright.understanding.reference import reference, view_of
from shopwright.understanding.rules import Decision, ScopeRules
from shopwright.understanding.safety import detect_danger, sounds_harmless
from shopwright.understanding.sides import Sides, build_sides
from shopwright.understanding.similarity import margin
from shopwright.understanding.small_talk import small_talk
from shopwright.understanding.text import count_words, mentions, plain

DANGER_NEIGHBOURS = 5
INJECTION_NEIGHBOURS = 3
FORBIDDEN_NEIGHBOURS = 3

DANGEROUS = "Asks for something dangerous ({}), which is refused in every scope."
INSTRUCTING = "Tries to change or reveal the bot's instructions ({})."
FORBIDDEN = "Close to the forbidden topic '{}'."


@dataclass(frozen=True, slots=True)
class TopicGate:
    """Decides about messages by the owner's rules.

    Built once for a revision of a bot; safe to share between tasks. It holds little: the catalogue's vectors are
    shared by all gates of a process.
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
            knowledge_vectors: passages of the bot's knowledge, shape `(n, dimensions)`; a sample of some hundred
                will do. What the knowledge is about is never off topic.
            knowledge_titles: titles of its documents; forty of them count as messages on topic.
            examples: messages the owner has judged, True for "answer this".
            cache_dir: where the catalogue's vectors are kept between starts (the folder of the models).
        """
        ref = await reference(embedder, cache_dir)
        sides = await build_sides(rules, ref, embedder, knowledge_vectors, knowledge_titles, examples)
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

        What comes first wins: attacks and dangers, the owner's own examples, escalation triggers, forbidden topics,
        and last whether the message is on topic, as strictly as the rules say.

        Args:
            text: the customer's message.
            vector: its embedding as a query, shape `(dimensions,)`.
            language: the one that `vector` was embedded with.
            retrieval_score: likeness of the best passage found, on the scale of `Embedder.embed_queries`, when the
                search has been made already; without it the gate's sample of the knowledge is asked.
            history: earlier messages of the conversation; with any, a short follow-up is judged with more patience.
        """
        message = plain(text)
        view = view_of(language)
        likeness = self.sides.likeness(vector, view)
        signals = self._signals(vector, likeness, view, retrieval_score)
        decision = self._attack(text, message, view, likeness, signals)
        if decision is None and message in self.sides.judged:
            action = "allow" if self.sides.judged[message] else "refuse"
            return Decision(action, "You judged this very message in your examples.", None, 1.0, signals)
        decision = decision or self._trigger(text, vector, language, likeness, signals)
        decision = decision or self._forbidden(message, view, likeness, signals)
        return decision or self._scope(text, message, language, likeness, signals, history)

    def _signals(
        self, vector: NDArray[np.float32], likeness: NDArray[np.float32], view: str, retrieval: float | None
    ) -> dict[str, float]:
        side = self.sides.views[view]
        on = side.allowed if self.rules.strictness == "strict" else np.concatenate([side.allowed, side.neutral])
        off = np.concatenate([side.off, side.neutral]) if self.rules.strictness == "strict" else side.off
        others = np.setdiff1d(side.innocent, side.forbidden, assume_unique=True)
        if retrieval is None and self.sides.passages is not None and len(self.sides.passages):
            retrieval = float((self.sides.passages @ vector).max())
        signals = {
            "scope": margin(likeness, on, off),
            "danger": margin(likeness, side.danger, side.innocent, DANGER_NEIGHBOURS),
            "injection": margin(likeness, side.injection, side.innocent, INJECTION_NEIGHBOURS),
        }
        if len(side.forbidden):
            signals["forbidden"] = margin(likeness, side.forbidden, others, FORBIDDEN_NEIGHBOURS)
        if retrieval is not None:
            signals["retrieval"] = retrieval
        return signals

    def _attack(
        self, text: str, message: str, view: str, likeness: NDArray[np.float32], signals: dict[str, float]
    ) -> Decision | None:
        limits = at.THRESHOLDS[view]
        danger = detect_danger(text)
        if danger is not None:
            topic = self.sides.reference.topic(danger.topic)
            if topic.id == "self_harm":
                signals["self_harm"] = 1.0
            return Decision("refuse", DANGEROUS.format(topic.title), topic.title, 1.0, signals)
        attack = detect_injection(text)
        if attack is not None:
            return Decision("refuse", INSTRUCTING.format(attack.signs[0]), None, attack.score, signals)
        side = self.sides.views[view]
        if signals["danger"] > limits.danger and not sounds_harmless(message):
            name, _ = self.sides.best(likeness, side.danger, view)
            over = signals["danger"] - limits.danger
            if name == self.sides.reference.topic("self_harm").title:
                signals["self_harm"] = 1.0
            return Decision("refuse", DANGEROUS.format(name), name, over, signals)
        if signals["injection"] > limits.injection:
            over = signals["injection"] - limits.injection
            return Decision("refuse", INSTRUCTING.format("close to known attempts"), None, over, signals)
        return None

    def _trigger(
        self,
        text: str,
        vector: NDArray[np.float32],
        language: str | None,
        likeness: NDArray[np.float32],
        signals: dict[str, float],
    ) -> Decision | None:
        shared = likeness[: self.sides.shared(view_of(language))]
        name = escalation(text, vector, self.triggers, language, shared)
        if name is None:
            return None
        return Decision("handoff", f"Sets off your escalation trigger '{name}'.", name, 1.0, signals)

    def _forbidden(
        self, message: str, view: str, likeness: NDArray[np.float32], signals: dict[str, float]
    ) -> Decision | None:
        for name in self.sides.unknown_forbidden:
            if mentions(message, name):
                return Decision("refuse", FORBIDDEN.format(name), name, 1.0, signals)
        side, limit = self.sides.views[view], at.THRESHOLDS[view].forbidden
        ahead = signals.get("forbidden", -1.0) - limit
        if ahead > 0:
            name, _ = self.sides.best(likeness, side.forbidden, view)
            return Decision("refuse", FORBIDDEN.format(name), name, ahead, signals)
        return None

    def _scope(
        self,
        text: str,
        message: str,
        language: str | None,
        likeness: NDArray[np.float32],
        signals: dict[str, float],
        history: Sequence[str],
    ) -> Decision:
        view, strict = view_of(language), self.rules.strictness == "strict"
        side, limits = self.sides.views[view], at.THRESHOLDS[view]
        retrieval = signals.get("retrieval", -1.0)
        if self.rules.strictness == "lenient":
            return Decision("allow", "Nothing forbidden or dangerous in it.", None, 0.0, signals)
        length = count_words(message)
        if length == 0 or small_talk(text, language) is not None:
            return Decision("allow", "Small talk, or too short to judge.", None, 0.0, signals)
        if retrieval >= at.RETRIEVAL_ANSWERS:
            return Decision("allow", "The bot's own knowledge covers it.", None, retrieval, signals)
        score = signals["scope"] - (limits.on_topic if strict else limits.off_topic)
        score += at.RETRIEVAL_WEIGHT * max(0.0, retrieval - at.RETRIEVAL_FROM)
        if history and length <= at.FOLLOW_UP_WORDS:
            score += at.FOLLOW_UP_ROOM
        elif length <= at.FEW_WORDS and not strict:
            score += at.FEW_WORDS_ROOM
        if score >= 0:
            name, _ = self.sides.best(likeness, np.concatenate([side.allowed, side.neutral]), view)
            return Decision("allow", f"Close to the topic '{name}'.", name, score, signals)
        rows = np.concatenate([side.off, side.neutral]) if strict else side.off
        name, example = self.sides.best(likeness, rows, view)
        return Decision(
            "refuse", f"Off topic: closest to '{name}' (like \"{example}\").", name, -score, signals
        )
