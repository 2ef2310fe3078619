"""A monkey before the kiosk: random touches and keys through the X server, and cards and codes by chance.

python -m tour.monkey --events 100000          prints what came of it; exit status 1 when the kiosk gave way
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import xcffib
import xcffib.xproto
import xcffib.xtest

from kiosk.messages import LANGUAGES, texts
from scripts.display import VirtualDisplay
from tour.citizen import PASSWORD, Citizen
from tour.glass import Glass
from tour.kiosk import DemoKiosk, Shown, demo_kiosk

SIZE = (1080, 1920)
KEY_PRESS, KEY_RELEASE = 2, 3
LOOK_EVERY = 20
"""Events between two looks at the kiosk: it must still answer, and be the only thing on the display."""

SEEN_S = 0.05
"""It looks when the picture has stood for so long: a fast machine would have it play to a kiosk that is far behind."""

CARDS_EVERY = 400
RIGHT = 0.5
"""How often it has a card or the password where one is asked for: behind them are most of the screens."""

CARDS = ("id_card", "joint_card")
SETTINGS = {"KIOSK_TIMEOUTS__IDLE_S": "10", "KIOSK_TIMEOUTS__DEVICE_S": "10"}
HOME_S = 120.0

SYMBOLS = {
    **{f"F{n}": 0xFFBD + n for n in range(1, 13)},
    "Escape": 0xFF1B, "Tab": 0xFF09, "Return": 0xFF0D, "BackSpace": 0xFF08, "Delete": 0xFFFF, "Print": 0xFF61,
    "Left": 0xFF51, "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54, "Home": 0xFF50, "End": 0xFF57,
    "Alt": 0xFFE9, "Control": 0xFFE3, "Shift": 0xFFE1, "Super": 0xFFEB, "Menu": 0xFF67,
    **{digit: ord(digit) for digit in "0123456789"}, "q": ord("q"), "w": ord("w"), "c": ord("c"),
}  # fmt: skip
"""Keys by their X symbols."""

CHORDS = (("Alt", "F4"), ("Alt", "Tab"), ("Control", "q"), ("Control", "w"), ("Control", "c"),
          ("Control", "Alt", "Delete"), ("Control", "Alt", "BackSpace"), ("Super",), ("Control", "Escape"))  # fmt: skip


class GaveWay(AssertionError):
    """The kiosk crashed, hung, grew, or let somebody out; the message says what and after which event."""


@dataclass(frozen=True)
class Outcome:
    """What a run was like: seconds, how often each screen was met, and resident memory in MiB after every tenth."""

    events: int
    seconds: float
    screens: dict[str, int]
    memory: tuple[float, ...]


class Monkey:
    """One run against one kiosk. The same seed does the same."""

    def __init__(self, kiosk: DemoKiosk, glass: Glass, seed: int) -> None:
        self.kiosk, self.glass, self.chance = kiosk, glass, random.Random(seed)  # noqa: S311
        self._x = xcffib.connect(glass.display)
        self._input = self._x(xcffib.xtest.key)
        self._root = self._x.get_setup().roots[self._x.pref_screen].root
        self._codes = self._key_codes()
        self._windows = self._on_display()
        self._shown = kiosk.shown()
        self._screens: dict[str, int] = {}

    def run(self, events: int) -> Outcome:
        """Do so many things. Raises GaveWay."""
        process = psutil.Process(self.kiosk.process.pid)
        began, memory = time.monotonic(), list[float]()
        for count in range(1, events + 1):
            self._one()
            if count % CARDS_EVERY == 0:
                self._hands()
            if count % LOOK_EVERY == 0:
                self._look(count)
                if self.chance.random() < RIGHT:
                    self._as_asked()
            if count % max(1, events // 10) == 0:
                memory.append(round(process.memory_info().rss / 1024**2))
                print(f"{count} events, {time.monotonic() - began:.0f} s, {memory[-1]} MiB", flush=True)
        self._look(events)
        return Outcome(events, time.monotonic() - began, dict(sorted(self._screens.items())), tuple(memory))

    # ------------------------------------------------------------------ what it does

    def _one(self) -> None:
        deed = self.chance.random()
        if deed < 0.35 and self._shown.controls:
            control = self.chance.choice(self._shown.controls)
            self.glass.tap(*control.middle)
        elif deed < 0.55:
            self.glass.tap(self.chance.randrange(self.glass.width), self.chance.randrange(self.glass.height))
        elif deed < 0.62:
            self._drag()
        elif deed < 0.96:
            self._keys(self.chance.choice(tuple(self._codes)))
        else:
            self._keys(*self.chance.choice(CHORDS))

    def _drag(self) -> None:
        for n in range(4):
            self.glass.move(self.chance.randrange(self.glass.width), self.chance.randrange(self.glass.height))
            if n == 0:
                self.glass.press()
        self.glass.release()

    def _keys(self, *names: str) -> None:
        codes = [self._codes[name] for name in names if name in self._codes]
        for kind, some in ((KEY_PRESS, codes), (KEY_RELEASE, codes[::-1])):
            for code in some:
                self._input.FakeInput(kind, code, xcffib.CurrentTime, self._root, 0, 0, 0)
        self._x.flush()

    def _as_asked(self) -> None:
        if self._shown.screen == "Present":
            self._hands()
        elif self._shown.screen == "EnterDigits":
            for name in (*PASSWORD, "Return"):
                self._keys(name)

    def _hands(self) -> None:
        """Cards come and go as they do in a lobby."""
        kind = self.chance.choice(CARDS)
        if self.chance.random() < 0.5:
            self._insert(kind)
        else:
            self.kiosk.device(kind, "remove")
        self.kiosk.device("receipt_printer", "take_paper")

    def _insert(self, kind: str) -> None:
        number = {"id_card": "id_number", "joint_card": "card_number"}[kind]
        self.kiosk.device(kind, "insert", **{number: self.kiosk.person("jia")[number]})

    # ------------------------------------------------------------------ what must hold

    def _look(self, count: int) -> None:
        if self.kiosk.process.poll() is not None:
            raise GaveWay(f"after {count} events the kiosk has ended: {self.kiosk.process.returncode}")
        self.glass.settle(SEEN_S)
        shown: Shown = self.kiosk.shown()  # raises when it does not answer
        windows = self._on_display()
        if windows != self._windows:
            raise GaveWay(f"after {count} events there are other windows: {windows}, before {self._windows}")
        self._shown = shown
        self._screens[shown.screen] = self._screens.get(shown.screen, 0) + 1

    def _on_display(self) -> set[tuple[int, int, int]]:
        """The visible windows and their sizes."""
        found = set()
        for window in self._x.core.QueryTree(self._root).reply().children:
            try:
                seen = self._x.core.GetWindowAttributes(window).reply().map_state
                box = self._x.core.GetGeometry(window).reply()
            except xcffib.xproto.WindowError:  # it has gone meanwhile
                continue
            if seen == xcffib.xproto.MapState.Viewable:
                found.add((window, box.width, box.height))
        return found

    def _key_codes(self) -> dict[str, int]:
        setup = self._x.get_setup()
        first, last = setup.min_keycode, setup.max_keycode
        table = self._x.core.GetKeyboardMapping(first, last - first + 1).reply()
        each = table.keysyms_per_keycode
        by_symbol = {symbol: first + n // each for n, symbol in reversed(list(enumerate(table.keysyms)))}
        return {name: by_symbol[symbol] for name, symbol in SYMBOLS.items() if symbol in by_symbol}


def let_loose(events: int, seed: int, log: Path) -> Outcome:
    """A kiosk of its own, the monkey, and then an ordinary citizen: nothing may have stayed. Raises GaveWay."""
    with VirtualDisplay(*SIZE) as display:
        glass = Glass(display.name)
        with demo_kiosk(display.name, SIZE, log, SETTINGS) as kiosk:
            outcome = Monkey(kiosk, glass, seed).run(events)
            _clear_up(kiosk)
            citizen = Citizen(kiosk, glass)
            _go_home(kiosk, glass)
            if not kiosk.wait_until(lambda: kiosk.shown().screen == "Attract", HOME_S):
                raise GaveWay(f"the idle screen never came back: {kiosk.shown().screen}")
            citizen.begin("en")
            citizen.wait_for("menu.title")
            citizen.finish()
        glass.close()
    if "program-error" in log.read_text(errors="replace"):
        raise GaveWay(f"the program has noted an error: {log}")
    return outcome


def _clear_up(kiosk: DemoKiosk) -> None:
    for kind in CARDS:
        kiosk.device(kind, "remove")
    kiosk.device("receipt_printer", "take_paper")


def _go_home(kiosk: DemoKiosk, glass: Glass) -> None:
    """Close help and finish, as far as that is offered; what is left ends by itself."""
    homeward = [
        text
        for language in LANGUAGES
        for key in ("screen.help-close", "screen.finish")
        for text in [texts(language)[key]]
    ]
    for _ in range(len(homeward)):
        offered = next((c for c in kiosk.shown().controls if c.label in homeward and c.enabled), None)
        if offered:
            glass.tap(*offered.middle)
            glass.settle()


def main() -> int:
    """Let it loose; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tour.monkey", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(let_loose(options.events, options.seed, Path(folder) / "kiosk.log"))
        except GaveWay as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
