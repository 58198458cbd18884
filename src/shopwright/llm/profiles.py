"""Facts about models, as data: context size, price, and what a request may say.

Sources, read 2026-11: prices and context sizes from `genai-prices` 0.2.3 (first tier, no caching, no
introductory discount); what a model accepts from `pydantic_ai.profiles.openai` of pydantic-ai 2.68, verified
by its authors against the live service. A test compares both with the installed packages, so that an upgrade
shows what has changed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

TokenField = Literal["max_tokens", "max_completion_tokens"]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model can hold, in tokens, and what a million tokens cost, in US dollars."""

    context_tokens: int
    usd_per_million_in: float
    usd_per_million_out: float


@dataclass(frozen=True, slots=True)
class ChatParameters:
    """How a chat request to a model is written.

    `effort` is the least thinking that the model accepts, or None to say nothing: a customer waits for the
    first word, and the tokens of thoughts count against the length limit.
    """

    token_field: TokenField = "max_tokens"  # noqa: S105 - the name of a field
    temperature: bool = True
    effort: str | None = None


_OPENAI: Final = {
    "gpt-3.5-turbo": ModelFacts(16_385, 0.5, 1.5),
    "gpt-4": ModelFacts(8_192, 30, 60),
    "gpt-4-turbo": ModelFacts(128_000, 10, 30),
    "gpt-4o": ModelFacts(128_000, 2.5, 10),
    "gpt-4o-mini": ModelFacts(128_000, 0.15, 0.6),
    "gpt-4.1": ModelFacts(1_000_000, 2, 8),
    "gpt-4.1-mini": ModelFacts(1_000_000, 0.4, 1.6),
    "gpt-4.1-nano": ModelFacts(1_000_000, 0.1, 0.4),
    "o1": ModelFacts(200_000, 15, 60),
    "o3": ModelFacts(200_000, 2, 8),
    "o3-mini": ModelFacts(200_000, 1.1, 4.4),
    "o4-mini": ModelFacts(200_000, 1.1, 4.4),
    "gpt-5": ModelFacts(400_000, 1.25, 10),
    "gpt-5-mini": ModelFacts(400_000, 0.25, 2),
    "gpt-5-nano": ModelFacts(400_000, 0.05, 0.4),
    "gpt-5.1": ModelFacts(400_000, 1.25, 10),
    "gpt-5.2": ModelFacts(400_000, 1.75, 14),
    "gpt-5.4": ModelFacts(1_050_000, 2.5, 15),
    "gpt-5.4-mini": ModelFacts(400_000, 0.75, 4.5),
    "gpt-5.4-nano": ModelFacts(400_000, 0.2, 1.25),
    "gpt-5.5": ModelFacts(1_000_000, 5, 30),
    "gpt-5.6-luna": ModelFacts(1_050_000, 0.2, 1.2),
    "gpt-5.6-terra": ModelFacts(1_050_000, 2, 12),
    "gpt-5.6-sol": ModelFacts(1_050_000, 4, 20),
    "gpt-6-luna": ModelFacts(1_050_000, 0.1, 0.5),
    "gpt-6-sol": ModelFacts(1_050_000, 2, 10),
    "gpt-6-astra": ModelFacts(1_050_000, 10, 50),
    "gpt-6.1-terra": ModelFacts(1_050_000, 1, 5),
    "gpt-6.1-sol": ModelFacts(1_050_000, 2, 10),
    "text-embedding-3-small": ModelFacts(8_192, 0.02, 0),
    "text-embedding-3-large": ModelFacts(8_192, 0.13, 0),
}
_ANTHROPIC: Final = {
    "claude-3-haiku": ModelFacts(200_000, 0.25, 1.25),
    "claude-3-sonnet": ModelFacts(200_000, 3, 15),
    "claude-3-5-haiku": ModelFacts(200_000, 0.8, 4),
    "claude-3-5-sonnet": ModelFacts(200_000, 3, 15),
    "claude-3-7-sonnet": ModelFacts(200_000, 3, 15),
    "claude-haiku-4-5": ModelFacts(200_000, 1, 5),
    "claude-sonnet-4-5": ModelFacts(200_000, 3, 15),
    "claude-sonnet-4-6": ModelFacts(1_000_000, 3, 15),
    "claude-opus-4-8": ModelFacts(1_000_000, 5, 25),
    "claude-haiku-5-5": ModelFacts(1_000_000, 0.1, 0.5),
    "claude-sonnet-5": ModelFacts(1_000_000, 2, 10),
    "claude-sonnet-5-5": ModelFacts(1_000_000, 2, 10),
    "claude-opus-5": ModelFacts(1_000_000, 5, 25),
    "claude-opus-5-5": ModelFacts(1_000_000, 4, 20),
    "claude-fable-5-2": ModelFacts(1_000_000, 8, 40),
}
_GOOGLE: Final = {
    "gemini-2.5-flash-lite": ModelFacts(1_000_000, 0.1, 0.4),
    "gemini-2.5-flash": ModelFacts(1_048_576, 0.3, 2.5),
    "gemini-2.5-pro": ModelFacts(1_048_576, 1.25, 10),
    "gemini-3.1-flash-lite": ModelFacts(1_000_000, 0.25, 1.5),
    "gemini-3.5-flash-lite": ModelFacts(1_000_000, 0.3, 2.5),
    "gemini-3.5-flash": ModelFacts(1_000_000, 1.5, 9),
    "gemini-3.8-flash": ModelFacts(1_000_000, 1.5, 7.5),
    "gemini-4-argon": ModelFacts(1_048_576, 4, 20),
    "gemini-embedding-001": ModelFacts(2_048, 0.15, 0),
}
# Without the place in front (`eu.`, `global.`); a regional place costs a tenth more for newer Claude models,
# which is left out here.
_BEDROCK: Final = {
    "amazon.nova-micro": ModelFacts(128_000, 0.035, 0.14),
    "amazon.nova-lite": ModelFacts(300_000, 0.06, 0.24),
    "amazon.nova-pro": ModelFacts(300_000, 0.8, 3.2),
    "amazon.nova-2-lite": ModelFacts(1_000_000, 0.3, 2.5),
    "meta.llama3-3-70b-instruct": ModelFacts(128_000, 0.72, 0.72),
    "meta.llama4-maverick-17b-instruct": ModelFacts(1_000_000, 0.24, 0.97),
    "mistral.mistral-large-3-675b-instruct": ModelFacts(256_000, 0.5, 1.5),
    **{f"anthropic.{name}": facts for name, facts in _ANTHROPIC.items()},
}
FACTS: Final[Mapping[str, Mapping[str, ModelFacts]]] = {
    "openai": _OPENAI,
    "azure_openai": {**_OPENAI, "gpt-35-turbo": _OPENAI["gpt-3.5-turbo"]},
    "anthropic": _ANTHROPIC,
    "google": _GOOGLE,
    "bedrock": _BEDROCK,
    "ollama": {},
    "openai_compatible": {},
}
CURRENCY: Final = "USD"

