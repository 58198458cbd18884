"""The registry, and that a process which speaks only the OpenAI protocol pays for nothing else."""

import subprocess
import sys

import pytest

from shopwright.llm.port import Credentials, ProviderMisconfigured
from shopwright.llm.registry import MAX_KEPT, ChatModels, create_chat_model, fingerprint, prepare

HEAVY = ("pydantic_ai", "openai", "anthropic", "google.genai", "botocore", "boto3", "genai_prices")


def test_the_registry_imports_no_vendors_library():
    code = (
        "import sys, shopwright.llm.registry, shopwright.llm.calling, shopwright.llm.profiles;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


async def test_an_unknown_provider_type_is_refused(client, policy):
    with pytest.raises(ProviderMisconfigured):
        create_chat_model(Credentials("nobody"), client, policy)


async def test_what_is_needed_late_can_be_imported_early():
    await prepare(["openai", "anthropic", "nobody"])
    assert "pydantic_ai.models.anthropic" in sys.modules


def test_a_fingerprint_depends_on_all_credentials_and_shows_none():
    url, settings = "https://a.example", {"organization": "a", "project": "b"}
    one = Credentials("openai", "sk-secret-key", url, settings)
    same = Credentials("openai", "sk-secret-key", url, {"project": "b", "organization": "a"})
    others = [
        Credentials("openai", "sk-other-key", url, settings),
        Credentials("openai", "sk-secret-key", "https://b.example", settings),
        Credentials("openai", "sk-secret-key", url, {"organization": "a"}),
        Credentials("ollama", "sk-secret-key", url, settings),
    ]
    assert fingerprint(one) == fingerprint(same)
    assert len({fingerprint(each) for each in [one, *others]}) == 5
    assert "secret" not in fingerprint(one)


async def test_models_are_kept_for_equal_credentials_and_only_so_many(client, policy):
    models = ChatModels(client, policy)
    first = models(Credentials("anthropic", "sk-1"))
    assert models(Credentials("anthropic", "sk-1")) is first
    assert models(Credentials("anthropic", "sk-2")) is not first
    for number in range(MAX_KEPT):
        models(Credentials("openai", f"sk-{number}"))
    assert models(Credentials("anthropic", "sk-1")) is not first
