"""Payouts to the bank: sent from the outbox, asked for by our own id, settled once and only on a definite answer."""

import json
import logging
import threading
from collections.abc import Callable
from traceback import format_tb
from uuid import UUID

from sqlalchemy import Connection, select, update

from central.bank import BankAnswer, BankOutcome, BankSilent, Payout
from central.centre import Centre
from central.clock import instant
from central.closure import CLOSED_BY_WITHDRAWAL
from central.ledger import audit
from central.ledger.house import House
from central.ledger.posting import Booking, LedgerBroken, Line, book, hold
from central.operations import view_of
from central.refusals import Refused
from central.store.tables import account, entry, ledger_account, operation, outbox
from kiosk.contract.money import Fen
from kiosk.contract.operations import OperationState
from kiosk.contract.problems import Problem

RETRY_MS = (2_000, 4_000, 8_000, 16_000, 30_000, 60_000)
"""How long to wait after each unanswered try; the last one from then on, without giving up."""

log = logging.getLogger(__name__)


def relay(centre: Centre, only: UUID | None = None) -> int:
    """Send or ask about every payout that is due (or one of them), and take in late answers; how many settled."""
    settled = 0
    for answer in centre.bank.late_answers():
        settled += _take(centre, answer)
    for operation_id in _due(centre, only):
        settled += _one(centre, operation_id)
    return settled


def try_now(centre: Centre, operation_id: UUID) -> None:
    """Send one payout while its citizen waits; if that fails, it stays pending and the relay goes on."""
    _guarded(lambda: relay(centre, only=operation_id))


def _due(centre: Centre, only: UUID | None) -> list[UUID]:
    query = select(outbox.c.operation_id).where(
        outbox.c.kind == "payout", outbox.c.next_try_ms <= centre.now_ms()
    )
    if only is not None:
        query = query.where(outbox.c.operation_id == only)
    with centre.database.read() as tx:
        return list(tx.execute(query.order_by(outbox.c.id)).scalars())


def _one(centre: Centre, operation_id: UUID) -> int:
    """The attempt is on record before the bank hears of it; after the first, the bank is asked before it is told."""
    now_ms = centre.now_ms()
    with centre.database.write() as tx:
        row = tx.execute(select(outbox).where(outbox.c.operation_id == operation_id).with_for_update()).one()
        if row.next_try_ms is None or row.next_try_ms > now_ms:
            return 0
        wait_ms = RETRY_MS[min(row.attempts, len(RETRY_MS) - 1)]
        tx.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(attempts=row.attempts + 1, next_try_ms=now_ms + wait_ms)
        )
    payload = json.loads(row.payload)
    payout = Payout(operation_id, payload["card"], payload["name"], Fen(payload["amount"]))
    try:
        answer = centre.bank.query(operation_id) if row.attempts else centre.bank.pay(payout)
        if answer.outcome is BankOutcome.NOT_RECEIVED:
            answer = centre.bank.pay(payout)
    except BankSilent:
        return 0
    return _take(centre, answer)


def _take(centre: Centre, answer: BankAnswer) -> int:
    if answer.outcome not in (BankOutcome.DONE, BankOutcome.REFUSED):
        return 0
    with centre.database.write() as tx:
        return int(settle(tx, centre, answer))


def settle(tx: Connection, centre: Centre, answer: BankAnswer) -> bool:
    """Post or void a pending payout on the bank's definite answer. A second answer changes nothing; one that
    contradicts the first is kept in the audit chain for a human, for money cannot be taken back from a bank."""
    row = tx.execute(
        select(outbox).where(outbox.c.operation_id == answer.reference).with_for_update()
    ).one_or_none()
    now_ms = centre.now_ms()
    if row is None or row.outcome is not None:
        if row is not None and row.outcome != answer.outcome:
            audit.append(
                tx,
                audit.CENTRE_CHAIN,
                "bank-contradicts-itself",
                now_ms,
                {"second": answer.outcome},
                answer.reference,
            )
        return False
    paid = answer.outcome is BankOutcome.DONE
    pending_id = json.loads(row.payload)["posting"]
    _book_settlement(tx, centre, pending_id, answer.reference, paid=paid)
    tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(outcome=answer.outcome.value, done_ms=now_ms, next_try_ms=None)
    )
    _finish(tx, centre, answer.reference, paid=paid)
    return True


