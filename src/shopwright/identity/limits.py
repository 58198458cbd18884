"""How often the public doors may be knocked at: by network address and by person."""

import ipaddress
from contextlib import suppress

from fastapi import Request

from shopwright.kit.rates import Limiter, Rate, enforce

PER_PERSON = Rate(10, 60, "sign-ins a minute for this address")
PER_ADDRESS = Rate(30, 60, "sign-ins a minute from here")
REFRESHES = Rate(120, 60, "refreshes a minute from here")
LOOKS = Rate(120, 60, "requests a minute from here")
WAYS = Rate(60, 60, "sign-ins a minute from here")
LINKS = Rate(30, 60, "links a minute from here")
# Each of them sends a mail to somebody who may not have asked for it.
MAILS_PER_PERSON = Rate(5, 3600, "mails an hour to this address")
MAILS_PER_ADDRESS = Rate(20, 3600, "mails an hour from here")
MAILS_PER_TENANT = Rate(100, 3600, "invitations an hour")
CODES = Rate(10, 60, "codes a minute")


def network_of(request: Request) -> str:
    """The caller's address; of IPv6 the network, since one line has billions of addresses there."""
    host = request.client.host if request.client else ""
    with suppress(ValueError):
        if ipaddress.ip_address(host).version == 6:
            return str(ipaddress.ip_network(f"{host}/64", strict=False))
    return host


async def limit_from(request: Request, action: str, rate: Rate) -> None:
    """Count a request of this network address.

    Raises:
        TooManyRequests: the limit is used up.
    """
    limiter: Limiter = request.app.state.limiter
    await enforce(limiter, (f"{action}-from|{network_of(request)}", rate))


async def limit_sign_in(request: Request, email: str) -> None:
    """Slow down guessing of passwords."""
    limiter: Limiter = request.app.state.limiter
    await enforce(limiter, (f"sign-in|{email.lower()}", PER_PERSON))
    await limit_from(request, "sign-in", PER_ADDRESS)


async def limit_mail(request: Request, action: str, email: str) -> None:
    """Keep anybody from filling somebody's mailbox."""
    limiter: Limiter = request.app.state.limiter
    await limit_from(request, "mail", MAILS_PER_ADDRESS)
    await enforce(limiter, (f"mail-{action}|{email.lower()}", MAILS_PER_PERSON))
