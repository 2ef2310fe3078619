"""Codes of JGJ/T 320 as words: the tables are data, config/codes/."""

from functools import lru_cache

from kiosk.contract.codes import CodeBook, load_codes
from kiosk.settings import ROOT
from kiosk.values import Bilingual


@lru_cache
def _tables() -> CodeBook:
    return load_codes(ROOT / "config" / "codes")


def term(code_set: str, code: str) -> Bilingual:
    """The name of a code; one that the tables do not know is shown as it came."""
    if not _tables().knows(code_set, code):
        return Bilingual(code, code)
    return Bilingual(_tables().name(code_set, code, "zh"), _tables().name(code_set, code, "en"))
