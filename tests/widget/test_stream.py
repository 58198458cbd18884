"""Streamed answers are the same answers."""

import pytest
from httpx2 import AsyncClient
from tests.shops import Shop
from tests.stub_model import StubModel
from tests.widget.talk import QUESTION, Jobs, events, knowing_bot, written_bot


async def test_the_stream_ends_with_the_answer_that_was_told_in_pieces(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)

    told = await events(shop.api, "/v1/chat/efficient", {"bot_id": bot["id"], "message": QUESTION, "stream": True})

    names = [name for name, _ in told]
    assert names[-2:] == ["citations", "done"]
    assert "token" in names
    assert set(names) <= {"step", "token", "citations", "done"}
    done = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "token") == done["answer"]
    assert told[-2][1]["citations"] == done["citations"]
    assert done["outcome"] == "answered"


async def test_a_streamed_answer_is_the_one_that_is_not_streamed(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "message": QUESTION}

    whole = await shop.ask(bot, QUESTION)
    done = (await events(shop.api, "/v1/chat/efficient", {**body, "stream": True}))[-1][1]

    own = {"session_id", "message_id", "timings_ms"}
    assert set(whole) == set(done)
    assert {k: v for k, v in whole.items() if k not in own} == {k: v for k, v in done.items() if k not in own}


async def test_the_accept_header_asks_for_a_stream_too(shop: Shop, client: AsyncClient, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": QUESTION}]}
    told = await events(client, "/v1/chat/public", body, accept="text/event-stream")
    assert told[-1][0] == "done"


async def test_what_was_streamed_is_what_is_stored(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "message": QUESTION, "stream": True}
    done = (await events(shop.api, "/v1/chat/efficient", body))[-1][1]

    transcript = await shop.get(f"/v1/chat/sessions/{done['session_id']}")

    last = transcript["messages"][-1]
    assert (last["id"], last["text"], last["outcome"]) == (done["message_id"], done["answer"], "answered")
    assert last["citations"] == done["citations"]


@pytest.mark.parametrize("wrong", ["bot", "message", "key"])
async def test_what_is_refused_is_refused_before_the_stream_begins(shop: Shop, client: AsyncClient, wrong: str) -> None:
    bot = await shop.bot()
    body = {"bot_id": bot["id"], "message": "hi", "stream": True}
    if wrong == "bot":
        body["bot_id"] = shop.id
    if wrong == "message":
        body["message"] = "  "
    http = client if wrong == "key" else shop.api
    answer = await http.post("/v1/chat/efficient", json=body)
    assert answer.status_code == {"bot": 404, "message": 422, "key": 401}[wrong]
    assert answer.headers["content-type"] == "application/problem+json"


async def test_tokens_of_a_model_leave_in_whole_checked_sentences(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel
) -> None:
    stub_model.answer = (
        "You can return unworn articles within 30 days of delivery [1]. The return costs 99 EUR [1]. "
        "The return is free of charge within Germany [1]."
    )
    bot = await written_bot(shop, run_jobs, stub_model)
    told = await events(shop.api, "/v1/chat/efficient", {"bot_id": bot["id"], "message": QUESTION, "stream": True})

    pieces = [data["text"] for name, data in told if name == "token"]
    assert len(pieces) >= 2
    assert "".join(pieces) == told[-1][1]["answer"]
    assert "99" not in "".join(pieces)


async def test_a_streamed_answer_is_not_kept_by_anything_between(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "message": QUESTION, "stream": True}
    answer = await shop.api.post("/v1/chat/efficient", json=body)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["x-content-type-options"] == "nosniff"
