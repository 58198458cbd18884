"""Pointing a platform at us, away from us, and finding out whether it works. Nothing is held while it is asked."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from shopwright.channels.port import ApiCall, Channel, ManualStep, Rejected, RetryAfter, Sent
from shopwright.deployments.calling import Platforms
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.live import LiveDeployment
from shopwright.deployments.schemas import ProbeStep, Status

ENTERED = "(the secret you entered)"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
BY_HAND = "Credentials work. Do the steps below on the platform's pages; the first call from there completes it."


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
    base_url: str

    @property
    def channel(self) -> Channel:
        return self.platforms.channel(self.deployment.channel, self.deployment.credentials)

    @property
    def webhook_url(self) -> str:
        return webhook_url(self.base_url, self.deployment.channel, self.deployment.token)

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
        calls = channel.register(self.webhook_url, self.deployment.webhook_secret)
        for call in calls:
            problem = await self._problem(channel, call)
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
        problems = [await self._problem(channel, call) for call in channel.unregister(self.webhook_url)]
        return " ".join(problem for problem in problems if problem)

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
            if (urlsplit(self.base_url).hostname or "") in LOCAL_HOSTS:
                detail = f"{self.base_url} is this machine only; set SHOPWRIGHT_PUBLIC_URL to where platforms reach it."
            else:
                detail = f"{self.webhook_url} cannot be reached: {exc.message}"
            return ProbeStep(name="address", ok=False, detail=detail)
        return _read_probe(answer.status, answer.body)

    async def _signed_in(self) -> Channel:
        return await self.platforms.signed_in(self.deployment.channel, self.deployment.credentials)

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


def webhook_url(base_url: str, channel: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/webhooks/{channel}/{token}"
