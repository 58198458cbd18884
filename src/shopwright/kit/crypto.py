"""Secrets at rest: an envelope of AES-256-GCM, bound to the place where the secret is stored.

Each secret has a data key of its own; the data key is wrapped by the installation's master key. Tenant,
table, column and row are authenticated with both, so a ciphertext copied to another row does not open.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MASTER_KEY_BYTES = 32


class CannotDecrypt(Exception):
    """The secret was written with another master key, or for another row."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret lives; part of what is authenticated."""

    tenant: str
    table: str
    column: str
    row: str

    def aad(self) -> bytes:
        return f"{self.tenant}\x1f{self.table}\x1f{self.column}\x1f{self.row}".encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Encrypts with the first master key, decrypts with any of them: that is how keys are rotated."""

    master_keys: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.master_keys or any(len(key) != MASTER_KEY_BYTES for key in self.master_keys):
            msg = f"a master key has {MASTER_KEY_BYTES} bytes"
            raise ValueError(msg)

    def encrypt(self, secret: str, place: Place) -> str:
        data_key, nonce, wrap_nonce = os.urandom(32), os.urandom(12), os.urandom(12)
        master = self.master_keys[0]
        wrapped = AESGCM(master).encrypt(wrap_nonce, data_key, place.aad())
        sealed = AESGCM(data_key).encrypt(nonce, secret.encode(), place.aad())
        return ".".join(("e1", _key_id(master), _b64(wrap_nonce + wrapped), _b64(nonce + sealed)))

    def decrypt(self, ciphertext: str, place: Place) -> str:
        """Open a secret.

        Raises:
            CannotDecrypt: wrong key, wrong place, or changed bytes.
        """
        try:
            version, key_id, wrapped, sealed = ciphertext.split(".")
            master = next(key for key in self.master_keys if hmac.compare_digest(_key_id(key), key_id))
            if version != "e1":
                raise ValueError
            raw_key, raw = _unb64(wrapped), _unb64(sealed)
            data_key = AESGCM(master).decrypt(raw_key[:12], raw_key[12:], place.aad())
            return AESGCM(data_key).decrypt(raw[:12], raw[12:], place.aad()).decode()
        except (ValueError, StopIteration, InvalidTag) as exc:
            raise CannotDecrypt from exc


def mask(secret: str) -> str:
    """What may be shown of a secret: its kind and its last four characters."""
    head = secret.split("-", 1)[0] + "-" if "-" in secret[:8] else ""
    return f"{head}…{secret[-4:]}" if len(secret) >= 12 else "…"


def token_hash(token: str) -> str:
    """How a random token is stored: it needs no slow hash, since it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"shopwright key id" + key).hexdigest()[:8]


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
