"""The two writers behind one draft: a language model whose sentences are checked, and the composer that quotes."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from shopwright.answering.asked import understand
from shopwright.answering.citations import Citation
from shopwright.answering.extractive import Composition, compose
from shopwright.answering.guard import AnswerGuard
from shopwright.answering.products import product_blocks
from shopwright.answering.prompt import NOTHING_FOUND, Persona, build_request
from shopwright.bots.live import LiveBot, LiveProvider
from shopwright.conversations.store import Said
from shopwright.engine.replies import LANGUAGE_NAMES
from shopwright.engine.trace import Trace
from shopwright.kit import metrics
from shopwright.kit.crypto import CannotDecrypt, Envelope, Place
from shopwright.kit.logs import get_logger
from shopwright.knowledge.search import Found, Searcher
from shopwright.llm.breaker import CircuitBreakers
from shopwright.llm.calling import CallReport, Candidate, StreamCut, stream_with_fallback
from shopwright.llm.port import ChatMessage, Credentials, Finished, ProviderError, TextDelta
from shopwright.llm.profiles import cost_minor
from shopwright.llm.registry import fingerprint, prepare
from shopwright.nlp.lexical import analyze
from shopwright.tenants.providers import ModelFactory, global_credentials, shares_global_key
from shopwright.tenants.settings import LiveSettings

log = get_logger("shopwright.engine")
# A message of fewer words than this is read together with the question before it.
SHORT_QUESTION_TERMS = 4
# "What happens if I bring it back late?" says nothing of what it is.
_POINTS_BACK = re.compile(r"\b(?:it|that|this|them|these|those|they|es|dazu|dafür|davon|damit|darauf)\b", re.IGNORECASE)
# A message that is like nothing on topic is answered all the same from these scores of finding and composing on. On 400
# off-topic messages this answered 0 to 2 % more, and 5 of 7 that a shop's documents answer and were refused.
SPEAKS_OF_IT, SURE = 0.85, 0.7
DEFAULT_MODEL = "gpt-4o-mini"


@dataclass(slots=True)
class Draft:
    """What is being written for one turn."""

    bot: LiveBot
    question: str
    language: str
    history: Sequence[Said]
    found: Found
    shown: str = ""
    text: str = ""
    answered: bool = False
    # The model read the passages and said that they do not answer.
    model_declined: bool = False
    # What a decline adds: what the passages do not mention, and what they say of another year, place or model.
    note: str = ""
    nearby: str = ""
    citations: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    currency: str = "USD"
    provider_label: str = "embedded"
    model_label: str = "composer"
    _composition: Composition | None = None

    def usage(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost_minor": round(self.cost, 6),
            "currency": self.currency,
        }

    def cite(self, citations: Sequence[Citation]) -> None:
        """Take over the citations, and the product cards of the rows among them."""
        self.citations = [citation_json(citation) for citation in citations]
        self.blocks = product_blocks(self.found.passages, citations)

    def composed(self) -> Composition:
        """What the composer makes of it, made once."""
        if self._composition is None:
            bot = self.bot
            self._composition = compose(
                self.full_question(),
                self.found.vector,
                self.found.passages,
                language=self.language,
                response_format=bot.settings.response_format,
                citation_style=bot.settings.citation_style,
                strictness=bot.scope.strictness if bot.scope else "moderate",  # type: ignore[arg-type]
                known_names=(bot.tenant_name, bot.name),
            )
        return self._composition

    def full_question(self) -> str:
        """The question with what it leaves unsaid: a short follow-up is read after the question before it."""
        short = len(set(analyze(self.question, self.language))) < SHORT_QUESTION_TERMS
        points_back = _POINTS_BACK.search(self.question) is not None
        if not short and not (
            points_back and len(understand(self.question, self.language).terms) < SHORT_QUESTION_TERMS
        ):
            return self.question
        before = [said.text for said in self.history if said.author == "contact"]
        return f"{before[-1]} {self.question}" if before else self.question


def citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document_id": str(citation.document_id),
        "document_version": citation.document_version,
        "title": citation.title,
        "url": _link(citation),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _link(citation: Citation) -> str | None:
    if citation.url is None:
        return None
    if citation.page is not None:
        return f"{citation.url}#page={citation.page}"
    return f"{citation.url}#{citation.anchor}" if citation.anchor and "#" not in citation.url else citation.url


@dataclass(frozen=True, slots=True)
class _Named:
    candidate: Candidate
    provider_type: str


class _Opening:
    """Holds back the first characters while they may be the word for "not in the documents"."""

    def __init__(self) -> None:
        self.nothing = False
        self._held: str | None = ""

    def take(self, text: str) -> str:
        """Take the next piece; return what is certainly part of an answer."""
        if self._held is None:
            return text
        self._held += text
        begun = self._held.strip()
        if begun.startswith(NOTHING_FOUND):
            self.nothing = True
            return ""
        if NOTHING_FOUND.startswith(begun):
            return ""
        return self.rest()

    def rest(self) -> str:
        """What is still held, once."""
        held, self._held = self._held, None
        return "" if self.nothing or held is None else held


class Writers:
    """Writes drafts."""

    def __init__(
        self, searcher: Searcher, models: ModelFactory, envelope: Envelope, live_settings: LiveSettings
    ) -> None:
        self._searcher, self._models, self._envelope, self._live = searcher, models, envelope, live_settings
        self._breakers = CircuitBreakers()

    async def candidates(self, draft: Draft) -> list[_Named]:
        """The models to ask, in order: the bot's provider, then its fallback."""
        named = []
        for provider in (draft.bot.provider, draft.bot.fallback_provider):
            if provider is None:
                continue
            try:
                named.append(self._candidate(draft, provider, await self._credentials(draft, provider)))
            except (CannotDecrypt, ProviderError) as exc:
                log.warning("provider_unusable", provider=str(provider.id), kind=type(exc).__name__)
        return named

    async def _credentials(self, draft: Draft, provider: LiveProvider) -> Credentials:
        if shares_global_key(provider.provider_name, provider.api_key, provider.global_ai_provider_id):
            return global_credentials(await self._live.global_key(self._envelope), provider.custom_settings)
        key = None
        if provider.api_key is not None:
            place = Place(str(draft.bot.tenant_id), "tenant_ai_providers", "api_key", str(provider.id))
            key = self._envelope.decrypt(provider.api_key, place)
        return Credentials(provider.provider_name, key, provider.base_url, provider.custom_settings)

    def _candidate(self, draft: Draft, provider: LiveProvider, credentials: Credentials) -> _Named:
        settings = provider.custom_settings
        own = provider is draft.bot.provider
        model = (draft.bot.model if own else None) or settings.get("default_model") or draft.bot.model
        limit = settings.get("max_tokens")
        bot = draft.bot
        request = build_request(
            Persona(bot.name, bot.tenant_name, bot.system_prompt, bot.personality, bot.tone),
            draft.question,
            [ChatMessage("user" if said.author == "contact" else "assistant", said.text) for said in draft.history],
            draft.found.passages,
            model=str(model or DEFAULT_MODEL),
            temperature=bot.temperature,
            max_tokens=min(bot.max_tokens, limit) if isinstance(limit, int) else bot.max_tokens,
            response_format=bot.settings.response_format,
            language=LANGUAGE_NAMES.get(draft.language, "the customer's language"),
        )
        label = f"{provider.provider_name}:{provider.id}"
        candidate = Candidate(self._models(credentials), request, label, fingerprint(credentials))
        return _Named(candidate, provider.provider_name)

    async def write_with_model(self, draft: Draft, named: list[_Named], trace: Trace) -> AsyncIterator[str]:
        """Let a model write; what is yielded has been checked. A failed or empty answer leaves `answered` false."""
        report, guard, opening = CallReport(), self._guard(draft), _Opening()
        first = named[0].candidate.request
        # Some vendors' libraries take seconds to import; that is not the provider's time.
        await prepare([item.provider_type for item in named])
        trace.prompted(model=first.model, passages=len(draft.found.passages), history=len(draft.history))
        events = stream_with_fallback([n.candidate for n in named], breakers=self._breakers, report=report)
        try:
            async for event in events:
                if isinstance(event, Finished):
                    self._count(draft, event, report, named)
                elif isinstance(event, TextDelta) and (piece := await guard.feed(opening.take(event.text))):
                    draft.shown += piece
                    yield piece
        except StreamCut as cut:
            trace.note("cut", cut.reason)
        except ProviderError as exc:
            trace.note("provider_error", exc.code)
        finally:
            await events.aclose()
            trace.called(report)
        draft.model_declined = opening.nothing
        piece = await guard.feed(opening.rest()) + await guard.close()
        if piece:
            draft.shown += piece
            yield piece
        self._settle(draft, guard, trace, report)

    @staticmethod
    def _settle(draft: Draft, guard: AnswerGuard, trace: Trace, report: CallReport) -> None:
        trace.checked(guard.checked)
        for item in guard.checked:
            metrics.claims.labels(item.verdict.kind).inc()
        if report.answered_by is not None:
            draft.provider_label = report.answered_by.split(":", 1)[0]
            draft.model_label = report.model or ""
        if guard.supported:
            draft.answered = True
            draft.text = draft.shown
            draft.cite(guard.citations())

    def _guard(self, draft: Draft) -> AnswerGuard:
        async def embed(sentence: str) -> NDArray[Any]:
            return await self._searcher.embed_message(sentence, draft.language)

        return AnswerGuard(
            draft.found.passages,
            question=draft.question,
            language=draft.language,
            citation_style=draft.bot.settings.citation_style,
            embed=embed,
        )

    @staticmethod
    def _count(draft: Draft, event: Finished, report: CallReport, named: list[_Named]) -> None:
        draft.prompt_tokens += event.prompt_tokens
        draft.completion_tokens += event.completion_tokens
        for item in named:
            if item.candidate.label == report.answered_by:
                cost, currency = cost_minor(
                    item.provider_type,
                    item.candidate.request.model,
                    event.prompt_tokens,
                    event.completion_tokens,
                )
                draft.cost, draft.currency = draft.cost + cost, currency
        metrics.provider_calls.labels((report.answered_by or "").split(":", 1)[0], "answered").inc()

    @staticmethod
    def surely_answered(draft: Draft) -> bool:
        """Say whether the documents speak of what was asked, and their own sentences answer it without much doubt."""
        if not draft.found.passages or draft.found.passages[0].score < SPEAKS_OF_IT:
            return False
        composition = draft.composed()
        return composition.answered and composition.confidence >= SURE

    @staticmethod
    def compose(draft: Draft, trace: Trace) -> None:
        """Answer with the documents' own sentences, when they hold the answer."""
        if not draft.found.passages:
            trace.composed(0.0, (), answered=False)
            return
        composition = draft.composed()
        trace.composed(composition.confidence, composition.missing, answered=composition.answered)
        if draft.model_declined or not composition.answered:
            draft.note, draft.nearby = composition.note, composition.nearby
            draft.cite(composition.citations if composition.nearby else ())
            return
        draft.answered = True
        draft.text = f"{draft.shown}\n\n{composition.text}" if draft.shown else composition.text
        draft.cite(composition.citations)
        if draft.provider_label != "embedded":
            draft.model_label = f"{draft.model_label}+composer"
