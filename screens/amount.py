"""An amount within bounds that are stated before anything is typed; outside of them the button is off, and says why."""

from collections.abc import Callable

from kiosk.contract.money import Fen
from kiosk.messages import Message, Part, msg
from kiosk.prompts import EnterAmount, Note
from kiosk.values import Digits, Yuan
from screens.entering import entering
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.entry import Entry
from screens.widgets.keypad import Keypad

MOST_DIGITS = 9  # of whole yuan
FEN_DIGITS = 2


def fen_of(typed: str) -> Fen:
    """What was typed, in fen: "1200.5" is 120050."""
    yuan, _, fen = typed.partition(".")
    return Fen(int(yuan or "0") * 100 + int((fen + "00")[:FEN_DIGITS]))


def typed_of(fen: Fen) -> str:
    """An amount as it would be typed: no fen when there are none."""
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


class AmountScreen(Screen[EnterAmount]):
    """The keypad with the quick amounts beside it; the amount is shown large as it grows."""

    def __init__(self, prompt: EnterAmount, room: Room) -> None:
        super().__init__(prompt, room)
        self.typed = ""

    def page(self, look: Look) -> Page:
        prompt, problem = self.prompt, self.problem()
        wrong = problem is not None and bool(self.typed)
        note = Note("attention", problem) if wrong and problem else prompt.note
        point = ("point", Digits(".", personal=False), "", lambda: self.digit("."))
        press = self.answer(fen_of(self.typed)) if problem is None else None
        told = wrong and look.compact  # the reason repeats the bounds, and there is no room for both
        page = Page(
            title=prompt.title,
            explain=None if told else prompt.explain or self._bounds(),
            step=prompt.step,
            primary=Button("confirm", msg("screen.confirm"), press, "primary", "check"),
        )
        keypad = Keypad(self.digit, self.erase, point, full=False, quick=self._quick())
        return entering(page, look, Entry(self.typed, wrong), note, keypad)

    def _quick(self) -> list[Button]:
        return [
            Button(f"quick-{n}", label, self._setting(fen), role="quick", style="strip")
            for n, (label, fen) in enumerate(self.prompt.quick)
        ]

    def _setting(self, fen: Fen) -> Callable[[], None]:
        def pressed() -> None:
            self.typed = typed_of(fen)
            self.room.refresh()

        return pressed

    def _bounds(self) -> Message:
        return msg("screen.amount-bounds", least=Yuan(self.prompt.minimum), most=Yuan(self.prompt.maximum))

    def problem(self) -> Message | None:
        """Why the amount cannot be taken; None when it can."""
        fen, prompt = fen_of(self.typed), self.prompt
        if not self.typed:
            return msg("screen.amount-none")
        if fen < prompt.minimum:
            return msg("screen.amount-low", least=Yuan(prompt.minimum))
        if fen > prompt.maximum:
            return msg("screen.amount-high", most=Yuan(prompt.maximum))
        if fen % prompt.multiple_of and fen != prompt.maximum:
            return msg("screen.amount-multiple", multiple=Yuan(prompt.multiple_of))
        return None

    def digit(self, digit: str) -> bool:
        if not self._fits(digit):
            self.room.sound("wrong")
            return False
        if self.typed in ("", "0"):
            self.typed = "0." if digit == "." else digit
        else:
            self.typed += digit
        self.room.refresh()
        return True

    def _fits(self, digit: str) -> bool:
        whole, point, part = self.typed.partition(".")
        if digit == ".":
            return not point
        return digit.isdigit() and (len(part) < FEN_DIGITS if point else len(whole) < MOST_DIGITS)

    def spoken(self) -> tuple[Part, ...]:
        """What is asked for, and its bounds; the keypad's keys are not read out."""
        prompt = self.prompt
        note = (prompt.note.text,) if prompt.note else ()
        return (prompt.title, prompt.explain or self._bounds(), *note)

    def hint(self, key: str) -> tuple[Part, ...]:
        return (self.problem() or Yuan(fen_of(self.typed)),) if key == "confirm" else ()

    def next_focus(self, typed: bool) -> str | None:
        """Nobody knows which digit is the last: after each, select confirms, and the whole amount is said."""
        return "confirm" if typed else None

    def told(self, key: str) -> tuple[Part, ...]:
        """What is entered now, and what is wrong with it; the point is a key like the digits."""
        if key == "point":
            return self.echo(".")
        entered = (Yuan(fen_of(self.typed)),) if self.typed else ()
        problem = self.problem()
        said = (*entered, *((problem,) if problem else ()))
        if key == "erase":
            return (msg("voice.erased"), *said)
        return said if key.startswith("quick-") else ()

    def erase(self) -> bool:
        if not self.typed:
            return False
        self.typed = self.typed[:-1]
        self.room.refresh()
        return True
