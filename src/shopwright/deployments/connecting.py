"""Pointing a platform at us, away from us, and finding out whether it works. Nothing is held while it is asked."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from shopwright.channels.port import ApiCall, ApiResponse, Channel, ManualStep, Rejected, RetryAfter, Sent
from shopwright.deployments.calling import Platforms
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.live import LiveDeployment
from shopwright.deployments.schemas import ProbeStep, Status

ENTERED = "(the secret you entered)"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
NOT_THERE = "it does not know the number or account that was entered; check it, and connect again."
BY_HAND = "Credentials work. Do the steps below on the platform's pages; the first call from there completes it."


class CallsFor(Protocol):
    """The calls that change a platform's settings, for its answer to a "locate" call where there was one."""

    def __call__(self, located: ApiResponse | None, /) -> list[ApiCall]: ...


@dataclass(frozen=True, slots=True)
class Connected:
    """How connecting went."""

    status: Status
    detail: str
    registered: bool


@dataclass(frozen=True, slots=True)
class Connector:
    """Talks to the platform of one deployment."""

    platforms: Platforms
    deployment: LiveDeployment

    @property
    def channel(self) -> Channel:
        return self.platforms.channel(self.deployment)

    @property
    def webhook_url(self) -> str:
        return self.platforms.webhook_url(self.deployment.channel, self.deployment.token)

    def steps(self) -> list[ManualStep]:
        """What a person does on the platform's pages. A secret that somebody entered is not shown again."""
        own, made = self.deployment.credentials.get("secret"), self.deployment.webhook_secret
        return self.channel.manual_steps(self.webhook_url, ENTERED if own not in {"", made} else made)

    async def connect(self) -> Connected:
        """Check the credentials, then register the webhook where the platform has an API for it."""
        try:
            channel = await self._signed_in()
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            return Connected("failed", exc.message, registered=False)
        problem = await self._problem(channel, channel.check())
        if problem:
            return Connected("failed", f"{channel.name} refused the credentials: {problem}", registered=False)
        secret = self.deployment.webhook_secret
        calls, problem = await self._point(channel, lambda located: channel.register(self.webhook_url, secret, located))
        if problem:
            return Connected(
                "failed", f"{channel.name} did not take the address of the webhook: {problem}", registered=False
            )
        if calls or not self.steps():
            return Connected("connected", "Connected.", registered=True)
        return Connected("pending", BY_HAND, registered=False)

    async def disconnect(self) -> str:
        """Tell the platform to call us no more; returns what went wrong, or nothing."""
        try:
            channel = await self._signed_in()
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            return exc.message
        _, problem = await self._point(channel, lambda located: channel.unregister(self.webhook_url, located))
        return problem

    async def probe(self) -> list[ProbeStep]:
        """Whether the credentials work, and whether our address is reached and asks for a signature."""
        try:
            channel = await self._signed_in()
            problem = await self._problem(channel, channel.check())
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            problem = exc.message
        credentials = ProbeStep(name="credentials", ok=not problem, detail=problem or "The platform accepts them.")
        return [credentials, await self._address()]

    async def _address(self) -> ProbeStep:
        try:
            answer = await self.platforms.fetch(ApiCall("POST", self.webhook_url, content=b"{}", purpose="probe"))
        except (CallRefused, PlatformAway) as exc:
            base_url = self.platforms.base_url
            if (urlsplit(base_url).hostname or "") in LOCAL_HOSTS:
                detail = f"{base_url} is this machine only; set SHOPWRIGHT_PUBLIC_URL to where platforms reach it."
            else:
                detail = f"{self.webhook_url} cannot be reached: {exc.message}"
            return ProbeStep(name="address", ok=False, detail=detail)
        return _read_probe(answer.status, answer.body)

    async def _signed_in(self) -> Channel:
        return await self.platforms.signed_in(self.deployment)

    async def _point(self, channel: Channel, calls_for: CallsFor) -> tuple[list[ApiCall], str]:
        """Do what changes the platform's settings; returns the calls, and what went wrong, or nothing.

        Where the platform must first be asked what to change, an answer that names nothing is a problem too.
        """
        calls = calls_for(None)
        if calls and calls[0].purpose == "locate":
            try:
                located = await self.platforms.call(channel, calls[0])
            except (CallRefused, PlatformAway) as exc:
                return calls, exc.message
            outcome = channel.explain(located)
            if not isinstance(outcome, Sent):
                return calls, outcome.reason
            calls = calls_for(located)
            if not calls:
                return [], NOT_THERE
        problems = [await self._problem(channel, call) for call in calls]
        return calls, " ".join(problem for problem in problems if problem)

    async def _problem(self, channel: Channel, call: ApiCall) -> str:
        try:
            outcome = channel.explain(await self.platforms.call(channel, call))
        except (CallRefused, PlatformAway) as exc:
            return exc.message
        if isinstance(outcome, Sent):
            return ""
        assert isinstance(outcome, Rejected | RetryAfter)
        return outcome.reason


def _read_probe(status: int, body: bytes) -> ProbeStep:
    """An unsigned call must reach us and be refused for just that."""
    try:
        code = orjson.loads(body).get("code")
    except (ValueError, AttributeError):
        code = None
    if status in {401, 403} and code == "invalid_signature":
        return ProbeStep(name="address", ok=True, detail="The address is reached, and an unsigned call is refused.")
    return ProbeStep(
        name="address", ok=False,
        detail=f"Somebody else answers at this address (status {status}); check SHOPWRIGHT_PUBLIC_URL and the proxy.",
    )  # fmt: skip
