"""A slip as it is read aloud: every block of a receipt carries its own words, with the numbers said as people do."""

from dataclasses import dataclass

from hardware.receipt_printer.receipt import Columns, Receipt, Row, Text, Title


@dataclass(frozen=True)
class SpokenTitle(Title):
    """A heading, and how it is said."""

    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenText(Text):
    """A paragraph, and how it is said."""

    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenRow(Row):
    """A label with its value, and how they are said."""

    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenColumns(Columns):
    """A table, and how each of its rows is said."""

    spoken: tuple[str, ...] = ()


def spoken_lines(receipt: Receipt) -> tuple[str, ...]:
    """What to read to somebody who cannot read the slip, a line for each thing on it. Codes and rules are silent.

    It may be personal: read it to a headset only.
    """
    lines: list[str] = []
    for block in receipt.blocks:
        match block:
            case SpokenTitle() | SpokenText() | SpokenRow() | SpokenColumns():
                lines += block.spoken
            case Title(text=text) | Text(text=text):
                lines += text.split("\n")
            case Row(label=label, value=value):
                lines.append(f"{label} {value}")
            case Columns(header=header, rows=rows):
                lines += [" ".join(f"{h} {v}" for h, v in zip(header, row, strict=True)) for row in rows]
            case _:
                pass
    return tuple(line for line in lines if line.strip())
