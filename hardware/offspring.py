"""Programs that end with this one, however it ends: a demo that is killed hard leaves no daemon behind.

The kernel keeps that promise to the thread that starts a program, not to the process: a daemon that is started again
by the thread of one request would be ended with it. So one thread, which lives as long as we do, starts them all.
"""

import subprocess
from collections.abc import Mapping, Sequence
from functools import cache

from hardware.worker import Worker

_ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


def start(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a program that is not heard, in a session of its own. Raises OSError."""

    def begin() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*_ENDS_WITH_US, *command],
            env=env,
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    return _parent().submit(begin).result()


@cache
def _parent() -> Worker:
    return Worker("offspring")
