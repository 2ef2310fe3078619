"""The kiosk's engine as processes that can be killed: `python -m tests.integrity.kiosk_process URL [flawed]`.

This process has everything imported and forks a life for each `Order` on its standard input, but for the first,
which it carries out itself: what is made at first use is then there for all. A life opens the journal, recovers,
performs each draft and prints its paper; what a citizen reads goes to standard output as it happens.
"""

import asyncio
import gc
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.centre_port import LinePort
from kiosk.exchange import Exchange
from kiosk.journal import Journal
from kiosk.line import Identity, Line
from kiosk.operation_states import Draft, Intend, Record, Send, Step, advance
from kiosk.operations import BeingProcessed, Confirmed, Operations, Refused
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime
from tests.integrity.patient import Patient


@dataclass(frozen=True)
class Order:
    """One life: over which journal, as which kiosk, for which citizens. Travels as a pickle."""

    journal: Path
    kiosk_id: str
    key: bytes
    drafts: Sequence[Draft]
    kill_s: float | None = None
    """When SIGKILL comes, counted from the fork; None: it may finish."""


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


async def live(order: Order, url: str, *, flawed: bool) -> None:
    """One run of the program."""
    journal = (SendsFirst if flawed else Journal)(order.journal)
    port = LinePort(Line(url, Identity(order.kiosk_id, Ed25519PrivateKey.from_private_bytes(order.key))))
    runtime = Patient()
    exchange = Exchange(journal, port, runtime)
    resolver = Resolver(journal, exchange, runtime)
    operations = Operations(journal, exchange, runtime, resolver.follow)
    await resolver.recover()
    for number, draft in enumerate(order.drafts):
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
    if order.kill_s is None:
        await runtime.finished()
    await runtime.close()
    journal.close()
    tell("over")


def main() -> None:
    """The fork server."""
    url, flawed = sys.argv[1], "flawed" in sys.argv
    ended = {signal.SIGCHLD}
    signal.pthread_sigmask(
        signal.SIG_BLOCK, ended
    )  # so that the end of a life can be waited for, with a limit
    asyncio.run(live(pickle.load(sys.stdin.buffer), url, flawed=flawed))
    tell("ended", 0)
    gc.freeze()
    while True:
        try:
            order: Order = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        tell("ended", fork_a_life(order, url, ended, flawed=flawed))


def fork_a_life(order: Order, url: str, ended: set[signal.Signals], *, flawed: bool) -> int:
    """One life in a process of its own; the status with which it ended."""
    while signal.sigtimedwait(ended, 0):
        pass  # what is left of the life before
    child = os.fork()
    if child == 0:
        asyncio.run(live(order, url, flawed=flawed))
        os._exit(0)
    if order.kill_s is not None and signal.sigtimedwait(ended, order.kill_s) is None:
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main()
