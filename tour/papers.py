"""Statements and certificates on A4, and again: each held before a phone when it is out."""

from kiosk.contract.wire import Language
from tour.citizen import Citizen
from tour.journeys import Journey, by_id_card
from tour.proof import sheet_is_genuine

REPRINT = {"zh": "补打", "en": "Reprint"}


def take_sheets(citizen: Citizen, language: Language, title: str, *said: str) -> None:
    """Take the sheets from the tray, check their code, and go on."""
    citizen.see(f"{title} is printed", "paper.done", screen="Outcome", most_s=40)
    sheet_is_genuine(citizen, language, *said)
    citizen.touch("action.menu")


def at_certificates(citizen: Citizen, language: Language, who: str) -> None:
    """Begin a visit and come to the list of certificates."""
    citizen.begin(language)
    citizen.touch("service.certificates")
    by_id_card(citizen, who)
    citizen.wait_for("certificates.title")


def print_previewed(citizen: Citizen, language: Language, title: str, *said: str) -> None:
    """Look at what will be printed, and print it."""
    citizen.see(title, "certificates.preview.title", screen="Preview")
    citizen.touch("certificates.print")
    take_sheets(citizen, language, title, *said)


def statement(citizen: Citizen, language: Language) -> None:
    """A statement of a year, as many sheets as it takes."""
    citizen.begin(language)
    citizen.touch("service.statement")
    by_id_card(citizen, "hundreds")
    citizen.wait_for("period.title")
    citizen.touch("period.interest-year")
    citizen.see("what will be on it, page by page", "statement.title", screen="Preview")
    citizen.touch("statement.print")
    take_sheets(citizen, language, "statement")
    citizen.finish()


def certificate(citizen: Citizen, language: Language) -> None:
    """A deposit certificate in two languages; then the same paper again, marked as a reprint."""
    at_certificates(citizen, language, "yan")
    citizen.see("which paper", "certificates.title")
    citizen.touch("document.kind.deposit-certificate")
    citizen.see("certificate, in one language", "certificates.preview.title", screen="Preview")
    citizen.touch("certificates.language.both")
    citizen.see("certificate, in both", "certificates.language.zh", screen="Preview")
    citizen.touch("certificates.print")
    take_sheets(citizen, language, "certificate", "缴存证明", "Certificate of deposit")
    citizen.touch("service.certificates")
    citizen.touch("certificates.again")
    citizen.see("which one again", "certificates.again.title")
    citizen.touch_option(0)
    print_previewed(citizen, language, "reprint, marked", "补打", "Reprint")
    citizen.finish()


def of_a_loan(citizen: Citizen, language: Language) -> None:
    """A schedule of one of two loans, and the use of loans for another city; then a settled loan's certificate."""
    at_certificates(citizen, language, "two-loans")
    citizen.touch("document.kind.repayment-schedule")
    citizen.see("which loan", "certificates.loan.title")
    citizen.touch_option(0)
    print_previewed(citizen, language, "schedule")
    citizen.touch("service.certificates")
    citizen.touch("document.kind.loan-use-certificate")
    print_previewed(citizen, language, "certificate of loan use")
    citizen.finish()
    at_certificates(citizen, language, "settled")
    citizen.touch("document.kind.settled-certificate")
    print_previewed(citizen, language, "settled certificate")
    citizen.finish()


def paper_runs_out(citizen: Citizen, language: Language) -> None:
    """The tray is empty after the first sheet: said so, and printed again whole, marked, once there is paper."""
    at_certificates(citizen, language, "yan")
    citizen.touch("document.kind.interest-statement")
    citizen.wait_for("certificates.preview.title", screen="Preview")
    citizen.kiosk.device("a4_printer", "fail", scenario="paper_out_midway")
    citizen.touch("certificates.print")
    citizen.see("the tray is empty", "fault.a4_printer.paper_out", screen="Outcome", most_s=40)
    citizen.kiosk.device("a4_printer", "recover")
    citizen.touch("paper.again")
    take_sheets(citizen, language, "whole paper", REPRINT[language])
    citizen.finish()


PAPERS: dict[str, Journey] = {
    "Statement on A4": statement,
    "Certificate and reprint": certificate,
    "Papers of a loan": of_a_loan,
    "A4 paper runs out": paper_runs_out,
}
