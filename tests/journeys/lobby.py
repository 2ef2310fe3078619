"""What stands around a headless visit: a centre that answers from a table, devices in memory, a scripted citizen."""

import asyncio
import gc
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from hardware.cards import NoCard
from hardware.device import Kind, State, Status
from hardware.id_card.interface import CardKind, IdCard
from hardware.joint_card.interface import JointCard
from hardware.receipt_printer.interface import Printed
from hardware.scanner.interface import Decoded, NothingSeen
from kiosk.centre_port import LinePort
from kiosk.contract.catalogue import Catalogue, load_catalogue
from kiosk.exchange import Exchange
from kiosk.health import HealthBoard
from kiosk.journal import Journal
from kiosk.line import Line
from kiosk.operations import Operations
from kiosk.prompts import Begin, Chrome, Prompt
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime
from kiosk.services import services
from kiosk.settings import ROOT, Settings, load
from kiosk.stage import Preferences, Reply
from kiosk.terminal import Parts, Terminal
from kiosk.visit import Devices, Visit

CANARY_NAME = "测试甲乙"
CANARY_ID = "210202196409201319"
CANARY_CARD = "6217000000000000004"
CANARY_PASSWORD = "975318"
GUIDE_HOST = "http://127.0.0.1:8800/"

# ------------------------------------------------------------------ the centre


UUID_CHARS = 36
QUOTE = UUID("01890000-0000-7000-8000-000000000001")
SOON = "2099-01-01T00:00:00Z"
ACCOUNT = {
    "number_masked": "2102********0042", "state": "01", "frozen": False, "employer": "测试单位",
    "opened_on": "2015-03-01", "deposit_base": "10000.00", "employer_rate": "12", "person_rate": "12",
    "monthly_deposit": "2400.00", "balance": "186247.04", "carried_over": "160000.00",
    "current_year": "26247.04", "accrued_interest": "812.34", "interest_rate": "1.5",
    "paid_up_to": "2026-10", "payout_card_masked": "6217****0004", "as_of": "2026-11-22",
}  # fmt: skip
ENTRIES = {
    "from": "2026-08-22", "to": "2026-11-22", "opening": "179047.04", "closing": "186247.04",
    "total_in": "7200.00", "total_out": "0.00", "count": 3, "next_cursor": None,
    "entries": [
        {"id": n, "on": f"2026-{n:02d}-15", "kind": "01", "amount": "2400.00", "balance": balance}
        for n, balance in ((9, "181447.04"), (10, "183847.04"), (11, "186247.04"))
    ],
}  # fmt: skip
TERMS = {
    "allowed": True, "part_allowed": True, "part_minimum": "10000.00", "part_maximum": "180000.00",
    "part_step": "10000.00", "payoff": "95415.53", "payoff_affordable": True, "available": "186247.03",
}  # fmt: skip
LOAN = {
    "contract": "DK2024000123", "role": "borrower", "state": "normal", "principal": "600000.00",
    "balance": "565007.47", "rate": "2.6", "months": 300, "months_left": 276, "method": "01",
    "instalment": "2722.02", "next_due": "2026-12-15", "last_due": "2049-11-15",
    "disbursed_on": "2024-11-15", "due_day": 15, "overdue": "0.00", "overdue_periods": 0,
    "penalty": "0.00", "property_masked": "测试小区****", "terms": TERMS, "version": "7",
}  # fmt: skip
SCHEDULE = {
    "contract": "DK2024000123", "total_interest": "3679.31",
    "rows": [
        {"number": n, "due": due, "principal": "1497.84", "interest": interest, "payment": "2722.02",
         "balance": balance}
        for n, due, interest, balance in (
            (25, "2026-12-15", "1229.68", "563509.63"), (26, "2027-01-15", "1226.44", "562011.79"),
            (27, "2027-02-15", "1223.19", "560513.95"),
        )
    ],
}  # fmt: skip
OPERATION = {
    "kind": "repayment", "state": "confirmed", "number": "123456789012",
    "receipt_number": "HK2026112200000001", "amount": "100408.06", "submitted_at": "2026-11-22T01:00:00Z",
    "completed_at": "2026-11-22T01:00:01Z", "name_masked": "测*", "account_masked": "2102********0042",
    "contract": "DK2024000123", "balance_after": "465007.47", "account_after": "85838.98",
}  # fmt: skip


