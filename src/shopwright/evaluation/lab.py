"""Trying a bot in the channel lab: what the console asks the lab for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.deployments.lab import LabLine
from shopwright.kit.egress import AddressRefused, HttpError
from shopwright.kit.errors import AppError, Conflict, InvalidInput, NotFound
from shopwright.kit.sentences import sentence
from shopwright.lab.schemas import (
    AccountPut,
    AccountRead,
    Changed,
    FaultsPut,
    LabAct,
    LabActed,
    LabChannel,
    LabChannels,
    LabThread,
    PastePost,
    Seen,
)

TOTAL_SECONDS = 40
Reads = Callable[[AsyncSession, UUID, UUID], Awaitable[None]]
T = TypeVar("T", bound=BaseModel)
OFF = sentence("The channel lab is switched off here; an administrator can set SHOPWRIGHT_LAB=true.")
ON = sentence("Try the bot as your customers meet it on each platform, without an account there.")


class LabOff(Conflict):
    """The channel lab is switched off here; an administrator can set SHOPWRIGHT_LAB=true."""

    code = "lab_off"


class LabForgot(Conflict):
    """The channel lab was started again and does not know this account any more; begin there again."""

    code = "lab_forgot"


class LabAway(AppError):
    """The channel lab does not answer; is it running?"""

    status, code = 502, "lab_away"


@dataclass(frozen=True, slots=True)
class LabControl:
    """The lab's control calls. Everything goes over HTTP, wherever the lab runs."""

    line: LabLine
    secret: str = field(repr=False)
    # Where we are, for the webhooks of the lab.
    base_url: str
    # How to have an account read at once that is looked into now and then, by channel: there nobody tells us.
    read: Mapping[str, Reads] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        return bool(self.line.url)

    async def channels(self) -> list[LabChannel]:
        return (await self._ask("GET", "channels", LabChannels)).channels

    async def put(self, account_id: UUID, wanted: AccountPut) -> AccountRead:
        """Make an account or bring it back.

        Raises:
            NotFound: the lab has no such platform.
        """
        here = wanted.model_copy(update={"product_url": self.base_url})
        return await self._ask("PUT", f"accounts/{account_id}", AccountRead, here, what="platform in the lab")

    async def paste(self, account_id: UUID, url: str, secret: str) -> LabActed:
        """Do there what a person would do on the platform's pages."""
        return await self._ask("POST", f"accounts/{account_id}/paste", LabActed, PastePost(url=url, secret=secret))

    async def remove(self, account_id: UUID) -> None:
        await self._call("DELETE", f"accounts/{account_id}")

    async def thread(self, account_id: UUID) -> LabThread:
        return await self._ask("GET", f"accounts/{account_id}/thread", LabThread)

    async def clear(self, account_id: UUID) -> None:
        await self._call("DELETE", f"accounts/{account_id}/thread")

    async def act(self, account_id: UUID, act: LabAct) -> LabActed:
        return await self._ask("POST", f"accounts/{account_id}/acts", LabActed, act)

    async def plan(self, account_id: UUID, faults: FaultsPut) -> LabThread:
        return await self._ask("PUT", f"accounts/{account_id}/faults", LabThread, faults)

    async def changes(self, seen: Mapping[UUID, int], wait_seconds: float) -> dict[UUID, int]:
        """Which accounts are not as they were seen, with their versions; waits for one. Unknown ones have -1."""
        asked = Seen(seen={str(id_): version for id_, version in seen.items()}, wait_seconds=wait_seconds)
        found = await self._ask("POST", "changes", Changed, asked)
        return {UUID(id_): version for id_, version in found.changed.items()}

    async def _ask(
        self, method: str, path: str, shape: type[T], body: BaseModel | None = None, what: str = "account in the lab"
    ) -> T:
        return shape.model_validate_json(await self._call(method, path, body, what))

    async def _call(
        self, method: str, path: str, body: BaseModel | None = None, what: str = "account in the lab"
    ) -> bytes:
        """Do a control call.

        Raises:
            LabOff, LabAway: there is no lab, or it does not answer.
            NotFound: it does not know the account or platform.
            InvalidInput: it says that this cannot be done.
        """
        if not self.enabled:
            raise LabOff(reason="")
        content = body.model_dump_json().encode() if body is not None else None
        headers = {"authorization": f"Bearer {self.secret}", "content-type": "application/json"}
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                answer = await self.line.client.request(
                    method, f"{self.line.url}/control/{path}", content=content, headers=headers
                )
        except (HttpError, AddressRefused, TimeoutError, OSError) as exc:
            raise LabAway from exc
        if answer.status_code == 404:
            raise NotFound(what=what)
        if answer.status_code == 422:
            raise InvalidInput(reason=str(orjson.loads(answer.content)["detail"]))
        if answer.status_code >= 300:
            raise LabAway
        return bytes(answer.content)
