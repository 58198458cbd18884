"""Out: what a platform refuses, delays or forgets, and what becomes of it."""

from itertools import pairwise

import pytest
from tests.gateway.stub_platform import PART_CHARACTERS
from tests.gateway.talk import QUESTION, Line

from shopwright.gateway.outcomes import CLOSED


async def letters(line: Line) -> list[dict[str, object]]:
    return list((await line.shop.get("/v1/tenant/dead-letters"))["items"])


async def test_a_platform_that_asks_for_patience_gets_it_and_then_the_answer(line: Line) -> None:
    line.platform.will_answer(429, retry_after="90")
    await line.write("chat-1", QUESTION)
    await line.settle()

    assert line.platform.sent == []
    assert line.outbox() == [("pending", 1, "Stub asks for patience.")]
    assert [85 < wait < 95 for wait in line.waits()] == [True]
    await line.settle()
    assert len(line.platform.texts("chat-1")) == 1
    assert [row[0] for row in line.outbox()] == ["sent"]


async def test_without_a_word_from_the_platform_each_try_waits_longer(line: Line) -> None:
    line.platform.will_answer(500, 500, 500, 500)
    await line.write("chat-1", QUESTION)
    waits = []
    for _ in range(4):
        await line.settle()
        waits += line.waits()
    assert len(waits) == 4
    assert all(later > sooner for sooner, later in pairwise(waits))


async def test_what_fails_for_too_long_is_a_dead_letter_with_the_reason(line: Line) -> None:
    line.platform.will_answer(*[500] * 12)
    await line.write("chat-1", QUESTION)
    for _ in range(12):
        await line.settle()

    [letter] = await letters(line)
    assert (letter["direction"], letter["attempts"]) == ("out", 12)
    assert "too long" in str(letter["reason"])
    assert "30 days" in str(letter["text"])
    assert line.waits() == []


async def test_a_rejected_answer_is_a_dead_letter_that_can_be_replayed(line: Line) -> None:
    line.platform.will_answer(400)
    await line.write("chat-1", QUESTION)
    await line.settle()
    [letter] = await letters(line)

    await line.shop.api.post(f"/v1/tenant/dead-letters/{letter['id']}/replay")
    await line.settle()

    assert letter["reason"] == "Stub refused it (400)."
    assert len(line.platform.texts("chat-1")) == 1
    assert await letters(line) == []
    again = await line.shop.api.post(f"/v1/tenant/dead-letters/{letter['id']}/replay")
    assert again.status_code == 404


async def test_all_that_got_stuck_is_tried_again_together(line: Line) -> None:
    line.platform.will_answer(400, 400)
    for chat in ("chat-1", "chat-2"):
        await line.write(chat, QUESTION)
    await line.settle()
    stuck = await line.shop.get(f"/v1/tenant/deployments/{line.deployment['id']}")
    other = await line.shop.bot()
    none = await line.shop.post("/v1/tenant/dead-letters/replay", {"bot_id": other["id"]}, status=202)
    some = await line.shop.post("/v1/tenant/dead-letters/replay", {"bot_id": line.bot["id"]}, status=202)
    await line.settle()

    assert stuck["dead_letters"] == 2
    assert (none, some) == ({"replayed": 0, "left": 0}, {"replayed": 2, "left": 0})
    assert [len(line.platform.texts(chat)) for chat in ("chat-1", "chat-2")] == [1, 1]
    assert await letters(line) == []


async def test_letters_are_found_by_their_bot(line: Line) -> None:
    line.platform.will_answer(400)
    await line.write("chat-1", QUESTION)
    await line.settle()
    other = await line.shop.bot()
    of_bot = await line.shop.get(f"/v1/tenant/dead-letters?bot_id={line.bot['id']}")
    of_other = await line.shop.get(f"/v1/tenant/dead-letters?bot_id={other['id']}")
    assert (len(of_bot["items"]), of_other["items"]) == (1, [])