def _book_settlement(
    tx: Connection, centre: Centre, pending_id: int, operation_id: UUID, *, paid: bool
) -> None:
    lines = tx.execute(
        select(entry.c.account_id, entry.c.code, entry.c.amount, entry.c.carried)
        .where(entry.c.posting_id == pending_id)
        .order_by(entry.c.id)
    ).all()
    today, now_ms = centre.today(), centre.now_ms()
    if paid:
        cleared = Fen(sum(line.amount for line in lines if line.account_id == House.PAYOUT_CLEARING))
        book(
            tx,
            Booking("payout", today, now_ms, operation_id=operation_id, phase="post", settles=pending_id),
            [Line(House.PAYOUT_CLEARING, "99", Fen(-cleared)), Line(House.BANK, "99", cleared)],
            {},
        )
        return
    # Last line first: the balance comes back before the interest credited on it is taken off again.
    back = [
        Line(line.account_id, line.code, Fen(-line.amount), Fen(-line.carried)) for line in reversed(lines)
    ]
    owned = hold(tx, (line.account_id for line in back if line.account_id not in set(House)))
    book(
        tx,
        Booking("payout", today, now_ms, operation_id=operation_id, phase="void", settles=pending_id),
        back,
        owned,
    )


def _finish(tx: Connection, centre: Centre, operation_id: UUID, *, paid: bool) -> None:
    now_ms = centre.now_ms()
    row = tx.execute(select(operation).where(operation.c.id == operation_id)).one()
    closing = account.c.pending_operation == operation_id
    if paid:
        left = tx.execute(
            select(ledger_account.c.balance).join(account, account.c.id == ledger_account.c.id).where(closing)
        ).scalar_one()
        if left:
            raise LedgerBroken(f"{left} fen came onto an account while it was being closed")
        tx.execute(
            update(account)
            .where(closing)
            .values(state=CLOSED_BY_WITHDRAWAL, closed_on=centre.today(), pending_operation=None)
        )
    else:
        tx.execute(update(account).where(closing).values(pending_operation=None))
    view = view_of(row).model_copy(
        update={
            "state": OperationState.CONFIRMED if paid else OperationState.REFUSED,
            "completed_at": instant(now_ms),
            "problem": None if paid else Problem.PAYOUT_REFUSED.value,
            **({} if paid else {"receipt_number": None, "account_after": None}),
        }
    )
    refusal = Refused(Problem.PAYOUT_REFUSED).as_detail(operation_id=operation_id)
    view_json = view.model_dump_json(exclude_none=True)
    tx.execute(
        update(operation)
        .where(operation.c.id == operation_id)
        .values(
            state=view.state.value,
            completed_ms=now_ms,
            problem=view.problem,
            receipt_number=view.receipt_number,
            view=view_json,
            status=201 if paid else refusal.status,
            response=view_json if paid else refusal.model_dump_json(exclude_none=True),
        )
    )
    audit.append(
        tx, audit.CENTRE_CHAIN, f"closure-{view.state}", now_ms, {"amount": row.amount}, operation_id
    )


class Relay:
    """A thread that keeps relaying until it is stopped."""

    def __init__(self, centre: Centre, interval_s: float = 1.0) -> None:
        self._centre = centre
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="payout-relay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            _guarded(lambda: relay(self._centre))


def _guarded(work: Callable[[], object]) -> None:
    """A relay that fails is tried again at the next interval; the outbox has lost nothing."""
    try:
        work()
    except Exception as error:
        log.error(
            "payout relay failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__))
        )
