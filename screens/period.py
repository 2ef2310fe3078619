"""A span of days: a preset, or two days chosen by touch within bounds."""

import calendar
from datetime import date, timedelta

from kiosk.messages import Message, Part, msg
from kiosk.prompts import ChoosePeriod, Period
from kiosk.values import Count, Day
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import ELDER_CHOICES, GAP_MM, Look
from screens.widgets.boxes import Card, Column, Grid, Row, Space
from screens.widgets.button import Button
from screens.widgets.icon import Badge, Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.panel import Panel


def moved(day: date, months: int, earliest: date, latest: date) -> date:
    """The same day some months away, kept within the bounds; the 31st becomes the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return min(max(date(year, month + 1, min(day.day, last)), earliest), latest)


class PeriodScreen(Screen[ChoosePeriod]):
    """First the presets; "other dates" opens two days with a step up and down for year, month and day."""

    def __init__(self, prompt: ChoosePeriod, room: Room) -> None:
        super().__init__(prompt, room)
        self.own = not prompt.presets
        first = prompt.presets[0][1] if prompt.presets else Period(prompt.earliest, prompt.latest)
        self.first, self.last = first.first, first.last

    def page(self, look: Look) -> Page:
        return self._own_days(look) if self.own else self._presets(look)

    def _presets(self, look: Look) -> Page:
        choices: list[Node] = [
            self._choice(look, f"option-{n}", label, _span(period), "calendar", self.answer(period))
            for n, (label, period) in enumerate(self.prompt.presets)
        ]
        own, line = msg("screen.own-days"), msg("screen.own-days-line")
        choices.append(self._choice(look, "own-days", own, line, "pencil", lambda: self._show(own=True)))
        return Page(
            title=self.prompt.title,
            step=self.prompt.step,
            choices=choices,
            tallest_mm=52,
            most=ELDER_CHOICES if look.elder else 0,
        )

    def _choice(self, look: Look, key: str, label: Part, line: Part, icon: str, press: object) -> Panel:
        words = Column([Label(label, "heading"), Label(line, "body", "soft")])
        parts: list[Node] = [Badge(icon, 24 if look.roomy else 18), words]
        if look.text_size == "normal":  # the dates of larger ones need the width
            parts.append(Icon("chevron-right", 10))
        content = Row(parts, (0, 1, 0)[: len(parts)], 5)
        return Panel(key, label, press, content, "option", says=(label, line), high_mm=27)  # type: ignore[arg-type]

    def _show(self, own: bool) -> None:
        self.own = own
        self.room.refresh()

    def _own_days(self, look: Look) -> Page:
        cards: list[Node] = [self._day_card("first", self.first), self._day_card("last", self.last)]
        days = [Grid(cards, 2 if look.landscape else 1, GAP_MM)]
        take = Button(
            "take-period", msg("screen.take-period"), self.answer(Period(self.first, self.last)), "primary"
        )
        presets = Button("presets", msg("screen.presets"), lambda: self._show(own=False), icon="list")
        return Page(
            title=self.prompt.title,
            step=self.prompt.step,
            explain=self._bounds(),
            pinned=days if look.lowered else [],
            fixed=[] if look.lowered else days,
            actions=[presets] if self.prompt.presets else [],
            primary=take,
        )

    def _bounds(self) -> Message:
        return msg("screen.day-bounds", first=Day(self.prompt.earliest), last=Day(self.prompt.latest))

    def _day_card(self, which: str, day: date) -> Node:
        low, high = self.prompt.earliest, self.prompt.latest
        one = timedelta(days=1)
        year = (moved(day, 12, low, high), moved(day, -12, low, high))
        month = (moved(day, 1, low, high), moved(day, -1, low, high))
        near = (min(high, day + one), max(low, day - one))
        numbers: list[Node] = [
            Label(msg(f"screen.of-{unit}", number=Count(number)), "value", align="centre")
            for unit, number in (("year", day.year), ("month", day.month), ("day", day.day))
        ]
        ways = {"year": year, "month": month, "day": near}
        later: list[Node] = [
            self._step(which, unit, "more", "chevron-up", days[0]) for unit, days in ways.items()
        ]
        earlier: list[Node] = [
            self._step(which, unit, "less", "chevron-down", days[1]) for unit, days in ways.items()
        ]
        label = Label(msg(f"screen.{which}-day"), "body", "soft")
        head = Row([label, Label(Day(day), "value", "primary", "right", False)], (1, 0), 2)
        units: list[Node] = [Row(row, (1, 1, 1), GAP_MM) for row in (later, numbers, earlier)]
        return Card(Column([head, Space(1), *units], 1), padding=5)

    def _step(self, which: str, unit: str, way: str, icon: str, day: date) -> Button:
        now = self.first if which == "first" else self.last
        press = (lambda: self._set(which, day)) if day != now else None
        label = msg(f"screen.{which}-{unit}-{way}")
        return Button(f"{which}-{unit}-{way}", label, press, icon=icon, role="step", icon_only=True)

    def spoken(self) -> tuple[Part, ...]:
        """Of the two days what they are; the keys that change them are not read out."""
        if not self.own:
            return ()
        days = (msg("screen.first-day"), Day(self.first), msg("screen.last-day"), Day(self.last))
        return (self.prompt.title, self._bounds(), *days)

    def told(self, key: str) -> tuple[Part, ...]:
        """The day that a step has changed; where the other went along, that one too."""
        which, _, unit = key.partition("-")
        if not self.own or which not in ("first", "last") or not unit:
            return ()
        first = (
            (msg("screen.first-day"), Day(self.first)) if which == "first" or self.first == self.last else ()
        )
        last = (msg("screen.last-day"), Day(self.last)) if which == "last" or self.first == self.last else ()
        return (*first, *last)

    def _set(self, which: str, day: date) -> None:
        """One end moves; the other goes along rather than be overtaken."""
        if which == "first":
            self.first, self.last = day, max(day, self.last)
        else:
            self.first, self.last = min(self.first, day), day
        self.room.refresh()


def _span(period: Period) -> Part:
    return msg("screen.from-to", first=Day(period.first), last=Day(period.last))
