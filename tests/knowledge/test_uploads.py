"""Files as shop owners send them."""

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from tests.knowledge.test_documents import found, path_of
from tests.shops import Json, Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings

Jobs = Callable[[], Awaitable[None]]
PRICES = b"SKU,Product,Price\nTR-1042,Trail shoe,89.90 EUR\nTR-2001,Road shoe,119.00 EUR\n"


async def upload(shop: Shop, dataset: Json, *files: tuple[str, bytes], metadata: str | None = None) -> Response:
    parts: list[object] = [("files", (name, data, "application/octet-stream")) for name, data in files]
    if metadata is not None:
        parts.append(("metadata", (None, metadata)))
    return await shop.api.post(f"/v1/tenant/datasets/{dataset['id']}/documents/upload", files=parts)


async def test_several_files_in_one_call_become_documents(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    answer = await upload(
        shop, dataset, ("prices.csv", PRICES), ("help.md", b"# Help\n\nCall us from 9 to 5."),
        metadata='{"category": "shop", "tags": ["a", "b"]}',
    )  # fmt: skip
    assert answer.status_code == 201
    items = answer.json()["items"]
    assert [(d["filename"], d["status"], d["tags"]) for d in items] == [
        ("prices.csv", "pending", ["a", "b"]), ("help.md", "pending", ["a", "b"])
    ]  # fmt: skip
    assert items[0]["metadata"]["category"] == "shop"

    await run_jobs()

    for document in items:
        read = await shop.get(path_of(document))
        assert read["status"] == "completed", read
        assert read["media_type"]


async def test_an_article_number_is_found_exactly_and_first(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    rows = "".join(f"TR-{n},Shoe number {n},{n / 10:.2f} EUR\n" for n in range(1000, 1080))
    await upload(shop, dataset, ("prices.csv", f"SKU,Product,Price\n{rows}".encode()))
    await run_jobs()

    first = (await found(shop, dataset, "What does TR-1042 cost?"))[0]

    assert "TR-1042" in first["text"]
    assert "104.20" in first["text"]


async def test_the_same_bytes_twice_are_one_document(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    first = (await upload(shop, dataset, ("a.csv", PRICES))).json()["items"][0]
    await run_jobs()
    second = (await upload(shop, dataset, ("another name.csv", PRICES))).json()["items"][0]
    assert (second["id"], second["duplicate"], second["filename"]) == (first["id"], True, "a.csv")
    assert second["status"] == "completed"


NAMES = {
    "../../etc/passwd": "passwd", "..\\..\\windows\\system32\\x.txt": "x.txt", "/abs/olute.txt": "olute.txt",
    "a\r\nSet-Cookie: x.txt": "a Set-Cookie: x.txt", "....": "file", "C:\\x.txt": "x.txt", "x" * 400 + ".txt": None,
    "<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt", "große Liste.txt": "große Liste.txt",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_file_name_is_only_a_name(shop: Shop, settings: Settings, name: str) -> None:
    dataset = await shop.dataset()
    before = {path for path in settings.data_dir.rglob("*") if path.is_file()}
    items = (await upload(shop, dataset, (name, b"A note about " + name.encode()))).json()["items"]

    shown = items[0]["filename"]
    assert "/" not in shown
    assert len(shown) <= 200
    if NAMES[name] is not None and "\r" not in name:  # a sender's library may write such a name differently
        assert shown == NAMES[name]
    for path in {path for path in settings.data_dir.rglob("*") if path.is_file()} - before:
        assert path.relative_to(settings.data_dir / "files" / shop.id)
        assert len(path.name) == 64


async def test_an_empty_file_fails_with_a_reason(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = (await upload(shop, dataset, ("empty.pdf", b""))).json()["items"][0]
    await run_jobs()
    failed = await shop.get(path_of(document))
    assert failed["status"] == "failed"
    assert "empty" in failed["error"].lower()


async def test_one_broken_file_harms_none_of_the_others(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    broken = b"%PDF-1.7\n" + bytes(range(256)) * 40
    items = (
        await upload(shop, dataset, ("a.md", b"# A\n\nGood one."), ("b.pdf", broken), ("c.md", b"# C\n\nGood two."))
    ).json()["items"]
    await run_jobs()
    states = [(await shop.get(path_of(document))) for document in items]
    assert [state["status"] for state in states] == ["completed", "failed", "completed"]
    assert len(states[1]["error"]) > 20
    assert states[1]["error_code"]


async def test_a_file_of_another_kind_than_its_name_says_is_read_by_its_content(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    page = b"<!doctype html><html><body><h1>Care</h1><p>Wash at 30 degrees.</p><script>x()</script></body></html>"
    document = (await upload(shop, dataset, ("care.pdf", page))).json()["items"][0]
    await run_jobs()
    read = await shop.get(path_of(document))
    assert (read["status"], read["media_type"]) == ("completed", "text/html")
    assert "x()" not in (await shop.get(f"{path_of(document)}/text"))["text"]


@pytest.mark.parametrize(
    ("metadata", "said"), [("{", "JSON"), ("[1]", "object"), ("5", "object"), ("x" * 20_001, "20000")]
)
async def test_a_wrong_metadata_part_is_refused_and_nothing_added(shop: Shop, metadata: str, said: str) -> None:
    dataset = await shop.dataset()
    answer = await upload(shop, dataset, ("a.txt", b"A note."), metadata=metadata)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert (await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents"))["items"] == []


async def test_a_call_without_a_file_says_what_is_missing(shop: Shop) -> None:
    path = f"/v1/tenant/datasets/{(await shop.dataset())['id']}/documents/upload"
    answer = await shop.api.post(path, files=[("metadata", (None, "{}"))])
    assert (answer.status_code, answer.json()["code"]) == (422, "no_files")
    named = await shop.api.post(path, files=[("files", (None, "only a text"))])
    assert named.status_code == 422


async def test_a_file_beyond_the_limit_is_refused_with_the_limit(settings: Settings, shop: Shop, app: FastAPI) -> None:
    small = create_app(settings.model_copy(update={"max_upload_bytes": 2 * 1024 * 1024}))
    dataset = await shop.dataset()
    async with small.router.lifespan_context(small):
        transport = ASGITransport(app=small, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://test", headers=shop.api.headers) as http:
            path = f"/v1/tenant/datasets/{dataset['id']}/documents/upload"
            fits = [("files", ("a.txt", b"a" * 2 * 1024 * 1024, "text/plain"))]
            large = [("files", ("b.txt", b"a" * (2 * 1024 * 1024 + 1), "text/plain"))]
            assert (await http.post(path, files=fits)).status_code == 201
            answer = await http.post(path, files=large)
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}")  # two megabytes of one letter need not be read
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert "b.txt" in answer.json()["detail"]
    assert "2 MB" in answer.json()["detail"]


async def test_too_many_files_are_refused_before_any_is_stored(shop: Shop) -> None:
    dataset = await shop.dataset()
    files = [(f"{n}.txt", f"Note {n}.".encode()) for n in range(51)]
    assert (await upload(shop, dataset, *files)).status_code == 422
    assert (await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents"))["items"] == []


async def test_a_document_gets_a_new_file_and_the_old_one_answers_until_then(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = (await upload(shop, dataset, ("prices.csv", PRICES))).json()["items"][0]
    await run_jobs()
    newer = PRICES.replace(b"89.90", b"79.90")
    path = f"{path_of(document)}/file"
    replaced = await shop.api.put(path, files={"file": ("prices.csv", newer, "text/csv")})
    assert replaced.status_code == 200
    assert "89.90" in (await found(shop, dataset, "TR-1042"))[0]["text"]
    await run_jobs()
    assert "79.90" in (await found(shop, dataset, "TR-1042"))[0]["text"]


async def test_an_upload_into_an_unknown_dataset_stores_nothing(shop: Shop, settings: Settings) -> None:
    unknown = {"id": "018f0000-0000-7000-8000-000000000001"}
    before = {path for path in settings.data_dir.rglob("*") if path.is_file()}
    assert (await upload(shop, unknown, ("a.txt", b"A note for nobody."))).status_code == 404
    assert {path for path in settings.data_dir.rglob("*") if path.is_file()} == before
