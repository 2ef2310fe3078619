"""What goes wrong in a lobby, and what the citizen is told then. After each the kiosk is ready for the next citizen."""

from collections.abc import Callable

from kiosk.contract.wire import Language
from tour.citizen import PASSWORD, Citizen, Unexpected
from tour.journeys import Journey, by_id_card, by_joint_card, take_paper

SETTINGS = {"KIOSK_TIMEOUTS__IDLE_S": "10", "KIOSK_TIMEOUTS__PAPER_S": "4", "KIOSK_TIMEOUTS__DEVICE_S": "30"}
"""A lobby in a hurry: an idle citizen is asked after 10 s."""

IDLE_WIPE_S = 45.0
"""10 s, the warning's 20 s, and as much again for a slow machine."""

RECOVERY_S = 60.0
"""The line is looked at once in a while; a visit without a touch would be wiped before that."""

HOMEPAGE = "https://www.example.org/~somebody/holidays.html"
LONG_QR = "x" * 900
"""More than any code of the fund has. No QR symbol holds over 2,953 bytes, nor is one so dense read off a phone."""

UNKNOWN_ID = "110105194912310029"
WRONG_PASSWORD = "654321"  # noqa: S105
TRIES = 5


def paper_out_before(citizen: Citizen, language: Language) -> None:
    """Without paper, statements are off on the menu with the reason; a new roll brings them back."""
    printer = citizen.kiosk.device
    printer("receipt_printer", "set", paper="out")
    citizen.begin(language)
    citizen.see("no paper: the tile says so", "fault.receipt_printer.paper_out", screen="Menu")
    printer("receipt_printer", "set", paper="full")
    citizen.wait_until_gone("fault.receipt_printer.paper_out")
    citizen.see("a new roll", screen="Menu")
    citizen.finish()


def paper_out_during(citizen: Citizen, language: Language) -> None:
    """The roll ends in the middle of a slip: said so, and printed whole once there is paper again."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "jia")
    citizen.wait_for("balance.title")
    citizen.kiosk.device("receipt_printer", "fail", scenario="paper_out_in_print")
    citizen.touch("action.print")
    citizen.see("the paper ran out", "fault.receipt_printer.paper_out", screen="Outcome", most_s=40)
    citizen.kiosk.device("receipt_printer", "recover")
    citizen.touch("paper.again")
    take_paper(citizen, "slip, on new paper")
    citizen.touch("action.menu")
    citizen.finish()


def paper_left(citizen: Citizen, language: Language) -> None:
    """The paper is not taken: called for twice, then pulled back."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "jia")
    citizen.wait_for("balance.title")
    citizen.touch("action.print")
    citizen.see("take the paper", "take.paper")
    citizen.see("called again", "take.paper.call")
    citizen.see("pulled back", screen="Outcome")
    citizen.touch("paper.without")
    citizen.finish()


def come_to(citizen: Citizen, language: Language, way: str) -> None:
    """From the idle screen to where a card or code is asked for."""
    citizen.begin(language)
    citizen.touch("service.balance")
    citizen.wait_for("identify.title")
    citizen.touch(f"identify.{way}")
    citizen.wait_for(f"present.{way}")


def card_pulled(citizen: Citizen, language: Language) -> None:
    """The joint card leaves in the middle of the reading; then the citizen waits."""
    pulled(citizen, language, "joint_card", citizen.insert_joint_card)


def id_card_pulled(citizen: Citizen, language: Language) -> None:
    """The same with the ID card."""
    pulled(citizen, language, "id_card", citizen.lay_id_card)


def pulled(citizen: Citizen, language: Language, device: str, give: Callable[[str], object]) -> None:
    """A card goes too soon, and is given again."""
    citizen.kiosk.device(device, "fail", scenario="pulled")
    come_to(citizen, language, device.replace("_", "-"))
    give("jia")
    citizen.see("pulled too soon", f"fault.{device}.card_removed")
    citizen.kiosk.device(device, "recover")
    give("jia")
    citizen.wait_for("password.title")
    citizen.kiosk.device(device, "remove")
    citizen.finish()


