"""Three years of books for a demonstration citizen, worked out by the centre's own rules."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, pairwise, takewhile

from central.batch.interest import interest_lines, settlement_key
from central.demo.spec import AccountSpec
from central.ledger.bulk import Past
from central.ledger.house import House
from central.ledger.posting import Line, carried_part
from central.policy import Policy
from central.rules.account_interest import (
    SETTLEMENT_DAY,
    SETTLEMENT_MONTH,
    Movement,
    Parts,
    Settlement,
    WithdrawalOrder,
    settle,
)
from central.rules.dated import in_force
from central.rules.months import YearMonth, in_month
from kiosk.contract.money import ZERO, Fen

DEPOSIT_DAY = 15
CLOSED_DAYS_AGO = 30
DEPOSITED, MOVED_IN, WITHDRAWN, CLOSED = "01", "06", "11", "12"


@dataclass(frozen=True)
class Move:
    """A movement on the account before it is booked: `against` is the other side of the posting."""

    on: date
    code: str
    amount: Fen
    against: tuple[Line, ...]

    @classmethod
    def plain(cls, on: date, code: str, amount: Fen, house: House = House.BANK) -> "Move":
        """Against one of the house's accounts."""
        return cls(on, code, amount, (Line(house, "99", Fen(-amount)),))


@dataclass
class AccountHistory:
    """What an account's past comes to."""

    opened_on: date
    paid_up_to: str
    postings: list[Past] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    balance: Fen = ZERO
    carried: Fen = ZERO
    closed_on: date | None = None

    @property
    def interest_from(self) -> date:
        return self.settlements[-1].until if self.settlements else self.opened_on

    @property
    def interest_opening(self) -> Fen:
        return self.settlements[-1].closing if self.settlements else ZERO


def begin(spec: AccountSpec, today: date) -> date:
    """The first day of the history."""
    return in_month(YearMonth.of(today).plus(-spec.months), 3) if spec.months else today - timedelta(days=20)


def moves_of(spec: AccountSpec, today: date) -> list[Move]:
    """Opening, deposits and withdrawals from the beginning to today."""
    start = begin(spec, today)
    until = today
    if spec.sealed_months_ago is not None:
        until = in_month(YearMonth.of(today).plus(-spec.sealed_months_ago), 1)
    moves = [Move.plain(start, MOVED_IN, spec.opening, House.OPENING)] if spec.opening else []
    if spec.weekly:
        days = range(7, (until - start).days + 1, 7)
        moves += [Move.plain(start + timedelta(days=day), DEPOSITED, spec.weekly) for day in days]
    elif spec.months:
        moves += [
            Move.plain(day, DEPOSITED, spec.monthly_deposit) for day in _monthly(start, until, DEPOSIT_DAY)
        ]
    if spec.rent:
        moves += [Move.plain(day, WITHDRAWN, Fen(-spec.rent)) for day in _monthly(start, until, 20)]
    if spec.yearly_withdrawal:
        moves += [
            Move.plain(day, WITHDRAWN, Fen(-spec.yearly_withdrawal))
            for day in list(_monthly(start, until, 25))[6::12]
        ]
    return moves


def _monthly(start: date, until: date, day: int) -> list[date]:
    """That day of every month, after `start` and up to `until`."""
    month = YearMonth.of(start)
    days = takewhile(lambda on: on <= until, (in_month(month.plus(later), day) for later in count()))
    return [on for on in days if on > start]


def account_history(
    account_id: int, spec: AccountSpec, extra: list[Move], today: date, policy: Policy
) -> AccountHistory:
    """Book an account's past: interest every 30 June, by the rules, on what the movements left."""
    end = today - timedelta(days=CLOSED_DAYS_AGO) if spec.emptied else today
    moves = sorted([*moves_of(spec, end), *extra], key=lambda move: move.on)
    start = begin(spec, today)
    deposits = [move.on for move in moves if move.code == DEPOSITED]
    history = AccountHistory(start, str(YearMonth.of(deposits[-1] if deposits else start)))
    order = in_force(policy.account_interest, today).withdrawal_order
    inside: list[Move] = []
    for since, until in pairwise([start, *_julys(start, end), end + timedelta(days=1)]):
        inside = [move for move in moves if since <= move.on < until]
        for move in inside:
            _book(history, account_id, move, order)
        if until <= end:
            _settle_year(history, account_id, inside, until, policy)
    if spec.emptied:
        _close(history, account_id, inside, end, policy)
    return history


def _julys(start: date, today: date) -> list[date]:
    julys = (date(year, SETTLEMENT_MONTH, SETTLEMENT_DAY) for year in range(start.year, today.year + 1))
    return [july for july in julys if start < july <= today]


def _book(history: AccountHistory, account_id: int, move: Move, order: WithdrawalOrder) -> None:
    carried = ZERO
    if move.amount < 0:
        carried = carried_part(history.balance, history.carried, Fen(-move.amount), order)
    history.balance = Fen(history.balance + move.amount)
    history.carried = Fen(history.carried + carried)
    history.postings.append(
        Past(
            move.on,
            {DEPOSITED: "deposit", WITHDRAWN: "withdrawal"}.get(move.code, "transfer"),
            [Line(account_id, move.code, move.amount, carried), *move.against],
        )
    )


def _settled(history: AccountHistory, inside: list[Move], until: date, policy: Policy) -> Settlement:
    interest = in_force(policy.account_interest, until)
    (settlement,) = settle(
        Parts(history.interest_opening),
        history.interest_from,
        until,
        [Movement(move.on, move.amount) for move in inside],
        policy.deposit_rates,
        interest.method,
        interest.withdrawal_order,
    )
    return settlement


def _settle_year(
    history: AccountHistory, account_id: int, inside: list[Move], until: date, policy: Policy
) -> None:
    settlement = _settled(history, inside, until, policy)
    carried = Fen(history.balance - history.carried + settlement.interest)
    if carried:
        history.postings.append(
            Past(
                until - timedelta(days=1),
                "interest",
                interest_lines(account_id, settlement.interest, carried),
                batch_key=settlement_key(account_id, until),
            )
        )
    history.settlements.append(settlement)
    history.balance = history.carried = settlement.closing


def _close(history: AccountHistory, account_id: int, inside: list[Move], on: date, policy: Policy) -> None:
    """Close the account: interest to the day, and everything paid out."""
    settlement = _settled(history, inside, on, policy)
    lines = interest_lines(account_id, settlement.interest, ZERO) if settlement.interest else []
    lines += [
        Line(account_id, CLOSED, Fen(-settlement.closing), Fen(-history.carried)),
        Line(House.BANK, "99", settlement.closing),
    ]
    history.postings.append(Past(on, "closure", lines))
    history.balance = history.carried = ZERO
    history.closed_on = on
