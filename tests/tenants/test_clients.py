"""Clients of an agency: their credentials, their bots, and what happens when one goes."""

from tests.shops import Json, Shop

TOKEN = "123456789:" + "Ab-_9" * 7


async def client(shop: Shop, name: str = "North Bikes") -> Json:
    return await shop.post("/v1/tenant/clients", {"name": name, "website": "https://north.example"})


async def test_a_credential_is_kept_and_only_its_end_is_shown(shop: Shop) -> None:
    path = f"/v1/tenant/clients/{(await client(shop))['id']}/credentials"
    saved = await shop.api.put(f"{path}/telegram", json={"fields": {"bot_token": f" {TOKEN} "}})
    assert saved.json()["fields"] == {"bot_token": "••••" + TOKEN[-4:]}
    assert saved.json()["missing"] == []
    listed = await shop.api.get(path)
    assert TOKEN not in listed.text
    assert listed.json()["items"][0]["channel"] == "telegram"


async def test_fields_that_are_left_out_stay_and_null_removes_one(shop: Shop) -> None:
    path = f"/v1/tenant/clients/{(await client(shop))['id']}/credentials/teams"
    both = {"app_id": "0" * 36, "app_password": "a-client-secret-of-azure"}
    await shop.api.put(path, json={"fields": both})
    kept = await shop.api.put(path, json={"fields": {"app_tenant_id": "1" * 36}})
    assert kept.json()["fields"] == {"app_id": "0" * 36, "app_password": "••••zure", "app_tenant_id": "1" * 36}
    removed = await shop.api.put(path, json={"fields": {"app_password": None}})
    assert removed.json()["missing"] == ["app_password"]


async def test_a_value_of_the_wrong_form_is_refused_in_words_and_nothing_is_saved(shop: Shop) -> None:
    path = f"/v1/tenant/clients/{(await client(shop))['id']}/credentials"
    wrong = await shop.api.put(f"{path}/telegram", json={"fields": {"bot_token": "a word"}})
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("Bot token: this does not look right")
    assert "a word" not in wrong.text
    unknown = await shop.api.put(f"{path}/telegram", json={"fields": {"colour": "blue"}})
    assert "has no field colour" in unknown.json()["detail"]
    assert (await shop.api.put(f"{path}/pigeon", json={"fields": {}})).status_code == 404
    assert (await shop.get(path))["items"] == []


async def test_two_clients_cannot_have_one_name(shop: Shop) -> None:
    await client(shop)
    again = await shop.api.post("/v1/tenant/clients", json={"name": "North Bikes"})
    assert (again.status_code, again.json()["code"]) == (409, "client_name_taken")


async def test_a_client_goes_with_all_it_has_and_only_when_its_name_is_sent(shop: Shop) -> None:
    north = await client(shop)
    dataset = await shop.dataset("Bikes", client_id=north["id"])
    bot = await shop.bot(dataset, client_id=north["id"])
    path = f"/v1/tenant/clients/{north['id']}"
    asked = await shop.api.delete(path)
    assert (asked.status_code, asked.json()["code"]) == (409, "name_needed")
    assert (await shop.api.delete(path, params={"confirm": "North Bikes"})).status_code == 204
    for gone in (path, f"/v1/tenant/bots/{bot['id']}", f"/v1/tenant/datasets/{dataset['id']}"):
        await shop.get(gone, status=404)
    public = await shop.api.post(
        "/v1/chat/public", json={"bot_id": bot["id"], "messages": [{"role": "user", "content": "Hello"}]}
    )
    assert public.status_code == 404


async def test_a_moved_bot_takes_its_own_datasets_with_it(shop: Shop) -> None:
    north, south = await client(shop), await client(shop, "South Boats")
    dataset = await shop.dataset("Bikes", client_id=north["id"])
    bot = await shop.bot(dataset, client_id=north["id"])
    moved = await shop.post(f"/v1/tenant/bots/{bot['id']}/move", {"client_id": south["id"]}, status=200)
    assert moved["client_id"] == south["id"]
    assert (await shop.get(f"/v1/tenant/datasets/{dataset['id']}"))["client_id"] == south["id"]


async def test_a_bot_is_not_moved_while_others_of_its_client_answer_from_its_dataset(shop: Shop) -> None:
    north, south = await client(shop), await client(shop, "South Boats")
    dataset = await shop.dataset("Bikes", client_id=north["id"])
    bot = await shop.bot(dataset, client_id=north["id"])
    await shop.bot(dataset, client_id=north["id"])
    refused = await shop.api.post(f"/v1/tenant/bots/{bot['id']}/move", json={"client_id": south["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "dataset_shared")
    assert (await shop.get(f"/v1/tenant/bots/{bot['id']}"))["client_id"] == north["id"]


async def test_a_person_of_one_client_cannot_own_the_tenant(shop: Shop) -> None:
    person = {"email": "a@north.example", "password": "a-long-password", "role": "owner"}
    refused = await shop.api.post("/v1/tenant/members", json={**person, "client_id": (await client(shop))["id"]})
    assert refused.status_code == 422


async def test_every_platform_says_what_it_asks_for(shop: Shop) -> None:
    forms = {form["channel"]: form for form in (await shop.get("/v1/tenant/credential-forms"))["items"]}
    assert {
        "telegram",
        "whatsapp",
        "messenger",
        "instagram",
        "slack",
        "teams",
        "twilio",
        "email",
        "http",
        "line",
    } == set(forms)
    assert all(field["label"] for form in forms.values() for field in form["fields"])
