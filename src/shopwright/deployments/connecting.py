"""Pointing a platform at us, away from us, and finding out whether it works. Nothing is held while it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from shopwright.channels.port import ApiCall, ApiResponse, BadPayload, Channel, ManualStep, RetryAfter, Sent
from shopwright.deployments.calling import Platforms
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.live import LiveDeployment
from shopwright.deployments.schemas import ProbeStep, Reason, Status
from shopwright.deployments.service import NO_KEYS
from shopwright.deployments.standing import CONNECTED
from shopwright.kit.sentences import sentence

UNREADABLE = sentence("Its answer could not be read.")
ENTERED = "(the secret you entered)"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
BY_HAND = sentence(
    "Credentials work. Do the steps below on the platform's pages; the first call from there completes it."
)
REFUSED = sentence("{platform} refused the credentials: {reason}")
SILENT = sentence("{platform} did not answer: {reason}")
NO_ADDRESS = sentence("{platform} did not take the address of the webhook: {reason}")


@dataclass(frozen=True, slots=True)
class Connected:
    """How connecting went."""

    status: Status
    detail: str
    registered: bool
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a call came to that was not taken; `away`: it may be taken later."""

    text: str
    away: bool = False
    not_allowed: bool = False

    def reason(self, refused: Reason) -> Reason:
        """The word for it, where a refusal by the platform means `refused`."""
        return "not_allowed" if self.not_allowed else "away" if self.away else refused


def _told(exc: CallRefused | PlatformAway | SignInRefused) -> Problem:
    return Problem(exc.message, away=isinstance(exc, PlatformAway), not_allowed=isinstance(exc, CallRefused))


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
        if not self.deployment.has_credentials:
            return Connected("pending", NO_KEYS, registered=False, reason="no_keys")
        try:
            channel = await self._signed_in()
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            return self._failed(_told(exc), "credentials")
        problem = await self._problem(channel, channel.check())
        if problem:
            return self._failed(problem, "credentials", SILENT if problem.away else REFUSED)
        secret = self.deployment.webhook_secret
        calls = await self._calls(channel, lambda located: channel.register(self.webhook_url, secret, located))
        problem = calls if isinstance(calls, Problem) else await self._all(channel, calls)
        if problem:
            return self._failed(problem, "address", NO_ADDRESS)
        # "degraded": the calls do a part of it, and a person the rest.
        if self.steps() and (not calls or channel.capabilities.automatic_webhook == "degraded"):
            return Connected("pending", BY_HAND, registered=False, reason="by_hand")
        return Connected("connected", CONNECTED, registered=True)

    def _failed(self, problem: Problem, refused: Reason, template: str = "") -> Connected:
        said = sentence(template, platform=self.channel.name, reason=problem.text) if template else problem.text
        return Connected("failed", said, registered=False, reason=problem.reason(refused))

    async def disconnect(self) -> str:
        """Tell the platform to call us no more; returns what went wrong, or nothing."""
        if not self.deployment.has_credentials:
            return ""
        try:
            channel = await self._signed_in()
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            return exc.message
        calls = await self._calls(channel, lambda located: channel.unregister(self.webhook_url, located))
        problem = calls if isinstance(calls, Problem) else await self._all(channel, calls)
        return problem.text if problem else ""

    async def probe(self) -> list[ProbeStep]:
        """Whether the credentials work, and whether our address is reached and asks for a signature."""
        if not self.deployment.has_credentials:
            return [ProbeStep(name="credentials", ok=False, detail=sentence("There are none yet."))]
        try:
            channel = await self._signed_in()
            problem = await self._problem(channel, channel.check())
        except (CallRefused, PlatformAway, SignInRefused) as exc:
            problem = _told(exc)
        said = problem.text if problem else sentence("The platform accepts them.")
        credentials = ProbeStep(name="credentials", ok=problem is None, detail=said)
        return [credentials, await self._address()]

    async def _address(self) -> ProbeStep:
        try:
            answer = await self.platforms.fetch(ApiCall("POST", self.webhook_url, content=b"{}", purpose="probe"))
        except (CallRefused, PlatformAway) as exc:
            base_url = self.platforms.base_url
            if (urlsplit(base_url).hostname or "") in LOCAL_HOSTS:
                detail = sentence(
                    "{address} is this machine only; set SHOPWRIGHT_PUBLIC_URL to where platforms reach it.",
                    address=base_url,
                )
            else:
                detail = sentence("{address} cannot be reached: {reason}", address=self.webhook_url, reason=exc.message)
            return ProbeStep(name="address", ok=False, detail=detail)
        return _read_probe(answer.status, answer.body)

    async def _signed_in(self) -> Channel:
        return await self.platforms.signed_in(self.deployment)

    async def _calls(
        self, channel: Channel, plan: Callable[[ApiResponse | None], list[ApiCall]]
    ) -> list[ApiCall] | Problem:
        """The calls to be done; some platforms are first asked where, and planned for again with their answer."""
        calls = plan(None)
        if [call.purpose for call in calls] != ["locate"]:
            return calls
        answer = await self._ask(channel, calls[0])
        if isinstance(answer, Problem):
            return answer
        try:
            calls = plan(answer)
        except BadPayload:
            return Problem(UNREADABLE, away=True)
        if not calls or calls[0].purpose == "locate":
            return Problem(sentence("It does not know the number or account that was entered."))
        return calls

    async def _all(self, channel: Channel, calls: Sequence[ApiCall]) -> Problem | None:
        for call in calls:
            problem = await self._problem(channel, call)
            if problem:
                return problem
        return None

    async def _problem(self, channel: Channel, call: ApiCall) -> Problem | None:
        answer = await self._ask(channel, call)
        return answer if isinstance(answer, Problem) else None

    async def _ask(self, channel: Channel, call: ApiCall) -> ApiResponse | Problem:
        try:
            answer = await self.platforms.call(channel, call)
        except (CallRefused, PlatformAway) as exc:
            return _told(exc)
        try:
            outcome = channel.explain(answer)
        except BadPayload:
            return Problem(UNREADABLE, away=True)
        if isinstance(outcome, Sent):
            return answer
        return Problem(outcome.reason, away=isinstance(outcome, RetryAfter))


def _read_probe(status: int, body: bytes) -> ProbeStep:
    """An unsigned call must reach us and be refused for just that."""
    try:
        code = orjson.loads(body).get("code")
    except (ValueError, AttributeError):
        code = None
    if status in {401, 403} and code == "invalid_signature":
        reached = sentence("The address is reached, and an unsigned call is refused.")
        return ProbeStep(name="address", ok=True, detail=reached)
    other = sentence(
        "Somebody else answers at this address (status {status}); check SHOPWRIGHT_PUBLIC_URL and the proxy.",
        status=status,
    )
    return ProbeStep(name="address", ok=False, detail=other)
