"""The test sheet of an A4 printer, as a PDF of one page."""

from datetime import datetime
from pathlib import Path

SHEET = Path(__file__).with_name("test_sheet.typ")


def test_sheet(now: datetime) -> bytes:
    """A page that fills the paper to 5 mm from its edges. `now` is UTC."""
    import typst  # a tenth of a second, which nobody else need wait for

    made = typst.compile(SHEET, format="pdf", sys_inputs={"time": f"{now:%Y-%m-%d %H:%M}"})
    assert isinstance(made, bytes)
    return made
