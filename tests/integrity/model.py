"""A small model of the centre and its bank: the idempotency contract, a ledger, quotes, payouts in two phases.

It says what the real centre promises (central/operations.py, central/payouts.py) in the fewest lines, so that a
hundred thousand sessions can be run against it; test_simulation_centre.py runs the same world on the real one.
"""

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from kiosk.contract.money import Fen
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.contract.problems import Problem
from kiosk.exchange import NotFound, Refusal
from kiosk.operation_states import Draft, Submission
from tests.integrity.virtual_time import EPOCH, Pause

QUOTE_S = 600.0
BANK = "bank"
LOAN = "loan"
CLEARING = "clearing"


@dataclass
class Member:
    """A citizen's account."""

    name: str
    balance: int
    version: int = 1
    closed: bool = False
    pending: UUID | None = None


@dataclass
class Quote:
    """What a citizen was shown; carried out once at most."""

    id: UUID
    kind: OperationKind
    member: Member
    kiosk: str
    amount: Fen
    version: int
    valid_until_s: float
    authorised: bool = False
    used: bool = False

    def authorise(self) -> None:
        """The password has agreed to it."""
        self.authorised = True

    def draft(self) -> Draft:
        """What the kiosk submits."""
        body = {"quote_id": str(self.id)}
        return Draft(self.kind, f"/v1/{self.kind.value}", body, f'"{self.version}"', self.amount)


@dataclass
class Stored:
    """An operation as the centre keeps it for ever."""

    fingerprint: str
    kiosk: str
    member: str | None
    answer: Operation | Refusal
    view: Operation
    seen: bool = False
    copies: int = 0


class BankMood(Enum):
    """How the bank treats a payout."""

    PROMPT = "prompt"
    LATE = "late"
    TWICE = "twice"
    SILENT = "silent"
    NEVER = "never"
    REFUSE = "refuse"


@dataclass
class Payout:
    """An outbox row."""

    operation_id: UUID
    amount: Fen
    attempts: int = 0
    outcome: str | None = None


