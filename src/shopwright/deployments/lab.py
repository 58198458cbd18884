"""The way to the channel lab: deployments in it speak with it and with nothing else."""

from collections.abc import Mapping

from shopwright.channels.registry import CHANNELS
from shopwright.kit.egress import EgressPolicy, ServerPolicy, WebClient, create_client

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

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
