"""Money as whole fen (分, a hundredth of a yuan); yuan appear only as text at the edges, floats nowhere."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Fen = NewType("Fen", int)

ZERO = Fen(0)

FEN_PER_YUAN = 100
MAX_YUAN_DIGITS = 16  # JGJ/T 320 keeps amounts as decimal(18,2); 10**18 fen still fits a signed 64-bit column

_YUAN = re.compile(rf"(-?)([0-9]{{1,{MAX_YUAN_DIGITS}}})(?:\.([0-9]{{1,2}}))?", re.ASCII)


def parse_yuan(text: str, *, signed: bool = False) -> Fen:
    """Fen for an amount in yuan such as "1234", "1234.5" or "1234.50".

    A minus sign is accepted only when `signed`. Spaces, separators, exponents and a third decimal are
    refused: an amount that has to be guessed at is no amount. Raises ValueError with a sentence to show.
    """
    match = _YUAN.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not an amount in yuan: write digits with at most two decimals, such as 1234.50"
        )
    sign, yuan, fen = match.groups()
    if sign and not signed:
        raise ValueError(f"{text!r} is below zero: write an amount of 0.00 or more")
    amount = int(yuan) * FEN_PER_YUAN + int((fen or "").ljust(2, "0"))
    return Fen(-amount if sign else amount)


def format_yuan(amount: Fen) -> str:
    """The one spelling on the wire and in files: "1234.50", "-0.05", "0.00"."""
    yuan, fen = divmod(abs(amount), FEN_PER_YUAN)
    return f"{'-' if amount < 0 else ''}{yuan}.{fen:02d}"


def format_grouped(amount: Fen) -> str:
    """The spelling for people to read: "1,234.50"."""
    yuan, fen = divmod(abs(amount), FEN_PER_YUAN)
    return f"{'-' if amount < 0 else ''}{yuan:,}.{fen:02d}"


def round_half_up(fen: Decimal) -> Fen:
    """The nearest whole fen to an amount in fen, a half away from zero as on a bank's books (四舍五入)."""
    return Fen(int(fen.to_integral_value(rounding=ROUND_HALF_UP)))


def round_ratio(numerator: int, denominator: int) -> Fen:
    """The nearest whole fen to numerator/denominator fen (denominator > 0), a half away from zero; exact."""
    half_up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return Fen(half_up if numerator >= 0 else -half_up)
