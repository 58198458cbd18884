"""The tables of facts, compared with the packages that they come from."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shopwright.llm.profiles import (
    _OPENAI_CHAT,
    DEFAULT_CATALOGUE,
    FACTS,
    cost_minor,
    find_facts,
    openai_parameters,
)
from shopwright.llm.registry import PROVIDERS

AFTER_DISCOUNTS = datetime(2027, 1, 2, tzinfo=UTC)  # when the introductory prices known today have ended
SOURCES = {"openai": "openai", "anthropic": "anthropic", "google": "google", "bedrock": "aws"}
# Names that the source knows only in a longer form.
NAMED_IN_FULL = {
    "amazon.nova-micro": "amazon.nova-micro-v1:0",
    "amazon.nova-lite": "amazon.nova-lite-v1:0",
    "amazon.nova-pro": "amazon.nova-pro-v1:0",
    "amazon.nova-2-lite": "global.amazon.nova-2-lite-v1:0",
    "meta.llama3-3-70b-instruct": "meta.llama3-3-70b-instruct-v1:0",
    "meta.llama4-maverick-17b-instruct": "meta.llama4-maverick-17b-instruct-v1:0",
}
ROWS = [
    (provider_type, name)
    for provider_type in SOURCES
    for name in FACTS[provider_type]
    if not name.startswith("anthropic.")
]


def test_the_catalogue_seeds_every_provider_once_and_one_default():
    assert {row["provider_type"] for row in DEFAULT_CATALOGUE} == set(PROVIDERS)
    assert len({row["name"] for row in DEFAULT_CATALOGUE}) == len(DEFAULT_CATALOGUE)
    assert [row["name"] for row in DEFAULT_CATALOGUE if row["is_default"]] == ["OpenAI GPT"]
    openai, anthropic = DEFAULT_CATALOGUE[:2]
    assert (openai["provider_type"], openai["config"]["max_tokens"]) == ("openai", 4000)
    assert {"gpt-3.5-turbo", "gpt-4"} <= set(openai["config"]["models"])
    assert anthropic["name"] == "Anthropic Claude"
    assert {"claude-3-sonnet", "claude-3-haiku"} <= set(anthropic["config"]["models"])


@pytest.mark.parametrize("row", DEFAULT_CATALOGUE, ids=lambda row: row["provider_type"])
def test_every_model_of_the_catalogue_has_facts(row):
    for model in row["config"]["models"]:
        assert find_facts(row["provider_type"], model), model


@pytest.mark.parametrize(("provider_type", "name"), ROWS)
def test_prices_and_context_agree_with_their_source(provider_type, name):
    from genai_prices.data import providers

    facts = FACTS[provider_type][name]
    source = next(each for each in providers if each.id == SOURCES[provider_type])
    model = source.find_model(NAMED_IN_FULL.get(name, name))
    assert model is not None
    prices = model.get_prices(AFTER_DISCOUNTS)
    amounts = [_base(prices.input_mtok), _base(prices.output_mtok)]
    assert amounts == [facts.usd_per_million_in, facts.usd_per_million_out]
    if model.context_window is not None:
        assert model.context_window == facts.context_tokens


def _base(price) -> float:
    return float(getattr(price, "base", price) or Decimal(0))


@pytest.mark.parametrize("prefix", [prefix for prefix, _ in _OPENAI_CHAT if prefix != "gpt-35"])
def test_what_openai_models_accept_agrees_with_its_source(prefix):
    from pydantic_ai.profiles.openai import openai_model_profile

    profile, ours = openai_model_profile(prefix), openai_parameters(prefix)
    always = profile.get("thinking_always_enabled", False)
    assert ours.temperature is not bool(always)
    efforts = profile.get("openai_reasoning_efforts")
    if always and ours.effort is not None and efforts:
        order = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
        assert ours.effort == min(efforts, key=order.index)
    if not always and profile.get("thinking_enabled_by_default", False):
        assert ours.effort == "none", "it thinks unless it is told not to"


@pytest.mark.parametrize(
    ("provider_type", "model", "cents"),
    [
        ("openai", "gpt-4o-mini", 0.075),
        ("openai", "gpt-4o-mini-2024-07-18", 0.075),
        ("openai", "gpt-4-0613", 9.0),
        ("openai", "gpt-4-32k", 0),
        ("azure_openai", "gpt-35-turbo", 0.2),
        ("anthropic", "claude-3-5-haiku-latest", 0.48),
        ("anthropic", "claude-haiku-4-5-20251001", 0.6),
        ("google", "models/gemini-2.5-flash", 0.28),
        ("bedrock", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", 0.6),
        ("bedrock", "us.amazon.nova-lite-v1:0", 0.03),
        ("ollama", "llama3.2", 0),
        ("openai_compatible", "gpt-4o", 0),
        ("nobody", "x", 0),
    ],
)
def test_a_call_costs_what_the_model_or_its_edition_costs(provider_type, model, cents):
    assert cost_minor(provider_type, model, 1000, 1000) == (pytest.approx(cents), "USD")
