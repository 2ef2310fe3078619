"""Text and QR codes as dots, for what the printer's own font and commands cannot do."""

from dataclasses import dataclass

import segno
from PIL import Image, ImageDraw

from hardware.receipt_printer.cells import cluster_cells, clusters
from hardware.receipt_printer.fonts import font
from hardware.receipt_printer.layout import Line, Span

DOTS_PER_MM = 8
"""203 dpi, as good as every receipt printer has."""

CELL_DOTS = 12
LINE_DOTS = 24

_BASELINE_DOTS = 21
_LETTER_BASELINE_DOTS = 19
"""From the top of the cell: Noto CJK's own for hanzi, higher for letters, whose tails hang lower."""

_FIRST_HANZI = "\u2e80"

_INK = 110
"""Grey (of 255) from which a dot is burnt: thin strokes of dense hanzi survive, and their gaps too."""


@dataclass(frozen=True)
class Bitmap:
    """Rows of dots, top to bottom; `width_bytes` bytes each, the most significant bit on the left, 1 is
    black."""

    width_bytes: int
    height: int
    rows: bytes


def draw_line(line: Line, width_dots: int) -> Bitmap:
    """A line of text as the printer would have set it, 24 dots to the line of ordinary print."""
    high = max((span.size.high for span in line.spans), default=1)
    image = Image.new("1", (width_dots, high * LINE_DOTS))
    for span in line.spans:
        _draw_span(image, span, (high - span.size.high) * LINE_DOTS)
    box = image.getbbox()
    return _bitmap(image.crop((0, 0, box[2] if box else 8, image.height)))


def draw_qr(data: str, level: str, module_dots: int, width_dots: int) -> Bitmap:
    """A QR code with its quiet zone, centred on paper of `width_dots`."""
    matrix = qr_matrix(data, level)
    edge = len(matrix)
    code = Image.new("1", (edge, edge))
    code.putdata([module for row in matrix for module in row])
    code = code.resize((edge * module_dots, edge * module_dots), Image.Resampling.NEAREST)
    image = Image.new("1", (width_dots, code.height + 2 * QUIET_MODULES * module_dots))
    image.paste(code, ((width_dots - code.width) // 2, QUIET_MODULES * module_dots))
    return _bitmap(image)


QUIET_MODULES = 4


def qr_matrix(data: str, level: str) -> tuple[bytearray, ...]:
    """The modules of a QR code without its quiet zone. Raises ValueError when no version holds `data`."""
    try:
        return segno.make_qr(data, error=level.lower(), boost_error=False).matrix
    except segno.DataOverflowError as error:
        raise ValueError("too much data for a QR code") from error


def _draw_span(image: Image.Image, span: Span, top: int) -> None:
    x = span.at * CELL_DOTS
    for cluster in clusters(span.text):
        width = cluster_cells(cluster) * CELL_DOTS * span.size.wide
        image.paste(_draw_cluster(cluster, span, width), (x, top))
        x += width


def _draw_cluster(cluster: str, span: Span, width: int) -> Image.Image:
    """One character in its cell. Large sizes double the dots, as the printer does with its own font, so that a
    line that is a picture looks like its neighbours."""
    cells, height = cluster_cells(cluster), LINE_DOTS * span.size.high
    face = font(cluster, LINE_DOTS, bold=span.bold)
    if face is None or cluster.isspace():
        return Image.new("1", (width, height))
    natural = max(1, round(face.getlength(cluster)))
    room = max(natural, cells * CELL_DOTS)
    baseline = _LETTER_BASELINE_DOTS if cluster < _FIRST_HANZI else _BASELINE_DOTS
    canvas = Image.new("L", (room, LINE_DOTS))
    ImageDraw.Draw(canvas).text(((room - natural) // 2, baseline), cluster, 255, face, "ls")
    if room > cells * CELL_DOTS:
        canvas = canvas.resize((cells * CELL_DOTS, LINE_DOTS), Image.Resampling.BOX)
    ink = canvas.point([255 if grey >= _INK else 0 for grey in range(256)], "1")
    return ink.resize((width, height), Image.Resampling.NEAREST)


def _bitmap(image: Image.Image) -> Bitmap:
    return Bitmap((image.width + 7) // 8, image.height, image.tobytes())
