"""What belongs to one client of a tenant is unknown to the people and keys of every other client of it."""

import itertools
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tests.architecture.operations import Operation, operations
from tests.architecture.test_tenancy import ABOUT_THE_PROCESS, call, places, told
from tests.architecture.world import Jobs, World, fill, go_live
from tests.shops import OWNER_PASSWORD, Shop, open_shop

# An agency's own things, which clients' people never see; the role decides that, not the row.
OPERATIONS = [
    op for op in operations() if (op.access not in {"admin", "public"} and op.path_names) or op.method == "GET"
]


class TwoClients:
    """A tenant with two clients: one filled by the owner, and one with a person and a key of its own."""

    def __init__(self, theirs: World, own: World) -> None:
        self.theirs, self.own = theirs, own


@pytest_asyncio.fixture(scope="module")
async def two(app: FastAPI, admin_token: str, run_jobs: Jobs) -> AsyncIterator[TwoClients]:
    async with open_shop(app, admin_token, f"agency-{os.getpid()}") as agency:
        theirs = await fill(agency, run_jobs)
        client = await agency.post("/v1/tenant/clients", {"name": "South Boats"})
        email = f"helper@south-{os.getpid()}.example"
        person = {"email": email, "password": OWNER_PASSWORD, "role": "admin", "client_id": client["id"]}
        await agency.post("/v1/tenant/members", person)
        transport = ASGITransport(app=app, raise_app_exceptions=False, client=("10.9.9.9", 40_000))
        async with AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
            login = await http.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})
            http.headers["authorization"] = f"Bearer {login.json()['access_token']}"
            south = Shop(http, agency.tenant, email)
            dataset = await south.dataset("Policies")  # the other client has one of this name
            await south.text(dataset, "Boats", "Boats are returned within 14 days.")
            await run_jobs()
            bot = await south.bot(dataset)
            answer = await south.ask(bot, "When are boats returned?")
            talk = (await south.get("/v1/tenant/conversations"))["items"][0]
            documents = (await south.get(f"/v1/tenant/datasets/{dataset['id']}/documents"))["items"]
            crawl = await south.post(
                f"/v1/tenant/datasets/{dataset['id']}/crawls", {"url": "http://127.0.0.1:9/"}, status=202
            )
            key = await south.post(
                "/v1/tenant/api-keys", {"name": "south", "scopes": ["bots:read", "bots:write", "datasets:read"]}
            )
            ids = {
                "tenant_id": agency.id, "dataset_id": dataset["id"], "document_id": documents[0]["id"],
                "bot_id": bot["id"], "key_id": key["id"], "message_id": answer["message_id"],
                "session_id": answer["session_id"], "crawl_id": crawl["id"],
                "conversation_id": talk["id"], "client_id": client["id"],
                "provider_id": theirs.ids["provider_id"], "member_id": theirs.ids["member_id"],
                **await go_live(south, bot, app.state.core, run_jobs),
                "icon_id": theirs.ids["icon_id"],  # a picture on a public page
            }  # fmt: skip
            yield TwoClients(theirs, World(south, ids, key["key"], documents))


@pytest.mark.parametrize("op", OPERATIONS, ids=str)
@pytest.mark.parametrize("credential", ["member", "key"])
async def test_ids_of_another_client_are_answered_like_unknown_ones(
    op: Operation, credential: str, two: TwoClients
) -> None:
    http = AsyncClient(transport=two.own.shop.api._transport, base_url="http://test", timeout=60)
    token = two.own.shop.api.headers["authorization"] if credential == "member" else f"Bearer {two.own.key}"
    http.headers["authorization"] = token
    differing = [place for place in places(op) if two.theirs.ids.get(place[1]) != two.own.ids.get(place[1])]
    for count in range(1, len(differing) + 1):
        for which in itertools.combinations(differing, count):
            foreign = await call(http, op, two.own, two.theirs, set(which))
            unknown = await call(http, op, two.own, None, set(which))
            assert told(foreign, two.theirs.ids) == told(unknown, two.theirs.ids), which
            assert foreign.status_code < 500
    if not op.path_names and op.path not in ABOUT_THE_PROCESS:
        listed = (await op.call(http, {})).text
        theirs = {name: known for name, known in two.theirs.ids.items() if known not in two.own.ids.values()}
        assert not [name for name, known in theirs.items() if known in listed]


async def test_the_agency_still_has_all_of_both_clients(two: TwoClients) -> None:
    agency, ids = two.theirs.shop, two.theirs.ids
    assert (await agency.get(f"/v1/tenant/bots/{ids['bot_id']}"))["client_id"] == ids["client_id"]
    names = {client["name"]: client for client in (await agency.get("/v1/tenant/clients"))["items"]}
    assert names["North Bikes"]["bots"] == 1
    assert names["North Bikes"]["channels"] == ["telegram"]
    assert names["South Boats"]["members"] == 1


async def test_what_a_clients_people_make_is_that_clients(two: TwoClients) -> None:
    made = await two.own.shop.post("/v1/tenant/bots", {"name": "Second"})
    assert made["client_id"] == two.own.ids["client_id"]
    refused = await two.own.shop.api.post(
        "/v1/tenant/bots", json={"name": "Third", "client_id": two.theirs.ids["client_id"]}
    )
    assert refused.status_code == 404


async def test_a_bot_cannot_answer_from_a_dataset_of_another_client(two: TwoClients) -> None:
    agency = two.theirs.shop
    link = {"dataset_id": two.theirs.ids["dataset_id"]}
    by_agency = await agency.api.post(f"/v1/tenant/bots/{two.own.ids['bot_id']}/datasets", json=link)
    by_client = await two.own.shop.api.post(f"/v1/tenant/bots/{two.own.ids['bot_id']}/datasets", json=link)
    assert (by_agency.status_code, by_agency.json()["code"]) == (409, "dataset_of_another_client")
    assert (by_client.status_code, by_client.json()["code"]) == (422, "unknown_reference")


async def test_a_clients_bot_may_answer_from_what_the_agency_shares(two: TwoClients) -> None:
    agency, south = two.theirs.shop, two.own.shop
    shared = await agency.dataset("Shared by all")
    bot = await agency.post("/v1/tenant/bots", {"name": "Skipper", "client_id": two.own.ids["client_id"]})
    await agency.post(f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": shared["id"]})
    assert (await south.get(f"/v1/tenant/bots/{bot['id']}/readiness"))["bot_id"] == bot["id"]
    await south.get(f"/v1/tenant/datasets/{shared['id']}", status=404)
