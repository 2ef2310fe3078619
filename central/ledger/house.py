"""The house's own ledger accounts. Credits are above zero, debits below, in every account."""

from enum import IntEnum

from sqlalchemy import Connection, insert

from central.store.tables import ledger_account

FIRST_OWNED_ID = 100
"""Members' and loans' accounts are numbered from here."""


class House(IntEnum):
    """Ids of the accounts that belong to nobody else; they are there from the first day."""

    BANK = 1  # the fund's money at the bank: an asset, so it falls below zero
    PAYOUT_CLEARING = 2  # taken from members, not yet paid by the bank
    INTEREST_PAID = 3  # interest credited to members: an expense
    INTEREST_EARNED = 4  # interest on loans: income
    PENALTY_EARNED = 5  # penalty interest on arrears: income
    OPENING = 6  # balances taken over from before these books began


def create(tx: Connection) -> None:
    """Open them in an empty ledger."""
    tx.execute(
        insert(ledger_account),
        [{"id": int(house), "kind": "house", "name": house.name.lower(), "carried": 0} for house in House],
    )