def quote(mode: str | None) -> dict[str, Any]:
    """An answer to a repayment quote."""
    return {
        "quote_id": str(QUOTE), "etag": '"7"', "contract": "DK2024000123",
        "extent": "part" if mode else "full", "mode": mode, "principal": "100000.00",
        "interest": "408.06", "total": "100408.06", "account_after": "85838.98",
        "balance_before": "565007.47", "balance_after": "465007.47", "instalment_before": "2722.02",
        "instalment_after": "2722.02" if mode == "shorten" else "2240.25", "months_before": 276,
        "months_after": 214 if mode == "shorten" else 276, "last_due_before": "2049-11-15",
        "last_due_after": "2044-09-15", "interest_saved": "69913.60" if mode == "shorten" else "32967.42",
        "valid_until": SOON,
    }  # fmt: skip


def closure(eligible: bool = True) -> dict[str, Any]:
    """An answer to a closure quote."""
    codes = ("age", "account-state", "not-frozen", "loan-settled", "nothing-in-flight", "payout-card")
    return {
        "quote_id": str(QUOTE), "etag": '"7"', "eligible": eligible,
        "checks": [{"code": code, "passed": eligible or code != "age", "source": "centre",
                    "retires": "2025-02" if code == "age" else None} for code in codes],
        "balance": "86000.00", "interest": "247.04", "payout": "86247.04",
        "payout_card_masked": "6217****0004", "valid_until": SOON,
    }  # fmt: skip


def document(kind: str, language: str = "zh") -> dict[str, Any]:
    """An official paper."""
    entries = kind == "statement"
    return {
        "operation_id": str(QUOTE), "number": "2026112200000001", "kind": kind, "language": language,
        "issued_at": "2026-11-22T01:00:00.123Z", "issuer": {"zh": "测试中心", "en": "Test centre"},
        "holder": CANARY_NAME, "account_masked": "2102********0042",
        "fields": [{"key": "employer", "kind": "text", "value": "测试单位"}],
        "entries": ENTRIES["entries"] if entries else [],
        "opening": "179047.04" if entries else None, "closing": "186247.04" if entries else None,
        "verify_url": "HTTPS://C.TEST/V/ABC",
    }  # fmt: skip


