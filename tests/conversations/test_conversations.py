"""What a shop sees of its conversations: lists with filters, ratings, usage, and the home of a bot."""

import pytest_asyncio
from tests.shops import Json, Shop
from tests.widget.talk import Jobs

RULES = "# Returns\n\nUnworn articles can be returned within 30 days.\n\n# Shipping\n\nShipping costs 4.90 EUR."


@pytest_asyncio.fixture
async def bot(shop: Shop, run_jobs: Jobs) -> Json:
    dataset = await shop.dataset()
    await shop.text(dataset, "Rules", RULES, source_type="markdown")
    await run_jobs()
    return await shop.bot(dataset)


async def rate(shop: Shop, answer: Json, rating: str | None, comment: str = "", status: int = 200) -> Json:
    body = {"session_id": answer["session_id"], "message_id": answer["message_id"], "rating": rating}
    return await shop.post("/v1/chat/feedback", {**body, "comment": comment}, status=status)


async def test_the_last_rating_of_an_answer_counts_and_stands_in_the_transcript(shop: Shop, bot: Json) -> None:
    answer = await shop.ask(bot, "How much is shipping?")
    await rate(shop, answer, "up")
    await rate(shop, answer, "down", "Too short")
    talk = (await shop.get("/v1/tenant/conversations"))["items"][0]
    messages = (await shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    assert [(m["rating"], m["comment"]) for m in messages] == [(None, ""), ("down", "Too short")]
    assert talk["rating"] == "down"


async def test_only_an_answer_of_ones_own_session_can_be_rated(shop: Shop, bot: Json) -> None:
    first = await shop.ask(bot, "How much is shipping?")
    second = await shop.ask(bot, "How much is shipping?")
    await rate(shop, {**first, "session_id": second["session_id"]}, "up", status=404)


async def test_conversations_are_found_by_bot_outcome_rating_words_and_time(shop: Shop, bot: Json) -> None:
    other = await shop.bot()
    # What a page says of itself does not make it a platform.
    answered = await shop.ask(bot, "How much is shipping?", metadata={"channel": "telegram", "page": "/help"})
    declined = await shop.ask(other, "Do you sell 100%_cotton hats?")
    await rate(shop, answered, "up")

    async def sessions(query: str) -> list[str]:
        return [c["session_id"] for c in (await shop.get(f"/v1/tenant/conversations?{query}"))["items"]]

    a, d = answered["session_id"], declined["session_id"]
    assert await sessions("") == [d, a]
    assert await sessions(f"bot_id={bot['id']}") == [a]
    assert await sessions("outcome=answered") == [a]
    assert await sessions("outcome=declined") == [d]
    assert await sessions("rating=up") == [a]
    assert await sessions("q=SHIPPING") == [a]
    assert await sessions("q=100%25_") == [d]
    assert await sessions("q=%25%25") == []
    assert await sessions("channel=telegram") == []
    assert await sessions("channel=web") == [d, a]
    assert await sessions("from=2099-01-01T00:00:00Z") == []
    assert await sessions("to=2020-01-01T00:00:00Z") == []
    glance = (await shop.get(f"/v1/tenant/conversations?bot_id={bot['id']}"))["items"][0]
    assert "4.90" in glance["last_message"]
    assert (glance["channel"], glance["contact_id"], glance["metadata"]) == (None, None, {"page": "/help"})
    assert glance["outcomes"] == ["answered"]


async def test_usage_counts_the_turns_of_each_day(shop: Shop, bot: Json) -> None:
    await shop.ask(bot, "How much is shipping?")
    await shop.ask(bot, "Who won the match last night?")
    used = await shop.get("/v1/tenant/usage")
    assert used["totals"]["turns"] == 2
    assert used["totals"]["answered"] == 1
    assert len(used["days"]) == 1
    assert (await shop.get("/v1/tenant/usage?to=2020-02-01T00:00:00Z"))["totals"]["turns"] == 0
    await shop.get("/v1/tenant/usage?from=2021-01-01T00:00:00Z&to=2020-01-01T00:00:00Z", status=422)


async def test_the_home_of_a_bot_says_what_it_could_not_answer_and_what_to_do_next(shop: Shop, bot: Json) -> None:
    answer = await shop.ask(bot, "How much is shipping?")
    for question in ("Do you repair bicycles?", "Do you rent bicycles?", "Do you paint bicycles?"):
        assert (await shop.ask(bot, question))["outcome"] != "answered"
    home = await shop.get(f"/v1/tenant/bots/{bot['id']}/overview")
    assert home["live"]
    assert home["healthy"]
    assert home["week"]["turns"] == 4
    assert home["top_documents"] == [
        {"document_id": answer["citations"][0]["document_id"], "title": "Rules", "citations": 1}
    ]
    assert len(home["unanswered"]) == home["week"]["declined"]
    assert len(home["next_steps"]) <= 3
    assert "set_scope" in {step["code"] for step in home["next_steps"]}


async def test_an_empty_bot_is_told_to_add_knowledge_first(shop: Shop) -> None:
    home = await shop.get(f"/v1/tenant/bots/{(await shop.bot())['id']}/overview")
    assert not home["healthy"]
    assert home["next_steps"][0]["code"] == "add_knowledge"
