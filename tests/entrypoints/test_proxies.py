"""Behind a reverse proxy the caller's own address counts, and nobody can make one up."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from starlette.datastructures import Headers

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.proxies import TrustedProxies
from shopwright.entrypoints.settings import Settings

PROXIES = TrustedProxies(["10.0.0.0/8", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.7, 10.0.0.2"], "192.0.2.7"),
        ("10.0.0.1", ["198.51.100.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7"),  # the first is the caller's own invention
        ("10.0.0.1", ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.7:4711"], "192.0.2.7"),
        ("10.0.0.1", ["[2001:db8:2::7]:4711"], "2001:db8:2::7"),
        ("10.0.0.1", ["::ffff:192.0.2.7"], "192.0.2.7"),
        ("2001:db8:1::1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.7, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("192.0.2.9", ["192.0.2.7"], "192.0.2.9"),  # not a proxy of ours
    ],
)
def test_the_callers_address_is_the_last_one_no_proxy_of_ours_has(peer: str, forwarded: list[str], seen: str) -> None:
    scope = {"type": "http", "client": (peer, 1), "scheme": "http"}
    PROXIES.look_through(scope, Headers(raw=[(b"x-forwarded-for", line.encode()) for line in forwarded]))
    assert scope["client"][0] == seen


@pytest.mark.parametrize(("peer", "scheme"), [("10.0.0.1", "https"), ("192.0.2.9", "http")])
def test_the_scheme_is_taken_from_a_proxy_of_ours_only(peer: str, scheme: str) -> None:
    scope = {"type": "http", "client": (peer, 1), "scheme": "http"}
    PROXIES.look_through(scope, Headers({"x-forwarded-proto": "https"}))
    assert scope["scheme"] == scheme


async def test_limits_count_callers_and_not_the_proxy(app: FastAPI, settings: Settings) -> None:
    behind = create_app(settings.model_copy(update={"trusted_proxies": ["10.0.0.0/8"]}))
    async with behind.router.lifespan_context(behind):
        transport = ASGITransport(app=behind, client=("10.0.0.1", 1))
        async with AsyncClient(transport=transport, base_url="http://test") as http:
            body = {"refresh_token": "rt_" + "A" * 64}

            async def refresh(caller: str) -> int:
                answer = await http.post("/v1/auth/refresh", json=body, headers={"x-forwarded-for": caller})
                return answer.status_code

            assert [await refresh("192.0.2.7") for _ in range(121)] == [401] * 120 + [429]
            assert await refresh("192.0.2.8") == 401
