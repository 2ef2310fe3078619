"""A centre that answers each request from a table, and the line to it."""

from collections import Counter
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from kiosk.line import Line
from tests.journeys.canary import CANARY_NAME

UUID_CHARS = 36
QUOTE = UUID("01890000-0000-7000-8000-000000000001")
SOON = "2099-01-01T00:00:00Z"
ACCOUNT = {
    "number_masked": "2102********0042", "state": "01", "frozen": False, "employer": "测试单位",
    "opened_on": "2015-03-01", "deposit_base": "10000.00", "employer_rate": "12", "person_rate": "12",
    "monthly_deposit": "2400.00", "balance": "186247.04", "carried_over": "160000.00",
    "current_year": "26247.04", "accrued_interest": "812.34", "interest_rate": "1.5",
    "paid_up_to": "2026-10", "payout_card_masked": "6217****0004", "as_of": "2026-11-22",
}  # fmt: skip
ENTRIES = {
    "from": "2026-08-22", "to": "2026-11-22", "opening": "179047.04", "closing": "186247.04",
    "total_in": "7200.00", "total_out": "0.00", "count": 3, "next_cursor": None,
    "entries": [
        {"id": n, "on": f"2026-{n:02d}-15", "kind": "01", "amount": "2400.00", "balance": balance}
        for n, balance in ((9, "181447.04"), (10, "183847.04"), (11, "186247.04"))
    ],
}  # fmt: skip
TERMS = {
    "allowed": True, "part_allowed": True, "part_minimum": "10000.00", "part_maximum": "180000.00",
    "part_step": "10000.00", "payoff": "95415.53", "payoff_affordable": True, "available": "186247.03",
}  # fmt: skip
LOAN = {
    "contract": "DK2024000123", "role": "borrower", "state": "normal", "principal": "600000.00",
    "balance": "565007.47", "rate": "2.6", "months": 300, "months_left": 276, "method": "01",
    "instalment": "2722.02", "next_due": "2026-12-15", "last_due": "2049-11-15",
    "disbursed_on": "2024-11-15", "due_day": 15, "overdue": "0.00", "overdue_periods": 0,
    "penalty": "0.00", "property_masked": "测试小区****", "terms": TERMS, "version": "7",
}  # fmt: skip
SCHEDULE = {
    "contract": "DK2024000123", "total_interest": "3679.31",
    "rows": [
        {"number": n, "due": due, "principal": "1497.84", "interest": interest, "payment": "2722.02",
         "balance": balance}
        for n, due, interest, balance in (
            (25, "2026-12-15", "1229.68", "563509.63"), (26, "2027-01-15", "1226.44", "562011.79"),
            (27, "2027-02-15", "1223.19", "560513.95"),
        )
    ],
}  # fmt: skip
OPERATION = {
    "kind": "repayment", "state": "confirmed", "number": "123456789012",
    "receipt_number": "HK2026112200000001", "amount": "100408.06", "submitted_at": "2026-11-22T01:00:00Z",
    "completed_at": "2026-11-22T01:00:01Z", "name_masked": "测*", "account_masked": "2102********0042",
    "contract": "DK2024000123", "balance_after": "465007.47", "account_after": "85838.98",
}  # fmt: skip


def quote(mode: str | None) -> dict[str, Any]:
    """An answer to a repayment quote."""
    return {
        "quote_id": str(QUOTE), "etag": '"7"', "contract": "DK2024000123",
        "extent": "part" if mode else "full", "mode": mode, "principal": "100000.00",
        "interest": "408.06", "total": "100408.06", "account_after": "85838.98",
        "balance_before": "565007.47", "balance_after": "465007.47", "instalment_before": "2722.02",
        "instalment_after": "2722.02" if mode == "shorten" else "2240.25", "months_before": 276,
        "months_after": 214 if mode == "shorten" else 276, "last_due_before": "2049-11-15",
        "last_due_after": "2044-09-15", "interest_saved": "69913.60" if mode == "shorten" else "32967.42",
        "valid_until": SOON,
    }  # fmt: skip


def closure(eligible: bool = True) -> dict[str, Any]:
    """An answer to a closure quote."""
    codes = ("age", "account-state", "not-frozen", "loan-settled", "nothing-in-flight", "payout-card")
    return {
        "quote_id": str(QUOTE), "etag": '"7"', "eligible": eligible,
        "checks": [{"code": code, "passed": eligible or code != "age", "source": "centre",
                    "retires": "2025-02" if code == "age" else None} for code in codes],
        "balance": "86000.00", "interest": "247.04", "payout": "86247.04",
        "payout_card_masked": "6217****0004", "valid_until": SOON,
    }  # fmt: skip


