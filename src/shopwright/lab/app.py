"""The lab as an application: platforms at `/{channel}/{server}/…`, and at `/control` what plays their customers."""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shopwright.kit.egress import ServerPolicy, WebClient, create_client
from shopwright.lab.accounts import Account, Accounts
from shopwright.lab.base import Answer, Call, Emulator, NotThere, Refused, Servers
from shopwright.lab.delivery import Courier
from shopwright.lab.registry import EMULATORS
from shopwright.lab.schemas import (
    AccountPut,
    AccountRead,
    Changed,
    FaultKind,
    FaultsPut,
    LabAct,
    LabActed,
    LabChannel,
    LabChannels,
    PastePost,
    Seen,
    SeenCall,
)

MAX_BODY_BYTES = 4 * 1024 * 1024
ON_CALLS: Final[tuple[FaultKind, ...]] = ("rate_limited", "server_error", "timeout_after_accept")
# Where a platform's servers are that speak another protocol than HTTP.
SERVERS: Final = "servers"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
T = TypeVar("T", bound=BaseModel)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass
class Lab:
    """All accounts on all emulated platforms.

    Args:
        secret: what the control calls are made with.
        lab_url: where the product reaches the lab, for credentials that hold an address.
        product_url: where the product is, until it says so itself; the only place that webhooks go to.
        client: what webhooks are sent with; without one, a client that reaches the product and nothing else.
    """

    secret: str = field(repr=False)
    lab_url: str
    product_url: str
    client: WebClient | None = None
    accounts: Accounts = field(default_factory=Accounts)
    _courier: Courier | None = None
    _servers: dict[str, Servers] = field(default_factory=dict)

    @property
    def courier(self) -> Courier:
        if self._courier is None:
            client = self.client or create_client(ServerPolicy(self.product_url))
            self._courier = Courier(client, self.product_url)
        return self._courier

    async def belong_to(self, product_url: str) -> None:
        """Send webhooks there from now on: who knows the secret says where the product is."""
        if product_url and product_url != self.product_url:
            await self._end_courier()
            self.product_url = product_url

    async def _end_courier(self) -> None:
        courier, self._courier = self._courier, None
        if courier is not None:
            await courier.close()
            if self.client is None:
                await courier.client.aclose()

    async def close(self) -> None:
        await self._end_courier()
        for servers in self._servers.values():
            await servers.close()

    def _where(self, emulator: Emulator, name: str) -> Answer:
        """The port of a server that speaks another protocol."""
        servers = self._servers.get(emulator.slug) or emulator.opens(self.accounts)
        if servers is None or name not in servers.ports:
            return Answer({"error": "no such server"}, 404)
        self._servers[emulator.slug] = servers
        return Answer({"port": servers.ports[name]})

    # ---- what the product calls, as it calls the platform ----------------------------------------------------------

    async def call(self, channel: str, call: Call) -> Answer:
        """Do a call as the platform does, or as the planned faults have it."""
        emulator = EMULATORS.get(channel)
        if emulator is None:
            return Answer({"error": "no such platform"}, 404)
        if call.address == SERVERS:
            return self._where(emulator, call.path)
        at, started = datetime.now(UTC), time.perf_counter()
        open_to_all = emulator.anonymous(call)
        if open_to_all is not None:
            return open_to_all
        try:
            account = emulator.account_of(call, self.accounts)
        except Refused as exc:
            return exc.answer
        answer = await self._disturbed(emulator, account, call)
        ms = round((time.perf_counter() - started) * 1000, 1)
        account.saw(SeenCall(at=at, direction="out", call=emulator.title(call), status=answer.status, ms=ms))
        reports, account.reports = account.reports, []
        self.courier.later(emulator, account, reports)
        return answer

    async def _disturbed(self, emulator: Emulator, account: Account, call: Call) -> Answer:
        if (fault := account.strikes("expired_token")) is not None:
            return emulator.fault_on(call, "expired_token", 0)
        fault = account.strikes(*ON_CALLS) if emulator.sends(call) else None
        if fault is not None and fault.kind != "timeout_after_accept":
            return emulator.fault_on(call, fault.kind, fault.seconds)
        answer = await self._answered(emulator, account, call)
        if fault is not None:
            # The platform has it; its answer gets lost at the edge of its network.
            await asyncio.sleep(fault.seconds)
            return Answer(b"", 504, media_type="text/plain")
        return answer

    async def _answered(self, emulator: Emulator, account: Account, call: Call) -> Answer:
        try:
            return await emulator.answer(account, call, self.courier)
        except Refused as exc:
            if exc.problem:
                account.violated(emulator.title(call), exc.problem)
            return exc.answer

    # ---- who plays the customer --------------------------------------------------------------------------------------

    def put(self, account_id: str, wanted: AccountPut) -> AccountRead:
        """Make an account, bring one back, or say that it is there.

        Raises:
            KeyError: there is no such platform.
        """
        emulator = EMULATORS[wanted.channel]
        known = self.accounts.get(account_id)
        if known is not None and known.channel == wanted.channel:
            return AccountRead(id=known.id, channel=known.channel, credentials=known.credentials, created=False)
        credentials = wanted.credentials or emulator.credentials(account_id, self.lab_url)
        home = f"{self.lab_url.rstrip('/')}/{wanted.channel}"
        account = Account(account_id, wanted.channel, wanted.name, credentials, home)
        account.begin()
        self.accounts.add(account, emulator.names(credentials))
        return AccountRead(id=account_id, channel=wanted.channel, credentials=credentials, created=True)

    async def paste(self, account: Account, pasted: PastePost) -> LabActed:
        """Do what a person does on the platform's pages with the address and the word for it."""
        problem = await EMULATORS[account.channel].paste(account, pasted.url, pasted.secret, self.courier)
        account.changed()
        return LabActed(delivered=not problem, status=None, detail=problem or "Done.")

    async def act(self, account: Account, act: LabAct) -> LabActed:
        """Let the customer do something; the platform tells us.

        Raises:
            NotThere: it cannot be done there.
        """
        emulator = EMULATORS[account.channel]
        if act.kind not in emulator.does:
            raise NotThere(emulator.lacks.get(act.kind, f"{emulator.name} has no such thing ({act.kind})."))
        if act.kind == "later":
            account.let_pass(emulator.window_hours or 0)
            return LabActed(delivered=True, status=None, detail="The time has passed.")
        async with account.lock:
            payloads = emulator.act(account, act)
            account.changed()
            done = LabActed(delivered=False, status=None, detail=f"{emulator.name} does not tell bots of it.")
            for payload in payloads:
                done = await self.courier.deliver(emulator, account, payload)
        return done


