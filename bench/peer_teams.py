"""Teams' adapter against Microsoft's own Agents Playground: it reads what that sends, and that takes what it says.

    npm install @microsoft/m365agentsplayground
    python bench/peer_teams.py --playground node_modules/.bin/agentsplayground

The Playground signs nothing (signatures are checked against Microsoft's library in the tests); everything else is its
view of the contract. Prints a line for each call; exits with 1 when one was refused.
"""

import argparse
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2

from shopwright.channels.port import (
    Address,
    ApiCall,
    ApiResponse,
    Card,
    Choice,
    CitedSource,
    Credentials,
    InboundMessage,
    OutboundMessage,
    Sent,
    WebhookRequest,
)
from shopwright.channels.registry import create_channel

BOT, PLAYGROUND = 18441, 18442
CREDENTIALS = Credentials({"app_id": "bot", "app_password": "none", "access_token": "none"})
ANSWER = OutboundMessage(
    key="1", text="**Returns** are free within *30 days* [1].\n\n- unworn\n- with the label",
    choices=(Choice("Yes", "yes"), Choice("No", "no"), Choice("Our page", url="https://shop.example/returns")),
    cards=(
        Card("Halm Trek 27", "€899.00", url="https://shop.example/trek", choices=(Choice("Order", "order 27"),)),
        Card("Lumo 2", "€249.00"),
    ),
    sources=(CitedSource(1, "Returns", "https://shop.example/returns"),),
)  # fmt: skip


def listen(heard: "queue.Queue[WebhookRequest]") -> ThreadingHTTPServer:
    class Bot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.put(WebhookRequest("POST", self.path, headers, {}, body, datetime.now(UTC)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", BOT), Bot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def messages(heard: "queue.Queue[WebhookRequest]") -> InboundMessage:
    """The next message; other activities come before it."""
    channel = create_channel("teams", CREDENTIALS)
    while True:
        for event in channel.parse(heard.get(timeout=30)):
            if isinstance(event, InboundMessage):
                return event


def send(http: httpx2.Client, call: ApiCall) -> ApiResponse:
    answer = http.request(call.method, call.url, headers=dict(call.headers), json=call.json)
    return ApiResponse(answer.status_code, dict(answer.headers), answer.content)


def talk(http: httpx2.Client, heard: "queue.Queue[WebhookRequest]") -> bool:
    base = f"http://127.0.0.1:{PLAYGROUND}"
    deadline = time.monotonic() + 60
    while True:
        try:
            config = http.get(f"{base}/_internal/v1/config").json()
            break
        except httpx2.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    chat = config["config"]["personalChat"]["id"]
    said = {"from": {"id": "user-id-0"}, "text": "Can I return *boots*?", "textFormat": "plain"}
    http.post(f"{base}/_conversation/v1/conversations/{chat}/messages", json=said).raise_for_status()
    message = messages(heard)
    print(f"read: {message.text!r} of {message.sender.name or message.sender.id} in {message.thread}")
    channel = create_channel("teams", CREDENTIALS)
    good = message.text == said["text"]
    to = Address(message.thread, message.route)
    calls = channel.render(ANSWER, to)
    typing = channel.typing(to)
    for call in ([typing] if typing else []) + calls:
        response = send(http, call)
        outcome = channel.explain(response)
        taken = isinstance(outcome, Sent)
        good = good and taken and (bool(outcome.message_id) or call.purpose != "send")
        print(f"{call.purpose}: {response.status} {outcome}")
    return good


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--playground", type=Path, required=True)
    given = parser.parse_args()
    heard: queue.Queue[WebhookRequest] = queue.Queue()
    server = listen(heard)
    command = [given.playground.resolve(), "-e", f"http://127.0.0.1:{BOT}/api/messages", "-c", "msteams"]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*command, "-p", str(PLAYGROUND), "--dt"], cwd=folder, stdout=subprocess.DEVNULL,
            env={**os.environ, "TEAMSAPPTESTER_BROWSER": "none"},
        )  # fmt: skip
        try:
            with httpx2.Client(timeout=30) as http:
                good = talk(http, heard)
        finally:
            process.terminate()
            process.wait(10)
            server.shutdown()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
