"""What stands around the server: a mailbox, a shop's website, platforms, a sign-in service that others have written."""

import hmac
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
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


# What every platform's API says when all is well, in one answer: each adapter reads its own part of it.
WELL = {
    "ok": True, "success": True, "result": {"message_id": 1, "chat": {"id": 7}}, "id": "4242", "name": "Shop",
    "access_token": "a-token", "token_type": "Bearer", "expires_in": 3600, "sid": "SM1", "status": "active",
    "ts": "1.1", "incoming_phone_numbers": [{"sid": "PN1"}], "messages": [{"id": "wamid.1"}], "message_id": "mid.1",
    "sentMessages": [{"id": "1"}], "user_id": "U1", "team": "Shop",
}  # fmt: skip
CHANNEL_URLS = {
    "telegram": ("api",), "whatsapp": ("graph",), "messenger": ("graph",), "instagram": ("graph",), "slack": ("api",),
    "teams": ("login", "keys", "service"), "twilio": ("api",), "line": ("api", "data"),
}  # fmt: skip


@dataclass
class Platforms:
    """All messaging platforms, and a shop's own system, on one address. `refuses` is the status they answer with."""

    url: str = ""
    refuses: int = 0
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    _came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def callback_url(self) -> str:
        return f"{self.url}/callback"

    @property
    def channel_urls(self) -> str:
        return json.dumps({slug: dict.fromkeys(names, self.url) for slug, names in CHANNEL_URLS.items()})

    def note(self, path: str, body: bytes) -> int:
        with self._came:
            self.calls.append((path, body))
            self._came.notify_all()
            return self.refuses or 200

    def messages(self) -> list[dict[str, Any]]:
        """What the shop's own system was sent as answers."""
        told = [json.loads(body) for path, body in self.calls if path == "/callback"]
        return [one for one in told if one["type"] == "message"]

    def wait_for_messages(self, number: int) -> list[dict[str, Any]]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.messages()) >= number, PATIENCE), self.calls
            return self.messages()

    def wait_for_answers(self, conversations: set[str]) -> None:
        with self._came:
            done = lambda: conversations <= {one["conversation"] for one in self.messages()}  # noqa: E731 - a condition
            assert self._came.wait_for(done, PATIENCE), self.calls

    def write(self, deployment: dict[str, Any], secret: str, **event: Any) -> None:
        """Post what happened at the shop's own system to a deployment's address."""
        body, at = json.dumps(event), str(int(time.time()))
        mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), "sha256").hexdigest()
        headers = {
            "content-type": "application/json", "x-shopwright-timestamp": at, "x-shopwright-signature": f"sha256={mac}"
        }  # fmt: skip
        httpx2.post(deployment["webhook_url"], content=body, headers=headers).raise_for_status()

    @contextmanager
    def open(self) -> Iterator[None]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Platform, platforms=self))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Platform(BaseHTTPRequestHandler):
    def __init__(self, *given: Any, platforms: Platforms, **named: Any) -> None:
        self.platforms = platforms
        super().__init__(*given, **named)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status = self.platforms.note(self.path, body)
        refused = {"ok": False, "description": "Unauthorized", "error": "invalid_auth", "message": "Not this key"}
        content = json.dumps(WELL if status < 300 else refused).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nobody reads it."""


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
    platforms: Platforms
    issuer: str
    # an address at which nobody answers
    nobody: str
