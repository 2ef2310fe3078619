"""The whole kiosk on a real window: touched through the X server, seen through it, and heard from its printer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.display import VirtualDisplay
from tour.citizen import PASSWORD, Citizen, Unexpected
from tour.glass import Glass
from tour.kiosk import DemoKiosk, demo_kiosk

pytestmark = pytest.mark.window

SIZE = (1080, 1920)


@pytest.fixture(scope="module")
def citizen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Citizen]:
    """Somebody in front of a demo kiosk; its log stays in the test's folder."""
    log: Path = tmp_path_factory.mktemp("kiosk") / "kiosk.log"
    with VirtualDisplay(*SIZE) as display:
        glass = Glass(display.name)
        with demo_kiosk(display.name, SIZE, log) as kiosk:
            yield Citizen(kiosk, glass)
        glass.close()


def test_a_citizen_sees_the_balance_takes_a_slip_and_leaves_nothing(citizen: Citizen) -> None:
    kiosk = citizen.kiosk
    before = kiosk.slips()
    citizen.begin("en")
    citizen.touch("service.balance")
    citizen.touch("identify.id-card")
    citizen.wait_for("present.id-card")
    citizen.lay_id_card("jia")
    citizen.wait_for("password.title")
    kiosk.device("id_card", "remove")
    citizen.confirm(PASSWORD)
    shown = citizen.wait_for("balance.title", "account.balance")
    figures = [text for text in shown.texts if text.startswith("¥")]
    citizen.touch("action.print")
    citizen.wait_for("take.paper")
    kiosk.device("receipt_printer", "take_paper")
    citizen.wait_for("paper.done")
    slip = kiosk.slip(before + 1)[1]
    assert figures[0].removeprefix("¥") in slip, "the slip must show the figure that was on the screen"
    citizen.touch("action.menu")
    citizen.wait_for("visit.greeting")
    citizen.finish()
    left = " ".join(kiosk.shown().texts)
    assert "测" not in left.replace("测试", "")
    assert figures[0] not in left
    citizen.begin("en")
    citizen.touch("service.balance")
    citizen.wait_for("identify.title")  # the next citizen is asked who they are
    citizen.finish()


def test_what_is_touched_is_what_is_painted(citizen: Citizen) -> None:
    glass = citizen.glass
    citizen.wait_for(screen="Attract")
    glass.settle()
    idle = glass.picture()
    citizen.begin("zh")
    glass.settle()
    menu = glass.picture()
    assert idle.tobytes() != menu.tobytes()
    for control in citizen.kiosk.shown().controls:
        corner = glass.pixels(control.x + control.w // 2, control.y, 1, control.h)
        assert len({corner[n : n + 4] for n in range(0, len(corner), 4)}) > 1, (
            f"{control.label} is not painted"
        )
    citizen.finish()


def test_a_touch_beside_everything_does_nothing(citizen: Citizen) -> None:
    before = citizen.wait_for(screen="Attract")
    citizen.glass.tap(2, 2)
    citizen.glass.settle()
    assert citizen.kiosk.shown().controls == before.controls


def test_the_script_complains_about_what_is_not_there(citizen: Citizen) -> None:
    with pytest.raises(Unexpected, match="on the screen is Attract"):
        citizen.wait_for("balance.title", most_s=0.2)


def test_an_unknown_action_of_the_bench_is_refused(citizen: Citizen) -> None:
    kiosk: DemoKiosk = citizen.kiosk
    with pytest.raises(RuntimeError, match="400"):
        kiosk.device("id_card", "swallow")
