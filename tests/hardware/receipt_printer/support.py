"""A receipt with lines that can be told apart, and short ways to print it and look at what came out."""

from hardware.device import Command
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.emulator import Event, TextLine, read_all
from hardware.receipt_printer.encoder import Model, encode
from hardware.receipt_printer.interface import PrintOutcome
from hardware.receipt_printer.receipt import Block, Receipt, Row, Text, Title
from hardware.receipt_printer.slip import Slip

JOB_S = 5.0


def numbered(word: str, lines: int = 12) -> Receipt:
    """A receipt on which every line says whose it is."""
    return Receipt(
        (Title("余额单"), *(Row(f"{word} {n}", f"{n}.00") for n in range(lines)), Text(f"{word} end"))
    )


def output(receipt: Receipt, model: Model | None = None) -> list[Event]:
    """What a strict printer makes of the job for `receipt`."""
    model = model or Model()
    return read_all(b"".join(encode(receipt, model).pieces), model.dots)


def slip(*blocks: Block, model: Model | None = None, large: bool = False) -> Slip:
    """The paper that comes out for `blocks`."""
    model = model or Model()
    return Slip(tuple(output(Receipt(blocks, large), model)), model.dots, cut=True)


def characters(events: list[Event]) -> str:
    """Every character on paper that was sent as text, in order, without white space and rules."""
    glyphs = [glyph.character for event in events if isinstance(event, TextLine) for glyph in event.glyphs]
    return "".join(glyph for glyph in glyphs if not glyph.isspace() and glyph != "─")


def do(driver: EscPosPrinter, receipt: Receipt, timeout_s: float = JOB_S) -> PrintOutcome:
    """Print with a deadline."""
    return driver.print(receipt, Command(timeout_s))
