"""What an official paper says: complete, in order, and never printed when its figures contradict each other."""

from collections.abc import Callable

import pytest

from kiosk.contract.money import Fen
from kiosk.contract.papers import Document
from kiosk.documents.official import Untied, official
from kiosk.messages import LANGUAGES, text
from tests.kiosk.documents.samples import HOST, KINDS, LARGEST, document


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_document_is_on_the_paper(kind: str) -> None:
    paper = document(kind)
    made = official(paper)
    plain = [field for field in paper.fields if field.group == 0]
    shown = len(made.holder) + len(made.facts) + len(made.totals)
    ends = sum(end is not None for end in (paper.opening, paper.closing))
    assert shown == len(plain) + ends + 3, "holder, identity number and account besides"
    groups = {field.group for field in paper.fields} - {0}
    rows = len(made.grid.rows) if made.grid else 0
    assert rows == len(groups) + len(paper.entries) + len(paper.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_every_label_has_words_in_both_languages(kind: str) -> None:
    made = official(document(kind))
    labels = [fact.label for fact in (*made.holder, *made.facts, *made.totals)]
    labels += [column.label for column in made.grid.columns] if made.grid else []
    for part in (made.title, made.sentence, *labels):
        for language in LANGUAGES:
            assert text(part, language)


def test_the_host_of_the_code_is_said_in_words() -> None:
    assert official(document("statement")).verify_host == HOST


def _entry(paper: Document, **change: object) -> Document:
    first, *rest = paper.entries
    return paper.model_copy(update={"entries": (first.model_copy(update=change), *rest)})


def _field(paper: Document, key: str, value: str) -> Document:
    fields = tuple(
        field.model_copy(update={"value": value}) if field.key == key else field for field in paper.fields
    )
    return paper.model_copy(update={"fields": fields})


TAMPERED: dict[str, tuple[str, Callable[[Document], Document]]] = {
    "an amount": ("statement", lambda paper: _entry(paper, amount=Fen(1))),
    "a balance": ("statement", lambda paper: _entry(paper, balance=Fen(1))),
    "the opening": ("statement", lambda paper: paper.model_copy(update={"opening": Fen(0)})),
    "the closing": ("statement", lambda paper: paper.model_copy(update={"closing": Fen(LARGEST - 1)})),
    "an entry less": ("statement", lambda paper: paper.model_copy(update={"entries": paper.entries[:-1]})),
    "money in": ("statement", lambda paper: _field(paper, "total-in", "0.01")),
    "money out": ("statement", lambda paper: _field(paper, "total-out", "0.01")),
    "interest left": ("repayment-schedule", lambda paper: _field(paper, "interest-left", "0.01")),
    "payments left": ("repayment-schedule", lambda paper: _field(paper, "payments-left", "0.01")),
    "an instalment": (
        "repayment-schedule",
        lambda paper: paper.model_copy(
            update={"rows": (paper.rows[0].model_copy(update={"payment": Fen(1)}), *paper.rows[1:])}
        ),
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_paper_that_contradicts_itself_is_never_made(what: str) -> None:
    kind, change = TAMPERED[what]
    paper = document(kind)
    official(paper)
    with pytest.raises(Untied):
        official(change(paper))


def test_an_empty_period_ties_too() -> None:
    made = official(document("statement", entries=0))
    assert made.grid is not None
    assert made.grid.rows == ()
