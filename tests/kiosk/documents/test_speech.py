"""A paper as it is read aloud: all that stands on it, in words, and what is the citizen's own marked as such."""

import re

import pytest

from hardware.receipt_printer.receipt import Row
from kiosk.contract.wire import Language
from kiosk.documents.official import official
from kiosk.documents.slips import official_slip
from kiosk.documents.speech import MOST_ROWS, read_aloud
from kiosk.messages import LANGUAGES, personal, speech, text
from tests.kiosk.documents.samples import KINDS, LONG_NAME, desk, document


def said(kind: str, language: Language, entries: int = 2) -> list[str]:
    return [speech(part, language) for part in read_aloud(official(document(kind, entries=entries)))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_said_in_words(kind: str, language: Language) -> None:
    figures = [words for words in said(kind, language) if re.search(r"\d\.\d\d", words)]
    assert figures == [], "an amount is said in words, so that every voice says the same"


@pytest.mark.parametrize("kind", KINDS)
def test_every_labelled_value_of_the_slip_is_said(kind: str) -> None:
    paper = official(document(kind, "en", entries=2, holder=LONG_NAME))
    heard = [text(part, "en") for part in read_aloud(paper)]
    at = desk(language="en")
    foot = [block for block in at.slip(paper.title).blocks if isinstance(block, Row)]
    rows = [
        block for block in official_slip(paper, at).blocks if isinstance(block, Row) and block not in foot
    ]
    assert rows
    for row in rows:
        place = heard.index(row.label)
        assert heard[place + 1] == row.value.replace("\n", " "), row.label


def test_labels_and_values_follow_each_other() -> None:
    heard = said("deposit-certificate", "en")
    assert heard[heard.index("Paid up to") + 1] == "October twenty twenty-six"
    assert (
        heard[heard.index("Monthly deposit") + 1]
        == "seven thousand four hundred and ninety-six yuan sixteen fen"
    )


def test_whose_it_is_is_for_a_headset_only() -> None:
    paper = official(document("deposit-certificate"))
    own = [part for part in read_aloud(paper) if personal(part)]
    assert {fact.value for fact in paper.holder} <= set(own)


def test_a_reprint_is_said_to_be_one() -> None:
    paper = official(document("statement"))
    assert [part for part in read_aloud(paper, 3) if part not in read_aloud(paper)] != []


def test_of_a_long_table_the_sums_are_said() -> None:
    short, long = (read_aloud(official(document("statement", entries=n))) for n in (MOST_ROWS, MOST_ROWS + 1))
    paper = official(document("statement", entries=MOST_ROWS + 1))
    assert len(short) - len(long) == 4 * MOST_ROWS * 2
    assert paper.grid is not None and paper.grid.title in long
    assert [fact.value for fact in paper.totals] == list(long[-2 * len(paper.totals) + 1 :: 2])
