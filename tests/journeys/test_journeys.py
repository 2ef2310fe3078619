"""Every flow: the straight way, Back and "finish" and silence at every step, and every fault of device and centre."""

import json
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import pytest

from hardware.cards import CardFault, NoCard
from hardware.device import DeviceFault, Fault, Kind
from hardware.receipt_printer.interface import NotPrinted, Unsure
from hardware.scanner.interface import ScanFault
from kiosk.contract.operation_id import BUSINESS_NUMBER_DIGITS, business_number, new_operation_id
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail
from kiosk.events import catalogue
from kiosk.health import HealthBoard
from kiosk.journal.database import connect
from kiosk.journal.store import Store
from kiosk.line import Cause, Refused, Unreachable
from kiosk.messages import LANGUAGES
from kiosk.operation_states import Intend, Send, Step, Submission, Withdraw
from kiosk.prompts import Attract, Begin, Choose, Gesture, Menu, Outcome, OutcomeKind, Working
from tests.journeys.lobby import SILENCE, Afterwards, Lobby, ScriptedCitizen, menu
from tests.journeys.scripts import Script, Straight, at_step
from tests.journeys.virtual_time import run_virtually
from tests.kiosk.operating import DRAFT

SERVICES = tuple(menu())


def visit(folder: Path, script: Script, lobby: Lobby | None = None) -> Afterwards:
    """One visit of a scripted citizen, in virtual time."""
    lobby = lobby or Lobby(folder)
    result: Afterwards = run_virtually(lobby.serve(ScriptedCitizen(script)))
    return result


def touchable(after: Afterwards) -> int:
    """How many prompts the citizen saw that wait for a hand."""
    return sum(not isinstance(prompt, Working) for prompt in after.citizen.shown)


@pytest.mark.parametrize("service", SERVICES)
def test_straight_way_ends_at_the_menu_and_leaves_nothing(service: str, tmp_path: Path) -> None:
    after = visit(tmp_path, Straight(service))
    assert after.disposition == "finished"
    assert ("service-end", "finished") in [
        (name, fields.get("disposition")) for name, fields in after.lobby.events
    ]
    after.assert_wiped()


@pytest.mark.parametrize("way", [Kind.ID_CARD, Kind.JOINT_CARD, Kind.SCANNER])
def test_every_way_to_identify(way: Kind, tmp_path: Path) -> None:
    after = visit(tmp_path, Straight("balance", way=way))
    assert "Table" in after.citizen.names()
    after.assert_wiped()


@pytest.mark.parametrize("service", SERVICES)
def test_back_from_every_step_and_on_again(service: str, tmp_path: Path) -> None:
    straight = visit(tmp_path / "straight", Straight(service))
    for step in range(1, touchable(straight)):
        script = at_step(step, Gesture.BACK, Straight(service))
        if not _back_is_offered(straight, step):
            continue
        after = visit(tmp_path / str(step), script)
        after.assert_wiped()
        assert after.disposition == "finished", f"Back at step {step}"
        assert touchable(after) > step


def _back_is_offered(straight: Afterwards, step: int) -> bool:
    shown = [
        chrome
        for prompt, chrome in zip(straight.citizen.shown, straight.citizen.chromes, strict=True)
        if not isinstance(prompt, Working)
    ]
    return shown[step].back


@pytest.mark.parametrize("service", SERVICES)
def test_finish_at_every_step(service: str, tmp_path: Path) -> None:
    steps = touchable(visit(tmp_path / "straight", Straight(service)))
    for step in range(steps):
        after = visit(tmp_path / str(step), at_step(step, Gesture.FINISH, Straight(service)))
        after.assert_wiped()
        assert after.disposition == "finished", f"finish at step {step}"
        assert touchable(after) <= step + 1


@pytest.mark.parametrize("service", SERVICES)
def test_silence_at_every_step_warns_and_wipes(service: str, tmp_path: Path) -> None:
    steps = touchable(visit(tmp_path / "straight", Straight(service)))
    for step in range(steps):
        after = visit(tmp_path / str(step), at_step(step, SILENCE, Straight(service), once=False))
        if after.disposition == "finished":
            continue  # a device answered in the citizen's place, and the rest went straight on
        after.assert_wiped()
        assert after.disposition == "timed-out"
        counted = [left for left in after.citizen.warnings if left is not None]
        assert counted[:3] == [20, 19, 18]
        assert after.citizen.warnings[-1] is None


