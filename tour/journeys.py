"""Every service, the straight way, as a citizen walks it: from the idle screen to the paper and back again."""

import re
from collections.abc import Callable

from kiosk.contract.wire import Language
from tour.citizen import PASSWORD, Citizen, labelled
from tour.proof import slip_is_genuine

STARTED_BY_GUIDE = "L06"
"""The guide on early repayment has a button that starts it."""

BUSINESS_NUMBER = re.compile(r"^\d{4} \d{4} \d{4}$")
WANTED_BY_HEART = "20000"
"""Yuan that the citizen of the early repayment types in."""


def by_id_card(citizen: Citizen, who: str) -> None:
    """Identify with an ID card and the query password."""
    citizen.see("ways to identify", "identify.title")
    citizen.touch("identify.id-card")
    citizen.see("lay the ID card", "present.id-card")
    citizen.lay_id_card(who)
    citizen.see("password", "password.title", screen="EnterDigits")
    citizen.kiosk.device("id_card", "remove")
    citizen.confirm(PASSWORD)


def by_joint_card(citizen: Citizen, who: str) -> None:
    """Identify with a joint card and the query password."""
    citizen.wait_for("identify.title")
    citizen.touch("identify.joint-card")
    citizen.see("insert the joint card", "present.joint-card")
    citizen.insert_joint_card(who)
    citizen.wait_for("password.title", screen="EnterDigits")
    citizen.kiosk.device("joint_card", "remove")
    citizen.type_digits(PASSWORD)
    citizen.see("password is in", "screen.confirm")
    citizen.touch("screen.confirm")


def by_phone(citizen: Citizen, who: str) -> None:
    """Identify with a one-time code on a phone."""
    citizen.wait_for("identify.title")
    citizen.touch("identify.phone")
    citizen.see("show the phone", "present.phone")
    citizen.show_phone(who)
    citizen.wait_until_gone("present.phone")
    citizen.kiosk.device("scanner", "hide")


def take_paper(citizen: Citizen, title: str) -> None:
    """Take what was printed, and read that it is done."""
    citizen.see(f"take the {title}", "take.paper")
    citizen.kiosk.device("receipt_printer", "take_paper")
    citizen.see(f"{title} is printed", "paper.done", screen="Outcome")


