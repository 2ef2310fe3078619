"""A sound card that keeps what is played on it, as a program for the driver to play through, and a headset jack."""

from enum import StrEnum

from hardware.contacts import SimulatedContact
from hardware.scratch import Scratch

_PLAYER = """#!/bin/sh
for file; do :; done
here={here}
read -r scenario < "$here/scenario"
case $scenario in
    broken) exit 1 ;;
    hanging) exec sleep 600 ;;
esac
read -r played < "$here/count"
echo $((played + 1)) > "$here/count"
exec cat "$file" > "$here/played/$((played % {kept}))"
"""


KEPT = 100
"""Files: a day of touches must not fill the memory."""


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
        (here / "count").write_text("0\n")
        player = here / "play"
        player.write_text(_PLAYER.format(here=here, kept=KEPT))
        player.chmod(0o755)
        self.player = str(player)
        self._jack = SimulatedContact(here / "headset")
        self.headset = str(here / "headset")
        self.recover()

    @property
    def played(self) -> list[bytes]:
        """The last WAV files that were played, oldest first."""
        files = sorted((self._folder.path / "played").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_bytes() for path in files]

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
