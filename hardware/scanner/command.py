"""`python -m hardware scan FILE...`: decode pictures, one JSON line for each."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from hardware.scanner.decode import Decoder
from hardware.scanner.found import Picture

NOT_A_PICTURE = "not a picture"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a picture: PNG, JPEG, WebP, ...")
    parser.add_argument(
        "--stream",
        action="store_true",
        help="take the files as frames of one camera, in order: one step each",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print `file`, `text` (or null), `ms` (decoding alone) and `stage` for each file; 1 if one is no picture."""
    cv2.setNumThreads(1)
    decoder = Decoder()
    unreadable = 0
    for file in arguments.files:
        picture = load(file)
        if picture is None:
            unreadable += 1
            line = {"file": str(file), "text": None, "ms": 0.0, "stage": NOT_A_PICTURE}
        else:
            reading = decoder.frame(picture) if arguments.stream else decoder.still(picture)
            line = {
                "file": str(file),
                "text": reading.text,
                "ms": round(reading.ms, 2),
                "stage": reading.stage,
            }
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return 1 if unreadable else 0


def load(file: Path) -> Picture | None:
    """A file as a grey picture, what is transparent in it on white; None when it cannot be read as one."""
    try:
        encoded = np.fromfile(file, np.uint8)
        pixels = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED) if encoded.size else None
        if pixels is None:
            return None
        if pixels.ndim == 3 and pixels.shape[2] == 4 and pixels.dtype == np.uint8:
            opacity = pixels[:, :, 3:4].astype(np.float32) / 255.0
            on_white = (pixels[:, :, :3] * opacity + 255.0 * (1.0 - opacity)).astype(np.uint8)
            return np.asarray(cv2.cvtColor(on_white, cv2.COLOR_BGR2GRAY), np.uint8)
        return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)
    except (OSError, cv2.error):
        return None
