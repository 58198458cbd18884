"""Calling platforms: the one place where a channel's `ApiCall` becomes a request to the outside."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from shopwright.channels.port import ApiCall, ApiResponse, Channel, Credentials, Rejected, RetryAfter
from shopwright.channels.registry import create_channel
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.lab import LabLine
from shopwright.deployments.live import LiveDeployment
from shopwright.kit.egress import AddressRefused, EgressPolicy, HttpError, WebClient
from shopwright.kit.mailboxes import MailFailed, find_mail, send_mail
from shopwright.kit.sentences import sentence

TOTAL_SECONDS = 30
MAX_ANSWER_BYTES = 2_000_000
MAX_KEYS_SECONDS = 3600
# When a token is signed by none of the keys, the platform may have a new one; it is asked no more often than this.
MIN_KEYS_SECONDS = 60
MAX_TOKENS = 1_000
TOKEN_MARGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Platforms:
    """Makes channels and does their calls, over the one client that may reach outside."""

    client: WebClient
    policy: EgressPolicy
    # Where platforms reach us.
    base_url: str
    # Other addresses than the platforms' own, by channel; for test servers.
    base_urls: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lab: LabLine = field(default_factory=LabLine)
    _keys: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    # Short-lived tokens by the digest of the credentials they came for, with the end of their time.
    _tokens: "OrderedDict[str, tuple[float, str]]" = field(default_factory=OrderedDict, repr=False)

    def webhook_url(self, slug: str, token: str) -> str:
        """The address that a platform calls for a deployment."""
        return f"{self.base_url.rstrip('/')}/webhooks/{slug}/{token}"

    def channel(self, deployment: LiveDeployment, **more: str) -> Channel:
        """A channel that reads and renders; one that calls comes from `signed_in`."""
        known = {"webhook_url": self.webhook_url(deployment.channel, deployment.token)}
        credentials = Credentials({**deployment.credentials.values, **known, **more})
        if deployment.lab:
            return create_channel(deployment.channel, credentials, self.lab.base_urls(deployment.channel), in_lab=True)
        return create_channel(deployment.channel, credentials, self.base_urls.get(deployment.channel))

    async def signed_in(self, deployment: LiveDeployment) -> Channel:
        """A channel whose calls carry a token that is good for a while, where the platform wants one.

        Raises:
            SignInRefused: the platform gave none for these credentials.
            CallRefused, PlatformAway: see `call`.
        """
        channel = self.channel(deployment)
        asked = channel.sign_in()
        if asked is None:
            return channel
        digest = _digest(deployment.channel, deployment.credentials)
        ends, token = self._tokens.get(digest, (0.0, ""))
        if time.monotonic() > ends:
            answer = await self.call(channel, asked)
            given = channel.access_token(answer)
            if given is None:
                outcome = channel.explain(answer)
                reason = outcome.reason if isinstance(outcome, Rejected | RetryAfter) else sentence("it gave no token")
                raise SignInRefused(reason=reason)
            token = given.token
            self._tokens[digest] = (time.monotonic() + given.expires_in_seconds - TOKEN_MARGIN_SECONDS, token)
            while len(self._tokens) > MAX_TOKENS:
                self._tokens.popitem(last=False)
        return self.channel(deployment, access_token=token)

    async def call(self, channel: Channel, call: ApiCall, max_bytes: int = MAX_ANSWER_BYTES) -> ApiResponse:
        """Do one call of a channel. Of an answer that is longer, `max_bytes` and a little more are read.

        Raises:
            CallRefused: the address may not be called, or is none.
            PlatformAway: nothing came back; whether the platform has taken the call is not known.
        """
        return await self.fetch(channel.stamp(call, datetime.now(UTC)), max_bytes, in_lab=channel.in_lab)

    async def fetch(self, call: ApiCall, max_bytes: int = MAX_ANSWER_BYTES, *, in_lab: bool = False) -> ApiResponse:
        """The same for a call as it is; those of the lab go there and nowhere else."""
        if call.method in {"SMTP", "IMAP"}:
            return await self._mail(call, in_lab=in_lab)
        try:
            (self.lab.policy if in_lab else self.policy).check_url(call.url)
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._send(self.lab.client if in_lab else self.client, call, max_bytes)
        except AddressRefused as exc:
            raise CallRefused(reason="") from exc
        except (HttpError, TimeoutError) as exc:
            raise PlatformAway(reason=type(exc).__name__) from exc

    @staticmethod
    async def _send(client: WebClient, call: ApiCall, max_bytes: int) -> ApiResponse:
        content, media_type = _body(call)
        headers = {"accept-encoding": "identity", **({"content-type": media_type} if media_type else {})}
        request = client.build_request(call.method, call.url, headers={**headers, **call.headers}, content=content)
        response = await client.send(request, stream=True)
        body = bytearray()
        try:
            async for part in response.aiter_raw():
                body += part
                if len(body) > max_bytes:
                    break
        finally:
            await response.aclose()
        found = {name.lower(): value for name, value in response.headers.items()}
        return ApiResponse(response.status_code, found, bytes(body))

    async def mail_server(self, url: str, *, in_lab: bool) -> tuple[EgressPolicy, str]:
        """A mail server's address, and what may be reached for it.

        Raises:
            MailFailed: it is one of the lab, which does not answer.
        """
        return await self.lab.mail_server(url) if in_lab else (self.policy, url)

    async def _mail(self, call: ApiCall, *, in_lab: bool) -> ApiResponse:
        try:
            policy, url = await self.mail_server(call.url, in_lab=in_lab)
        except MailFailed as exc:
            raise PlatformAway(reason=exc.reason) from exc
        done = self._mail_sent if call.method == "SMTP" else self._mail_part
        return await done(policy, url, call)

    @staticmethod
    async def _mail_sent(policy: EgressPolicy, url: str, call: ApiCall) -> ApiResponse:
        """Hand a mail (`content`) to the mail server (`url`); without one, see whether it lets us in."""
        from email import message_from_bytes
        from email.utils import getaddresses

        head = message_from_bytes(call.content or b"")
        senders, recipients = ([a for _, a in getaddresses(head.get_all(name, []))] for name in ("from", "to"))
        try:
            await send_mail(policy, url, (senders or [""])[0], recipients, call.content)
        except MailFailed as exc:
            if not exc.code and exc.again:
                raise PlatformAway(reason=exc.reason) from exc
            return ApiResponse(exc.code or 550, {}, exc.reason.encode())
        return ApiResponse(250, {"message-id": str(head.get("message-id", ""))}, b"")

    @staticmethod
    async def _mail_part(policy: EgressPolicy, url: str, call: ApiCall) -> ApiResponse:
        """An attachment (`json` names mail and number) out of a mailbox (`url`)."""
        try:
            found = await find_mail(policy, url, call.json["message_id"])
        except MailFailed as exc:
            if exc.again:
                raise PlatformAway(reason=exc.reason) from exc
            return ApiResponse(401, {}, exc.reason.encode())
        content = attachment_of(found, call.json["attachment"]) if found else None
        return ApiResponse(404, {}, b"") if content is None else ApiResponse(200, {}, content)

    async def keys(self, channel: Channel, older: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """The public keys that a platform signs with, fetched once an hour.

        Args:
            older: what was given before and did not fit; without newer ones it is given again.

        Raises:
            PlatformAway: they could not be had.
        """
        url = channel.keys_url
        if not url:
            return None
        known = self._keys.get(url)
        if known is not None:
            longest = MAX_KEYS_SECONDS if known[1] is not older else MIN_KEYS_SECONDS
            if time.monotonic() - known[0] < longest:
                return known[1]
        answer = await self.fetch(ApiCall("GET", url, purpose="keys"), in_lab=channel.in_lab)
        try:
            keys: Mapping[str, Any] = orjson.loads(answer.body)
        except ValueError as exc:
            raise PlatformAway(reason="unreadable keys") from exc
        self._keys[url] = (time.monotonic(), keys)
        return keys


def _digest(slug: str, credentials: Credentials) -> str:
    return hashlib.sha256(orjson.dumps([slug, sorted(credentials.values.items())])).hexdigest()


def attachment_of(mail: bytes, number: int) -> bytes | None:
    """The content of one attachment of a mail."""
    from email import message_from_bytes
    from email.policy import default

    parts = list(message_from_bytes(mail, policy=default).iter_attachments())
    content = parts[number].get_payload(decode=True) if number < len(parts) else None
    return content if isinstance(content, bytes) else None


def _body(call: ApiCall) -> tuple[bytes | None, str]:
    from urllib.parse import urlencode

    if call.json is not None:
        return orjson.dumps(call.json), "application/json"
    if call.form is not None:
        return urlencode(call.form, doseq=True).encode(), "application/x-www-form-urlencoded"
    return call.content, ""
