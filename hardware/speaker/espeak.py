"""Driver that renders by espeak-ng, or takes a recorded prompt, and plays through a program that can be killed.

What is said may be personal. So it reaches espeak-ng by its standard input and the player as a file in memory:
neither in a list of processes nor on a disk.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hardware.contacts import Contact
from hardware.device import Command, DeviceFault, Fault, State, Status
from hardware.speaker.cues import wav
from hardware.speaker.interface import Cue, NotSpoken, Speech, SpeechOutcome, Spoken, Withheld
from hardware.speaker.readings import as_read, foreign, runs
from hardware.speaker.sound import NotASound, at_volume, joined, seconds

VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us", "yue": "yue"}
"""Voices of espeak-ng. Its `cmn` of Debian 12 reads hanzi as English words; the one over pinyin is right."""
WORDS_PER_MINUTE = 175
LOUDEST_AMPLITUDE = 200
RENDER_TIMEOUT_S = 5.0
LOOK_EVERY_S = 0.02
KILL_TIMEOUT_S = 2.0

NULL = "null"
"""The player that plays nothing, for as long as playing would take: a kiosk without a loudspeaker."""


class EspeakSpeaker:
    """Plays through `player`: aplay, pw-play, another program that takes a WAV file as its last argument, or null.

    `player_options` go before the file (such as ["-D", "plughw:1"]). `recordings` is a folder of prompts as
    LANGUAGE/KEY.wav. `headset` is a file of the kernel that holds `plugged` while a headset is in; without one,
    nothing personal is ever said. `cues` is how loud touches sound, in per cent; 0 is silence.
    """

    def __init__(
        self,
        player: str = "aplay",
        player_options: list[str] | None = None,
        recordings: str = "",
        headset: str = "",
        plugged: str = "1",
        cues: int = 40,
    ) -> None:
        self._player = player
        self._options: Sequence[str] = player_options or (["-q"] if player == "aplay" else [])
        self._recordings = Path(recordings) if recordings else None
        self._headset = Contact(Path(headset), plugged) if headset else None
        self._cues = cues
        self._last_fault: Fault | None = None

    def status(self, command: Command) -> Status:
        """Whether the programs are there, and whether the last playing went well."""
        detail = {"player": self._player}
        if shutil.which("espeak-ng") is None:
            return Status(State.OUT_OF_SERVICE, Fault.HARDWARE, {**detail, "missing": "espeak-ng"})
        if self._player != NULL and shutil.which(self._player) is None:
            return Status(State.OUT_OF_SERVICE, Fault.HARDWARE, {**detail, "missing": self._player})
        if self._last_fault is not None:
            return Status(State.DEGRADED, self._last_fault, detail)
        return Status(State.READY, None, detail)

    def say(self, speech: Speech, command: Command) -> SpeechOutcome:
        """Say it."""

        def may_be_heard() -> bool:
            return not speech.personal or self.headset(command) is True

        if not may_be_heard():
            return Withheld()
        if not speech.text.strip() and not speech.key:
            return Spoken()
        try:
            if not self._play(self._sound(speech), command, may_be_heard):
                return Withheld()
        except DeviceFault as fault:
            self._last_fault = fault.fault
            return NotSpoken(fault.fault)
        self._last_fault = None
        return Spoken()

    def cue(self, cue: Cue, command: Command) -> None:
        """Sound it, unless the kiosk is set to be silent. Raises DeviceFault."""
        if self._cues:
            self._play(wav(cue, self._cues), command)

    def headset(self, command: Command) -> bool | None:
        """Whether a headset is plugged in."""
        return self._headset.says() if self._headset else None

    def close(self) -> None:
        """Nothing is held between speeches."""

    def _sound(self, speech: Speech) -> bytes:
        return self._recorded(speech) or render(speech)

    def _recorded(self, speech: Speech) -> bytes | None:
        """The prompt as it was recorded, at its volume; None where there is none that can be played at its pace."""
        if not self._recordings or not speech.key or speech.rate != 1.0:
            return None
        try:
            recorded = (self._recordings / speech.language / f"{speech.key}.wav").read_bytes()
            return at_volume(recorded, speech.volume)
        except (OSError, NotASound):
            return None

    def _play(self, sound: bytes, command: Command, may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Play it; False when it had to be broken off: a headset pulled out in the middle leaves the loudspeaker."""
        if self._player == NULL:
            until = time.monotonic() + seconds(sound)
            return _watched(lambda: time.monotonic() < until, command, may_go_on)
        with _in_memory(sound) as (path, descriptor):
            try:
                player = subprocess.Popen(
                    [self._player, *self._options, path],
                    pass_fds=[descriptor],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise DeviceFault(Fault.HARDWARE, type(error).__name__) from error
            try:
                if not _watched(lambda: player.poll() is None, command, may_go_on):
                    return False
            finally:
                if player.poll() is None:
                    player.kill()
                player.wait(KILL_TIMEOUT_S)
            if player.returncode:
                raise DeviceFault(Fault.HARDWARE, f"player ended with {player.returncode}")
        return True


def _watched(playing: Callable[[], bool], command: Command, may_go_on: Callable[[], bool]) -> bool:
    """Wait while it plays; False when it may not go on. Raises DeviceFault at the deadline, CommandCancelled."""
    while playing():
        if command.expired:
            raise DeviceFault(Fault.NO_ANSWER, "deadline")
        if not may_go_on():
            return False
        command.wait(LOOK_EVERY_S)
    return True


def render(speech: Speech) -> bytes:
    """The speech as a WAV file. Raises DeviceFault."""
    if speech.language == "en" or foreign(speech.text):
        pieces = runs(speech.text) or [(speech.text, False)]
        return joined([_render(piece, "zh" if chinese else "en", speech) for piece, chinese in pieces])
    return _render(speech.text, speech.language, speech)


def _render(text: str, language: str, speech: Speech) -> bytes:
    command = [
        *("espeak-ng", "--stdin", "-b", "1", "-v", VOICES[language]),
        *(
            "-s",
            str(round(WORDS_PER_MINUTE * speech.rate)),
            "-a",
            str(LOUDEST_AMPLITUDE * speech.volume // 100),
        ),
    ]
    with _in_memory(b"") as (path, descriptor):
        try:
            subprocess.run(
                [*command, "-w", path],
                input=(as_read(text) if language == "zh" else text).encode(),
                pass_fds=[descriptor],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=RENDER_TIMEOUT_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise DeviceFault(Fault.HARDWARE, f"espeak-ng: {type(error).__name__}") from error
        os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read()


@contextmanager
def _in_memory(content: bytes) -> Iterator[tuple[str, int]]:
    """A file that is on no disk: the path by which a program can open it, and the descriptor to pass on to it."""
    descriptor = os.memfd_create("speech")
    try:
        os.write(descriptor, content)
        yield f"/proc/self/fd/{descriptor}", descriptor
    finally:
        os.close(descriptor)
