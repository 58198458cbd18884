"""Webhooks on their way to us: signed by the emulator, tried again as its platform does, disturbed when told to."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Final

from shopwright.kit.egress import HttpError, WebClient, limited_stream
from shopwright.kit.errors import AppError
from shopwright.lab.accounts import Account, Payload
from shopwright.lab.base import Emulator, Heard, Request
from shopwright.lab.schemas import Fault, FaultKind, LabActed, SeenCall

TIMEOUT_SECONDS: Final = 20.0
MAX_ANSWER_BYTES: Final = 100_000
MAX_WAITING: Final = 500
HELD_SECONDS: Final = 2.0
NO_ADDRESS: Final = "The platform knows no address of ours; connect the deployment."
ON_THE_WAY: Final[tuple[FaultKind, ...]] = ("delay", "drop", "duplicate", "oversized", "reorder")


class Courier:
    """Calls us, and nobody else: addresses that do not begin with `product_url` are refused."""

    def __init__(self, client: WebClient, product_url: str) -> None:
        self.client, self._product = client, product_url.rstrip("/") + "/"
        self._tasks: set[asyncio.Task[None]] = set()
        # By account: a webhook that waits until another one has overtaken it.
        self._held: dict[str, asyncio.Event] = {}

    def reaches(self, url: str) -> bool:
        return url.startswith(self._product)

    async def send(self, request: Request) -> Heard:
        """One request, as it is."""
        if not self.reaches(request.url):
            return Heard(None, detail="The lab calls this installation only.")
        try:
            asked = self.client.build_request(
                request.method, request.url, headers=dict(request.headers), content=request.body
            )
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                limited_stream(self.client, asked, MAX_ANSWER_BYTES) as (response, body),
            ):
                return Heard(response.status_code, body)
        except (HttpError, AppError, OSError, ValueError) as exc:
            return Heard(None, detail=f"We could not be reached ({type(exc).__name__}).")

    async def deliver(self, emulator: Emulator, account: Account, payload: Payload) -> LabActed:
        """Bring a webhook to us, with whatever goes wrong on the way; later tries are made in the background."""
        fault = None if payload.receipt else account.strikes(*ON_THE_WAY)
        if fault is None:
            done = await self._try(emulator, account, payload)
        elif fault.kind == "duplicate":
            done = await self._try(emulator, account, payload)
            await self._try(emulator, account, payload)
        elif fault.kind == "oversized":
            done = await self._try(emulator, account, emulator.oversized(payload))
        else:
            return self._put_off(emulator, account, payload, fault)
        held = self._held.pop(account.id, None)
        if held is not None:
            held.set()
        if _tries_again(emulator, done):
            self._later(self._again(emulator, account, payload))
        return done

    def later(self, emulator: Emulator, account: Account, payloads: list[Payload]) -> None:
        """Bring webhooks to us, one after the other, while nobody waits."""
        if payloads:
            self._later(self._all(emulator, account, payloads))

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _try(self, emulator: Emulator, account: Account, payload: Payload) -> LabActed:
        at, started = datetime.now(UTC), time.perf_counter()
        heard = await emulator.bring(account, payload, self)
        if heard is None:
            return LabActed(delivered=False, status=None, detail=NO_ADDRESS)
        ms = round((time.perf_counter() - started) * 1000, 1)
        account.saw(SeenCall(at=at, direction="in", call=payload.about, status=heard.status, ms=ms))
        return _acted(heard)

    def _put_off(self, emulator: Emulator, account: Account, payload: Payload, fault: Fault) -> LabActed:
        if fault.kind == "drop":
            account.saw(
                SeenCall(at=datetime.now(UTC), direction="in", call=f"{payload.about} (lost)", status=None, ms=0)
            )
            if not emulator.retries:
                return LabActed(delivered=False, status=None, detail="Lost on the way; this platform tries only once.")
            self._later(self._after(fault.seconds or emulator.retries[0], emulator, account, payload))
            return LabActed(delivered=False, status=None, detail="Lost on the way; the platform tries again.")
        if fault.kind == "reorder":
            self._later(self._overtaken(fault.seconds or HELD_SECONDS, emulator, account, payload))
            return LabActed(delivered=False, status=None, detail="Held back until the next one has overtaken it.")
        self._later(self._after(fault.seconds or HELD_SECONDS, emulator, account, payload))
        return LabActed(
            delivered=False, status=None, detail=f"Held back for {fault.seconds or HELD_SECONDS:g} seconds."
        )

    async def _all(self, emulator: Emulator, account: Account, payloads: list[Payload]) -> None:
        for payload in payloads:
            await self.deliver(emulator, account, payload)

    async def _after(self, seconds: float, emulator: Emulator, account: Account, payload: Payload) -> None:
        await asyncio.sleep(seconds)
        if _tries_again(emulator, await self._try(emulator, account, payload)):
            await self._again(emulator, account, payload)

    async def _overtaken(self, seconds: float, emulator: Emulator, account: Account, payload: Payload) -> None:
        event = self._held.setdefault(account.id, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            self._held.pop(account.id, None)
        await self._after(0, emulator, account, payload)

    async def _again(self, emulator: Emulator, account: Account, payload: Payload) -> None:
        for seconds in emulator.retries:
            await asyncio.sleep(seconds)
            if not _tries_again(emulator, await self._try(emulator, account, payload)):
                return

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) >= MAX_WAITING:
            work.close()  # a lab that is stormed forgets; the customer's app still shows what was said
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _tries_again(emulator: Emulator, done: LabActed) -> bool:
    """Whether the platform tries once more: it does not when it is told that this one was wrong, on some."""
    if done.delivered or done.detail == NO_ADDRESS:
        return False
    return done.status is None or emulator.retries_refused


def _acted(heard: Heard) -> LabActed:
    if heard.status is None:
        return LabActed(delivered=False, status=None, detail=heard.detail)
    if heard.status < 300:
        return LabActed(delivered=True, status=heard.status, detail="Taken.")
    said = heard.body[:300].decode(errors="replace")
    return LabActed(delivered=False, status=heard.status, detail=f"We refused it: {said}")
