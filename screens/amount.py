"""An amount within bounds that are stated before anything is typed. Outside of them the button stays off, with the reason."""

from kiosk.contract.money import Fen
from kiosk.messages import Message, msg
from kiosk.prompts import EnterAmount, Note
from kiosk.values import Digits, Yuan
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.entry import Entry
from screens.widgets.keypad import Keypad
from screens.widgets.node import Node
from screens.widgets.rows import NoteCard

MOST_DIGITS = 9  # yuan: no loan of the fund has ten
FEN_DIGITS = 2


def fen_of(typed: str) -> Fen:
    """What the keypad's text means: "1200.5" is 120050 fen."""
    yuan, _, fen = typed.partition(".")
    return Fen(int(yuan or "0") * 100 + int((fen + "00")[:FEN_DIGITS]))


class AmountScreen(Screen[EnterAmount]):
    def __init__(self, prompt: EnterAmount, room: Room) -> None:
        super().__init__(prompt, room)
        self.typed = ""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        problem = self.problem()
        fixed: list[Node] = [Entry(self.typed, problem is not None and bool(self.typed))]
        if problem and self.typed:
            fixed.append(NoteCard(Note("attention", problem)))
        elif prompt.note:
            fixed.append(NoteCard(prompt.note))
        quick = [
            Button(f"quick-{n}", label, lambda fen=fen: self._set(fen), role="quick")
            for n, (label, fen) in enumerate(prompt.quick)
        ]
        return Page(
            title=prompt.title,
            explain=prompt.explain or self._bounds(),
            step=prompt.step,
            fixed=fixed,
            actions=quick,
            side=Keypad(self.digit, self.erase, ("point", Digits(".", personal=False), "", lambda: self.digit(".")), False),
            primary=Button("confirm", msg("screen.confirm"), self.answer(fen_of(self.typed)) if problem is None else None, "primary", "check"),
        )  # fmt: skip

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
        whole, point, part = self.typed.partition(".")
        fits = (not point and digit == ".") or (
            digit.isdigit() and (len(part) < FEN_DIGITS if point else len(whole) < MOST_DIGITS)
        )
        if not fits:
            self.room.sound("wrong")
            return False
        self.typed = (
            digit
            if self.typed == "0" and digit != "."
            else ("0." if not self.typed and digit == "." else self.typed + digit)
        )
        self.room.refresh()
        return True

    def erase(self) -> bool:
        if not self.typed:
            return False
        self.typed = self.typed[:-1]
        self.room.refresh()
        return True

    def _set(self, fen: Fen) -> None:
        self.typed = f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)
        self.room.refresh()