def balance(citizen: Citizen, language: Language) -> None:
    """Balance, the entries of a year over several pages, and both on paper."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "hundreds")
    citizen.see("balance", "balance.title", "account.balance")
    citizen.touch("action.print")
    take_paper(citizen, "balance slip")
    citizen.touch("action.menu")
    citizen.see("menu, greeted by name", "visit.greeting")
    citizen.touch("service.balance")
    citizen.wait_for("balance.title")
    citizen.touch("balance.entries")
    citizen.see("period", "period.title")
    citizen.touch("screen.own-days")
    citizen.touch("screen.first-year-less")
    citizen.see("period by dates", "screen.take-period")
    citizen.touch("screen.presets")
    citizen.touch("period.year")
    citizen.see("entries", "entries.opening", "entries.closing", screen="Table")
    citizen.touch("screen.page-after")
    citizen.see("entries, page 2", screen="Table")
    citizen.touch("action.print")
    take_paper(citizen, "entries slip")
    citizen.touch("action.menu")
    citizen.finish()


def early_repayment(citizen: Citizen, language: Language) -> str:
    """Part of a loan, shorter term; the amount first too small. Returns the business number."""
    citizen.begin(language)
    citizen.touch("service.early_repayment")
    by_joint_card(citizen, "jia")
    citizen.see("part or all", "extent.title")
    citizen.touch("extent.part")
    citizen.see("amount, with its bounds", "amount.title", screen="EnterAmount")
    citizen.type_digits("5")
    citizen.see("amount too small", "screen.amount-low")
    citizen.touch("screen.erase")
    citizen.type_digits(WANTED_BY_HEART)
    citizen.see("amount is in", "amount.title")
    citizen.touch("screen.confirm")
    citizen.see("shorter term or smaller instalment", "compare.title", "compare.saved")
    citizen.touch_option(0)
    citizen.see("please check", "review.title")
    citizen.touch("action.next")
    citizen.see("consent", "consent.title")
    citizen.touch("consent.agree")
    citizen.see("password to repay", "repayment.password")
    citizen.confirm(PASSWORD)
    shown = citizen.see("repaid", "repayment.done", screen="Outcome")
    number = next(text for text in shown.texts if BUSINESS_NUMBER.match(text))
    citizen.touch("action.receipt")
    take_paper(citizen, "repayment receipt")
    slip_is_genuine(citizen, language)
    citizen.touch("action.menu")
    citizen.finish()
    return number.replace(" ", "")


def payoff(citizen: Citizen, language: Language) -> None:
    """Two loans, and back again; then somebody who can pay all of one, without paper."""
    citizen.begin(language)
    citizen.touch("service.early_repayment")
    by_joint_card(citizen, "two-loans")
    citizen.see("which loan", "loan.choose")
    citizen.touch_option(1)
    citizen.wait_for("extent.title")
    citizen.touch("screen.back")
    citizen.wait_for("loan.choose")
    citizen.touch("screen.back")
    citizen.wait_for("menu.title")
    citizen.finish()
    citizen.begin(language)
    citizen.touch("service.early_repayment")
    by_joint_card(citizen, "pays-off")
    citizen.see("enough for all of it", "extent.title", "extent.payoff")
    citizen.touch("extent.full")
    citizen.see("please check the settlement", "review.title")
    citizen.touch("action.next")
    citizen.wait_for("consent.title")
    citizen.touch("consent.agree")
    citizen.wait_for("repayment.password")
    citizen.confirm(PASSWORD)
    citizen.see("settled", "repayment.done")
    citizen.touch("action.without-receipt")
    citizen.finish()


def closure(citizen: Citizen, language: Language) -> None:
    """Closing the account on retirement; before that, somebody who is too young."""
    citizen.begin(language)
    citizen.touch("service.closure")
    by_phone(citizen, "retires-next-month")
    citizen.see("too young", "closure.not-eligible", screen="Checklist")
    citizen.touch("action.menu")
    citizen.finish()
    citizen.begin(language)
    citizen.touch("service.closure")
    by_phone(citizen, "retires-now")
    citizen.see("all conditions met", "closure.eligible", screen="Checklist")
    citizen.touch("action.next")
    citizen.see("what will be paid", "closure.payout")
    citizen.touch("action.next")
    citizen.see("consent to close", "consent.title")
    citizen.touch("consent.agree")
    citizen.wait_for("closure.password")
    citizen.confirm(PASSWORD)
    citizen.see("closed", "closure.done", screen="Outcome")
    citizen.touch("action.receipt")
    take_paper(citizen, "closure receipt")
    slip_is_genuine(citizen, language)
    citizen.touch("action.menu")
    citizen.finish()


def guides(citizen: Citizen, language: Language) -> None:
    """Browse to a guide, leaf through it, print it; then open one by its code and start what it is about."""
    citizen.begin(language)
    citizen.touch("service.guides")
    citizen.see("shelves", "guide.shelves")
    citizen.touch_option(0)
    citizen.see("titles")
    citizen.touch_option(0)
    citizen.see("guide", screen="Guide")
    address = citizen.read_code()
    for number in citizen.pages():
        citizen.see(f"guide, page {number}", screen="Guide")
    citizen.touch("action.print")
    take_paper(citizen, "guide slip")
    citizen.touch("action.menu")
    citizen.wait_for("menu.title")
    citizen.touch("service.guides")
    citizen.wait_for("guide.shelves")
    citizen.to_page_with(lambda shown: labelled(shown, "guide.by-code"))
    citizen.touch("guide.by-code")
    citizen.see("hold a guide's code", "guide.scan")
    citizen.kiosk.device("scanner", "show", text=f"{address.rpartition('/')[0]}/{STARTED_BY_GUIDE}")
    citizen.see("guide by its code", "guide.start", screen="Guide")
    citizen.kiosk.device("scanner", "hide")
    citizen.touch("guide.start")
    citizen.see("the service that the guide starts", "identify.title")
    citizen.finish()


def statement(citizen: Citizen, language: Language) -> None:
    """A statement of an interest year, numbered by the centre; there is a name with a rare character on it."""
    citizen.begin(language)
    citizen.touch("service.statement")
    by_id_card(citizen, "yan")
    citizen.wait_for("period.title")
    citizen.touch("period.interest-year")
    citizen.see("what will be on it", "statement.title")
    citizen.touch("statement.print")
    take_paper(citizen, "statement")
    slip_is_genuine(citizen, language)
    citizen.touch("action.menu")
    citizen.finish()


def lookup(citizen: Citizen, language: Language, number: str) -> None:
    """What became of a transaction, by its number: first a wrong one."""
    citizen.begin(language)
    citizen.touch("service.lookup")
    by_id_card(citizen, "jia")
    citizen.see("business number", "lookup.title")
    citizen.type_digits(number[:6])
    citizen.see("business number, half of it", "lookup.title")
    citizen.touch("screen.clear")
    citizen.confirm("123412341234")
    citizen.see("no such number", "lookup.unknown")
    citizen.confirm(number)
    citizen.see("found", "operation.repayment.confirmed", screen="Outcome")
    citizen.touch("action.print")
    take_paper(citizen, "copy of the receipt")
    slip_is_genuine(citizen, language)
    citizen.touch("action.menu")
    citizen.finish()


def loans(citizen: Citizen, language: Language) -> None:
    """What is left of a loan, where its payments go, all of them, and on to repaying early."""
    citizen.begin(language)
    citizen.touch("service.loans")
    by_joint_card(citizen, "jia")
    citizen.see("my loan", "loans.title", "loan.balance")
    citizen.touch("loans.schedule")
    citizen.see("payment schedule", "loans.due", screen="Table")
    citizen.touch("service.early_repayment")
    citizen.wait_for("extent.title")
    citizen.finish()


Journey = Callable[[Citizen, Language], object]

JOURNEYS: dict[str, Journey] = {
    "Balance": balance,
    "Loans": loans,
    "Early repayment and lookup": lambda citizen, language: lookup(
        citizen, language, early_repayment(citizen, language)
    ),
    "Paying a loan off": payoff,
    "Closing on retirement": closure,
    "Guides": guides,
    "Statement": statement,
}