# A dated or numbered edition of a model costs what the model costs: gpt-4o-2024-08-06,
# claude-haiku-4-5-20251001-v1:0.
_EDITION = re.compile(r"([-@]latest|[-@]\d{4}-\d{2}-\d{2}|[-@]\d{8}|-\d{4})?(-v\d+)?(:\d+)?(:[a-z]+)?$")
_PLACE = re.compile(r"^(?:us|us-gov|eu|apac|jp|au|ca|sa|global)\.")


def find_facts(provider_type: str, model: str) -> ModelFacts | None:
    """The facts of a model or of the model that it is an edition of; None for what is not in the tables."""
    table = FACTS.get(provider_type, {})
    if provider_type == "bedrock":
        model = _PLACE.sub("", model)
    name = model.removeprefix("models/")
    return table.get(name) or table.get(_EDITION.sub("", name))


def cost_minor(provider_type: str, model: str, prompt_tokens: int, completion_tokens: int) -> tuple[float, str]:
    """What a call cost, in minor units (cents, with fractions), and the currency.

    A model whose price is not known costs nothing here; a model on the tenant's own machine neither.
    """
    facts = find_facts(provider_type, model)
    if facts is None:
        return 0.0, CURRENCY
    dollars = prompt_tokens * facts.usd_per_million_in + completion_tokens * facts.usd_per_million_out
    return dollars / 1_000_000 * 100, CURRENCY


