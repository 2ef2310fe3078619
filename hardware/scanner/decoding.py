"""The decoding process: `python -m hardware.scanner.decoding DESCRIPTOR`.

It gets the size of the picture in the shared slot as a JSON line and answers with the code's text, or null.
It is the only place where pictures from strangers meet C++ decoders: it has no network, cannot open a file or
start a program, has bounded memory, and may die or be killed at any time.
"""

import json
import signal
import sys
from typing import Any

import cv2
import numpy as np

from hardware.scanner.decode import Decoder
from hardware.scanner.found import Glimpse
from hardware.scanner.payload import text_of
from hardware.scanner.sandbox import confine, limit_memory
from hardware.scanner.slot import Slot
from hardware.scanner.steps import FLATTENINGS, TREATMENTS

MOST_MEMORY_BYTES = 1 << 30
_ALARM_S = 15
"""A backstop for an orphan: the parent's own watchdog is much shorter, but the parent may be gone."""


def main(arguments: list[str]) -> None:
    """Answer requests on standard input until it closes."""
    slot = Slot(int(arguments[0]))
    cv2.setNumThreads(1)  # the other core is for the screen
    decoder = Decoder()
    _load_everything(decoder)
    limit_memory(MOST_MEMORY_BYTES)
    _say({"confined": confine()})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.alarm(_ALARM_S)
        reading = decoder.frame(slot.get(request["width"], request["height"]))
        signal.alarm(0)
        _say({"text": reading.text, "stage": reading.stage})


def _load_everything(decoder: Decoder) -> None:
    """Let the libraries load what they load at first use: later nothing can be opened."""
    noise = np.random.default_rng(1).integers(0, 256, (96, 96), np.uint8)
    decoder.frame(noise)
    for treat in TREATMENTS.values():
        treat(noise)
    for lay_flat in FLATTENINGS.values():
        lay_flat(noise, Glimpse(((0.0, 0.0), (95.0, 0.0), (95.0, 95.0), (0.0, 95.0)), modules=21))
    for raw in (b"\xb0\xa1", b"\x82\xa0", b"\xfe\xfe\xff"):
        text_of(raw)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
