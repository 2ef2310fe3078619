"""A citizen without sight, at the keypad: four keys, digits, and an ear. Never looks at the glass or at /controls."""

import re
import subprocess
from collections.abc import Callable

from kiosk.contract.wire import Language
from kiosk.messages import texts
from kiosk.spoken import digits
from tour.citizen import pattern
from tour.kiosk import DemoKiosk

PATIENCE_S = 30.0
MOST_STEPS = 60
"""No screen has more controls: after so many steps the ear has heard all of them."""

KEYS = {"left": "Left", "right": "Right", "select": "Return", "back": "BackSpace"}
"""The four keys by their names in X. Digits have their own."""


class NotHeard(AssertionError):
    """What had to be said was not; the message ends with what was said last."""


class Keypad:
    """Keys pressed on a display, one by one, through the X server's own input."""

    def __init__(self, display: str) -> None:
        self._display = display

    def press(self, *names: str) -> None:
        """Press keys by name: left, right, select, back, or a digit."""
        keys = [KEYS.get(name, name) for name in names]
        subprocess.run(
            ["xdotool", "key", *keys], env={"DISPLAY": self._display, "PATH": "/usr/bin:/bin"}, check=True
        )


class Listener:
    """Hears what the kiosk says to a headset, and presses keys. Texts are named by their key in the catalogues."""

    def __init__(
        self, kiosk: DemoKiosk, keypad: Keypad, language: Language, idle_language: Language = "zh"
    ) -> None:
        self.kiosk, self.keypad, self.language = kiosk, keypad, language
        self._since = 0
        self.idle_language = idle_language
        self._roles = {
            text
            for one in (language, idle_language)
            for key, text in texts(one).items()
            if key.startswith("voice.role.")
        }

    # ------------------------------------------------------------------ hearing

    def heard(self) -> list[str]:
        """Everything said to the headset since the last key that opened something."""
        return [said["text"] for said in self.kiosk.get("/speech")[self._since :] if said["heard"]]

    def listen_for(self, key: str, most_s: float = PATIENCE_S, language: Language | None = None) -> str:
        """Wait until a text of the catalogue is said, and return it as it was said. Raises NotHeard."""
        wanted = pattern(key, language or self.language)
        found: list[str] = []

        def said() -> bool:
            found[:] = [text for text in self.heard() if wanted.search(text)]
            return bool(found)

        if not self.kiosk.wait_until(said, most_s):
            raise NotHeard(f"waited {most_s:.0f} s for {key}; {self._last_words()}")
        return found[0]

    def listen_for_own(self, most_s: float = PATIENCE_S) -> str:
        """Wait until something of the citizen's own (a figure, a name) is said to the headset. Raises NotHeard."""
        found: list[str] = []

        def said() -> bool:
            pieces = self.kiosk.get("/speech")[self._since :]
            found[:] = [piece["text"] for piece in pieces if piece["personal"] and piece["heard"]]
            return bool(found)

        if not self.kiosk.wait_until(said, most_s):
            raise NotHeard(f"nothing of the citizen's own was said; {self._last_words()}")
        return found[0]

    def listen_for_digits(self, count: int, most_s: float = PATIENCE_S) -> str:
        """Wait until a number of so many digits is read out, and write it down. Raises NotHeard."""
        written = {digits(str(n), self.language): str(n) for n in range(10)}
        found: list[str] = []

        def said() -> bool:
            for text in self.heard():
                words = text if self.language == "zh" else text.split()
                number = "".join(written.get(word, "?") for word in words)
                if len(number) == count and number.isdigit():
                    found.append(number)
            return bool(found)

        if not self.kiosk.wait_until(said, most_s):
            raise NotHeard(f"no number of {count} digits was read out; {self._last_words()}")
        return found[0]

    def attend(self) -> None:
        """Listen only to what is said from now on."""
        self._since = len(self.kiosk.get("/speech"))

    # ------------------------------------------------------------------ keys

    def choose(self, key: str) -> None:
        """Go from control to control until this one is said, and select it. Raises NotHeard."""
        wanted = pattern(key, self.language)
        self.choose_where(key, lambda label: wanted.fullmatch(label) is not None)

    def begin(self) -> None:
        """Begin a visit in the listener's language; the idle screen has a button for each."""
        self.choose_where(f"begin-{self.language}", self._begins)

    def _begins(self, label: str) -> bool:
        return label == texts(self.idle_language)[f"screen.begin-{self.language}"]

    def wait_for_idle(self) -> None:
        """Hear the idle screen, in its own language. Raises NotHeard."""
        self.listen_for("screen.welcome", language=self.idle_language)

    def choose_where(self, what: str, fits: Callable[[str], bool]) -> None:
        """Select the first control whose label fits, on this page or a later one. Raises NotHeard."""
        while not self._found(fits):
            if not self._found(lambda label: label == texts(self.language)["screen.page-after"]):
                raise NotHeard(f"no control is called {what}; {self._last_words()}")
            self.attend()
            self.keypad.press("select")
            if not self.kiosk.wait_until(lambda: bool(self.heard()), PATIENCE_S):
                raise NotHeard(
                    f"no control is called {what}, and there are no more pages; {self._last_words()}"
                )
        self.attend()
        self.keypad.press("select")

    def _found(self, fits: Callable[[str], bool]) -> bool:
        """Go once around the controls, until one fits; it then has the focus."""
        first = label = self._step("right")
        for _ in range(MOST_STEPS):
            if fits(label):
                return True
            label = self._step("right")
            if label == first:
                break
        return fits(label)

    def choose_option(self, number: int) -> None:
        """Select the option of this number, from 0: the focus stands on the first when a screen opens."""
        for _ in range(number):
            self._step("right")
        self.attend()
        self.keypad.press("select")

    def type_digits(self, digits: str) -> None:
        """Type digits; after each wait for its echo. Raises NotHeard."""
        for digit in digits:
            self.attend()
            self.keypad.press(digit)
            if not self.kiosk.wait_until(lambda: bool(self.heard()), PATIENCE_S):
                raise NotHeard(f"no echo; {self._last_words()}")

    def confirm(self, digits: str) -> None:
        """Type digits that are all there are: the focus is then on Confirm, which is said; select it."""
        self.type_digits(digits)
        self.listen_for("voice.all-digits")
        self.listen_for("screen.confirm")
        self.attend()
        self.keypad.press("select")

    def _step(self, key: str) -> str:
        """Move the focus by one control; its label, as it was said before its role."""
        self.attend()
        self.keypad.press(key)
        found: list[str] = []

        def said() -> bool:
            pieces = self.heard()
            found[:] = [pieces[n - 1] for n, text in enumerate(pieces) if text in self._roles and n > 0]
            return bool(found)

        if not self.kiosk.wait_until(said, PATIENCE_S):
            raise NotHeard(f"the focus moved and nothing was said; {self._last_words()}")
        return found[-1]

    def _last_words(self) -> str:
        said = [piece["text"] for piece in self.kiosk.get("/speech")[-40:]]
        return f"last said: {re.sub(r'[ ]+', ' ', ' | '.join(said))}"
