"""Behind a reverse proxy: who really called, and by which scheme. Only proxies that the operator names are believed."""

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TrustedProxies:
    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network) for network in networks]

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks if network.version == address.version)

    def look_through(self, scope: Scope, headers: Headers) -> None:
        """Put the caller's own address and scheme into the scope, when a trusted proxy brought the request.

        Each proxy appends who called it, so the list is read from its end: the first address that is not a trusted
        proxy's is the caller's; what stands before it anybody may have written.
        """
        peer = _address((scope.get("client") or ("",))[0])
        if peer is None or not self._trusts(peer):
            return
        forwarded = [part for line in headers.getlist("x-forwarded-for") for part in line.split(",")]
        for part in reversed(forwarded):
            address = _address(part)
            if address is None:
                break
            scope["client"] = (str(address), 0)
            if not self._trusts(address):
                break
        scheme = headers.get("x-forwarded-proto", "").lower()
        if scheme in {"http", "https"}:
            scope["scheme"] = scheme


def _address(text: str) -> Address | None:
    """An address as proxies write it: also with a port, or an IPv6 one in brackets."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
