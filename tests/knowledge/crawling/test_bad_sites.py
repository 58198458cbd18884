"""Sites that are down, slow, broken or hostile: each ends with a sentence for the owner, and none harms us."""

import asyncio
import gzip
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest
from tests.knowledge.crawling.conftest import Asked, LocalSite, answer, documents_of, page, pages_of, start, state
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.knowledge.crawling import fetching

Jobs = Callable[[], Awaitable[None]]
TEXT = "We sell shoes and boots to people who walk a lot in all kinds of weather."


async def read(shop: Shop, run_jobs: Jobs, url: str, **fields: object) -> Json:
    crawl = await start(shop, await shop.dataset(), url, **fields)
    await run_jobs()
    return await state(shop, crawl)


async def test_a_site_that_is_down_is_named(shop: Shop, run_jobs: Jobs) -> None:
    done = await read(shop, run_jobs, "http://127.0.0.1:9/")

    assert (done["status"], done["error_code"]) == ("failed", "no_answer")
    assert done["error"].startswith("The site 127.0.0.1 does not answer.")
    assert [p["reason_code"] for p in await pages_of(shop, done)] == ["no_answer"]


async def test_a_name_that_nobody_has_is_named(shop: Shop, run_jobs: Jobs) -> None:
    done = await read(shop, run_jobs, "https://no-such-shop.invalid/")

    assert done["error_code"] in {"no_such_host", "no_answer"}  # the second where no name server answers
    assert "no-such-shop.invalid" in done["error"]


@pytest.mark.parametrize(
    "inner",
    [
        "http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://[::1]/", "http://2130706434/", "http://10.0.0.1/",
    ],
)  # fmt: skip
async def test_a_site_that_leads_inside_is_not_followed(
    shop: Shop, site: LocalSite, run_jobs: Jobs, inner: str
) -> None:
    site.pages = {"/": answer(status="302 Found", location=inner)}

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["error_code"]) == ("failed", "address_refused")
    assert "inside a network" in done["error"]


async def test_a_page_that_leads_inside_is_only_that_page(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    site.pages = {
        "/": page("Welcome", TEXT, "/trick", "http://169.254.169.254/"),
        "/trick": answer(status="302 Found", location="http://169.254.169.254/latest/"),
    }

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["pages_read"]) == ("completed", 1)
    (left,) = await pages_of(shop, done, status="skipped")
    assert (left["url"], left["reason_code"]) == (f"{site.url}/trick", "elsewhere")


async def test_redirects_without_end_end(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    def on(asked: Asked) -> bytes:
        return answer(status="302 Found", location=f"{asked.path}x")

    site.pages = {"*": on, "/robots.txt": answer(status="404 Not Found")}

    done = await read(shop, run_jobs, f"{site.url}/a")

    assert (done["status"], done["error_code"]) == ("failed", "too_many_redirects")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("401 Unauthorized", "no_pages"), ("403 Forbidden", "refused"), ("404 Not Found", "not_there"),
        ("500 Internal Server Error", "server_error"), ("503 Service Unavailable", "server_error"),
        ("429 Too Many Requests", "busy"),
    ],
)  # fmt: skip
async def test_a_first_page_that_is_refused_says_why(
    shop: Shop, site: LocalSite, run_jobs: Jobs, status: str, code: str
) -> None:
    site.pages = {"/": answer("No.", status=status)}

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["error_code"]) == ("failed", code)


