"""The installation's own key: confirmed, proved, kept back when it fails, and gone back to."""

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from httpx2 import AsyncClient
from tests.shops import Json, Shop
from tests.stub_model import StubModel
from tests.widget.talk import Jobs

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core, open_core
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.tenants.settings import GlobalKey

PATH = "/admin/settings/global-key"
FIRST, SECOND = "sk-first-global-key-1111", "sk-second-global-key-2222"


@pytest_asyncio.fixture(autouse=True)
async def no_key_yet(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    def clear() -> None:
        with psycopg.connect(postgres.owner_url) as connection:
            connection.execute("delete from global_settings where key = 'global_openai_key'")

    clear()
    yield
    clear()


async def put(admin: AsyncClient, stub: StubModel, key: str, **fields: object) -> tuple[int, Json]:
    body = {"api_key": key, "base_url": stub.base_url, "confirm": True, **fields}
    answer = await admin.put(PATH, json=body)
    return answer.status_code, answer.json()


async def stored(core: Core) -> str | None:
    """The key as the installation would use it."""
    async with core.db.admin() as session:
        found = await GlobalKey(session, core.envelope).read()
    return found[0] if found else None


async def actions(admin: AsyncClient) -> list[str]:
    entries = (await admin.get("/admin/audit")).json()["items"]
    return [entry["action"] for entry in entries if entry["action"].startswith("global_key")]


async def test_a_key_is_not_changed_without_a_confirmation(
    admin: AsyncClient, stub_model: StubModel, core: Core
) -> None:
    status, body = await put(admin, stub_model, FIRST, confirm=False)

    assert (status, body["code"]) == (409, "confirmation_needed")
    assert stub_model.requests == []
    assert await stored(core) is None


async def test_a_key_that_works_is_taken_and_never_shown(admin: AsyncClient, stub_model: StubModel, core: Core) -> None:
    status, body = await put(admin, stub_model, FIRST)

    assert status == 200
    assert (body["is_set"], body["key_hint"], body["version"]) == (True, "sk-…1111", 1)
    assert "every bot" in body["warning"].lower()
    assert await stored(core) == FIRST
    for path in (PATH, "/admin/settings/system", "/admin/audit"):
        assert FIRST not in (await admin.get(path)).text


async def test_a_key_that_the_provider_refuses_leaves_the_old_one(
    admin: AsyncClient, stub_model: StubModel, core: Core
) -> None:
    await put(admin, stub_model, FIRST)
    stub_model.status = 401

    status, body = await put(admin, stub_model, SECOND)

    assert (status, body["code"]) == (422, "key_refused")
    assert SECOND not in str(body)
    assert await stored(core) == FIRST


async def test_the_last_key_can_be_gone_back_to_and_forth(
    admin: AsyncClient, stub_model: StubModel, core: Core
) -> None:
    for key in (FIRST, SECOND):
        await put(admin, stub_model, key)

    back = (await admin.post(f"{PATH}/rollback")).json()
    assert (back["key_hint"], back["version"], await stored(core)) == ("sk-…1111", 3, FIRST)

    forth = (await admin.post(f"{PATH}/rollback")).json()
    assert (forth["key_hint"], await stored(core)) == ("sk-…2222", SECOND)


async def test_without_an_earlier_key_there_is_nothing_to_go_back_to(admin: AsyncClient, stub_model: StubModel) -> None:
    await put(admin, stub_model, FIRST)
    answer = await admin.post(f"{PATH}/rollback")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_restore")


async def test_every_change_and_every_try_is_written_down(admin: AsyncClient, stub_model: StubModel) -> None:
    before = len(await actions(admin))
    await put(admin, stub_model, FIRST)
    stub_model.status = 500
    await put(admin, stub_model, SECOND)
    stub_model.status = 200
    await put(admin, stub_model, SECOND)
    await admin.post(f"{PATH}/rollback")

    entries = (await actions(admin))[: -before or None]

    assert entries == [
        "global_key.restore", "global_key.change", "global_key.validate", "global_key.validate",
        "global_key.change", "global_key.validate",
    ]  # fmt: skip


async def test_the_key_is_there_after_a_restart(admin: AsyncClient, stub_model: StubModel, settings: Settings) -> None:
    await put(admin, stub_model, FIRST)
    async with open_core(settings, pool_size=2) as restarted:
        assert await stored(restarted) == FIRST


async def test_the_key_is_not_set_by_the_way_of_an_ordinary_setting(admin: AsyncClient) -> None:
    body = {"key": "global_openai_key", "value": FIRST}
    answer = await admin.post("/admin/settings/system", json=body)
    assert answer.status_code == 422
    assert "global-key" in answer.json()["detail"]


@pytest.mark.parametrize("url", ["http://169.254.169.254/v1", "file:///etc/passwd", "http://10.0.0.1:1/"])
async def test_the_key_is_never_sent_to_an_inner_address(admin: AsyncClient, core: Core, url: str) -> None:
    body = {"api_key": FIRST, "base_url": url, "confirm": True}
    answer = await admin.put(PATH, json=body)
    assert answer.status_code == 422
    assert await stored(core) is None


async def test_a_provider_without_a_key_uses_the_installations_at_the_installations_address(
    shop: Shop, admin: AsyncClient, run_jobs: Jobs, stub_model: StubModel
) -> None:
    key = "sk-the-installations-own-key"
    change = {"api_key": key, "base_url": stub_model.base_url, "confirm": True}
    assert (await admin.put("/admin/settings/global-key", json=change)).status_code == 200
    listed = (await admin.get("/admin/ai-providers/")).json()["items"]
    of_openai = next(item["id"] for item in listed if item["provider_type"] == "openai")
    provider = await shop.post(
        "/v1/tenant/ai-providers",
        {"provider_name": "openai", "global_ai_provider_id": of_openai, "base_url": "http://127.0.0.1:9/v1"},
    )
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", "You can return unworn articles within 30 days of delivery.")
    await run_jobs()
    bot = await shop.bot(dataset, tenant_ai_provider_id=provider["id"], model="stub-1")
    stub_model.answer = "You can return unworn articles within 30 days of delivery. [1]"

    answer = await shop.ask(bot, "How many days do I have to return an article?")

    assert (answer["outcome"], answer["usage"]["prompt_tokens"]) == ("answered", 100)
    assert f"Bearer {key}" in stub_model.requests[-1]["head"]
