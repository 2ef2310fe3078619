"""How evenly the real window draws while a scan is going on: one JSON line a figure, run by bench_scan on a display.

The window draws only when something changes. So another screen is shown ten times a second, and each is timed from the
call to the frame that shows it: alone, and beside a camera that sends 720p with nothing to read in it, which is the
most work that a scan can be. Simulated camera, both scanner processes and window share the machine's cores.
"""

import asyncio
import json
import threading
import time
from contextlib import closing

import numpy as np

from hardware.device import Command, CommandCancelled
from hardware.scanner.camera import CameraScanner
from hardware.scanner.simulator import CameraSimulator
from kiosk.stage import Preferences
from screens.gallery import PANELS, shown, stage_for
from screens.samples import SAMPLES
from screens.window import KioskStage

FRAMES = 150
PERIOD_S = 0.1
PATIENCE_S = 120.0


async def frames_ms(stage: KioskStage) -> list[float]:
    """The milliseconds from each change to its frame."""
    pair = [sample for sample in SAMPLES if not sample.keys and not sample.touches][:2]
    spent, due = [], time.perf_counter()
    for number in range(FRAMES):
        due += PERIOD_S
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        await shown(stage, pair[number % 2], Preferences("zh"))
        spent.append((time.perf_counter() - began) * 1000)
    return spent[2:]  # the first of each makes its textures


def report(among: str, spent: list[float]) -> None:
    """Its spread: p99 less p50 is what a citizen would see as unevenness."""
    for name, part in (("p50", 50), ("p95", 95), ("p99", 99)):
        value = round(float(np.percentile(spent, part)), 2)
        print(
            json.dumps({"name": f"scan/window frame {among}, {name}", "value": value, "unit": "ms"}),
            flush=True,
        )


def scan(scanner: CameraScanner, command: Command) -> None:
    """What the device's worker does while the citizen looks for the phone."""
    try:
        scanner.scan(command)
    except CommandCancelled:
        pass


async def main() -> None:
    """Measure and print."""
    stage = stage_for(PANELS["21.5-portrait"])
    running = asyncio.create_task(stage.run())
    with closing(CameraSimulator()) as camera, closing(CameraScanner(camera.url)) as scanner:
        await frames_ms(stage)
        report("beside no scan", await frames_ms(stage))
        command = Command(PATIENCE_S)
        worker = threading.Thread(target=scan, args=(scanner, command))
        worker.start()
        await asyncio.to_thread(_looking, scanner)
        report("beside a scan", await frames_ms(stage))
        command.cancel()
        worker.join()
    stage.stop()
    await running


def _looking(scanner: CameraScanner) -> None:
    """Return when the decoder has seen its first frame."""
    starting = Command(PATIENCE_S)
    while not (scanner._decoder and scanner._decoder.hello):
        starting.wait(0.05)


if __name__ == "__main__":
    asyncio.run(main())
