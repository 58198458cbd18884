"""Requests made up from the description of the API, good and bad: none of them may end in a failure of ours."""

import asyncio
import warnings
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, Phase, given, settings
from tests.architecture.operations import UNKNOWN, description
from tests.architecture.world import World

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of other libraries' own, at their import
    import schemathesis
    from schemathesis import GenerationMode

SETTINGS = {
    "deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck),
    "phases": [Phase.generate], "print_blob": False,
}  # fmt: skip
# They call a provider's own address.
OUTSIDE = {"/v1/tenant/ai-providers/{provider_id}/validate", "/admin/settings/global-key"}
SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = [
    op.ok()
    for op in SCHEMA.get_all_operations()
    if op.ok().path not in OUTSIDE  # type: ignore[union-attr]
]


async def send(http: AsyncClient, made: requests.PreparedRequest) -> Response:
    body = made.body.encode("utf-8", "replace") if isinstance(made.body, str) else made.body
    headers = [
        (name.encode("latin-1"), str(value).encode("latin-1", "replace")) for name, value in made.headers.items()
    ]
    return await http.request(str(made.method), str(made.url), content=body, headers=headers)


def prepared(case: Any, ids: dict[str, str]) -> requests.PreparedRequest | None:
    if case.method != "DELETE":
        case.path_parameters = {**case.path_parameters, **{k: v for k, v in ids.items() if k in case.path_parameters}}
    else:
        case.path_parameters = dict.fromkeys(case.path_parameters, UNKNOWN)
    try:
        made = requests.Request(**case.as_transport_kwargs(base_url="http://test")).prepare()
    except (requests.RequestException, UnicodeError):
        return None  # no client could send this
    return made


def callers() -> list[Any]:
    """Every operation with the one who may do it, and with nobody."""
    out = []
    for op in OPERATIONS:
        may = "administrator" if op.definition.raw["x-permission"] == "admin" else "owner"
        out += [pytest.param(op, who, id=f"{op.label}-{who}") for who in (may, "nobody")]
    return out


def strategy_of(operation: Any) -> Any:
    good, bad = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    return good | bad


@pytest.mark.parametrize(("operation", "who"), callers())
async def test_no_request_ends_in_a_failure_of_ours(
    app: FastAPI, world: World, admin: AsyncClient, operation: Any, who: str
) -> None:
    loop = asyncio.get_running_loop()
    tokens = {
        "owner": world.shop.api.headers["authorization"], "administrator": admin.headers["authorization"]
    }  # fmt: skip
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=("10.96.0.1", 1))
    http = AsyncClient(transport=transport, base_url="http://test", timeout=60)
    examples = 12 if who != "nobody" or operation.definition.raw["x-permission"] == "public" else 2

    @given(case=strategy_of(operation))
    @settings(max_examples=examples, **SETTINGS)
    def try_all(case: Any) -> None:
        made = prepared(case, world.ids if who == "owner" else {})
        if made is None:
            return
        made.headers.pop("Authorization", None)
        if who in tokens:
            made.headers["Authorization"] = tokens[who]
        answer = asyncio.run_coroutine_threadsafe(send(http, made), loop).result(60)
        assert answer.status_code < 500 or answer.status_code == 503, (made.method, made.url, made.body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    await asyncio.to_thread(try_all)
