"""How a demonstration citizen is described: in months and days from today, so that the data never age."""

from dataclasses import dataclass, field
from datetime import date

from central.bank import Behaviour
from central.rules.identity import check_character
from central.rules.months import YearMonth, in_month
from central.rules.retirement import STEPS, Category, retirement
from kiosk.contract.money import Fen

DALIAN = "210202"
CARD_PREFIX = "62999900000000"  # no bank's: demonstration cards only


def yuan(amount: int) -> Fen:
    return Fen(amount * 100)


USUAL_BASE = yuan(12_000)
USUAL_OPENING = yuan(40_000)


@dataclass(frozen=True)
class AccountSpec:
    """A fund account. Its history begins `months` ago with `opening` and a deposit every month."""

    base: Fen = USUAL_BASE  # 缴存基数
    rate: int = 12  # per cent, from employer and employee each
    months: int = 37
    opening: Fen = USUAL_OPENING
    state: str = "01"
    freeze: str = "0"
    sealed_months_ago: int | None = None  # deposits end there
    weekly: Fen | None = None  # instead of monthly deposits
    rent: Fen | None = None  # withdrawn every month
    yearly_withdrawal: Fen | None = None
    emptied: bool = False  # transferred away in the last month
    payout_card: bool = True

    @property
    def monthly_deposit(self) -> Fen:
        return Fen(self.base * self.rate * 2 // 100)


@dataclass(frozen=True)
class LoanSpec:
    """A loan: `due` instalments have fallen due and the next one does in `due_in_days`."""

    principal: Fen
    months: int
    due: int
    due_in_days: int = 12
    method: str = "equal-instalment"
    missed: int = 0
    second_home: bool = False
    settled_months_ago: int | None = None
    repaid_early: Fen | None = None  # today
    with_co_borrower: str | None = None  # a citizen's key
    property: str = "大连市中山区测试路1号2单元301"


@dataclass(frozen=True)
class Citizen:
    """One citizen of the demonstration: who, with which cards, and what there is to see."""

    key: str
    name: str
    id_number: str
    card_number: str
    shows_zh: str
    shows_en: str
    category: str = "man"
    born_moves: bool = False  # the day of birth is reckoned from today
    account: AccountSpec | None = field(default_factory=AccountSpec)
    loans: tuple[LoanSpec, ...] = ()
    wrong_tries: int = 0
    retired_months_ago: int | None = None  # approved by the social insurance
    bank: Behaviour = Behaviour.PROMPT


def id_number(born: date, sequence: int, region: str = DALIAN) -> str:
    """Eighteen characters with the right check character; an odd sequence is a man's."""
    first = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


def card_number(index: int) -> str:
    """Nineteen digits with the right Luhn digit."""
    first = f"{CARD_PREFIX}{index:04d}"
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(first)))
    return first + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def born_to_retire(category: Category, month: YearMonth, day: int = 9) -> date:
    """A day of birth for somebody who reaches the statutory age in `month`, or in the next month that anybody of
    this category does: the reform leaves out some months."""
    wanted = month
    while True:
        old = wanted.plus(-STEPS[category].age * 12)
        for delay in range(STEPS[category].limit + 1):
            born = old.plus(-delay)
            if retirement(born, category).retires == wanted:
                return in_month(born, day)
        wanted = wanted.plus(1)
