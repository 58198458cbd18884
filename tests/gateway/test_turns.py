"""From a platform's webhook to the answer on that platform."""

import asyncio

from tests.gateway.talk import QUESTION, Line

from shopwright.gateway.claiming import MAX_TOGETHER


async def test_a_question_on_a_platform_is_answered_there_and_kept_as_a_conversation(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    assert line.platform.sent == []

    await line.settle()

    [answer] = line.platform.texts("chat-1")
    assert "30 days" in answer
    assert [row[1] for row in line.inbox()] == ["done"]
    assert [row[0] for row in line.outbox()] == ["sent"]
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    assert talk["channel"] == "http"
    [contact] = (await line.shop.get("/v1/tenant/contacts"))["items"]
    assert (talk["contact_id"], contact["channels"]) == (contact["id"], ["http"])
    messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    assert [(m["author"], m["parts"][0]["text"]) for m in messages] == [("contact", QUESTION), ("bot", answer)]


async def test_a_message_that_is_delivered_again_is_answered_once(line: Line) -> None:
    event = await line.write("chat-1", QUESTION)
    await line.post(event)
    await line.settle()
    again = await line.post(event, event)
    await line.settle()

    assert again.status_code == 200
    assert len(line.platform.texts("chat-1")) == 1
    assert len(line.inbox()) == 1


async def test_three_quick_messages_are_one_turn_in_the_order_they_were_written(line: Line) -> None:
    for text in ("Hello, a question.", "I bought a coat.", QUESTION):
        await line.write("chat-1", text)
    await line.settle()

    assert len(line.platform.texts("chat-1")) == 1
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    assert messages[0]["parts"][0]["text"] == f"Hello, a question.\nI bought a coat.\n{QUESTION}"


async def test_two_conversations_at_once_get_their_own_answers(line: Line) -> None:
    await asyncio.gather(*(line.write(f"chat-{n}", QUESTION) for n in range(6)))
    await line.settle()

    assert [len(line.platform.texts(f"chat-{n}")) for n in range(6)] == [1] * 6
    talks = (await line.shop.get("/v1/tenant/conversations"))["items"]
    assert len({talk["session_id"] for talk in talks}) == 6


async def test_a_second_question_continues_the_conversation(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    await line.write("chat-1", "Is the return free of charge?")
    await line.settle()

    assert len(line.platform.texts("chat-1")) == 2
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    assert talk["message_count"] == 4


async def test_the_handle_of_a_conversation_on_a_platform_cannot_be_guessed_from_the_chat(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()

    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    assert "chat-1" not in talk["session_id"]
    assert len(talk["session_id"]) >= 40
    payloads = line.rows("select concat(lock, ' ', args) from procrastinate_jobs")
    assert not [text for (text,) in payloads if "chat-1" in text]


async def test_more_messages_than_fit_into_one_turn_are_several_and_none_is_cut_off(line: Line) -> None:
    for n in range(MAX_TOGETHER + 3):
        await line.write("chat-1", f"Line {n} of a long story.")
    await line.settle()

    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    asked = [m["parts"][0]["text"].split("\n") for m in messages if m["author"] == "contact"]
    assert [len(lines) for lines in asked] == [MAX_TOGETHER, 3]
    assert [line for lines in asked for line in lines] == [
        f"Line {n} of a long story." for n in range(MAX_TOGETHER + 3)
    ]
