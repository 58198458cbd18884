"""The only door to the outside: HTTP to addresses that a tenant, a document or a model may have supplied.

The name is resolved here, every address it has is checked, and the connection goes to the address that was
checked. Redirects are not followed. Time and size are limited.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore2
import httpx2

from shopwright.kit.errors import AppError

# Names for those who may not import the HTTP library themselves.
WebClient = httpx2.AsyncClient
HttpError = httpx2.HTTPError

ALLOWED_PORTS = frozenset({80, 443})
MAX_RESPONSE_BYTES = 20_000_000

# Beyond `is_global`: what Python calls global and is not, or is another form of an inner address.
_REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")


class AddressRefused(AppError):
    """This address cannot be reached from here; use a public http or https address."""

    status, code = 422, "address_refused"


class AnswerTooLarge(AddressRefused):
    """The other side sent more than is accepted; use an address that answers with less."""

    code = "answer_too_large"


def is_public(address: str) -> bool:
    """Whether an address is a public one, IPv4 inside IPv6 unwrapped first."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _SIX_TO_FOUR or ip.teredo is not None:
            return False
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not any(ip in net for net in _REFUSED if net.version == ip.version)


class EgressPolicy:
    """What may be reached: public addresses on the web's ports, and what the administrator lists.

    Args:
        allow: hosts, `host:port` pairs or networks that the administrator permits although they are not
            public, such as a model server on the same machine.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._hosts: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for entry in allow:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]")))
            except ValueError:
                self._hosts.add(entry.lower().replace("[", "").replace("]", ""))

    def check_url(self, url: str) -> None:
        """Refuse what can be refused before a name is resolved.

        Raises:
            AddressRefused: wrong scheme or port, no host, or credentials in the address.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise AddressRefused from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            raise AddressRefused
        self.check_port(parts.hostname, port or (443 if parts.scheme == "https" else 80))

    def check_port(self, host: str, port: int, ports: frozenset[int] = ALLOWED_PORTS) -> None:
        if port not in ports and not self.lists(host, port):
            raise AddressRefused

    def lists(self, host: str, port: int) -> bool:
        """Whether the administrator permits this host, port or address by name."""
        host = host.lower()
        if host in self._hosts or f"{host}:{port}" in self._hosts:
            return True
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(ip in net for net in self._networks if net.version == ip.version)

    async def resolve(self, host: str, port: int, ports: frozenset[int] = ALLOWED_PORTS) -> list[str]:
        """The addresses of a host, all of them checked.

        Args:
            ports: those of the protocol that will be spoken.

        Raises:
            AddressRefused: one of them is not allowed, or this cannot be a name.
            OSError: the name is unknown.
        """
        self.check_port(host, port, ports)
        try:
            infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError:  # a label that is empty or longer than 63 letters
            raise AddressRefused from None
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        trusted = self.lists(host, port)
        for address in addresses:
            if not (trusted or is_public(address) or self.lists(address, port)):
                raise AddressRefused
        return addresses


