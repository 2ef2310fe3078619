"""An official paper from the centre's data to labelled values: what it says, before anybody sets it on a page.

Slip and A4 sheet are made from the same Official, so that they cannot say different things. A paper whose totals
do not tie is never made.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from kiosk.contract.accounts import Entry
from kiosk.contract.money import Fen, parse_yuan
from kiosk.contract.operation_id import grouped
from kiosk.contract.papers import Document, DocumentField
from kiosk.contract.wire import DocumentLanguage, Language
from kiosk.messages import Message, Part, known, msg
from kiosk.terms import term
from kiosk.values import Bilingual, Count, Day, Digits, Moment, Month, Name, Percent, Yuan

DIGIT_KEYS = frozenset({"contract", "receipt-number", "payout-card"})
"""Texts that are numbers: read out digit by digit."""

STRONG_KEYS = frozenset({"balance", "closing", "loan-balance", "amount", "settled-on", "interest-in-all"})
"""What the reader looks for first."""

TOTAL_KEYS = ("total-in", "total-out", "count")


class Untied(Exception):
    """The figures of the paper contradict each other: it must not be printed."""


@dataclass(frozen=True)
class IsoDay(Day):
    """A day in a column: as narrow as can be, and the same in every language."""

    def shown(self, language: Language) -> str:
        return self.day.isoformat()


@dataclass(frozen=True)
class Fact:
    """A labelled value."""

    label: Message
    value: Part
    strong: bool = False


@dataclass(frozen=True)
class Heading:
    """A column's."""

    label: Message
    right: bool = False
    narrow: bool = False  # as wide as its longest text; the others share what is left
    share: float = 1.0  # of what is left


@dataclass(frozen=True)
class Grid:
    """A table of the paper."""

    title: Message
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Official:
    """All that an official paper says, in reading order."""

    title: Message
    sentence: Message
    number: str
    issued: Moment
    issuer: Bilingual
    language: DocumentLanguage
    holder: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    grid: Grid | None
    totals: tuple[Fact, ...]
    verify_url: str

    @property
    def verify_host(self) -> str:
        """Where the code leads: printed beside it, so that a code which leads elsewhere is noticed."""
        return urlsplit(self.verify_url).netloc.lower()


def official(document: Document) -> Official:
    """What the paper says. Raises Untied when its figures do not add up."""
    _check(document)
    plain = [field for field in document.fields if field.group == 0]
    totals: list[Fact] = []
    if document.opening is not None and document.closing is not None:
        totals = [_fact(field) for field in plain if field.key in TOTAL_KEYS]
        totals.append(Fact(msg("field.closing"), Yuan(document.closing), strong=True))
        plain = [field for field in plain if field.key not in TOTAL_KEYS]
    facts = [_fact(field) for field in plain]
    if document.opening is not None:
        facts.append(Fact(msg("field.opening"), Yuan(document.opening)))
    holder = [Fact(msg("document.holder"), Name(document.holder))]
    if document.id_number_masked is not None:
        holder.append(Fact(msg("document.id-number"), Digits(document.id_number_masked)))
    holder.append(Fact(msg("account.number"), Digits(document.account_masked)))
    return Official(
        title=msg(f"document.kind.{document.kind}"),
        sentence=msg(f"document.sentence.{document.kind}"),
        number=document.number,
        issued=Moment(document.issued_at),
        issuer=Bilingual(document.issuer["zh"], document.issuer["en"]),
        language=document.language,
        holder=tuple(holder),
        facts=tuple(facts),
        grid=_grid(document),
        totals=tuple(totals),
        verify_url=document.verify_url,
    )


