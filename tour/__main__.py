"""`python -m tour`: every service and every mishap on the real window; pictures in build/tour/index.html.

The exit status is 1 as soon as a step does not come out as expected; the screen of that moment is the last picture.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.contract.wire import Language
from scripts.display import VirtualDisplay
from tour.album import Album
from tour.blind import BLIND
from tour.citizen import Citizen
from tour.glass import Glass
from tour.journeys import JOURNEYS, Journey
from tour.keypad import KeypadCitizen
from tour.kiosk import ROOT, demo_kiosk
from tour.mishaps import MISHAPS, SETTINGS
from tour.papers import PAPERS
from tour.slow import SETTINGS as SLOW_SETTINGS
from tour.slow import SLOW
from tour.staff import STAFF_ROUND
from tour.staff import settings as staff_settings

FOLDER = ROOT / "build" / "tour"
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


@dataclass(frozen=True)
class Round:
    """One kiosk from start to end, and what is done at it."""

    title: str
    orientation: str
    language: Language
    journeys: Mapping[str, Journey]
    settings: Mapping[str, str]
    citizen: type[Citizen] = Citizen
    a4: bool = False


def rounds() -> list[Round]:
    """All services in both languages and both orientations; the mishaps, without sight, by keys alone, in no hurry."""
    names: dict[Language, str] = {"zh": "Chinese", "en": "English"}
    services = [
        Round(f"{names[language]}, {orientation}", orientation, language, JOURNEYS, {})
        for orientation in SIZES
        for language in names
    ]
    mishaps = [
        Round(f"Mishaps, {names[language]}, {orientation}", orientation, language, MISHAPS, SETTINGS)
        for language, orientation in (("zh", "portrait"), ("en", "landscape"))
    ]  # fmt: skip
    others = [
        *(Round(f"Without sight, {names[language]}", "portrait", language, BLIND, {}) for language in names),
        *(
            Round(f"By keys alone, {names[language]}", "portrait", language, JOURNEYS, {}, KeypadCitizen)
            for language in names
        ),
        Round("In no hurry", "portrait", "zh", SLOW, SLOW_SETTINGS),
        *(
            Round(
                f"Staff, {names[language]}",
                orientation,
                language,
                STAFF_ROUND,
                staff_settings(language),
                a4=True,
            )
            for language, orientation in (("zh", "portrait"), ("en", "landscape"))
        ),
        *(
            Round(f"With A4, {names[language]}", "portrait", language, PAPERS, {}, a4=True)
            for language in names
        ),
    ]
    return [*services, *mishaps, *others]


def walk(one: Round, album: Album, only: str) -> None:
    """Do everything of a round. Raises what went wrong, with the screen of that moment in the album."""
    width, height = size = SIZES[one.orientation]
    album.open_part(one.title, landscape=width > height)
    log = album.folder / f"{one.orientation}-{one.language}-kiosk.log"
    with VirtualDisplay(width, height) as display:
        glass = Glass(display.name)
        with demo_kiosk(display.name, size, log, one.settings, a4=one.a4) as kiosk:
            citizen = one.citizen(kiosk, glass, lambda step: album.screen(glass, step))
            slips = sheets = 0
            for title, journey in one.journeys.items():
                if only.lower() not in title.lower():
                    continue
                began = time.monotonic()
                album.open_chapter(title)
                try:
                    citizen.see("idle", screen="Attract")
                    journey(citizen, one.language)
                except BaseException:
                    album.screen(glass, f"{title}: failed here", failed=True)
                    raise
                if kiosk.running:  # staff may have ended it
                    slips, sheets = album.slips(kiosk, slips), album.sheets(kiosk, sheets)
                print(f"{one.title}: {title}: {time.monotonic() - began:.0f} s", flush=True)
        glass.close()


def main(arguments: list[str]) -> int:
    """Walk; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tour", description=__doc__)
    parser.add_argument("--round", default="", help="only rounds whose title has this")
    parser.add_argument("--only", default="", help="only journeys whose title has this")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    shutil.rmtree(options.folder, ignore_errors=True)
    album = Album(options.folder)
    try:
        for one in rounds():
            if options.round.lower() in one.title.lower():
                walk(one, album, options.only)
    except Exception as problem:
        print(
            f"\nThe tour failed in {album.parts[-1].title}: {type(problem).__name__}: {problem}",
            file=sys.stderr,
        )
        return 1
    finally:
        print(f"\nPictures: {album.write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
