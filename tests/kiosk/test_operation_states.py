"""The reducer: exactly the steps of the table, each with its event, and nothing else."""

import itertools
from uuid import UUID

import pytest

from kiosk.contract.money import Fen
from kiosk.events import catalogue
from kiosk.operation_states import (
    NEXT,
    UNKNOWN_OUTCOME,
    Accept,
    Adopt,
    Close,
    Confirm,
    DoubtPrint,
    Escalate,
    Escalation,
    FinishPrint,
    IllegalStep,
    Intend,
    MissPrint,
    Record,
    Refuse,
    Send,
    StartPrint,
    State,
    Step,
    Submission,
    Withdraw,
    advance,
    event_of,
)
from tests.integrity.virtual_time import EPOCH
from tests.kiosk.operating import DRAFT

ID = UUID("01a20285-239f-799e-90ed-a72497493920")
SUBMISSION = Submission.of(ID, DRAFT)
STEPS: tuple[Step, ...] = (
    Intend(SUBMISSION),
    Send(),
    Accept(),
    Confirm(Fen(5), "202603020000000001"),
    Refuse("quote-stale"),
    Withdraw(),
    Escalate(Escalation.ALERT),
    Adopt(),
    StartPrint(1),
    FinishPrint(),
    DoubtPrint(),
    MissPrint(),
    Close(),
)


def after(*steps: Step) -> Record:
    record = None
    for step in steps:
        record = advance(record, ID, step, EPOCH)
    assert record is not None
    return record


def test_every_step_is_in_the_table_or_impossible() -> None:
    for state, step in itertools.product([None, *State], STEPS):
        record = Record(ID, state, copies=0) if state else None
        expected = NEXT.get((state, type(step)))
        if expected is None:
            with pytest.raises(IllegalStep):
                advance(record, ID, step, EPOCH)
        else:
            assert advance(record, ID, step, EPOCH).state is expected


def test_every_step_has_an_event_that_the_catalogue_allows() -> None:
    for (state, kind), _ in NEXT.items():
        step = next(step for step in STEPS if type(step) is kind)
        name, fields = event_of(step, advance(Record(ID, state) if state else None, ID, step, EPOCH))
        catalogue()[name].check(fields)


def test_only_an_unsent_operation_can_be_withdrawn() -> None:
    assert {state for state, step in NEXT if step is Withdraw} == {State.INTENT}


def test_nothing_leads_from_one_outcome_to_another() -> None:
    outcomes = {State.CONFIRMED, State.REFUSED}
    reachable = {state: {to for (of, _), to in NEXT.items() if of is state} for state in State}
    seen, todo = set(), [State.CONFIRMED]
    while todo:
        for to in reachable[todo.pop()] - seen:
            seen.add(to)
            todo.append(to)
    assert not seen & (outcomes - {State.CONFIRMED}) and not seen & (UNKNOWN_OUTCOME | {State.INTENT})
    assert reachable[State.REFUSED] == set()


def test_what_is_sent_is_forgotten_with_the_outcome() -> None:
    assert after(Intend(SUBMISSION), Send()).submission == SUBMISSION
    for settled in (Confirm(), Refuse("quote-stale")):
        assert after(Intend(SUBMISSION), Send(), settled).submission is None
    assert after(Intend(SUBMISSION), Withdraw()).submission is None


def test_tries_and_copies_are_counted() -> None:
    record = after(Intend(SUBMISSION), Send(), Send(), Accept(), Send(), Confirm())
    assert (record.attempts, record.copies) == (3, 0)
    record = after(Adopt(), StartPrint(2), DoubtPrint(), StartPrint(3), MissPrint())
    assert (record.state, record.copies) == (State.CONFIRMED, 2)


def test_a_copy_number_is_never_used_twice() -> None:
    with pytest.raises(IllegalStep):
        after(Adopt(), StartPrint(2), DoubtPrint(), StartPrint(2))


def test_the_fingerprint_covers_all_that_is_sent() -> None:
    prints = {
        Submission(ID, DRAFT.kind, path, body, if_match, DRAFT.amount).fingerprint
        for path in ("/a", "/b")
        for body in ({"quote_id": "1"}, {"quote_id": "2"})
        for if_match in (None, '"x"')
    }
    assert len(prints) == 8
    other = UUID(int=ID.int + 1)
    assert Submission.of(other, DRAFT).fingerprint != SUBMISSION.fingerprint


def test_a_submission_belongs_to_its_id() -> None:
    with pytest.raises(IllegalStep):
        advance(None, UUID(int=1), Intend(SUBMISSION), EPOCH)
