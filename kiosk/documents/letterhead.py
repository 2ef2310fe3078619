"""What stands around every slip: whose it is, where and when it was printed, and what it is not."""

from dataclasses import dataclass
from datetime import datetime

from hardware.receipt_printer.receipt import Align, Block, Emphasis, Receipt, Row, Rule, Space, Text, Title
from kiosk.contract.models import Language
from kiosk.messages import Message, Part, msg, text
from kiosk.values import Bilingual, Count, Moment


@dataclass(frozen=True)
class Desk:
    """Where, when, and in which language a paper is made."""

    centre: Bilingual
    kiosk_id: str
    place: Bilingual
    help_phone: str
    printed_at: datetime
    language: Language
    large: bool = False

    def say(self, part: Part) -> str:
        """A message or value in the paper's language."""
        return text(part, self.language)

    def row(self, label: Message, value: Part, *, strong: bool = False) -> Row:
        """A labelled value."""
        return Row(self.say(label), self.say(value), Emphasis.BOLD if strong else Emphasis.NORMAL)

    def slip(self, title: Message, *blocks: Block, copy: int = 1, official: bool = False) -> Receipt:
        """A whole slip: heading, `blocks`, and the foot. A `copy` after the first is marked as a reprint (补打)."""
        head: list[Block] = [Text(self.say(self.centre), Align.CENTRE), Title(self.say(title))]
        if copy > 1:
            mark = self.say(msg("paper.reprint", copy=Count(copy - 1)))
            head.append(Text(mark, Align.CENTRE, Emphasis.BOLD))
        foot: list[Block] = [
            Rule(),
            self.row(msg("paper.printed-at"), Moment(self.printed_at)),
            self.row(msg("paper.kiosk"), Bilingual(self.kiosk_id, self.kiosk_id)),
            self.row(msg("paper.place"), self.place),
            self.row(msg("paper.help"), Bilingual(self.help_phone, self.help_phone)),
            Space(1),
            Text(self.say(msg("paper.official" if official else "paper.information")), Align.CENTRE),
        ]
        return Receipt((*head, Rule(), *blocks, *foot), large=self.large)
