"""The voice: what is said, what is held back without a headset, and what its keys do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from hardware.device import Fault, State, Status
from hardware.speaker.interface import Speech, Spoken, Withheld
from kiosk.contract.money import Fen
from kiosk.messages import msg, texts
from kiosk.stage import Preferences
from kiosk.values import Digits, Name, Yuan
from kiosk.voice import RATES, VOLUMES, Said, Voice, VoiceKey

SCREEN = (msg("balance.title"), Yuan(Fen(123456)), msg("visit.greeting", name=Name("测*")))
READY = Status(State.READY)


@dataclass
class Loudspeaker:
    """A speaker in memory: what was given to it, and whether a headset is in."""

    headset_in: bool = False
    given: list[Speech] = field(default_factory=list)
    hold: asyncio.Event | None = None
    hold_on: str = ""  # the text that takes so long; empty: every one
    cues: list[str] = field(default_factory=list)
    status: Status = READY

    @property
    def driver(self) -> "Loudspeaker":
        return self

    def say(self, speech: Speech, command: Any) -> Any:
        self.given.append(speech)
        return Withheld() if speech.personal and not self.headset_in else Spoken()

    def cue(self, cue: str, command: Any) -> None:
        self.cues.append(cue)

    def headset(self, command: Any) -> bool:
        return self.headset_in

    async def run(self, verb: Callable[[Any], Any], timeout_s: float) -> Any:
        came = verb(None)
        if self.hold is not None and self.hold_on in ("", self.given[-1].text if self.given else ""):
            await self.hold.wait()
        return came


@pytest.fixture
def speaker() -> Loudspeaker:
    return Loudspeaker()


@pytest.fixture
def said() -> list[Said]:
    return []


@pytest.fixture
def voice(speaker: Loudspeaker, said: list[Said]) -> Voice:
    return Voice(speaker, on_said=said.append)  # type: ignore[arg-type]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_touch_sounds_but_for_whom_the_voice_leads(voice: Voice, speaker: Loudspeaker) -> None:
    voice.screen(Preferences(), SCREEN)
    voice.cue("press")
    await settle()
    voice.screen(Preferences(speech=True), SCREEN)
    voice.cue("press")
    await settle()
    assert speaker.cues == ["press"]
    voice.cue("done")  # the text says: lift the card when you hear the tone
    await settle()
    assert speaker.cues == ["press", "done"]


async def test_touches_in_a_row_do_not_queue_up_sounds(voice: Voice, speaker: Loudspeaker) -> None:
    speaker.hold = asyncio.Event()
    for _ in range(50):
        voice.cue("press")
        await settle()
    assert speaker.cues == ["press"]
    speaker.hold.set()
    await settle()
    voice.cue("done")
    await settle()
    assert speaker.cues == ["press", "done"]


async def test_a_speaker_that_is_out_of_order_is_left_alone(voice: Voice, speaker: Loudspeaker) -> None:
    speaker.status = Status(State.OUT_OF_SERVICE, Fault.HARDWARE)
    voice.cue("press")
    await settle()
    assert speaker.cues == []


async def test_nothing_is_said_until_the_voice_is_on(voice: Voice, speaker: Loudspeaker) -> None:
    voice.screen(Preferences(), SCREEN)
    await settle()
    assert speaker.given == []


async def test_a_screen_is_said_with_its_figures_in_words(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    speaker.headset_in = True
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    assert [piece.text for piece in said] == ["账户余额", "一千二百三十四元五角六分", "测某，您好"]


async def test_what_is_personal_is_held_back_without_a_headset(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    assert [piece.heard for piece in said] == [True, False, True, False, False]
    assert said[2].text == texts("zh")["voice.headset-only"], "or an amount is missed in silence"
    voice.focus((Digits("6217"),))
    await settle()
    assert [piece.heard for piece in said[5:]] == [False], "it is asked for once on a screen"
    speaker.headset_in = True
    said.clear()
    voice.key("repeat")
    voice.key("repeat")
    await settle()
    assert all(piece.heard for piece in said) and len(said) == len(SCREEN)


async def test_a_new_thing_cuts_off_the_old(voice: Voice, speaker: Loudspeaker, said: list[Said]) -> None:
    speaker.hold = asyncio.Event()
    speaker.headset_in = True
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    voice.focus((Digits("6217"),))
    speaker.hold.set()
    await settle()
    assert [piece.text for piece in said] == ["六二幺七"]


async def test_rates_and_volumes_are_enough_and_stay_within(voice: Voice, speaker: Loudspeaker) -> None:
    assert len(RATES) >= 7
    assert len(VOLUMES) >= 9
    preferences = Preferences()
    voice.screen(preferences, SCREEN)
    for _ in range(20):
        voice.key("faster")
        voice.key("louder")
    await settle()
    assert (speaker.given[-1].rate, speaker.given[-1].volume) == (RATES[-1], VOLUMES[-1])
    for _ in range(20):
        voice.key("slower")
        voice.key("softer")
    await settle()
    assert (speaker.given[-1].rate, speaker.given[-1].volume) == (RATES[0], VOLUMES[0])
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    assert speaker.given[-1].rate == 1.0, "the next citizen begins in the middle"


async def test_pause_goes_on_where_it_stopped(voice: Voice, speaker: Loudspeaker) -> None:
    speaker.hold = asyncio.Event()
    speaker.headset_in = True
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    voice.key("pause")
    speaker.hold.set()
    await settle()
    assert len(speaker.given) == 1
    voice.key("pause")
    await settle()
    assert [speech.text for speech in speaker.given][1:] == [
        "账户余额",
        "一千二百三十四元五角六分",
        "测某，您好",
    ]


async def test_an_amount_cut_off_by_a_headset_pulled_out_is_said_when_it_is_back(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    speaker.hold, speaker.hold_on = asyncio.Event(), texts("zh")["voice.headset-only"]
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    speaker.headset_in = True
    speaker.hold.set()
    await settle()
    assert [piece.text for piece in said if piece.personal and piece.heard] == [
        "一千二百三十四元五角六分",
        "测某，您好",
    ]


def heard(said: list[Said]) -> list[str]:
    """What was said since the last look."""
    pieces = [piece.text for piece in said]
    said.clear()
    return pieces


THREE = (msg("menu.title"), msg("screen.help"), msg("screen.finish"))
SPOKEN = [texts("zh")[part.key] for part in THREE]


async def test_what_changes_the_voice_is_said_once_and_never_repeated(voice: Voice, said: list[Said]) -> None:
    voice.screen(Preferences(speech=True), THREE)
    for name in ("faster", "faster", "louder"):
        voice.key(name)  # type: ignore[arg-type]
    await settle()
    assert heard(said) == [texts("zh")["voice.louder"], *SPOKEN]
    voice.key("repeat")
    await settle()
    assert heard(said) == SPOKEN


@pytest.mark.parametrize(
    ("key", "steps"), [("faster", RATES), ("slower", RATES), ("louder", VOLUMES), ("softer", VOLUMES)]
)
async def test_the_last_step_is_told_from_one_that_changes_nothing(
    key: VoiceKey, steps: tuple[float, ...], voice: Voice, said: list[Said]
) -> None:
    voice.screen(Preferences(speech=True), ())
    for _ in range(len(steps) // 2):
        voice.key(key)
    await settle()
    assert heard(said) == [texts("zh")[f"voice.{key}"]]
    voice.key(key)
    await settle()
    assert heard(said) == [texts("zh")[f"voice.{key}-end"]]


async def test_a_change_of_pace_does_not_begin_a_long_telling_anew(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    speaker.hold, speaker.hold_on = asyncio.Event(), SPOKEN[1]
    voice.screen(Preferences(speech=True), THREE)
    await settle()
    voice.key("faster")
    speaker.hold.set()
    await settle()
    assert heard(said) == [SPOKEN[0], texts("zh")["voice.faster"], *SPOKEN[1:]]


async def test_repeat_says_the_last_and_at_once_again_the_whole_screen(
    voice: Voice, said: list[Said]
) -> None:
    voice.screen(Preferences(speech=True), THREE)
    voice.focus((THREE[2],))
    await settle()
    said.clear()
    for expected in ([SPOKEN[2]], SPOKEN, SPOKEN):
        voice.key("repeat")
        await settle()
        assert heard(said) == expected


async def test_a_dark_screen_can_still_be_repeated(voice: Voice, said: list[Said]) -> None:
    voice.screen(Preferences(speech=True), THREE)
    voice.key("blank")
    await settle()
    assert heard(said) == [texts("zh")["voice.blank"]]
    voice.key("repeat")
    await settle()
    assert heard(said) == SPOKEN


async def test_a_screen_for_whom_the_voice_does_not_lead_silences_the_one_before(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    speaker.hold = asyncio.Event()
    voice.screen(Preferences(speech=True), THREE)
    await settle()
    voice.screen(Preferences(), THREE)
    speaker.hold.set()
    await settle()
    assert len(speaker.given) == 1 and said == []


async def test_pause_turns_the_voice_on_too_and_does_nothing_in_silence(
    voice: Voice, said: list[Said]
) -> None:
    voice.screen(Preferences(), THREE)
    voice.key("pause")
    await settle()
    assert heard(said) == SPOKEN
    for _ in range(2):
        voice.key("pause")
        await settle()
        assert heard(said) == []


async def test_a_headset_turns_the_voice_on_and_off(
    voice: Voice, speaker: Loudspeaker, said: list[Said]
) -> None:
    preferences = Preferences()
    voice.screen(preferences, SCREEN)
    speaker.headset_in = True
    following = asyncio.ensure_future(voice.follow_headset())
    await settle()
    assert preferences.speech
    assert said[0].text.startswith("语音已打开")
    following.cancel()


async def test_a_headset_that_slips_out_in_the_dark_leaves_the_voice_on(
    voice: Voice, speaker: Loudspeaker, said: list[Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.voice.HEADSET_POLL_S", 0.0)
    preferences = Preferences(speech=True, blank=True)
    voice.screen(preferences, SCREEN)
    speaker.headset_in = True
    following = asyncio.ensure_future(voice.follow_headset())
    await settle()
    speaker.headset_in = False
    await settle()
    said.clear()
    voice.screen(preferences, SCREEN)
    await settle()
    assert not any(piece.heard for piece in said if piece.personal), "what is personal is held back"
    assert all(piece.heard for piece in said if not piece.personal)
    preferences.blank = False
    speaker.headset_in = True
    await settle()
    speaker.headset_in = False
    await settle()
    assert not preferences.speech
    following.cancel()


async def test_a_headset_outlasts_a_visit_and_its_settings_do_not(voice: Voice, speaker: Loudspeaker) -> None:
    following = asyncio.ensure_future(voice.follow_headset())
    speaker.headset_in = True
    await settle()
    first = Preferences()
    voice.screen(first, SCREEN)
    voice.key("faster")
    second = Preferences()
    voice.screen(second, SCREEN)
    await settle()
    assert first.speech
    assert second.speech
    assert (first.speech_rate, second.speech_rate) == (1, 0)
    following.cancel()


async def test_what_is_said_has_a_caption_and_what_is_held_back_has_none(speaker: Loudspeaker) -> None:
    captions: list[Any] = []
    voice = Voice(speaker, on_saying=lambda part, rate: captions.append((part, rate)))  # type: ignore[arg-type]
    voice.screen(Preferences(speech=True), SCREEN)
    await settle()
    assert captions == [(SCREEN[0], 1.0), (msg("voice.headset-only"), 1.0), (None, 1.0)]
    captions.clear()
    voice.key("louder")
    await settle()
    shown = [caption for caption in captions if caption[0] is not None]
    assert shown == [(msg("voice.louder"), 1.0), (SCREEN[0], 1.0)], "also what no screen shows"
    voice.key("faster")
    await settle()
    assert captions[-1] == (None, 1.0)
    assert captions[-2][1] == RATES[len(RATES) // 2 + 1]
