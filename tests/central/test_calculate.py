"""`python -m central calculate`: names, options and fields of the contract, and the answers."""

from typing import Any

import pytest

from tests.central.calculating import FALLING, LOAN, OLD_LOAN, ask

ANSWERS: list[tuple[str, dict[str, Any]]] = [
    (
        f"schedule {LOAN}",
        {
            "instalment": "2722.02",
            "last_payment": "2720.91",
            "total_interest": "216604.89",
            "total_payment": "816604.89",
        },
    ),
    (
        f"schedule {FALLING}",
        {
            "instalment": "1900.00",
            "monthly_principal": "1250.00",
            "last_payment": "1252.71",
            "total_interest": "78325.20",
            "total_payment": "378325.20",
        },
    ),
    (
        f"repricing {OLD_LOAN} --change 19:2.6",
        {
            "instalment": "2726.01",
            "last_payment": "2725.16",
            "total_interest": "219110.21",
            "total_payment": "819110.21",
            "instalments": [
                {"from": 1, "rate": "2.85", "instalment": "2798.68"},
                {"from": 19, "rate": "2.6", "instalment": "2726.01"},
            ],
        },
    ),
    (
        f"early-repayment {LOAN} --after 24 --amount 100000 --mode reduce",
        {
            "balance_before": "565007.47",
            "balance_after": "465007.47",
            "principal_now": "100000.00",
            "interest_now": "0.00",
            "total_now": "100000.00",
            "instalment": "2240.25",
            "remaining_months": 276,
            "last_payment": "2240.24",
            "interest_left": "153301.52",
            "interest_saved": "32967.42",
        },
    ),
    (
        f"early-repayment {FALLING} --after 36 --amount 50000 --mode shorten",
        {
            "balance_before": "255000.00",
            "balance_after": "205000.00",
            "principal_now": "50000.00",
            "interest_now": "0.00",
            "total_now": "50000.00",
            "instalment": "1694.17",
            "monthly_principal": "1250.00",
            "remaining_months": 164,
            "last_payment": "1252.71",
            "interest_left": "36643.89",
            "interest_saved": "19987.53",
        },
    ),
    (
        f"payoff {LOAN} --after 24 --days 10",
        {"balance": "565007.47", "interest": "408.06", "payoff": "565415.53"},
    ),
    (f"payoff {LOAN} --after 24", {"balance": "565007.47", "interest": "0.00", "payoff": "565007.47"}),
    (
        f"payoff {LOAN} --after 24 --days 12 --interest unused-days",
        {"balance": "565007.47", "interest": "491.62", "payoff": "565499.09"},
    ),
    (
        (
            "interest --opening 80000 --from 2025-07-01 --to 2025-09-10 --entry 2025-07-15:3000"
            " --entry 2025-08-15:3000"
        ),
        {"product_sum": "5929000.00", "interest": "247.04", "balance": "86000.00", "closing": "86247.04"},
    ),
    (
        "interest --opening 10000 --from 2025-07-01 --to 2026-07-01 --method whole-year",
        {"product_sum": "3650000.00", "interest": "150.00", "balance": "10000.00", "closing": "10150.00"},
    ),
    (
        "interest --opening 3600 --from 2010-01-01 --to 2010-01-11 --rate 3.6",
        {"product_sum": "36000.00", "interest": "3.60", "balance": "3600.00", "closing": "3603.60"},
    ),
    (
        (
            "interest --opening 100 --from 2016-01-01 --to 2016-01-31"
            " --withdrawal-order current-first --entry 2016-01-01:3600 --entry 2016-01-01:-3600"
        ),
        {"product_sum": "3000.00", "interest": "0.09", "balance": "100.00", "closing": "100.09"},
    ),
    (
        "interest --opening 80000 --from 2025-01-10 --to 2025-07-11 --entry 2025-07-11:-60000",
        {
            "product_sum": "14565733.30",
            "interest": "606.90",
            "balance": "20000.00",
            "closing": "20606.90",
            "settlements": [
                {
                    "from": "2025-01-10",
                    "to": "2025-07-01",
                    "product_sum": "13760000.00",
                    "interest": "573.33",
                    "closing": "80573.33",
                },
                {
                    "from": "2025-07-01",
                    "to": "2025-07-11",
                    "product_sum": "805733.30",
                    "interest": "33.57",
                    "closing": "20606.90",
                },
            ],
        },
    ),
    (
        "retirement --born 1966-01 --category man",
        {
            "age_years": 60,
            "age_months": 4,
            "delay_months": 4,
            "retires": "2026-05",
            "earliest": "2026-01",
            "latest": "2029-05",
            "contribution_months": 180,
        },
    ),
    (
        "retirement --born 1965-01-31 --category man",
        {
            "age_years": 60,
            "age_months": 1,
            "delay_months": 1,
            "retires": "2025-02",
            "retires_on": "2025-02-28",
            "earliest": "2025-01",
            "latest": "2028-02",
            "contribution_months": 180,
        },
    ),
    (
        "id-number 11010519491231002x",
        {
            "valid": True,
            "number": "11010519491231002X",
            "kind": "resident",
            "born": "1949-12-31",
            "sex": "female",
        },
    ),
    ("id-number 511324199612163557", {"valid": False, "problem": "the last character should be 6"}),
    (
        "id-number KAZ110090123105",
        {"valid": True, "number": "KAZ110090123105", "kind": "foreigner", "born": "1990-12-31"},
    ),
    (
        "id-number 11010519491231002X --on 1949-12-30",
        {"valid": False, "problem": "the birth date 1949-12-31 lies in the future"},
    ),
    (
        "overdue --principal 1494.60 --interest 1227.42 --rate 2.6 --days 15",
        {"overdue": "2722.02", "penalty": "4.42", "total": "2726.44"},
    ),
    (
        "overdue --principal 1494.60 --interest 1227.42 --rate 2.6 --days 15 --payment 2000",
        {
            "overdue": "2722.02",
            "penalty": "4.42",
            "total": "2726.44",
            "paid_penalty": "4.42",
            "paid_interest": "1227.42",
            "paid_principal": "768.16",
            "left_over": "0.00",
        },
    ),
    (
        "overdue --principal 0 --interest 0 --rate 2.6 --days 15 --payment 1",
        {
            "overdue": "0.00",
            "penalty": "0.00",
            "total": "0.00",
            "paid_penalty": "0.00",
            "paid_interest": "0.00",
            "paid_principal": "0.00",
            "left_over": "1.00",
        },
    ),
    (
        f"offset {LOAN} --after 23 --kind monthly --source borrower:1850.35 --source spouse:500",
        {
            "due": "2722.02",
            "short": "0.00",
            "takes": [
                {"source": "borrower", "amount": "1850.34", "interest": "1227.42", "principal": "622.92"},
                {"source": "spouse", "amount": "499.99", "interest": "0.00", "principal": "499.99"},
                {"source": "bank-card", "amount": "371.69", "interest": "0.00", "principal": "371.69"},
            ],
        },
    ),
    (
        f"offset {LOAN} --after 23 --kind monthly --source borrower:1850.35 --no-bank-card",
        {
            "due": "2722.02",
            "short": "871.68",
            "takes": [
                {"source": "borrower", "amount": "1850.34", "interest": "1227.42", "principal": "622.92"}
            ],
        },
    ),
    (
        f"offset {LOAN} --after 24 --kind yearly --source borrower:600000",
        {"available": "599999.99", "balance": "565007.47", "interest": "0.00", "payoff": "565007.47"},
    ),
    (
        f"offset {LOAN} --after 24 --kind yearly --source borrower:1000",
        {"available": "999.99", "refusals": [{"reason": "below-minimum", "amount": "1000.00"}]},
    ),
    (
        "loan-trial --price 900000 --balance 38000 --months 360 --income 10000 --on 2026-01-01",
        {
            "amount": "570000.00",
            "months": 360,
            "rate": "2.60",
            "instalment": "2281.94",
            "binding": ["balance"],
            "limits": {
                "cap": "600000.00",
                "balance": "570000.00",
                "price": "720000.00",
                "ability": "1498727.16",
            },
            "binding_term": ["asked", "longest"],
            "term_limits": {"asked": 360, "longest": 360},
        },
    ),
    (
        (
            "loan-trial --price 900000 --balance 38000 --months 360 --house-age-months 541"
            " --on 2026-01-01 --ground talent"
        ),
        {
            "amount": "570000.00",
            "months": 59,
            "rate": "2.10",
            "instalment": "10176.79",
            "binding": ["balance"],
            "limits": {"cap": "900000.00", "balance": "570000.00", "price": "720000.00"},
            "binding_term": ["house-age"],
            "term_limits": {"asked": 360, "longest": 360, "house-age": 59},
        },
    ),
    (
        (
            "closure --opening 80000 --from 2025-07-01 --to 2025-09-10 --entry 2025-07-15:3000"
            " --entry 2025-08-15:3000 --born 1964-09-20 --sex male"
        ),
        {
            "allowed": True,
            "product_sum": "5929000.00",
            "interest": "247.04",
            "balance": "86000.00",
            "closing": "86247.04",
            "payout": "86247.04",
        },
    ),
    (
        (
            "closure --opening 0 --from 2026-07-01 --to 2026-09-10 --born 1972-03-05 --sex female"
            " --loan --frozen --co-borrower-loan"
        ),
        {
            "allowed": False,
            "product_sum": "0.00",
            "interest": "0.00",
            "balance": "0.00",
            "closing": "0.00",
            "refusals": [
                {"reason": "account-frozen"},
                {"reason": "loan-outstanding"},
                {"reason": "co-borrower-loan-outstanding"},
                {"reason": "category-unknown"},
            ],
        },
    ),
    (
        "withdrawal --reason 07 --balance 5000 --amount 6000 --last 2024-02-29 --on 2025-02-27",
        {
            "allowed": False,
            "reason": "rent",
            "most": "4999.99",
            "next": "2025-02-28",
            "refusals": [
                {"reason": "interval-not-over", "day": "2025-02-28"},
                {"reason": "balance-too-low", "amount": "4999.99"},
            ],
        },
    ),
    (
        "withdrawal --reason 06 --balance 5000 --amount 3000 --payoff 3000",
        {"allowed": True, "reason": "repaying a housing loan", "most": "3000.00"},
    ),
    ("withdrawal --reason 03 --balance 5000 --close", {"allowed": True, "reason": "retirement"}),
    (
        "withdrawal --reason 77 --balance 5000 --close --sealed-with-gap --frozen",
        {
            "allowed": False,
            "refusals": [
                {"reason": "account-frozen"},
                {"reason": "sealed-account-not-paid-up"},
                {"reason": "unknown-reason"},
            ],
        },
    ),
]


@pytest.mark.parametrize(("command", "expected"), ANSWERS)
def test_answers(capsys: pytest.CaptureFixture[str], command: str, expected: dict[str, Any]) -> None:
    answer = ask(capsys, command)
    answer.pop("rows", None)
    assert answer == expected


def test_rows_of_a_schedule(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, f"schedule {LOAN} --first-due 2024-07-31")["rows"]
    assert len(rows) == 300
    assert rows[1] == {
        "number": 2,
        "due": "2024-08-31",
        "principal": "1425.10",
        "interest": "1296.92",
        "payment": "2722.02",
        "balance": "597152.88",
    }
    assert rows[2]["due"] == "2024-09-30"
    assert rows[-1]["balance"] == "0.00"


def test_rows_without_dates_have_no_due_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert "due" not in ask(capsys, f"schedule {LOAN}")["rows"][0]


def test_a_due_day_that_the_first_month_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, f"schedule {LOAN} --first-due 2024-06-30 --due-day 31")["rows"]
    assert [row["due"] for row in rows[:2]] == ["2024-06-30", "2024-07-31"]


def test_a_first_period_by_days(capsys: pytest.CaptureFixture[str]) -> None:
    dates = "--disbursed 2025-03-05 --first-due 2025-03-31 --first-period act-360"
    assert ask(capsys, f"schedule {LOAN} {dates}")["rows"][0]["interest"] == "1126.67"


def test_january_by_days(capsys: pytest.CaptureFixture[str]) -> None:
    command = f"repricing {OLD_LOAN} --change 19:2.6 --january act-360 --first-due 2024-07-15"
    assert ask(capsys, command)["rows"][18]["interest"] == "1354.70"


def test_rows_after_an_early_repayment_are_numbered_on(capsys: pytest.CaptureFixture[str]) -> None:
    command = f"early-repayment {LOAN} --after 24 --amount 100000 --mode shorten --days 12 --rows"
    answer = ask(capsys, command)
    assert (answer["interest_now"], answer["total_now"]) == ("86.67", "100086.67")
    assert [row["number"] for row in answer["rows"]] == list(range(25, 25 + 214))
    answer = ask(capsys, f"{command} --interest unused-days")
    assert answer["rows"][0]["number"] == 26  # it pays instalment 25 as well


@pytest.mark.parametrize("months", [1, 2, 360])
@pytest.mark.parametrize("method", ["equal-instalment", "equal-principal"])
@pytest.mark.parametrize("rate", ["0", "3.25", "24"])
def test_any_loan(capsys: pytest.CaptureFixture[str], months: int, method: str, rate: str) -> None:
    command = f"schedule --principal 12345.67 --rate {rate} --months {months} --method {method}"
    answer = ask(capsys, command)
    assert len(answer["rows"]) == months
    assert answer["rows"][-1]["balance"] == "0.00"