class TableCentre:
    """Answers each request from a table; `instead` replaces an answer by another, or by making an exception."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.instead: dict[str, Any] = {}
        self.operations: dict[str, dict[str, Any]] = {}
        self.open_operations: list[dict[str, Any]] = []
        self.submitted: dict[str, Any] = {}
        """What a submitted operation is answered with besides."""

    def answer(self, method: str, path: str, body: dict[str, Any], query: dict[str, str]) -> Any:
        """The JSON of an answer; raises what `instead` says."""
        ids = [
            "{id}" if part.startswith("DK") or len(part) == UUID_CHARS else part for part in path.split("/")
        ]
        route = f"{method} {'/'.join(ids)}"
        self.asked[route] += 1
        if route in self.instead:
            instead = self.instead[route]
            if callable(instead):
                raise instead()
            return instead
        match route:
            case "POST /v1/visits":
                return {
                    "token": "t" * 43, "verified": body["credential"]["kind"] == "phone_code",
                    "name_masked": "测*", "id_number_masked": "2102**********1319", "expires_at": SOON,
                    "tries_left": 5, "open_operations": self.open_operations,
                }  # fmt: skip
            case "POST /v1/visits/current/verification":
                return {"verified": True, "expires_at": SOON}
            case "DELETE /v1/visits/current":
                return {}
            case "GET /v1/account":
                return ACCOUNT
            case "GET /v1/account/entries":
                return ENTRIES
            case "GET /v1/loans":
                return {"loans": [LOAN, {**LOAN, "contract": "DK2024000124"}]}
            case "GET /v1/loans/{id}/schedule":
                return SCHEDULE
            case "POST /v1/loans/{id}/repayment-quotes":
                return quote(body.get("mode"))
            case "POST /v1/account/closure-quotes":
                return closure()
            case "GET /v1/operations":
                return {**OPERATION, "operation_id": str(QUOTE)}
            case "GET /v1/operations/{id}":
                return {**OPERATION, "operation_id": path.rsplit("/", 1)[-1]}
            case "POST /v1/documents":
                return document(body["kind"], body["language"])
            case "GET /v1/documents":
                return {
                    "documents": [
                        {
                            key: document("statement")[key]
                            for key in ("operation_id", "number", "kind", "language")
                        }
                        | {"issued_at": "2026-11-22T01:00:00Z", "copies": 1}
                    ]
                }
            case "GET /v1/documents/{id}":
                return document("statement")
            case "POST /v1/operations/{id}/papers":
                return {**OPERATION, "kind": "document", "operation_id": str(QUOTE)}
            case _:
                raise AssertionError(f"no answer for {route}")

    def submit(self, path: str, operation_id: str) -> Any:
        """The answer of a submit."""
        route = "POST " + ("repayments" if path.endswith("repayments") else "closures")
        self.asked[route] += 1
        if route in self.instead:
            raise self.instead[route]()
        kind = "repayment" if path.endswith("repayments") else "closure"
        amount = "100408.06" if kind == "repayment" else "86247.04"
        return {**OPERATION, "kind": kind, "amount": amount, "operation_id": operation_id, **self.submitted}


class TableLine(Line):
    """A line whose far end is a TableCentre; answers go through the wire models as real ones do."""

    def __init__(self, centre: TableCentre, token: str | None = None) -> None:
        self.centre = centre
        self.token = token

    def with_token(self, token: str | None) -> "TableLine":
        return TableLine(self.centre, token)

    def now_ms(self) -> int:
        return 1_790_000_000_000

    def call(self, method: str, path: str, answer: Any, *, body: Any = None, query: Any = None,
             headers: Any = None) -> Any:  # fmt: skip
        sent = body.model_dump(mode="json", by_alias=True) if isinstance(body, BaseModel) else body or {}
        if path.endswith(("repayments", "closures")):
            return answer.model_validate(self.centre.submit(path, headers["Idempotency-Key"]))
        return answer.model_validate(self.centre.answer(method, path, sent, query or {}))

    def send(self, method: str, path: str) -> None:
        self.centre.answer(method, path, {}, {})


# ------------------------------------------------------------------ the devices


@dataclass
class HeldDriver:
    """A driver whose answers are given: `answers` are used up, then the last one stays."""

    answers: dict[str, list[Any]]

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb.startswith("_") or verb not in self.answers:
            raise AttributeError(verb)
        given = self.answers[verb]

        def act(*arguments: Any) -> Any:
            came = given.pop(0) if len(given) > 1 else given[0]
            if callable(came):
                raise came()
            return came

        return act


@dataclass
class HeldDevice:
    """hardware.device.Device as a visit sees it, without a thread."""

    kind: Kind
    driver: HeldDriver
    status: Status = field(default_factory=lambda: Status(State.READY))
    takes_s: float = 0.0

    async def run(self, verb: Callable[[Any], Any], timeout_s: float) -> Any:
        came = verb(None)
        # a look without a card takes its whole time
        await asyncio.sleep(timeout_s if isinstance(came, NoCard | NothingSeen) else self.takes_s)
        return came

    def refresh(self) -> "Future[Status]":
        """Asked how it is, it has nothing new to say."""
        asked: Future[Status] = Future()
        asked.set_result(self.status)
        return asked


def devices() -> dict[Kind, HeldDevice]:
    """All four, each with something of the canary citizen's."""
    card = IdCard(CardKind.RESIDENT, CANARY_NAME, CANARY_ID, None, b"")
    return {
        Kind.ID_CARD: HeldDevice(Kind.ID_CARD, HeldDriver({"read": [card], "present": [False]})),
        Kind.JOINT_CARD: HeldDevice(
            Kind.JOINT_CARD, HeldDriver({"read": [JointCard(CANARY_CARD)], "present": [False]})
        ),
        Kind.SCANNER: HeldDevice(Kind.SCANNER, HeldDriver({"scan": [Decoded("GJJ1:" + "A" * 32)]})),
        Kind.RECEIPT_PRINTER: HeldDevice(
            Kind.RECEIPT_PRINTER,
            HeldDriver({"print": [Printed()], "paper_taken": [True], "retract": [True]}),
        ),
    }


# ------------------------------------------------------------------ the citizen


Answer = Callable[[Prompt[Any]], Any]
SILENCE = object()
"""The citizen does nothing."""


