"""The real centre as processes that can be killed: `python -m tests.integrity.centre_process DATABASE_URL`.

This process has everything imported and built, and forks a centre for each line on its standard input. The first
says on standard output which port it took; all later ones take the same. Each says its process id. A line with two
numbers dooms its centre: it kills itself so many microseconds after it has begun its n-th commit.
"""

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from itertools import count

import uvicorn
from sqlalchemy import Connection, Engine, event

from central.api.app import create_app
from central.bank import SimulatedBank
from central.centre import Centre
from central.clock import SystemClock
from central.store.database import Database
from tests.integrity.real_centre import unlimited


def bound(port: int) -> socket.socket:
    """A socket on a port that several may share; connections come only to the one that listens."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made


def main() -> None:
    """The fork server."""
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # the dead need no waiting for, and a fork no threads beside it
    logging.disable(logging.CRITICAL)  # a centre that is killed on purpose has nothing to say
    clock = SystemClock()
    centre = Centre(
        Database(sys.argv[1]), SimulatedBank(clock), unlimited(), clock, site_url="http://centre.test"
    )
    config = uvicorn.Config(create_app(centre, relay=False), log_level="critical", access_log=False)
    config.load()
    gc.collect()
    gc.freeze()  # no page is copied only because a fork looks for garbage
    with bound(0) as held:  # so that nobody else takes the port while no centre lives
        serve(config, centre.database.engine, held.getsockname()[1])


def serve(config: uvicorn.Config, engine: Engine, port: int) -> None:
    """Fork a centre for each line."""
    for line in sys.stdin:
        listener = bound(port)
        listener.listen(256)
        child = os.fork()
        if child == 0:
            if line.strip():
                doom(engine, *map(int, line.split()))
            uvicorn.Server(config).run(sockets=[listener])
            os._exit(0)
        listener.close()
        print(port, child, flush=True)


def doom(engine: Engine, commit: int, after_us: int) -> None:
    """Kill this process while the n-th commit from now is under way."""
    begun = count(1)

    def die() -> None:
        time.sleep(after_us / 1e6)
        os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(engine, "commit")
    def strike(connection: Connection) -> None:
        if next(begun) == commit:
            threading.Thread(target=die).start()


if __name__ == "__main__":
    main()
