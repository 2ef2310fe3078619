"""The code tables of JGJ/T 320-2014 are complete in both languages, and broken ones are refused whole."""

import re
import shutil
from pathlib import Path

import pytest

from kiosk.contract.codes import load_codes
from kiosk.contract.datafiles import DataError

CODES = Path(__file__).parents[2] / "config" / "codes"
BOOK = load_codes(CODES)

# code set: its codes, in the standard's order
TABLE = {
    "zjlx": "01 02 03 04 99",
    "grzhzt": "01 02 03 04 05 06 99",
    "gjhtqywlx": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 99",
    "tqyy": "01 02 03 04 05 06 07 08 09 99",
    "dkhkfs": "01 02 03 04 99",
    "dkywmxlx": "01 02 03 04 05 06 07 08 09 99",
}


def test_the_sets_and_their_codes() -> None:
    assert {name: " ".join(BOOK.table(name).codes) for name in BOOK.names()} == TABLE


@pytest.mark.parametrize(
    ("code_set", "code", "zh", "en"),
    [
        ("tqyy", "06", "偿还购房贷款本息", "Repaying a home loan"),
        ("tqyy", "08", "死亡或被宣告死亡", "Death or declared death"),
        ("tqyy", "03", "离休、退休", "Retirement"),
        ("grzhzt", "02", "封存", "Sealed"),
        ("grzhzt", "06", "冻结", "Frozen"),
        ("gjhtqywlx", "09", "年终结息", "Annual interest"),
        ("gjhtqywlx", "12", "销户提取", "Closing withdrawal"),
        ("dkhkfs", "01", "等额本息", "Equal instalments"),
        ("dkhkfs", "02", "等额本金", "Equal principal"),
        ("dkywmxlx", "05", "公积金提取还款", "Repayment from fund savings"),
        ("zjlx", "01", "身份证", "ID card"),
    ],
)
def test_names(code_set: str, code: str, zh: str, en: str) -> None:
    assert BOOK.name(code_set, code, "zh") == zh
    assert BOOK.name(code_set, code, "en") == en


@pytest.mark.parametrize("code_set", TABLE)
def test_names_are_in_their_language_and_tell_codes_apart(code_set: str) -> None:
    table = BOOK.table(code_set)
    for text in (table.title, *table.codes.values()):
        assert not re.search(r"[A-Za-z0-9]", text.zh)
        assert text.en.isprintable() and not re.search(r"[\u3000-\u9fff\uff00-\uffef]", text.en)
    for language in ("zh", "en"):
        names = [getattr(text, language) for text in table.codes.values()]
        assert len(set(names)) == len(names)


def test_what_is_unknown_is_not_named() -> None:
    assert BOOK.knows("tqyy", "06")
    assert not BOOK.knows("tqyy", "66") and not BOOK.knows("nonsense", "01")
    for code_set, code in (("tqyy", "66"), ("nonsense", "01")):
        with pytest.raises(LookupError):
            BOOK.name(code_set, code, "en")


def test_all_mistakes_of_all_sets_are_reported_at_once(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CODES, tmp_path / "codes"))
    tqyy = folder / "tqyy.toml"
    tqyy.write_text(tqyy.read_text(encoding="utf-8").replace('"08" =', '"8" ='), encoding="utf-8")
    (folder / "zjlx.toml").rename(folder / "idkind.toml")
    (folder / "dkhkfs.toml").write_text("[codes", encoding="utf-8")
    (folder / "grzhzt.toml").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_codes(folder)
    found = {mistake.file for mistake in caught.value.mistakes}
    assert found == {"tqyy.toml", "idkind.toml", "dkhkfs.toml", "grzhzt.toml"}


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no code set"):
        load_codes(tmp_path)
