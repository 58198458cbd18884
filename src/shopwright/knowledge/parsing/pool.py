"""Reading files in child processes, so that a hostile or broken file harms nothing else."""

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.launch import command, environment
from shopwright.knowledge.parsing.types import DEFAULT_LIMITS, Extraction, Limits
from shopwright.knowledge.parsing.wire import Result, largest_result, read_extraction, unpack
from shopwright.knowledge.parsing.work import DOCUMENT_KINDS

_READY = b"ready"
_LONGEST_ORDER = 8 * 1024
_STATUS = struct.Struct("<iq")
_START_SECONDS = 60.0
_KILL_SECONDS = 3.0
# above this, unpacking is slow enough to be felt by others on the event loop
_UNPACK_ELSEWHERE_BYTES = 256 * 1024


class _ZygoteDied(Exception):
    """The forking process ended before it reported."""


@dataclass(slots=True)
class _Zygote:
    process: subprocess.Popen[bytes]
    control: socket.socket

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End the process and, with it, every fork; the wait is short, for it holds nothing to save."""
        self.control.close()
        self.process.kill()
        self.process.wait()


class ParserPool:
    """Reads files in forks of one clean process, at most `concurrency` at a time.

    A fork that crashes, is killed or passes its limits gives a `ParseFailed`; the forking process is started
    again when it dies. `peak_kb` is the memory of the last fork that ended, in kB. `kinds` are the kinds of work
    (see `work`) that the clean process imports beforehand; others are not done.
    """

    def __init__(
        self, limits: Limits = DEFAULT_LIMITS, *, concurrency: int = 2, kinds: Sequence[str] = DOCUMENT_KINDS
    ) -> None:
        self._limits, self._kinds = limits, tuple(kinds)
        self._free = asyncio.Semaphore(concurrency)
        self._starting = asyncio.Lock()
        self._zygote: _Zygote | None = None
        self._closed = False
        self.peak_kb = 0

    async def start(self) -> None:
        """Start the forking process; `extract` does it too when needed.

        Raises:
            RuntimeError: it does not start, or the pool was closed.
        """
        await self._ready()

    async def close(self) -> None:
        """End the forking process and all forks; running calls of `extract` fail as `interrupted`."""
        self._closed = True
        async with self._starting:
            zygote, self._zygote = self._zygote, None
            if zygote is not None:
                await asyncio.to_thread(zygote.kill)

    async def extract(self, data: bytes, filename: str) -> Extraction:
        """Read a file in a child process.

        Raises:
            ParseFailed: with the reason and what to do next.
        """
        return await self.run("document", data, filename[-255:], read_extraction)

    async def run(self, kind: str, data: bytes, argument: str, read: Callable[[dict[str, Any]], Result]) -> Result:
        """Do one kind of work on bytes in a child process.

        Args:
            argument: what the work needs to know beside the bytes, such as a file's name.
            read: makes the result of the JSON value that the child wrote, and believes nothing of it unseen.

        Raises:
            ParseFailed: with the reason and what to do next.
        """
        if len(data) > self._limits.max_file_bytes:
            raise ParseFailed("too_large")
        async with self._free:
            for last in (False, True):
                try:
                    return await self._attempt(f"{kind}\n{argument}", data, read)
                except _ZygoteDied as error:
                    # the file cannot have done it (a fork may not signal others), so one more try is fair
                    if last or self._closed:
                        raise ParseFailed("interrupted") from error
        raise AssertionError

    async def _ready(self) -> _Zygote:
        async with self._starting:
            if self._closed:
                raise RuntimeError("the pool is closed")
            if self._zygote is not None and not self._zygote.alive:
                await asyncio.to_thread(self._zygote.kill)
                self._zygote = None
            if self._zygote is None:
                self._zygote = await self._launch()
            return self._zygote

    async def _launch(self) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = await asyncio.to_thread(_spawn, theirs.fileno(), self._limits, self._kinds)
        zygote = _Zygote(process, ours)
        ours.setblocking(False)
        try:
            async with asyncio.timeout(_START_SECONDS):
                greeting = await _recv(ours, len(_READY))
        except (OSError, TimeoutError, asyncio.CancelledError):
            await asyncio.to_thread(zygote.kill)
            raise
        if greeting != _READY:
            await asyncio.to_thread(zygote.kill)
            raise RuntimeError("the process that reads documents does not start; `shopwright doctor` says more")
        return zygote

    async def _attempt(self, order: str, data: bytes, read: Callable[[dict[str, Any]], Result]) -> Result:
        zygote = await self._ready()
        document = os.memfd_create("document", os.MFD_CLOEXEC)
        result_read, result_write = os.pipe2(os.O_CLOEXEC)
        status, their_status = socket.socketpair()
        try:
            try:
                _write_all(document, data)
                message = order.encode("utf-8", "replace")[:_LONGEST_ORDER]
                socket.send_fds(zygote.control, [message], [document, result_write, their_status.fileno()])
            except (BrokenPipeError, ConnectionError, BlockingIOError) as error:
                raise _ZygoteDied from error
            finally:
                os.close(document)
                os.close(result_write)
                their_status.close()
            status.setblocking(False)
            return await self._await_result(zygote, result_read, status, read)
        finally:
            # the forking process takes the closed socket for the order to kill, if the fork still runs
            status.close()
            os.close(result_read)

    async def _await_result(
        self, zygote: _Zygote, result: int, status: socket.socket, read: Callable[[dict[str, Any]], Result]
    ) -> Result:
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                payload = await _read_pipe(result, largest_result(self._limits))
                report = await _recv(status, _STATUS.size)
        except TimeoutError as error:
            await self._end(zygote, status)
            raise ParseFailed("too_slow", retryable=True) from error
        if payload is None:
            await self._end(zygote, status)
            raise ParseFailed("too_large")
        if len(report) < _STATUS.size:
            raise _ZygoteDied
        ended, self.peak_kb = _STATUS.unpack(report)
        _check_end(ended)
        if len(payload) > _UNPACK_ELSEWHERE_BYTES:
            return await asyncio.to_thread(unpack, payload, read)
        return unpack(payload, read)

    async def _end(self, zygote: _Zygote, status: socket.socket) -> None:
        """Have a fork killed and wait until it is gone; a forking process that does not answer is killed
        itself.
        """
        try:
            async with asyncio.timeout(_KILL_SECONDS):
                with suppress(OSError):
                    status.send(b"K")
                report = await _recv(status, _STATUS.size)
                if len(report) == _STATUS.size:
                    self.peak_kb = _STATUS.unpack(report)[1]
        except TimeoutError:
            await asyncio.to_thread(zygote.kill)


def _spawn(control: int, limits: Limits, kinds: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
        [*command(), json.dumps(asdict(limits)), str(control), ",".join(kinds)],
        env=environment(),
        pass_fds=(control,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _check_end(ended: int) -> None:
    """Raise for a fork that did not end by itself."""
    code = os.waitstatus_to_exitcode(ended)
    if code == 0:
        return
    if code == -signal.SIGXCPU:
        raise ParseFailed("too_slow", retryable=False)
    if code == -signal.SIGKILL:  # nobody of ours did it, so it was the system, short of memory
        raise ParseFailed("too_much_memory", retryable=True)
    raise ParseFailed("crashed")


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(fd, wake)
    try:
        await ready
    finally:
        loop.remove_reader(fd)


async def _recv(sock: socket.socket, size: int) -> bytes:
    """What one `recv` gives; empty when the other end is closed."""
    while True:
        try:
            return sock.recv(size)
        except BlockingIOError:
            await _readable(sock.fileno())
        except ConnectionError:
            return b""


async def _read_pipe(fd: int, most: int) -> bytes | None:
    """Everything until the pipe is closed; None as soon as it is more than `most` bytes."""
    os.set_blocking(fd, False)
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            part = os.read(fd, 1 << 18)
        except BlockingIOError:
            await _readable(fd)
            continue
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > most:
            return None