class ModelBank:
    """Carries each reference out once; may answer late, twice, never, or refuse."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: dict[UUID, tuple[Fen, BankMood, float]] = {}
        self.paid: Counter[UUID] = Counter()

    def pay(self, reference: UUID, amount: Fen, now_s: float) -> str | None:
        """ "done", "refused", "processing", or None: no answer."""
        if reference not in self.taken:
            mood = self.chance.choice(tuple(BankMood))
            if mood is BankMood.NEVER:
                return None
            self.taken[reference] = (amount, mood, now_s)
            if mood is not BankMood.REFUSE:
                self.paid[reference] += 1
            if mood is BankMood.SILENT:
                return None
        return self.query(reference, now_s)

    def query(self, reference: UUID, now_s: float) -> str | None:
        """What became of a reference; "not-received" when it has never come in."""
        if reference not in self.taken:
            return "not-received"
        _, mood, since_s = self.taken[reference]
        if mood is BankMood.REFUSE:
            return "refused"
        return "processing" if mood is BankMood.LATE and now_s - since_s < 5 else "done"


@dataclass
class Flaws:
    """Ways to break the centre, for the controls."""

    forgets_keys: bool = False
    resends_payouts: bool = False


@dataclass
class ModelCentre:
    """Every call is one transaction."""

    chance: random.Random
    flaws: Flaws = field(default_factory=Flaws)
    now_s: float = 0.0
    members: dict[str, Member] = field(default_factory=dict)
    quotes: dict[UUID, Quote] = field(default_factory=dict)
    stored: dict[UUID, Stored] = field(default_factory=dict)
    entries: list[tuple[int, str, int, UUID | None]] = field(default_factory=list)
    balances: Counter[str] = field(default_factory=Counter)
    outbox: dict[UUID, Payout] = field(default_factory=dict)
    anchored: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    postings: int = 0

    def __post_init__(self) -> None:
        self.bank = ModelBank(self.chance)

    # ---------------------------------------------------------------- reads and quotes

    def join(self, name: str, balance: int) -> None:
        """A new citizen with money in the account."""
        self.members[name] = Member(name, 0)
        self._post([(name, balance), (BANK, -balance)], None)
        self.members[name].balance = balance

    def open_operations(self, name: str) -> tuple[PendingPaper, ...]:
        """What the citizen has not seen to its end."""
        return tuple(
            PendingPaper(
                operation_id=i, kind=row.view.kind, state=row.view.state, submitted_at=row.view.submitted_at
            )
            for i, row in self.stored.items()
            if row.member == name and not row.seen and row.view.state is not OperationState.REFUSED
        )

    def quote(self, name: str, kind: OperationKind, kiosk: str) -> Quote | None:
        """An offer, or None when it would be refused now."""
        member = self.members[name]
        if member.closed or member.pending or member.balance <= 0:
            return None
        amount = (
            member.balance
            if kind is OperationKind.CLOSURE
            else self.chance.randint(1, 1 + member.balance // 4)
        )
        i = uuid.UUID(int=self.chance.getrandbits(128))
        quote = Quote(i, kind, member, kiosk, Fen(amount), member.version, self.now_s + QUOTE_S)
        self.quotes[i] = quote
        return quote

    # ---------------------------------------------------------------- operations

    def submit(self, submission: Submission, kiosk: str) -> Operation | Refusal:
        """POST under an Idempotency-Key."""
        fingerprint = f"{submission.path} {sorted(submission.body.items())} {kiosk}"
        known = None if self.flaws.forgets_keys else self.stored.get(submission.operation_id)
        if known is not None:
            if known.fingerprint != fingerprint:
                return Refusal(Problem.IDEMPOTENCY_KEY_REUSED)
            return known.answer
        quote = self.quotes.get(UUID(submission.body["quote_id"]))
        if quote is not None and not quote.authorised:
            return Refusal(Problem.VISIT_NOT_VERIFIED)  # not stored
        problem = self._problem(quote, submission, kiosk)
        i = submission.operation_id
        if problem or quote is None:
            view = self._view(submission, OperationState.REFUSED, problem=str(problem))
            answer: Operation | Refusal = Refusal(problem or Problem.QUOTE_STALE)
        else:
            view = answer = self._carry_out(submission, quote)
        member = quote.member.name if quote else None
        self.stored[i] = Stored(fingerprint, kiosk, member, answer, view)
        return answer

    def find(self, operation_id: UUID, kiosk: str) -> Operation | NotFound:
        """GET by id."""
        known = self.stored.get(operation_id)
        return known.view if known and known.kiosk == kiosk else NotFound()

    def _problem(self, quote: Quote | None, submission: Submission, kiosk: str) -> Problem | None:
        if quote is None or quote.kiosk != kiosk or submission.if_match != f'"{quote.version}"':
            return Problem.QUOTE_STALE
        member = quote.member
        if self.flaws.forgets_keys:
            return None if member.balance >= quote.amount else Problem.INSUFFICIENT_BALANCE
        if self.now_s > quote.valid_until_s:
            return Problem.QUOTE_EXPIRED
        if member.closed:
            return Problem.ACCOUNT_CLOSED
        if member.pending:
            return Problem.OPERATION_IN_FLIGHT
        if quote.used or member.version != quote.version:
            return Problem.QUOTE_STALE
        return None if member.balance >= quote.amount else Problem.INSUFFICIENT_BALANCE

    def _carry_out(self, submission: Submission, quote: Quote) -> Operation:
        member, i = quote.member, submission.operation_id
        quote.used = True
        member.version += 1
        member.balance -= quote.amount
        if quote.kind is OperationKind.CLOSURE:
            member.pending = i
            self._post([(member.name, -quote.amount), (CLEARING, quote.amount)], i)
            self.outbox[i] = Payout(i, quote.amount)
            return self._view(submission, OperationState.PENDING)
        posting = self._post([(member.name, -quote.amount), (LOAN, quote.amount)], i)
        return self._view(submission, OperationState.CONFIRMED, receipt=f"20260302{posting:010d}")

    def _view(
        self,
        submission: Submission,
        state: OperationState,
        receipt: str | None = None,
        problem: str | None = None,
    ) -> Operation:
        return Operation.model_construct(
            operation_id=submission.operation_id,
            kind=submission.kind,
            state=state,
            number=business_number(submission.operation_id),
            receipt_number=receipt,
            amount=submission.amount if state is not OperationState.REFUSED else None,
            submitted_at=EPOCH,
            problem=problem,
        )

    def states(self) -> dict[UUID, OperationState]:
        """How every operation stands."""
        return {i: row.view.state for i, row in self.stored.items()}

    def mark_seen(self, operation_id: UUID) -> None:
        """The citizen has the paper."""
        if row := self.stored.get(operation_id):
            row.seen = True

    # ---------------------------------------------------------------- payouts

    async def relay(self, up: Callable[[], bool], mishap: Callable[[str], bool]) -> None:
        """The thread that talks to the bank; by mishap an answer is lost, or the centre dies between two steps."""
        for payout in [p for p in self.outbox.values() if p.outcome is None]:
            if not up():
                return
            answer = self.tell_bank(payout)
            await Pause(0.2)
            if mishap("drop"):
                continue
            if mishap("centre_dies"):
                return
            self.settle(payout, answer)
            if answer == "done" and self.chance.random() < 0.3:
                self.settle(payout, answer)  # the bank says it twice

    def tell_bank(self, payout: Payout) -> str | None:
        """The attempt is on record; then ask, and send only what the bank has never heard of."""
        payout.attempts += 1
        reference = payout.operation_id
        if self.flaws.resends_payouts and payout.attempts > 1:
            reference = uuid.UUID(int=self.chance.getrandbits(128))
        if payout.attempts > 1:
            answer = self.bank.query(reference, self.now_s)
            if answer != "not-received":
                return answer
        return self.bank.pay(reference, payout.amount, self.now_s)

    def settle(self, payout: Payout, answer: str | None) -> None:
        """Post or void, once, on a definite answer."""
        if answer not in ("done", "refused") or payout.outcome:
            return
        row = self.stored[payout.operation_id]
        member = self.members[row.member or ""]
        payout.outcome, member.pending = answer, None
        if answer == "done":
            posting = self._post([(CLEARING, -payout.amount), (BANK, payout.amount)], payout.operation_id)
            member.closed = True
            update = {"state": OperationState.CONFIRMED, "receipt_number": f"20260302{posting:010d}"}
            row.view = row.answer = row.view.model_copy(update=update)
        else:
            self._post([(CLEARING, -payout.amount), (member.name, payout.amount)], payout.operation_id)
            member.balance += payout.amount
            update = {"state": OperationState.REFUSED, "problem": Problem.NOT_ELIGIBLE.value}
            row.view = row.view.model_copy(update=update)
            row.answer = Refusal(Problem.NOT_ELIGIBLE)

    # ---------------------------------------------------------------- the ledger

    def _post(self, lines: Iterable[tuple[str, int]], operation_id: UUID | None) -> int:
        self.postings += 1
        for account, amount in lines:
            self.entries.append((self.postings, account, amount, operation_id))
            self.balances[account] += amount
        return self.postings

    def moved(self, operation_id: UUID) -> int:
        """What an operation has taken from its member, all its postings together."""
        return -sum(
            amount
            for _, account, amount, of in self.entries
            if of == operation_id and account in self.members
        )

    def broken_books(self) -> list[str]:
        """I1 to I4, I8, I9, I11 over the model's books."""
        broken = []
        sums: Counter[int] = Counter()
        running: Counter[str] = Counter()
        closed_at: dict[str, int] = {}
        last_entry: dict[str, int] = {}
        for posting, account, amount, _ in self.entries:
            sums[posting] += amount
            running[account] += amount
            if account in self.members and running[account] < 0:
                broken.append(f"I4 {account} below zero")
            last_entry[account] = posting
        if any(sums.values()):
            broken.append("I1 a posting does not balance")
        if sum(running.values()):
            broken.append("I2 the ledger does not balance")
        if any(running[name] != member.balance for name, member in self.members.items()):
            broken.append("I3 a stored balance is not the sum of its entries")
        for i, payout in self.outbox.items():
            effect = self.bank.paid[i]
            if payout.outcome == "done":
                closed_at[self.stored[i].member or ""] = self.postings
            if effect != (payout.outcome == "done"):
                broken.append(f"I11 a payout with the outcome {payout.outcome} was paid {effect} times")
        if sum(self.bank.paid.values()) != sum(p.outcome == "done" for p in self.outbox.values()):
            broken.append("I12 the bank's file has a payout that the centre does not")
        if any(self.members[name].balance for name in closed_at):
            broken.append("I8 a closed account has a balance")
        receipts = Counter(row.view.receipt_number for row in self.stored.values() if row.view.receipt_number)
        if any(count > 1 for count in receipts.values()):
            broken.append("I9 a receipt number was given twice")
        return broken

    def day_totals(self) -> dict[str, int]:
        """What each kiosk's operations have moved."""
        totals: dict[str, int] = defaultdict(int)
        moved: Counter[UUID] = Counter()
        for _, account, amount, of in self.entries:
            if of is not None and account in self.members:
                moved[of] -= amount
        for i, amount in moved.items():
            totals[self.stored[i].kiosk] += amount
        return {kiosk: total for kiosk, total in totals.items() if total}
