"""The centre measured from outside, on SQLite and on a PostgreSQL that keeps what it acknowledges.

`python -m tests.bench.bench_central [--quick]` prints JSON lines {"name", "value", "unit"}. The load generator, the
server and the database share the machine's cores.
"""

import argparse
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select

from central.bank import SimulatedBank
from central.batch import interest
from central.centre import Centre
from central.clock import SystemClock, day_of
from central.kiosks import digest
from central.ledger.reconcile import reconcile
from central.policy import load as load_policy
from central.rules.months import YearMonth
from central.rules.schedule import Method, Terms, build
from central.store import schema, tables
from central.store.database import Database
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.signing import public_key_to_wire, sign
from tests.bench.load import Load, raw_request, run
from tests.bench.population import Resident, populate
from tests.central.postgres import cluster

CLIENTS = 16
HOST = "127.0.0.1"


def show(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": f"central/{name}", "value": round(value, 3), "unit": unit}), flush=True)


class Desk:
    """A kiosk of the measurement: its key, and a verified visit of one resident."""

    def __init__(self, number: int) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.kiosk_id = f"K-bench-{number}"
        self.token = secrets.token_urlsafe(32)

    def request(
        self, method: str, path: str, port: int, body: Any = None, *, visit: bool = True, **more: str
    ) -> bytes:
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {
            "Host": f"{HOST}:{port}",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        if raw:
            headers["Content-Type"] = "application/json"
        if visit:
            headers["Authorization"] = f"Bearer {self.token}"
        headers |= sign(
            method,
            f"http://{HOST}:{port}{path}",
            headers,
            raw,
            key=self.key,
            key_id=self.kiosk_id,
            now_s=int(time.time()),
            nonce=secrets.token_urlsafe(12),
        )
        return raw_request(method, path, headers, raw)


def prepare(url: str, count: int, desks: list[Desk]) -> list[Resident]:
    """A city with its kiosks enrolled and one visit open at each."""
    database = Database(url)
    schema.create(database)
    now_ms = SystemClock().now_ms()
    with database.write() as tx:
        tx.execute(
            insert(tables.kiosk),
            [
                {
                    "id": desk.kiosk_id,
                    "name": "bench",
                    "public_key": public_key_to_wire(desk.key.public_key()),
                    "enrolled_ms": now_ms,
                }
                for desk in desks
            ],
        )
        tx.execute(
            insert(tables.audit_head),
            [{"chain": desk.kiosk_id, "sequence": 0, "hash": "0" * 64} for desk in desks],
        )
        people = populate(tx, count, day_of(now_ms), kiosks=[desk.kiosk_id for desk in desks], now_ms=now_ms)
        tx.execute(
            insert(tables.visit),
            [
                {
                    "token_hash": digest(desk.token),
                    "kiosk_id": desk.kiosk_id,
                    "person_id": number + 1,
                    "credential": "id_card",
                    "opened_ms": now_ms,
                    "expires_ms": now_ms + 3_600_000,
                    "verified_ms": now_ms,
                }
                for number, desk in enumerate(desks)
            ],
        )
    database.close()
    return people


@contextmanager
def servers(url: str, processes: int) -> Iterator[int]:
    """A centre of its own process, or several on one port; the port."""
    port = free_port() if processes > 1 else 0
    running: list[subprocess.Popen[str]] = []
    try:
        for _ in range(processes):
            command = [sys.executable, "-m", "central", "serve", "--database", url, "--port", str(port)]
            process = subprocess.Popen(
                [*command, *(["--share-port"] if processes > 1 else [])],
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).resolve().parents[2],
            )
            running.append(process)
            assert process.stdout is not None
            port = int(process.stdout.readline().rsplit(":", 1)[1])
        yield port
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def measure_http(name: str, url: str, posts: int, processes: int = 1) -> None:
    """Quotes, money POSTs and balance reads a second, each with CLIENTS clients."""
    desks = [Desk(number) for number in range(CLIENTS)]
    people = prepare(url, posts, desks)

    def each(make: Callable[[Desk, int], bytes], times: int) -> list[list[bytes]]:
        return [[make(desk, n) for n in range(times)] for desk in desks]

    with servers(url, processes) as port:
        reads = each(lambda desk, _: desk.request("GET", "/v1/account", port), posts // CLIENTS)
        report(f"{name}/balance-reads", run(HOST, port, reads), 200)
        body = {"extent": "part", "amount": "20000.00", "mode": "shorten"}
        quotes = [
            [
                desk.request("POST", f"/v1/loans/{people[number].contract}/repayment-quotes", port, body)
                for _ in range(posts // CLIENTS // 2)
            ]
            for number, desk in enumerate(desks)
        ]
        report(f"{name}/quotes", run(HOST, port, quotes), 201)
        money = [
            [pay(desk, person, port) for person in people if person.number % CLIENTS == number]
            for number, desk in enumerate(desks)
        ]
        report(f"{name}/money-posts", run(HOST, port, money), 201)
    database = Database(url)
    with database.read() as tx:
        findings = reconcile(tx)
    database.close()
    if findings:
        raise SystemExit(f"the books are not sound after the measurement: {findings}")


def pay(desk: Desk, person: Resident, port: int) -> bytes:
    """Carry out a resident's agreed quote."""
    return desk.request(
        "POST",
        f"/v1/loans/{person.contract}/repayments",
        port,
        {"quote_id": str(person.quote_id)},
        visit=False,
        Idempotency_Key=str(new_operation_id(int(time.time() * 1000))),
        If_Match=person.etag,
    )


def report(name: str, load: Load, expected: int) -> None:
    """The rate and the tail; a measurement of refusals would be a lie."""
    if set(load.statuses) != {expected}:
        raise SystemExit(f"{name}: answers {load.statuses}, not all {expected}")
    show(f"{name}/rate", load.per_second, "1/s")
    show(f"{name}/p50", load.percentile(0.50), "ms")
    show(f"{name}/p99", load.percentile(0.99), "ms")


def measure_books(name: str, url: str, accounts: int, months: int) -> None:
    """Day-end interest over many accounts, then the proof of all their entries."""
    database = Database(url)
    schema.create(database)
    clock = SystemClock()
    june = date(day_of(clock.now_ms()).year, 6, 30)
    with database.write() as tx:
        populate(
            tx,
            accounts,
            june,
            kiosks=[],
            now_ms=clock.now_ms(),
            months=months,
            with_loans=False,
            first_month=YearMonth.of(june).plus(1 - months),
        )
    centre = Centre(database, SimulatedBank(clock), load_policy(), clock)
    began = time.perf_counter()
    settled = interest.run(centre, june)
    show(f"{name}/day-end-{accounts}-accounts", time.perf_counter() - began, "s")
    if settled != accounts:
        raise SystemExit(f"day-end settled {settled} of {accounts} accounts")
    with database.read() as tx:
        entries = tx.execute(select(func.count()).select_from(tables.entry)).scalar_one()
        began = time.perf_counter()
        findings = reconcile(tx)
        show(f"{name}/reconcile-{entries}-entries", time.perf_counter() - began, "s")
    if findings:
        raise SystemExit(f"the books are not sound after day-end: {findings}")
    database.close()


def measure_schedule() -> None:
    """Work out a schedule of 360 rows."""
    from decimal import Decimal

    terms = Terms(Fen(100_000_000), Decimal("2.6"), 360, Method.EQUAL_INSTALMENT)
    times = []
    for _ in range(50):
        began = time.perf_counter()
        build(terms)
        times.append((time.perf_counter() - began) * 1000)
    show("rules/schedule-360-rows/p50", sorted(times)[25], "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", choices=("http", "books"), help="leave out the rest")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="leave out the other")
    options, _ = parser.parse_known_args()  # what is meant for other benchmarks is passed over
    scale = 10 if options.quick else 1
    measure_schedule()
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as postgres:
        admin = Database(postgres)
        for name in ("sqlite", "postgresql"):
            if options.database not in (None, name):
                continue

            def url(database: str, name: str = name) -> str:
                if name == "sqlite":
                    return f"sqlite:///{folder}/{database}.db"
                with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"CREATE DATABASE {database}")
                return postgres.replace("/postgres?", f"/{database}?")

            if options.only != "books":
                measure_http(name, url("http"), 4800 // scale)
                if name == "postgresql":
                    measure_http("postgresql-2-processes", url("http2"), 4800 // scale, processes=2)
            if options.only != "http":
                measure_books(name, url("books"), 100_000 // scale, 4)
        admin.close()


if __name__ == "__main__":
    main()