async def test_a_site_that_asks_programs_to_stay_away_is_left_alone(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    site.pages = {"/robots.txt": answer("User-agent: *\nDisallow: /", "text/plain"), "/": page("Welcome", TEXT)}

    done = await read(shop, run_jobs, site.url)

    assert done["error_code"] == "robots_site"
    assert "User-agent: ShopwrightBot" in done["error"]
    assert set(site.paths()) == {"/robots.txt"}


async def test_a_robots_file_that_cannot_be_had_forbids_everything(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    site.pages = {"/robots.txt": answer("", status="503 Service Unavailable"), "/": page("Welcome", TEXT)}

    done = await read(shop, run_jobs, site.url)

    assert done["error_code"] == "robots_unreachable"
    assert set(site.paths()) == {"/robots.txt"}


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_left_out(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    bomb = gzip.compress(b"<p>" + b"a" * 200_000_000)
    site.pages = {"/": page("Welcome", TEXT, "/bomb"), "/bomb": answer(bomb, content_encoding="gzip")}
    site.pages["/sitemap.xml"] = answer(bomb, "application/gzip")

    done = await read(shop, run_jobs, site.url)

    (left,) = await pages_of(shop, done, status="failed")
    assert (done["pages_read"], left["reason_code"]) == (1, "too_large")


async def test_a_packed_page_is_read(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    plain = page("Welcome", TEXT).partition(b"\r\n\r\n")[2]
    site.pages = {"/": answer(gzip.compress(plain), content_encoding="gzip")}

    assert (await read(shop, run_jobs, site.url))["pages_read"] == 1


async def test_a_page_without_end_is_cut_off_by_its_size(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    endless = answer(b"<p>word</p>" * 1_000_000).replace(b"content-length: 11000000\r\n", b"")
    site.pages = {"/": page("Welcome", TEXT, "/endless"), "/endless": endless}

    done = await read(shop, run_jobs, site.url)

    assert [p["reason_code"] for p in await pages_of(shop, done, status="failed")] == ["too_large"]


async def test_a_page_that_drips_is_cut_off_by_its_time(
    shop: Shop, site: LocalSite, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PAGE_SECONDS", 1.0)

    async def drip(_asked: Asked) -> bytes:
        await asyncio.Event().wait()
        return b""

    site.pages = {"/": page("Welcome", TEXT, "/drip"), "/drip": drip}

    done = await read(shop, run_jobs, site.url)

    assert [p["reason_code"] for p in await pages_of(shop, done, status="failed")] == ["too_slow"]


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02 what is this\r\n\r\n", b"HTTP/9.9 abc\r\n\r\n", b""])
async def test_an_answer_that_is_no_http_is_only_that_page(
    shop: Shop, site: LocalSite, run_jobs: Jobs, garbage: bytes
) -> None:
    site.pages = {"/": page("Welcome", TEXT, "/garbage"), "/garbage": garbage}

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["pages_read"], done["pages_failed"]) == ("completed", 1, 1)
    assert [p["reason_code"] for p in await pages_of(shop, done, status="failed")] == ["garbled"]


async def test_a_certificate_that_is_not_valid_is_named(shop: Shop, run_jobs: Jobs, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    served = LocalSite(pages={"/": page("Welcome", TEXT)})
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    done = await read(shop, run_jobs, f"https://127.0.0.1:{port}/")
    server.close()

    assert (done["status"], done["error_code"]) == ("failed", "insecure")
    assert served.asked == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


async def test_a_site_that_only_browsers_can_show_says_so(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    site.pages = {"/": answer("<html><body><div id='app'></div><script src='/x.js'></script></body></html>")}

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["error_code"]) == ("failed", "needs_browser")
    assert "shows its text only in a browser" in done["error"]


async def test_a_site_that_dies_on_the_way_keeps_what_was_read(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    def last(_asked: Asked) -> bytes:
        assert site.server is not None
        site.server.close()
        return page("Last", "After this page the machine of the shop was switched off.")

    site.pages = {"/": page("Welcome", TEXT, "/last", *(f"/{n}" for n in range(20))), "/last": last}

    done = await read(shop, run_jobs, site.url)

    assert (done["status"], done["pages_read"], done["pages_failed"]) == ("completed", 2, 4)
    assert "stopped answering" in done["notice"]
    assert {p["reason_code"] for p in await pages_of(shop, done, status="skipped")} == {"stopped"}


async def test_a_calendar_and_session_ids_do_not_make_a_site_endless(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    def calendar(asked: Asked) -> bytes:
        month = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1
        return page(f"Month {month}", f"Nothing happens in month {month}.", f"/cal?month={month + 1}")

    site.pages = {f"/cal?month={n}": calendar for n in range(1, 200)}
    site.pages["/"] = page("Welcome", TEXT, "/cal?month=1", "/?PHPSESSID=abc", "/?utm_source=x", "/;jsessionid=1")

    done = await read(shop, run_jobs, site.url, max_pages=100, max_depth=30)

    assert done["status"] == "completed"
    assert done["pages_read"] <= 26
    assert sum(path.startswith("/?") for path in site.paths()) == 0


async def test_a_page_in_another_encoding_is_read_right(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    body = "<html><body><main><h1>Grüße</h1><p>Straßenschuhe für 49 € bei Müller.</p></main></body></html>"
    site.pages = {"/": answer(body.encode("cp1252"), "text/html; charset=windows-1252")}
    dataset = await shop.dataset()

    await start(shop, dataset, site.url)
    await run_jobs()

    (document,) = (await documents_of(shop, dataset)).values()
    text = await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}/text")
    assert "Straßenschuhe für 49 € bei Müller." in text["text"]


async def test_a_site_that_killed_its_workers_again_and_again_is_given_up(
    shop: Shop, site: LocalSite, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> None:
    site.pages = {"/": page("Welcome", TEXT)}
    crawl = await start(shop, await shop.dataset(), site.url)
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update crawls set attempts = 4, status = 'running' where id = %s", (crawl["id"],))

    await run_jobs()

    done = await state(shop, crawl)
    assert (done["status"], done["error_code"], site.asked) == ("failed", "gave_up", [])
