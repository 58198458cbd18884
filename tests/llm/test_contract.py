"""What every provider keeps, against a server of this machine that speaks its protocol."""

import asyncio
import logging
import time
import traceback
from contextlib import aclosing

import pytest
from tests.llm.peer import Answer
from tests.llm.protocols import PROTOCOLS

from shopwright.llm.breaker import CircuitBreakers
from shopwright.llm.calling import Candidate, Limits, StreamCut, stream_with_fallback
from shopwright.llm.counting import estimate_prompt_tokens
from shopwright.llm.port import (
    ChatMessage,
    ChatRequest,
    Credentials,
    Finished,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
    ProviderRejected,
    TextDelta,
)
from shopwright.llm.registry import PROVIDERS, create_chat_model

TEXTS = ["Shipping ", "costs 4,90 € – ", "送料は", "無料です。", " 🙂"]
STATUSES = [
    (400, ProviderRejected),
    (401, ProviderMisconfigured),
    (403, ProviderMisconfigured),
    (404, ProviderRejected),
    (422, ProviderRejected),
    (429, ProviderBusy),
    (500, ProviderDown),
    (503, ProviderDown),
]


class Case:
    """One provider, its protocol, and a model of it that points at the peer."""

    def __init__(self, protocol, peer, client, policy):
        self.protocol, self.peer = protocol, peer
        self.credentials = Credentials(protocol.provider_type, protocol.key, peer.url, dict(protocol.settings or {}))
        self.model = create_chat_model(self.credentials, client, policy)
        messages = (
            ChatMessage("user", "Do you ship?"),
            ChatMessage("assistant", "Yes."),
            ChatMessage("user", "What does it cost?"),
        )
        self.request = ChatRequest(protocol.model, "Answer briefly.", messages, 0.25, 321)

    async def events(self):
        return [event async for event in self.model.stream(self.request)]

    async def failure(self) -> tuple[str, ProviderError]:
        """The text that came and the error that ended it."""
        text = ""
        try:
            async for event in self.model.stream(self.request):
                assert isinstance(event, TextDelta), "an end although something failed"
                text += event.text
        except ProviderError as error:
            return text, error
        pytest.fail("nothing was raised")


def text_of(events) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.fixture(params=list(PROVIDERS))
def case(request, peer, client, policy):
    return Case(PROTOCOLS[request.param], peer, client, policy)


def test_every_provider_of_the_registry_has_its_protocol_here():
    assert set(PROTOCOLS) == set(PROVIDERS)


async def test_the_pieces_join_to_the_text_and_the_last_event_is_the_usage(case):
    case.peer.will(case.protocol.answer(TEXTS))
    events = await case.events()
    assert text_of(events) == "".join(TEXTS)
    assert events[-1] == Finished(11, 7, cut=False)
    assert sum(isinstance(event, Finished) for event in events) == 1


async def test_the_request_holds_instructions_conversation_and_settings(case):
    case.peer.will(case.protocol.answer(TEXTS))
    await case.events()
    asked = case.protocol.asked(case.peer.received[0])
    assert asked["texts"] == ["Answer briefly.", "Do you ship?", "Yes.", "What does it cost?"]
    assert (asked["max_tokens"], asked["temperature"]) == (321, 0.25)


async def test_an_answer_that_the_length_limit_ended_is_marked(case):
    case.peer.will(case.protocol.answer(TEXTS, cut=True))
    assert (await case.events())[-1].cut


async def test_usage_that_the_provider_does_not_count_is_estimated(case):
    texts = ["twelve bytes"]
    parts = case.protocol.begin(0) + case.protocol.texts(texts) + case.protocol.end(0, 0)
    case.peer.will(Answer(parts, content_type=case.protocol.content_type))
    finished = (await case.events())[-1]
    assert finished.completion_tokens == 3
    assert finished.prompt_tokens == estimate_prompt_tokens(case.request)


async def test_closing_the_stream_closes_the_connection(case):
    case.peer.will(case.protocol.broken(TEXTS, "stall"))
    async with aclosing(case.model.stream(case.request)) as events:
        assert isinstance(await anext(events), TextDelta)
    await asyncio.wait_for(case.peer.gone.wait(), 5)


