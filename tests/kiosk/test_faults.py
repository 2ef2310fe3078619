"""The fault table: complete, stable, and the same on paper."""

from pathlib import Path

from hardware.device import Fault, Kind
from kiosk.faults import TABLE, WITHDRAWN, advice
from kiosk.faults_doc import page
from kiosk.messages import LANGUAGES, text

ROOT = Path(__file__).parent.parent.parent


def test_every_row_says_what_citizen_and_staff_are_to_do_in_both_languages() -> None:
    for row in TABLE:
        for language in LANGUAGES:
            assert text(row.citizen, language)
            assert text(row.staff, language)


def test_numbers_are_unique() -> None:
    assert len({row.number for row in TABLE}) == len(TABLE)


def test_known_numbers_never_change() -> None:
    known = {"101": ("id_card", "disconnected"), "111": ("id_card", "sam_refused")}
    known |= {"401": ("receipt_printer", "disconnected"), "407": ("receipt_printer", "paper_out")}
    known |= {"310": ("scanner", "code_not_text"), "211": ("joint_card", "card_service_down")}
    assert {row.number: (row.kind.value, row.fault.value) for row in TABLE if row.number in known} == known


def test_every_fault_that_a_driver_can_name_stands_somewhere() -> None:
    assert {row.fault for row in TABLE} == set(Fault)


def test_a_cause_without_a_row_is_a_hardware_error() -> None:
    assert advice(Kind.ID_CARD, Fault.PAPER_OUT).fault is Fault.HARDWARE


def test_the_page_for_staff_is_made_from_the_table() -> None:
    assert (ROOT / "docs" / "faults.md").read_text("utf-8") == page(), "run python -m kiosk.faults_doc"


def test_every_kind_of_device_has_the_rows_that_any_can_need() -> None:
    for kind in Kind:
        assert advice(kind, Fault.HARDWARE).kind is kind
        assert advice(kind, Fault.HUNG).kind is kind


def test_a_number_that_was_withdrawn_is_never_given_again() -> None:
    assert not WITHDRAWN & {row.number for row in TABLE}
