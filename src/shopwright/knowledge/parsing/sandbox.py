"""What a parsing process may not do: the walls that Linux offers to an unprivileged process.

Two stages. `isolate` runs once in the process that forks parsers and is inherited: no network, no new
programs, no files but Python's own. `confine` runs in each fork: limits of memory and time, no writing, no
signals to others, no further forks.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from typing import Any, Final

from shopwright.knowledge.parsing.syscalls import NUMBERS
from shopwright.knowledge.parsing.types import DEFAULT_LIMITS, Limits

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32: Final = 0x40000000

_RET_KILL: Final = 0x80000000
_RET_ALLOW: Final = 0x7FFF0000
_RET_ERRNO: Final = 0x00050000
_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL: Final = 0x15
_JUMP_AT_LEAST: Final = 0x35
_JUMP_BITS: Final = 0x45
_RETURN: Final = 0x06
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_NETWORK = (
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "socketpair",
    "sendto",
    "sendmsg",
    "sendmmsg",
)
_PROGRAMS = ("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd")
_KERNEL = [
    "io_uring_setup",
    "bpf",
    "userfaultfd",
    "perf_event_open",
    "add_key",
    "request_key",
    "keyctl",
    "mount",
    "unshare",
    "setns",
    "open_by_handle_at",
    "shmget",
    "msgget",
    "semget",
    "openat2",
]
_OTHERS = ("kill", "tkill", "rt_sigqueueinfo", "pidfd_open", "pidfd_send_signal", "prlimit64")
_FORKS = ("clone", "fork", "vfork")
_CHANGES = [
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "mkdir",
    "mkdirat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "truncate",
    "ftruncate",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "creat",
    "mknod",
    "mknodat",
]


def isolate() -> dict[str, bool]:
    """Give up, for this process and all it forks, the network, other programs and other files.

    Never fails: a wall that the kernel or a container refuses is reported as False.

    Returns:
        Which walls stand: `no_new_privileges`, `network_namespace`, `own_files_only`, `system_calls`.
    """
    if sys.platform != "linux":
        return dict.fromkeys(("no_new_privileges", "network_namespace", "own_files_only", "system_calls"), False)
    libc = _libc()
    held = {"no_new_privileges": libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0}
    held["network_namespace"] = libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    held["own_files_only"] = _own_files_only(libc)
    held["system_calls"] = _filter_calls(libc, (*_NETWORK, *_PROGRAMS, *_KERNEL), writing=False)
    return held


def confine(limits: Limits, held_bytes: int) -> dict[str, bool]:
    """Bind this process to its limits for good and take away writing, forking and signalling.

    Args:
        limits: of memory and time.
        held_bytes: address space that was in use before the file came, from `address_space`; the walls
            around files hide it from here.

    Returns:
        Which walls stand: `memory`, `cpu`, `no_file_writes`.
    """
    if sys.platform != "linux":
        return dict.fromkeys(("memory", "cpu", "no_file_writes"), False)
    libc = _libc()
    libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)
    held = {
        "memory": _limit(resource.RLIMIT_AS, held_bytes + limits.memory_bytes),
        # the soft limit ends the process with SIGXCPU, which tells this reason from others
        "cpu": _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 2),
    }
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    held["no_file_writes"] = _filter_calls(libc, (*_OTHERS, *_FORKS, *_CHANGES), writing=True)
    return held


def sandbox_report() -> dict[str, Any]:
    """Which walls hold on this machine, tried in a short-lived process of its own.

    Returns:
        `platform`, the keys of `isolate` and `confine`, and what was tried and refused: `socket_refused`,
        `program_refused`, `writing_refused`, `foreign_file_refused`; plus `problems`, sentences for an
        administrator (empty when all holds).
    """
    import json
    import subprocess

    from shopwright.knowledge.parsing.launch import command, environment

    report: dict[str, Any] = {"platform": f"{sys.platform} {platform.machine()}"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, run by our own interpreter
            [*command(), "--report"], env=environment(), capture_output=True, timeout=60, check=True
        )
        report |= json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        report["problems"] = [f"The process that reads documents cannot be started: {error}"]
        return report
    report["problems"] = [sentence for key, sentence in _PROBLEMS.items() if not report.get(key)]
    return report


_PROBLEMS = {
    "memory": "The memory of document parsers is not limited. Run on Linux.",
    "cpu": "The time of document parsers is not limited. Run on Linux.",
    "socket_refused": ("Document parsers could open network connections. Allow seccomp filters in this container."),
    "program_refused": "Document parsers could start programs. Allow seccomp filters in this container.",
    "writing_refused": "Document parsers could write files. Allow seccomp filters in this container.",
    "foreign_file_refused": (
        "Document parsers could read files of the server. Use a kernel with Landlock (5.13 or newer)."
    ),
}


def probe() -> dict[str, Any]:
    """Raise the walls around this process and try to break them; for `sandbox_report` alone."""
    import socket
    from pathlib import Path

    held_bytes = address_space()
    report: dict[str, Any] = {**isolate(), **confine(DEFAULT_LIMITS, held_bytes)}

    def refused(attempt: Any) -> bool:
        try:
            attempt()
        except OSError:
            return True
        return False

    report["socket_refused"] = refused(lambda: socket.socket().close())
    report["program_refused"] = refused(lambda: os.execv("/bin/true", ["true"]))  # noqa: S606
    report["writing_refused"] = refused(lambda: Path(os.devnull).write_bytes(b""))
    report["foreign_file_refused"] = refused(lambda: Path("/proc/self/environ").read_bytes())
    return report


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _limit(kind: int, soft: int, hard: int | None = None) -> bool:
    hard = soft if hard is None else hard
    _, allowed = resource.getrlimit(kind)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (OSError, ValueError):
        return False
    return True


def address_space() -> int:
    """Bytes of address space in use."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - read once, before any path library is needed
        return int(file.read().split()[0]) * resource.getpagesize()