async def test_a_conversation_shows_what_became_of_each_answer(line: Line) -> None:
    seen = []

    async def look() -> None:
        [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
        messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
        assert messages[0]["delivery"] is None
        seen.append((messages[1]["delivery"]["state"], messages[1]["delivery"]["reason"]))

    line.platform.will_answer(429)
    await line.write("chat-1", QUESTION)
    await line.settle()
    await look()
    await line.settle()
    await look()
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    for number, state in enumerate(("delivered", "read", "failed")):
        reason = {"reason": "Not on this platform."} if state == "failed" else {}
        await line.post({"type": "receipt", "id": f"r-{number}", "message": names[0], "state": state, **reason})
        await line.settle()
        await look()

    assert seen == [
        ("waiting", "Stub asks for patience."), ("sent", ""), ("delivered", ""), ("read", ""),
        ("failed", "Not on this platform."),
    ]  # fmt: skip


async def test_a_dead_letter_does_not_hold_up_the_next_answer(line: Line) -> None:
    line.platform.will_answer(400)
    await line.write("chat-1", QUESTION)
    await line.settle()
    await line.write("chat-1", "Is the return free of charge?")
    await line.settle()
    assert [row[0] for row in line.outbox()] == ["dead", "sent"]


async def test_an_answer_that_waits_keeps_those_behind_it_in_order(line: Line) -> None:
    line.platform.will_answer(429, retry_after="3600")
    await line.write("chat-1", QUESTION)
    await line.settle()
    line.platform.will_answer(429, retry_after="3600")
    await line.write("chat-1", "Is the return free of charge?")
    await line.settle()
    assert [row[0] for row in line.outbox()] == ["pending", "pending"]
    await line.settle()

    assert [row[0] for row in line.outbox()] == ["sent", "sent"]
    keys = [body["key"] for body in line.platform.sent]
    order = line.rows("select id::text from outbox where deployment_id = %s order by seq", line.deployment["id"])
    assert keys == [key for (key,) in order]


async def test_a_long_answer_goes_on_where_it_stopped(line: Line) -> None:
    line.platform.will_answer(500)
    await line.write("chat-1", QUESTION)
    await line.settle()
    text = " ".join(f"word{n}" for n in range(300))  # as if the bot had said more
    line.change("update outbox set message = jsonb_set(message, '{text}', to_jsonb(%s::text))", text)
    line.platform.will_answer(200, 500)
    await line.settle()
    line.platform.will_answer(200)
    await line.settle()

    parts = [body["part"] for body in line.platform.sent]
    assert parts == list(range(-(-len(text) // PART_CHARACTERS)))
    assert line.platform.texts("chat-1") == [text]


async def test_refused_credentials_fail_the_deployment_and_say_so(line: Line) -> None:
    line.platform.will_answer(401)
    await line.write("chat-1", QUESTION)
    await line.settle()

    read = await line.shop.get(f"/v1/tenant/deployments/{line.deployment['id']}")
    status = (await line.shop.get(f"/api/bots/{line.bot['id']}/status"))["deployment_status"]["http"]
    assert (read["status"], read["detail"]) == ("failed", "Stub refused it (401).")
    assert status["status"] == "failed"


async def test_nothing_more_is_sent_to_who_left_until_they_write_again(line: Line) -> None:
    line.platform.will_answer(410)
    await line.write("chat-1", QUESTION)
    await line.settle()
    [gone] = line.rows("select gone from contact_identities i join contacts c on c.id = i.contact_id"
                       " where c.tenant_id = %s", line.shop.id)  # fmt: skip
    await line.write("chat-1", "Is the return free of charge?")
    await line.settle()

    assert gone == ("Stub refused it (410).",)
    assert [row[0] for row in line.outbox()] == ["dead", "sent"]
    assert line.rows("select gone from threads where deployment_id = %s", line.deployment["id"]) == [(None,)]


@pytest.mark.parametrize("takes_text", [False, True])
async def test_outside_of_the_window_the_template_is_sent(line: Line, takes_text: bool) -> None:
    settings = {"template": "we_have_an_answer", "template_takes_text": takes_text}
    changed = await line.shop.api.patch(f"/v1/tenant/deployments/{line.deployment['id']}", json={"settings": settings})
    assert changed.status_code == 200
    line.platform.will_answer(470)
    await line.write("chat-1", QUESTION)
    await line.settle()
    assert [body["template"] for body in line.platform.sent] == ["we_have_an_answer"]


async def test_outside_of_the_window_without_a_template_it_is_a_dead_letter(line: Line) -> None:
    line.platform.will_answer(470)
    await line.write("chat-1", QUESTION)
    await line.settle()
    assert [letter["reason"] for letter in await letters(line)] == [CLOSED]


async def test_what_a_platform_took_and_found_too_late_afterwards_goes_as_the_template_once(line: Line) -> None:
    settings = {"template": "we_have_an_answer", "template_takes_text": True}
    await line.shop.api.patch(f"/v1/tenant/deployments/{line.deployment['id']}", json={"settings": settings})
    await line.write("chat-1", QUESTION)
    await line.settle()
    late = {"type": "receipt", "state": "failed", "reason": "131047: too late", "late": True}
    for n in range(2):  # of the answer, and then of the template itself
        [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
        await line.post({**late, "id": f"r-{n}", "message": names[-1]})
        await line.settle()
    assert [body.get("template", "") for body in line.platform.sent] == ["", "we_have_an_answer"]
    assert "30 days" in str(line.platform.sent[1])
    assert [letter["reason"] for letter in await letters(line)] == ["131047: too late"]


async def test_what_was_found_too_late_afterwards_is_a_dead_letter_without_a_template(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    late = {"type": "receipt", "id": "r-1", "message": names[0], "state": "failed", "reason": "131047", "late": True}
    await line.post(late)
    await line.settle()
    assert [letter["reason"] for letter in await letters(line)] == [CLOSED]


async def test_a_receipt_is_shown_and_an_early_one_does_not_undo_a_late_one(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    for n, state in enumerate(("read", "delivered")):
        await line.post({"type": "receipt", "id": f"r-{n}", "message": names[0], "state": state})
        await line.settle()
    assert line.rows("select receipt from outbox where deployment_id = %s", line.deployment["id"]) == [("read",)]


async def test_what_a_platform_took_and_could_not_deliver_is_replayed_from_the_conversation(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    failed = {"type": "receipt", "id": "r-1", "message": names[0], "state": "failed", "reason": "Number not in use."}
    await line.post(failed)
    await line.settle()
    [letter] = await letters(line)
    await line.shop.api.post(f"/v1/tenant/dead-letters/{letter['id']}/replay")
    await line.settle()

    assert letter["reason"] == "Number not in use."
    texts = [body["text"] for body in line.platform.sent]
    assert len(texts) == 2
    assert texts[0] == texts[1]
