"""What is written: unknown outcomes, the journal by page, its signed export, and the settings without secrets."""

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import Any

from kiosk.contract.operation_id import grouped
from kiosk.enrolment import NotEnrolled, load_identity
from kiosk.events import Kind as EventKind
from kiosk.events import catalogue
from kiosk.flows.supervisor.console import Console, plain, row
from kiosk.journal.chain import ChainBroken
from kiosk.journal.chain import Row as EventRow
from kiosk.journal.export import export
from kiosk.messages import msg
from kiosk.prompts import Action, Column, Facts, OutcomeKind, Row, Table
from kiosk.values import CENTRE_ZONE, Count, Digits, Moment

EVENTS_SHOWN = 200
NOT_SHOWN = "prompt-shown"
"""Every screen is an event too: of use in the export, and in the way of who looks for what happened."""

NOT_FOR_THE_LOBBY = frozenset({"fen", "receipt", "hash"})
"""What a citizen paid, the number on their receipt, and what nobody reads: in the export, not on this screen."""

LONGEST = 80
"""Letters of an event's fields: four lines of a column, enough for a device with its states and its cause. Ids and
hashes are told apart by how they begin."""

ID_LETTERS = 8
EXPORTS = "exports"
SECRET = re.compile(r"secret|password|passphrase|token|key|pin\b", re.IGNORECASE)
ID = re.compile(r"[0-9a-f-]{16,}")
IN_URL = re.compile(r"//[^/@\s]+@")


async def outcomes(console: Console) -> None:
    """Operations whose outcome is not known: their numbers for the window, never an amount or a person."""
    waiting = await console.shop.operations.unknown_records()
    rows = tuple(
        (
            Digits(grouped(record.number), personal=False),
            msg(f"supervisor.kind.{record.kind.value}" if record.kind else "supervisor.kind.unknown"),
            Moment(record.since) if record.since else plain("-"),
            Count(record.attempts),
        )
        for record in waiting
    )
    columns = tuple(
        Column(msg(f"supervisor.outcome.{name}")) for name in ("number", "kind", "since", "tries")
    )
    await console.ask(Table(msg("supervisor.outcomes"), columns, rows, empty=msg("supervisor.outcomes.none")))


async def journal(console: Console) -> None:
    """The last events, the newest first, and the export of all of them."""
    export_it = Action(
        "export",
        msg("supervisor.export"),
        "primary",
        None if console.engineer else msg("supervisor.engineer-only"),
        "download",
    )
    while True:
        events = await console.shop.journal.recent(EVENTS_SHOWN)
        rows = tuple(_told(event) for event in events if event[2] != catalogue()[NOT_SHOWN].number)
        columns = tuple(Column(msg(f"supervisor.event.{name}")) for name in ("at", "what", "fields"))
        if await console.ask(Table(msg("supervisor.journal"), columns, rows, actions=(export_it,))) is None:
            return
        await _export(console)


def _told(event: EventRow) -> tuple[Any, ...]:
    _, at, number, text, _ = event
    kind = _kinds().get(number)
    kept_back = {field.name for field in kind.fields if field.type in NOT_FOR_THE_LOBBY} if kind else set()
    given = {field: value for field, value in json.loads(text).items() if field not in kept_back}
    fields = " ".join(f"{field}={_short(str(value))}" for field, value in given.items())
    what = msg(f"event.{kind.name}") if kind else plain(str(number))
    when = datetime.fromisoformat(at).astimezone(CENTRE_ZONE)
    shown = fields if len(fields) <= LONGEST else f"{fields[: LONGEST - 1]}…"
    return plain(f"{when:%m-%d %H:%M:%S}"), what, plain(shown or "-")


def _short(value: str) -> str:
    return value[:ID_LETTERS] if ID.fullmatch(value) else value


def _kinds() -> dict[int, EventKind]:
    return {kind.number: kind for kind in catalogue().values()}


async def _export(console: Console) -> None:
    console.working(msg("supervisor.exporting"))
    folder = console.shop.settings.data
    console.journal("journal-export")
    try:
        identity = load_identity(folder)
        start, rows = await console.shop.journal.whole()
        path = await asyncio.to_thread(
            export, rows, start, identity.kiosk_id, identity.key, folder / EXPORTS, datetime.now(UTC)
        )
    except (NotEnrolled, ChainBroken, OSError, ValueError):
        await console.tell(OutcomeKind.TROUBLE, msg("supervisor.export-failed"))
        return
    named = (row("export-file", plain(f"{EXPORTS}/{path.name}")), row("export-events", Count(len(rows))))
    check = msg("supervisor.exported.check")
    await console.tell(OutcomeKind.DONE, msg("supervisor.exported"), check, rows=named)


async def settings(console: Console) -> None:
    """Every setting that is in force."""
    found = console.shop.settings.model_dump(mode="json")
    cards = tuple(
        (plain(name), tuple(Row(plain(key), plain(value)) for key, value in _flat(table)))
        for name, table in found.items()
    )
    console.journal("settings-view")
    await console.ask(Facts(msg("supervisor.settings"), more=cards))


def _flat(value: Any, at: str = "") -> list[tuple[str, str]]:
    """The leaves of a table with their path; what could be a secret is not shown."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _flat(inner, f"{at}.{key}" if at else key)]
    if SECRET.search(at.rpartition(".")[2]):
        return [(at, "••••••")]
    text = (
        ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    )
    return [(at or "·", IN_URL.sub("//••••••@", text) or "-")]
