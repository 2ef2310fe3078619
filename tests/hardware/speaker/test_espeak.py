import io
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardware.device import Command, CommandCancelled, Fault, State
from hardware.speaker.cues import NOTES, wav
from hardware.speaker.espeak import NULL, VOICES, EspeakSpeaker, render
from hardware.speaker.interface import NotSpoken, Speech, Spoken, Withheld
from hardware.speaker.simulator import KEPT, Scenario, SimulatedSoundCard

HELLO = Speech("您好,请放身份证。")


@pytest.fixture
def card() -> Iterator[SimulatedSoundCard]:
    card = SimulatedSoundCard()
    yield card
    card.close()


@pytest.fixture
def speaker(card: SimulatedSoundCard) -> EspeakSpeaker:
    return EspeakSpeaker(card.player, headset=card.headset)


def seconds(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        return file.getnframes() / file.getframerate()


def test_what_is_said_is_played(card: SimulatedSoundCard, speaker: EspeakSpeaker) -> None:
    assert speaker.status(Command(1)).state is State.READY
    assert speaker.say(HELLO, Command(5)) == Spoken()
    assert 0.5 < seconds(card.played[0]) < 10


@pytest.mark.parametrize("language", ["zh", "yue"])
def test_hanzi_are_not_read_as_english(language: str) -> None:
    phonemes = subprocess.run(
        ["espeak-ng", "-v", VOICES[language], "-x", "-q", "您好,公积金余额"],
        capture_output=True, text=True, check=True, timeout=10,
    ).stdout  # fmt: skip
    assert phonemes.strip()
    assert "(en)" not in phonemes


def test_rate_and_volume_are_heard() -> None:
    usual, fast, silent = (
        render(Speech("一二三四五六七八", rate=rate, volume=volume))
        for rate, volume in ((1.0, 80), (2.0, 80), (1.0, 0))
    )
    assert seconds(fast) < 0.75 * seconds(usual)
    with wave.open(io.BytesIO(silent)) as file:
        loudest = max(
            abs(int.from_bytes(file.readframes(1)[:2], "little", signed=True))
            for _ in range(file.getnframes())
        )
    assert loudest < 100


def loudness(sound: bytes) -> int:
    with wave.open(io.BytesIO(sound)) as file:
        return int(np.abs(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(int)).max())


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recorded prompt, in the folder of recordings."""
    (tmp_path / "zh").mkdir()
    recorded = tmp_path / "zh" / "welcome.wav"
    recorded.write_bytes(render(Speech("录音录音录音")))
    return recorded


def test_a_recorded_prompt_goes_before(card: SimulatedSoundCard, recording: Path) -> None:
    recorded = recording.read_bytes()
    speaker = EspeakSpeaker(card.player, recordings=str(recording.parent.parent))
    for speech in (
        Speech("您好", key="welcome"),
        Speech("您好", key="another"),
        Speech("Hello", "en", key="welcome"),
    ):
        assert speaker.say(speech, Command(5)) == Spoken()
    assert seconds(card.played[0]) == seconds(recorded)
    assert seconds(recorded) not in [seconds(sound) for sound in card.played[1:]]


def test_the_keys_for_pace_and_volume_work_on_recorded_prompts_too(
    card: SimulatedSoundCard, recording: Path
) -> None:
    speaker = EspeakSpeaker(card.player, recordings=str(recording.parent.parent))
    for speech in (
        Speech("录音录音录音", key="welcome", volume=100),
        Speech("录音录音录音", key="welcome", volume=20),
        Speech("录音录音录音", key="welcome", volume=100, rate=2.0),
    ):
        speaker.say(speech, Command(5))
    loud, soft, fast = card.played
    assert 0.15 < loudness(soft) / loudness(loud) < 0.25
    assert seconds(fast) < 0.75 * seconds(loud)


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"ID3 not a WAV file", "truncated"])
def test_a_recording_that_is_no_sound_is_spoken_instead(
    card: SimulatedSoundCard, recording: Path, broken: bytes | str
) -> None:
    recording.write_bytes(recording.read_bytes()[:20] if isinstance(broken, str) else broken)
    speaker = EspeakSpeaker(card.player, recordings=str(recording.parent.parent))
    assert speaker.say(Speech("您好", key="welcome"), Command(5)) == Spoken()
    assert card.played == [render(Speech("您好"))]
    assert speaker.status(Command(1)).state is State.READY


def test_a_chinese_name_in_english_is_said_in_chinese() -> None:
    whole = seconds(render(Speech("Hello, 样例机械", "en")))
    parts = seconds(render(Speech("Hello, ", "en"))) + seconds(render(Speech("样例机械", "zh")))
    assert whole == pytest.approx(parts, abs=0.01)


def test_every_cue_is_short_and_no_other_sounds_like_it(
    card: SimulatedSoundCard, speaker: EspeakSpeaker
) -> None:
    for cue in NOTES:
        speaker.cue(cue, Command(5))
    assert len(set(card.played)) == len(NOTES)
    assert all(0.02 < seconds(sound) < 0.5 for sound in card.played)
    assert seconds(wav("press", 40)) < 0.1, "it must be over before the next touch"


def test_a_kiosk_can_be_set_to_be_silent(card: SimulatedSoundCard) -> None:
    EspeakSpeaker(card.player, cues=0).cue("press", Command(5))
    assert card.played == []


def test_the_sound_card_keeps_the_last_sounds_only(card: SimulatedSoundCard, speaker: EspeakSpeaker) -> None:
    for _ in range(KEPT + 1):
        speaker.cue("press", Command(5))
    speaker.cue("done", Command(5))
    assert len(card.played) == KEPT
    assert card.played[-1] == wav("done", 40)


def test_personal_speech_is_for_a_headset_only(card: SimulatedSoundCard, speaker: EspeakSpeaker) -> None:
    balance = Speech("余额一千元", personal=True)
    assert speaker.headset(Command(1)) is False
    assert speaker.say(balance, Command(5)) == Withheld()
    assert card.played == []
    card.plug(True)
    assert speaker.say(balance, Command(5)) == Spoken()
    assert len(card.played) == 1


@pytest.mark.parametrize("player", ["hanging", NULL])
def test_a_headset_pulled_out_in_the_middle_leaves_the_loudspeaker_silent(
    player: str, card: SimulatedSoundCard
) -> None:
    card.fail(Scenario.HANGING)
    card.plug(True)
    speaker = EspeakSpeaker(NULL if player == NULL else card.player, headset=card.headset)
    pulled: list[float] = []

    def pull() -> None:
        card.plug(False)
        pulled.append(time.monotonic())

    threading.Timer(0.3, pull).start()
    assert speaker.say(Speech("余额" * 30, personal=True), Command(30)) == Withheld()
    assert time.monotonic() - pulled[0] < 0.2
    assert speaker.status(Command(1)).state is State.READY


def test_without_a_sensor_nothing_personal_is_said(card: SimulatedSoundCard) -> None:
    speaker = EspeakSpeaker(card.player)
    assert speaker.headset(Command(1)) is None
    assert speaker.say(Speech("余额", personal=True), Command(5)) == Withheld()


@pytest.mark.parametrize("player", ["hanging", NULL])
def test_it_falls_silent_at_once(player: str, card: SimulatedSoundCard) -> None:
    card.fail(Scenario.HANGING)
    speaker = EspeakSpeaker(NULL if player == NULL else card.player)
    command = Command(30)
    cut: list[float] = []

    def cut_short() -> None:
        cut.append(time.monotonic())
        command.cancel()

    threading.Timer(0.3, cut_short).start()
    with pytest.raises(CommandCancelled):
        speaker.say(Speech("一" * 60), command)
    assert time.monotonic() - cut[0] < 0.2


@pytest.mark.parametrize(
    ("scenario", "fault"), [(Scenario.BROKEN, Fault.HARDWARE), (Scenario.HANGING, Fault.NO_ANSWER)]
)
def test_a_sound_card_that_fails(
    scenario: Scenario, fault: Fault, card: SimulatedSoundCard, speaker: EspeakSpeaker
) -> None:
    card.fail(scenario)
    assert speaker.say(HELLO, Command(0.5)) == NotSpoken(fault)
    status = speaker.status(Command(1))
    assert (status.state, status.fault) == (State.DEGRADED, fault)
    card.recover()
    assert speaker.say(HELLO, Command(5)) == Spoken()
    assert speaker.status(Command(1)).state is State.READY


def test_a_player_that_is_not_there() -> None:
    speaker = EspeakSpeaker("no-such-player")
    assert speaker.status(Command(1)).detail["missing"] == "no-such-player"
    assert speaker.say(HELLO, Command(5)) == NotSpoken(Fault.HARDWARE)


def test_nothing_to_say(speaker: EspeakSpeaker, card: SimulatedSoundCard) -> None:
    assert speaker.say(Speech("  "), Command(5)) == Spoken()
    assert card.played == []


def test_speech_shows_no_text() -> None:
    assert "余额" not in repr(Speech("余额一千元"))


@pytest.mark.parametrize("wrong", [{"rate": 0.1}, {"rate": 9.0}, {"volume": -1}, {"volume": 101}])
def test_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        Speech("好", **wrong)  # type: ignore[arg-type]
