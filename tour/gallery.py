"""Every screen, state and error in every size and theme, as pictures with a page over all of them.

python -m tour.gallery                    build/gallery/index.html; about a quarter of an hour on two cores
python -m tour.gallery --only 21.5-portrait-zh --theme default dark
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from kiosk.contract.wire import Language
from kiosk.stage import TextSize, Theme
from scripts.display import VirtualDisplay
from tour.album import Album, Chapter, Leaf
from tour.kiosk import ROOT

FOLDER = ROOT / "build" / "gallery"
SIZES: dict[str, tuple[TextSize, ...]] = {
    "21.5-portrait": ("normal", "large", "extra"),
    "21.5-landscape": ("normal", "large", "extra"),
    "15.6-landscape": ("normal", "large"),
}
"""The panels, and the text sizes that each can carry."""

DISPLAY = (1920, 1920)


@dataclass(frozen=True)
class Setting:
    """What one row of pictures has in common."""

    panel: str
    language: Language
    theme: Theme
    text: TextSize
    lowered: bool = False

    @property
    def name(self) -> str:
        low = "-lowered" if self.lowered else ""
        return f"{self.panel}-{self.language}-{self.theme}-{self.text}{low}"


def settings() -> Iterator[Setting]:
    """All of them; the lowered layout once a size."""
    for panel, sizes in SIZES.items():
        for language in get_args(Language):
            for theme, text in itertools.product(get_args(Theme), sizes):
                yield Setting(panel, language, theme, text)
            if panel != "15.6-landscape":
                yield from (Setting(panel, language, "default", text, lowered=True) for text in sizes)


def take(setting: Setting, folder: Path, display: str) -> list[Leaf]:
    """The pictures of one setting. Raises CalledProcessError."""
    command = [
        sys.executable,
        "-m",
        "screens.gallery",
        "--panel",
        setting.panel,
        "--language",
        setting.language,
    ]
    command += ["--theme", setting.theme, "--text", setting.text, "--out", str(folder / setting.name)]
    command += ["--lowered"] if setting.lowered else []
    environment = {**os.environ, "DISPLAY": display}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    pictures = sorted((folder / setting.name).glob("*.png"))
    return [Leaf(picture.stem, f"{setting.name}/{picture.name}") for picture in pictures]


def main() -> int:
    """Take them; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tour.gallery", description=__doc__)
    parser.add_argument("--only", default="", help="only settings whose name has this")
    parser.add_argument("--theme", nargs="+", choices=get_args(Theme), default=list(get_args(Theme)))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    album = Album(options.folder)
    with VirtualDisplay(*DISPLAY) as display:
        for panel, group in itertools.groupby(settings(), lambda setting: setting.panel):
            album.open_part(panel, landscape="landscape" in panel)
            for setting in group:
                if options.only in setting.name and setting.theme in options.theme:
                    leaves = take(setting, options.folder, display.name)
                    album.parts[-1].chapters.append(Chapter(setting.name, leaves))
                    print(f"{setting.name}: {len(leaves)} pictures", flush=True)
    print(f"\nPictures: {album.write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
