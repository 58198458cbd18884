"""The door to the outside: which addresses it opens to, and what it lets in."""

import asyncio
import gzip
import socket
from contextlib import asynccontextmanager

import httpx2
import pytest

from shopwright.kit.egress import (
    AddressRefused,
    AnswerTooLarge,
    EgressPolicy,
    ServerPolicy,
    create_client,
    is_public,
    limited_stream,
    noted_bodies,
)

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.255.255",
    "100.63.255.255", "100.128.0.1", "168.63.129.15", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e",
    "::ffff:1.1.1.1", "64:ff9b::101:101",
]  # fmt: skip
INNER = [
    # this machine and this network
    "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "100.64.0.1", "100.127.255.255", "169.254.0.1", "255.255.255.255", "224.0.0.1",
    "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    # metadata services of clouds
    "169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
    # documentation, benchmarks, protocols
    "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "192.0.0.1", "192.88.99.1",
    "2001:db8::1", "3fff::1", "100::1", "5f00::1",
    # inner addresses in another dress: mapped, compatible, NAT64, 6to4, Teredo
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:168.63.129.16", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_in_any_dress_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", [each for each in INNER if "%" not in each])
async def test_an_inner_address_is_refused_as_a_host(address):
    with pytest.raises(AddressRefused):
        await EgressPolicy().resolve(address, 443)


# The system's resolver understands more ways to write 127.0.0.1 than any parser of addresses.
@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "017700000001",
        "0x7f000001",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "localhost",
    ],
)
async def test_other_ways_to_write_this_machine_are_refused(host):
    with pytest.raises((AddressRefused, socket.gaierror)):
        await EgressPolicy().resolve(host, 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://user@example.com/", "http://user:word@example.com/", "http://:word@example.com/",
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/", "example.com",
        "", "http://", "http:///path", "http://example.com:22/", "https://example.com:8443/",
        "http://example.com:99999/",
        "http://example.com:x/", "http://[::1/", "unix:///var/run/docker.sock",
    ],
)  # fmt: skip
def test_an_address_with_credentials_other_schemes_or_ports_is_refused(url):
    with pytest.raises(AddressRefused):
        EgressPolicy().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://example.com/v1?x=1",
        "http://example.com:443/",
        "https://[2606:4700::1]/",
    ],
)
def test_an_ordinary_address_passes(url):
    EgressPolicy().check_url(url)


def test_a_server_of_ones_own_is_reached_under_its_path_and_nothing_else_is():
    policy = ServerPolicy("http://127.0.0.1:8100/lab")
    policy.check_url("http://127.0.0.1:8100/lab/telegram/api/bot1/getMe?x=http://elsewhere.example")
    for url in (
        "http://127.0.0.1:8100/",
        "http://127.0.0.1:8100/lab",
        "http://127.0.0.1:8100/labs/x",
        "http://127.0.0.1:8101/lab/x",
        "https://127.0.0.1:8100/lab/x",
        "http://127.0.0.2:8100/lab/x",
        "http://u:p@127.0.0.1:8100/lab/x",
        "http://127.0.0.1:8100/lab/../admin",
        "http://127.0.0.1:8100/lab/%2e%2e/admin",
        "http://127.0.0.1:8100/lab/..\\x",
        "http://127.0.0.1:8100@evil.example/lab/x",
        "https://example.com/lab/x",
        "http://127.0.0.1/lab/x",
    ):
        with pytest.raises(AddressRefused):
            policy.check_url(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8100/x", "https://example.com/x", "http:///x"])
def test_where_there_is_no_such_server_nothing_is_reached(url):
    with pytest.raises(AddressRefused):
        ServerPolicy("").check_url(url)


async def test_a_public_host_is_not_resolved_for_a_server_of_ones_own():
    with pytest.raises(AddressRefused):
        await ServerPolicy("http://127.0.0.1:8100/lab").resolve("example.com", 443)


def test_what_the_administrator_lists_is_permitted_and_no_more():
    policy = EgressPolicy(["ollama", "10.1.0.0/16", "box:8080", "[::1]:11434", "fd00::/64"])
    for url in (
        "http://ollama:11434",
        "http://OLLAMA",
        "http://10.1.2.3:9000",
        "http://box:8080",
        "http://[::1]:11434",
    ):
        policy.check_url(url)
    policy.check_url("http://[fd00::5]:81")
    for url in (
        "http://box:8081",
        "http://10.2.0.1:9000",
        "http://[::1]:80001",
        "http://[::1]:81",
        "http://ollama.evil:81",
    ):
        with pytest.raises(AddressRefused):
            policy.check_url(url)


@pytest.fixture
def names(monkeypatch):
    """What the resolver says, by name."""
    table: dict[str, list[str]] = {}

    async def getaddrinfo(self, host, port, **_kwargs):
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in table[host]]
        return [(f, 1, 6, "", (a, port)) for f, a in zip(families, table[host], strict=True)]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return table