def card_left(citizen: Citizen, language: Language) -> None:
    """The citizen goes and leaves the card in the reader: it is called out."""
    come_to(citizen, language, "joint-card")
    citizen.insert_joint_card("jia")
    citizen.wait_for("password.title")
    citizen.touch("screen.finish")
    citizen.see("take your card", "take.joint-card")
    citizen.kiosk.device("joint_card", "remove")
    citizen.wait_for(screen="Attract")


def stay_until_gone(citizen: Citizen, key: str) -> None:
    """Wait until a text cannot be read any more, and say "still here" whenever asked. Raises Unexpected."""

    def gone() -> bool:
        if citizen.reads("screen.idle-stay"):
            citizen.touch("screen.idle-stay")
        return not citizen.reads(key)

    if not citizen.kiosk.wait_until(gone, RECOVERY_S):
        raise Unexpected(f"{key} did not go away in {RECOVERY_S:.0f} s")


def centre_gone(citizen: Citizen, language: Language) -> None:
    """The line is cut in the middle of a visit; later it is back."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "jia")
    citizen.wait_for("balance.title")
    citizen.kiosk.line("cut")
    citizen.touch("balance.entries")
    citizen.wait_for("period.title")
    citizen.touch("period.year")
    citizen.see("the centre cannot be reached", "centre.unreachable", most_s=40)
    citizen.touch("action.menu")
    citizen.see("what still works", "need.centre", screen="Menu")
    citizen.kiosk.line("restore")
    stay_until_gone(citizen, "need.centre")
    citizen.see("the centre is back", screen="Menu")
    citizen.finish()


def answer_lost(citizen: Citizen, language: Language) -> None:
    """The centre has booked a repayment and its answer gets lost: asked again, booked once, and shown as done."""
    citizen.begin(language)
    citizen.touch("service.early_repayment")
    by_joint_card(citizen, "pays-off")
    citizen.wait_for("extent.title")
    citizen.touch("extent.full")
    citizen.wait_for("review.title")
    citizen.touch("action.next")
    citizen.wait_for("consent.title")
    citizen.touch("consent.agree")
    citizen.wait_for("repayment.password")
    citizen.type_digits(PASSWORD)
    citizen.kiosk.line("drop_reply_once", to="/repayments")
    citizen.touch("screen.confirm")
    citizen.see("done all the same", "repayment.done", most_s=40)
    citizen.touch("action.without-receipt")
    citizen.finish()


def lose_the_line_while_paying(citizen: Citizen, language: Language, who: str) -> None:
    """From the idle screen to an operation whose outcome is not known: the line stays cut."""
    citizen.begin(language)
    citizen.touch("service.early_repayment")
    by_joint_card(citizen, who)
    citizen.wait_for("extent.title")
    citizen.touch("extent.part")
    citizen.wait_for("amount.title")
    citizen.touch("amount.least")
    citizen.touch("screen.confirm")
    citizen.wait_for("compare.title")
    citizen.touch_option(1)
    citizen.wait_for("review.title")
    citizen.touch("action.next")
    citizen.wait_for("consent.title")
    citizen.touch("consent.agree")
    citizen.wait_for("repayment.password")
    citizen.kiosk.line("cut", after="/repayments")
    citizen.confirm(PASSWORD)
    citizen.see("submitting", "working.submit", screen="Working")
    citizen.see("being processed", "processing.do-not-repeat", most_s=60)


def cut_while_paying(citizen: Citizen, language: Language) -> None:
    """The line goes after the point of no return: being processed, with a number; done when it is back."""
    lose_the_line_while_paying(citizen, language, "jia")
    citizen.touch("processing.print")
    take_paper(citizen, "number on paper")
    citizen.kiosk.line("restore")
    citizen.touch("action.menu")
    citizen.finish()


def idle(citizen: Citizen, language: Language) -> None:
    """The citizen walks away: asked, still here once, then wiped."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "yi")
    citizen.wait_for("balance.title")
    citizen.see("are you still there", "screen.idle-title", most_s=IDLE_WIPE_S)
    citizen.touch("screen.idle-stay")
    citizen.wait_for("balance.title")
    citizen.wait_for("screen.idle-title", most_s=IDLE_WIPE_S)
    citizen.wait_for(screen="Attract", most_s=IDLE_WIPE_S)
    citizen.see("wiped", screen="Attract")


