"""Operations: an id before a word is sent, one key for ever, and nobody told anything false."""

import asyncio
from uuid import UUID

import pytest

from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail
from kiosk.exchange import ANSWER_S, Exchange, NotFound, Refusal, Standing, Unknown, judge, standing
from kiosk.journal.database import JournalBroken
from kiosk.operation_states import Draft, IllegalStep, Record, State, Step
from kiosk.operations import ON_SCREEN_S, TRY_AT_S, BeingProcessed, Confirmed, Operations, Refused
from tests.integrity.virtual_time import EPOCH
from tests.kiosk.operating import DRAFT, Bench, InlineJournal, operation

CUT = Unknown("broken")


def refusal(problem: Problem) -> Refusal:
    detail = ProblemDetail(type=f"/problems/{problem}", title="", status=422)
    return Refusal(problem, detail)


def pending(operation_id: UUID) -> object:
    return operation(operation_id, OperationState.PENDING)


def refused(operation_id: UUID) -> object:
    return operation(operation_id, OperationState.REFUSED, problem="payout-refused")


def paper(operation_id: UUID, state: OperationState = OperationState.CONFIRMED) -> PendingPaper:
    return PendingPaper(
        operation_id=operation_id, kind=OperationKind.REPAYMENT, state=state, submitted_at=EPOCH
    )


# ------------------------------------------------------------------ the outcome


def test_confirmed_at_the_first_try() -> None:
    bench = Bench(operation)
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, Confirmed)
    assert result.operation.operation_id == bench.only().operation_id
    assert bench.only().state is State.CONFIRMED and bench.only().submission is None
    assert bench.told() == ["operation-intent", "operation-sent", "operation-settled"]


def test_the_id_is_durable_before_anything_is_sent() -> None:
    bench = Bench()

    def look(operation_id: UUID) -> object:
        record = bench.store.record(operation_id)
        assert (
            record is not None and record.state is State.SENT and record.attempts == len(bench.centre.calls)
        )
        return CUT if record.attempts < 3 else operation(operation_id)

    bench.centre.script = [look, look, look]
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)


def test_the_same_request_under_the_same_id_at_every_try() -> None:
    bench = Bench(CUT, CUT, CUT, operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.only().attempts == 4
    assert len({str(submission) for submission in bench.centre.submissions}) == 1
    assert bench.centre.verbs == ["submit"] * 4


def test_tries_follow_the_timetable_and_end_within_the_half_minute() -> None:
    at: list[float] = []

    def cut(operation_id: UUID) -> Unknown:
        at.append(bench.scheduler.time_s)
        return CUT

    bench = Bench(*[cut] * 5, *[NotFound(), CUT] * 200)
    result = bench.run(bench.operations.perform(DRAFT), until_s=ON_SCREEN_S)
    assert at == pytest.approx([due + bench.runtime.call_s for due in TRY_AT_S])
    assert isinstance(result, BeingProcessed)
    assert result.number == business_number(result.operation_id)


def test_no_try_is_begun_that_could_outlast_the_half_minute() -> None:
    bench = Bench(*[CUT] * 3, *[NotFound(), CUT] * 20)
    bench.runtime.call_s = ANSWER_S

    async def timed() -> float:
        await bench.operations.perform(DRAFT)
        assert bench.only().attempts == 2, (
            "the second began when the first had ended, a third would outlast it"
        )
        return bench.scheduler.time_s

    assert bench.run(timed(), until_s=100) == 2 * ANSWER_S <= ON_SCREEN_S


def test_an_unknown_outcome_is_handed_to_the_resolver() -> None:
    bench = Bench(*[CUT] * 5, NotFound(), operation)
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, BeingProcessed)
    assert bench.only().state is State.CONFIRMED
    assert {operation_id for _, operation_id in bench.centre.calls} == {result.operation_id}
    assert bench.centre.verbs == ["submit"] * 5 + ["find", "submit"]


def test_a_refusal_is_told_with_its_figures() -> None:
    bench = Bench(refusal(Problem.INSUFFICIENT_BALANCE))
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, Refused)
    assert result.problem == "insufficient-balance" and result.detail is not None
    assert bench.only().state is State.REFUSED


def test_pending_is_asked_for_and_not_sent_again() -> None:
    bench = Bench(pending, pending, operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.centre.verbs == ["submit", "find", "find"]
    assert bench.told().count("operation-accepted") == 1


def test_the_banks_refusal_ends_a_pending_operation() -> None:
    bench = Bench(pending, refused)
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, Refused) and result.problem == "payout-refused" and result.operation is not None


