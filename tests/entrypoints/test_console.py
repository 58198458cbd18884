"""The console's pages come from every address that is not the API's, with a policy that lets nothing foreign in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.types import ASGIApp

from shopwright.entrypoints.console import Console

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def built(app: FastAPI, tmp_path: Path) -> Iterator[Path]:
    """A console that is built, as small as can be."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<script nonce="__CSP_NONCE__" src="/assets/a-1.js"></script>')
    (tmp_path / "assets" / "a-1.js").write_text("export {}" * 100)
    (tmp_path / "assets" / "a-1.js.gz").write_bytes(b"packed")
    (tmp_path / "secret.py").write_text("no")
    console: ASGIApp = app.router.default
    assert isinstance(console, Console)
    console._folder, before = tmp_path, console._folder
    yield tmp_path
    console._folder = before


@pytest.mark.parametrize("path", ["/", "/bots", "/bots/1/try", "/administration/tenants", "/administration"])
@pytest.mark.usefixtures("built")
async def test_every_address_of_the_console_gives_its_page(client: AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r'nonce="([^"]+)"', answer.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in policy
    assert "unsafe" not in policy
    assert (await client.get(path, headers=PAGE)).headers["content-security-policy"] != policy


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/admin/nothing", "/api/x", "/chat/1/x", "/widget/a/x.map", "/assets/b.js"]
)
@pytest.mark.usefixtures("built")
async def test_a_missing_path_of_the_api_stays_a_problem_for_browsers_too(client: AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=PAGE)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_path")


@pytest.mark.usefixtures("built")
async def test_a_program_gets_a_problem_and_a_post_is_not_a_page(client: AsyncClient) -> None:
    assert (await client.get("/bots")).status_code == 404
    assert (await client.post("/bots", headers=PAGE)).status_code == 404


@pytest.mark.usefixtures("built")
async def test_files_are_kept_for_ever_and_sent_packed(client: AsyncClient) -> None:
    packed = await client.get("/assets/a-1.js", headers={"accept-encoding": "identity"})
    assert "immutable" in packed.headers["cache-control"]
    plain = await client.get("/assets/a-1.js", headers={"accept-encoding": "identity"})
    assert plain.headers["content-type"].startswith("text/javascript")
    assert plain.text.startswith("export")
    assert plain.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "path", ["/secret.py", "/../pyproject.toml", "/assets/../secret.py", "/assets/%2e%2e/secret.py"]
)
@pytest.mark.usefixtures("built")
async def test_only_files_of_the_console_are_sent(client: AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"accept": "*/*"})).status_code == 404


async def test_a_console_that_is_not_built_says_how_to_build_it(client: AsyncClient, built: Path) -> None:
    (built / "index.html").unlink()
    answer = await client.get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "make web" in answer.text