def create_lab(lab: Lab) -> Starlette:
    """The application for a lab."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await lab.close()

    control = _Control(lab)
    routes = [
        Route("/control/channels", control.guarded(control.channels), methods=["GET"]),
        Route("/control/changes", control.guarded(control.changes), methods=["POST"]),
        Route("/control/accounts/{id}", control.guarded(control.account), methods=["PUT", "DELETE"]),
        Route("/control/accounts/{id}/thread", control.guarded(control.thread), methods=["GET", "DELETE"]),
        Route("/control/accounts/{id}/paste", control.guarded(control.paste), methods=["POST"]),
        Route("/control/accounts/{id}/acts", control.guarded(control.acts), methods=["POST"]),
        Route("/control/accounts/{id}/faults", control.guarded(control.faults), methods=["PUT"]),
        Route("/{channel}/{address}/{path:path}", _platform(lab), methods=METHODS),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    return app


def _platform(lab: Lab) -> Handler:
    async def handle(request: Request) -> Response:
        names = request.path_params
        call = await _call_of(request, names["address"], names["path"])
        if call is None:
            return Response(status_code=413)
        answer = await lab.call(names["channel"], call)
        return Response(answer.content(), answer.status, dict(answer.headers), media_type=answer.media_type)

    return handle


async def _call_of(request: Request, address: str, path: str) -> Call | None:
    """The request as emulators read it, or None when it is too large."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    parts: dict[str, str | bytes] = {}
    body = b""
    if headers.get("content-type", "").startswith("multipart/"):
        async with request.form(max_files=10, max_fields=100) as form:
            for name, value in form.multi_items():
                parts[name] = await value.read(MAX_BODY_BYTES) if isinstance(value, UploadFile) else value
    else:
        read = await _read(request)
        if read is None:
            return None
        body = read
    return Call(request.method, address, path, dict(request.query_params), headers, body, parts)


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


class _Control:
    """The calls of the console's side of the lab, guarded by the secret."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def guarded(self, handle: Handler) -> Handler:
        async def handle_guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), self._lab.secret.encode()):
                return _said(401, "The lab is not for you.")
            try:
                return await handle(request)
            except ValidationError as exc:
                return _said(422, "; ".join(str(error["msg"]) for error in exc.errors(include_input=False)))
            except NotThere as exc:
                return _said(422, str(exc))
            except LookupError:
                return _said(404, "The lab knows no such account or platform.")

        return handle_guarded

    async def channels(self, _: Request) -> Response:
        listed = [LabChannel(channel=e.slug, name=e.name, acts=sorted(e.does)) for e in EMULATORS.values()]
        return _shape(LabChannels(channels=listed))

    async def changes(self, request: Request) -> Response:
        asked = await _body(request, Seen)
        return _shape(Changed(changed=await self._lab.accounts.wait(asked.seen, asked.wait_seconds)))

    async def account(self, request: Request) -> Response:
        account_id = request.path_params["id"]
        if request.method == "DELETE":
            self._lab.accounts.remove(account_id)
            return Response(status_code=204)
        wanted = await _body(request, AccountPut)
        await self._lab.belong_to(wanted.product_url)
        return _shape(self._lab.put(account_id, wanted))

    async def thread(self, request: Request) -> Response:
        account = self._account(request)
        if request.method == "DELETE":
            account.begin()
            return Response(status_code=204)
        return self._thread(account)

    async def paste(self, request: Request) -> Response:
        account = self._account(request)
        return _shape(await self._lab.paste(account, await _body(request, PastePost)))

    async def acts(self, request: Request) -> Response:
        account = self._account(request)
        return _shape(await self._lab.act(account, await _body(request, LabAct)))

    async def faults(self, request: Request) -> Response:
        account = self._account(request)
        account.plan((await _body(request, FaultsPut)).faults)
        return self._thread(account)

    def _account(self, request: Request) -> Account:
        account = self._lab.accounts.get(request.path_params["id"])
        if account is None:
            raise LookupError
        return account

    @staticmethod
    def _thread(account: Account) -> Response:
        return _shape(account.thread(EMULATORS[account.channel].window_hours))


async def _body(request: Request, shape: type[T]) -> T:
    return shape.model_validate_json(await _read(request) or b"")


def _shape(shape: BaseModel) -> Response:
    return Response(shape.model_dump_json(), media_type="application/json")


def _said(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)