class ServerPolicy(EgressPolicy):
    """One server of this installation and nothing else, wherever it stands.

    Args:
        url: what every address begins with, path included; empty: nothing can be reached.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        self._scheme, self._path = parts.scheme, parts.path.rstrip("/") + "/"
        self._server = (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))

    def check_url(self, url: str) -> None:
        super().check_url(url)
        parts = urlsplit(url)
        steps = unquote(parts.path).replace("\\", "/").split("/")
        if parts.scheme != self._scheme or not parts.path.startswith(self._path) or ".." in steps:
            raise AddressRefused

    def check_port(self, host: str, port: int, ports: frozenset[int] = ALLOWED_PORTS) -> None:  # noqa: ARG002
        if not self.lists(host, port):
            raise AddressRefused

    def lists(self, host: str, port: int) -> bool:
        return (host.lower(), port) == self._server


class _CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the address that was checked; TLS still asks for the name."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy, self._inner = policy, httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failure: Exception | None = None
        try:
            async with asyncio.timeout(timeout):
                for address in await self._policy.resolve(host, port):
                    try:
                        return await self._inner.connect_tcp(address, port, None, local_address, socket_options)
                    except httpcore2.ConnectError as exc:
                        failure = exc  # such as IPv6 on a machine without it: try the next
        except TimeoutError as exc:  # before OSError, of which it is a kind
            raise httpcore2.ConnectTimeout from exc
        except OSError as exc:
            raise httpcore2.ConnectError(str(exc)) from exc
        raise failure or httpcore2.ConnectError("the name has no address")

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the signature is the base class's
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        raise AddressRefused

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _LimitedStream(httpx2.AsyncByteStream):
    """The body of an answer, which ends with an error when it is longer than allowed."""

    def __init__(self, inner: httpx2.AsyncByteStream, max_bytes: int) -> None:
        self._inner, self._left = inner, max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._left -= len(part)
            if self._left < 0:
                raise AnswerTooLarge
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


_noted: ContextVar[list[httpx2.AsyncByteStream] | None] = ContextVar("noted", default=None)


@contextmanager
def noted_bodies() -> Iterator[list[httpx2.AsyncByteStream]]:
    """Collect the bodies of the answers that arrive meanwhile.

    For the users of a library that does not close its answer when its stream is left early.
    """
    bodies: list[httpx2.AsyncByteStream] = []
    token = _noted.set(bodies)
    try:
        yield bodies
    finally:
        _noted.reset(token)


class _LimitedTransport(httpx2.AsyncHTTPTransport):
    """Counts what arrives, and gives no packed answer to who asked for a plain one: it could swell."""

    max_bytes = MAX_RESPONSE_BYTES

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        packed = response.headers.get("content-encoding", "identity").lower() != "identity"
        if packed and request.headers.get("accept-encoding", "").lower() == "identity":
            await response.aclose()
            raise httpx2.RemoteProtocolError("a packed answer where a plain one was asked for", request=request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = body = _LimitedStream(response.stream, self.max_bytes)
        if (noted := _noted.get()) is not None:
            noted.append(body)
        return response


def create_client(
    policy: EgressPolicy,
    *,
    timeout_seconds: float = 30,
    connect_seconds: float = 5,
    max_connections: int = 100,
    max_bytes: int = MAX_RESPONSE_BYTES,
) -> httpx2.AsyncClient:
    """Build a client that obeys the policy: no redirects, no proxy from the environment, limits set.

    `max_bytes` is the largest answer as it comes over the wire; reading more raises `AnswerTooLarge`.
    """
    context = ssl.create_default_context()
    transport = _LimitedTransport(verify=context, trust_env=False)
    transport.max_bytes = max_bytes
    transport._pool = httpcore2.AsyncConnectionPool(  # noqa: SLF001 - httpx2 has no argument for the network backend
        ssl_context=context,
        max_connections=max_connections,
        max_keepalive_connections=max_connections // 2,
        keepalive_expiry=30,
        network_backend=_CheckedBackend(policy),
    )
    timeout = httpx2.Timeout(timeout_seconds, connect=connect_seconds, pool=5)
    # One tenant's call must not leave a cookie for the next one to the same host.
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return httpx2.AsyncClient(
        transport=transport, timeout=timeout, follow_redirects=False, trust_env=False, cookies=no_cookies
    )


@asynccontextmanager
async def limited_stream(
    client: httpx2.AsyncClient, request: httpx2.Request, max_bytes: int = MAX_RESPONSE_BYTES
) -> AsyncIterator[tuple[httpx2.Response, bytes]]:
    """Send a request and read its answer up to a size.

    Raises:
        AnswerTooLarge: the answer is larger.
    """
    response = await client.send(request, stream=True)
    try:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > max_bytes:
                raise AnswerTooLarge
        yield response, bytes(body)
    finally:
        await response.aclose()


class CallFailed(Exception):
    """The other side did not answer, not in time, not from an allowed address, or with too much."""


async def fetch(
    client: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    max_bytes: int = 1_000_000,
) -> tuple[int, bytes]:
    """Call an address and read its whole answer: status and body.

    Raises:
        CallFailed: there is none.
    """
    try:
        request = client.build_request(method, url, headers=headers, data=form)
        async with limited_stream(client, request, max_bytes) as (response, body):
            return response.status_code, body
    except (httpx2.HTTPError, httpx2.InvalidURL, AddressRefused, OSError, ValueError) as exc:
        raise CallFailed(type(exc).__name__) from None
