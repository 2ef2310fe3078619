"""Figures of the real window and the voice, one JSON line each: `python -m tests.bench.bench_screens`.

On a display of its own (Xvfb: everything is drawn by the processor). Speech is counted from the key that moves the
focus until the player has the first sound; drawing from a touch of the switch until the frame is in the window's
buffer, after every picture of a text was forgotten. Processor time is this process's alone.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from hardware.device import Device, Kind
from hardware.speaker.espeak import EspeakSpeaker
from hardware.speaker.simulator import SimulatedSoundCard
from kiosk.stage import Preferences
from kiosk.voice import Voice
from scripts.display import VirtualDisplay

ROUNDS = 15
PANEL = "21.5-portrait"


def report(name: str, value: float, unit: str) -> None:
    """Print one figure."""
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit}), flush=True)


def spread(name: str, seconds: list[float]) -> None:
    """Median and the 95th percentile in ms."""
    ordered = sorted(1000 * value for value in seconds)
    report(f"{name}_median", median(ordered), "ms")
    report(f"{name}_p95", ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], "ms")


# ------------------------------------------------------------------ drawing


async def drawing() -> None:
    """Changes of theme, size and language, and a chart that unfolds."""
    from screens.gallery import HELP, PANELS, PLACES, painted
    from screens.samples import INSIDE, LOAN, MENU, TABLE_CHART
    from screens.window import KioskStage

    stage = KioskStage(PANELS[PANEL], PLACES, HELP, motion=True)
    running = asyncio.create_task(stage.run())
    for what, key in (("theme", "contrast"), ("text_size", "text-size"), ("language", "language")):
        times, spent = [], []
        for prompt in itertools.islice(itertools.cycle((MENU, TABLE_CHART, LOAN)), ROUNDS):
            stage.show(prompt, INSIDE, Preferences(), lambda answer: None)
            await painted(stage)
            control = next(c for c in stage.scene().controls() if c.key == key)
            stage.forget()  # as after another citizen: no picture of a text is there yet
            drawn = asyncio.Event()
            stage.on_drawn = drawn.set
            began, at_first = time.perf_counter(), time.process_time()
            stage.touch_down(control.box.x + 1, control.box.y + 1)
            stage.touch_up(control.box.x + 1, control.box.y + 1)
            while stage.frames_drawn <= stage._laid_out_at_frame or stage._dirty:
                drawn.clear()
                await drawn.wait()
            times.append(time.perf_counter() - began)
            spent.append(time.process_time() - at_first)
        spread(f"{what}_change_to_painted", times)
        report(f"{what}_change_processor_time_median", 1000 * median(spent), "ms")
    await _frames(stage, LOAN, TABLE_CHART)
    stage.stop()
    await running


async def _frames(stage: Any, *prompts: Any) -> None:
    """Between two frames while a chart unfolds, and what a frame takes of the processor."""
    from screens.samples import INSIDE
    from screens.theme import UNFOLD_S

    gaps: list[float] = []
    spent: list[float] = []
    for prompt in prompts * 4:
        at: list[tuple[float, float]] = []
        stage.on_drawn = lambda at=at: at.append((time.perf_counter(), time.process_time()))
        stage.show(prompt, INSIDE, Preferences(), lambda answer: None)
        await asyncio.sleep(UNFOLD_S + 0.2)
        gaps += [after[0] - before[0] for before, after in itertools.pairwise(at)]
        spent += [after[1] - before[1] for before, after in itertools.pairwise(at)]
    spread("chart_between_frames", gaps)
    spread("chart_processor_time_a_frame", spent)
    report("chart_frames_in_a_second", len(gaps) / sum(gaps), "1/s")


# ------------------------------------------------------------------ speech


async def speech() -> None:
    """From a key of the keypad until the player is started, through window, voice, worker and espeak-ng."""
    from screens.gallery import PANELS, painted, stage_for
    from screens.samples import INSIDE, MENU

    card = SimulatedSoundCard()
    speaker = Device(Kind.SPEAKER, EspeakSpeaker(player=card.player, headset=card.headset))
    speaker.start()
    stage = stage_for(PANELS[PANEL])
    running = asyncio.create_task(stage.run())
    try:
        voice = Voice(speaker)
        stage.on_focus = voice.focus
        for language in ("zh", "en"):
            preferences = Preferences(language, speech=True)  # type: ignore[arg-type]
            stage.show(MENU, INSIDE, preferences, lambda answer: None)
            voice.screen(preferences, ())
            await painted(stage)
            times = []
            for _ in range(ROUNDS):
                voice.stop()
                card.forget()
                began = time.time_ns()
                stage.key("right")
                while not (played := _played(card)):  # noqa: ASYNC110 - another process plays
                    await asyncio.sleep(0.005)
                times.append((played - began) / 1e9)
            spread(f"focus_to_speech_begins_{language}", times)
        voice.stop()
    finally:
        stage.stop()
        await running
        await asyncio.to_thread(speaker.close)
        card.close()


def _played(card: SimulatedSoundCard) -> int:
    """When the player had the first sound, in ns since the epoch; 0 before that."""
    sounds = (Path(card.player).parent / "played").iterdir()
    return min((path.stat().st_mtime_ns for path in sounds), default=0)


def main() -> None:
    """Measure and print; each part in a process of its own, for Kivy opens one window in a process."""
    parts = {"drawing": drawing, "speech": speech}
    if sys.argv[1:2] and sys.argv[1] in parts:
        asyncio.run(parts[sys.argv[1]]())
        return
    with VirtualDisplay(1080, 1920) as display:
        for part in parts:
            command = [sys.executable, "-m", "tests.bench.bench_screens", part]
            subprocess.run(command, env={**os.environ, "DISPLAY": display.name}, check=True)


if __name__ == "__main__":
    main()
