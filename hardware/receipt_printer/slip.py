"""What came out of the printer, for people and tests to look at: as text, and as a picture at 203 dpi.

Works from what the reader saw on paper, with its own way to the fonts, and shares nothing with the encoder.
"""

import io
import subprocess
from dataclasses import dataclass, replace
from functools import lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

from hardware.receipt_printer.emulator import (
    Cut,
    Event,
    Feed,
    Glyph,
    Picture,
    QrSymbol,
    TextLine,
)
from hardware.receipt_printer.recognise import read_line

MARGIN_DOTS = 32
"""White paper left and right of what the head can reach: 80 mm paper is 640 dots wide, 576 of them
printable."""

PAPER, INK, EDGE = 250, 20, 200


@dataclass(frozen=True)
class Slip:
    """One piece of paper. `number` counts what the printer has cut, from 1, and `cut` is false for what still
    hangs in it; `taken` and `retracted` say where it went."""

    events: tuple[Event, ...]
    width_dots: int
    cut: bool = False
    taken: bool = False
    retracted: bool = False
    number: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is still in the mouth."""
        return not (self.taken or self.retracted)

    def with_event(self, event: Event) -> "Slip":
        """The slip with one more thing on it."""
        return replace(self, events=(*self.events, event))

    @property
    def text(self) -> str:
        """The slip line by line; blanks stand where the paper is white, [QR ...] and [picture ...] for the
        rest."""
        lines: list[str] = []
        for event in self.events:
            match event:
                case TextLine(glyphs):
                    lines.append(_text_of(glyphs))
                case Picture():
                    lines.append(_text_of_picture(event))
                case QrSymbol(data):
                    lines.append(f"[QR {data.decode('utf-8', 'replace')}]")
                case Cut(full):
                    lines.append("=" * 8 + (" cut " if full else " partial cut ") + "=" * 8)
                case _:
                    pass
        return "\n".join(lines) + "\n"

    def image(self) -> Image.Image:
        """The slip as a grey picture, 8 dots to the millimetre."""
        parts = [_draw(event, self.width_dots) for event in self.events]
        drawn = [part for part in parts if part is not None]
        height = sum(part.height for part in drawn) + 2 * MARGIN_DOTS
        paper = Image.new("L", (self.width_dots + 2 * MARGIN_DOTS, height), PAPER)
        y = MARGIN_DOTS
        for part in drawn:
            paper.paste(INK, (MARGIN_DOTS, y), part)
            y += part.height
        return _with_edges(paper, torn=not self.cut)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        out = io.BytesIO()
        self.image().save(out, "PNG", dpi=(203, 203))
        return out.getvalue()


def _text_of(glyphs: tuple[Glyph, ...]) -> str:
    text, x = "", 0
    for glyph in glyphs:
        text += " " * round((glyph.x - x) / 12) + glyph.character
        x = glyph.x + glyph.width
    return text.rstrip()


def _text_of_picture(picture: Picture) -> str:
    image = Image.frombytes("1", (picture.width_bytes * 8, picture.height), picture.rows)
    return read_line(image) or f"[picture {image.width}x{image.height}]"


def _draw(event: Event, width: int) -> Image.Image | None:
    """What one event leaves on paper, as a mask: 255 is ink."""
    match event:
        case TextLine(glyphs, feed):
            mask = Image.new("L", (width, feed))
            tallest = max((glyph.height for glyph in glyphs), default=0)
            for glyph in glyphs:
                mask.paste(_draw_glyph(glyph), (glyph.x, tallest - glyph.height))
            return mask
        case Picture(x, width_bytes, height, rows):
            mask = Image.new("L", (width, height))
            mask.paste(Image.frombytes("1", (width_bytes * 8, height), rows), (x, 0))
            return mask
        case QrSymbol():
            return _draw_qr(event, width)
        case Feed(dots):
            return Image.new("L", (width, dots)) if dots else None
        case _:
            return None


def _draw_qr(symbol: QrSymbol, width: int) -> Image.Image:
    matrix = segno.make_qr(symbol.data, error=symbol.level.lower(), boost_error=False).matrix
    code = Image.new("L", (len(matrix), len(matrix)))
    code.putdata([255 * module for row in matrix for module in row])
    code = code.resize((code.width * symbol.module,) * 2, Image.Resampling.NEAREST)
    mask = Image.new("L", (width, code.height))
    mask.paste(code, ((width - code.width) * symbol.align // 2, 0))
    return mask


def _draw_glyph(glyph: Glyph) -> Image.Image:
    """A glyph of the printer's font, stretched to its size as the printer stretches its dots."""
    narrow = 12 if glyph.character.isascii() else 24
    cell = Image.new("L", (narrow, 24))
    face = _face(glyph.bold)
    length = face.getlength(glyph.character)
    baseline = 19 if glyph.character < "\u2e80" else 21  # else the tail of a comma would fall out of its cell
    ImageDraw.Draw(cell).text(((narrow - length) / 2, baseline), glyph.character, 255, face, "ls")
    return cell.resize((glyph.width, glyph.height), Image.Resampling.BICUBIC)


@lru_cache(maxsize=2)
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    pattern = "Noto Sans Mono CJK SC:lang=zh-cn" + (":bold" if bold else "")
    found = subprocess.run(
        ["fc-match", "-f", "%{file}\n%{index}", pattern],
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    ).stdout.split("\n")
    index = int(found[1]) % 0x10000
    return ImageFont.truetype(found[0], 24, index, layout_engine=ImageFont.Layout.BASIC)


def _with_edges(paper: Image.Image, *, torn: bool) -> Image.Image:
    """A border, and a zigzag at the foot of paper that has not been cut."""
    draw = ImageDraw.Draw(paper)
    draw.rectangle((0, 0, paper.width - 1, paper.height - 1), outline=EDGE)
    if torn:
        for x in range(0, paper.width, 16):
            foot = paper.height - 1
            draw.polygon([(x, foot), (x + 8, foot - 12), (x + 16, foot)], fill=EDGE)
    return paper
