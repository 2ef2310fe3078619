"""An official paper as it is read aloud to somebody who cannot look at its picture: what it says, in its order."""

from collections.abc import Iterator

from kiosk.documents.letterhead import reprint_mark
from kiosk.documents.official import Official
from kiosk.messages import Part, msg
from kiosk.values import Digits

MOST_ROWS = 40
"""Of a longer table only the name is said, and the sums under it: nobody listens to it for ten minutes at a kiosk."""


def read_aloud(paper: Official, copy: int = 1) -> tuple[Part, ...]:
    """Title, number, sentence, every labelled value, and the table row by row. Codes are silent."""
    return tuple(_parts(paper, copy))


def _parts(paper: Official, copy: int) -> Iterator[Part]:
    yield paper.title
    if copy > 1:
        yield reprint_mark(copy)
    yield from (msg("number.document"), Digits(paper.number, personal=False))
    yield from (msg("document.issued-at"), paper.issued)
    yield paper.sentence
    for fact in (*paper.holder, *paper.facts):
        yield from (fact.label, fact.value)
    if paper.grid is not None:
        yield paper.grid.title
        for row in paper.grid.rows if len(paper.grid.rows) <= MOST_ROWS else ():
            for column, cell in zip(paper.grid.columns, row, strict=True):
                yield from (column.label, cell)
    for fact in paper.totals:
        yield from (fact.label, fact.value)
