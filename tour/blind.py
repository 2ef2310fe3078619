"""The services without sight: through the headset and four keys and digits, in either language.

Cards, phone and paper are put in and taken by hand; the bench plays the hands when the voice asks for them.
"""

from collections.abc import Callable

from kiosk.contract.operation_id import BUSINESS_NUMBER_DIGITS
from kiosk.contract.wire import Language
from tour.citizen import PASSWORD, Citizen
from tour.ear import Keypad, Listener
from tour.journeys import Journey

WANTED = "20000"
"""Yuan of the early repayment."""


def put_headset_in(blind: Listener) -> None:
    """Plug the headset in, where it is not in yet: the voice says how the keys are used."""
    if blind.kiosk.get("/speech"):
        return
    blind.kiosk.device("speaker", "plug")
    blind.listen_for("voice.welcome", language=blind.idle_language)


def begin(blind: Listener) -> None:
    """From the idle screen to the menu, in the listener's language."""
    blind.begin()
    blind.listen_for("menu.title")


def by_id_card(blind: Listener, who: str) -> None:
    """Identify with an ID card and the query password."""
    blind.listen_for("identify.title")
    blind.choose("identify.id-card")
    blind.listen_for("present.id-card")
    blind.kiosk.device("id_card", "insert", id_number=blind.kiosk.person(who)["id_number"])
    blind.listen_for("password.title")
    blind.kiosk.device("id_card", "remove")
    blind.confirm(PASSWORD)


def take_paper(blind: Listener) -> None:
    """Take the slip when the voice says that it is there, and go back to the menu."""
    blind.listen_for("take.paper")
    blind.kiosk.device("receipt_printer", "take_paper")
    blind.listen_for("paper.done")
    blind.choose("action.menu")
    blind.listen_for("menu.title")


def finish(blind: Listener) -> None:
    """Finish and clear, and hear the idle screen again."""
    blind.choose("screen.finish")
    blind.wait_for_idle()


def balance(blind: Listener) -> None:
    """Hear the balance, and take it away on paper."""
    begin(blind)
    blind.choose("service.balance")
    by_id_card(blind, "jia")
    blind.listen_for("balance.title")
    blind.listen_for("account.balance")
    blind.listen_for_own()
    blind.choose("action.print")
    take_paper(blind)
    finish(blind)


def early_repayment(blind: Listener) -> None:
    """Part of a loan, for a shorter term: what it costs and saves is heard before anything is agreed to.

    Then its number, written down by ear, is looked up.
    """
    begin(blind)
    blind.choose("service.early_repayment")
    by_id_card(blind, "jia")
    blind.listen_for("extent.title")
    blind.choose("extent.part")
    blind.listen_for("amount.title")
    blind.type_digits(WANTED)
    blind.choose("screen.confirm")
    blind.listen_for("compare.title")
    blind.choose_option(0)
    blind.listen_for("review.title")
    blind.choose("action.next")
    blind.listen_for("consent.title")
    blind.choose("consent.agree")
    blind.listen_for("repayment.password")
    blind.confirm(PASSWORD)
    blind.listen_for("repayment.done")
    number = blind.listen_for_digits(BUSINESS_NUMBER_DIGITS)
    blind.choose("action.receipt")
    take_paper(blind)
    blind.choose("service.lookup")
    blind.listen_for("lookup.title")
    blind.confirm(number)
    blind.listen_for("operation.submitted")
    finish(blind)


def loans(blind: Listener) -> None:
    """Hear what is left of a loan, what its picture shows, and the payments to come."""
    begin(blind)
    blind.choose("service.loans")
    by_id_card(blind, "jia")
    blind.listen_for("loans.title")
    blind.listen_for_own()
    blind.listen_for("chart.instalments")
    blind.choose("loans.schedule")
    blind.listen_for("loans.due")
    blind.choose("action.menu")
    blind.listen_for("menu.title")
    finish(blind)


def certificates(blind: Listener) -> None:
    """A certificate of deposits: what will stand on it is heard before it is printed."""
    begin(blind)
    blind.choose("service.certificates")
    by_id_card(blind, "jia")
    blind.listen_for("certificates.title")
    blind.choose("document.kind.deposit-certificate")
    blind.listen_for("certificates.preview.title")
    blind.listen_for("document.sentence.deposit-certificate")
    blind.listen_for_own()
    blind.choose("certificates.print")
    take_paper(blind)
    finish(blind)


def closure(blind: Listener) -> None:
    """Closing the account on retirement."""
    begin(blind)
    blind.choose("service.closure")
    by_id_card(blind, "retires-now")
    blind.listen_for("closure.eligible")
    blind.choose("action.next")
    blind.listen_for("closure.payout")
    blind.choose("action.next")
    blind.listen_for("consent.title")
    blind.choose("consent.agree")
    blind.listen_for("closure.password")
    blind.confirm(PASSWORD)
    blind.listen_for("closure.done")
    blind.choose("action.receipt")
    take_paper(blind)
    finish(blind)


def guides(blind: Listener) -> None:
    """Browse to a guide, hear it, and take it on paper."""
    begin(blind)
    blind.choose("service.guides")
    blind.listen_for("guide.shelves")
    blind.choose_option(0)
    blind.listen_for("voice.role.option")
    blind.choose_option(0)
    blind.listen_for("action.print")
    blind.choose("action.print")
    take_paper(blind)
    finish(blind)


def statement(blind: Listener) -> None:
    """A statement of an interest year."""
    begin(blind)
    blind.choose("service.statement")
    by_id_card(blind, "yan")
    blind.listen_for("period.title")
    blind.choose("period.interest-year")
    blind.listen_for("statement.title")
    blind.choose("statement.print")
    take_paper(blind)
    finish(blind)


def blindly(walk: Callable[[Listener], None]) -> Journey:
    """A walk as a journey of the tour: nothing of the citizen is used but their kiosk and its display."""

    def journey(citizen: Citizen, language: Language) -> None:
        blind = Listener(citizen.kiosk, Keypad(citizen.glass.display), language)
        put_headset_in(blind)
        walk(blind)

    return journey


WALKS: dict[str, Callable[[Listener], None]] = {
    "Balance, blind": balance,
    "Loans, blind": loans,
    "Early repayment and lookup, blind": early_repayment,
    "Closing on retirement, blind": closure,
    "Guides, blind": guides,
    "Statement, blind": statement,
    "Certificates, blind": certificates,
}

BLIND: dict[str, Journey] = {title: blindly(walk) for title, walk in WALKS.items()}
