"""The mail servers of the lab: on loopback, opened when somebody first asks for one, with a port of its own each."""

import asyncio
import socket
from collections.abc import Mapping
from typing import Final

from shopwright.lab.accounts import Accounts
from shopwright.lab.email import imap, smtp

HOST: Final = "127.0.0.1"
_SECONDS: Final = 120.0


class MailServers:
    """One server of each kind for all accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        # Bound at once, so that the ports are known; connections wait until the servers run.
        sockets = {name: socket.create_server((HOST, 0)) for name in ("imap", "smtp")}
        self.ports: Mapping[str, int] = {name: found.getsockname()[1] for name, found in sockets.items()}
        loop = asyncio.get_running_loop()
        self._opening = [
            loop.create_task(asyncio.start_server(self._imap, sock=sockets["imap"], limit=imap.MAX_LINE)),
            loop.create_task(asyncio.start_server(self._smtp, sock=sockets["smtp"], limit=smtp.MAX_LINE)),
        ]

    async def close(self) -> None:
        for opening in self._opening:
            (await opening).close()

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(imap.Session(self._accounts, reader, writer), writer)

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(smtp.Session(self._accounts, reader, writer), writer)

    @staticmethod
    async def _serve(session: imap.Session | smtp.Session, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await session.run()
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            return  # who left, or sent what is no line, hears nothing more
        finally:
            writer.close()
