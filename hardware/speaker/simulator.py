"""A sound card that keeps what is played on it, as a program for the driver to play through, and a headset jack."""

from enum import StrEnum

from hardware.contacts import SimulatedContact
from hardware.scratch import Scratch

_PLAYER = """#!/bin/sh
for file; do :; done
here={here}
case $(cat "$here/scenario") in
    broken) exit 1 ;;
    hanging) exec sleep 600 ;;
esac
cat "$file" > "$here/played/$(date +%s%N).wav"
"""


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    BROKEN = "broken"
    HANGING = "hanging"


class SimulatedSoundCard:
    """`player` is what the driver plays through, `headset` the path of its jack's sensor."""

    def __init__(self) -> None:
        self._folder = Scratch("sound_card")
        here = self._folder.path
        (here / "played").mkdir()
        player = here / "play"
        player.write_text(_PLAYER.format(here=here))
        player.chmod(0o755)
        self.player = str(player)
        self._jack = SimulatedContact(here / "headset")
        self.headset = str(here / "headset")
        self.recover()

    @property
    def played(self) -> list[bytes]:
        """The WAV files that were played, oldest first."""
        return [path.read_bytes() for path in sorted((self._folder.path / "played").iterdir())]

    def forget(self) -> None:
        """Throw away what was played."""
        for path in (self._folder.path / "played").iterdir():
            path.unlink()

    def plug(self, plugged: bool) -> None:
        """Put a headset in, or pull it out."""
        self._jack.set(plugged)

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        (self._folder.path / "scenario").write_text(Scenario(scenario))

    def recover(self) -> None:
        """Let everything work again."""
        (self._folder.path / "scenario").write_text("")

    def close(self) -> None:
        """Throw everything away."""
        self._folder.close()
