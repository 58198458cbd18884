"""Answers that come too late: a lab account lets its day pass, and the platform takes a template only."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.gateway.talk import Jobs
from tests.lab.booth import QUESTION, SECOND, Booth, open_booth, text_of
from tests.shops import Shop

from shopwright.gateway.outcomes import CLOSED
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.lab.app import Lab
from shopwright.lab.registry import EMULATORS

WITH_A_WINDOW = sorted(slug for slug, emulator in EMULATORS.items() if emulator.window_hours)


@pytest_asyncio.fixture(params=WITH_A_WINDOW)
async def late(
    request: pytest.FixtureRequest, shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> AsyncIterator[Booth]:
    """A bot whose answer waits while the customer's day passes."""
    booth = await open_booth(shop, lab, run_jobs, postgres, request.param)
    await booth.fault({"kind": "server_error", "count": 1})
    await booth.writes(QUESTION)
    await booth.settle()
    yield booth


async def test_an_answer_after_the_window_is_a_dead_letter_with_a_plain_reason(late: Booth) -> None:
    assert (await late.act("later"))["delivered"]
    thread = await late.thread()
    assert (thread["window_open"], text_of(thread["messages"][-1])) == (False, "24 hours pass.")
    await late.settle(2)

    assert late.outbox() == [("dead", CLOSED)]
    thread = await late.thread()
    assert [m["sender"] for m in thread["messages"] if m["kind"] != "note"] == ["customer"]
    # That the clock there is ahead is no mistake of ours.
    assert thread["violations"] == []


async def test_who_writes_again_opens_the_window(late: Booth) -> None:
    await late.act("later")
    await late.writes(SECOND)
    await late.settle(2)

    assert [state for state, _ in late.outbox()] == ["sent", "sent"]
    assert (await late.thread())["window_open"] is True


async def test_whatsapp_takes_the_template_in_its_place(
    shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> None:
    booth = await open_booth(shop, lab, run_jobs, postgres, "whatsapp")
    settings = {"template": "we_have_an_answer", "template_takes_text": True}
    path = f"/v1/tenant/deployments/{booth.deployment['id']}"
    assert (await shop.api.patch(path, json={"settings": settings})).status_code == 200
    await booth.fault({"kind": "server_error", "count": 1})
    await booth.writes(QUESTION)
    await booth.settle()
    await booth.act("later")
    await booth.settle(3)

    [answer] = await booth.answers()
    assert "30 days" in text_of(answer)
    assert booth.outbox() == [("sent", "")]
    assert (await booth.thread())["violations"] == []


async def test_a_platform_without_a_window_knows_no_later(
    shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> None:
    booth = await open_booth(shop, lab, run_jobs, postgres, "telegram")
    assert (await booth.tries("later")).status_code == 422
