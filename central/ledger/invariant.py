"""What an invariant of the books is: a query that finds the rows against it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from central.store.rows import AnyRow


@dataclass(frozen=True)
class Invariant:
    """`query` finds what is wrong, and nothing when the invariant holds; `show` tells one of its rows in a line."""

    name: str
    rule: str
    query: Select[*tuple[Any, ...]]
    show: Callable[[AnyRow], str]
