"""Official papers of every kind as the centre would issue them, for synthetic people, hard to set on purpose."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.seal import code
from central.seal.claims import claims_of
from central.seal.keys import MemoryKeys
from kiosk.contract.accounts import Entry
from kiosk.contract.loans import ScheduleRow
from kiosk.contract.money import Fen, format_yuan
from kiosk.contract.papers import Document, DocumentField, PaperKind
from kiosk.contract.wire import DocumentLanguage
from kiosk.documents.letterhead import Desk
from kiosk.values import Bilingual

HOST = "fund.example"
KEYS = MemoryKeys(Ed25519PrivateKey.from_private_bytes(bytes(32)))
"""Always the same, and so are the codes: pictures of papers are compared."""

ISSUED = datetime(2026, 11, 20, 2, 0, 0, 123_000, tzinfo=UTC)
LARGEST = Fen(9_999_999_999_999)  # 99,999,999,999.99
RARE_NAME = "测试䶮𬭚𠮷·买买提"
LONG_NAME = "Alexandra-Maximiliana Exampleova-Testman"
assert len(LONG_NAME) == 40

KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
LANGUAGES: tuple[DocumentLanguage, ...] = ("zh", "en", "both")


def desk(**more: Any) -> Desk:
    """The desk of a kiosk in a lobby."""
    return Desk(
        centre=Bilingual("住房公积金管理中心", "Housing Provident Fund Centre"),
        kiosk_id="DEMO-01",
        place=Bilingual("一楼大厅 1 号机", "Ground floor, kiosk 1"),
        help_phone="12329",
        printed_at=ISSUED + timedelta(minutes=3),
        language=more.pop("language", "zh"),
        **more,
    )


def document(
    kind: str, language: DocumentLanguage = "zh", *, entries: int = 24, holder: str = RARE_NAME
) -> Document:
    """A paper of this kind, sealed."""
    made = Document(
        operation_id=UUID(int=7),
        number="2026112000000042",
        kind=kind,
        language=language,
        issued_at=ISSUED,
        issuer={"zh": "住房公积金管理中心", "en": "Housing Provident Fund Centre"},
        holder=holder,
        id_number_masked="2102**********1319",
        account_masked="****************0042",
        verify_url="",
        **CONTENT[kind](entries),
    )
    claims = claims_of(made, HOST)
    return made.model_copy(update={"verify_url": code.url(claims, code.seal(claims, KEYS.signer()), "https")})


def figures(paper: Document) -> Iterable[str]:
    """Every figure that has to stand on the paper, grouped by thousands."""
    amounts = [field.value for field in paper.fields if field.kind == "amount"]
    amounts += [format_yuan(end) for end in (paper.opening, paper.closing) if end is not None]
    amounts += [format_yuan(Fen(abs(entry.amount))) for entry in paper.entries]
    amounts += [format_yuan(entry.balance) for entry in paper.entries]
    for row in paper.rows:
        amounts += [format_yuan(part) for part in (row.payment, row.principal, row.interest, row.balance)]
    for amount in amounts:
        yuan, _, fen = amount.lstrip("-").partition(".")
        yield f"{int(yuan):,}.{fen}"


# ------------------------------------------------------------------ what each kind says

FieldKind = Literal["text", "amount", "date", "month", "percent", "code", "count"]


def _f(key: str, kind: FieldKind, value: str | Fen | int, code_set: str | None = None) -> DocumentField:
    text = format_yuan(Fen(value)) if kind == "amount" and isinstance(value, int) else str(value)
    return DocumentField(key=key, kind=kind, value=text, code_set=code_set)


def _grouped(number: int, *fields: DocumentField) -> list[DocumentField]:
    return [field.model_copy(update={"group": number}) for field in fields]


@cache
def _moves(count: int) -> tuple[Entry, ...]:
    """Entries up to the largest balance that must fit."""
    amounts = [Fen(240_000 if number % 5 else -1_234_567) for number in range(count)]
    balance = LARGEST - sum(amounts)
    moves = []
    for number, amount in enumerate(amounts):
        balance += amount
        moves.append(
            Entry(
                id=number,
                on=date(2016, 1, 1) + timedelta(days=number),
                kind="01" if number % 5 else "11",
                amount=amount,
                balance=Fen(balance),
                correction=number == 3,
            )
        )
    return tuple(moves)


def _statement(entries: int) -> dict[str, Any]:
    moves = _moves(entries)
    money_in = sum(entry.amount for entry in moves if entry.amount > 0)
    money_out = -sum(entry.amount for entry in moves if entry.amount < 0)
    return {
        "opening": Fen(LARGEST - money_in + money_out),
        "closing": LARGEST,
        "entries": moves,
        "fields": (
            _f("employer", "text", "测试单位（示例）有限责任公司第一分公司"),
            _f("from", "date", "2016-01-01"),
            _f("to", "date", "2026-11-20"),
            _f("total-in", "amount", money_in),
            _f("total-out", "amount", money_out),
            _f("count", "count", entries),
        ),
    }


def _interest(_: int) -> dict[str, Any]:
    fields = [_f("employer", "text", "测试单位"), _f("interest-in-all", "amount", 3 * 123_456)]
    for number, year in enumerate((2026, 2025, 2024), start=1):
        fields += _grouped(
            number,
            _f("interest-since", "date", f"{year - 1}-07-01"),
            _f("interest-until", "date", f"{year}-06-30"),
            _f("interest", "amount", 123_456),
            _f("balance", "amount", LARGEST - number * 1_000_001),
        )
    return {"fields": tuple(fields)}


def _deposits() -> tuple[DocumentField, ...]:
    return (
        _f("employer", "text", "测试单位（示例）有限责任公司第一分公司"),
        _f("account-state", "code", "01", "grzhzt"),
        _f("opened-on", "date", "2015-03-01"),
        _f("deposit-base", "amount", 3_123_400),
        _f("employer-rate", "percent", "12"),
        _f("person-rate", "percent", "12"),
        _f("monthly-deposit", "amount", 749_616),
        _f("paid-up-to", "month", "2026-10"),
        _f("balance", "amount", LARGEST),
    )


def _loan_use(_: int) -> dict[str, Any]:
    fields = [*_deposits(), _f("loans-in-all", "count", 2), _f("loans-open", "count", 1)]
    for number, state in enumerate(("normal", "settled"), start=1):
        fields += _grouped(
            number,
            _f("contract", "text", f"DK202400012{number}"),
            _f("loan-role", "code", "borrower", "loan-role"),
            _f("principal", "amount", 60_000_000),
            _f("loan-balance", "amount", 56_500_747 if state == "normal" else 0),
            _f("loan-state", "code", state, "loan-state"),
        )
    return {"fields": tuple(fields)}


def _loan() -> tuple[DocumentField, ...]:
    return (
        _f("contract", "text", "DK2024000123"),
        _f("principal", "amount", 60_000_000),
        _f("disbursed-on", "date", "2024-11-15"),
        _f("months", "count", 300),
        _f("rate", "percent", "2.6"),
        _f("method", "code", "01", "dkhkfs"),
    )


def _schedule(_: int) -> dict[str, Any]:
    rows, balance = [], 30_000_000
    for number in range(1, 61):
        interest, principal = balance * 26 // 12_000, 500_000
        balance -= principal
        due = date(2027 + (number - 1) // 12, (number - 1) % 12 + 1, 15)
        row = ScheduleRow(
            number=number,
            due=due,
            principal=Fen(principal),
            interest=Fen(interest),
            payment=Fen(principal + interest),
            balance=Fen(balance),
        )
        rows.append(row)
    left = sum(row.interest for row in rows)
    return {
        "rows": tuple(rows),
        "fields": (
            *_loan(),
            _f("loan-balance", "amount", 30_000_000),
            _f("months-left", "count", 60),
            _f("interest-left", "amount", left),
            _f("payments-left", "amount", 30_000_000 + left),
        ),
    }


def _receipt(_: int) -> dict[str, Any]:
    return {
        "fields": (
            _f("receipt-number", "text", "HK2026112000000001"),
            _f("business-number", "text", "123456789012"),
            _f("contract", "text", "DK2024000123"),
            _f("amount", "amount", 10_040_806),
            _f("interest", "amount", 40_806),
            _f("loan-balance", "amount", 46_500_747),
            _f("account-after", "amount", 8_583_898),
            _f("instalment", "amount", 224_025),
            _f("interest-saved", "amount", 3_296_742),
            _f("last-due", "date", "2049-11-15"),
        )
    }


def _settled(_: int) -> dict[str, Any]:
    role = _f("loan-role", "code", "co_borrower", "loan-role")
    return {"fields": (*_loan(), role, _f("settled-on", "date", "2026-11-19"))}


def _closure(_: int) -> dict[str, Any]:
    return {
        "fields": (
            _f("receipt-number", "text", "XH2026112000000001"),
            _f("business-number", "text", "123456789012"),
            _f("payout-card", "text", "6217 **** 0004"),
            _f("amount", "amount", LARGEST),
            _f("interest", "amount", 24_704),
        )
    }


CONTENT = {
    "statement": _statement,
    "interest-statement": _interest,
    "deposit-certificate": lambda _: {"fields": _deposits()},
    "loan-use-certificate": _loan_use,
    "repayment-schedule": _schedule,
    "repayment-receipt": _receipt,
    "settled-certificate": _settled,
    "closure-receipt": _closure,
}
