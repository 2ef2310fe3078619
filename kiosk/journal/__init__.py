"""The kiosk's journal: what it did and what it owes, durable before anything else happens."""

from kiosk.journal.chain import Head
from kiosk.journal.database import JournalBroken
from kiosk.journal.journal import Journal

__all__ = ["Head", "Journal", "JournalBroken"]
