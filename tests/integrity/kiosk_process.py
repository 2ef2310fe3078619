"""The kiosk's engine as processes that can be killed: `python -m tests.integrity.kiosk_process JOURNAL URL ID KEY`.

This process has everything imported and forks a life for each line on its standard input: how many milliseconds
until SIGKILL (0: let it finish), and the drafts of the visits that it is to serve. A life opens the journal,
recovers, performs each draft and prints its paper; what a citizen reads goes to standard output as it happens.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.centre_port import LinePort
from kiosk.contract.models import OperationKind
from kiosk.contract.money import Fen
from kiosk.exchange import Exchange
from kiosk.journal import Journal
from kiosk.line import Identity, Line
from kiosk.operation_states import Draft, Intend, Record, Send, Step, advance
from kiosk.operations import BeingProcessed, Confirmed, Operations, Refused
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime


def tell(*words: object) -> None:
    """One write, so that a kill leaves a whole line or none."""
    os.write(sys.stdout.fileno(), (" ".join(map(str, words)) + "\n").encode())


class SendsFirst(Journal):
    """A flaw for the control: nothing is written before the answer is there."""

    held: dict[UUID, list[Step]]

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        self.held = getattr(self, "held", {})
        if isinstance(step, Intend | Send) and await self.record(operation_id) is None:
            self.held.setdefault(operation_id, []).append(step)
            record = None
            for earlier in self.held[operation_id]:
                record = advance(record, operation_id, earlier, AsyncioRuntime().now())
            assert record is not None
            return record
        for earlier in self.held.pop(operation_id, []):
            await super().advance(operation_id, earlier)
        return await super().advance(operation_id, step)


class Patient(AsyncioRuntime):
    """Can be waited for."""

    async def finished(self) -> None:
        """Until the resolver has nothing left to do."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def live(
    journal_path: Path, port: LinePort, drafts: list[Draft], *, finish: bool, flawed: bool
) -> None:
    """One run of the program."""
    journal = (SendsFirst if flawed else Journal)(journal_path)
    runtime = Patient()
    exchange = Exchange(journal, port, runtime)
    resolver = Resolver(journal, exchange, runtime)
    operations = Operations(journal, exchange, runtime, resolver.follow)
    await resolver.recover()
    for number, draft in enumerate(drafts):
        journal.event("session-begin", session=number, language="zh", elder=False)
        match await operations.perform(draft):
            case Confirmed(operation):
                tell("confirmed", operation.operation_id)
                copy = await operations.print_started(operation.operation_id)
                tell("paper", operation.operation_id, copy)
                await operations.printed(operation.operation_id)
                await operations.close(operation.operation_id)
            case Refused():
                tell("refused", draft.body["quote_id"])
            case BeingProcessed():
                tell("processed")
        journal.event("session-end", session=number, disposition="finished")
    if finish:
        await runtime.finished()
    await runtime.close()
    journal.close()
    tell("over")


def read_drafts(specs: list[dict[str, str]]) -> list[Draft]:
    return [
        Draft(
            OperationKind(spec["kind"]),
            spec["path"],
            {"quote_id": spec["quote_id"]},
            spec["etag"],
            Fen(int(spec["amount"])),
        )
        for spec in specs
    ]


def main() -> None:
    """The fork server."""
    journal, url, kiosk_id, key = sys.argv[1:5]
    flawed = "flawed" in sys.argv
    identity = Identity(kiosk_id, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)))
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            port = LinePort(Line(url, identity))
            work = live(
                Path(journal),
                port,
                read_drafts(order["drafts"]),
                finish=order["kill_ms"] == 0,
                flawed=flawed,
            )
            asyncio.run(work)
            os._exit(0)
        timer = threading.Timer(order["kill_ms"] / 1000, os.kill, (child, signal.SIGKILL))
        if order["kill_ms"]:
            timer.start()
        _, status = os.waitpid(child, 0)
        timer.cancel()
        tell("ended", status)


if __name__ == "__main__":
    main()
