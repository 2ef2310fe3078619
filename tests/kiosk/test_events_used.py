"""Every event that the program writes is in the catalogue, with the fields that it has there."""

import ast
from collections.abc import Iterator
from pathlib import Path

from kiosk.events import catalogue

ROOT = Path(__file__).parent.parent.parent
SOURCES = [*(ROOT / "kiosk").rglob("*.py"), ROOT / "run_kiosk.py"]
WRITERS = {"event", "_event", "observe", "append"}


def written() -> Iterator[tuple[str, str, set[str] | None]]:
    """(where, event, names of its fields or None when they are not to be read off the source)."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr=writer) | ast.Name(id=writer), args=args) if (
                    writer in WRITERS
                ):
                    if args and isinstance(args[0], ast.Constant) and args[0].value in catalogue():
                        fields = {keyword.arg for keyword in node.keywords if keyword.arg}
                        plain = all(keyword.arg for keyword in node.keywords) and writer != "append"
                        if writer == "observe":
                            fields.add("session")  # kiosk.visit.Visit.observe gives it
                        yield f"{path.name}:{node.lineno}", str(args[0].value), fields if plain else None


def test_what_is_written_has_the_fields_of_the_catalogue() -> None:
    wrong = []
    for where, name, fields in written():
        if fields is None:
            continue
        known = {field.name for field in catalogue()[name].fields}
        needed = {field.name for field in catalogue()[name].fields if not field.optional}
        if not fields <= known or not needed <= fields:
            wrong.append(f"{where}: {name} with {sorted(fields)}, not {sorted(known)}")
    assert wrong == []


def test_no_event_is_called_that_the_catalogue_does_not_have() -> None:
    unknown = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="event" | "_event" | "observe"),
                    args=[ast.Constant(value=str(name)), *_],
                ) if name not in catalogue():
                    unknown.append(f"{path.name}:{node.lineno}: {name}")
    assert unknown == []
