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
    op.ok() for op in SCHEMA.get_all_operations() if op.ok().path not in OUTSIDE  # type: ignore[union-attr]
]


async def send(http: AsyncClient, made: requests.PreparedRequest) -> Response:
    body = made.body.encode("utf-8", "replace") if isinstance(made.body, str) else made.body
    headers = [(name.encode("latin-1"), str(value).encode("latin-1", "replace")) for name, value in made.headers.items()]
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


@pytest.mark.parametrize("who", ["owner", "nobody"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda op: op.label)
async def test_no_request_ends_in_a_failure_of_ours(
    app: FastAPI, world: World, operation: Any, who: str
) -> None:
    loop = asyncio.get_running_loop()
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=("10.96.0.1", 1))
    http = AsyncClient(transport=transport, base_url="http://test", timeout=60)
    if who == "owner":
        http.headers["authorization"] = world.shop.api.headers["authorization"]
    elif operation.definition.raw.get("x-permission") != "public":
        modes, examples = [GenerationMode.POSITIVE], 2
    if who == "owner" or operation.definition.raw.get("x-permission") == "public":
        modes, examples = list(GenerationMode), 12
    strategies = operation.as_strategy(generation_mode=modes[0])
    for mode in modes[1:]:
        strategies = strategies | operation.as_strategy(generation_mode=mode)

    @given(case=strategies)
    @settings(max_examples=examples, **SETTINGS)
    def try_all(case: Any) -> None:
        made = prepared(case, world.ids)
        if made is None:
            return
        made.headers.pop("Authorization", None)
        if who == "owner":
            made.headers["Authorization"] = http.headers["authorization"]
        answer = asyncio.run_coroutine_threadsafe(send(http, made), loop).result(60)
        assert answer.status_code < 500 or answer.status_code == 503, (made.method, made.url, made.body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    await asyncio.to_thread(try_all)
