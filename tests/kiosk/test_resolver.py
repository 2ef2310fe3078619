"""The resolver: asks until it knows, tells staff in time, and never acts for a citizen who has gone."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.operations import OperationState
from kiosk.exchange import ANSWER_S, Exchange, NotFound, Unknown
from kiosk.operation_states import Escalation, Intend, Record, Send, StartPrint, State, Submission
from kiosk.operations import BeingProcessed
from kiosk.resolver import (
    LONGEST_PAUSE_S,
    RESOLVED_WITHIN_S,
    Resolver,
    escalation,
    pause_s,
)
from tests.kiosk.operating import DRAFT, Bench, operation

ID = UUID("01a20285-239f-799e-90ed-a72497493920")
CUT = Unknown("refused-connection")
DAY_S = 86_400.0


class Line:
    """A centre that can be out of reach until an instant."""

    def __init__(self, bench: Bench, back_at_s: float) -> None:
        self.bench = bench
        self.back_at_s = back_at_s
        self.booked: set[UUID] = set()
        self.resolved_at_s: float | None = None

    def _up(self) -> bool:
        return self.bench.scheduler.time_s >= self.back_at_s

    def submit(self, submission: Submission) -> object:
        if not self._up():
            return CUT
        self.booked.add(submission.operation_id)
        self.resolved_at_s = self.bench.scheduler.time_s
        return operation(submission.operation_id)

    def find(self, operation_id: UUID) -> object:
        if not self._up():
            return CUT
        return operation(operation_id) if operation_id in self.booked else NotFound()


def offline(back_at_s: float) -> tuple[Bench, Line]:
    bench = Bench()
    line = Line(bench, back_at_s)
    bench.centre = line  # type: ignore[assignment]
    bench.start()
    return bench, line


@pytest.mark.parametrize("back_at_s", [31, 95, 600, 5_000, 40_000])
@pytest.mark.parametrize("call_s", [0.01, ANSWER_S])
def test_an_outcome_is_known_within_a_minute_of_the_lines_return(back_at_s: float, call_s: float) -> None:
    bench, line = offline(back_at_s)
    bench.runtime.call_s = call_s
    quick = line.find

    def find(operation_id: UUID) -> object:  # a line that is back answers at once
        bench.runtime.call_s = 0.01 if line._up() else call_s
        return quick(operation_id)

    line.find = find  # type: ignore[method-assign]
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, BeingProcessed) and bench.only().state is State.CONFIRMED
    assert line.resolved_at_s is not None
    # the call that sends it may itself have begun before the line was quick again
    assert line.resolved_at_s - back_at_s <= RESOLVED_WITHIN_S + 0.1
    assert line.booked == {result.operation_id}


def test_it_never_gives_up() -> None:
    bench, line = offline(back_at_s=7 * DAY_S)
    bench.run(bench.operations.perform(DRAFT))
    assert bench.only().state is State.CONFIRMED and len(line.booked) == 1


@pytest.mark.parametrize("after_a_restart", [False, True])
def test_an_error_of_the_program_does_not_leave_the_money_alone(
    after_a_restart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, line = offline(back_at_s=40)
    ask, errors = Exchange.settle, [ZeroDivisionError("while asking")] * 3

    async def settle(exchange: Exchange, operation_id: UUID) -> Record | None:
        if errors:
            raise errors.pop()
        return await ask(exchange, operation_id)

    bench.run(bench.operations.perform(DRAFT), until_s=35)
    monkeypatch.setattr(Exchange, "settle", settle)
    if after_a_restart:
        bench.start()
        bench.run(bench.resolver.recover())
    bench.scheduler.run(600)
    assert not errors and bench.told().count("program-error") == 3
    assert bench.only().state is State.CONFIRMED and len(line.booked) == 1


def test_staff_are_told_after_a_quarter_of_an_hour_and_after_a_day_once_each() -> None:
    bench, _ = offline(back_at_s=2 * DAY_S)
    bench.scheduler.start(bench.operations.perform(DRAFT))
    bench.scheduler.run(until_s=14 * 60)
    assert bench.only().escalation is Escalation.NONE
    bench.scheduler.run(until_s=17 * 60)
    assert bench.only().escalation is Escalation.ALERT
    bench.scheduler.run(until_s=DAY_S + 120)
    assert bench.only().escalation is Escalation.CASE_FILE
    bench.scheduler.run()
    assert (bench.told().count("operation-alert"), bench.told().count("operation-case-file")) == (1, 1)


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumps_moves_no_pause_and_loses_no_alert(jump: timedelta) -> None:
    bench, line = offline(back_at_s=3_600)
    bench.scheduler.start(bench.operations.perform(DRAFT))
    bench.scheduler.run(until_s=40)
    bench.runtime.wall_offset = jump
    bench.scheduler.run()
    assert line.resolved_at_s is not None and line.resolved_at_s - 3_600 <= RESOLVED_WITHIN_S
    assert "operation-alert" in bench.told()


def test_age_survives_a_restart() -> None:
    bench, _ = offline(back_at_s=3_600)
    bench.scheduler.start(bench.operations.perform(DRAFT))
    bench.scheduler.run(until_s=14 * 60)
    restart(bench)
    bench.scheduler.start(bench.resolver.recover())
    bench.scheduler.run(until_s=17 * 60)
    assert bench.only().escalation is Escalation.ALERT


def test_escalation_has_its_times() -> None:
    assert escalation(timedelta(minutes=14, seconds=59)) is Escalation.NONE
    assert escalation(timedelta(minutes=15)) is Escalation.ALERT
    assert escalation(timedelta(hours=24)) is Escalation.CASE_FILE


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_pauses_have_full_jitter_and_a_bound(tries: int, jitter: float) -> None:
    assert 0 <= pause_s(tries, jitter) <= LONGEST_PAUSE_S
    assert pause_s(tries, 0.0) == 0.0


# ------------------------------------------------------------------ after a restart


def restart(bench: Bench) -> None:
    """Take the power away and start again."""
    bench.scheduler.clear()
    bench.start()


def test_an_intent_that_was_never_sent_is_withdrawn() -> None:
    bench = Bench()
    bench.store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    restart(bench)
    bench.run(bench.resolver.recover())
    assert (bench.only().state, bench.only().problem) == (State.REFUSED, "not-submitted")
    assert bench.centre.calls == []


def test_what_was_sent_is_asked_for_before_it_is_sent_again() -> None:
    bench = Bench(NotFound(), operation)
    bench.store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    bench.store.advance(ID, Send())
    restart(bench)
    bench.run(bench.resolver.recover())
    assert bench.centre.calls == [("find", ID), ("submit", ID)]
    assert bench.centre.submissions == [Submission.of(ID, DRAFT)]
    assert bench.only().state is State.CONFIRMED


@pytest.mark.parametrize("state", [OperationState.CONFIRMED, OperationState.REFUSED])
def test_an_outcome_that_was_lost_on_the_way_is_found(state: OperationState) -> None:
    bench = Bench(lambda i: operation(i, state, problem="quote-stale"))
    bench.store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    bench.store.advance(ID, Send())
    restart(bench)
    bench.run(bench.resolver.recover())
    assert bench.only().state.value == state.value
    assert bench.centre.verbs == ["find"]


def test_a_paper_under_way_is_in_doubt_and_a_finished_one_is_closed() -> None:
    for printed, expected in ((False, State.PRINT_UNSURE), (True, State.CLOSED)):
        bench = Bench(operation)
        bench.run(bench.operations.perform(DRAFT))
        i = bench.only().operation_id
        bench.store.advance(i, StartPrint(1))
        if printed:
            bench.run(bench.operations.printed(i))
        restart(bench)
        bench.run(bench.resolver.recover())
        assert bench.only().state is expected
        assert bench.centre.verbs == ["submit"], "nothing is asked, and nothing printed, by itself"


def test_a_dead_line_delays_the_first_visit_by_one_try_only() -> None:
    bench = Bench(*[CUT] * 4, *[operation] * 3)
    for place in range(3):
        i = UUID(int=ID.int + place)
        bench.store.advance(i, Intend(Submission.of(i, DRAFT)))
        bench.store.advance(i, Send())
    restart(bench)
    bench.runtime.call_s = ANSWER_S
    recovered: list[float] = []

    async def start() -> None:
        await bench.resolver.recover()
        recovered.append(bench.scheduler.time_s)

    bench.run(start())
    assert recovered == [ANSWER_S]
    assert bench.store.unfinished() and not bench.run(bench.operations.unknown_outcomes())


def test_an_operation_is_followed_once() -> None:
    bench = Bench(*[CUT] * 5, operation)
    bench.run(bench.operations.perform(DRAFT), until_s=30)
    for _ in range(3):
        bench.resolver.follow(bench.only().operation_id)
    bench.scheduler.run()
    assert bench.centre.verbs == ["submit"] * 5 + ["find"]


def test_a_settled_operation_is_left_alone() -> None:
    bench = Bench(operation)
    bench.run(bench.operations.perform(DRAFT))
    bench.resolver.follow(bench.only().operation_id)
    bench.resolver.follow(UUID(int=3))
    bench.scheduler.run()
    assert bench.centre.verbs == ["submit"]


def test_an_intent_whose_visit_was_cut_off_is_withdrawn_without_a_restart() -> None:
    bench = Bench()
    bench.store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    bench.resolver.follow(ID)
    bench.scheduler.run()
    assert bench.only().problem == "not-submitted" and bench.centre.calls == []


def test_a_record_reads_back_as_it_was_written() -> None:
    bench = Bench()
    bench.store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    sent = bench.store.advance(ID, Send())
    assert bench.store.record(ID) == sent
    assert isinstance(sent, Record) and sent.submission == Submission.of(ID, DRAFT)
    assert Resolver.__doc__
