"""The centre as a process: it tells its port when it takes connections, plays the demonstration, and stops."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from central.demo import CITIZENS
from central.policy import POLICY_FOLDER
from central.serve import KEEP_ALIVE_S
from kiosk.heartbeat import BEAT_S, JITTER
from kiosk.line import EXCHANGE_TIMEOUT_S
from tests.central.kit import Clock, Kiosk, problem

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process and its port, read from the port file once the process says that it is ready."""
    port_file = folder / "port"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "central",
            "serve",
            "--database",
            f"sqlite:///{folder}/centre.db",
            "--port",
            "0",
            "--port-file",
            str(port_file),
            *more,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("centre ready on http://127.0.0.1:")
        yield process, int(port_file.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


class RealClock(Clock):
    """The machine's, as it stood when the test began."""

    def __init__(self) -> None:
        self.ms = int(time.time() * 1000)


def test_the_demonstration_from_enrolment_to_a_phone_code(tmp_path):
    with serving(tmp_path, "--demo") as (_, port):
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as web:
            assert web.get("/readyz").text == "ready\n"
            code = web.post("/demo/enrolment-codes").json()["code"]
            kiosk = Kiosk(web, RealClock())  # type: ignore[arg-type]
            kiosk.base_url = f"http://127.0.0.1:{port}"
            assert kiosk.enrol(code).status_code == 201
            for expired, status in ((True, 403), (False, 201)):
                body = {"id_number": CITIZENS[0].id_number, "expired": expired}
                phone = web.post("/demo/phone-codes", json=body).json()["code"]
                answer = kiosk.call(
                    "POST", "/v1/visits", {"credential": {"kind": "phone_code", "code": phone}}
                )
                assert answer.status_code == status, answer.text
            assert (
                problem(web.post("/demo/phone-codes", json={"id_number": "nobody"})) == "credential-unknown"
            )
        kept = (tmp_path / "centre.db").stat().st_size
    with serving(tmp_path) as (_, port), httpx2.Client(base_url=f"http://127.0.0.1:{port}") as web:
        assert web.post("/demo/phone-codes", json={"id_number": "x"}).status_code == 404, "only with --demo"
        assert web.get("/guide").status_code == 200
    assert (tmp_path / "centre.db").stat().st_size >= kept


def test_a_server_that_is_told_to_stop_stops_cleanly(tmp_path):
    with serving(tmp_path) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert errors == ""


@pytest.mark.parametrize("command", ["serve", "day-end", "demo"])
def test_a_policy_that_cannot_be_is_said_in_one_line(tmp_path, command):
    url = f"sqlite:///{tmp_path}/centre.db"
    folder = Path(shutil.copytree(POLICY_FOLDER, tmp_path / "city"))
    file = folder / "early-repayment.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("per_month", "per_moth"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "central", command, "--database", url],
        cwd=ROOT,
        env={**os.environ, "CENTRAL_POLICY": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"python -m central {command}: {file}: row 1: per_moth is not one of")


def test_a_connection_outlives_the_quiet_of_a_kiosk():
    """A kiosk uses it for every heartbeat, and is quiet for no longer than one beat and the exchange before it."""
    assert KEEP_ALIVE_S > BEAT_S * (1 + JITTER) + EXCHANGE_TIMEOUT_S


@pytest.mark.parametrize("more", [["--share-port", "--port", "0"], ["--share-port", "--port", "8899"]])
def test_one_port_for_several_is_for_postgresql(tmp_path, more):
    done = subprocess.run(
        [sys.executable, "-m", "central", "serve", "--database", f"sqlite:///{tmp_path}/c.db", *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr
