"""Overdue instalments: the penalty, and where a payment goes."""

from decimal import Decimal

import pytest

from central.rules.overdue import Arrear, allocate, penalty
from kiosk.contract.money import Fen
from tests.central.rules.worked import yuan

MULTIPLIER = Decimal("1.5")


@pytest.mark.parametrize(("days", "charged"), [(15, "4.42"), (0, "0.00"), (1, "0.29"), (360, "106.16")])
def test_penalty(days: int, charged: str) -> None:
    assert penalty(yuan("2722.02"), Decimal("2.6"), days, MULTIPLIER) == yuan(charged)


OLD = Arrear(3, penalty=Fen(10), interest=Fen(100), principal=Fen(1000))
NEW = Arrear(4, penalty=Fen(5), interest=Fen(50), principal=Fen(500))

PAYMENTS = [
    (0, [], 0),
    (7, [Arrear(3, Fen(7), Fen(0), Fen(0))], 0),
    (60, [Arrear(3, Fen(10), Fen(50), Fen(0))], 0),
    (111, [Arrear(3, Fen(10), Fen(100), Fen(1))], 0),
    (1110, [OLD], 0),
    (1114, [OLD, Arrear(4, Fen(4), Fen(0), Fen(0))], 0),
    (1665, [OLD, NEW], 0),
    (1700, [OLD, NEW], 35),
]


@pytest.mark.parametrize(("payment", "paid", "left_over"), PAYMENTS)
def test_penalty_interest_principal_the_oldest_first(
    payment: int, paid: list[Arrear], left_over: int
) -> None:
    allocation = allocate(Fen(payment), [NEW, OLD])
    assert list(allocation.paid) == paid
    assert allocation.left_over == left_over


def test_an_arrear_in_all() -> None:
    assert OLD.total == 1110
