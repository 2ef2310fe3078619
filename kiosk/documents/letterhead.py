"""What stands around every slip: whose it is, where and when it was printed, and what it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Columns,
    Emphasis,
    Receipt,
    Row,
    Rule,
    Space,
    Text,
    Title,
)
from kiosk.contract.wire import DocumentLanguage, Language
from kiosk.messages import Message, Part, msg, text
from kiosk.settings import Settings
from kiosk.values import Bilingual, Count, Digits, Moment


@dataclass(frozen=True)
class Desk:
    """Where, when, and in which language a paper is made; with `second` in two, the one beside the other."""

    centre: Bilingual
    kiosk_id: str
    place: Bilingual
    help_phone: str
    printed_at: datetime
    language: Language
    large: bool = False
    second: Language | None = None

    @classmethod
    def at(cls, settings: Settings, language: Language, *, large: bool = False) -> Self:
        """The desk of the kiosk with these settings, now."""
        return cls(
            centre=Bilingual(settings.centre.name_zh, settings.centre.name_en),
            kiosk_id=settings.kiosk.id,
            place=Bilingual(settings.kiosk.place_zh, settings.kiosk.place_en),
            help_phone=settings.centre.help_phone,
            printed_at=datetime.now(UTC),
            language=language,
            large=large,
        )

    def speaking(self, language: DocumentLanguage) -> "Desk":
        """The same desk for a paper in this language, or in both."""
        if language == "both":
            return replace(self, language="zh", second="en")
        return replace(self, language=language, second=None)

    def each(self, part: Part) -> tuple[str, ...]:
        """A message or value in each of the paper's languages; once where both say the same."""
        first = text(part, self.language)
        if self.second is None or (other := text(part, self.second)) == first:
            return (first,)
        return first, other

    def say(self, part: Part) -> str:
        """A message or value in the paper's language, or in both on one line."""
        return " ".join(self.each(part))

    def row(self, label: Message, value: Part, *, strong: bool = False) -> Row:
        """A labelled value."""
        emphasis = Emphasis.BOLD if strong else Emphasis.NORMAL
        values = self.each(value)
        if isinstance(value, Moment) and len(values) == 1:
            values = tuple(values[0].rsplit(" ", 1))  # before the time of day, if it has to be broken
        return Row("\n".join(self.each(label)), "\n".join(values), emphasis)

    def text(self, part: Part, align: Align = Align.LEFT, emphasis: Emphasis = Emphasis.NORMAL) -> Text:
        """A paragraph; in two languages, two of them."""
        return Text("\n".join(self.each(part)), align, emphasis)

    def columns(
        self, header: Sequence[Message], rows: Sequence[Sequence[Part]], align: Sequence[Align]
    ) -> Columns:
        """A table."""
        return Columns(
            tuple("\n".join(self.each(label)) for label in header),
            tuple(tuple(map(self.say, row)) for row in rows),
            tuple(align),
        )

    def slip(self, title: Message, *blocks: Block, copy: int = 1, official: bool = False) -> Receipt:
        """A whole slip: heading, `blocks`, and the foot. A `copy` after the first is marked as a reprint (补打)."""
        heading = Title("\n".join(self.each(title)))
        head: list[Block] = [self.text(self.centre, Align.CENTRE), heading]
        if copy > 1:
            head.append(self.text(reprint_mark(copy), Align.CENTRE, Emphasis.BOLD))
        foot: list[Block] = [
            Rule(),
            self.row(msg("paper.printed-at"), Moment(self.printed_at)),
            self.row(msg("paper.kiosk"), Bilingual(self.kiosk_id, self.kiosk_id)),
            self.row(msg("paper.place"), self.place),
            self.row(msg("paper.help"), Digits(self.help_phone, personal=False)),
            Space(1),
            self.text(msg("paper.official" if official else "paper.information"), Align.CENTRE),
        ]
        return Receipt((*head, Rule(), *blocks, *foot), large=self.large)


def reprint_mark(copy: int) -> Message:
    """补打 n: the second copy is the first reprint."""
    return msg("paper.reprint", copy=Count(copy - 1))
