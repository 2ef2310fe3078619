"""What stands around every slip: whose it is, where and when it was printed, and what it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hardware.receipt_printer.receipt import Align, Block, Emphasis, Receipt, Rule, Space
from kiosk.contract.wire import DocumentLanguage, Language
from kiosk.documents.speech import SpokenColumns, SpokenRow, SpokenText, SpokenTitle
from kiosk.messages import Message, Part, msg, speech, text
from kiosk.values import Bilingual, Count, Digits, Moment

COMMA = {"zh": "，", "en": ", "}


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

    def row(self, label: Message, value: Part, *, strong: bool = False) -> SpokenRow:
        """A labelled value."""
        emphasis = Emphasis.BOLD if strong else Emphasis.NORMAL
        said = speech(value, self.language).strip("，")  # a hidden beginning is said as a pause of its own
        spoken = f"{speech(label, self.language)}{COMMA[self.language]}{said}"
        values = self.each(value)
        if isinstance(value, Moment) and len(values) == 1:
            values = tuple(values[0].rsplit(" ", 1))  # before the time of day, if it has to be broken
        return SpokenRow("\n".join(self.each(label)), "\n".join(values), emphasis, (spoken,))

    def text(self, part: Part, align: Align = Align.LEFT, emphasis: Emphasis = Emphasis.NORMAL) -> SpokenText:
        """A paragraph; in two languages, two of them."""
        return SpokenText("\n".join(self.each(part)), align, emphasis, (speech(part, self.language),))

    def columns(
        self, header: Sequence[Message], rows: Sequence[Sequence[Part]], align: Sequence[Align]
    ) -> SpokenColumns:
        """A table."""
        names = [speech(label, self.language) for label in header]
        comma = COMMA[self.language]
        return SpokenColumns(
            tuple("\n".join(self.each(label)) for label in header),
            tuple(tuple(map(self.say, row)) for row in rows),
            tuple(align),
            tuple(
                comma.join(
                    f"{name} {speech(cell, self.language)}" for name, cell in zip(names, row, strict=True)
                )
                for row in rows
            ),
        )

    def slip(self, title: Message, *blocks: Block, copy: int = 1, official: bool = False) -> Receipt:
        """A whole slip: heading, `blocks`, and the foot. A `copy` after the first is marked as a reprint (补打)."""
        heading = SpokenTitle("\n".join(self.each(title)), (speech(title, self.language),))
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
