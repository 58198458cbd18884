"""Checking that a platform sent a request. Whatever is missing or odd is a refusal."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from shopwright.channels.port import InvalidSignature

REPLAY_SECONDS: Final = 300
_MAX_DIGITS: Final = 12


def same_secret(given: str | None, expected: str) -> None:
    """Compare in constant time.

    Raises:
        InvalidSignature: they differ, or one is empty.
    """
    if not given or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise InvalidSignature


def sign_hmac(
    secret: str,
    signed: bytes,
    *,
    algorithm: Literal["sha1", "sha256"] = "sha256",
    prefix: str = "",
    form: Literal["hex", "base64"] = "hex",
) -> str:
    """A keyed digest as text."""
    digest = hmac.digest(secret.encode(), signed, getattr(hashlib, algorithm))
    return prefix + (digest.hex() if form == "hex" else base64.b64encode(digest).decode())


def check_hmac(
    given: str | None,
    secret: str,
    signed: bytes,
    *,
    algorithm: Literal["sha1", "sha256"] = "sha256",
    prefix: str = "",
    form: Literal["hex", "base64"] = "hex",
) -> None:
    """Check a keyed digest.

    Raises:
        InvalidSignature: it is another one, or there is no secret to make it with.
    """
    if not secret:
        raise InvalidSignature
    same_secret(given, sign_hmac(secret, signed, algorithm=algorithm, prefix=prefix, form=form))


def same_server(url: str, base: str, *hosts: str) -> bool:
    """Whether an address is on the server of `base`, or by https on one of `hosts` (a leading dot: or below it).

    Only there may a token go. Beginnings of texts are not compared: `https://api.example@evil.example` begins well.
    """
    found, own = urlsplit(url), urlsplit(base)
    if base and (found.scheme, found.netloc) == (own.scheme, own.netloc):
        return True
    host = found.hostname or ""
    return found.scheme == "https" and any(host == h.lstrip(".") or (h[0] == "." and host.endswith(h)) for h in hosts)


def check_fresh(timestamp: str | None, received_at: datetime, seconds: int = REPLAY_SECONDS) -> None:
    """Check the time that the platform signed, in seconds since 1970.

    Raises:
        InvalidSignature: it is missing, or too far from the time of arrival in either direction.
    """
    if not timestamp or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > _MAX_DIGITS:
        raise InvalidSignature
    if abs(received_at.timestamp() - int(timestamp)) > seconds:
        raise InvalidSignature
