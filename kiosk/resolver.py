"""The resolver: asks the centre about every operation whose outcome is not known, for as long as it takes.

It asks by id, sends the same request again when the centre has never seen it, and never gives up. Staff are
told after a quarter of an hour, and after a day that a case must be opened by hand; it goes on asking.
"""

from datetime import timedelta
from uuid import UUID

from kiosk.events import error_fields
from kiosk.exchange import ANSWER_S, Exchange, OperationJournal
from kiosk.journal.database import JournalBroken
from kiosk.operation_states import (
    UNKNOWN_OUTCOME,
    Close,
    DoubtPrint,
    Escalate,
    Escalation,
    Record,
    State,
    Withdraw,
)
from kiosk.runtime import Runtime

RESOLVED_WITHIN_S = 60.0
"""Once the line is back, every outcome is known within this time."""

PAYOUT_S = 11.0
"""What the centre and a bank that answers late need for a payout, once the centre has been told of it."""

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = (RESOLVED_WITHIN_S - ANSWER_S - PAYOUT_S) / 2
"""A try that was under way when the line came back may yet have to run out; then there can be a pause before the centre
hears of the operation, and another one after the bank has answered."""

ALERT_AFTER = timedelta(minutes=15)
CASE_FILE_AFTER = timedelta(hours=24)


def pause_s(tries: int, jitter: float) -> float:
    """Full jitter: anything from nothing to a bound that doubles, so that kiosks do not ask in step.

    `tries` made so far, `jitter` from 0 to 1; seconds, LONGEST_PAUSE_S at most.
    """
    return jitter * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(tries, 16))


def escalation(age: timedelta) -> Escalation:
    """How far staff must have been told of an outcome that has been unknown for `age`."""
    if age >= CASE_FILE_AFTER:
        return Escalation.CASE_FILE
    return Escalation.ALERT if age >= ALERT_AFTER else Escalation.NONE


_LADDER = (Escalation.NONE, Escalation.ALERT, Escalation.CASE_FILE)


class Resolver:
    """Follows each unknown outcome to its end. All calls come from the loop's thread."""

    def __init__(self, journal: OperationJournal, exchange: Exchange, runtime: Runtime) -> None:
        self._journal = journal
        self._exchange = exchange
        self._runtime = runtime
        self._followed: set[UUID] = set()

    async def recover(self) -> None:
        """What the last run left behind; awaited before the first visit. Raises JournalBroken.

        Nothing is printed into an empty lobby, and nothing is submitted without the citizen: an intent that
        was never sent is withdrawn, a paper that may be out is in doubt. What was sent is asked for once, here,
        as long as the centre answers, and then followed in the background.
        """
        unknown = []
        for record in await self._journal.unfinished():
            match record.state:
                case State.INTENT:
                    await self._journal.advance(record.operation_id, Withdraw())
                case State.PRINT_STARTED:
                    await self._journal.advance(record.operation_id, DoubtPrint())
                case State.PRINTED:
                    await self._journal.advance(record.operation_id, Close())
                case State.SENT | State.ACCEPTED:
                    unknown.append(record.operation_id)
                case _:
                    pass
        answering = True
        for operation_id in unknown:
            if answering:
                settled = await self._settle(operation_id)
                answering = settled is None or settled.state is not State.SENT
            self.follow(operation_id)

    def follow(self, operation_id: UUID) -> None:
        """Take an operation over until its outcome is known; returns at once."""
        if operation_id not in self._followed:
            self._followed.add(operation_id)
            self._runtime.spawn(self._follow(operation_id))

    async def _follow(self, operation_id: UUID) -> None:
        began, tries, state = self._runtime.monotonic(), 0, State.SENT
        try:
            while True:
                await self._runtime.sleep(pause_s(tries, self._runtime.jitter()))
                record = await self._settle(operation_id)
                if record is not None and record.state is State.INTENT:
                    # the visit was cut off before anything was sent
                    record = await self._journal.advance(operation_id, Withdraw())
                if record is None or record.state not in UNKNOWN_OUTCOME:
                    return
                followed = timedelta(seconds=self._runtime.monotonic() - began)
                await self._tell_staff(record, followed)
                tries = tries + 1 if record.state is state else 0  # once the centre has it, ask often again
                state = record.state
        except JournalBroken:
            pass  # the kiosk is out of service; the next start takes up from what is durable
        finally:
            self._followed.discard(operation_id)

    async def _settle(self, operation_id: UUID) -> Record | None:
        """What the centre says of it now. An error of the program is written down and leaves the outcome as unknown as
        it was: nobody else asks after this money. Raises JournalBroken."""
        try:
            return await self._exchange.settle(operation_id)
        except JournalBroken:
            raise
        except Exception as error:
            self._journal.event("program-error", **error_fields(error))
            return await self._journal.record(operation_id)

    async def _tell_staff(self, record: Record, followed: timedelta) -> None:
        """`followed` stands in for the age when the wall clock has been put back."""
        age = followed if record.since is None else max(followed, self._runtime.now() - record.since)
        for step in _LADDER[_LADDER.index(record.escalation) + 1 : _LADDER.index(escalation(age)) + 1]:
            await self._journal.advance(record.operation_id, Escalate(step))
