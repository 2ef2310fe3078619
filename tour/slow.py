"""A citizen who needs time: ten times the kiosk asks whether anybody is there, ten times they are; then they finish."""

from kiosk.contract.wire import Language
from tour.citizen import Citizen
from tour.journeys import by_id_card, take_paper

SETTINGS = {"KIOSK_TIMEOUTS__IDLE_S": "6"}
"""So that ten warnings come in a minute; how long a warning stands (20 s) is not touched."""

EXTENSIONS = 10
WARNING_S = 40.0


def slowly(citizen: Citizen, language: Language) -> None:
    """The balance on paper, after ten warnings that were answered."""
    citizen.begin(language)
    citizen.touch("service.balance")
    by_id_card(citizen, "jia")
    citizen.wait_for("balance.title")
    for time in range(1, EXTENSIONS + 1):
        citizen.wait_for("screen.idle-title", most_s=WARNING_S)
        if time in (1, EXTENSIONS):
            citizen.see(f"are you still there, {time}", "screen.idle-title")
        citizen.touch("screen.idle-stay")
        citizen.wait_until_gone("screen.idle-title")
        citizen.wait_for("balance.title")
    citizen.touch("action.print")
    take_paper(citizen, "balance slip")
    citizen.touch("action.menu")
    citizen.finish()


SLOW = {"Ten times more time": slowly}
