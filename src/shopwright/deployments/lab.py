"""The way to the channel lab: deployments in it speak with it and with nothing else."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import orjson

from shopwright.channels.registry import CHANNELS
from shopwright.kit.egress import AddressRefused, EgressPolicy, HttpError, ServerPolicy, WebClient, create_client
from shopwright.kit.mailboxes import MailFailed
from shopwright.kit.sentences import sentence

NOWHERE = "http://lab.invalid"
TIMEOUT_SECONDS = 25


class LabLine:
    """A client that reaches the lab's server, under the lab's path, and no other address.

    Args:
        url: where the lab is; empty: there is none, and every call is refused.
    """

    def __init__(self, url: str = "") -> None:
        self.url = url.rstrip("/")
        self.policy: EgressPolicy = ServerPolicy(self.url)
        self._client: WebClient | None = None

    @property
    def client(self) -> WebClient:
        """Made when it is first needed: most processes never do."""
        if self._client is None:
            self._client = create_client(self.policy, timeout_seconds=TIMEOUT_SECONDS)
        return self._client

    def base_urls(self, slug: str) -> Mapping[str, str]:
        """The platform's servers as the lab has them."""
        return {name: f"{self.url or NOWHERE}/{slug}/{name}" for name in CHANNELS[slug].addresses}

    async def mail_server(self, url: str) -> tuple[EgressPolicy, str]:
        """Where the lab's mail server is, for user and password of `url`; and a policy for that server alone.

        Wherever `url` points: a deployment in the lab reaches nothing else.

        Raises:
            MailFailed: the lab does not answer, or has none.
        """
        parts, lab = urlsplit(url), urlsplit(self.url or NOWHERE)
        try:
            answer = await self.client.get(f"{self.url or NOWHERE}/email/servers/{parts.scheme}")
            port = int(orjson.loads(answer.content)["port"])
        except (HttpError, AddressRefused, OSError, ValueError, KeyError, TypeError) as exc:
            raise MailFailed(sentence("The mail server of the channel lab does not answer."), again=True) from exc
        host = "127.0.0.1" if lab.hostname == "localhost" else lab.hostname or ""
        login = parts.netloc.rpartition("@")[0]
        return EgressPolicy([f"{host}:{port}"]), f"{parts.scheme}://{login}@{host}:{port}"

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