def _check(document: Document) -> None:
    amounts = {
        field.key: parse_yuan(field.value, signed=True)
        for field in document.fields
        if field.kind == "amount" and field.group == 0
    }
    if document.opening is not None and document.closing is not None:
        moved_in = sum(entry.amount for entry in document.entries if entry.amount > 0)
        moved_out = -sum(entry.amount for entry in document.entries if entry.amount < 0)
        balance = document.opening
        for entry in document.entries:
            balance = Fen(balance + entry.amount)
            _tie(balance, entry.balance, "a balance")
        _tie(balance, document.closing, "the closing balance")
        _tie(moved_in, amounts.get("total-in", moved_in), "money in")
        _tie(moved_out, amounts.get("total-out", moved_out), "money out")
    for row in document.rows:
        _tie(row.principal + row.interest, row.payment, "a payment")
    if document.rows:
        for key, total in (
            ("interest-left", sum(row.interest for row in document.rows)),
            ("payments-left", sum(row.payment for row in document.rows)),
        ):
            if key in amounts:
                _tie(total, amounts[key], key)


def _tie(found: int, said: int, what: str) -> None:
    if found != said:
        raise Untied(f"{what} is not what it should be")


def _fact(field: DocumentField) -> Fact:
    return Fact(msg(f"field.{field.key}"), _value(field), strong=field.key in STRONG_KEYS)


def _value(field: DocumentField) -> Part:
    match field.kind:
        case "amount":
            return Yuan(parse_yuan(field.value, signed=True))
        case "date":
            return Day(date.fromisoformat(field.value))
        case "month":
            return Month(field.value)
        case "percent":
            return Percent(field.value)
        case "count":
            return Count(int(field.value))
        case "code":
            word = f"word.{field.code_set}.{field.value}"
            return msg(word) if known(word) else term(field.code_set or "", field.value)
        case "text" if field.key == "business-number":
            return Digits(grouped(field.value), personal=False)
        case "text":
            return Digits(field.value) if field.key in DIGIT_KEYS else Name(field.value)


def _grid(document: Document) -> Grid | None:
    if document.opening is not None:
        return _entries(document.entries)
    if document.rows:
        return Grid(
            msg("document.schedule"),
            (
                Heading(msg("field.number"), right=True, narrow=True),
                Heading(msg("field.due")),
                Heading(msg("field.payment"), right=True),
                Heading(msg("field.row-principal"), right=True),
                Heading(msg("field.row-interest"), right=True),
                Heading(msg("field.row-balance"), right=True),
            ),
            tuple(
                (
                    Count(row.number),
                    IsoDay(row.due),
                    Yuan(row.payment),
                    Yuan(row.principal),
                    Yuan(row.interest),
                    Yuan(row.balance),
                )
                for row in document.rows
            ),
        )
    return _groups(document)


def _entries(entries: tuple[Entry, ...]) -> Grid:
    return Grid(
        msg("document.entries"),
        (
            Heading(msg("field.on")),
            Heading(msg("field.entry-kind"), share=1.7),
            Heading(msg("field.entry-amount"), right=True),
            Heading(msg("field.entry-balance"), right=True),
        ),
        tuple(
            (
                IsoDay(entry.on),
                _entry_kind(entry),
                Yuan(entry.amount, signed=True),
                Yuan(entry.balance),
            )
            for entry in entries
        ),
    )


def _entry_kind(entry: Entry) -> Bilingual:
    name = term("gjhtqywlx", entry.kind)
    if not entry.correction:
        return name
    return Bilingual(f"{name.zh}（冲正）", f"{name.en} (correction)")


def _groups(document: Document) -> Grid | None:
    """The repeated parts of the paper, one row each."""
    numbers = sorted({field.group for field in document.fields} - {0})
    if not numbers:
        return None
    parts = [[field for field in document.fields if field.group == number] for number in numbers]
    headings = tuple(
        Heading(msg(f"field.{field.key}"), right=field.kind in ("amount", "count", "percent"))
        for field in parts[0]
    )
    rows = tuple(tuple(_cell(field) for field in part) for part in parts)
    return Grid(msg(f"document.groups.{document.kind}"), headings, rows)


def _cell(field: DocumentField) -> Part:
    value = _value(field)
    return IsoDay(value.day) if isinstance(value, Day) else value
