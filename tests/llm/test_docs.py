"""The page about providers says what the code does."""

from pathlib import Path

import pytest

from shopwright.llm.breaker import FAILURES, OPEN_SECONDS, WINDOW_SECONDS
from shopwright.llm.calling import Limits, StreamCut
from shopwright.llm.connecting import ALLOWED_HEADERS
from shopwright.llm.port import ProviderBusy, ProviderDown, ProviderMisconfigured, ProviderRejected
from shopwright.llm.registry import EMBEDDING_PROVIDERS, PROVIDERS

ERRORS = (ProviderBusy, ProviderDown, ProviderMisconfigured, ProviderRejected, StreamCut)
PAGE = (Path(__file__).parents[2] / "docs/reference/providers.md").read_text()


@pytest.mark.parametrize("provider_type", list(PROVIDERS))
def test_each_provider_has_its_row_with_its_embeddings(provider_type):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{provider_type}` |"))
    assert row.rstrip(" |").endswith("yes" if provider_type in EMBEDDING_PROVIDERS else "no")


@pytest.mark.parametrize(
    "word",
    [
        *sorted(ALLOWED_HEADERS),
        *(each.code for each in (ProviderBusy, ProviderDown, ProviderMisconfigured, ProviderRejected, StreamCut)),
        *("organization", "project", "api_version", "base_model", "region", "headers", "2024-10-21"),
    ],
)
def test_each_setting_and_error_is_on_the_page(word):
    assert f"`{word}`" in PAGE


def test_the_limits_are_those_of_the_code():
    limits = Limits()
    for seconds, words in [
        (limits.first_text_seconds, "to the first word"),
        (limits.gap_seconds, "between two pieces"),
        (limits.total_seconds, "for everything together"),
    ]:
        assert f"{seconds} s {words}" in PAGE
    assert FAILURES == 3
    assert f"in a row within {WINDOW_SECONDS:.0f} s leave a provider alone for {OPEN_SECONDS:.0f} s" in PAGE
