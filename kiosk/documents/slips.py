"""The slips of the lobby printer: one function for each, from the centre's data to a receipt."""

from collections.abc import Iterable, Iterator

from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Columns,
    Emphasis,
    QrCode,
    Receipt,
    Rule,
    Space,
    Text,
)
from kiosk.contract.accounts import Account, Entries, Entry
from kiosk.contract.catalogue import Catalogue, guide_url
from kiosk.contract.datafiles import Text as Words
from kiosk.contract.guide import Item
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import grouped
from kiosk.contract.operations import Operation, OperationState
from kiosk.documents.letterhead import Desk
from kiosk.documents.official import Grid, IsoDay, Official
from kiosk.messages import Message, msg
from kiosk.terms import term
from kiosk.values import Bilingual, Day, Digits, Moment, Month, Name, Yuan

QR_MODULE_MM = 0.375
"""Three dots at 203 dpi: a phone reads it from a hand's breadth, and the code fits on 58 mm paper."""


def balance_slip(account: Account, desk: Desk) -> Receipt:
    """The balance of one day; for information only."""
    return desk.slip(
        msg("slip.balance"),
        desk.row(msg("account.number"), Digits(account.number_masked)),
        desk.row(msg("account.state"), term("grzhzt", account.state)),
        desk.row(msg("slip.as-of"), Day(account.as_of)),
        Rule(),
        desk.row(msg("account.balance"), Yuan(account.balance), strong=True),
        desk.row(msg("account.carried-over"), Yuan(account.carried_over)),
        desk.row(msg("account.current-year"), Yuan(account.current_year)),
        desk.row(msg("account.accrued-interest"), Yuan(account.accrued_interest)),
        Rule(),
        desk.row(msg("account.monthly-deposit"), Yuan(account.monthly_deposit)),
        desk.row(msg("account.deposit-base"), Yuan(account.deposit_base)),
        desk.row(msg("account.paid-up-to"), Month(account.paid_up_to)),
    )


def entries_slip(account: Account, entries: Entries, desk: Desk) -> Receipt:
    """The entries of a period; for information only."""
    return desk.slip(
        msg("slip.entries"),
        desk.row(msg("account.number"), Digits(account.number_masked)),
        desk.row(msg("statement.from"), Day(entries.from_)),
        desk.row(msg("statement.to"), Day(entries.to)),
        Rule(),
        desk.row(msg("entries.opening"), Yuan(entries.opening)),
        _entry_columns(entries.entries, desk),
        Rule(),
        desk.row(msg("entries.in"), Yuan(entries.total_in)),
        desk.row(msg("entries.out"), Yuan(entries.total_out)),
        desk.row(msg("entries.closing"), Yuan(entries.closing), strong=True),
    )


def official_slip(paper: Official, desk: Desk, copy: int = 1) -> Receipt:
    """A paper that the centre has numbered and sealed, as wide as a receipt: all that its A4 sheet says."""
    desk = desk.speaking(paper.language)
    host = Bilingual(paper.verify_host, paper.verify_host)
    blocks: list[Block] = [
        desk.row(msg("number.document"), Digits(paper.number, personal=False), strong=True),
        desk.row(msg("document.issued-at"), paper.issued),
        Rule(),
        desk.text(paper.sentence),
        Space(1),
        *(desk.row(fact.label, fact.value, strong=fact.strong) for fact in (*paper.holder, *paper.facts)),
    ]
    if paper.grid is not None:
        blocks += [
            Rule(),
            desk.text(paper.grid.title, emphasis=Emphasis.BOLD),
            grid_columns(paper.grid, desk),
        ]
    blocks += [Rule()] if paper.grid is not None else []
    blocks += [desk.row(fact.label, fact.value, strong=fact.strong) for fact in paper.totals]
    blocks += [
        Space(1),
        QrCode(paper.verify_url, module_mm=QR_MODULE_MM),
        desk.text(msg("document.verify-at", host=host), Align.CENTRE),
        Space(1),
        desk.text(msg("document.currency")),
        desk.text(msg("document.sealed")),
    ]
    return desk.slip(paper.title, *blocks, copy=copy, official=True)


def grid_columns(grid: Grid, desk: Desk) -> Columns:
    """A table of an official paper."""
    return desk.columns(
        [column.label for column in grid.columns],
        grid.rows,
        [Align.RIGHT if column.right else Align.LEFT for column in grid.columns],
    )


