"""How an answer came about can be looked up; what must not be kept is not kept; the work stays small."""

import asyncio

import psycopg
import pytest
from httpx2 import AsyncClient
from tests.entrypoints.test_lists import statements
from tests.shops import Shop
from tests.stub_model import StubModel
from tests.widget.talk import QUESTION, Jobs, knowing_bot, written_bot

from shopwright.entrypoints.maintenance import run_maintenance
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres

AUDIT = {"enabled": True, "log_conversations": True, "log_knowledge_retrieval": True, "retention_days": 90}


async def set_audit(admin: AsyncClient, **changes: object) -> None:
    body = {"key": "audit_logging", "value": {**AUDIT, **changes}}
    assert (await admin.post("/admin/settings/system", json=body)).status_code == 200


async def test_a_turn_tells_what_was_understood_found_written_checked_and_spent(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel
) -> None:
    stub_model.answer = "You can return unworn articles within 30 days of delivery [1]. It costs 9 EUR [1]."
    bot = await written_bot(shop, run_jobs, stub_model)
    answer = await shop.ask(bot, QUESTION)

    turn = await shop.get(f"/v1/tenant/turns/{answer['message_id']}")

    assert (turn["bot_id"], turn["outcome"], turn["model"]) == (bot["id"], "answered", "stub-1")
    assert (turn["prompt_tokens"], turn["completion_tokens"]) == (100, 16)
    trace = turn["trace"]
    assert trace["understood"]["language"] == "en"
    assert trace["found"]["passages"][0]["score"] > 0
    assert "30 days" in trace["found"]["passages"][0]["text"]
    assert trace["scope"]["action"] == "allow"
    assert trace["prompted"]["passages"] >= 1
    assert {item["verdict"] for item in trace["checked"]} == {"supported", "unsupported"}
    assert all(value >= 0 for value in trace["timings_ms"].values())
    assert turn["total_ms"] > 0


async def test_every_outcome_has_a_trace(shop: Shop) -> None:
    bot = await shop.bot()
    for text in ("Hello", "I want to talk to a human", "What is the price of tea?"):
        answer = await shop.ask(bot, text)
        assert (await shop.get(f"/v1/tenant/turns/{answer['message_id']}"))["outcome"] == answer["outcome"]


@pytest.mark.parametrize("name", ["log_conversations", "log_knowledge_retrieval"])
async def test_what_shall_not_be_logged_is_not_in_the_trace(
    shop: Shop, run_jobs: Jobs, admin: AsyncClient, name: str
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    await set_audit(admin, **{name: False})
    try:
        answer = await shop.ask(bot, QUESTION)
    finally:
        await set_audit(admin)
    trace = (await shop.get(f"/v1/tenant/turns/{answer['message_id']}"))["trace"]
    assert answer["outcome"] == "answered"
    if name == "log_knowledge_retrieval":
        assert "found" not in trace
    else:
        assert "text" not in trace["found"]["passages"][0]
        assert "30 days" not in str(trace)


async def test_without_conversation_logs_what_was_said_is_forgotten_when_the_talk_is_over(
    shop: Shop, run_jobs: Jobs, admin: AsyncClient, core: Core, postgres: EmbeddedPostgres
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    old, live = await shop.ask(bot, QUESTION), await shop.ask(bot, QUESTION)
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute(
            "update conversations set updated_at = now() - interval '2 hours' where session_id = %s",
            (old["session_id"],),
        )
    await set_audit(admin, log_conversations=False)
    try:
        await run_maintenance(core)
    finally:
        await set_audit(admin)

    forgotten = await shop.get(f"/v1/chat/sessions/{old['session_id']}")
    kept = await shop.get(f"/v1/chat/sessions/{live['session_id']}")
    assert [m["text"] for m in forgotten["messages"]] == ["", ""]
    assert forgotten["messages"][1]["citations"] == []
    assert kept["messages"][0]["text"] == QUESTION


async def test_a_turn_takes_at_most_twelve_statements_however_long_the_talk(
    shop: Shop, run_jobs: Jobs, core: Core
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    session = (await shop.ask(bot, QUESTION))["session_id"]
    with statements(core) as first:
        await shop.ask(bot, "How long does the refund take?", session_id=session)
    counts = []
    for turns in (1, 8):
        for _ in range(turns):
            await shop.ask(bot, QUESTION, session_id=session)
        core.live_settings.forget()
        with statements(core) as seen:
            await shop.ask(bot, "How long does the refund take?", session_id=session)
        counts.append(len(seen))
    assert max(*counts, len(first)) <= 12, first
    assert counts[0] == counts[1]


async def test_a_turn_with_a_model_takes_no_more_statements(
    shop: Shop, run_jobs: Jobs, core: Core, stub_model: StubModel
) -> None:
    stub_model.answer = "You can return unworn articles within 30 days of delivery [1]."
    bot = await written_bot(shop, run_jobs, stub_model)
    await shop.ask(bot, QUESTION)
    with statements(core) as seen:
        await shop.ask(bot, "How many days for a return?")
    assert len(seen) <= 12, seen


async def test_no_transaction_is_open_while_a_model_writes(
    shop: Shop, run_jobs: Jobs, core: Core, stub_model: StubModel, postgres: EmbeddedPostgres
) -> None:
    stub_model.broken = "stall"
    bot = await written_bot(shop, run_jobs, stub_model)
    before = len(stub_model.requests)
    task = asyncio.create_task(shop.ask(bot, QUESTION))
    async with asyncio.timeout(20):
        while len(stub_model.requests) == before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    with psycopg.connect(postgres.owner_url) as connection:
        open_ = connection.execute(
            "select query from pg_stat_activity where datname = current_database() and state like 'idle in trans%'"
        ).fetchall()
    task.cancel()
    assert open_ == []


async def test_the_conversations_of_a_bot_are_listed_with_their_messages(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    answer = await shop.ask(bot, QUESTION, metadata={"source": "website"})
    listed = (await shop.get(f"/v1/tenant/conversations?bot_id={bot['id']}"))["items"]
    assert [(c["session_id"], c["metadata"], c["language"]) for c in listed] == [
        (answer["session_id"], {"source": "website"}, "en")
    ]
    messages = (await shop.get(f"/v1/tenant/conversations/{listed[0]['id']}/messages"))["items"]
    assert [m["direction"] for m in messages] == ["inbound", "outbound"]
    assert messages[1]["parts"] == [{"type": "text", "text": answer["answer"]}]
    assert (await shop.api.delete(f"/v1/tenant/conversations/{listed[0]['id']}")).status_code == 204
    assert (await shop.api.get(f"/v1/tenant/turns/{answer['message_id']}")).status_code == 404
    assert (await shop.api.get(f"/v1/chat/sessions/{answer['session_id']}")).status_code == 404
