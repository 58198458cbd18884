"""The product on every emulated platform: what a customer sees there, whatever goes wrong on the way."""

import re

import pytest
from tests.lab.booth import QUESTION, SECOND, Booth, text_of

from shopwright.lab.registry import EMULATORS

LONG = " ".join(f"wörd{n}" for n in range(900))


async def test_connecting_registers_the_webhook_and_breaks_no_rule(booth: Booth) -> None:
    # Where a person does it on the platform's pages, the first call from there completes it.
    assert booth.deployment["status"] in {"connected", "pending" if EMULATORS[booth.channel].by_hand else ""}
    assert booth.deployment["lab"] is True
    assert (await booth.thread())["violations"] == []
    assert (await booth.thread())["messages"] == []


async def test_a_question_is_answered_in_the_customers_app(booth: Booth) -> None:
    done = await booth.writes(QUESTION)
    await booth.settle()

    thread = await booth.thread()
    assert (await booth.status())["status"] == "connected"
    assert done["status"] == (250 if booth.channel == "email" else 200)
    assert [m["sender"] for m in thread["messages"]] == ["customer", "bot"]
    assert text_of(thread["messages"][0]) == QUESTION
    assert "30 days" in text_of(thread["messages"][1])
    assert thread["violations"] == []
    assert {call["direction"] for call in thread["calls"]} == {"in", "out"}
    assert thread["window_open"] is True


async def test_the_conversation_says_that_it_is_of_the_lab_and_the_bot_is_not_live(booth: Booth) -> None:
    await booth.writes(QUESTION)
    await booth.settle()

    [talk] = (await booth.shop.get("/v1/tenant/conversations"))["items"]
    live = (await booth.shop.get(f"/v1/tenant/bots/{booth.bot['id']}/deployments"))["items"]
    bot = await booth.shop.get(f"/api/bots/{booth.bot['id']}/status")
    assert (talk["metadata"]["lab"], talk["metadata"]["channel"]) == (True, booth.channel)
    assert (live, bot["deployment_status"]) == ([], {})


async def test_a_long_answer_arrives_without_losing_a_word(booth: Booth) -> None:
    await booth.has_said(text=LONG)

    said = re.findall(r"wörd\d+", "\n".join(await booth.texts()))
    assert said == LONG.split()
    assert (await booth.thread())["violations"] == []


