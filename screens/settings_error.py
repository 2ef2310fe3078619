"""The kiosk is set up wrongly: every error at once, for the installer."""

from kiosk.messages import msg
from kiosk.prompts import SettingsError
from kiosk.values import Name
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked
from screens.widgets.rows import Facts


class SettingsErrorScreen(Screen[SettingsError]):
    """One line an error: where it is, and what would be right."""

    def page(self, look: Look) -> Page:
        rows: list[Node] = [
            Marked(Icon("alert-circle", 9, "refusal"), Label(Name(error, personal=False)))
            for error in self.prompt.errors
        ]
        return Page(
            title=msg("screen.settings-title"),
            explain=msg("screen.settings-line"),
            flow=[Card(Facts(rows))],
            flow_columns=(1, 1),
        )