_LEGACY: Final = ChatParameters()
_PLAIN: Final = ChatParameters("max_completion_tokens")
# The first prefix that fits decides, so the longer one stands before the shorter one.
_OPENAI_CHAT: Final[tuple[tuple[str, ChatParameters], ...]] = (
    ("gpt-3.5", _LEGACY),
    ("gpt-35", _LEGACY),
    ("gpt-4", _LEGACY),
    ("gpt-6-astra", ChatParameters("max_completion_tokens", temperature=False, effort="low")),
    ("gpt-6.1-sol", ChatParameters("max_completion_tokens", temperature=False, effort="low")),
    ("gpt-6.1-terra", ChatParameters("max_completion_tokens", effort="none")),
    ("gpt-6-sol", ChatParameters("max_completion_tokens", effort="none")),
    ("gpt-6-luna", ChatParameters("max_completion_tokens", effort="none")),
    ("gpt-5.6", ChatParameters("max_completion_tokens", effort="none")),
    ("gpt-5.5-pro", ChatParameters("max_completion_tokens", temperature=False, effort="medium")),
    ("gpt-5.5", ChatParameters("max_completion_tokens", effort="none")),
    ("gpt-5.4-pro", ChatParameters("max_completion_tokens", temperature=False, effort="medium")),
    ("gpt-5.4", _PLAIN),
    ("gpt-5.3-chat", ChatParameters("max_completion_tokens", temperature=False)),
    ("gpt-5.3", _PLAIN),
    ("gpt-5.2-pro", ChatParameters("max_completion_tokens", temperature=False, effort="medium")),
    ("gpt-5.2-chat", ChatParameters("max_completion_tokens", temperature=False)),
    ("gpt-5.2", _PLAIN),
    ("gpt-5.1-chat", ChatParameters("max_completion_tokens", temperature=False)),
    ("gpt-5.1-codex", ChatParameters("max_completion_tokens", temperature=False)),
    ("gpt-5.1", _PLAIN),
    ("gpt-5-chat", _PLAIN),
    ("gpt-5-pro", ChatParameters("max_completion_tokens", temperature=False, effort="high")),
    ("gpt-5-codex", ChatParameters("max_completion_tokens", temperature=False)),
    ("gpt-5", ChatParameters("max_completion_tokens", temperature=False, effort="minimal")),
    ("o1", ChatParameters("max_completion_tokens", temperature=False, effort="low")),
    ("o3", ChatParameters("max_completion_tokens", temperature=False, effort="low")),
    ("o4", ChatParameters("max_completion_tokens", temperature=False, effort="low")),
)


def openai_parameters(model: str) -> ChatParameters:
    """How OpenAI and Azure OpenAI want a request; a model that is not in the table is taken as newer."""
    return next((found for prefix, found in _OPENAI_CHAT if model.startswith(prefix)), _PLAIN)


def compatible_parameters(_model: str) -> ChatParameters:
    """How every other server of the protocol wants a request: the older names."""
    return _LEGACY


DEFAULT_CATALOGUE: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": "OpenAI GPT",
        "provider_type": "openai",
        "config": {
            "models": [
                "gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-5-mini",
                "gpt-5.4-mini", "gpt-5.6-luna", "gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol",
            ],
            "max_tokens": 4000,
        },
        "is_active": True,
        "is_default": True,
    },
    {
        "name": "Anthropic Claude",
        "provider_type": "anthropic",
        "config": {
            "models": [
                "claude-3-sonnet", "claude-3-haiku", "claude-haiku-4-5", "claude-sonnet-4-6",
                "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5",
            ],
            "max_tokens": 4000,
        },
        "is_active": True,
        "is_default": False,
    },
    {
        "name": "Azure OpenAI",
        "provider_type": "azure_openai",
        # A model here is the name of a deployment, which the tenant chooses.
        "config": {"models": [], "max_tokens": 4000},
        "is_active": True,
        "is_default": False,
    },
    {
        "name": "Google Gemini",
        "provider_type": "google",
        "config": {
            "models": ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.5-flash-lite", "gemini-3.8-flash"],
            "max_tokens": 4000,
        },
        "is_active": True,
        "is_default": False,
    },
    {
        "name": "Amazon Bedrock",
        "provider_type": "bedrock",
        "config": {
            "models": [
                "global.amazon.nova-2-lite-v1:0", "us.amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0",
                "global.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-5-5",
                "global.anthropic.claude-sonnet-5-5",
            ],
            "max_tokens": 4000,
        },
        "is_active": True,
        "is_default": False,
    },
    {
        "name": "Ollama",
        "provider_type": "ollama",
        "config": {"models": [], "max_tokens": 4000},
        "is_active": True,
        "is_default": False,
    },
    {
        "name": "OpenAI-compatible",
        "provider_type": "openai_compatible",
        "config": {"models": [], "max_tokens": 4000},
        "is_active": True,
        "is_default": False,
    },
)  # fmt: skip