def document(kind: str, language: str = "zh") -> dict[str, Any]:
    """An official paper."""
    entries = kind == "statement"
    return {
        "operation_id": str(QUOTE), "number": "2026112200000001", "kind": kind, "language": language,
        "issued_at": "2026-11-22T01:00:00.123Z", "issuer": {"zh": "测试中心", "en": "Test centre"},
        "holder": CANARY_NAME, "account_masked": "2102********0042",
        "fields": [{"key": "employer", "kind": "text", "value": "测试单位"}],
        "entries": ENTRIES["entries"] if entries else [],
        "opening": "179047.04" if entries else None, "closing": "186247.04" if entries else None,
        "verify_url": "HTTPS://C.TEST/V/ABC",
    }  # fmt: skip


class TableCentre:
    """Answers each request from a table; `instead` replaces an answer by another, or by making an exception."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.instead: dict[str, Any] = {}
        self.operations: dict[str, dict[str, Any]] = {}
        self.open_operations: list[dict[str, Any]] = []
        self.submitted: dict[str, Any] = {}
        """What a submitted operation is answered with besides."""

    def answer(self, method: str, path: str, body: dict[str, Any], query: dict[str, str]) -> Any:
        """The JSON of an answer; raises what `instead` says."""
        ids = [
            "{id}" if part.startswith("DK") or len(part) == UUID_CHARS else part for part in path.split("/")
        ]
        route = f"{method} {'/'.join(ids)}"
        self.asked[route] += 1
        if route in self.instead:
            instead = self.instead[route]
            if callable(instead):
                raise instead()
            return instead
        match route:
            case "POST /v1/visits":
                return {
                    "token": "t" * 43, "verified": body["credential"]["kind"] == "phone_code",
                    "name_masked": "测*", "id_number_masked": "2102**********1319", "expires_at": SOON,
                    "tries_left": 5, "open_operations": self.open_operations,
                }  # fmt: skip
            case "POST /v1/visits/current/verification":
                return {"verified": True, "expires_at": SOON}
            case "DELETE /v1/visits/current":
                return {}
            case "GET /v1/account":
                return ACCOUNT
            case "GET /v1/account/entries":
                return ENTRIES
            case "GET /v1/loans":
                return {"loans": [LOAN, {**LOAN, "contract": "DK2024000124"}]}
            case "GET /v1/loans/{id}/schedule":
                return SCHEDULE
            case "POST /v1/loans/{id}/repayment-quotes":
                return quote(body.get("mode"))
            case "POST /v1/account/closure-quotes":
                return closure()
            case "GET /v1/operations":
                return {**OPERATION, "operation_id": str(QUOTE)}
            case "GET /v1/operations/{id}":
                return {**OPERATION, "operation_id": path.rsplit("/", 1)[-1]}
            case "POST /v1/documents":
                return document(body["kind"], body["language"])
            case "GET /v1/documents":
                return {
                    "documents": [
                        {
                            key: document("statement")[key]
                            for key in ("operation_id", "number", "kind", "language")
                        }
                        | {"issued_at": "2026-11-22T01:00:00Z", "copies": 1}
                    ]
                }
            case "GET /v1/documents/{id}":
                return document("statement")
            case "POST /v1/operations/{id}/papers":
                return {**OPERATION, "kind": "document", "operation_id": str(QUOTE)}
            case _:
                raise AssertionError(f"no answer for {route}")

    def submit(self, path: str, operation_id: str) -> Any:
        """The answer of a submit."""
        route = "POST " + ("repayments" if path.endswith("repayments") else "closures")
        self.asked[route] += 1
        if route in self.instead:
            raise self.instead[route]()
        kind = "repayment" if path.endswith("repayments") else "closure"
        amount = "100408.06" if kind == "repayment" else "86247.04"
        return {**OPERATION, "kind": kind, "amount": amount, "operation_id": operation_id, **self.submitted}


class TableLine(Line):
    """A line whose far end is a TableCentre; answers go through the wire models as real ones do."""

    def __init__(self, centre: TableCentre, token: str | None = None) -> None:
        self.centre = centre
        self.token = token

    def with_token(self, token: str | None) -> "TableLine":
        return TableLine(self.centre, token)

    def now_ms(self) -> int:
        return 1_790_000_000_000

    def call(self, method: str, path: str, answer: Any, *, body: Any = None, query: Any = None,
             headers: Any = None) -> Any:  # fmt: skip
        sent = body.model_dump(mode="json", by_alias=True) if isinstance(body, BaseModel) else body or {}
        if path.endswith(("repayments", "closures")):
            return answer.model_validate(self.centre.submit(path, headers["Idempotency-Key"]))
        return answer.model_validate(self.centre.answer(method, path, sent, query or {}))

    def send(self, method: str, path: str) -> None:
        self.centre.answer(method, path, {}, {})
