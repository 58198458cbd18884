"""The worker is killed in the middle of its work: a document is whole or not there, and the next worker ends it."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.knowledge.crawling.conftest import documents_of, local_site, page, pages_of, start, state
from tests.knowledge.test_documents import found, path_of
from tests.shops import Json, Shop

import shopwright
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import libpq_address
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.failpoints import ENVIRONMENT
from shopwright.kit.jobs import create_job_app, retry_stalled
from shopwright.knowledge.tasks import TASKS

Jobs = Callable[[], Awaitable[None]]
FAILPOINTS = [
    "ingest.claimed",
    "ingest.fetched",
    "ingest.extracted",
    "ingest.chunked",
    "ingest.half_embedded",
    "ingest.embedded",
    "ingest.half_stored",
    "ingest.before_commit",
    "ingest.committed",
]
CRAWL_FAILPOINTS = [
    "crawl.claimed", "crawl.planned", "crawl.fetched", "crawl.before_commit", "crawl.page_stored",
]  # fmt: skip
SHELVES = 12
DEADLINE_SECONDS = 90


def test_every_failpoint_of_the_source_is_tried_here() -> None:
    source = Path(shopwright.__file__).parent
    named = {name for file in source.rglob("*.py") for name in re.findall(r'failpoint\("([^"]+)"\)', file.read_text())}
    assert {name for name in named if not name.startswith("gateway.")} == {*FAILPOINTS, *CRAWL_FAILPOINTS}


@pytest.fixture(autouse=True)
def empty_queue(postgres: EmbeddedPostgres) -> None:
    """What other tests left undone would be worked on first."""
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("delete from procrastinate_jobs where status in ('todo', 'failed')")


@asynccontextmanager
async def worker(settings: Settings, **environment: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A worker process of its own; killed at the end, if it still runs."""
    assert settings.database_url is not None
    given = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SHOPWRIGHT_")},
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SHOPWRIGHT_DATA_DIR": str(settings.data_dir),
        "SHOPWRIGHT_MODELS_DIR": str(settings.models_dir),
        "SHOPWRIGHT_MODEL_THREADS": "1",
        **environment,
    }
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "shopwright", "worker"],
        env=given, cwd=settings.data_dir, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        await asyncio.to_thread(process.wait, 20)


def age_heartbeats(postgres: EmbeddedPostgres) -> None:
    """Let the time pass after which a worker that does not beat is thought dead."""
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")


async def hand_back(settings: Settings) -> int:
    jobs = create_job_app(libpq_address(settings), [(TASKS, None)])
    async with jobs.open_async():
        return await retry_stalled(jobs)


async def upload(shop: Shop) -> Json:
    """A file with a known number of rows."""
    dataset = await shop.dataset()
    rows = "".join(f"SK-{n},Shelf number {n},{n}.50 EUR\n" for n in range(SHELVES))
    files = [("files", ("shelves.csv", f"SKU,Name,Price\n{rows}".encode(), "text/csv"))]
    answer = await shop.api.post(f"/v1/tenant/datasets/{dataset['id']}/documents/upload", files=files)
    assert answer.status_code == 201
    return dict(answer.json()["items"][0])


