"""The reader of streamed completions, whatever way the bytes are cut."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwright.llm.counting import estimate_prompt_tokens, estimate_tokens
from shopwright.llm.openai_protocol.reading import (
    MAX_LINE_BYTES,
    MAX_STREAM_BYTES,
    ChatReader,
)
from shopwright.llm.port import ChatMessage, ChatRequest, ProviderDown, ProviderError, ProviderRejected

REQUEST = ChatRequest("m", "12345678", (ChatMessage("user", "abcd"),))
texts = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8)


def event(content=None, reason=None, **more) -> bytes:
    delta = {} if content is None else {"content": content}
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    return b"data: " + json.dumps({"choices": choices, **more}).encode() + b"\n\n"


def read(stream: bytes, cuts=()) -> tuple[str, object]:
    reader, text, start = ChatReader(REQUEST), "", 0
    for cut in [*sorted(cuts), len(stream)]:
        text += reader.feed(stream[start:cut])
        start = cut
        if reader.failure is not None:
            break
    last, finished = reader.finish()
    return text + last, finished


@given(texts, st.data())
def test_the_text_does_not_depend_on_how_the_bytes_are_cut(parts, data):
    stream = b"".join(event(part) for part in parts) + event(".") + event(reason="stop") + b"data: [DONE]\n\n"
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    assert read(stream, cuts)[0] == "".join(parts) + "."


@given(st.binary(max_size=400), st.data())
def test_any_bytes_end_in_text_or_a_provider_error(stream, data):
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=4))
    with contextlib.suppress(ProviderError):
        read(stream, cuts)


NAMES = ["choices", "delta", "content", "usage", "error", "finish_reason", "message"]
events = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(events)
def test_any_json_ends_in_text_or_a_provider_error(value):
    with contextlib.suppress(ProviderError):
        read(b"data: " + json.dumps(value).encode() + b"\n\ndata: [DONE]\n\n")


def test_line_ends_comments_and_other_fields_of_server_sent_events_are_understood():
    body = json.dumps({"choices": [{"delta": {"content": "Hi"}}]})
    stream = f": ping\r\nevent: x\r\nid: 1\r\nretry: 5\r\ndata:{body}\r\n\r\ndata: [DONE]\r\n\r\n".encode()
    assert read(stream)[0] == "Hi"


def test_usage_may_come_alone_with_a_choice_or_not_at_all():
    usage = {"prompt_tokens": 9, "completion_tokens": 4}
    alone = event("x", "stop") + b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"
    _, finished = read(alone)
    assert (finished.prompt_tokens, finished.completion_tokens) == (9, 4)
    _, finished = read(event("x", "stop", usage=usage))
    assert (finished.prompt_tokens, finished.completion_tokens) == (9, 4)
    _, finished = read(event("12345", "stop"))
    assert (finished.prompt_tokens, finished.completion_tokens) == (2 + 4 + 1 + 4, 2)
    _, finished = read(event("12345", "stop", usage={"prompt_tokens": -1, "completion_tokens": "many"}))
    assert (finished.prompt_tokens, finished.completion_tokens) == (11, 2)


def test_tokens_are_estimated_by_four_bytes_each():
    assert [estimate_tokens(text) for text in ("", "abc", "abcd", "abcde", "送料無料")] == [0, 1, 1, 2, 3]
    assert estimate_prompt_tokens(REQUEST) == 11


def test_a_server_that_does_not_stream_is_understood():
    body = {"choices": [{"message": {"role": "assistant", "content": "All at once"}, "finish_reason": "stop"}]}
    assert read(json.dumps(body, indent=1).encode())[0] == "All at once"


def test_the_last_line_may_lack_its_end():
    assert read(event("x") + event("y", "stop").rstrip())[0] == "xy"


def test_text_before_rubbish_is_not_lost():
    reader = ChatReader(REQUEST)
    assert reader.feed(event("kept") + b"data: {oops\n\n" + event("not this")) == "kept"
    assert isinstance(reader.failure, ProviderDown)


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (b"", ProviderDown),
        (b"data: [DONE]\n\n", ProviderDown),
        (event("text"), ProviderDown),
        (event(reason="stop"), ProviderDown),
        (event(reason="length"), ProviderRejected),
        (event(reason="content_filter"), ProviderRejected),
        (b"data: 17\n\n", ProviderDown),
        (b'data: {"error": {"message": "no"}}\n\n', ProviderDown),
        (b'{"error": {"message": "no"}}', ProviderDown),
        (b"<html>", ProviderDown),
        (b'data: {"choices": [{"delta": {"content": "' + b"x" * (MAX_LINE_BYTES + 1), ProviderDown),
        (b": ping\n" * (MAX_STREAM_BYTES // 7 + 1), ProviderDown),
    ],
)
def test_what_is_no_answer_is_an_error(stream, kind):
    with pytest.raises(kind):
        read(stream)


def test_an_answer_that_the_filter_or_the_limit_ended_is_marked():
    assert read(event("x", "length"))[1].cut
    assert read(event("x", "content_filter"))[1].cut
    assert not read(event("x", "stop"))[1].cut
