"""What is not a question: edits, deletions, reactions, pictures, people who leave, bots that are off."""

import json

from fastapi import FastAPI
from tests.gateway.talk import QUESTION, Line
from tests.tenants.test_events import bearer, listen


async def parts_of(line: Line) -> list[list[dict[str, object]]]:
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    return [message["parts"] for message in messages]


async def test_an_edit_before_the_answer_changes_the_question(line: Line) -> None:
    event = await line.write("chat-1", "Hwo mnay days?")
    await line.post({"type": "edited", "id": "e-1", "chat": "chat-1", "message": event["id"], "text": QUESTION})
    await line.settle()
    assert (await parts_of(line))[0] == [{"type": "text", "text": QUESTION}]


async def test_a_message_that_is_deleted_before_the_answer_gets_none(line: Line) -> None:
    event = await line.write("chat-1", QUESTION)
    await line.post({"type": "deleted", "id": "d-1", "chat": "chat-1", "message": event["id"]})
    await line.settle()
    assert line.platform.sent == []
    assert line.inbox()[0][1:] == ("done", "deleted by its sender")


async def test_later_edits_deletions_and_reactions_are_shown_and_answered_with_nothing(line: Line) -> None:
    event = await line.write("chat-1", QUESTION)
    await line.settle()
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    await line.post(
        {"type": "edited", "id": "e-1", "chat": "chat-1", "message": event["id"], "text": "Never mind."},
        {"type": "reaction", "id": "x-1", "chat": "chat-1", "message": names[0], "emoji": "👍"},
        {"type": "reaction", "id": "x-2", "chat": "chat-1", "message": "unknown", "emoji": "👎"},
        {"type": "deleted", "id": "d-1", "chat": "chat-1", "message": event["id"]},
    )
    await line.settle()

    asked, answered = await parts_of(line)
    assert asked[1:] == [{"type": "edited", "text": "Never mind."}, {"type": "deleted"}]
    assert answered[1:] == [{"type": "reaction", "emoji": "👍", "removed": False}]
    assert len(line.platform.texts("chat-1")) == 1
    assert {row[1] for row in line.inbox()} == {"done"}


async def test_a_picture_without_a_word_gets_a_polite_answer_in_the_customers_language(line: Line) -> None:
    await line.write("chat-1", "", attachments=[{"kind": "image", "name": "coat.jpg"}], language="de-AT")
    await line.settle()

    [answer] = line.platform.texts("chat-1")
    assert "nur Text lesen" in answer
    (part,) = [part for part in (await parts_of(line))[0] if part["type"] == "attachment"]
    assert (part["kind"], part["name"]) == ("image", "coat.jpg")


async def test_a_picture_with_a_question_is_answered_by_the_question(line: Line) -> None:
    await line.write("chat-1", QUESTION, attachments=[{"kind": "image"}])
    await line.settle()
    assert "30 days" in line.platform.texts("chat-1")[0]


async def test_a_number_means_what_was_offered_with_it(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    titles = ("Shoes", "Is the return free of charge?")
    offered = json.dumps([{"title": t, "value": t, "url": "", "description": ""} for t in titles])
    line.change("update threads set choices = %s::jsonb", offered)
    await line.write("chat-1", "2.")
    await line.settle()
    assert (await parts_of(line))[2] == [{"type": "text", "text": "Is the return free of charge?"}]


async def test_who_opted_out_gets_nothing_until_they_come_back(line: Line) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    await line.post({"type": "opt_out", "id": "o-1", "chat": "chat-1"})
    await line.settle()
    gone = "select gone from contact_identities where tenant_id = %s"
    left = line.rows(gone, line.shop.id)
    await line.post({"type": "opt_in", "id": "o-2", "chat": "chat-1"})
    await line.settle()
    assert left == [("The customer asked for no more messages.",)]
    assert line.rows(gone, line.shop.id) == [(None,)]


async def test_a_token_that_the_platform_takes_back_fails_the_deployment(line: Line) -> None:
    await line.post({"type": "revoked", "id": "v-1"})
    await line.settle()
    read = await line.shop.get(f"/v1/tenant/deployments/{line.deployment['id']}")
    assert read["status"] == "failed"
    assert "connect again" in read["detail"]


async def test_a_bot_that_is_off_leaves_the_question_as_a_dead_letter(line: Line) -> None:
    await line.shop.api.patch(f"/v1/tenant/bots/{line.bot['id']}", json={"is_active": False})
    await line.write("chat-1", QUESTION)
    await line.settle()
    [letter] = (await line.shop.get("/v1/tenant/dead-letters"))["items"]
    assert (letter["direction"], "switched off" in letter["reason"], letter["text"]) == ("in", True, QUESTION)

    await line.shop.api.patch(f"/v1/tenant/bots/{line.bot['id']}", json={"is_active": True})
    await line.shop.api.post(f"/v1/tenant/dead-letters/{letter['id']}/replay")
    await line.settle()
    assert len(line.platform.texts("chat-1")) == 1


async def test_the_bots_limit_makes_messages_wait_and_loses_none(line: Line) -> None:
    limits = {"rate_limit_per_second": 1, "rate_limit_per_minute": 2}
    await line.shop.api.patch(f"/v1/tenant/bots/{line.bot['id']}", json=limits)
    for n in range(4):
        await line.write(f"chat-{n}", QUESTION)
    await line.settle()

    states = [row[1] for row in line.inbox()]
    assert states.count("new") >= 2
    assert len(line.waits()) == states.count("new")
    await line.shop.api.patch(f"/v1/tenant/bots/{line.bot['id']}", json=dict.fromkeys(limits, 1000))
    await line.settle()
    assert [len(line.platform.texts(f"chat-{n}")) for n in range(4)] == [1] * 4


async def test_who_changed_what_cannot_be_seen_is_asked_to_write_it_anew(line: Line) -> None:
    await line.write("chat-1", "", changed=True, language="de")
    await line.settle()
    assert "noch einmal neu" in line.platform.sent[0]["text"]
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    asked, answer = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    assert {"type": "changed"} in asked["parts"]
    assert answer["outcome"] == "declined"


async def test_who_looks_at_a_conversation_hears_of_receipts_and_of_what_got_stuck(line: Line, app: FastAPI) -> None:
    await line.write("chat-1", QUESTION)
    await line.settle()
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    [(names,)] = line.rows("select external_ids from outbox where deployment_id = %s", line.deployment["id"])
    async with listen(app, bearer(line.shop)) as stream:
        await stream.until("hello")
        await line.post({"type": "receipt", "id": "r-1", "message": names[0], "state": "read"})
        await line.settle()
        await stream.until(f'event: conversation\ndata: {{"id":"{talk["id"]}"')
        line.platform.will_answer(400)
        await line.write("chat-2", QUESTION)
        await line.settle()
        await stream.until(f'event: deployment\ndata: {{"id":"{line.deployment["id"]}"')
