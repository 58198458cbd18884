"""Bots: made, changed, linked, scoped, judged."""

import pytest
from tests.shops import Json, Shop
from tests.widget.talk import QUESTION, Jobs, knowing_bot

BOTS = "/v1/tenant/bots"


async def test_a_bot_needs_a_name_only(shop: Shop) -> None:
    bot = await shop.post(BOTS, {"name": "Aria"})
    assert bot["tenant_id"] == shop.id
    assert (bot["temperature"], bot["max_tokens"], bot["is_active"], bot["is_public"]) == (0.7, 1000, True, False)
    assert bot["settings"]["citation_style"] == "numbered"
    assert bot["tenant_ai_provider_id"] is None


async def test_only_what_is_sent_changes(shop: Shop) -> None:
    bot = await shop.post(BOTS, {"name": "Aria", "tone": "warm", "model": "m-1"})
    changed = (await shop.api.put(f"{BOTS}/{bot['id']}", json={"name": "Bria", "tone": None, "model": None})).json()
    assert (changed["name"], changed["tone"], changed["model"]) == ("Bria", "warm", None)
    assert changed["revision"] > bot["revision"]
    same = {"name", "model", "revision", "updated_at"}
    assert {k: v for k, v in changed.items() if k not in same} == {k: v for k, v in bot.items() if k not in same}


@pytest.mark.parametrize(
    "wrong",
    [{"tenant_id": "018f0000-0000-7000-8000-000000000001"}, {"id": "x"}, {"revision": 5}, {"created_at": "2020-01-01"},
     {"deployment_status": {}}, {"temperature": 3}, {"max_tokens": 1}, {"settings": {"citation_style": "loud"}},
     {"settings": {"unknown": 1}}, {"allowed_domains": ["https://x.example/path"]}, {"rate_limit_per_second": 0},
     {"name": ""}, {"name": "x" * 121}, {"settings": {"language": "english"}}],
    ids=str,
)  # fmt: skip
async def test_what_a_bot_cannot_have_is_refused(shop: Shop, wrong: Json) -> None:
    bot = await shop.bot()
    await shop.post(BOTS, {"name": "Other", **wrong}, status=422)
    assert (await shop.api.put(f"{BOTS}/{bot['id']}", json=wrong)).status_code == 422
    assert await shop.get(f"{BOTS}/{bot['id']}") == bot


async def test_a_dataset_is_linked_once(shop: Shop) -> None:
    dataset = await shop.dataset()
    bot = await shop.bot(dataset)
    answer = await shop.post(f"{BOTS}/{bot['id']}/datasets", {"dataset_id": dataset["id"]}, status=409)
    assert answer["code"] == "dataset_already_linked"


async def test_linked_datasets_are_listed_in_their_order(shop: Shop) -> None:
    one, two = await shop.dataset("One"), await shop.dataset("Two")
    bot = await shop.bot(one, two)
    path = f"{BOTS}/{bot['id']}/datasets"
    for dataset, priority in ((one, 7), (two, 3)):
        changed = await shop.api.patch(f"{path}/{dataset['id']}", json={"priority": priority})
        assert changed.json()["priority"] == priority
    items = (await shop.get(path))["items"]
    assert [(item["dataset_id"], item["priority"]) for item in items] == [(two["id"], 3), (one["id"], 7)]
    assert (await shop.api.delete(f"{path}/{two['id']}")).status_code == 204
    assert len((await shop.get(path))["items"]) == 1


@pytest.mark.parametrize("priority", [0, 101, -1, "high", 1.5])
async def test_a_priority_is_1_to_100(shop: Shop, priority: object) -> None:
    dataset, bot = await shop.dataset(), await shop.bot()
    body = {"dataset_id": dataset["id"], "priority": priority}
    await shop.post(f"{BOTS}/{bot['id']}/datasets", body, status=422)


