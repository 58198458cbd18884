"""What stands around the server: a mailbox, a shop's website, a sign-in service that others have written."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

SITE = Path(__file__).parents[2] / "knowledge" / "site"
PERSON = {"sub": "kim", "email": "kim@harbour.example", "email_verified": True, "name": "Kim"}
STRANGER = {"sub": "sam", "email": "sam@elsewhere.example", "email_verified": True, "name": "Sam"}
PATIENCE = 60


class Mailbox:
    """Everybody's mail, and the links in it."""

    def __init__(self, port: int) -> None:
        self._came = threading.Condition()
        self._mails: dict[str, list[str]] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        body = message_from_bytes(envelope.content, policy=default).get_body(("plain",))
        with self._came:
            for to in envelope.rcpt_tos:
                self._mails.setdefault(to, []).append(body.get_content() if body else "")
            self._came.notify_all()
        return "250 OK"

    @contextmanager
    def open(self) -> Iterator[str]:
        self._controller.start()
        try:
            yield f"smtp://127.0.0.1:{self._controller.port}"
        finally:
            self._controller.stop()

    def link(self, to: str, path: str, number: int = 1) -> str:
        """The link to a page of the console in the n-th mail to somebody that has one."""
        pattern = re.compile(rf"https?://\S+{re.escape(path)}#\S+")

        def links() -> list[str]:
            return [found[0] for mail in self._mails.get(to, []) if (found := pattern.search(mail))]

        with self._came:
            assert self._came.wait_for(lambda: len(links()) >= number, PATIENCE), f"no mail to {to}"
            return links()[number - 1]


class _Site(SimpleHTTPRequestHandler):
    held: threading.Event

    def __init__(self, *given: Any, held: threading.Event, **named: Any) -> None:
        self.held = held
        super().__init__(*given, directory=str(SITE), **named)

    def do_GET(self) -> None:
        if self.path == "/help/warranty.html":
            self.held.wait(PATIENCE)
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nobody reads it."""


@dataclass
class Website:
    """The small shop in `tests/knowledge/site`; one page comes when `go_on` is set."""

    url: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def open(self) -> Iterator[None]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site, held=self.go_on))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            self.go_on.set()
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def sign_in_service(port: int) -> Iterator[str]:
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for person in (PERSON, STRANGER):
        command += ["--user-claims", json.dumps(person)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        while b"running on" not in (line := process.stderr.readline()):
            assert line, "the sign-in service did not start"
        # Nobody reads on: a full pipe would stop it.
        reader = threading.Thread(target=process.stderr.read)
        reader.start()
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        reader.join()
    finally:
        process.terminate()
        process.wait(30)
        assert process.stderr is not None
        process.stderr.close()


@dataclass(frozen=True)
class Peers:
    smtp: str
    mailbox: Mailbox
    website: Website
    issuer: str
    # an address at which nobody answers
    nobody: str