async def test_a_name_with_one_inner_address_among_public_ones_is_refused(names):
    names["rebind.example"] = ["93.184.216.34", "127.0.0.1"]
    names["mapped.example"] = ["2606:4700::1", "::ffff:10.0.0.1"]
    names["good.example"] = ["93.184.216.34", "2606:4700::1"]
    for host in ("rebind.example", "mapped.example"):
        with pytest.raises(AddressRefused):
            await EgressPolicy().resolve(host, 443)
    assert await EgressPolicy().resolve("good.example", 443) == ["93.184.216.34", "2606:4700::1"]


async def test_a_name_may_lead_to_an_address_that_the_administrator_lists(names):
    names["inside.example"] = ["10.1.2.3"]
    assert await EgressPolicy(["10.1.0.0/16"]).resolve("inside.example", 443) == ["10.1.2.3"]
    assert await EgressPolicy(["inside.example"]).resolve("inside.example", 9000) == ["10.1.2.3"]


async def test_a_name_that_cannot_be_one_is_refused_and_an_unknown_one_is_an_error(names):
    async with create_client(EgressPolicy()) as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get("http://unknown.example/")


async def test_a_label_that_is_too_long_is_refused():
    with pytest.raises((AddressRefused, OSError)):
        await EgressPolicy().resolve("a" * 64 + ".example", 443)


@asynccontextmanager
async def server(answer: bytes, host: str = "127.0.0.1"):
    """A server that answers everything with these bytes; yields its port and the heads that it got."""
    heads: list[bytes] = []

    async def serve(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                heads.append(head)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    listening = await asyncio.start_server(serve, host, 0)
    try:
        yield listening.sockets[0].getsockname()[1], heads
    finally:
        listening.close()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_the_connection_goes_to_the_address_that_was_checked(names):
    """The name is looked up once; what it says a moment later does not matter."""
    async with server(answer(b"hello")) as (port, heads):
        names["shop.example"] = ["127.0.0.1"]
        policy = EgressPolicy(["127.0.0.1", f"shop.example:{port}"])
        async with create_client(policy) as client:
            response = await client.get(f"http://shop.example:{port}/")
        assert response.text == "hello"
        assert f"shop.example:{port}".encode() in heads[0]


async def test_an_address_that_does_not_answer_is_followed_by_the_next(names):
    async with server(answer(b"hello")) as (port, _):
        names["two.example"] = ["127.0.0.2", "127.0.0.1"]
        async with create_client(EgressPolicy([f"two.example:{port}"])) as client:
            assert (await client.get(f"http://two.example:{port}/")).text == "hello"


async def test_an_inner_address_is_never_connected_to():
    async with server(answer(b"secret")) as (port, heads):
        async with create_client(EgressPolicy()) as client:
            for host in ("127.0.0.1", "localhost"):
                with pytest.raises(AddressRefused):
                    await client.get(f"http://{host}:{port}/")
        assert heads == []


async def test_a_resolver_that_hangs_is_a_timeout(monkeypatch):
    async def getaddrinfo(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    async with create_client(EgressPolicy(), connect_seconds=0.01) as client:
        with pytest.raises(httpx2.ConnectTimeout):
            await client.get("http://slow.example/")


async def test_a_redirect_is_handed_back_and_not_followed():
    moved = answer(b"", "location: http://169.254.169.254/", status="302 Found")
    async with server(moved) as (port, heads), create_client(EgressPolicy(["127.0.0.1"])) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 302
        assert len(heads) == 1


async def test_cookies_and_proxies_are_not_taken_over(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with server(answer(b"", "set-cookie: session=1; Path=/")) as (port, heads):
        async with create_client(EgressPolicy(["127.0.0.1"])) as client:
            await client.get(f"http://127.0.0.1:{port}/")
            await client.get(f"http://127.0.0.1:{port}/")
        assert b"cookie" not in heads[1].lower()


async def test_an_answer_is_read_up_to_a_size():
    async with server(answer(b"x" * 5000)) as (port, _):
        url = f"http://127.0.0.1:{port}/"
        async with create_client(EgressPolicy(["127.0.0.1"]), max_bytes=4999) as client:
            with pytest.raises(AnswerTooLarge):
                await client.get(url)
        async with create_client(EgressPolicy(["127.0.0.1"]), max_bytes=5000) as client:
            assert len((await client.get(url)).content) == 5000
            async with limited_stream(client, client.build_request("GET", url), 5000) as (_, body):
                assert len(body) == 5000
            with pytest.raises(AnswerTooLarge):
                async with limited_stream(client, client.build_request("GET", url), 4999):
                    pass


async def test_a_small_answer_that_swells_is_stopped():
    packed = gzip.compress(b"x" * 1_000_000)
    async with server(answer(packed, "content-encoding: gzip")) as (port, _):
        url = f"http://127.0.0.1:{port}/"
        async with create_client(EgressPolicy(["127.0.0.1"])) as client:
            with pytest.raises(AnswerTooLarge):
                async with limited_stream(client, client.build_request("GET", url), 10_000):
                    pass
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get(url, headers={"accept-encoding": "identity"})


async def test_noted_bodies_are_those_of_the_answers_that_came_meanwhile():
    async with server(answer(b"hello")) as (port, _), create_client(EgressPolicy(["127.0.0.1"])) as client:
        url = f"http://127.0.0.1:{port}/"
        await client.get(url)
        with noted_bodies() as bodies:
            await client.get(url)
        await client.get(url)
        assert len(bodies) == 1
