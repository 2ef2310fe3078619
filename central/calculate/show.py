"""Answers as a table for people or as JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from central.rules.refusal import Refusal
from central.rules.schedule import Row
from kiosk.contract.money import Fen, format_yuan

Answer = Mapping[str, Any]  # names of the contract; amounts already as text; None is not applicable


def rows_of(rows: Iterable[Row], *, numbered_from: int = 1) -> list[dict[str, Any]]:
    """Instalments as they appear in every answer."""
    return [
        without_none(
            {
                "number": row.number + numbered_from - 1,
                "due": row.due and row.due.isoformat(),
                "principal": format_yuan(row.principal),
                "interest": format_yuan(row.interest),
                "payment": format_yuan(row.payment),
                "balance": format_yuan(row.balance),
            }
        )
        for row in rows
    ]


def refusals_of(refusals: Sequence[Refusal[Any]]) -> list[dict[str, Any]]:
    return [
        without_none(
            {
                "reason": str(refusal.reason),
                "amount": yuan(refusal.amount),
                "count": refusal.count,
                "day": refusal.day and refusal.day.isoformat(),
            }
        )
        for refusal in refusals
    ]


def yuan(amount: Fen | None) -> str | None:
    return None if amount is None else format_yuan(amount)


def without_none(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if value is not None}


def as_json(answer: Answer) -> str:
    return json.dumps(without_none(answer), ensure_ascii=False, indent=2)


def as_table(answer: Answer) -> str:
    """Single values first, one a line; then each list as a table of its own."""
    shown = without_none(answer)
    tables = {name: value for name, value in shown.items() if _is_table(value)}
    plain = {name: value for name, value in shown.items() if name not in tables}
    width = max((len(name) for name in plain), default=0)
    blocks = ["\n".join(f"{name:<{width}}  {_plain(value)}" for name, value in plain.items())]
    blocks += [f"{name}\n{_grid(rows)}" for name, rows in tables.items()]
    return "\n\n".join(blocks)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or "none"
        case dict():
            return ", ".join(f"{name} {part}" for name, part in value.items())
        case _:
            return str(value)


def _grid(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