async def test_choices_are_offered_and_the_chosen_one_comes_back(booth: Booth) -> None:
    await booth.has_said(text="Which one?", choices=[{"title": "Red", "value": "v-red"}, {"title": "Blue"}])

    answer = (await booth.answers())[-1]
    titles = [choice["title"] for choice in answer["choices"]]
    before = len(booth.inbox())
    if titles:
        assert titles == ["Red", "Blue"]
        done = await booth.act("choice", value=answer["choices"][0]["value"], message_id=answer["id"])
        assert done["delivered"], done
    else:  # a platform without buttons: a numbered list
        assert "Red" in text_of(answer)
        await booth.writes("1")
    await booth.settle()

    assert len(booth.inbox()) > before
    assert (await booth.thread())["violations"] == []
    [talk] = (await booth.shop.get("/v1/tenant/conversations"))["items"]
    asked = (await booth.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    assert [m["parts"][0]["text"] for m in asked if m["author"] == "contact"][-1] in {"Red", "v-red", "1"}


async def test_cards_arrive_with_every_word(booth: Booth) -> None:
    card = {
        "title": "Lamp", "subtitle": "Warm light", "image_url": "https://shop.example/lamp.jpg",
        "url": "https://shop.example/lamp", "choices": [{"title": "Order it", "value": "order"}],
    }  # fmt: skip
    await booth.has_said(text="See:", cards=[card])

    thread = await booth.thread()
    shown = str(thread["messages"])
    assert all(word in shown for word in ("Lamp", "Warm light", "Order it", "lamp.jpg"))
    assert thread["violations"] == []


async def test_pictures_and_files_arrive(booth: Booth) -> None:
    files = [{"kind": "file", "url": "https://shop.example/label.pdf", "name": "label.pdf"}]
    await booth.has_said(text="Here:", images=["https://shop.example/lamp.jpg"], files=files)

    thread = await booth.thread()
    shown = str(thread["messages"])
    assert "lamp.jpg" in shown
    assert "label.pdf" in shown
    assert thread["violations"] == []


@pytest.mark.parametrize("kind", ["image", "voice", "file", "location"])
async def test_what_is_no_text_is_taken_and_fetched(booth: Booth, kind: str) -> None:
    if kind not in EMULATORS[booth.channel].acts:
        refused = await booth.tries(kind)
        assert refused.status_code == 422
        assert refused.json()["detail"]
        return
    place = {"latitude": 48.2, "longitude": 16.37, "name": "Town hall"} if kind == "location" else {}
    done = await booth.act(kind, **place)
    await booth.settle(2)

    assert done["delivered"], done
    assert len(await booth.answers()) == 1
    assert (await booth.thread())["violations"] == []
    kept = booth.rows(
        "select a.state, a.reason from attachments a join conversations c on c.id = a.conversation_id"
        " where c.tenant_id = %s", booth.shop.id,
    )  # fmt: skip
    assert kept == ([] if kind == "location" else [("kept", "")])


async def test_an_edit_before_the_answer_changes_the_question(booth: Booth) -> None:
    if "edit" not in EMULATORS[booth.channel].acts:
        assert (await booth.tries("edit", text=QUESTION)).status_code == 422
        return
    await booth.writes("Hello there")
    done = await booth.act("edit", text=QUESTION)
    await booth.settle()

    assert done["delivered"]
    assert "30 days" in (await booth.texts())[-1]
    [first] = [m for m in (await booth.thread())["messages"] if m["sender"] == "customer"]
    assert (text_of(first), first["edited"]) == (QUESTION, True)


async def test_a_deleted_message_is_shown_as_deleted(booth: Booth) -> None:
    if "delete" not in EMULATORS[booth.channel].acts:
        assert (await booth.tries("delete")).status_code == 422
        return
    await booth.writes(QUESTION)
    done = await booth.act("delete")
    await booth.settle()

    [mine] = [m for m in (await booth.thread())["messages"] if m["sender"] == "customer"]
    assert mine["deleted"] is True
    # Who is told drops the question; who is not answers it.
    assert len(await booth.answers()) == (0 if done["delivered"] else 1)


async def test_who_blocks_the_bot_gets_nothing_until_coming_back(booth: Booth) -> None:
    if "block" not in EMULATORS[booth.channel].acts:
        assert (await booth.tries("block")).status_code == 422
        return
    await booth.writes(QUESTION)
    await booth.act("block")
    await booth.settle(2)
    assert await booth.answers() == []

    await booth.act("unblock")
    await booth.writes(SECOND)
    await booth.settle(2)
    assert len(await booth.answers()) >= 1


# ---- what goes wrong on purpose ------------------------------------------------------------------------------------


async def test_a_webhook_that_comes_twice_is_answered_once(booth: Booth) -> None:
    await booth.fault({"kind": "duplicate"})
    await booth.writes(QUESTION)
    await booth.settle()
    await booth.writes(SECOND)
    await booth.settle()
    assert len(await booth.texts()) == 2


async def test_a_webhook_that_is_lost_or_late_is_answered_once_it_comes(booth: Booth) -> None:
    for kind in ("drop", "delay"):
        await booth.fault({"kind": kind, "count": 1, "seconds": 0.05})
        done = await booth.act("text", text=QUESTION)
        await booth.settle()
        assert done["delivered"] is False
    lost = 0 if EMULATORS[booth.channel].retries else 1
    assert len(await booth.texts()) == 2 - lost


async def test_messages_that_overtake_each_other_are_all_answered(booth: Booth) -> None:
    await booth.fault({"kind": "reorder", "count": 1})
    await booth.act("text", text=QUESTION)
    await booth.act("text", text=SECOND)
    await booth.settle(2)

    [talk] = (await booth.shop.get("/v1/tenant/conversations"))["items"]
    said = (await booth.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    asked = "\n".join(m["parts"][0]["text"] for m in said if m["author"] == "contact")
    assert {QUESTION, SECOND} == set(asked.split("\n"))
    assert [row[1] for row in booth.inbox() if row[0] == "message"] == ["done", "done"]


async def test_an_oversized_webhook_is_refused_and_its_next_try_is_answered(booth: Booth) -> None:
    await booth.fault({"kind": "oversized", "count": 1})
    done = await booth.act("text", text=QUESTION)
    # 552 is what a mail server says of a mail that is too large.
    assert (done["delivered"], done["status"]) == (False, 552 if booth.channel == "email" else 413)
    if EMULATORS[booth.channel].retries_refused:
        await booth.settle()
        assert len(await booth.texts()) == 1


async def test_a_busy_platform_gets_the_answers_later_in_order_and_once(booth: Booth) -> None:
    await booth.fault({"kind": "rate_limited", "count": 1, "seconds": 30}, {"kind": "server_error", "count": 2})
    await booth.writes(QUESTION)
    await booth.settle()
    await booth.writes(SECOND)
    await booth.settle(4)

    first, second = await booth.texts()
    assert "30 days" in first
    assert "free of charge" in second
    assert [row[0] for row in booth.outbox()] == ["sent", "sent"]


async def test_an_answer_that_got_lost_on_its_way_back_is_at_most_one_identical_copy(booth: Booth) -> None:
    await booth.fault({"kind": "timeout_after_accept", "count": 1})
    await booth.writes(QUESTION)
    await booth.settle(3)

    texts = await booth.texts()
    assert len(set(texts)) == 1
    assert len(texts) == (1 if EMULATORS[booth.channel].knows_repeats else 2)
    assert [row[0] for row in booth.outbox()] == ["sent"]


async def test_an_expired_token_is_said_by_the_deployment(booth: Booth) -> None:
    await booth.fault({"kind": "expired_token"})
    await booth.writes(QUESTION)
    await booth.settle()

    found = await booth.status()
    assert found["status"] == "failed"
    assert found["detail"]
    assert await booth.answers() == []

    await booth.fault()
    again = await booth.shop.post(f"/v1/tenant/bots/{booth.bot['id']}/lab", {"channel": booth.channel})
    assert again["id"] == booth.deployment["id"]
    assert again["status"] == booth.deployment["status"]


async def test_a_forged_webhook_is_refused_and_nothing_is_stored(booth: Booth) -> None:
    emulator, account = EMULATORS[booth.channel], booth.account
    if not emulator.signed_with:
        assert booth.channel == "email"  # whoever can put a mail into the mailbox may: its password is what counts
        return
    known = dict(account.credentials), dict(account.webhook)
    for secret in emulator.signed_with:
        holder = account.credentials if secret in account.credentials else account.webhook
        holder[secret] = holder[secret][::-1]
    done = await booth.act("text", text=QUESTION)
    account.credentials, account.webhook = known

    assert (done["delivered"], done["status"]) == (False, 401)
    assert booth.inbox() == []


async def test_a_new_customer_begins_with_an_empty_thread(booth: Booth) -> None:
    await booth.writes(QUESTION)
    await booth.settle()
    cleared = await booth.shop.api.delete(f"{booth.path}/thread")
    assert cleared.status_code == 204
    assert (await booth.thread())["messages"] == []

    await booth.writes(SECOND)
    await booth.settle()
    assert len((await booth.shop.get("/v1/tenant/conversations"))["items"]) == 2


async def test_a_lab_that_forgot_everything_gets_its_account_back(booth: Booth) -> None:
    booth.lab.accounts.remove(booth.deployment["id"])
    done = await booth.act("text", text=QUESTION)
    await booth.settle()

    assert done["delivered"], done
    assert len(await booth.texts()) == 1
