"""What staff do at the kiosk: in by the emblem, through every page of theirs, and the end of the day."""

import re
import subprocess
import sys
from pathlib import Path

from bench.demo import STAFF, STAFF_PIN
from kiosk.contract.wire import Language
from kiosk.staff import MOST_TRIES
from tour.citizen import Citizen, Unexpected, labelled
from tour.journeys import Journey
from tour.kiosk import ROOT
from tour.mishaps import lose_the_line_while_paying

OPERATOR, ENGINEER = (number for number, _ in STAFF)
WRONG_PIN = "918273"
EMBLEM = (60, 90)
"""Pixels; within the 40 mm of the corner on every panel."""
WAY_IN_TOUCHES = 5
RESTART_STATUS = 75
"""EX_TEMPFAIL: the service manager starts the kiosk again."""
RESOLVED_S = 60.0
EXPORTED = re.compile(r"^exports/journal-\S+\.jsonl$")


def settings(language: Language) -> dict[str, str]:
    """Staff read their pages in the language of the idle screen."""
    return {"KIOSK_LANGUAGE": language}


def knock(citizen: Citizen, touches: int = WAY_IN_TOUCHES) -> None:
    """Touch the emblem so often."""
    for _ in range(touches):
        citizen.glass.tap(*EMBLEM)


def give(citizen: Citizen, number: str, pin: str) -> None:
    """Type a staff number and a PIN where they are asked for."""
    citizen.wait_for("supervisor.number", screen="EnterDigits")
    citizen.confirm(number)
    citizen.wait_for("supervisor.pin", screen="EnterDigits")
    citizen.confirm(pin)


def come_in(citizen: Citizen, number: str = ENGINEER) -> None:
    """From the idle screen to the menu of the staff's pages."""
    knock(citizen)
    give(citizen, number, STAFF_PIN)
    citizen.wait_for("supervisor.title")


def back_to_menu(citizen: Citizen) -> None:
    """One page up, to the menu."""
    citizen.touch("screen.back")
    citizen.wait_for("supervisor.title")


def way_in(citizen: Citizen, language: Language) -> None:
    """Four touches open nothing; the fifth asks who it is. A wrong PIN says no more than that something is wrong."""
    knock(citizen, WAY_IN_TOUCHES - 1)
    citizen.glass.settle()
    citizen.wait_for(screen="Attract")
    citizen.glass.tap(*EMBLEM)
    citizen.see("who is it", "supervisor.number", screen="EnterDigits")
    citizen.confirm(OPERATOR)
    citizen.see("personal PIN", "supervisor.pin", screen="EnterDigits")
    citizen.confirm(WRONG_PIN)
    citizen.see("wrong", "supervisor.wrong")
    give(citizen, OPERATOR, STAFF_PIN)
    citizen.see("the operator's menu", "supervisor.title")
    barred = citizen.reads("supervisor.engineer-only")
    for page in citizen.pages():
        citizen.see(f"the operator's menu, page {page}", "supervisor.title")
        barred = barred or citizen.reads("supervisor.engineer-only")
    if not barred:
        raise Unexpected("nothing is kept from the operator")
    citizen.finish()


def look_after_devices(citizen: Citizen, language: Language) -> None:
    """All devices; the printer without paper, with a new roll, tested; the card reader tested, keeping nothing."""
    come_in(citizen, OPERATOR)
    citizen.touch("supervisor.devices")
    citizen.see("devices", "device.receipt_printer")
    citizen.kiosk.device("receipt_printer", "set", paper="out")
    citizen.touch("device.receipt_printer")
    citizen.touch("supervisor.ask-again")
    citizen.see("out of paper", "fault.receipt_printer.paper_out.staff", most_s=40)
    citizen.kiosk.device("receipt_printer", "set", paper="full")
    citizen.touch("supervisor.paper-replaced")
    citizen.wait_until_gone("fault.receipt_printer.paper_out.staff")
    citizen.see("paper replaced", "supervisor.state.ready", "supervisor.counters")
    before = citizen.kiosk.slips()
    citizen.touch("supervisor.test")
    citizen.see("printer tested", "supervisor.test-passed", screen="Outcome")
    if citizen.kiosk.slips() != before + 1:
        raise Unexpected("the printer's test passed without a slip")
    citizen.touch("supervisor.continue")
    citizen.touch("screen.back")
    citizen.touch("device.id_card")
    citizen.touch("supervisor.test")
    citizen.see("lay a card", "supervisor.test-lay-card", screen="Present")
    citizen.lay_id_card("jia")
    citizen.see("card reader tested", "supervisor.test-passed", screen="Outcome")
    citizen.kiosk.device("id_card", "remove")
    citizen.touch("supervisor.continue")
    citizen.touch("screen.back")
    citizen.wait_for("supervisor.devices")
    back_to_menu(citizen)
    citizen.finish()


def out_of_service(citizen: Citizen, language: Language) -> None:
    """Out of service for a reason that citizens read, and back again."""
    come_in(citizen, OPERATOR)
    citizen.touch("supervisor.service")
    citizen.see("why", "supervisor.stop-why")
    citizen.touch("out-of-service.cleaning")
    citizen.see("stopped", "supervisor.stopped", screen="Outcome")
    citizen.touch("supervisor.continue")
    citizen.wait_for("supervisor.title")
    citizen.touch("screen.finish")
    citizen.see("what citizens read", "out-of-service.cleaning", screen="OutOfService")
    come_in(citizen, OPERATOR)
    citizen.touch("supervisor.service")
    citizen.touch("supervisor.in-service")
    citizen.see("back in service", "supervisor.started", screen="Outcome")
    citizen.touch("supervisor.continue")
    citizen.wait_for("supervisor.title")
    citizen.finish()


