"""Taking rights away from the process that decodes pictures from strangers.

After `confine` a process can compute, read and write what it already holds, and nothing else: no new files,
no sockets, no other programs, bounded memory. Needs no privilege; Linux only (seccomp, prctl).
"""

import ctypes
import platform
import resource
import struct
from collections.abc import Mapping

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_DENIED_CALLS: Mapping[str, tuple[int, ...]] = {
    # socket socketpair fork vfork clone execve kill ptrace open creat rename mkdir rmdir link unlink symlink
    # openat unlinkat renameat process_vm_readv process_vm_writev execveat renameat2 bpf userfaultfd
    # io_uring_setup clone3 openat2
    "x86_64": (41, 53, 57, 58, 56, 59, 62, 101, 2, 85, 82, 83, 84, 86, 87, 88,
               257, 263, 264, 310, 311, 322, 316, 321, 323, 425, 435, 437),
    # socket socketpair clone execve kill ptrace openat unlinkat renameat mkdirat process_vm_readv
    # process_vm_writev execveat renameat2 bpf userfaultfd io_uring_setup clone3 openat2
    "aarch64": (198, 199, 220, 221, 129, 117, 56, 35, 38, 34, 270, 271, 281, 276, 280, 282, 425, 435, 437),
}  # fmt: skip

_EPERM = 1
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | _EPERM
_X32_CALLS = 0x40000000
_CALL_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data


def limit_memory(most_bytes: int) -> None:
    """Bound the address space, and leave no core dump: it would hold the picture and the code's text."""
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def confine() -> bool:
    """Give up files, sockets, programs and processes for good; True when the kernel took the filter.

    Everything that is to be used must be open and imported before.
    """
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        return False
    program = _filter(_AUDIT_ARCH[machine], _DENIED_CALLS[machine])
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions, padding, where they are
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(fprog), 0, 0) == 0
    )


def _filter(architecture: int, denied: tuple[int, ...]) -> bytes:
    """The BPF program: refuse another architecture's calls and the denied ones with EPERM, allow the rest."""

    def instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    calls = sorted(denied)
    checks = [instruction(_JUMP_EQUAL, len(calls) - place, 0, number) for place, number in enumerate(calls)]
    return b"".join(
        [
            instruction(_LOAD, 0, 0, _ARCHITECTURE),
            instruction(_JUMP_EQUAL, 0, len(calls) + 3, architecture),
            instruction(_LOAD, 0, 0, _CALL_NUMBER),
            instruction(_JUMP_AT_LEAST, len(calls) + 1, 0, _X32_CALLS),
            *checks,
            instruction(_RETURN, 0, 0, _ALLOW),
            instruction(_RETURN, 0, 0, _REFUSE),
        ]
    )