def stored(postgres: EmbeddedPostgres, document: Json) -> tuple[int, int, int]:
    """Its chunks, the vectors of those, and the passages its dataset thinks it has."""
    with psycopg.connect(postgres.owner_url) as connection:
        row = connection.execute(
            "select (select count(*) from chunks where document_id = %(d)s), (select count(*) from chunk_vectors v"
            " join chunks c on c.tenant_id = v.tenant_id and c.id = v.chunk_id where c.document_id = %(d)s),"
            " (select passages from datasets where id = %(s)s)",
            {"d": document["id"], "s": document["dataset_id"]},
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


@pytest.mark.parametrize("name", FAILPOINTS)
async def test_a_worker_killed_anywhere_leaves_a_whole_document_or_none(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, run_jobs: Jobs, tmp_path: Path, name: str
) -> None:
    document = await upload(shop)
    flag = tmp_path / "reached"

    async with worker(settings, **{ENVIRONMENT: f"{name}={flag}"}) as process:
        children = await wait_for_children(process)
        ended = await asyncio.to_thread(process.wait, DEADLINE_SECONDS)

    assert ended == -signal.SIGKILL
    assert flag.exists(), "the failpoint was not reached"
    between = await shop.get(path_of(document))
    if name == "ingest.committed":
        assert (between["status"], stored(postgres, document)) == ("completed", (SHELVES, SHELVES, SHELVES))
    else:
        assert (between["status"], between["version"]) == ("processing", None)
        assert stored(postgres, document) == (0, 0, 0)
        assert await found(shop, {"id": document["dataset_id"]}, "SK-3") == []
    await none_is_left(children)

    age_heartbeats(postgres)
    assert await hand_back(settings) == 1
    await run_jobs()

    read = await shop.get(path_of(document))
    assert (read["status"], read["chunk_count"], read["error"]) == ("completed", SHELVES, None)
    assert stored(postgres, document) == (SHELVES, SHELVES, SHELVES)
    assert "3.50" in (await found(shop, {"id": document["dataset_id"]}, "SK-3"))[0]["text"]


async def wait_for_children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that read documents for a worker."""
    children: list[psutil.Process] = []
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not children and process.poll() is None:
            try:
                children = psutil.Process(process.pid).children(recursive=True)
            except psutil.NoSuchProcess:
                break
            await asyncio.sleep(0.02)
    return children


async def none_is_left(children: list[psutil.Process]) -> None:
    assert children, "no process that reads documents was seen"
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
    assert alive == []


@pytest.mark.parametrize("name", CRAWL_FAILPOINTS)
async def test_a_worker_killed_while_it_reads_a_site_is_followed_by_one_that_goes_on(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, run_jobs: Jobs, tmp_path: Path, name: str
) -> None:
    dataset = await shop.dataset()
    flag = tmp_path / "reached"
    async with local_site() as site:
        links = [f"/{n}" for n in range(4)]
        site.pages = {link: page(f"Page {link[1:]}", f"This is page {link}, one of a few.") for link in links}
        site.pages["/"] = page("Welcome", "All pages of this shop in one list.", *links)
        crawl = await start(shop, dataset, site.url)
        environment = {ENVIRONMENT: f"{name}={flag}", "SHOPWRIGHT_EGRESS_ALLOW": "127.0.0.1"}
        async with worker(settings, SHOPWRIGHT_CRAWL_REQUESTS_PER_SECOND="100", **environment) as process:
            assert await asyncio.to_thread(process.wait, DEADLINE_SECONDS) == -signal.SIGKILL
        assert flag.exists(), "the failpoint was not reached"
        age_heartbeats(postgres)
        assert await hand_back(settings) >= 1

        await run_jobs()

    done = await state(shop, crawl)
    assert (done["status"], done["pages_found"], done["pages_read"]) == ("completed", 5, 5)
    assert len(await pages_of(shop, crawl, status="read")) == 5
    documents = await documents_of(shop, dataset)
    assert sorted(d["title"] for d in documents.values()) == ["Page 0", "Page 1", "Page 2", "Page 3", "Welcome"]
    assert {(d["status"], d["version"]) for d in documents.values()} == {("completed", 1)}
    # At most the page that was being fetched is asked for twice, beside what a crawl begins with.
    pages = [path for path in site.paths() if path not in {"/", "/robots.txt", "/sitemap.xml"}]
    assert len(pages) <= len(set(pages)) + 1


async def test_a_replaced_document_keeps_answering_with_its_old_version_when_the_worker_dies(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, run_jobs: Jobs, tmp_path: Path
) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Price", "The lamp costs 20 EUR.")
    await run_jobs()
    await shop.api.put(f"{path_of(document)}/content", json={"content": "The lamp costs 30 EUR."})

    async with worker(settings, **{ENVIRONMENT: f"ingest.before_commit={tmp_path / 'flag'}"}) as process:
        assert await asyncio.to_thread(process.wait, DEADLINE_SECONDS) == -signal.SIGKILL

    assert "20 EUR" in (await found(shop, dataset, "What does the lamp cost?"))[0]["text"]
    age_heartbeats(postgres)
    await hand_back(settings)
    await run_jobs()
    assert [hit["text"] for hit in await found(shop, dataset, "lamp")] == ["The lamp costs 30 EUR."]


async def test_a_document_that_kills_every_worker_is_given_up_and_can_be_tried_again(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, run_jobs: Jobs
) -> None:
    document = await shop.text(await shop.dataset(), "Poison", "This text is poison.")
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update documents set attempts = 3 where id = %s", (document["id"],))

    await run_jobs()

    failed = await shop.get(path_of(document))
    assert (failed["status"], failed["error_code"], failed["chunk_count"]) == ("failed", "gave_up", 0)
    assert "3 times" in failed["error"]
    await shop.post(f"{path_of(document)}/retry", status=202)
    await run_jobs()
    assert (await shop.get(path_of(document)))["status"] == "completed"


async def test_a_second_worker_process_takes_over_by_itself_and_stops_when_told(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    document = await upload(shop)
    async with worker(settings, **{ENVIRONMENT: f"ingest.embedded={tmp_path / 'flag'}"}) as process:
        await asyncio.to_thread(process.wait, DEADLINE_SECONDS)
    age_heartbeats(postgres)

    async with worker(settings) as process:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (await shop.get(path_of(document)))["status"] != "completed":
                assert process.poll() is None
                await asyncio.sleep(0.1)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0

    assert stored(postgres, document) == (SHELVES, SHELVES, SHELVES)


async def test_a_worker_that_was_thought_dead_and_comes_back_writes_nothing(
    shop: Shop, settings: Settings, postgres: EmbeddedPostgres, run_jobs: Jobs
) -> None:
    document = await upload(shop)
    async with worker(settings) as slow:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (await shop.get(path_of(document)))["status"] == "pending":  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        slow.send_signal(signal.SIGSTOP)
        try:
            age_heartbeats(postgres)
            handed = await hand_back(settings)
            await run_jobs()
            first = await shop.get(path_of(document))
        finally:
            slow.send_signal(signal.SIGCONT)
        if handed:
            assert first["status"] == "completed"
        slow.terminate()
        await asyncio.to_thread(slow.wait, 30)
    assert stored(postgres, document) == (SHELVES, SHELVES, SHELVES)
    assert (await shop.get(path_of(document)))["status"] == "completed"
