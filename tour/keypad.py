"""A citizen who sees and has keys only: the same services as by touch, with four keys and digits."""

from collections.abc import Callable

from tour.citizen import PATIENCE_S, Citizen, Unexpected, described
from tour.ear import Keypad
from tour.glass import Glass
from tour.kiosk import Control, DemoKiosk, Shown

MOST_STEPS = 80


class KeypadCitizen(Citizen):
    """Goes to a control with the right key and selects it, where others would touch it."""

    def __init__(
        self, kiosk: DemoKiosk, glass: Glass, on_screen: Callable[[str], None] = lambda step: None
    ) -> None:
        super().__init__(kiosk, glass, on_screen)
        self._keypad = Keypad(glass.display)

    def type_digits(self, digits: str) -> None:
        """Press the digits' own keys, each seen to have done something."""
        for digit in digits:
            before = self.kiosk.shown()
            self._keypad.press(digit)
            if not self._changes(before):
                raise Unexpected(f"{digit} was pressed and nothing changed; {described(before)}")

    def _use(self, control: Control) -> None:
        for _ in range(MOST_STEPS):
            stands = _focus(self.kiosk.shown())
            if stands == control:
                self._keypad.press("select")
                return
            self._keypad.press("right")
            if not self._focus_leaves(stands):
                raise Unexpected(f"the focus did not move; {described(self.kiosk.shown())}")
        raise Unexpected(f"the right key never comes to {control.label}; {described(self.kiosk.shown())}")

    def _changes(self, before: Shown) -> bool:
        return self.kiosk.wait_until(lambda: self.kiosk.shown() != before, PATIENCE_S)

    def _focus_leaves(self, control: Control | None) -> bool:
        return self.kiosk.wait_until(lambda: _focus(self.kiosk.shown()) != control, PATIENCE_S)


def _focus(shown: Shown) -> Control | None:
    return next((control for control in shown.controls if control.focused), None)