async def test_cancelling_while_nothing_comes_closes_the_connection(case):
    case.peer.will(case.protocol.broken(TEXTS[:1], "stall"))
    first = asyncio.Event()

    async def read():
        async for _ in case.model.stream(case.request):
            first.set()

    task = asyncio.create_task(read())
    await asyncio.wait_for(first.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(case.peer.gone.wait(), 5)


@pytest.mark.parametrize(("status", "kind"), STATUSES)
async def test_each_status_becomes_the_error_of_who_has_to_act(case, status, kind):
    case.peer.will(case.protocol.error(status, "no such luck"))
    text, error = await case.failure()
    assert (type(error), text) == (kind, "")
    assert len(case.peer.received) == 1, "nothing below the one retry loop may try again"


async def test_the_time_to_wait_is_handed_on(case):
    if case.protocol.provider_type == "bedrock":
        pytest.skip("Amazon sends none with throttling")
    case.peer.will(case.protocol.error(429, "slowly", {"retry-after": "7"}))
    _, error = await case.failure()
    assert error.retry_after == 7


async def test_an_answer_that_breaks_off_is_no_answer(case):
    case.peer.will(case.protocol.broken(TEXTS, "cut"))
    text, error = await case.failure()
    assert (text, type(error)) == ("".join(TEXTS), ProviderDown)


async def test_an_answer_that_ends_too_early_is_no_answer(case):
    case.peer.will(case.protocol.broken(TEXTS, "whole"))
    text, error = await case.failure()
    assert (text, type(error)) == ("".join(TEXTS), ProviderDown)


async def test_rubbish_in_the_stream_is_no_answer(case):
    case.peer.will(case.protocol.malformed(TEXTS))
    text, error = await case.failure()
    assert (text, type(error)) == ("".join(TEXTS), ProviderDown)


async def test_an_error_inside_a_200_is_no_answer(case):
    case.peer.will(case.protocol.error_in_stream("the engine is on fire"))
    _, error = await case.failure()
    assert type(error) is ProviderDown


async def test_an_answer_without_text_is_no_answer(case):
    case.peer.will(case.protocol.answer([]))
    _, error = await case.failure()
    assert type(error) is ProviderDown


async def test_a_page_of_html_is_no_answer(case):
    case.peer.will(_html())
    _, error = await case.failure()
    assert type(error) is ProviderDown


async def test_a_stall_ends_at_the_limit_and_the_connection_is_closed(case):
    case.peer.will(case.protocol.broken(TEXTS[:2], "stall"))
    limits = Limits(first_text_seconds=30, gap_seconds=0.05, total_seconds=60)
    stream = stream_with_fallback([Candidate(case.model, case.request, "a")], breakers=CircuitBreakers(), limits=limits)
    with pytest.raises(StreamCut) as caught:
        [event async for event in stream]
    assert caught.value.text == "".join(TEXTS[:2])
    await asyncio.wait_for(case.peer.gone.wait(), 5)


async def test_the_models_are_listed(case):
    case.peer.will(case.protocol.models(["b-model", "a-model"]))
    assert await case.model.list_models() == ["a-model", "b-model"]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
async def test_a_refused_list_of_models_says_who_has_to_act(case, status, kind):
    case.peer.will(case.protocol.error(status, "no such luck"))
    with pytest.raises(ProviderError) as caught:
        await case.model.list_models()
    assert type(caught.value) is kind


async def test_a_list_of_models_that_is_none_is_down(case):
    case.peer.will(_html())
    with pytest.raises(ProviderDown):
        await case.model.list_models()


async def test_the_key_is_in_no_address_no_text_and_no_log(case, caplog):
    secret = case.protocol.key.split(":")[-1]
    caplog.set_level(logging.DEBUG)
    shown = [repr(case.credentials), repr(case.model), str(vars(case.model).keys())]
    for answer in (
        case.protocol.answer(TEXTS),
        case.protocol.error(400, f"what is {case.protocol.key} or {secret}?"),
        case.protocol.error(401, f"Incorrect API key provided: {case.protocol.key} {secret}"),
        case.protocol.error(500, f"boom {secret}"),
        case.protocol.error_in_stream(f"boom {secret}"),
        case.protocol.malformed(TEXTS),
        case.protocol.broken(TEXTS, "cut"),
    ):
        case.peer.will(answer)
        try:
            await case.events()
        except ProviderError as exc:
            shown += [exc.message, exc.reason, repr(exc), "".join(traceback.format_exception(exc))]
    case.peer.will(case.protocol.error(401, f"bad key {secret}"))
    with pytest.raises(ProviderError) as caught:
        await case.model.list_models()
    shown += ["".join(traceback.format_exception(caught.value))]
    shown += [record.getMessage() for record in caplog.records]
    shown += [received.target for received in case.peer.received]
    assert len(case.peer.received) == 8
    assert not [text for text in shown if secret in text]


async def test_a_key_with_a_line_break_is_refused_before_any_call(case, client, policy):
    for key in ("sk-secret\r\nx-evil: 1", "sk-geheim-ü", "sk- secret"):
        credentials = Credentials(case.protocol.provider_type, key, case.peer.url, case.credentials.settings)
        model = create_chat_model(credentials, client, policy)
        for call in (model.list_models, lambda model=model: anext(model.stream(case.request))):
            with pytest.raises(ProviderMisconfigured) as caught:
                await call()
            assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert case.peer.received == []


async def test_an_address_inside_is_refused_before_any_call(case, client, policy):
    for url in (
        "http://169.254.169.254/v1",
        "http://10.0.0.1",
        "ftp://example.com",
        "http://a:b@example.com",
        "http://",
    ):
        credentials = Credentials(case.protocol.provider_type, case.protocol.key, url, {"region": "us-east-1"})
        model = create_chat_model(credentials, client, policy)
        with pytest.raises(ProviderMisconfigured):
            await model.list_models()
        with pytest.raises(ProviderMisconfigured):
            await anext(model.stream(case.request))


async def test_a_name_that_leads_into_the_machine_is_refused(case, client, policy):
    url = case.peer.url.replace("127.0.0.1", "localhost")
    credentials = Credentials(case.protocol.provider_type, case.protocol.key, url, {"region": "us-east-1"})
    with pytest.raises(ProviderMisconfigured):
        await create_chat_model(credentials, client, policy).list_models()
    assert case.peer.received == []


async def test_a_redirect_is_not_followed(case):
    case.peer.will(*[_moved(case.peer.url)] * 2)
    _, error = await case.failure()
    assert isinstance(error, (ProviderMisconfigured, ProviderRejected, ProviderDown))
    assert len(case.peer.received) == 1


async def test_nothing_listens_there(case, client, policy):
    url = case.peer.url
    await case.peer.stop()
    settings = {"region": "us-east-1"}
    model = create_chat_model(
        Credentials(case.protocol.provider_type, case.protocol.key, url, settings), client, policy
    )
    started = time.monotonic()
    with pytest.raises(ProviderDown):
        await anext(model.stream(case.request))
    with pytest.raises(ProviderDown):
        await model.list_models()
    assert time.monotonic() - started < 20


async def test_a_model_name_that_is_a_path_is_refused(case):
    for name in ("../../secrets", "a b", "x?y=1", "", "a/../b", "x" * 300):
        request = ChatRequest(name, "s", (ChatMessage("user", "hi"),))
        with pytest.raises(ProviderRejected):
            await anext(case.model.stream(request))
    assert case.peer.received == []


def _html():
    return Answer([b"<html><body>Welcome to the hotel network</body></html>"], content_type="text/html")


def _moved(url):
    return Answer([b""], status=302, headers={"location": f"{url}/elsewhere"})


FOREIGN = {
    "OPENAI_API_KEY": "sk-foreign", "OPENAI_BASE_URL": "http://127.0.0.1:1", "OPENAI_ORG_ID": "foreign",
    "ANTHROPIC_API_KEY": "sk-foreign", "ANTHROPIC_AUTH_TOKEN": "foreign", "ANTHROPIC_BASE_URL": "http://127.0.0.1:1",
    "GOOGLE_API_KEY": "foreign", "GEMINI_API_KEY": "foreign", "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:1", "GOOGLE_CLOUD_PROJECT": "foreign",
    "AWS_ACCESS_KEY_ID": "AKIAFOREIGN", "AWS_SECRET_ACCESS_KEY": "foreign", "AWS_SESSION_TOKEN": "foreign",
    "AWS_PROFILE": "foreign", "AWS_BEARER_TOKEN_BEDROCK": "foreign", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_REGION": "xx-foreign-1", "AWS_DEFAULT_REGION": "xx-foreign-1",
    "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1",
}  # fmt: skip


async def test_nothing_is_taken_from_the_servers_own_environment(case, monkeypatch):
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)
    case.peer.will(case.protocol.answer(TEXTS), case.protocol.models(["a-model"]))
    assert text_of(await case.events()) == "".join(TEXTS)
    assert await case.model.list_models() == ["a-model"]
    assert len(case.peer.received) == 2
    for received in case.peer.received:
        assert "foreign" not in str(received.headers).lower()


async def test_without_a_key_the_servers_own_is_not_used(case, client, policy, monkeypatch):
    if case.protocol.provider_type in {"ollama", "openai_compatible"}:
        pytest.skip("needs no key")
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)
    credentials = Credentials(case.protocol.provider_type, None, case.peer.url, case.credentials.settings)
    model = create_chat_model(credentials, client, policy)
    with pytest.raises(ProviderMisconfigured):
        await anext(model.stream(case.request))
    with pytest.raises(ProviderMisconfigured):
        await model.list_models()
    assert case.peer.received == []
