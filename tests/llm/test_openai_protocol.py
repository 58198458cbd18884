"""What is special to the servers of the OpenAI protocol: addresses, headers, parameters, embeddings."""

import json

import orjson
import pytest
from tests.llm.peer import Answer
from tests.llm.protocols import KEY, PROTOCOLS

from shopwright.llm.openai_protocol.model import EMBEDDING_BATCH
from shopwright.llm.port import (
    ChatMessage,
    ChatRequest,
    Credentials,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
)
from shopwright.llm.registry import create_chat_model, create_embedding_model

SPEAKER = PROTOCOLS["openai"]
REQUEST = ChatRequest("gpt-4o-mini", "s", (ChatMessage("user", "hi"),))


DEPLOYMENT = "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21"


@pytest.fixture
def ask(peer, client, policy):
    """Send one request by a provider type; returns what the server got, and its body."""

    async def send(provider_type, request=REQUEST, path="", **settings):
        peer.will(SPEAKER.answer(["x"]))
        credentials = Credentials(provider_type, KEY, peer.url + path, settings)
        async for _ in create_chat_model(credentials, client, policy).stream(request):
            pass
        received = peer.received[-1]
        return received, json.loads(received.body)

    return send


@pytest.mark.parametrize(
    ("provider_type", "path", "target"),
    [
        ("openai", "/v1", "/v1/chat/completions"),
        ("openai_compatible", "", "/v1/chat/completions"),
        ("openai_compatible", "/api/openai/", "/api/openai/chat/completions"),
        ("ollama", "", "/v1/chat/completions"),
        ("ollama", "/v1/", "/v1/chat/completions"),
        ("azure_openai", "", DEPLOYMENT),
        (
            "azure_openai",
            "/openai/",
            "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
        ),
    ],
)
async def test_the_address_is_the_one_of_the_provider(ask, provider_type, path, target):
    received, _ = await ask(provider_type, path=path)
    assert received.target == target


async def test_organization_project_and_allowed_headers_are_sent(ask):
    settings = {"organization": "org-1", "project": "proj-2", "headers": {"X-Title": "The Shop"}}
    received, _ = await ask("openai", **settings)
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert received.headers["openai-organization"] == "org-1"
    assert received.headers["openai-project"] == "proj-2"
    assert received.headers["x-title"] == "The Shop"


async def test_azure_takes_its_own_header_and_version(ask):
    received, _ = await ask("azure_openai", api_version="2025-04-01-preview")
    assert received.headers["api-key"] == KEY
    assert "authorization" not in received.headers
    assert received.target.endswith("?api-version=2025-04-01-preview")


@pytest.mark.parametrize(
    "settings",
    [
        {"headers": {"Authorization": "Bearer other"}},
        {"headers": {"Host": "inside"}},
        {"headers": {"X-Title": "a\r\nHost: inside"}},
        {"headers": "x-title: a"},
        {"organization": "a\nb"},
        {"organization": 7},
        {"api_version": "1&x=y"},
    ],
)
async def test_settings_that_could_change_a_request_are_refused(ask, peer, settings):
    kind = "azure_openai" if "api_version" in settings else "openai"
    with pytest.raises(ProviderMisconfigured):
        await ask(kind, **settings)
    assert peer.received == []


@pytest.mark.parametrize(
    ("provider_type", "model", "settings", "sent"),
    [
        ("openai", "gpt-4o-mini", {}, {"max_tokens": 1000, "temperature": 0.3}),
        ("openai", "o3-mini", {}, {"max_completion_tokens": 1000, "reasoning_effort": "low"}),
        ("openai", "gpt-5-mini", {}, {"max_completion_tokens": 1000, "reasoning_effort": "minimal"}),
        ("openai", "gpt-9", {}, {"max_completion_tokens": 1000, "temperature": 0.3}),
        (
            "azure_openai",
            "shop-bot",
            {"base_model": "gpt-5-mini"},
            {"max_completion_tokens": 1000, "reasoning_effort": "minimal"},
        ),
        ("ollama", "gpt-5-mini", {}, {"max_tokens": 1000, "temperature": 0.3}),
        ("openai_compatible", "o3-mini", {}, {"max_tokens": 1000, "temperature": 0.3}),
    ],
)
async def test_each_model_gets_the_parameters_it_accepts(ask, provider_type, model, settings, sent):
    request = ChatRequest(model, "s", (ChatMessage("user", "hi"),))
    _, body = await ask(provider_type, request, **settings)
    names = ("max_tokens", "max_completion_tokens", "temperature", "reasoning_effort")
    assert {name: body[name] for name in names if name in body} == sent
    assert body["stream_options"] == {"include_usage": True}


