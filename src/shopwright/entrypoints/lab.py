"""The channel lab: in a process of its own, or in that of the API, loaded when somebody first asks for it."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from shopwright.entrypoints.settings import Settings, load_settings

if TYPE_CHECKING:
    from shopwright.lab.app import Lab


def lab_secret(settings: Settings) -> str:
    """What the product shows to the lab, wherever that runs: both derive it from the master key."""
    return settings.derive("lab").hex()


def create(settings: Settings) -> "tuple[Lab, ASGIApp]":
    from shopwright.lab.app import Lab, create_lab

    lab = Lab(lab_secret(settings), settings.lab_address, settings.base_url)
    return lab, create_lab(lab)


def build() -> ASGIApp:
    """What the HTTP server of `shopwright lab` loads."""
    settings = load_settings()
    settings.check()
    return create(settings)[1]


class MountedLab:
    """The lab within the API: nothing of it is imported before its first request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: tuple[Lab, ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._made is None:
            self._made = create(self._settings)
        await self._made[1](scope, receive, send)

    async def close(self) -> None:
        if self._made is not None:
            await self._made[0].close()
