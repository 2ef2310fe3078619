"""Issuing an official paper: the centre numbers and seals it, the citizen checks it on the screen, then it is printed.

A paper moves no money: asking for it is remembered like any question, under an id that a replay asks under again.
Its printing is journalled copy by copy like that of every operation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args
from uuid import UUID

from hardware.device import Kind
from kiosk import central
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.papers import Document, DocumentRequest, PaperKind
from kiosk.contract.wire import DocumentLanguage
from kiosk.documents.a4.press import press
from kiosk.documents.letterhead import Desk
from kiosk.documents.official import official
from kiosk.documents.preview import slip_pictures
from kiosk.documents.slips import official_slip
from kiosk.documents.speech import read_aloud
from kiosk.faults import advice
from kiosk.flows.paper import hand_out_document
from kiosk.line import Line
from kiosk.messages import Message, msg
from kiosk.print_jobs import Paper
from kiosk.prompts import Action, Preview
from kiosk.values import Count
from kiosk.visit import Visit

SLIP_KINDS: frozenset[PaperKind] = frozenset(
    {"statement", "interest-statement", "deposit-certificate", "repayment-receipt", "closure-receipt"}
)
"""What exists as wide as a receipt too; the rest is for banks and registries, which want a sheet."""

SLIP_MAX_ENTRIES = 150
"""A statement on a slip is about a metre long at the most."""

LANGUAGES: tuple[DocumentLanguage, ...] = get_args(DocumentLanguage)


@dataclass(frozen=True)
class Circumstances:
    """How things stood when the service began: a replay must find them unchanged."""

    desk: Desk
    no_a4: Message | None
    """Why there is no A4 sheet to be had; None when there is."""

    no_slip: Message | None

    def printer(self, kind: str) -> Kind | None:
        """What this kind of paper is printed with; None when that cannot be done here."""
        if self.no_a4 is None:
            return Kind.A4_PRINTER
        return Kind.RECEIPT_PRINTER if kind in SLIP_KINDS and self.no_slip is None else None

    def reason(self, kind: str) -> Message | None:
        """Why this kind of paper cannot be had here and now; None when it can."""
        if self.printer(kind) is not None:
            return None
        return self.no_slip if kind in SLIP_KINDS and self.no_slip is not None else self.no_a4


async def circumstances(visit: Visit) -> Circumstances:
    """Remembered, like everything that is fetched."""

    def printers_and_desk(line: Line) -> Circumstances:
        return Circumstances(
            visit.desk(), _unusable(visit, Kind.A4_PRINTER), _unusable(visit, Kind.RECEIPT_PRINTER)
        )

    return await visit.fetch(printers_and_desk)


def _unusable(visit: Visit, kind: Kind) -> Message | None:
    device = visit.devices.get(kind)
    if device is None:
        return msg("certificates.no-a4") if kind is Kind.A4_PRINTER else msg("need.receipt-printer")
    if device.status.usable:
        return None
    if device.status.fault is not None:
        return advice(kind, device.status.fault).citizen
    return msg("need.starting")


async def issue_and_hand_out(
    visit: Visit,
    found: Circumstances,
    kind: PaperKind,
    *,
    title: Message,
    printed: Message,
    first: date | None = None,
    last: date | None = None,
    contract: str | None = None,
) -> None:
    """From the request to the paper in the hand. `printed` is on the button that prints. Raises Refused."""
    language: DocumentLanguage = found.desk.language
    while True:
        request = DocumentRequest.model_validate(
            {"kind": kind, "language": language, "from": first, "to": last, "contract": contract}
        )
        operation_id = await visit.fetch(new_id)
        document = await visit.fetch(central.issue_document, operation_id, request)
        others = tuple(
            Action(other, msg(f"certificates.language.{other}")) for other in LANGUAGES if other != language
        )
        choice = await _preview(visit, found, document, title, printed, others)
        if choice == "print":
            break
        language = choice
    await _print(visit, found, document, 1)


async def hand_out_again(
    visit: Visit, found: Circumstances, operation_id: UUID, copies: int, *, title: Message, printed: Message
) -> None:
    """A paper that was issued before, under its number, marked as a reprint. Raises Refused."""
    document = await visit.fetch(central.document, operation_id)
    await _preview(visit, found, document, title, printed, (), copies + 1)
    await _print(visit, found, document, copies + 1)


def new_id(line: Line) -> UUID:
    """The id under which the centre is asked."""
    return new_operation_id(line.now_ms())


async def _preview(
    visit: Visit,
    found: Circumstances,
    document: Document,
    title: Message,
    printed: Message,
    others: tuple[Action, ...],
    copy: int = 1,
) -> Any:
    pages, explain = await visit.make(_drawn, found, document, copy)
    actions = (Action("print", printed, "primary", icon="print"), *others)
    return await visit.ask(Preview(title, pages, actions, explain, read_aloud(official(document), copy)))


def _drawn(found: Circumstances, document: Document, copy: int) -> tuple[tuple[bytes, ...], Message]:
    """The pages, and what they will be printed on. Dated as the paper is, so that it looks the same when it is
    drawn again."""
    desk = replace(found.desk, printed_at=document.issued_at)
    paper = official(document)
    if found.printer(document.kind) is Kind.A4_PRINTER:
        sheets = press().pdf(paper, desk, copy)
        pages = press().pictures(paper, desk, sheets, copy)
        if len(pages) < sheets.pages:
            return pages, msg(
                "certificates.preview.first", pages=Count(sheets.pages), shown=Count(len(pages))
            )
        return pages, msg("certificates.preview.a4", pages=Count(sheets.pages))
    return slip_pictures(official_slip(paper, desk, copy)), msg("certificates.preview.slip")


async def _print(visit: Visit, found: Circumstances, document: Document, copy: int) -> None:
    printer = found.printer(document.kind)
    assert printer is not None, "a paper that cannot be printed here is not offered"
    await hand_out_document(visit, document, _maker(document, visit.desk(), printer), printer, copy)


def _maker(document: Document, desk: Desk, printer: Kind) -> Callable[[int], Paper]:
    paper = official(document)
    if printer is Kind.A4_PRINTER:
        return lambda copy: press().pdf(paper, desk, copy)
    return lambda copy: official_slip(paper, desk, copy)
