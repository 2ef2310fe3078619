"""What the kiosk asks of an ID card reader, and what it gets back."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from hardware.cards import CardFault, NoCard
from hardware.device import Command, Driver


class CardKind(StrEnum):
    """The four cards in circulation whose chips speak alike."""

    RESIDENT = "resident"  # 居民身份证
    HMT_PERMIT = "hmt_permit"  # 港澳台居民居住证
    FOREIGNER_2017 = "foreigner_2017"  # 外国人永久居留身份证, 15-character numbers
    FOREIGNER_2023 = "foreigner_2023"  # the same, issued since 2023-12-01: 18 digits, the first a 9


@dataclass(frozen=True)
class IdCard:
    """What is kept of a card: address, nationality, sex and portrait are not.

    `repr` shows the kind only, so that a stray log line tells nobody's name.
    """

    kind: CardKind
    name: str = field(repr=False)
    """As printed; of a foreigner's card the Latin name, which is the one that is always there."""
    id_number: str = field(repr=False)
    """18 characters, or 15 on a foreigner's card of 2017. Its shape is checked, its check digit is not."""
    valid_until: date | None = field(repr=False)
    """Last day of validity; None on a card that says 长期 (for life)."""
    name_intact: bool = field(default=True, repr=False)
    """False when the name holds half a surrogate pair (now U+FFFD) or a code point for private use, which no
    font shows: take the name from the centre."""


IdCardRead = IdCard | NoCard | CardFault


class IdCardDriver(Driver, Protocol):
    """A reader for cards that are laid on it and lifted again."""

    def read(self, command: Command) -> IdCardRead:
        """Wait until a card was read, or failed, or the deadline passed. Raises CommandCancelled only."""
        ...

    def present(self, command: Command) -> bool | None:
        """True while a card lies on the reader, False when it was lifted, None when nobody can tell."""
        ...