class ScriptedCitizen:
    """kiosk.stage.Stage as one citizen: answers each prompt as `answer` says, and remembers what was shown."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.on_activity: Callable[[], None] = lambda: None
        self.preferences = Preferences()
        self.shown: list[Prompt[Any]] = []
        self.chromes: list[Chrome] = []
        self.warnings: list[int | None] = []

    def show(self, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences, reply: Reply) -> None:
        self.shown.append(prompt)
        self.preferences = preferences
        self.chromes.append(chrome)
        answer = self.answer(prompt)
        if answer is not SILENCE:
            loop = asyncio.get_running_loop()
            loop.call_soon(self.on_activity)
            loop.call_soon(reply, answer)

    def warn(self, seconds_left: int | None) -> None:
        self.warnings.append(seconds_left)

    def names(self) -> list[str]:
        """The prompts that were shown, by class."""
        return [type(prompt).__name__ for prompt in self.shown]


# ------------------------------------------------------------------ one kiosk


@dataclass
class Lobby:
    """A kiosk without a window: one terminal, one journal, one citizen after another."""

    folder: Path
    centre: TableCentre = field(default_factory=TableCentre)
    devices: dict[Kind, HeldDevice] = field(default_factory=devices)
    settings: Settings = field(default_factory=cache(load))
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    terminals: list[Terminal] = field(default_factory=list)

    async def serve(
        self, citizen: ScriptedCitizen, beside: Callable[[HealthBoard], Awaitable[None]] | None = None
    ) -> "Afterwards":
        """One whole visit, with whatever happens `beside` it. Returns what is left of it."""
        made: list[weakref.ref[Visit]] = []
        async with self._terminal(citizen) as terminal:
            happening = asyncio.ensure_future(beside(terminal.board)) if beside else None
            with watching(made):
                await terminal.serve(Begin("zh"), Preferences())
            if happening:
                happening.cancel()
            del terminal
        return Afterwards(self, citizen, made)

    async def run_until(self, citizen: ScriptedCitizen, condition: Callable[[], bool]) -> None:
        """Let the terminal run, attract screen and all, until `condition` holds."""
        async with self._terminal(citizen) as terminal:
            running = asyncio.ensure_future(terminal.run())
            while not condition():  # noqa: ASYNC110 - time is virtual: this costs nothing
                await asyncio.sleep(1)
            running.cancel()
            await asyncio.wait({running})

    @asynccontextmanager
    async def _terminal(self, citizen: ScriptedCitizen) -> AsyncIterator[Terminal]:
        board = HealthBoard()
        for kind, device in self.devices.items():
            board.report_device(kind, device.status)
        journal = Journal(self.folder / "journal.db")
        runtime = AsyncioRuntime()
        line = TableLine(self.centre)
        exchange = Exchange(journal, LinePort(line), runtime)
        resolver = Resolver(journal, exchange, runtime)

        def event(name: str, **fields: Any) -> object:
            self.events.append((name, fields))
            return journal.event(name, **fields)

        parts = Parts(
            settings=self.settings,
            stage=citizen,
            line=line,
            devices=Devices(*(self.devices.get(kind) for kind in KINDS)),  # type: ignore[arg-type]
            operations=Operations(journal, exchange, runtime, resolver.follow),
            services=services(_guides(), GUIDE_HOST),
            board=board,
            event=event,
        )
        self.terminals.append(Terminal(parts))
        try:
            yield self.terminals[-1]
        finally:
            await runtime.close()
            journal.close()


@cache
def _guides() -> Catalogue:
    return load_catalogue(ROOT / "config" / "services")


KINDS = (Kind.ID_CARD, Kind.JOINT_CARD, Kind.SCANNER, Kind.RECEIPT_PRINTER, Kind.A4_PRINTER)


@contextmanager
def watching(made: "list[weakref.ref[Visit]]") -> Iterator[None]:
    """Keep a weak hold on every visit that is made."""
    original = Visit.__init__

    def init(self: Visit, **parts: Any) -> None:
        made.append(weakref.ref(self))
        original(self, **parts)

    Visit.__init__ = init  # type: ignore[method-assign]
    try:
        yield
    finally:
        Visit.__init__ = original  # type: ignore[method-assign]


@dataclass
class Afterwards:
    """What is left when the citizen has gone."""

    lobby: Lobby
    citizen: ScriptedCitizen
    visits: "list[weakref.ref[Visit]]"

    def assert_wiped(self) -> None:
        """One visit, ended once, gone from memory; the journal tells nothing about the citizen."""
        names = [name for name, _ in self.lobby.events]
        assert names.count("session-begin") == names.count("session-end") == 1
        gc.collect()  # only now: the loop's threads have ended, and hold no error that leads to the visit
        assert [visit() for visit in self.visits] == [None], "a visit is still in memory"
        written = str(self.lobby.events) + (self.lobby.folder / "journal.db").read_bytes().decode("latin-1")
        for canary in (CANARY_ID, CANARY_CARD, CANARY_PASSWORD, CANARY_NAME):
            assert canary not in written
            assert canary.encode().decode("latin-1") not in written

    @property
    def disposition(self) -> str:
        """How the visit ended, as the journal has it."""
        return next(fields["disposition"] for name, fields in self.lobby.events if name == "session-end")
