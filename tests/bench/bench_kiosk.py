"""The whole kiosk measured from outside, one JSON line a figure: `python -m tests.bench.bench_kiosk [--long]`.

A demo kiosk on a virtual display with software rendering: real drivers, simulated far ends, the centre in a process of
its own, all on the same cores. Touches go in through the X server; what is painted is seen through its damage reports
and its pixels. A step lasts from the touch (the finger's leaving) until the last painting before the picture stands.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil

from bench.centre import EmbeddedCentre
from bench.demo import Demo
from scripts.display import DIES_WITH_US, VirtualDisplay, free_port
from tour.citizen import PASSWORD, Citizen, labelled
from tour.glass import Glass
from tour.kiosk import ROOT, Control, DemoKiosk, Shown, demo_kiosk

SIZE = (1080, 1920)
STARTS = 7
ROUNDS = 8
"""Of eight touches each."""

VISITS = 5
PARTS = {
    "walk": "screens",
    "card": "card_to_password",
    "balance": "password_to_balance",
    "print": "print_to_paper",
    "taken": "paper_to_done",
}
WITHOUT_PAPER = ("walk", "card", "balance")
STANDS_S = 0.25
PATIENCE_S = 20.0


def report(name: str, value: float, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit}), flush=True)


def report_spread(name: str, seconds: list[float]) -> None:
    """The median and the 95th percentile of some samples, in ms."""
    cuts = quantiles(seconds, n=20, method="inclusive")
    report(f"{name}_p50", cuts[9] * 1000, "ms")
    report(f"{name}_p95", cuts[18] * 1000, "ms")
    report(f"{name}_samples", len(seconds), "")


class Watch:
    """A citizen with a stop-watch."""

    def __init__(self, citizen: Citizen) -> None:
        self.citizen, self.kiosk, self.glass = citizen, citizen.kiosk, citizen.glass

    def find(self, find: Callable[[Shown], Control | None]) -> Control:
        """A control that can be used now."""
        found = find(self.kiosk.shown())
        if found is None or not found.enabled:
            raise AssertionError(f"nothing to touch: {self.kiosk.shown()}")
        return found

    def press(self, control: Control) -> float:
        """Seconds from the finger's coming down on a control until one of its pixels is another."""
        self.glass.move(*control.middle)
        box = (control.x, control.y, control.w, control.h)
        before = self.glass.pixels(*box)
        began = time.perf_counter()
        self.glass.press()
        for painted in self.glass.paintings(PATIENCE_S, PATIENCE_S):
            if self.glass.pixels(*box) != before:
                return painted - began
        raise AssertionError(f"{control.label} was pressed and does not show it")

    def step(self, act: Callable[[], None], until: Callable[[Shown], bool]) -> float:
        """Seconds from an act until the last painting of the screen that it leads to."""
        began = last = time.perf_counter()
        act()
        there = False
        while True:
            for painted in self.glass.paintings(STANDS_S, PATIENCE_S):
                last = painted
            if there:
                break
            there = until(
                self.kiosk.shown()
            )  # asked when the picture stands: asking takes the kiosk's time too
            if time.perf_counter() - began > PATIENCE_S:
                raise AssertionError(f"did not come: {self.kiosk.shown()}")
        return last - began

    def touch(self, key: str, until: Callable[[Shown], bool]) -> tuple[float, float]:
        """Touch a label of the catalogue: seconds to the first changed pixel, and from lifting to the next screen."""
        control = self.find(lambda shown: labelled(shown, key))
        first = self.press(control)
        return first, self.step(self.glass.release, until)

    def reads(self, key: str) -> Callable[[Shown], bool]:
        """Until a text of the catalogue can be read."""
        return lambda shown: self.citizen.reads(key, shown)


@contextmanager
def kiosk_on(display: str, folder: Path) -> Iterator[DemoKiosk]:
    """A demo kiosk with time enough for a stop-watch."""
    with demo_kiosk(display, SIZE, folder / "kiosk.log", {"KIOSK_TIMEOUTS__IDLE_S": "600"}) as kiosk:
        yield kiosk


def attract(display: str, folder: Path, glass: Glass) -> tuple[tuple[int, int, int, int], bytes]:
    """Where the attract screen's English button is, and its pixels."""
    with kiosk_on(display, folder) as kiosk:
        glass.settle()
        begin = labelled(kiosk.shown(), "screen.begin-en")
        assert begin is not None
        box = (begin.x, begin.y, begin.w, begin.h)
        return box, glass.pixels(*box)


