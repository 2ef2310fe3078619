"""Figures of the scanner, one JSON line each: `python -m tests.bench.bench_scan [FOLDER] [--long]`.

FOLDER holds pictures and expected.json, {file: text, or null where there is no code}. Without it the frames are
drawn by the test suite's camera, from seeds that nothing was tuned on. Texts are compared after trimming, with
one kind of line end. Times are of one core; the peers get the same grey pictures.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from hardware.device import Command, CommandCancelled
from hardware.scanner.camera import CameraScanner
from hardware.scanner.command import load
from hardware.scanner.decode import Decoder
from hardware.scanner.found import Picture
from hardware.scanner.interface import Decoded, Scan
from hardware.scanner.simulator import CameraSimulator
from hardware.scanner.zbar import Zbar
from scripts.display import VirtualDisplay
from tests.hardware.scanner.frames import KINDS, NONE, frame

SEED = 77_000_000
SCANS = 12
PATIENCE_S = 20.0
TICKS = 300
WINDOW = (1080, 1920)

Sample = tuple[Picture, str | None]


def show(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": f"scan/{name}", "value": round(value, 2), "unit": unit}), flush=True)


def drawn(count: int, height: int) -> Iterator[Sample]:
    """`count` frames of each kind, and as many empty ones."""
    for kind in (*KINDS, NONE):
        for number in range(count):
            made = frame(kind, SEED + number, height)
            yield made.picture, made.text


def filed(folder: Path) -> Iterator[Sample]:
    """The pictures that expected.json names."""
    for name, text in json.loads((folder / "expected.json").read_text()).items():
        picture = load(folder / name)
        assert picture is not None, name
        yield picture, text


def by_pyzbar(picture: Picture) -> str | None:
    """pyzbar as its README shows it, for QR codes only."""
    codes = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return codes[0].data.decode("utf-8", "replace") if codes else None


def by_zxing(picture: Picture) -> str | None:
    """zxing-cpp as its README shows it, for QR codes only."""
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return codes[0].text if codes else None


def compare(samples: Sequence[Sample], among: str) -> None:
    """Right and wrong answers and time a picture, for the whole chain, one frame of a stream, and the peers."""
    stream, bare_stream = Decoder(), Decoder([Zbar()])
    methods: dict[str, Callable[[Picture], str | None]] = {
        "still": lambda picture: Decoder().still(picture).text,
        "still without zxing-cpp": lambda picture: Decoder([Zbar()]).still(picture).text,
        "stream frame": lambda picture: stream.frame(picture).text,
        "stream frame without zxing-cpp": lambda picture: bare_stream.frame(picture).text,
        "pyzbar": by_pyzbar,
        "zxing-cpp": by_zxing,
    }
    codes = sum(text is not None for _, text in samples)
    show(f"{among}/pictures with a code", codes, "pictures")
    for name, method in methods.items():
        right = wrong = 0
        spent = []
        for picture, text in samples:
            began = time.perf_counter()
            answer = method(picture)
            spent.append((time.perf_counter() - began) * 1000)
            right += answer is not None and same(answer, text)
            wrong += answer is not None and not same(answer, text)
        show(f"{among}/{name}/right", right, "pictures")
        show(f"{among}/{name}/wrong", wrong, "pictures")
        show(f"{among}/{name}/p50", float(np.percentile(spent, 50)), "ms")
        show(f"{among}/{name}/p95", float(np.percentile(spent, 95)), "ms")


def same(answer: str, text: str | None) -> bool:
    """Whether the answer is the text, line ends and blanks around it aside."""
    return text is not None and answer.replace("\r\n", "\n").strip() == text.replace("\r\n", "\n").strip()


def scan_to_answer() -> None:
    """From a code that is held before a 720p camera to its text, through both processes and the stream."""
    with closing(CameraSimulator()) as camera, closing(CameraScanner(camera.url)) as scanner:
        first, waiting = [], []
        for number in range(SCANS):
            text = f"https://visit.example.org/c/{number:04}?from=bench"
            camera.show(text)
            scanner._rest()
            first.append(timed(scanner, text))
            camera.hide()
            waiting.append(held_up_while_waiting(camera, scanner, text + "&again"))
            camera.hide()
        show("camera closed to answer, p50", float(np.percentile(first, 50)), "ms")
        show("code held up to answer, p50", float(np.percentile(waiting, 50)), "ms")
        show("code held up to answer, p95", float(np.percentile(waiting, 95)), "ms")


def timed(scanner: CameraScanner, text: str) -> float:
    """The milliseconds of a scan that finds a code at once."""
    began = time.perf_counter()
    outcome = scanner.scan(Command(PATIENCE_S))
    assert outcome == Decoded(text)
    return (time.perf_counter() - began) * 1000


def held_up_while_waiting(camera: CameraSimulator, scanner: CameraScanner, text: str) -> float:
    """The milliseconds from the first frame that shows a code, as the citizen waits, to the answer."""
    outcome: list[Scan] = []
    worker = threading.Thread(target=lambda: outcome.append(scanner.scan(Command(PATIENCE_S))))
    worker.start()
    camera.show(text)  # drawing it takes a while; it is in front of the camera when this returns
    began = time.perf_counter()
    worker.join()
    assert outcome == [Decoded(text)]
    return (time.perf_counter() - began) * 1000


def beside_a_screen() -> None:
    """How late the ticks of a 60 Hz loop with 4 ms of Python work come, in this process, with and without a scan."""
    with closing(CameraSimulator()) as camera, closing(CameraScanner(camera.url)) as scanner:
        show("ticks beside no scan, late p99", ticks(), "ms")
        command = Command(PATIENCE_S)
        worker = threading.Thread(target=lambda: scan_until_called_off(scanner, command))
        worker.start()
        show("ticks beside a scan, late p99", ticks(), "ms")
        command.cancel()
        worker.join()


def scan_until_called_off(scanner: CameraScanner, command: Command) -> None:
    """What the device's worker does while the citizen looks for the phone."""
    try:
        scanner.scan(command)
    except CommandCancelled:
        pass


def ticks() -> float:
    """The 99th percentile of how late a tick comes, in milliseconds, over TICKS of them."""
    late = []
    due = time.perf_counter()
    for _ in range(TICKS):
        due += 1 / 60
        time.sleep(max(0.0, due - time.perf_counter()))
        late.append((time.perf_counter() - due) * 1000)
        until = time.perf_counter() + 0.004
        while time.perf_counter() < until:
            pass
    return float(np.percentile(late, 99))


def beside_the_window() -> None:
    """The kiosk's own window, in a process of its own as Kivy wants it: see window_beside_scan."""
    with VirtualDisplay(*WINDOW) as display:
        subprocess.run(
            [sys.executable, "-m", "tests.bench.window_beside_scan"],
            env={**os.environ, "DISPLAY": display.name},
            cwd=Path(__file__).parents[2],
            check=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--long", action="store_true", help="four times as many drawn frames")
    arguments, _ = parser.parse_known_args()
    cv2.setNumThreads(1)
    if arguments.folder:
        compare(list(filed(arguments.folder)), arguments.folder.name)
    else:
        count = 24 if arguments.long else 6
        compare(list(drawn(count, 720)), "drawn at 720 lines")
        compare(list(drawn(count // 3, 1080)), "drawn at 1080 lines")
    scan_to_answer()
    beside_a_screen()
    beside_the_window()


if __name__ == "__main__":
    main()