def test_an_answer_about_another_operation_is_no_answer() -> None:
    bench = Bench(lambda _: operation(UUID(int=7)), operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.centre.verbs == ["submit", "submit"]


def test_a_client_that_does_not_come_back_is_not_waited_for() -> None:
    bench = Bench(operation)
    bench.runtime.call_s = 10_000.0
    assert isinstance(bench.run(bench.operations.perform(DRAFT), until_s=ON_SCREEN_S), BeingProcessed)
    assert bench.told().count("operation-unanswered") == 2


def test_a_client_that_fails_has_perhaps_sent() -> None:
    def fail(_: UUID) -> object:
        raise RuntimeError("a mistake in the client")

    bench = Bench(fail, operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.only().attempts == 2


def test_another_amount_than_agreed_is_reported() -> None:
    bench = Bench(lambda i: operation(i, amount="1.00"))
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert "operation-amount-differs" in bench.told()
    assert bench.only().amount == DRAFT.amount


def test_words_of_the_centre_that_do_not_fit_the_journal_are_left_out() -> None:
    bench = Bench(
        Unknown("王小明 11010519491231002X"), lambda i: operation(i, receipt_number="11010519491231002X")
    )
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.only().receipt_number is None
    assert not [row for row in bench.store.events() if "1101" in row[3] or "王" in row[3]]


# ------------------------------------------------------------------ what a refused try proves


def test_every_problem_of_the_contract_has_a_standing() -> None:
    lasting = {problem for problem in Problem if standing(problem) is Standing.FINAL}
    assert Problem.QUOTE_STALE in lasting and Problem.INSUFFICIENT_BALANCE in lasting
    assert not lasting & {Problem.INTERNAL, Problem.UNAVAILABLE, Problem.IDEMPOTENCY_IN_FLIGHT}


def test_the_centre_keeps_every_refusal_that_counts_as_final() -> None:
    """The other side of the agreement: what the centre does not store must not end an operation here."""
    from central.operations import NOT_STORED

    assert not [problem for problem in NOT_STORED if standing(problem) is Standing.FINAL]


@pytest.mark.parametrize(
    "problem", [problem for problem in Problem if standing(problem) is Standing.PASSING], ids=str
)
def test_a_passing_refusal_ends_nothing(problem: Problem) -> None:
    bench = Bench(refusal(problem), operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)


def test_turned_away_on_a_retry_asks_for_the_earlier_try() -> None:
    bench = Bench(CUT, refusal(Problem.VISIT_INVALID), operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)
    assert bench.centre.verbs == ["submit", "submit", "find"]


def test_turned_away_for_ever_and_never_seen_is_refused() -> None:
    bench = Bench(CUT, refusal(Problem.VISIT_INVALID), NotFound())
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, Refused) and result.problem == "visit-invalid"


def test_turned_away_for_now_is_refused_only_at_the_first_try() -> None:
    bench = Bench(refusal(Problem.CLOSED_FOR_BATCH))
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Refused)
    bench = Bench(CUT, refusal(Problem.CLOSED_FOR_BATCH), operation)
    assert isinstance(bench.run(bench.operations.perform(DRAFT)), Confirmed)


def test_judge_knows_nothing_from_silence() -> None:
    assert judge(NotFound(), 1) is None and judge(Unknown("timeout"), 1) is None


# ------------------------------------------------------------------ a journal that breaks


class BreakingJournal(InlineJournal):
    """Fails at the n-th step, and from then on."""

    def __init__(self, inner: InlineJournal, at: int) -> None:
        super().__init__(inner.store)
        self.left = at

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        self.left -= 1
        if self.left < 0:
            raise JournalBroken("the disk is gone")
        return await super().advance(operation_id, step)


def broken_at(step: int) -> tuple[Bench, Operations]:
    bench = Bench(operation)
    journal = BreakingJournal(bench.journal, step)
    exchange = Exchange(journal, bench.centre, bench.runtime)
    return bench, Operations(journal, exchange, bench.runtime, lambda operation_id: None)


def test_without_a_durable_intent_nothing_is_sent() -> None:
    bench, operations = broken_at(0)
    with pytest.raises(JournalBroken):
        bench.run(operations.perform(DRAFT))
    assert bench.centre.calls == []


@pytest.mark.parametrize("step", [1, 2])
def test_after_the_intent_trouble_is_being_processed(step: int) -> None:
    bench, operations = broken_at(step)
    assert isinstance(bench.run(operations.perform(DRAFT)), BeingProcessed)
    assert len(bench.centre.calls) == step - 1


async def test_a_visit_that_is_cut_off_leaves_its_operation_to_the_resolver() -> None:
    bench = Bench()
    handed: list[UUID] = []

    class Stuck:
        async def in_thread(self, seconds: float, work: object, about: object) -> object:
            started.set()
            await asyncio.Event().wait()

        def __getattr__(self, name: str) -> object:
            return getattr(bench.runtime, name)

        async def sleep(self, seconds: float) -> None: ...

    started = asyncio.Event()
    runtime = Stuck()
    exchange = Exchange(bench.journal, bench.centre, runtime)  # type: ignore[arg-type]
    operations = Operations(bench.journal, exchange, runtime, handed.append)  # type: ignore[arg-type]
    visit = asyncio.ensure_future(operations.perform(DRAFT))
    await started.wait()
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert handed == [bench.only().operation_id] and bench.only().state is State.SENT


