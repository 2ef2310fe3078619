"""A span of days: a preset, or two days chosen by touch within bounds."""

import calendar
from datetime import date, timedelta

from kiosk.messages import msg
from kiosk.prompts import ChoosePeriod, Period
from kiosk.values import Count, Day
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Card, Column, Grid, Node, Row
from screens.widgets.panel_control import Panel


def moved(day: date, months: int, earliest: date, latest: date) -> date:
    """The same day some months away, kept within the bounds; the 31st becomes the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return min(max(date(year, month + 1, min(day.day, last)), earliest), latest)


class PeriodScreen(Screen[ChoosePeriod]):
    """First the presets; "other days" opens two days with buttons for year, month and day."""

    def __init__(self, prompt: ChoosePeriod, room: Room) -> None:
        super().__init__(prompt, room)
        self.own = False
        self.first, self.last = prompt.earliest, prompt.latest
        if prompt.presets:
            self.first, self.last = prompt.presets[0][1].first, prompt.presets[0][1].last

    def page(self, look: Look) -> Page:
        return self._own_days(look) if self.own else self._presets(look)

    def _presets(self, look: Look) -> Page:
        choices: list[Node] = [
            Panel(
                f"option-{n}", label, self.answer(period),
                Column([Label(label, "heading"), Label(msg("screen.from_to", first=Day(period.first), last=Day(period.last)), "body", "soft")], 1),
                "option", high_mm=28,
            )
            for n, (label, period) in enumerate(self.prompt.presets)
        ]  # fmt: skip
        other = Label(msg("screen.own_days"), "heading")
        line = Label(msg("screen.own_days_line"), "body", "soft")
        choices.append(
            Panel(
                "own-days", msg("screen.own_days"), self._open, Column([other, line], 1), "option", high_mm=28
            )
        )
        return Page(title=self.prompt.title, step=self.prompt.step, choices=choices, choice_columns=(1, 2),
                    most=4 if look.elder else 0)  # fmt: skip

    def _open(self) -> None:
        self.own = True
        self.room.refresh()

    def _own_days(self, look: Look) -> Page:
        bounds = msg("screen.day_bounds", first=Day(self.prompt.earliest), last=Day(self.prompt.latest))
        cards: list[Node] = [self._day_card("first", self.first), self._day_card("last", self.last)]
        take = Button(
            "take-period", msg("screen.take_period"), self.answer(Period(self.first, self.last)), "primary"
        )
        back = Button("presets", msg("screen.presets"), self._close, icon="arrow-left")
        return Page(
            title=self.prompt.title, step=self.prompt.step, explain=bounds, pinned=[Grid(cards, 2 if look.landscape else 1, GAP_MM)],
            actions=[back], primary=take,
        )  # fmt: skip

    def _close(self) -> None:
        self.own = False
        self.room.refresh()

    def _day_card(self, which: str, day: date) -> Node:
        def unit(name: str, shown: Count, back: date, on: date) -> Node:
            return Column([
                self._step(f"{which}-{name}-more", f"screen.{which}_{name}_more", "plus", which, on),
                Label(shown, "value", align="centre"),
                self._step(f"{which}-{name}-less", f"screen.{which}_{name}_less", "minus", which, back),
            ], 1)  # fmt: skip

        low, high = self.prompt.earliest, self.prompt.latest
        one = timedelta(days=1)
        units = [
            unit("year", Count(day.year), moved(day, -12, low, high), moved(day, 12, low, high)),
            unit("month", Count(day.month), moved(day, -1, low, high), moved(day, 1, low, high)),
            unit("day", Count(day.day), max(low, day - one), min(high, day + one)),
        ]
        head = Row(
            [Label(msg(f"screen.{which}_day"), "body", "soft"), Label(Day(day), "value", align="right")],
            (1, 1.4),
            2,
        )
        return Card(Column([head, Row(units, (1, 1, 1), 3)], 3))

    def _step(self, key: str, label: str, icon: str, which: str, day: date) -> Button:
        now = self.first if which == "first" else self.last
        return Button(
            key, msg(label), (lambda: self._set(which, day)) if day != now else None, icon=icon, role="step"
        )

    def _set(self, which: str, day: date) -> None:
        """One end moves; the other goes along rather than be overtaken."""
        if which == "first":
            self.first, self.last = day, max(day, self.last)
        else:
            self.first, self.last = min(self.first, day), day
        self.room.refresh()
