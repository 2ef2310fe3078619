"""Programs that are started for a device stay when the thread that wanted them has gone, and go with the process."""

import os
import select
import subprocess
import sys
import threading

import pytest

from hardware import offspring

ENDS_IN_S = 5.0
HOLDER = """
import sys
from hardware import offspring
far = sys.argv[1]
offspring.start(["bash", "-c", f"echo up >&{far}; exec sleep 600"], pass_fds=[int(far)])
input()
"""


def test_a_program_outlives_the_thread_that_wanted_it() -> None:
    started: list[subprocess.Popen[bytes]] = []
    wanted = threading.Thread(target=lambda: started.append(offspring.start(["sleep", "600"])))
    wanted.start()
    wanted.join()
    (process,) = started
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
    finally:
        process.kill()
        process.wait()


def test_it_ends_with_the_process_that_wanted_it() -> None:
    near, far = os.pipe()  # open for as long as anybody has its far end
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(far)], pass_fds=[far], stdin=subprocess.PIPE)
    os.close(far)
    try:
        assert os.read(near, 10) == b"up\n"
        holder.kill()
        holder.communicate()
        assert select.select([near], [], [], ENDS_IN_S)[0]
        assert os.read(near, 10) == b""
    finally:
        os.close(near)
