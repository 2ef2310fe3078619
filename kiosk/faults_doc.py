"""Writes docs/faults.md from the fault table: `python -m kiosk.faults_doc > docs/faults.md`."""

import sys

from kiosk.faults import TABLE, Advice, Mender
from kiosk.messages import LANGUAGES, Message, text

MENDERS: dict[Mender, str] = {"citizen": "citizen", "operator": "attendant", "engineer": "engineer"}

HEAD = """# Faults

Every fault of a device has a number that stays the same for ever. The citizen sees the sentence and the number; the
help desk finds the row by it. This page is made from `kiosk/faults.py` and the catalogues in `config/locales/`:
`python -m kiosk.faults_doc > docs/faults.md`; a test compares them. Another, `tests/hardware/faults`, makes the cause
of every row on the wire, and the real driver has to name it. A number that is missing below was withdrawn and is never
given again. `hung` is the word of the worker that runs a driver: what the driver asked does not answer at all.

`800` is the line to the centre, `900` a kiosk that is out of service, `999` an error of the program.

| No. | Device | Cause | The citizen reads | What staff do | Who | Clears by itself |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"{_row(advice)}\n" for advice in TABLE)


def _row(advice: Advice) -> str:
    cells = (
        advice.number,
        advice.kind.value,
        advice.fault.value,
        _both(advice.citizen),
        _both(advice.staff),
        MENDERS[advice.mender],
        "yes" if advice.clears_itself else "no",
    )
    return f"| {' | '.join(cells)} |"


def _both(message: Message) -> str:
    return "<br>".join(text(message, language) for language in LANGUAGES)


if __name__ == "__main__":
    sys.stdout.write(page())
