"""The process that forks parsers: clean, long-lived, with every parser imported once.

It is started with an empty environment and knows no secret. Each request on its control socket carries three
descriptors: a memory file with the document, a pipe for the result, and a status socket. A fork reads the
document and writes the result; this process only waits, kills and reports how the fork ended.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from shopwright.knowledge.parsing import sandbox
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.types import Limits
from shopwright.knowledge.parsing.work import find_work

READY = b"ready"
STATUS = struct.Struct("<iq")
"""How the fork ended (as of wait(2)) and the most memory it held, in kB."""
_LARGEST_REQUEST = 64 * 1024


@dataclass(slots=True)
class _Job:
    pid: int
    pidfd: int
    status: socket.socket


def main() -> None:
    if "--report" in sys.argv:
        sys.stdout.write(json.dumps(sandbox.probe()))
        sys.stdout.flush()
        os._exit(0)
    limits = Limits(**json.loads(sys.argv[1]))
    control = socket.socket(fileno=int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    preload(sys.argv[3].split(","))
    control.send(READY)
    _silence()
    gc.collect()
    gc.freeze()
    held_bytes = sandbox.address_space()
    sandbox.isolate()
    Zygote(control, limits, held_bytes).run()


def preload(kinds: Sequence[str]) -> None:
    """Import everything these kinds of work may need, so that a fork starts ready."""
    import logging

    logging.disable(logging.CRITICAL)
    for kind in kinds:
        find_work(kind)
    if "document" in kinds:
        _preload_readers()


def _preload_readers() -> None:
    from shopwright.knowledge.parsing.extracting import READERS, extract, find_reader

    for module in _HEAVY:
        importlib.import_module(module)
    for media_type in READERS:
        find_reader(media_type)
    # a tiny file of each lazily loaded kind pulls in what its reader imports late
    for sample in WARM_UP:
        try:
            extract(sample, "warm-up")
        except ParseFailed:
            continue


# what readers import when they need it
_HEAVY = ("charset_normalizer", "lxml.etree", "markdown_it", "pdfplumber", "pypdf", "zipfile", "email.parser")
WARM_UP = (
    b"# a\n\n| b | c |\n|---|---|\n| d | e |\n",
    "d\u00e9j\u00e0 vu".encode("cp1252"),
    b"<html><body><p>a</p></body></html>",
    b"From: a@b.example\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: x\nMIME-Version: 1.0\n\ny",
    b'{"a": 1}',
)


def _silence() -> None:
    """No output from here on: what a parser prints is not for the server's log."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


class Zygote:
    """Forks a parser for each request and reports its end."""

    def __init__(self, control: socket.socket, limits: Limits, held_bytes: int) -> None:
        self._control = control
        self._held_bytes = held_bytes
        self._limits = limits
        self._poll = select.epoll()
        self._poll.register(control.fileno(), select.EPOLLIN)
        self._jobs: dict[int, _Job] = {}  # by each of the two descriptors that are watched

    def run(self) -> None:
        """Serve until the other end of the control socket is closed; then end every fork."""
        while True:
            for fd, _ in self._poll.poll():
                if fd == self._control.fileno():
                    if not self._accept():
                        self._stop()
                        return
                elif fd in self._jobs:
                    job = self._jobs[fd]
                    if fd == job.pidfd:
                        self._reap(job)
                    else:  # a byte or the end of the status socket: the parent wants no result any more
                        self._kill(job)
                        self._poll.unregister(fd)

    def _accept(self) -> bool:
        message, fds, _, _ = socket.recv_fds(self._control, _LARGEST_REQUEST, 3)
        if not message:
            return False
        document, result, status = fds
        kind, _, argument = message.decode("utf-8", "replace").partition("\n")
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _child(
                document,
                result,
                kind,
                argument,
                parent=parent,
                limits=self._limits,
                held_bytes=self._held_bytes,
            )
        os.close(document)
        os.close(result)
        job = _Job(pid, os.pidfd_open(pid), socket.socket(fileno=status))
        self._jobs[job.pidfd] = self._jobs[status] = job
        self._poll.register(job.pidfd, select.EPOLLIN)
        self._poll.register(status, select.EPOLLIN | select.EPOLLRDHUP)
        return True

    def _kill(self, job: _Job) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(job.pidfd, signal.SIGKILL)

    def _reap(self, job: _Job) -> None:
        _, status, usage = os.wait4(job.pid, 0)
        with suppress(OSError):  # the parent may have gone on
            # write, since sending on sockets is denied here
            os.write(job.status.fileno(), STATUS.pack(status, usage.ru_maxrss))
        del self._jobs[job.pidfd], self._jobs[job.status.fileno()]
        os.close(job.pidfd)
        job.status.close()

    def _stop(self) -> None:
        for job in {id(job): job for job in self._jobs.values()}.values():
            self._kill(job)
            os.wait4(job.pid, 0)


def _child(
    document: int, result: int, kind: str, argument: str, *, parent: int, limits: Limits, held_bytes: int
) -> None:
    """Do one piece of work and write the result; never returns."""
    try:
        from shopwright.knowledge.parsing.wire import pack_failure, pack_value

        _close_others(document, result)
        sandbox.confine(limits, held_bytes)
        if os.getppid() != parent:  # it died before this fork was bound to die with it
            os._exit(1)
        try:
            payload = pack_value(find_work(kind)(_read(document), argument, limits))
        except ParseFailed as failure:
            payload = pack_failure(failure)
        except MemoryError:
            payload = pack_failure(ParseFailed("too_much_memory"))
        view = memoryview(payload)
        while view:
            view = view[os.write(result, view) :]
    except BaseException:  # noqa: BLE001 - a fork must never run on as its parent
        os._exit(1)
    os._exit(0)


def _close_others(*keep: int) -> None:
    low = 3
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 1024)


def _read(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    parts = []
    offset = 0
    while offset < size:
        part = os.pread(fd, min(size - offset, 1 << 24), offset)
        if not part:
            break
        parts.append(part)
        offset += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


if __name__ == "__main__":
    main()
