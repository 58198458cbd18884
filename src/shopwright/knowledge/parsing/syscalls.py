"""Numbers of the system calls that parsers are denied, from the kernel's tables; they never change."""

_EVERYWHERE = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "clone3": 435,
    "openat2": 437,
    "pidfd_getfd": 438,
}

NUMBERS: dict[str, dict[str, int]] = {
    # Source: arch/x86/entry/syscalls/syscall_64.tbl
    "x86_64": _EVERYWHERE
    | {
        "open": 2, "shmget": 29, "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46,
        "bind": 49,
        "listen": 50, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill": 62,
        "semget": 64,
        "msgget": 68, "truncate": 76, "ftruncate": 77, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85,
        "link": 86,
        "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94,
        "ptrace": 101,
        "rt_sigqueueinfo": 129, "mknod": 133, "mount": 165, "tkill": 200, "add_key": 248, "request_key": 249,
        "keyctl": 250, "openat": 257, "mkdirat": 258, "mknodat": 259, "fchownat": 260, "unlinkat": 263,
        "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268, "unshare": 272, "accept4": 288,
        "perf_event_open": 298, "prlimit64": 302, "open_by_handle_at": 304, "sendmmsg": 307, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "renameat2": 316, "bpf": 321, "execveat": 322,
        "userfaultfd": 323,
    },
    # Source: include/uapi/asm-generic/unistd.h
    "aarch64": _EVERYWHERE
    | {
        "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38,
        "mount": 40,
        "truncate": 45, "ftruncate": 46, "fchmod": 52, "fchmodat": 53, "fchownat": 54, "fchown": 55,
        "openat": 56,
        "unshare": 97, "ptrace": 117, "kill": 129, "tkill": 130, "rt_sigqueueinfo": 138, "msgget": 186,
        "semget": 190,
        "shmget": 194, "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202,
        "connect": 203,
        "sendto": 206, "sendmsg": 211, "add_key": 217, "request_key": 218, "keyctl": 219, "clone": 220,
        "execve": 221,
        "perf_event_open": 241, "accept4": 242, "prlimit64": 261, "open_by_handle_at": 265, "setns": 268,
        "sendmmsg": 269, "process_vm_readv": 270, "process_vm_writev": 271, "renameat2": 276, "bpf": 280,
        "execveat": 281, "userfaultfd": 282,
    },
}  # fmt: skip
