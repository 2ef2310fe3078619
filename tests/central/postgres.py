"""A throw-away PostgreSQL from the machine's own package: its own cluster, a unix socket, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# Only for throw-away databases: nothing here outlives the test session. Durability is tested elsewhere, with it on.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
COMMON = (
    "listen_addresses=",
    "shared_buffers=64MB",
    "max_connections=60",
    "timezone=UTC",
    "dynamic_shared_memory_type=mmap",  # in its own folder, so that nothing is left when it is killed
    "log_min_messages=fatal",
)


def binary(name: str) -> str:
    """The newest installed one; a clear failure when PostgreSQL is not there, for then half the tests mean nothing."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} is missing: install the package postgresql")
    return found


def as_owner(command: list[str]) -> list[str]:
    """PostgreSQL does not run as root: then it runs as its own user."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        if os.geteuid() == 0
        else command
    )


@contextmanager
def cluster(*, durable: bool = False, where: Path = Path("/tmp")) -> Iterator[str]:
    """A running cluster under `where`; the SQLAlchemy URL of its `postgres` database. `durable` keeps fsync and all."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=where))  # a socket's path has to be short
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        subprocess.run(
            as_owner(
                [
                    binary("initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "centre",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    *([] if durable else ["--no-sync"]),
                ]
            ),
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )
        options = [f"unix_socket_directories={folder}", *COMMON, *(() if durable else FAST)]
        server = subprocess.Popen(
            as_owner(
                [binary("postgres"), "-D", str(data), *(part for one in options for part in ("-c", one))]
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )
        try:
            _wait_until_ready(folder, server)
            yield f"postgresql+psycopg://centre@/postgres?host={folder}"
        finally:
            # Immediate: what is thrown away needs no last checkpoint.
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            psycopg.connect(f"host={folder} user=centre dbname=postgres connect_timeout=5").close()
            return
        except psycopg.OperationalError:
            try:
                server.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError("the throw-away PostgreSQL did not start") from None