def unknown_card(citizen: Citizen, language: Language) -> None:
    """An ID card of somebody whom the centre does not know."""
    come_to(citizen, language, "id-card")
    citizen.kiosk.device("id_card", "insert", id_number=UNKNOWN_ID)
    citizen.see("nobody of that number", "refusal.credential-unknown")
    citizen.kiosk.device("id_card", "remove")
    citizen.touch("action.menu")
    citizen.finish()


def wrong_password(citizen: Citizen, language: Language) -> None:
    """A wrong password, counted down until the centre locks it."""
    come_to(citizen, language, "id-card")
    citizen.lay_id_card("withdrawer")
    citizen.wait_for("password.title")
    citizen.kiosk.device("id_card", "remove")
    for tries in range(1, TRIES):
        citizen.confirm(WRONG_PASSWORD)
        citizen.see(f"wrong, try {tries}", "password.wrong", "screen.digits-left")
    citizen.confirm(WRONG_PASSWORD)
    citizen.see("locked", "refusal.password-locked", screen="Outcome")
    citizen.touch("action.menu")
    citizen.finish()


def wrong_codes(citizen: Citizen, language: Language) -> None:
    """Before the camera: somebody's homepage, a code far too long, an expired one, one that was used before. The first
    citizen of the list is owed a paper by now, and would be offered it."""
    come_to(citizen, language, "phone")
    citizen.kiosk.device("scanner", "show", text=HOMEPAGE)
    citizen.see("a homepage", "present.phone.wrong")
    citizen.kiosk.device("scanner", "show", text=LONG_QR)
    citizen.see("a code that is far too long", "fault.scanner.code_too_long")
    citizen.touch("screen.back")
    citizen.wait_for("identify.title")
    expired = citizen.kiosk.post(
        "/phone-codes", {"id_number": citizen.kiosk.person("yi")["id_number"], "expired": True}
    )
    citizen.kiosk.device("scanner", "show", text=expired["text"])
    citizen.touch("identify.phone")
    citizen.see("expired", "refusal.credential-expired")
    citizen.kiosk.device("scanner", "hide")
    citizen.touch("action.menu")
    citizen.touch("service.balance")
    citizen.wait_for("identify.title")
    citizen.touch("identify.phone")
    citizen.wait_for("present.phone")
    code = citizen.kiosk.post("/phone-codes", {"id_number": citizen.kiosk.person("yi")["id_number"]})
    citizen.kiosk.device("scanner", "show", text=code["text"])
    citizen.wait_for("balance.title")
    citizen.finish()
    citizen.begin(language)
    citizen.touch("service.balance")
    citizen.wait_for("identify.title")
    citizen.touch("identify.phone")
    citizen.see("used before", "refusal.credential-expired")
    citizen.kiosk.device("scanner", "hide")
    citizen.touch("action.menu")
    citizen.finish()


MISHAPS: dict[str, Journey] = {
    "Paper out before printing": paper_out_before,
    "Paper out during printing": paper_out_during,
    "Paper not taken": paper_left,
    "Joint card pulled in mid-read": card_pulled,
    "ID card lifted in mid-read": id_card_pulled,
    "Card left behind": card_left,
    "Centre gone in mid-visit": centre_gone,
    "Answer lost": answer_lost,
    "Line cut while paying": cut_while_paying,
    "Idle": idle,
    "Unknown card": unknown_card,
    "Wrong password": wrong_password,
    "Wrong codes": wrong_codes,
}
