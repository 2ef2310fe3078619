"""Where what is typed stands: right over the keypad on an upright panel, under the title on a lying one."""

from dataclasses import replace

from kiosk.prompts import Note
from screens.page import Page
from screens.theme import GAP_MM, Look
from screens.widgets.boxes import Column
from screens.widgets.keypad import Keypad
from screens.widgets.node import Node
from screens.widgets.rows import NoteCard

SLIM_SHARE = 0.36
"""Of the width, for three columns of keys where height is short: the words beside them need the rest."""


def entering(page: Page, look: Look, entry: Node, note: Note | None, keypad: Keypad) -> Page:
    """The page with what is typed, what is wrong with it, and the keys: one glance takes in all three."""
    notes: list[Node] = [NoteCard(note)] if note else []
    if look.landscape:
        share = SLIM_SHARE if look.compact and not keypad.quick else 0.5
        return replace(page, kept=[entry], fixed=notes, side=keypad, side_share=share)
    return replace(page, side=Column([*notes, entry, keypad], 2 * GAP_MM if look.roomy else GAP_MM))