def _entry_columns(entries: tuple[Entry, ...], desk: Desk) -> Columns:
    return desk.columns(
        (
            msg("slip.entries.on"),
            msg("slip.entries.kind"),
            msg("slip.entries.amount"),
            msg("slip.entries.balance"),
        ),
        tuple(
            (
                IsoDay(entry.on),
                term("gjhtqywlx", entry.kind),
                Yuan(entry.amount, signed=True),
                Yuan(entry.balance),
            )
            for entry in entries
        ),
        (Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT),
    )


def operation_slip(operation: Operation, desk: Desk, copy: int = 1) -> Receipt:
    """What the centre has answered of an operation. Of one that is done it is no more than a stand-in for the sealed
    receipt, and says so."""
    rows: list[Block] = [
        desk.row(msg("operation.state"), msg(f"operation.{operation.kind}.{operation.state}"), strong=True)
    ]
    optional: tuple[tuple[Message, Fen | None], ...] = (
        (msg("operation.amount"), operation.amount),
        (msg("review.balance-after"), operation.balance_after),
        (msg("review.account-after"), operation.account_after),
        (msg("compare.instalment"), operation.instalment_after),
        (msg("compare.saved"), operation.interest_saved),
    )
    rows += [desk.row(label, Yuan(amount)) for label, amount in optional if amount is not None]
    if operation.contract:
        rows.append(desk.row(msg("loan.contract.label"), Digits(operation.contract)))
    if operation.payout_card_masked:
        rows.append(desk.row(msg("closure.card"), Digits(operation.payout_card_masked)))
    if operation.state is OperationState.CONFIRMED:
        rows += [Rule(), desk.text(msg("paper.unsealed"))]
    return desk.slip(
        msg("slip.operation"), *_operation_rows(operation, desk), Rule(), *rows, copy=copy, official=True
    )


def processing_slip(number: str, desk: Desk) -> Receipt:
    """Being processed: the number, and what not to do."""
    return desk.slip(
        msg("slip.processing"),
        desk.row(msg("number.business"), Digits(grouped(number), personal=False), strong=True),
        Rule(),
        desk.text(msg("processing.do-not-repeat")),
        desk.text(msg("processing.look-up")),
    )


def _operation_rows(operation: Operation, desk: Desk) -> tuple[Block, ...]:
    rows: list[Block] = [
        desk.row(msg("number.business"), Digits(grouped(operation.number), personal=False), strong=True)
    ]
    if operation.receipt_number:
        rows.append(
            desk.row(msg("operation.receipt-number"), Digits(operation.receipt_number, personal=False))
        )
    if operation.name_masked:
        rows.append(desk.row(msg("document.holder"), Name(operation.name_masked)))
    if operation.account_masked:
        rows.append(desk.row(msg("account.number"), Digits(operation.account_masked)))
    if operation.completed_at:
        rows.append(desk.row(msg("operation.completed"), Moment(operation.completed_at)))
    return tuple(rows)


def guide_slip(catalogue: Catalogue, item: Item, base_url: str, desk: Desk) -> Receipt:
    """A business guide to take along: conditions, papers, steps, and the code for the phone."""
    words = catalogue.headings

    def said(words: Words | Bilingual) -> str:
        return "\n".join(desk.each(Bilingual(words.shown("zh"), words.shown("en"))))

    def section(heading: Words, *paragraphs: str) -> None:
        blocks.append(Text(said(heading), emphasis=Emphasis.BOLD))
        blocks.extend(map(Text, paragraphs))
        blocks.append(Space(1))

    def points(texts: Iterable[Words | Bilingual]) -> Iterator[str]:
        return (f"· {said(text)}" for text in texts)

    basis = zip(catalogue.basis_lines(item, "zh"), catalogue.basis_lines(item, "en"), strict=True)
    blocks: list[Block] = [Text(said(item.line)), Rule()]
    section(words.conditions, *points(item.conditions))
    section(words.bring, *points(item.bring or (words.bring_nothing,)))
    section(words.not_needed, *points(item.not_needed))
    section(words.steps, *(f"{number}. {said(step)}" for number, step in enumerate(item.steps, start=1)))
    section(words.time_limit, said(item.time_limit))
    section(words.basis, *points(Bilingual(zh, en) for zh, en in basis))
    blocks += [QrCode(guide_url(base_url, item.code)), desk.text(msg("guide.on-phone"), Align.CENTRE)]
    return desk.slip(msg("text", text=Bilingual(item.name.zh, item.name.en)), *blocks)
