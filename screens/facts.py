"""Figures, and what can be done with them."""

from kiosk.prompts import Facts
from screens.charted import ChartedScreen
from screens.page import Page
from screens.theme import Look
from screens.widgets.node import Node
from screens.widgets.rows import FigureCard, NoteCard, facts_card


class FactsScreen(ChartedScreen[Facts]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        flow: list[Node] = [NoteCard(note) for note in prompt.notes]
        if prompt.figure:
            flow.insert(0, FigureCard(prompt.figure))
        rows = [facts_card(prompt.rows)] if prompt.rows else []
        # Lying, the picture stands under the figure, the rows beside both; upright or with little height it comes last.
        flow += [*self.chart(), *rows] if look.landscape and not look.compact else [*rows, *self.chart()]
        flow += [facts_card(more, heading) for heading, more in prompt.more if more]
        actions, primary = self.buttons(prompt.actions)
        return Page(title=prompt.title, step=prompt.step, flow=flow, actions=actions, primary=primary)