def unknown_outcome(citizen: Citizen, language: Language) -> None:
    """The line goes while a citizen pays: staff see the number and the cause; later neither is left."""
    lose_the_line_while_paying(citizen, language, "jia")
    citizen.touch("screen.finish")
    citizen.wait_for(screen="Attract")
    come_in(citizen, OPERATOR)
    citizen.touch("supervisor.outcomes")
    citizen.see("an unknown outcome", "supervisor.kind.repayment", screen="Table")
    back_to_menu(citizen)
    citizen.touch("supervisor.network")
    citizen.see("no line", "supervisor.centre-lost", screen="Outcome", most_s=40)
    citizen.touch("supervisor.continue")
    citizen.touch("supervisor.readiness")
    citizen.see("not ready", "supervisor.not-ready", screen="Facts", most_s=40)
    citizen.kiosk.line("restore")
    back_to_menu(citizen)

    def none_left() -> bool:
        citizen.touch("supervisor.outcomes")
        citizen.wait_for("supervisor.outcomes", screen="Table")
        none = citizen.reads("supervisor.outcomes.none")
        if not none:
            back_to_menu(citizen)
        return none

    if not citizen.kiosk.wait_until(none_left, RESOLVED_S):
        raise Unexpected(f"an outcome is still unknown {RESOLVED_S:.0f} s after the line came back")
    citizen.see("none left", "supervisor.outcomes.none")
    back_to_menu(citizen)
    citizen.touch("supervisor.network")
    citizen.see("the centre answers", "supervisor.centre-answers", screen="Outcome")
    citizen.touch("supervisor.continue")
    citizen.finish()


def readiness(citizen: Citizen, language: Language) -> None:
    """The report of the morning, on the screen and on paper."""
    come_in(citizen, OPERATOR)
    citizen.touch("supervisor.readiness")
    citizen.see("ready", "supervisor.ready", screen="Facts")
    citizen.touch("action.print")
    citizen.see("report printed", "paper.done", screen="Outcome", most_s=40)
    citizen.touch("supervisor.continue")
    citizen.finish()


def evidence(citizen: Citizen, language: Language) -> None:
    """Settings and journal; its export, whose signature the centre can check, and which may not be touched."""
    come_in(citizen)
    citizen.see("the engineer's menu", "supervisor.title")
    citizen.touch("supervisor.settings")
    shown = citizen.see("settings", "supervisor.settings", screen="Facts")
    data = next(
        (Path(text) for text in shown.texts if text.startswith("/") and text.endswith("/kiosk")), None
    )
    if data is None:
        raise Unexpected("the settings do not say where the data are")
    back_to_menu(citizen)
    citizen.touch("supervisor.journal")
    citizen.see("journal", "supervisor.journal", screen="Table")
    citizen.touch("supervisor.export")
    shown = citizen.see("exported", "supervisor.exported", screen="Outcome")
    file = data / next(text for text in shown.texts if EXPORTED.match(text))
    listed = _program("central", "kiosks", "--keys", "--database", f"sqlite:///{data.parent / 'centre.db'}")
    key = listed.stdout.split()[-1]
    if (told := _program("kiosk.journal", "verify-export", str(file), key)).returncode:
        raise Unexpected(f"the export is not whole: {told.stderr}")
    print(f"verify-export: {told.stdout.strip()}", flush=True)
    forged = file.with_suffix(".forged")
    forged.write_text(file.read_text().replace("engineer", "operator", 1))
    if not _program("kiosk.journal", "verify-export", str(forged), key).returncode:
        raise Unexpected("an export that was touched passes for whole")
    citizen.touch("supervisor.continue")
    citizen.touch("screen.back")
    citizen.wait_for("supervisor.title")
    citizen.finish()


def _program(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def locked_out(citizen: Citizen, language: Language) -> None:
    """Five wrong PINs lock a number; then the right one does not open either."""
    knock(citizen)
    for _ in range(1, MOST_TRIES):
        give(citizen, OPERATOR, WRONG_PIN)
        citizen.wait_for("supervisor.wrong")
    give(citizen, OPERATOR, WRONG_PIN)
    citizen.see("locked", "supervisor.locked", screen="Outcome")
    citizen.touch("supervisor.continue")
    citizen.wait_for(screen="Attract")
    knock(citizen)
    give(citizen, OPERATOR, STAFF_PIN)
    citizen.see("still locked", "supervisor.locked", screen="Outcome")
    citizen.touch("supervisor.continue")
    citizen.wait_for(screen="Attract")


def end_of_day(citizen: Citizen, language: Language) -> None:
    """The engineer ends the program: for good, or to be started again."""
    ending, status = ("shutdown", 0) if language == "zh" else ("restart", RESTART_STATUS)
    come_in(citizen)
    citizen.touch(f"supervisor.{ending}")
    shown = citizen.see(ending, f"supervisor.{ending}.sure", screen="Outcome")
    yes = labelled(shown, f"supervisor.{ending}")
    if yes is None:
        raise Unexpected("it cannot be confirmed")
    citizen.glass.tap(*yes.middle)
    citizen.kiosk.ends_by_itself(status)


STAFF_ROUND: dict[str, Journey] = {
    "The way in": way_in,
    "Devices and paper": look_after_devices,
    "Out of service": out_of_service,
    "Unknown outcome": unknown_outcome,
    "Readiness report": readiness,
    "Evidence": evidence,
    "Locked out": locked_out,
    "End of the day": end_of_day,
}
"""In this order: the last ones leave a number locked, and no kiosk."""
