"""From placed lines to ESC/POS bytes. Only the commands of this module can ever be in a job: text is
cleaned of every control character before it is set, and pictures are kept from spelling a real-time command
by chance.

Text goes out in GB 18030 between FS & and FS . (a 60-line slip is 3 kB); a line becomes a picture only when
it holds a character that the printer's font cannot have, because a picture is fifty times as many bytes.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from hardware.receipt_printer.cells import two_bytes
from hardware.receipt_printer.fonts import drawable
from hardware.receipt_printer.layout import Blank, Code, CutHere, Item, Line, RuleLine, Size, Span, lay_out
from hardware.receipt_printer.raster import (
    CELL_DOTS,
    DOTS_PER_MM,
    LINE_DOTS,
    QUIET_MODULES,
    Bitmap,
    draw_line,
    draw_qr,
    qr_matrix,
)
from hardware.receipt_printer.receipt import QrCode, Receipt

LEADING_DOTS = 6
"""White between two lines of text."""

KNIFE_DOTS = 15 * 8
"""Paper between the head and the knife, about 15 mm; fed before every cut."""

PRINTABLE_DOTS = {80: 576, 58: 384}
"""Dots across the paper, by its width in mm."""

INITIALISE = b"\x1b@"
STANDARD_FONT = b"\x1bM\x00"
CHINESE_ON, CHINESE_OFF = b"\x1c&", b"\x1c."
LINE_FEED = b"\n"

_REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
"""DLE EOT, DLE ENQ, DLE DC4: obeyed by a printer wherever they stand, even inside a picture."""


@dataclass(frozen=True)
class Model:
    """What a printer can do.

    `chinese` is the code page of its font: gb18030 (its two-byte part), gb2312 for the 6,763 hanzi of a small
    font, or none (some need a DIP switch for it). `native_qr`: it has GS ( k. `cut` is what its knife does.
    `head_dots` is for a head that is narrower than usual for its paper (512 on older 80 mm printers).
    """

    width_mm: int = 80
    chinese: Literal["gb18030", "gb2312", "none"] = "gb18030"
    native_qr: bool = True
    cut: Literal["partial", "full"] = "partial"
    head_dots: int = 0

    def __post_init__(self) -> None:
        if self.width_mm not in PRINTABLE_DOTS:
            raise ValueError(f"paper of {self.width_mm} mm is not known; use one of {sorted(PRINTABLE_DOTS)}")

    @property
    def dots(self) -> int:
        """Dots across the paper that can be printed."""
        return self.head_dots or PRINTABLE_DOTS[self.width_mm]

    @property
    def cells(self) -> int:
        """Cells of ordinary width across the paper."""
        return self.dots // CELL_DOTS

    def sets(self, character: str) -> bool:
        """Whether the printer's own font has `character`."""
        if character.isascii():
            return True
        encoded = two_bytes(character)
        if encoded is None or self.chinese == "none":
            return False
        return self.chinese == "gb18030" or _in_gb2312(encoded)

    def legible(self, character: str) -> bool:
        """Whether `character` can be brought to paper at all, by its font or as a picture."""
        return self.sets(character) or drawable(character)


@dataclass(frozen=True)
class Job:
    """The bytes of a receipt, in pieces between which a real-time request may be sent; `length_mm` of
    paper."""

    pieces: tuple[bytes, ...]
    length_mm: float


def encode(receipt: Receipt, model: Model) -> Job:
    """The job for `receipt` on a printer of `model`. Raises ValueError when a QR code's data is too long."""
    style = _Style()
    items = lay_out(receipt, model.cells, model.legible)
    pieces = [INITIALISE + STANDARD_FONT, *(_encode(item, model, style) for item in items)]
    return Job(tuple(pieces), sum(_height_dots(item, model) for item in items) / DOTS_PER_MM)


def _in_gb2312(encoded: bytes) -> bool:
    try:
        encoded.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _height_dots(item: Item, model: Model) -> int:
    match item:
        case Line(spans):
            return max((span.size.high for span in spans), default=1) * LINE_DOTS + LEADING_DOTS
        case RuleLine():
            return LINE_DOTS + LEADING_DOTS
        case Blank(lines):
            return lines * (LINE_DOTS + LEADING_DOTS)
        case Code(code):
            modules, dots = _qr_size(code, model)
            return (modules + 2 * QUIET_MODULES) * dots
        case CutHere():
            return KNIFE_DOTS


@dataclass
class _Style:
    """What the printer has been told so far, so that nothing is told twice."""

    size: Size = Size.NORMAL
    bold: bool = False
    line_dots: int | None = field(default=None)

    def change(self, size: Size, bold: bool) -> bytes:
        commands = b""
        if bold != self.bold:
            commands += b"\x1bE" + bytes([bold])
        if size != self.size:
            wide, high = size.wide > 1, size.high > 1
            # FS ! for hanzi first: where GS ! works for both, the later and equal one wins.
            commands += b"\x1c!" + bytes([wide << 2 | high << 3]) + b"\x1d!" + bytes([wide << 4 | high])
        self.size, self.bold = size, bold
        return commands

    def spacing(self, dots: int) -> bytes:
        if dots == self.line_dots:
            return b""
        self.line_dots = dots
        return b"\x1b3" + bytes([dots])


def _encode(item: Item, model: Model, style: _Style) -> bytes:
    match item:
        case Line(spans):
            if all(model.sets(character) for span in spans for character in span.text):
                return _text(item, style)
            return _picture(draw_line(item, model.dots)) + _feed(LEADING_DOTS)
        case RuleLine():
            rule = "-" * model.cells if model.chinese == "none" else "─" * (model.cells // 2)
            return _text(Line((Span(rule, 0),)), style)
        case Blank(lines):
            return _feed(lines * (LINE_DOTS + LEADING_DOTS))
        case Code(code):
            return _qr(code, model)
        case CutHere():
            return b"\x1dV" + (b"A" if model.cut == "full" else b"B") + b"\x00"


def _text(line: Line, style: _Style) -> bytes:
    high = max((span.size.high for span in line.spans), default=1)
    out = style.spacing(high * LINE_DOTS + LEADING_DOTS)
    chinese = not all(span.text.isascii() for span in line.spans)
    out += CHINESE_ON if chinese else b""
    reached = 0
    for span in line.spans:
        out += _gap(reached, span.at, style)
        out += style.change(span.size, span.bold) + span.text.encode("gb18030")
        reached = span.at + span.width
    return out + (CHINESE_OFF if chinese else b"") + LINE_FEED


def _gap(reached: int, at: int, style: _Style) -> bytes:
    """Go on at cell `at`: by ESC $, or by blanks where those are fewer bytes."""
    if at - reached < 4 and style.size is Size.NORMAL:
        return b" " * (at - reached)
    return b"" if at == reached else b"\x1b$" + (at * CELL_DOTS).to_bytes(2, "little")


def _feed(dots: int) -> bytes:
    full, rest = divmod(dots, 255)
    return b"\x1bJ\xff" * full + (b"\x1bJ" + bytes([rest]) if rest else b"")


def _picture(bitmap: Bitmap) -> bytes:
    """GS v 0, in bands of at most 255 rows, which every printer's buffer holds."""
    out = b""
    for top in range(0, bitmap.height, 255):
        rows = min(255, bitmap.height - top)
        band = bitmap.rows[top * bitmap.width_bytes : (top + rows) * bitmap.width_bytes]
        size = bitmap.width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
        out += b"\x1dv0\x00" + size + _harmless(band)
    return out


def _harmless(dots: bytes) -> bytes:
    """Burn one dot more wherever the dots happen to spell the start of a real-time command."""
    return _REAL_TIME.sub(lambda found: b"\x18" + found.group()[1:], dots)


def _qr(code: QrCode, model: Model) -> bytes:
    _, module_dots = _qr_size(code, model)
    if model.native_qr and code.data.isascii() and code.data.isprintable():
        native = _native_qr(code, module_dots)
        if not _REAL_TIME.search(native):
            return native
    return _picture(draw_qr(code.data, code.level, module_dots, model.dots))


def _qr_size(code: QrCode, model: Model) -> tuple[int, int]:
    """Modules along an edge, and dots along a module: as large as wanted and as the paper allows."""
    modules = len(qr_matrix(code.data, code.level))
    largest = model.dots // (modules + 2 * QUIET_MODULES)
    return modules, max(1, min(16, largest, round(code.module_mm * DOTS_PER_MM)))


def _native_qr(code: QrCode, module_dots: int) -> bytes:
    def function(number: int, parameters: bytes) -> bytes:
        body = b"1" + bytes([number]) + parameters
        return b"\x1d(k" + len(body).to_bytes(2, "little") + body

    quiet = _feed(QUIET_MODULES * module_dots)
    return (
        b"\x1ba\x01"
        + quiet
        + function(65, b"2\x00")  # model 2
        + function(67, bytes([module_dots]))
        + function(69, bytes([48 + "LMQH".index(code.level)]))
        + function(80, b"0" + code.data.encode("ascii"))
        + function(81, b"0")
        + quiet
        + b"\x1ba\x00"
    )