DEVICE_FAULTS: list[tuple[Kind, str, Any]] = [
    (kind, verb, came)
    for kind, verb, faults in (
        (Kind.ID_CARD, "read", (Fault.CARD_REMOVED, Fault.CARD_UNREADABLE, Fault.CARD_COLLISION)),
        (Kind.ID_CARD, "read", (Fault.DISCONNECTED, Fault.SAM_REFUSED, Fault.PROTOCOL)),
        (Kind.JOINT_CARD, "read", (Fault.CARD_WRONG_WAY, Fault.CARD_WRONG_KIND, Fault.CARD_SERVICE_DOWN)),
        (Kind.SCANNER, "scan", (Fault.CODE_TOO_LONG, Fault.CODE_NOT_TEXT, Fault.CAMERA_DARK)),
        (Kind.SCANNER, "scan", (Fault.DECODER_CRASHED, Fault.DECODER_HUNG, Fault.DISCONNECTED)),
    )
    for fault in faults
    for came in (ScanFault(fault) if kind is Kind.SCANNER else CardFault(fault),)
] + [
    (kind, verb, partial(DeviceFault, Fault.HUNG))
    for kind, verb in ((Kind.ID_CARD, "read"), (Kind.SCANNER, "scan"))
]


@pytest.mark.parametrize(
    ("kind", "verb", "came"),
    DEVICE_FAULTS,
    ids=[f"{kind.value}-{getattr(came, 'fault', came)}" for kind, _, came in DEVICE_FAULTS],
)
def test_a_fault_while_identifying_has_a_face(kind: Kind, verb: str, came: Any, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[kind].driver.answers[verb].insert(0, came)
    after = visit(tmp_path, Straight("balance", way=kind), lobby)
    after.assert_wiped()
    faces = [
        prompt
        for prompt in after.citizen.shown
        if getattr(prompt, "note", None)
        or (isinstance(prompt, Outcome) and prompt.kind is OutcomeKind.TROUBLE)
    ]
    assert faces, "the citizen was told nothing"
    assert "fault" in [name for name, _ in lobby.events]


@pytest.mark.parametrize(
    "service", ["balance", "statement", "early_repayment", "closure", "guides", "lookup"]
)
@pytest.mark.parametrize(
    "came",
    [
        NotPrinted(Fault.PAPER_OUT),
        NotPrinted(Fault.JAM, begun=True),
        Unsure(Fault.JOB_CUT_SHORT),
        Unsure(Fault.NO_ANSWER),
        partial(DeviceFault, Fault.HUNG),
    ],
    ids=str,
)
def test_a_fault_of_the_printer_has_a_face_and_a_number(service: str, came: Any, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[Kind.RECEIPT_PRINTER].driver.answers["print"] = [came]
    after = visit(tmp_path, Straight(service), lobby)
    after.assert_wiped()
    troubles = [
        prompt
        for prompt in after.citizen.shown
        if isinstance(prompt, Outcome) and prompt.kind is OutcomeKind.TROUBLE
    ]
    assert troubles
    assert troubles[0].number
    assert after.disposition == "finished"


def _refusal(problem: Problem) -> partial[Refused]:
    return partial(Refused, problem, ProblemDetail(type=f"/problems/{problem}", title="", status=422))


SILENT = [partial(Unreachable, cause, sent=True) for cause in Cause]
SOME_REFUSALS = [
    _refusal(problem)
    for problem in (
        Problem.VISIT_INVALID,
        Problem.CREDENTIAL_UNKNOWN,
        Problem.PASSWORD_LOCKED,
        Problem.CLOSED_FOR_BATCH,
        Problem.QUOTE_STALE,
        Problem.RATE_LIMITED,
    )
]
ROUTES = {
    "POST /v1/visits": "balance",
    "POST /v1/visits/current/verification": "balance",
    "GET /v1/account": "balance",
    "GET /v1/account/entries": "statement",
    "GET /v1/loans": "early_repayment",
    "POST /v1/loans/{id}/repayment-quotes": "early_repayment",
    "POST /v1/account/closure-quotes": "closure",
    "POST /v1/documents": "statement",
    "GET /v1/operations": "lookup",
}


@pytest.mark.parametrize("route", ROUTES)
def test_whatever_the_centre_says_has_a_face(route: str, tmp_path: Path) -> None:
    for number, trouble in enumerate([*SILENT, *SOME_REFUSALS]):
        _has_a_face(route, trouble, tmp_path / str(number))


def test_every_refusal_there_is_has_a_face(tmp_path: Path) -> None:
    for problem in Problem:
        _has_a_face("GET /v1/loans", _refusal(problem), tmp_path / problem.value)


def _has_a_face(route: str, trouble: Any, folder: Path) -> None:
    lobby = Lobby(folder)
    lobby.centre.instead[route] = trouble
    after = visit(folder, Straight(ROUTES[route]), lobby)
    after.assert_wiped()
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.kind in (OutcomeKind.TROUBLE, OutcomeKind.REFUSED)
    assert outcome.explain
    *_, last = (prompt for prompt in after.citizen.shown if not isinstance(prompt, Working))
    assert isinstance(last, Menu), "the kiosk is ready for the next thing"


def test_a_mistyped_business_number_is_asked_again(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    detail = ProblemDetail(type="/problems/not-found", title="", status=404)
    lobby.centre.instead["GET /v1/operations"] = partial(Refused, Problem.NOT_FOUND, detail)
    straight = Straight("lookup")
    asked = 0

    def script(prompt: Any) -> Any:
        nonlocal asked
        if getattr(prompt, "length", 0) == 12:
            asked += 1
            if asked == 2:
                assert prompt.note is not None
                return Gesture.FINISH
        return straight(prompt)

    after = visit(tmp_path, script, lobby)
    after.assert_wiped()
    assert asked == 2


@pytest.mark.parametrize(
    ("service", "route"), [("early_repayment", "POST repayments"), ("closure", "POST closures")]
)
def test_a_lost_answer_is_being_processed_never_failed(service: str, route: str, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.centre.instead[route] = partial(Unreachable, Cause.TIMEOUT, sent=True)
    after = visit(tmp_path, Straight(service), lobby)
    after.assert_wiped()
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.kind is OutcomeKind.PENDING
    assert outcome.number
    tries = [fields["operation"] for name, fields in journalled(tmp_path) if name == "operation-sent"]
    assert len(tries) > 1
    assert len(set(tries)) == 1, "a retry under a new number would pay twice"


@pytest.mark.parametrize(
    ("step", "kind"),
    [(Send(), OutcomeKind.PENDING), (Withdraw(), OutcomeKind.REFUSED)],
    ids=["sent", "never sent"],
)
def test_what_the_centre_has_never_seen_is_known_where_its_number_was_given(
    step: Step, kind: OutcomeKind, tmp_path: Path
) -> None:
    operation_id = new_operation_id(0)
    with closing(Store(connect(tmp_path / "journal.db"))) as store:
        store.advance(operation_id, Intend(Submission.of(operation_id, DRAFT)))
        store.advance(operation_id, step)
    lobby = Lobby(tmp_path)
    detail = ProblemDetail(type="/problems/not-found", title="", status=404)
    lobby.centre.instead["GET /v1/operations"] = partial(Refused, Problem.NOT_FOUND, detail)
    straight = Straight("lookup")

    def script(prompt: Any) -> Any:
        is_asked = getattr(prompt, "length", 0) == BUSINESS_NUMBER_DIGITS
        return business_number(operation_id) if is_asked else straight(prompt)

    after = visit(tmp_path, script, lobby)
    after.assert_wiped()
    told = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert told.kind is kind
    assert told.figure is None and not told.rows, "the journal does not know whose it is"


@pytest.mark.parametrize("problem", ["payout-refused", "a-reason-of-a-newer-centre"])
def test_a_refused_operation_is_told_with_its_reason(problem: str, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.centre.submitted = {"state": "refused", "problem": problem, "receipt_number": None}
    after = visit(tmp_path, Straight("closure"), lobby)
    after.assert_wiped()
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.kind is OutcomeKind.REFUSED
    key = f"refusal.{problem}" if problem == "payout-refused" else "refusal.unnamed"
    assert outcome.explain[0].key == key


def test_an_error_after_a_submit_never_says_that_nothing_has_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("an error of the program")

    monkeypatch.setattr("kiosk.flows.outcomes.settled", breaks)
    after = visit(tmp_path, Straight("early_repayment"))
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.explain[0].key == "unexpected.submitted"
    assert outcome.number == "999"
    assert "an error of the program" not in str(after.lobby.events)


def journalled(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The events of a closed journal."""
    kinds = {kind.number: kind.name for kind in catalogue().values()}
    connection = apsw.Connection(str(folder / "journal.db"))
    try:
        rows = connection.execute("SELECT number, fields FROM event ORDER BY sequence").fetchall()
        return [(kinds[number], json.loads(fields)) for number, fields in rows]
    finally:
        connection.close()


def test_nothing_can_be_undone_or_left_after_the_point_of_no_return(tmp_path: Path) -> None:
    after = visit(tmp_path, Straight("early_repayment"))
    shown = list(zip(after.citizen.shown, after.citizen.chromes, strict=True))
    submitting = next(i for i, (prompt, _) in enumerate(shown) if isinstance(prompt, Working))
    assert not shown[submitting][1].back
    assert not shown[submitting][1].finish
    assert not any(chrome.back for prompt, chrome in shown[submitting:] if not isinstance(prompt, Menu))


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_of_every_journey_exists_in_both_languages(service: str, tmp_path: Path) -> None:
    from dataclasses import fields as fields_of
    from dataclasses import is_dataclass

    from kiosk.messages import Message, text

    def messages(node: Any) -> Any:
        if isinstance(node, Message):
            yield node
        elif is_dataclass(node):
            for field in fields_of(node):
                yield from messages(getattr(node, field.name))
        elif isinstance(node, tuple):
            for part in node:
                yield from messages(part)

    after = visit(tmp_path, Straight(service))
    found = [message for prompt in after.citizen.shown for message in messages(prompt)]
    assert found
    for message in found:
        for language in LANGUAGES:
            assert text(message, language)


def test_an_error_of_the_window_ends_the_visit_and_not_the_kiosk(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    straight = Straight("balance")

    def script(prompt: Any) -> Any:
        if isinstance(prompt, Attract):
            return Begin("zh") if len(citizen.shown) == 1 else SILENCE
        if isinstance(prompt, Choose):
            lobby.terminals[0].abort(ZeroDivisionError("while drawing"))
            return SILENCE
        return straight(prompt)

    citizen = ScriptedCitizen(script)
    run_virtually(
        lobby.run_until(citizen, lambda: citizen.names()[-1:] == ["Attract"] and len(citizen.shown) > 1)
    )
    names = [name for name, _ in lobby.events]
    assert "program-error" in names
    assert names.count("session-end") == 1
    assert "while drawing" not in str(lobby.events)


def test_switched_off_in_mid_visit_the_visit_ends_first(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[Kind.ID_CARD].driver.answers |= {"read": [NoCard()], "present": [True]}
    straight = Straight("balance")
    citizen = ScriptedCitizen(lambda prompt: Begin("zh") if isinstance(prompt, Attract) else straight(prompt))
    run_virtually(lobby.run_until(citizen, lambda: citizen.names()[-1:] == ["Present"]))
    ends = [fields["disposition"] for name, fields in lobby.events if name == "session-end"]
    assert ends == ["error"]
    assert "left-behind" not in [name for name, _ in lobby.events]  # nobody is called by a dark screen


def test_the_menu_says_that_the_centre_is_away_and_keeps_what_works(tmp_path: Path) -> None:
    async def away(board: HealthBoard) -> None:
        board.report_centre(False)

    lobby = Lobby(tmp_path)
    citizen = ScriptedCitizen(lambda prompt: SILENCE)
    run_virtually(lobby.serve(citizen, beside=away))
    *_, menu = (prompt for prompt in citizen.shown if isinstance(prompt, Menu))
    assert menu.notices
    assert [tile.key for tile in menu.tiles if tile.enabled] == ["guides"]
    assert all(tile.reason for tile in menu.tiles if not tile.enabled)