async def test_a_bot_has_one_scope_and_the_last_one_written_holds(shop: Shop) -> None:
    path = f"{BOTS}/{(await shop.bot())['id']}/scopes"
    assert (await shop.api.get(path)).status_code == 404
    first = await shop.post(path, {"allowed_topics": ["returns", " returns ", " ", "sizes"]})
    assert first["allowed_topics"] == ["returns", "sizes"]
    assert (first["strictness_level"], first["context_settings"]["max_conversation_history"]) == ("moderate", 10)

    second = (await shop.api.put(path, json={"strictness_level": "strict", "forbidden_topics": ["politics"]})).json()

    assert (second["id"], second["allowed_topics"], second["forbidden_topics"]) == (first["id"], [], ["politics"])
    assert await shop.get(path) == second
    assert (await shop.api.delete(path)).status_code == 204
    assert (await shop.api.get(path)).status_code == 404


async def test_a_scope_says_beforehand_what_it_would_refuse(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    path = f"{BOTS}/{bot['id']}/scopes"
    await shop.post(path, {"forbidden_topics": ["medical advice"]})

    refused = await shop.post(f"{path}/test", {"text": "Which medicine helps against a headache?"}, status=200)
    allowed = await shop.post(f"{path}/test", {"text": QUESTION}, status=200)

    assert (refused["action"], allowed["action"]) == ("refuse", "allow")
    assert refused["reason"]
    assert (await shop.get("/v1/tenant/conversations"))["items"] == [], "nothing is stored"


async def test_a_scope_learns_from_examples_at_once(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    path = f"{BOTS}/{bot['id']}/scopes"
    text = "Please write a poem about the ocean for me"
    await shop.post(path, {"forbidden_topics": ["poems"], "examples": [{"text": text, "allowed": False}]})
    assert (await shop.post(f"{path}/test", {"text": text}, status=200))["action"] == "refuse"


async def test_a_deleted_bot_is_gone_with_its_talk_and_its_datasets_stay(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    session = (await shop.ask(bot, QUESTION))["session_id"]
    assert (await shop.api.delete(f"{BOTS}/{bot['id']}")).status_code == 204
    assert (await shop.api.get(f"/v1/chat/sessions/{session}")).status_code == 404
    assert (await shop.api.post("/v1/chat/efficient", json={"bot_id": bot["id"], "message": "Hi"})).status_code == 404
    assert len((await shop.get("/v1/tenant/datasets"))["items"]) == 1


async def test_the_checklist_turns_green_item_by_item(shop: Shop, run_jobs: Jobs) -> None:
    empty = await shop.bot()
    before = {i["key"]: i for i in (await shop.get(f"{BOTS}/{empty['id']}/readiness"))["items"] if i["group"] == "data"}
    assert not before["documents"]["ok"]
    assert not before["linked"]["ok"]
    assert not before["scope"]["ok"]
    assert all(item["todo"] for item in before.values() if not item["ok"])

    bot = await knowing_bot(shop, run_jobs, allowed_domains=["https://shop.example"])
    await shop.post(f"{BOTS}/{bot['id']}/scopes", {"forbidden_topics": ["medical advice"]})
    await shop.post("/v1/tenant/api-keys", {"name": "k", "scopes": ["chat:write"]})
    session = (await shop.ask(bot, QUESTION))["session_id"]
    await shop.ask(bot, "How long does the refund take?", session_id=session)

    report = await shop.get(f"{BOTS}/{bot['id']}/readiness")
    red = {item["key"] for item in report["items"] if not item["ok"]}
    assert red <= {"https", "domain", "audit"}
    assert report["ready"] is (not red)
    assert {item["group"] for item in report["items"]} == {
        "infrastructure", "data", "security", "testing", "monitoring"
    }  # fmt: skip
    assert all(item["evidence"] and item["label"] for item in report["items"])


async def test_a_failed_document_is_seen_on_the_checklist(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    dataset = (await shop.get("/v1/tenant/datasets"))["items"][0]
    await shop.text(dataset, "Empty", " \n ")
    await run_jobs()
    items = {i["key"]: i for i in (await shop.get(f"{BOTS}/{bot['id']}/readiness"))["items"]}
    assert not items["processed"]["ok"]
    assert "1 failed" in items["processed"]["evidence"]
    assert items["processed"]["todo"]
