"""The voice: says what is on the screen, and what the finger of the keypad stands on.

Everything that is shown is a message with typed values, so everything that is shown can be said; numbers are said
as people say them (kiosk.spoken). What belongs to the citizen is said to a headset only: the speaker's driver
holds it back without one, and the voice says so. A new thing to say cuts off the old one.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from hardware.device import Device, DeviceFault
from hardware.speaker.interface import Cue, Speech, Spoken, Withheld
from kiosk.messages import Message, Part, msg, personal, speech
from kiosk.stage import Preferences

RATES = (0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0)
"""Times the usual pace; the middle one at the start of every visit."""

VOLUMES = (20, 30, 40, 50, 60, 70, 80, 90, 100)
"""Per cent of the loudest; the middle one at the start of every visit."""

SAY_TIMEOUT_S = 60.0
CUE_TIMEOUT_S = 2.0
HEADSET_POLL_S = 1.0

VoiceKey = Literal["repeat", "pause", "slower", "faster", "softer", "louder", "blank"]


@dataclass(frozen=True)
class Said:
    """One piece of speech, as it was given to the speaker. `heard` is false when it was held back, or failed."""

    text: str
    personal: bool
    heard: bool


class Voice:
    """Speaks for one kiosk. All calls come from the loop's thread.

    `on_said` hears every piece after it was said (the demo's bench). `on_saying` is told what begins to be said, at how
    many times the usual pace, and None when it is over: for captions. What is held back is not told.
    """

    def __init__(
        self,
        speaker: Device[Any] | None,
        *,
        on_said: Callable[[Said], None] = lambda said: None,
        on_saying: Callable[[Part | None, float], None] = lambda part, rate: None,
    ) -> None:
        self._speaker = speaker
        self._on_said, self._on_saying = on_said, on_saying
        self._saying: asyncio.Task[None] | None = None
        self._cueing: asyncio.Task[None] | None = None
        self._screen: tuple[Part, ...] = ()
        self._last: tuple[Part, ...] = ()
        self._at = 0
        """Which part of the last is being said, or was when the voice fell silent; all of it: none is left."""
        self._paused = self._repeated = self._asked_for_headset = False
        self._plugged = False
        self.preferences = Preferences()

    def screen(self, preferences: Preferences, parts: tuple[Part, ...]) -> None:
        """A new screen is up: from now on `preferences` are this citizen's, and nothing of the old one is said."""
        self.preferences = preferences
        # the headset outlasts a visit, its settings do not
        preferences.speech = preferences.speech or self._plugged
        self._screen, self._asked_for_headset = parts, False
        if preferences.speech:
            self.say(parts)
        else:
            self.stop()
            self._last = parts

    def focus(self, parts: tuple[Part, ...]) -> None:
        """The focus has moved onto something, or a key was typed."""
        if self.preferences.speech and parts:
            self.say(parts)

    def say(self, parts: tuple[Part, ...]) -> None:
        """Say this now, and stop saying anything else."""
        self._last = parts
        self._begin()

    def _begin(self, notice: tuple[Part, ...] = (), start: int = 0) -> None:
        """Say a notice, which no key repeats, and then the last from its part `start`."""
        self.stop()
        self._at, self._paused, self._repeated = start, False, False
        if self._speaker is not None:
            self._saying = asyncio.ensure_future(self._say(self._speaker, notice))

    def stop(self) -> None:
        """Be silent at once."""
        if self._saying is not None:
            self._saying.cancel()
            self._saying = None
            self._on_saying(None, 1.0)

    def cue(self, cue: Cue) -> None:
        """Sound how something was taken, at once or not at all. Whom the voice leads hears it say what they touch."""
        busy = self._cueing is not None and not self._cueing.done()
        if (
            self._speaker is not None
            and self._speaker.status.usable
            and not (cue == "press" and self.preferences.speech)
            and not busy
        ):
            self._cueing = asyncio.ensure_future(self._cue(self._speaker, cue))

    async def _cue(self, speaker: Device[Any], cue: Cue) -> None:
        with suppress(DeviceFault):  # its watcher reports it
            await speaker.run(partial(speaker.driver.cue, cue), CUE_TIMEOUT_S)

    def key(self, name: VoiceKey) -> None:
        """A key of the audio keypad. Any of them also turns the voice on."""
        preferences = self.preferences
        begun, preferences.speech = preferences.speech, True
        match name:
            case "repeat":
                self._repeat()
            case "pause" if begun:
                self._pause()
            case "pause":
                self.say(self._screen)
            case "slower" | "faster":
                preferences.speech_rate = self._turned(name, RATES, preferences.speech_rate)
            case "softer" | "louder":
                preferences.volume = self._turned(name, VOLUMES, preferences.volume)
            case "blank":
                preferences.blank = not preferences.blank
                self._begin((msg("voice.blank" if preferences.blank else "voice.unblank"),), len(self._last))

    def _repeat(self) -> None:
        """What was said last; at once again, the whole screen."""
        again = self._repeated
        self.say(self._screen if again else self._last)
        self._repeated = not again

    def _pause(self) -> None:
        if self._paused:
            self._begin(start=self._at)
        elif self._saying is not None and not self._saying.done():
            self.stop()
            self._paused = True

    def _turned(self, name: VoiceKey, steps: Sequence[float], now: int) -> int:
        """One step on from `now`, counted from the middle of `steps`, or none at their end; it is said, and then the
        voice goes on where it was. Where it had ended, it begins again, for the change to be heard."""
        most = len(steps) // 2
        turned = max(-most, min(most, now + (1 if name in ("faster", "louder") else -1)))
        notice = msg(f"voice.{name}" if turned != now else f"voice.{name}-end")
        self._begin((notice,), self._at if self._at < len(self._last) else 0)
        return turned

    async def _say(self, speaker: Device[Any], notice: tuple[Part, ...]) -> None:
        try:
            for part in notice:
                await self._utter(speaker, part)
            while self._at < len(self._last):
                if not await self._utter(speaker, self._last[self._at]) and not self._asked_for_headset:
                    self._asked_for_headset = True  # what is not said must not be missed in silence
                    await self._utter(speaker, msg("voice.headset-only"))
                    continue  # it is tried again: it may have been pulled out and put back
                self._at += 1
        except DeviceFault:
            pass  # its watcher reports it; the screen says everything too
        self._on_saying(None, 1.0)

    async def _utter(self, speaker: Device[Any], part: Part) -> bool:
        """Say one part; False when it was held back. Raises DeviceFault."""
        preferences = self.preferences
        piece = Speech(
            speech(part, preferences.language),
            preferences.language,
            key=_recording(part),
            rate=RATES[len(RATES) // 2 + preferences.speech_rate],
            volume=VOLUMES[len(VOLUMES) // 2 + preferences.volume],
            personal=personal(part),
        )
        if self._plugged or not piece.personal:
            self._on_saying(part, piece.rate)
        outcome = await speaker.run(partial(speaker.driver.say, piece), SAY_TIMEOUT_S)
        self._on_said(Said(piece.text, piece.personal, isinstance(outcome, Spoken)))
        return not isinstance(outcome, Withheld)

    async def follow_headset(self) -> None:
        """A headset that is plugged in turns the voice on, and taken out turns it off: but for a dark screen, where the
        voice is all there is, and keeps what is personal to itself. Until cancelled."""
        assert self._speaker is not None
        while True:
            try:
                now = await self._speaker.run(self._speaker.driver.headset, HEADSET_POLL_S) is True
            except DeviceFault:
                now = self._plugged
            if now != self._plugged:
                self._plugged = now
                self.preferences.speech = now or self.preferences.blank
                if now:
                    self._last = self._screen
                    self._begin((msg("voice.welcome"),))
                elif self.preferences.blank:
                    self._begin((msg("voice.blank"),), len(self._last))
                else:
                    self.stop()
            await asyncio.sleep(HEADSET_POLL_S)


def _recording(part: Part) -> str:
    """The key of a recorded prompt: only a message without values can have been recorded whole."""
    return part.key if isinstance(part, Message) and not part.values else ""
