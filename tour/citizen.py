"""The scripted citizen: reads the screen, touches what has a label, waits for what must come. Never for time to pass.

Texts are named by their key in the catalogues, so that one script walks through every language.
"""

import re
from collections.abc import Callable, Iterator

import zxingcpp

from kiosk.contract.wire import Language
from kiosk.messages import texts
from tour.glass import Glass
from tour.kiosk import Control, DemoKiosk, Shown

PATIENCE_S = 20.0
"""No step of a visit may take longer, unless its script says so."""

LOOKS_S = 2.0
"""How long a page is looked at before it is turned, if it can be."""

RESTS_S = 0.08
"""How long a finger rests on the glass: a touch of no length misses what goes from under it."""

PASSWORD = "123456"  # noqa: S105 - of every demo citizen


class Unexpected(AssertionError):
    """A step did not come out as expected; the message says what was on the screen instead."""


class Citizen:
    """Two eyes and a finger before a kiosk."""

    def __init__(
        self, kiosk: DemoKiosk, glass: Glass, on_screen: Callable[[str], None] = lambda step: None
    ) -> None:
        self.kiosk, self.glass = kiosk, glass
        self._on_screen = on_screen

    # ------------------------------------------------------------------ reading

    def reads(self, key: str, shown: Shown | None = None) -> bool:
        """Is this text of the catalogue to be read now?"""
        shown = shown or self.kiosk.shown()
        wanted = pattern(key, shown.language)
        return any(wanted.search(found) for found in [*shown.texts, *(c.label for c in shown.controls)])

    def wait_for(
        self, *keys: str, screen: str | None = None, says: str | None = None, most_s: float = PATIENCE_S
    ) -> Shown:
        """Wait until all of these can be read: catalogue keys, a screen's name, words. Raises Unexpected."""
        last: list[Shown] = []

        def here() -> bool:
            shown = self.kiosk.shown()
            last[:] = [shown]
            return (
                shown.painted
                and (screen is None or shown.screen == screen)
                and (says is None or any(says in found for found in shown.texts))
                and all(self.reads(key, shown) for key in keys)
            )

        if not self.kiosk.wait_until(here, most_s):
            wanted = ", ".join([*keys, *([screen] if screen else []), *([repr(says)] if says else [])])
            raise Unexpected(f"waited {most_s:.0f} s for {wanted}; {described(last[0])}")
        return last[0]

    def see(self, step: str, *keys: str, screen: str | None = None, most_s: float = PATIENCE_S) -> Shown:
        """Like `wait_for`; the screen is then kept in the album under the step's name."""
        shown = self.wait_for(*keys, screen=screen, most_s=most_s)
        self._on_screen(step)
        return shown

    def read_code(self) -> str:
        """What the one QR code on the screen says, read off its picture as a phone would. Raises Unexpected."""
        self.glass.settle()
        codes = zxingcpp.read_barcodes(self.glass.picture(), formats=zxingcpp.BarcodeFormat.QRCode)
        if len(codes) != 1:
            raise Unexpected(f"{len(codes)} QR codes can be read; {described(self.kiosk.shown())}")
        return codes[0].text

    def wait_until_gone(self, key: str, most_s: float = PATIENCE_S) -> None:
        """Wait until a text of the catalogue cannot be read any more. Raises Unexpected."""
        if not self.kiosk.wait_until(lambda: not self.reads(key), most_s):
            raise Unexpected(f"{key} did not go away; {described(self.kiosk.shown())}")

    # ------------------------------------------------------------------ touching

    def touch(self, key: str) -> None:
        """Touch the control labelled with a text of the catalogue, and see the screen change."""
        self._touch(key, lambda shown: labelled(shown, key))

    def touch_label(self, label: str) -> None:
        """Touch the control of exactly this label, and see the screen change."""
        self._touch(label, lambda shown: shown.control(label))

    def touch_option(self, number: int) -> None:
        """Touch the option of this number (from 0), and see the screen change."""

        def option(shown: Shown) -> Control | None:
            options = [control for control in shown.controls if control.role == "option"]
            return options[number] if number < len(options) else None

        self._touch(f"option {number}", option)

    def type_digits(self, digits: str) -> None:
        """Touch the keys of the screen's keypad one by one."""
        for digit in digits:
            self.touch_label(digit)

    def confirm(self, digits: str) -> None:
        """Type digits and confirm them."""
        self.type_digits(digits)
        self.touch("screen.confirm")

    def to_page_with(self, find: Callable[[Shown], Control | None]) -> None:
        """Leaf through the pages until there is such a control."""
        pages = iter(self.pages())
        while not find(self.kiosk.shown()):
            if next(pages, None) is None:
                raise Unexpected(f"no page has it; {described(self.kiosk.shown())}")

    def pages(self) -> Iterator[int]:
        """Leaf through what fills several pages: turns to each further page and gives its number, from 2."""
        number = 1
        while (later := labelled(self.kiosk.shown(), "screen.page-after")) and later.enabled:
            self.touch_label(later.label)
            yield (number := number + 1)

    def _touch(self, what: str, find: Callable[[Shown], Control | None]) -> None:
        found: list[tuple[Shown, Control]] = []

        def usable() -> bool:
            shown = self.kiosk.shown()
            control = find(shown)
            found[:] = [(shown, control)] if control else []
            return control is not None and control.enabled

        if not self.kiosk.wait_until(usable, LOOKS_S) and not found:
            any(usable() for _ in self.pages())
        if not self.kiosk.wait_until(usable, PATIENCE_S):
            state = "cannot be used" if found else "is not there"
            raise Unexpected(f"{what} {state}; {described(self.kiosk.shown())}")
        before, control = found[0]
        self._use(control)
        if not self.kiosk.wait_until(lambda: self.kiosk.shown() != before, PATIENCE_S):
            raise Unexpected(f"{what} was touched and nothing changed; {described(before)}")

    def _use(self, control: Control) -> None:
        self.glass.tap(*control.middle, RESTS_S)

    # ------------------------------------------------------------------ what every visit has

    def begin(self, language: Language) -> None:
        """From the idle screen to the menu."""
        self.wait_for(screen="Attract")
        self.touch(f"screen.begin-{language}")
        self.wait_for("menu.title", screen="Menu")

    def finish(self) -> None:
        """Finish and clear, and see the idle screen again."""
        self.touch("screen.finish")
        self.wait_for(screen="Attract")

    def lay_id_card(self, who: str) -> None:
        """Lay a citizen's ID card on the reader."""
        self.kiosk.device("id_card", "insert", id_number=self.kiosk.person(who)["id_number"])

    def insert_joint_card(self, who: str) -> None:
        """Put a citizen's joint card in."""
        self.kiosk.device("joint_card", "insert", card_number=self.kiosk.person(who)["card_number"])

    def show_phone(self, who: str) -> None:
        """Hold up a phone with a fresh one-time code of a citizen."""
        code = self.kiosk.post("/phone-codes", {"id_number": self.kiosk.person(who)["id_number"]})
        self.kiosk.device("scanner", "show", text=code["text"])


def labelled(shown: Shown, key: str) -> Control | None:
    """The control whose label is this text of the catalogue, whatever values stand in it."""
    wanted = pattern(key, shown.language)
    found = [control for control in shown.controls if wanted.fullmatch(control.label)]
    return next((control for control in found if control.enabled), found[0] if found else None)


def pattern(key: str, language: Language) -> "re.Pattern[str]":
    """A catalogue's text with anything where it has braces."""
    parts = re.split(r"\{\w+\}", texts(language)[key])
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


def described(shown: Shown) -> str:
    """A screen in one line, for a complaint."""
    labels = ", ".join(f"[{c.label}]" if c.enabled else f"({c.label})" for c in shown.controls)
    return f"on the screen is {shown.screen} ({shown.language}): {' | '.join(shown.texts)[:600]}; to touch: {labels}"
