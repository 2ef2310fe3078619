"""The album of a tour: every screen and every slip as a picture, and a page over all of them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from tour.glass import Glass
from tour.kiosk import DemoKiosk
from tour.proof import sheet_picture

PAGE = Path(__file__).parent / "album.html.j2"
PNG_LEVEL = 3
"""zlib's: a picture a second faster, a tenth larger."""

SHEET_DPI = 80


@dataclass(frozen=True)
class Leaf:
    """A picture with what stands under it."""

    title: str
    picture: str
    text: str = ""
    failed: bool = False


@dataclass
class Chapter:
    """One visit."""

    title: str
    leaves: list[Leaf] = field(default_factory=list)


@dataclass
class Part:
    """One kiosk: a language and an orientation."""

    title: str
    landscape: bool
    chapters: list[Chapter] = field(default_factory=list)


class Album:
    """Pictures in a folder, by part and chapter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[Part] = []
        folder.mkdir(parents=True, exist_ok=True)

    def open_part(self, title: str, *, landscape: bool) -> None:
        """What follows belongs to another kiosk."""
        self.parts.append(Part(title, landscape))

    def open_chapter(self, title: str) -> None:
        """What follows is another visit."""
        self.parts[-1].chapters.append(Chapter(title))

    def screen(self, glass: Glass, title: str, *, failed: bool = False) -> None:
        """Keep what stands on the glass."""
        if not failed:
            glass.settle()
        file = self._file(title)
        glass.picture().save(self.folder / file, compress_level=PNG_LEVEL)
        self._add(Leaf(title, file, failed=failed))

    def slips(self, kiosk: DemoKiosk, already: int) -> int:
        """Keep the slips that have come out since; how many there are now."""
        count = kiosk.slips()
        for number in range(already + 1, count + 1):
            png, text = kiosk.slip(number)
            file = self._file(f"slip {number}")
            (self.folder / file).write_bytes(png)
            self._add(Leaf(f"Slip {number}", file, text))
        return count

    def sheets(self, kiosk: DemoKiosk, already: int) -> int:
        """Keep the first page of what the A4 printer has printed since; how many documents there are now."""
        count = kiosk.sheets()
        for number in range(already + 1, count + 1):
            file = self._file(f"sheet {number}")
            sheet_picture(kiosk.sheet(number), SHEET_DPI).save(self.folder / file)
            self._add(Leaf(f"A4 document {number}, first page", file))
        return count

    def write(self) -> Path:
        """Write the page; returns its path."""
        loader = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        page = loader.from_string(PAGE.read_text()).render(parts=self.parts)
        index = self.folder / "index.html"
        index.write_text(page)
        return index

    def _add(self, leaf: Leaf) -> None:
        self.parts[-1].chapters[-1].leaves.append(leaf)

    def _file(self, title: str) -> str:
        part = self.parts[-1]
        count = sum(len(chapter.leaves) for chapter in part.chapters)
        return f"{_plain(part.title)}-{count:03}-{_plain(part.chapters[-1].title)}-{_plain(title)}.png"


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