def start(
    display: str, glass: Glass, wanted: tuple[tuple[int, int, int, int], bytes], *, demo: bool
) -> float:
    """From the process's beginning until the attract screen's buttons are painted; its files are in the cache.

    A demo begins with its centre and devices; else these are there already, as in a lobby.
    """
    box, pixels = wanted
    if glass.pixels(*box) == pixels:
        raise AssertionError("the window of the kiosk before is still there")
    command = [*DIES_WITH_US, sys.executable, "run_kiosk.py", "--size", f"{SIZE[0]}x{SIZE[1]}"]
    with contextlib.ExitStack() as stack:
        environment = {**os.environ, "DISPLAY": display, "KIOSK_PANEL__FULL_SCREEN": "false"}
        if demo:
            command += ["--demo", "--bench-port", str(free_port())]
        else:
            environment |= stack.enter_context(lobby())
        began = time.perf_counter()
        process = stack.enter_context(
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        stack.callback(process.terminate)
        for painted in glass.paintings(PATIENCE_S, PATIENCE_S):
            if glass.pixels(*box) == pixels:
                return painted - began
    raise AssertionError("the attract screen did not come")


@contextmanager
def lobby() -> Iterator[dict[str, str]]:
    """A centre and devices that are there already: the settings of an enrolled kiosk among them."""
    with EmbeddedCentre.begin() as centre, Demo.begin(centre) as demo:
        demo.enrolled()
        settings = demo.overrides()
        yield {
            "KIOSK_CENTRE__URL": centre.ready(),
            "KIOSK_KIOSK__DATA": settings["kiosk"]["data"],
            "KIOSK_DEVICES": json.dumps(settings["devices"]),
        }


def touches(watch: Watch) -> tuple[list[float], list[float]]:
    """Round the screens that need nothing of the centre: first pixels, next screens."""
    first: list[float] = []
    screens: list[float] = []

    def touch(key: str, until: str) -> None:
        pixel, screen = watch.touch(key, watch.reads(until))
        first.append(pixel)
        screens.append(screen)

    for _ in range(ROUNDS):
        touch("screen.begin-en", "menu.title")
        touch("service.balance", "identify.title")
        touch("identify.id-card", "present.id-card")
        touch("screen.back", "identify.title")
        touch("screen.back", "menu.title")
        touch("service.early_repayment", "identify.title")
        touch("screen.back", "menu.title")
        touch("screen.finish", "screen.begin-en")
    return first, screens


def visit(watch: Watch) -> dict[str, float]:
    """The machine's time of a balance visit, by part: what the citizen waits for, without their own time."""
    kiosk, reads = watch.kiosk, watch.reads
    number = kiosk.person("jia")["id_number"]

    def touch(key: str, until: Callable[[Shown], bool]) -> float:
        return watch.touch(key, until)[1]

    def take_paper() -> None:
        kiosk.device("receipt_printer", "take_paper")

    times = {"walk": touch("screen.begin-en", reads("menu.title"))}
    times["walk"] += touch("service.balance", reads("identify.title"))
    times["walk"] += touch("identify.id-card", reads("present.id-card"))
    times["card"] = watch.step(
        lambda: kiosk.device("id_card", "insert", id_number=number), reads("password.title")
    )
    kiosk.device("id_card", "remove")
    for digit in PASSWORD:
        before = kiosk.shown()
        control = watch.find(lambda shown, digit=digit: shown.control(digit))
        watch.press(control)
        times["walk"] += watch.step(watch.glass.release, lambda shown, before=before: shown != before)
    times["balance"] = touch("screen.confirm", reads("balance.title"))
    times["print"] = touch("action.print", reads("take.paper"))
    times["taken"] = watch.step(take_paper, lambda shown: shown.screen == "Outcome")
    times["walk"] += touch("action.menu", reads("menu.title"))
    times["walk"] += touch("screen.finish", reads("screen.begin-en"))
    return times


def short_visit(citizen: Citizen) -> None:
    """A balance visit without paper, as fast as it goes."""
    citizen.begin("zh")
    citizen.touch("service.balance")
    citizen.touch("identify.id-card")
    citizen.wait_for("present.id-card")
    citizen.lay_id_card("jia")
    citizen.wait_for("password.title")
    citizen.kiosk.device("id_card", "remove")
    citizen.confirm(PASSWORD)
    citizen.wait_for("balance.title")
    citizen.finish()


def memory(citizen: Citizen, most: int) -> None:
    """Resident memory of the kiosk's process after 1, 100, ... visits."""
    process = psutil.Process(citizen.kiosk.process.pid)
    after_one = 0.0
    for count in range(1, most + 1):
        short_visit(citizen)
        if count in (1, 100, 1000):
            resident = process.memory_info().rss / 1024**2
            after_one = after_one or resident
            report(f"resident_memory_after_{count}_visits", resident, "MiB")
            if count > 1:
                report(f"resident_memory_growth_after_{count}_visits", 100 * (resident / after_one - 1), "%")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="1,000 visits, not 100")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, VirtualDisplay(*SIZE) as display:
        folder, glass = Path(name), Glass(display.name)
        wanted = attract(display.name, folder, glass)
        for name, demo in (("start_to_attract_painted", False), ("demo_start_to_attract_painted", True)):
            report_spread(name, [start(display.name, glass, wanted, demo=demo) for _ in range(STARTS)])
        with kiosk_on(display.name, folder) as kiosk:
            watch = Watch(Citizen(kiosk, glass))
            visit(watch)  # texts are drawn and code is read for the first time
            first, screens = touches(watch)
            report_spread("touch_to_first_changed_pixel", first)
            report_spread("touch_to_next_screen_painted", screens)
            visits = [visit(watch) for _ in range(VISITS)]
            for part, what in PARTS.items():
                report(f"balance_visit_{what}", 1000 * median(one[part] for one in visits), "ms")
            without = [sum(one[part] for part in WITHOUT_PAPER) for one in visits]
            report("balance_visit_machine_time_without_paper", 1000 * median(without), "ms")
            report("balance_visit_machine_time", 1000 * median(sum(one.values()) for one in visits), "ms")
        with kiosk_on(display.name, folder) as kiosk:
            memory(Citizen(kiosk, glass), 1000 if options.long else 100)
        glass.close()


if __name__ == "__main__":
    main()
