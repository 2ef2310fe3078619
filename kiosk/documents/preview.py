"""A slip as a picture for the screen: the lines that the printer will set, drawn as it would draw them."""

import io

from PIL import Image

from hardware.receipt_printer.fonts import drawable
from hardware.receipt_printer.layout import Blank, Code, CutHere, Item, Line, RuleLine, lay_out
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
from hardware.receipt_printer.receipt import Receipt

PAPER_DOTS = {80: 576, 58: 384}
"""Dots across the paper that can be printed, by its width in mm."""

MARGIN_DOTS = 32
LEADING_DOTS = 6
RULE_DOTS = 2
PAGE_DOTS = 1000
"""A long slip is shown in pieces of about this height, cut between lines."""

PAPER, INK = 255, 20


def slip_pictures(receipt: Receipt, width_mm: int = 80) -> tuple[bytes, ...]:
    """PNG files, from the slip's top to its foot. Raises KeyError for a width that no printer has."""
    dots = PAPER_DOTS[width_mm]
    pages: list[list[Image.Image]] = [[]]
    for item in lay_out(receipt, dots // CELL_DOTS, drawable):
        mask = _draw(item, dots)
        if mask is None:
            continue
        if pages[-1] and sum(part.height for part in pages[-1]) + mask.height > PAGE_DOTS:
            pages.append([])
        pages[-1].append(mask)
    return tuple(_png(parts, dots) for parts in pages if parts)


def _draw(item: Item, dots: int) -> Image.Image | None:
    """What one thing leaves on the paper, as a mask."""
    match item:
        case Line():
            return _mask(draw_line(item, dots), dots, LEADING_DOTS)
        case RuleLine():
            mask = Image.new("1", (dots, LINE_DOTS))
            mask.paste(1, (0, LINE_DOTS // 2, dots, LINE_DOTS // 2 + RULE_DOTS))
            return mask
        case Blank(lines):
            return Image.new("1", (dots, lines * LINE_DOTS))
        case Code(code):
            edge = len(qr_matrix(code.data, code.level)) + 2 * QUIET_MODULES
            module = max(1, min(round(code.module_mm * DOTS_PER_MM), dots // edge))
            return _mask(draw_qr(code.data, code.level, module, dots), dots, 0)
        case CutHere():
            return None


def _mask(bitmap: Bitmap, dots: int, leading: int) -> Image.Image:
    mask = Image.new("1", (dots, bitmap.height + leading))
    mask.paste(Image.frombytes("1", (bitmap.width_bytes * 8, bitmap.height), bitmap.rows), (0, 0))
    return mask


def _png(parts: list[Image.Image], dots: int) -> bytes:
    height = sum(part.height for part in parts) + 2 * MARGIN_DOTS
    paper = Image.new("L", (dots + 2 * MARGIN_DOTS, height), PAPER)
    y = MARGIN_DOTS
    for part in parts:
        paper.paste(INK, (MARGIN_DOTS, y), part)
        y += part.height
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()
