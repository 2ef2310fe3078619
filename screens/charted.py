"""Screens with a chart: it unfolds once, calmly, when the screen opens; at once where motion is off."""

from collections.abc import Sequence
from typing import TypeVar

from kiosk.prompts import Compare, Facts, Table
from screens.screen import Room, Screen
from screens.theme import GAP_MM, MARGIN_MM, UNFOLD_FPS, UNFOLD_S, Look
from screens.widgets.boxes import Column
from screens.widgets.chart import ChartCard
from screens.widgets.node import Node

BESIDE = 0.57
"""What stands beside the body is at most so high, as a part of the glass: header, title and footer take the rest."""

C = TypeVar("C", Facts, Table, Compare)


class ChartedScreen(Screen[C]):
    """The chart goes by the clock: a slow machine shows fewer pictures, not a longer wait."""

    def __init__(self, prompt: C, room: Room) -> None:
        super().__init__(prompt, room)
        self._begun = room.now()
        self._part = 0.0 if room.motion and prompt.chart else 1.0

    def chart(self, brief: bool = False) -> list[Node]:
        """The chart's card, as far as it has unfolded; nothing where the prompt has none."""
        return [ChartCard(self.prompt.chart, self._part, brief)] if self.prompt.chart else []

    def beside(self, look: Look, share: float, above: Sequence[Node] = ()) -> Node | None:
        """The first that fits at the right of a lying panel: `above` with the chart, with a brief chart, alone."""
        width = int((look.panel.width_px - 2 * look.px(MARGIN_MM) - look.px(2 * GAP_MM)) * share)
        for chart in (self.chart(), self.chart(brief=True), []):
            nodes = [*above, *chart]
            if nodes and look.landscape:
                column = Column(nodes, GAP_MM)
                if (
                    column.measure(look, width) <= look.panel.height_px * BESIDE
                    and column.least(look) <= width
                ):
                    return column
        return None

    def opened(self) -> None:
        self._begun = self.room.now()
        self._next()

    def _next(self) -> None:
        if self._part < 1:
            self.room.after(1 / UNFOLD_FPS, self._unfold)

    def _unfold(self) -> None:
        passed = (self.room.now() - self._begun).total_seconds() / UNFOLD_S
        self._part = 1 - (1 - min(1.0, max(0.0, passed))) ** 3
        self.room.refresh()
        self._next()
