"""One person over several platforms."""

import json

import pytest
from tests.gateway.talk import QUESTION, Line
from tests.shops import Json

from shopwright.entrypoints.tables import TENANT_TABLES
from shopwright.tenants.personal_data import OF_CONTACTS, OF_OTHERS

HINTS = {"conversation_id", "contact_id", "email", "phone"}


async def two_people(line: Line) -> tuple[Json, Json]:
    await line.write("chat-1", QUESTION, **{"from": "sam"}, name="Sam Field")
    await line.write("chat-2", QUESTION, **{"from": "kim"}, name="Kim Wood", language="de")
    await line.settle()
    found = {c["name"]: c for c in (await line.shop.get("/v1/tenant/contacts"))["items"]}
    return found["Sam Field"], found["Kim Wood"]


def path(contact: Json, *more: str) -> str:
    return "/".join((f"/v1/tenant/contacts/{contact['id']}", *more))


async def test_who_writes_becomes_a_contact_with_a_name_there_and_a_conversation(line: Line) -> None:
    sam, kim = await two_people(line)

    read = await line.shop.get(path(sam))

    assert [(i["channel"], i["external_id"], i["name"]) for i in read["identities"]] == [("http", "sam", "Sam Field")]
    assert [c["channel"] for c in read["conversations"]] == ["http"]
    assert kim["language"] == "de"
    found = (await line.shop.get("/v1/tenant/contacts?q=field"))["items"]
    assert [c["id"] for c in found] == [sam["id"]]


async def test_one_person_in_two_chats_is_one_contact(line: Line) -> None:
    for chat in ("chat-1", "chat-2"):
        await line.write(chat, QUESTION, **{"from": "sam"})
    await line.settle()
    [contact] = (await line.shop.get("/v1/tenant/contacts"))["items"]
    assert len((await line.shop.get(path(contact)))["conversations"]) == 2


async def test_two_contacts_that_are_one_person_are_merged_and_split_again(line: Line) -> None:
    sam, kim = await two_people(line)
    await line.shop.api.patch(path(kim), json={"email": "kim@shop.example"})

    merged = await line.shop.post(path(sam, "merge"), {"contact_id": kim["id"]}, status=200)
    await line.shop.get(path(kim), status=404)
    await line.write("chat-2", "Is the return free of charge?", **{"from": "kim"})
    await line.settle()
    of_kim = next(i for i in merged["identities"] if i["external_id"] == "kim")
    new = await line.shop.post(path(sam, "split"), {"identity_id": of_kim["id"]})
    left = await line.shop.get(path(sam))

    assert (merged["name"], merged["email"], merged["language"]) == ("Sam Field", "kim@shop.example", "de")
    assert len(merged["conversations"]) == 2
    assert [i["external_id"] for i in new["identities"]] == ["kim"]
    assert [i["external_id"] for i in left["identities"]] == ["sam"]
    assert (len(new["conversations"]), len(left["conversations"])) == (1, 1)
    again = await line.shop.api.post(path(sam, "split"), json={"identity_id": left["identities"][0]["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "only_identity")


async def test_contacts_of_different_clients_stay_apart(line: Line) -> None:
    sam, kim = await two_people(line)
    client = await line.shop.post("/v1/tenant/clients", {"name": "North Bikes"})
    line.rows("update contacts set client_id = %s where id = %s returning id", client["id"], kim["id"])
    answer = await line.shop.api.post(path(sam, "merge"), json={"contact_id": kim["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "different_clients")


async def test_a_blocked_contact_is_not_answered(line: Line) -> None:
    sam, _ = await two_people(line)
    await line.shop.post(path(sam, "block"), {"blocked": True}, status=200)
    await line.write("chat-1", "Is the return free of charge?", **{"from": "sam"})
    await line.settle()
    blocked = len(line.platform.texts("chat-1"))
    await line.shop.post(path(sam, "block"), {"blocked": False}, status=200)
    await line.write("chat-1", "Is the return free of charge?", **{"from": "sam"})
    await line.settle()
    assert (blocked, len(line.platform.texts("chat-1"))) == (1, 2)


async def test_agreements_are_kept_with_their_time(line: Line) -> None:
    sam, _ = await two_people(line)
    change = {"consent": {"marketing": {"given": True, "source": "chat"}}, "time_zone": "Europe/Vienna"}
    first = (await line.shop.api.patch(path(sam), json=change)).json()
    second = (await line.shop.api.patch(path(sam), json={"consent": {"survey": {"given": False}}})).json()
    wrong = await line.shop.api.patch(path(sam), json={"time_zone": "Mars/Olympus"})

    assert first["consent"]["marketing"]["given"] is True
    assert first["consent"]["marketing"]["at"]
    assert set(second["consent"]) == {"marketing", "survey"}
    assert wrong.status_code == 422


async def test_what_is_kept_of_a_person_is_handed_out_and_removed_without_a_trace(line: Line) -> None:
    sam, kim = await two_people(line)
    secret_word = "wolpertinger"
    await line.write("chat-1", f"Do you sell a {secret_word}?", **{"from": "sam"})
    await line.settle()

    export = await line.shop.get(path(sam, "export"))
    erased = await line.shop.api.delete(path(sam))

    assert secret_word in json.dumps(export)
    assert set(export["tables"]) == {part.table for part in OF_CONTACTS}
    assert erased.status_code == 200
    assert erased.json()["rows"]["messages"] == 4
    await line.shop.get(path(sam), status=404)
    assert len((await line.shop.get(path(kim)))["conversations"]) == 1
    for table in TENANT_TABLES:
        rows = line.rows(f"select t::text from {table.name} t where tenant_id = %s", line.shop.id)
        assert not [row for (row,) in rows if secret_word in row or "Sam Field" in row or "chat-1" in row], table.name


@pytest.mark.parametrize("table", [t.name for t in TENANT_TABLES if HINTS & set(t.c.keys())])
def test_every_table_that_names_people_is_in_the_register(table: str) -> None:
    assert table in {part.table for part in OF_CONTACTS} | set(OF_OTHERS)


@pytest.mark.parametrize("part", OF_CONTACTS, ids=lambda part: part.table)
def test_the_register_names_columns_that_exist(part: object) -> None:
    [table] = [t for t in TENANT_TABLES if t.name == part.table]  # type: ignore[attr-defined]
    assert set(part.exported) <= set(table.c.keys())  # type: ignore[attr-defined]