def _filter_calls(libc: ctypes.CDLL, names: tuple[str, ...], *, writing: bool) -> bool:
    """Make the system calls named fail with EPERM; with `writing`, also opening a file to write."""
    machine = platform.machine()
    numbers = NUMBERS.get(machine)
    if numbers is None:
        return False
    refuse = _op(_RETURN, _RET_ERRNO | errno.EPERM)
    program = [
        _op(_LOAD, 4),
        _op(_JUMP_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _op(_RETURN, _RET_KILL),
        _op(_LOAD, 0),
    ]
    if machine == "x86_64":
        program += [_op(_JUMP_AT_LEAST, _X32, 0, 1), _op(_RETURN, _RET_KILL)]
    for name in names:
        if name in numbers:
            program += [_op(_JUMP_EQUAL, numbers[name], 0, 1), refuse]
    # glibc falls back to clone, whose arguments the kernel has checked above
    program += [_op(_JUMP_EQUAL, numbers["clone3"], 0, 1), _op(_RETURN, _RET_ERRNO | errno.ENOSYS)]
    if writing:
        for name, argument in (("open", 1), ("openat", 2)):
            if name in numbers:
                program += [
                    _op(_JUMP_EQUAL, numbers[name], 0, 4),
                    _op(_LOAD, 16 + 8 * argument),
                    _op(_JUMP_BITS, _WRITING, 0, 1),
                    refuse,
                    _op(_RETURN, _RET_ALLOW),
                ]
    program.append(_op(_RETURN, _RET_ALLOW))
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    header = Program(len(program), ctypes.addressof(buffer))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(header), 0, 0) == 0)


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def _own_files_only(libc: ctypes.CDLL) -> bool:
    """Landlock: read below Python's own folders and nowhere else, so that no secret in a file can be read."""
    create, add, restrict = 444, 445, 446
    everything = (1 << 13) - 1
    reading = (1 << 2) | (1 << 3)
    handled = ctypes.c_uint64(everything)
    ruleset = libc.syscall(create, ctypes.byref(handled), ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return False
    try:
        for folder in own_folders():
            try:
                fd = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue
            rule = ctypes.create_string_buffer(struct.pack("=Qi", reading, fd), 12)
            libc.syscall(add, ruleset, 1, rule, 0)
            os.close(fd)
        return bool(libc.syscall(restrict, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def own_folders() -> list[str]:
    """Where the code and data of parsers lie."""
    folders = {path for path in sys.path if path}
    folders |= {f"{prefix}/lib" for prefix in (sys.prefix, sys.base_prefix)}
    return sorted(folder for folder in folders | {"/usr/share/zoneinfo"} if os.path.isdir(folder))  # noqa: PTH112