# ------------------------------------------------------------------ papers


def confirmed() -> tuple[Bench, UUID]:
    bench = Bench(operation)
    result = bench.run(bench.operations.perform(DRAFT))
    return bench, result.operation.operation_id


def offered(bench: Bench, *pending_papers: PendingPaper) -> list[tuple[int, bool]]:
    papers = bench.run(bench.operations.unfinished_papers(pending_papers))
    return [(found.copy, found.reprint) for found in papers]


def test_a_paper_that_was_never_begun_is_offered_as_the_first() -> None:
    bench, i = confirmed()
    assert offered(bench, paper(i)) == [(1, False)]


def test_a_paper_in_doubt_is_offered_as_a_reprint_with_the_next_number() -> None:
    bench, i = confirmed()
    assert bench.run(bench.operations.print_started(i)) == 1
    bench.run(bench.operations.print_unsure(i))
    assert offered(bench, paper(i)) == [(2, True)]
    assert bench.run(bench.operations.print_started(i)) == 2


def test_a_paper_that_certainly_never_came_keeps_its_number() -> None:
    bench, i = confirmed()
    bench.run(bench.operations.print_started(i))
    bench.run(bench.operations.print_missed(i))
    assert offered(bench, paper(i)) == [(1, False)]


@pytest.mark.parametrize("printed", [True, False])
def test_nothing_is_offered_once_it_is_printed_or_closed(printed: bool) -> None:
    bench, i = confirmed()
    if printed:
        bench.run(bench.operations.print_started(i))
        bench.run(bench.operations.printed(i))
        assert offered(bench, paper(i)) == []
    bench.run(bench.operations.close(i))
    assert offered(bench, paper(i)) == []


def test_the_paper_of_another_kiosk_is_a_reprint() -> None:
    bench = Bench()
    other = UUID(int=99)
    assert offered(bench, paper(other)) == [(2, True)]
    assert bench.run(bench.operations.print_started(other, 2, OperationKind.REPAYMENT)) == 2
    bench.run(bench.operations.printed(other))
    assert offered(bench, paper(other)) == []


def test_a_print_that_was_cut_off_does_not_stand_in_the_way_of_the_next() -> None:
    bench, i = confirmed()
    assert bench.run(bench.operations.print_started(i)) == 1
    assert offered(bench, paper(i)) == [(2, True)]
    assert bench.run(bench.operations.print_started(i)) == 2


def test_closing_what_is_not_owed_changes_nothing() -> None:
    bench, i = confirmed()
    bench.run(bench.operations.close(UUID(int=4)))
    assert bench.store.record(UUID(int=4)) is None
    for _ in range(2):
        bench.run(bench.operations.close(i))
    assert bench.told().count("operation-closed") == 1


def test_a_higher_copy_number_of_the_centre_wins() -> None:
    bench, i = confirmed()
    assert bench.run(bench.operations.print_started(i, copy=4)) == 4
    bench.run(bench.operations.print_unsure(i))
    assert bench.run(bench.operations.print_started(i, copy=2)) == 5


def test_what_is_not_confirmed_has_no_paper() -> None:
    bench, _ = confirmed()
    assert offered(bench, paper(UUID(int=5), OperationState.PENDING)) == []
    bench = Bench(*[CUT] * 5)
    bench.scheduler.start(bench.operations.perform(DRAFT))
    bench.scheduler.run(until_s=1)
    with pytest.raises(IllegalStep):
        bench.run(bench.operations.print_started(bench.only().operation_id), until_s=1)


def test_an_outcome_that_is_still_unknown_here_is_asked_for_at_the_next_identification() -> None:
    bench = Bench(*[CUT] * 5, operation)
    bench.resolver.follow = lambda operation_id: None  # type: ignore[method-assign]
    bench.operations = Operations(
        bench.journal, Exchange(bench.journal, bench.centre, bench.runtime), bench.runtime, lambda _: None
    )
    result = bench.run(bench.operations.perform(DRAFT))
    assert isinstance(result, BeingProcessed)
    assert bench.run(bench.operations.unknown_outcomes()) == 1
    assert offered(bench, paper(result.operation_id)) == [(1, False)]
    assert bench.run(bench.operations.unknown_outcomes()) == 0


def test_a_number_can_be_looked_up_here() -> None:
    bench, i = confirmed()
    found = bench.run(bench.operations.known_here(business_number(i)))
    assert [record.operation_id for record in found] == [i]
    assert bench.run(bench.operations.known_here("000000000000")) == ()


def test_a_draft_says_what_leaves_the_account() -> None:
    assert Draft(OperationKind.DOCUMENT, "/v1/documents", {}).amount is None
