"""From what a printer says of itself (printer-state, printer-state-reasons of RFC 8011) to a status: pure."""

from collections.abc import Collection, Iterable, Mapping

from hardware.device import Fault, State

IDLE, PROCESSING, STOPPED = 3, 4, 5
"""Values of printer-state."""

_STOPPING: tuple[tuple[Fault, frozenset[str]], ...] = (
    (Fault.COVER_OPEN, frozenset({"cover-open", "door-open", "interlock-open"})),
    (Fault.JAM, frozenset({"media-jam", "output-area-full"})),
    (Fault.PAPER_OUT, frozenset({"media-empty", "media-needed", "input-tray-missing"})),
    (
        Fault.TONER_OUT,
        frozenset({"toner-empty", "marker-supply-empty", "developer-empty", "cartridge-missing"}),
    ),
    (Fault.OVERHEATED, frozenset({"fuser-over-temp"})),
    (
        Fault.HARDWARE,
        frozenset(
            {"fuser-under-temp", "opc-life-over", "marker-waste-full", "interpreter-resource-unavailable"}
        ),
    ),
    (Fault.DISCONNECTED, frozenset({"offline", "shutdown", "power-down"})),
    (Fault.NO_ANSWER, frozenset({"timed-out"})),
    (Fault.SPOOLER_DOWN, frozenset({"paused", "spool-area-full"})),
)
_WORRYING: tuple[tuple[Fault, frozenset[str]], ...] = (
    (Fault.PAPER_LOW, frozenset({"media-low"})),
    (Fault.TONER_LOW, frozenset({"toner-low", "marker-supply-low", "developer-low", "opc-near-eol"})),
)
_SEVERITIES = ("-error", "-warning", "-report")
_WORDS_OF: Mapping[Fault, State] = {
    Fault.DISCONNECTED: State.DISCONNECTED,
    Fault.NO_ANSWER: State.DISCONNECTED,
}


def stem(reason: str) -> str:
    """A reason without its severity: CUPS passes -error on as -warning or -report, so it says little."""
    for severity in _SEVERITIES:
        reason = reason.removesuffix(severity)
    return reason


def stopping(reasons: Iterable[str]) -> Fault | None:
    """What keeps a printer from printing, by the most specific of its reasons; None when nothing does."""
    return _first(_STOPPING, {stem(reason) for reason in reasons})


def judge(printer_state: int, reasons: Collection[str]) -> tuple[State, Fault | None]:
    """How far a printer can be used."""
    stems = {stem(reason) for reason in reasons}
    if fault := _first(_STOPPING, stems):
        return _WORDS_OF.get(fault, State.OUT_OF_SERVICE), fault
    if printer_state == STOPPED:
        return State.OUT_OF_SERVICE, Fault.HARDWARE
    if fault := _first(_WORRYING, stems):
        return State.DEGRADED, fault
    return State.READY, None


def _first(table: tuple[tuple[Fault, frozenset[str]], ...], stems: set[str]) -> Fault | None:
    return next((fault for fault, known in table if known & stems), None)
