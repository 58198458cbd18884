"""Every setting of the product, read once from the environment and `.env`, handed down in parts."""

import base64
import ipaddress
import os
import secrets
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shopwright.kit.crypto import MASTER_KEY_BYTES
from shopwright.kit.mail import SmtpServer

WEAK = {"changeme", "change-me", "secret", "password", "admin", "default"}


class SettingsInvalid(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


def _list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """Names in the environment: `DATABASE_URL`, `REDIS_URL`, and `SHOPWRIGHT_` before all others."""

    # A name that is set to nothing is not set: so templates of deployments can list all of them.
    model_config = SettingsConfigDict(
        env_prefix="SHOPWRIGHT_", env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535, validation_alias=AliasChoices("SHOPWRIGHT_PORT", "PORT", "port"))
    public_url: str | None = Field(None, description="Where people reach this installation: links in mails lead there.")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Networks of proxies whose X-Forwarded-For and -Proto are believed."
    )
    sign_up: Literal["open", "invited", "closed"] = "open"
    smtp_url: SecretStr | None = Field(None, description="smtp+starttls://user:password@host:port, smtps:// or smtp://")
    smtp_ca_file: Path | None = Field(None, description="Certificates to trust the mail server by.")
    mail_from: str | None = Field(None, description="Sender of all mail.")
    database_url: SecretStr | None = Field(None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    owner_database_url: SecretStr | None = Field(None, description="For `migrate`: a role that may create tables.")
    redis_url: SecretStr | None = Field(None, validation_alias=AliasChoices("REDIS_URL", "redis_url"))
    files_url: str | None = Field(None, description="Bucket for uploaded files (s3://, gs://, az://).")
    models_dir: Path = Path("~/.cache/shopwright/models")
    master_key: SecretStr | None = Field(None, description="32 bytes in base64; protects stored secrets.")
    previous_master_key: SecretStr | None = None
    admin_email: str | None = None
    admin_password: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    token_minutes: int = Field(60, ge=1, le=1440)
    max_upload_bytes: int = Field(16 * 1024 * 1024, ge=1024, le=1024 * 1024 * 1024)
    pool_size: int = Field(16, ge=2, le=200)
    api_workers: int = Field(1, ge=1, le=64)
    worker_concurrency: int = Field(4, ge=1, le=64)
    model_threads: int = Field(2, ge=1, le=64)
    crawl_requests_per_second: float = Field(2, gt=0, le=100, description="To one website, at most.")
    egress_allow: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Inner hosts, host:port pairs or networks that may be called."
    )
    gateway_concurrency: int = Field(16, ge=1, le=256)
    channel_urls: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Other addresses than the platforms' own, by channel, for test servers."
    )
    lab: bool | None = Field(None, description="The channel lab; without a word on in development, off in production.")
    lab_url: str | None = Field(None, description="A channel lab that runs apart; else the API brings its own.")
    demo: bool = True
    docs: bool = True

    @field_validator("egress_allow", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _list(value)

    @field_validator("public_url", "lab_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://localhost")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            msg = "it looks like https://bots.shop.example"
            raise ValueError(msg)
        return value.rstrip("/") if value else None

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            SmtpServer.parse(value.get_secret_value())
        return value

    @field_validator("models_dir", "data_dir")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser()

    @property
    def embedded(self) -> bool:
        return self.database_url is None

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def lab_address(self) -> str:
        """Where the channel lab is reached from this machine, or nothing when it is switched off."""
        if self.lab is False or (self.lab is None and not self.lab_url and not self._simple):
            return ""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", "", "localhost"} else self.host  # noqa: S104
        return self.lab_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}/lab"

    @property
    def mounts_lab(self) -> bool:
        """Whether the API brings the lab itself."""
        return bool(self.lab_address) and not self.lab_url

    @property
    def _simple(self) -> bool:
        return self.environment == "development" and self.api_workers == 1

    @property
    def sender(self) -> str:
        return self.mail_from or f"Shopwright <no-reply@{urlsplit(self.base_url).hostname}>"

    def master_keys(self) -> tuple[bytes, ...]:
        """The keys that protect stored secrets, newest first; made on the first start in development.

        Raises:
            SettingsInvalid: no key in production, or one of the wrong length.
        """
        if self.master_key is None:
            if self.environment == "production":
                msg = "SHOPWRIGHT_MASTER_KEY is missing; make one with 'openssl rand -base64 32' and keep it safe"
                raise SettingsInvalid(msg)
            keys = [_key_file(self.data_dir / "master.key")]
        else:
            keys = [_decode_key(self.master_key.get_secret_value())]
        if self.previous_master_key is not None:
            keys.append(_decode_key(self.previous_master_key.get_secret_value()))
        return tuple(keys)

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose, derived from the master key."""
        return HKDF(hashes.SHA256(), 32, None, f"shopwright {purpose}".encode()).derive(self.master_keys()[0])

    def check(self) -> None:
        """Refuse what must not run.

        Raises:
            SettingsInvalid: a default or short secret, debug output or a failpoint in production.
        """
        self.master_keys()
        password = self.admin_password.get_secret_value() if self.admin_password else None
        if password is not None and len(password) < 10:
            msg = "SHOPWRIGHT_ADMIN_PASSWORD is too short; use at least 10 characters"
            raise SettingsInvalid(msg)
        if self.mounts_lab and self.api_workers > 1:
            msg = "SHOPWRIGHT_LAB with several API processes needs one lab for all: run 'shopwright lab' and set"
            raise SettingsInvalid(f"{msg} SHOPWRIGHT_LAB_URL to it")
        if self.environment != "production":
            return
        if password is not None and password.lower() in WEAK:
            msg = "SHOPWRIGHT_ADMIN_PASSWORD is a well-known word; choose another one"
            raise SettingsInvalid(msg)
        if self.log_level == "DEBUG":
            msg = "SHOPWRIGHT_LOG_LEVEL=DEBUG is refused in production, since debug lines may hold customers' text"
            raise SettingsInvalid(msg)
        if os.environ.get("SHOPWRIGHT_FAILPOINTS"):
            msg = "SHOPWRIGHT_FAILPOINTS is for tests and is refused in production"
            raise SettingsInvalid(msg)


def load_settings(**given: object) -> Settings:
    """Read the settings; given values win over the environment.

    Raises:
        SettingsInvalid: a value cannot be read; the message names the setting.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as exc:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors(include_input=False))
        raise SettingsInvalid(problems) from None


def _decode_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != MASTER_KEY_BYTES or len(set(key)) < 8:
        msg = f"SHOPWRIGHT_MASTER_KEY must be {MASTER_KEY_BYTES} random bytes in base64"
        raise SettingsInvalid(msg)
    return key


def _key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _decode_key(path.read_text().strip())
    with os.fdopen(fd, "w") as file:
        file.write(base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode())
    return _decode_key(path.read_text().strip())
