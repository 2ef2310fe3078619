"""From a printer's answers to a status: one pure function, with one fixed order of what matters most.

Bits after Epson's ESC/POS reference and, for presenters, the KPM/VKP family (full status, DLE EOT 20) and the
Citizen PPU family (a bit of DLE EOT 4). Presenters differ from maker to maker: which one is meant is a
setting.
"""

from dataclasses import dataclass
from enum import StrEnum

from hardware.device import Fault, State, Status


class Presenter(StrEnum):
    """How a printer tells whether paper waits in its mouth."""

    NONE = "none"  # paper falls or hangs; nobody knows whether it was taken
    FULL_STATUS = "full_status"  # DLE EOT 20, third byte, bit 5 set: paper waits (KPM, VKP, Reliance)
    PAPER_BIT = "paper_bit"  # DLE EOT 4, bit 6 clear: paper waits (PPU-231II)


@dataclass(frozen=True)
class Answers:
    """What the printer answered; None where it did not. `printer`, `offline`, `error`, `paper` are DLE EOT
    1 to 4, `full` the four bytes of DLE EOT 20."""

    printer: int | None = None
    offline: int | None = None
    error: int | None = None
    paper: int | None = None
    full: bytes | None = None

    @property
    def silent(self) -> bool:
        """True when there was no answer at all."""
        return self == Answers()


def decode(answers: Answers | None, presenter: Presenter = Presenter.NONE) -> Status:
    """The status that `answers` mean; None means that there is no connection.

    The first that holds is the fault: disconnected, no answer, hardware, cover, jam, cutter, paper out,
    overheated, offline for a reason it does not tell, paper low.
    """
    if answers is None:
        return Status(State.DISCONNECTED, Fault.DISCONNECTED, _detail(Answers(), presenter))
    detail = _detail(answers, presenter)
    if answers.silent:
        return Status(State.DISCONNECTED, Fault.NO_ANSWER, detail)
    # Any error sets the error bit of DLE EOT 2, so a bit that no other answer explains is the hardware's.
    unexplained = _bit(answers.printer, 0x08) or _bit(answers.offline, 0x40)
    faults = (
        (Fault.HARDWARE, _bit(answers.error, 0x20) or _full(answers, 3, 0x0C) or _full(answers, 2, 0x08)),
        (Fault.COVER_OPEN, detail["cover"] == "open"),
        (Fault.JAM, detail["paper"] == "jammed"),
        (Fault.CUTTER, detail["cutter"] == "failed"),
        (Fault.PAPER_OUT, detail["paper"] == "out"),
        (Fault.OVERHEATED, detail["head"] == "hot"),
        (Fault.HARDWARE, unexplained),
    )
    for fault, holds in faults:
        if holds:
            return Status(State.OUT_OF_SERVICE, fault, detail)
    if detail["paper"] == "low":
        return Status(State.DEGRADED, Fault.PAPER_LOW, detail)
    return Status(State.READY, None, detail)


def paper_waits(answers: Answers, presenter: Presenter) -> bool | None:
    """Whether paper is in the mouth of the printer; None when no sensor has told."""
    match presenter:
        case Presenter.NONE:
            return None
        case Presenter.FULL_STATUS:
            return None if answers.full is None else bool(answers.full[0] & 0x20)
        case Presenter.PAPER_BIT:
            return None if answers.paper is None else not answers.paper & 0x40


def _detail(answers: Answers, presenter: Presenter) -> dict[str, str]:
    waits = paper_waits(answers, presenter)
    return {
        "paper": _paper(answers, presenter),
        "cover": _word(
            answers.offline, _bit(answers.offline, 0x04) or _full(answers, 1, 0x03), "open", "closed"
        ),
        "cutter": _word(answers.error, _bit(answers.error, 0x08) or _full(answers, 3, 0x01), "failed", "ok"),
        "head": _word(answers.error, _bit(answers.error, 0x40) or _full(answers, 2, 0x01), "hot", "ok"),
        "presenter": "not_supported"
        if presenter is Presenter.NONE
        else {None: "unknown", True: "paper", False: "empty"}[waits],
    }


def _paper(answers: Answers, presenter: Presenter) -> str:
    # Bit 2 of DLE EOT 3 is a mechanical error (Epson) or a lost black mark (Citizen): the paper does not
    # move.
    if _bit(answers.error, 0x04) or _full(answers, 2, 0x40):
        return "jammed"
    end = 0x20 if presenter is Presenter.PAPER_BIT else 0x60
    if _bit(answers.paper, end) or _bit(answers.offline, 0x20) or _full(answers, 0, 0x01):
        return "out"
    if answers.paper is None:
        return "unknown"
    return "low" if answers.paper & 0x0C or _full(answers, 0, 0x04) else "full"


def _word(answer: int | None, holds: bool, yes: str, no: str) -> str:
    return yes if holds else "unknown" if answer is None else no


def _bit(answer: int | None, mask: int) -> bool:
    return answer is not None and bool(answer & mask)


def _full(answers: Answers, byte: int, mask: int) -> bool:
    return answers.full is not None and bool(answers.full[byte] & mask)