async def test_a_connection_is_used_again_after_a_whole_answer(ask, peer):
    for _ in range(3):
        await ask("openai")
    assert peer.connections == 1


async def test_no_cookie_goes_from_one_call_to_another(ask, peer, client, policy):
    peer.will(SPEAKER.answer(["x"], headers={"set-cookie": "session=one; Path=/"}))
    model = create_chat_model(Credentials("openai", KEY, peer.url), client, policy)
    async for _ in model.stream(REQUEST):
        pass
    received, _ = await ask("openai")
    assert "cookie" not in received.headers


async def test_a_server_that_keeps_the_stream_open_after_its_end_is_not_waited_for(peer, client, policy):
    answer = SPEAKER.answer(["x"])
    answer.ending = "stall"
    peer.will(answer)
    model = create_chat_model(Credentials("openai", KEY, peer.url), client, policy)
    assert [event async for event in model.stream(REQUEST)][-1].prompt_tokens == 11


async def test_a_packed_answer_is_refused(peer, client, policy):
    peer.will(SPEAKER.answer(["x"], headers={"content-encoding": "gzip"}))
    model = create_chat_model(Credentials("openai", KEY, peer.url), client, policy)
    with pytest.raises(ProviderDown):
        await anext(model.stream(REQUEST))


@pytest.mark.parametrize(
    ("code", "kind"), [("insufficient_quota", ProviderMisconfigured), ("rate_limit_exceeded", ProviderBusy)]
)
async def test_an_account_without_credit_is_not_taken_for_a_busy_provider(peer, client, policy, code, kind):
    body = orjson.dumps({"error": {"message": "You exceeded your current quota.", "code": code}})
    peer.will(Answer([body], status=429))
    model = create_chat_model(Credentials("openai", KEY, peer.url), client, policy)
    with pytest.raises(ProviderError) as caught:
        await anext(model.stream(REQUEST))
    assert type(caught.value) is kind


def vectors(rows) -> Answer:
    return Answer([orjson.dumps({"data": [{"index": i, "embedding": v} for i, v in rows]})])


async def test_embeddings_come_in_the_order_of_the_texts_and_in_batches(peer, client, policy):
    texts = [f"text {number}" for number in range(EMBEDDING_BATCH + 2)]
    peer.will(
        vectors([(i, [float(i), 0.5]) for i in reversed(range(EMBEDDING_BATCH))]),
        vectors([(1, [1001.0, 0.5]), (0, [1000.0, 0.5])]),
    )
    model = create_embedding_model(Credentials("openai", KEY, peer.url), client, policy)
    found = await model.embed("text-embedding-3-small", texts)
    assert [vector[0] for vector in found] == [*map(float, range(EMBEDDING_BATCH)), 1000.0, 1001.0]
    assert [len(json.loads(each.body)["input"]) for each in peer.received] == [EMBEDDING_BATCH, 2]


async def test_google_embeds_in_one_call_for_many_texts(peer, client, policy):
    body = {"embeddings": [{"values": [0.1, 0.2]}, {"values": [0.3, 0.4]}]}
    peer.will(Answer([orjson.dumps(body)]))
    model = create_embedding_model(Credentials("google", KEY, peer.url), client, policy)
    assert await model.embed("gemini-embedding-001", ["a", "b"]) == [[0.1, 0.2], [0.3, 0.4]]
    assert peer.received[0].target == "/v1beta/models/gemini-embedding-001:batchEmbedContents"
    assert peer.received[0].headers["x-goog-api-key"] == KEY


async def test_no_texts_need_no_call(peer, client, policy):
    model = create_embedding_model(Credentials("openai", KEY, peer.url), client, policy)
    assert await model.embed("m", []) == []
    assert peer.received == []


@pytest.mark.parametrize(
    "answer",
    [
        vectors([(0, [0.1])]),
        vectors([(0, [0.1]), (1, [0.1, 0.2])]),
        vectors([(0, [0.1]), (1, ["x"])]),
        vectors([(0, [0.1]), (1, [])]),
        vectors([(0, [0.1]), (1, [True])]),
        Answer([b'{"data": 7}']),
        Answer([b"{}"]),
        Answer([b"[]"]),
        Answer([b'{"error": {"message": "no"}}']),
        Answer([b"<html>"]),
    ],
)
async def test_embeddings_that_are_none_are_refused(peer, client, policy, answer):
    peer.will(answer)
    model = create_embedding_model(Credentials("openai", KEY, peer.url), client, policy)
    with pytest.raises(ProviderDown):
        await model.embed("m", ["a", "b"])


async def test_a_provider_without_embeddings_says_so(client, policy):
    for provider_type in ("anthropic", "bedrock", "nobody"):
        with pytest.raises(ProviderMisconfigured):
            create_embedding_model(Credentials(provider_type, KEY), client, policy)
