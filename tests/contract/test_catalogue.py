"""The guides are complete, plain and true to the table of businesses; loading finds every mistake at once."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kiosk.contract.catalogue import Catalogue, load_catalogue
from kiosk.contract.codes import load_codes
from kiosk.contract.datafiles import DataError, Text
from kiosk.contract.guide import LINE_MAX_EN, LINE_MAX_ZH, Article, Item

CONFIG = Path(__file__).parents[2] / "config"
CATALOGUE = load_catalogue(CONFIG / "services")

# code: shelf, withdrawal reason of JGJ/T 320-2014, place in the regulation that allows it ("24.1.5": article,
# paragraph, item; "": the regulation is silent and the centre's or the contract's rules decide)
TABLE = {
    "W01": ("withdrawal", "01", "24.1.1"),
    "W02": ("withdrawal", "06", "24.1.5"),
    "W03": ("withdrawal", "06", "24.1.5"),
    "W04": ("withdrawal", "01", "24.1.1"),
    "W05": ("withdrawal", "06", "24.1.5"),
    "W06": ("withdrawal", "06", "24.1.5"),
    "W07": ("withdrawal", "06", "24.1.5"),
    "W08": ("withdrawal", "06", "24.1.5"),
    "W09": ("withdrawal", "07", "24.1.6"),
    "W10": ("withdrawal", "07", "24.1.6"),
    "W11": ("withdrawal", "02", "24.1.1"),
    "W12": ("withdrawal", "99", "local"),
    "W13": ("special", "99", "local"),
    "W14": ("special", "09", "local"),
    "W15": ("special", "99", "local"),
    "W16": ("special", "99", "local"),
    "W17": ("closure", "04", "24.1.3"),
    "W18": ("withdrawal", "99", "local"),
    "W19": ("special", "99", "local"),
    "C01": ("closure", "03", "24.1.2"),
    "C02": ("closure", "05", "24.1.4"),
    "C03": ("closure", "05", "local"),
    "C04": ("closure", "08", "24.3"),
    "C05": ("closure", "99", "local"),
    "C06": ("account", None, "13"),
    "T01": ("transfer", None, "local"),
    "T02": ("transfer", None, "local"),
    "T03": ("account", None, "15"),
    "L01": ("loan", None, "26"),
    "L02": ("loan", None, "26"),
    "L03": ("loan", None, "26"),
    "L04": ("loan", None, "26"),
    "L05": ("loan", None, "26"),
    "L06": ("post_loan", None, "contract"),
    "L07": ("post_loan", None, "24.1.5"),
    "L08": ("post_loan", None, "contract"),
    "L09": ("post_loan", None, "contract"),
    "I01": ("account", None, "local"),
    "I02": ("account", None, "local"),
    "U01": ("employer", None, "13"),
}

SAID_BY_LAW = {"3", "5", "15", "20", "30", "5%", "2025"}
"""Figures that the regulation itself (and the retirement decision in force since 2025) states."""

every_item = pytest.mark.parametrize("item", CATALOGUE.items, ids=lambda item: item.code)


def sentences_of(item: Item) -> Iterator[tuple[str, Text]]:
    """What is written in whole sentences, with its place."""
    yield "who", item.who
    yield "time_limit", item.time_limit
    yield "kiosk", item.kiosk
    if item.fee:
        yield "fee", item.fee
    for at, text in enumerate((*item.conditions, *item.steps)):
        yield f"conditions and steps {at}", text


def labels_of(item: Item) -> Iterator[tuple[str, Text]]:
    yield "name", item.name
    yield "line", item.line
    for at, text in enumerate((*item.bring, *item.not_needed)):
        yield f"materials {at}", text


def texts_of(item: Item) -> list[tuple[str, Text]]:
    return [*sentences_of(item), *labels_of(item)]


def words_around(catalogue: Catalogue) -> list[Text]:
    headings = [getattr(catalogue.headings, name) for name in type(catalogue.headings).model_fields]
    tables = (catalogue.other_basis, catalogue.set_by, catalogue.where, catalogue.sources)
    names = [category.name for category in catalogue.categories]
    return [catalogue.regulation, *headings, *names, *(text for table in tables for text in table.values())]


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d(?:[\d,.]*\d)?%?", text))


def places(item: Item) -> set[str]:
    return {
        ".".join(str(part) for part in (a.article, a.paragraph, a.item) if part is not None)
        for a in item.basis.articles
    }


def test_every_business_of_the_table_has_its_guide_and_no_other() -> None:
    assert {item.code for item in CATALOGUE.items} == TABLE.keys()


@every_item
def test_shelf_reason_and_legal_place_are_the_tables(item: Item) -> None:
    category, reason, place = TABLE[item.code]
    assert (item.category, item.reason) == (category, reason)
    if place == "local":
        assert "local_rules" in item.basis.other
    elif place == "contract":
        assert "loan_contract" in item.basis.other
    else:
        assert place in places(item)


@every_item
def test_reasons_exist_in_the_code_table(item: Item) -> None:
    assert item.reason is None or load_codes(CONFIG / "codes").knows("tqyy", item.reason)


@every_item
def test_both_languages_are_themselves(item: Item) -> None:
    for place, text in texts_of(item):
        assert not re.search(r"[A-Za-z]", text.zh), (place, text.zh)
        assert re.search(r"[\u4e00-\u9fff]", text.zh), (place, text.zh)
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text.en), (place, text.en)
        assert re.search(r"[A-Za-z]{3}", text.en), (place, text.en)
        assert not re.search(r"(?<!\d)[,;:?!()]|[,;:?!()](?!\d)", text.zh), f"half-width: {text.zh}"
        assert not re.search(r"[{}]", text.zh + text.en), (place, text)


def test_the_words_around_the_guides_are_in_both_languages() -> None:
    for text in words_around(CATALOGUE):
        assert not re.search(r"[A-Za-z]", text.zh), text
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text.en), text


@every_item
def test_both_languages_give_the_same_figures(item: Item) -> None:
    for place, text in texts_of(item):
        assert figures(text.zh) == figures(text.en), (place, text)


@every_item
def test_sentences_are_whole_and_short(item: Item) -> None:
    for place, text in sentences_of(item):
        assert text.zh.endswith("。"), (place, text.zh)
        assert text.en.endswith("."), (place, text.en)
        for sentence in text.zh.split("。"):
            assert len(sentence) <= 40, (place, sentence)
        for sentence in re.split(r"[.:;?]", text.en):
            assert len(sentence.split()) <= 24, (place, sentence)
    for place, text in labels_of(item):
        assert not text.zh.endswith("。"), (place, text.zh)
        assert not text.en.endswith("."), (place, text.en)


@every_item
def test_words_hold_on_a_phone_and_on_paper_too(item: Item) -> None:
    for place, text in texts_of(item):
        assert not re.search(r"这台|本机|机器", text.zh), (place, text.zh)
        assert not re.search(r"this (machine|kiosk|screen)", text.en, re.IGNORECASE), (place, text.en)


@every_item
def test_the_tile_holds_its_words(item: Item) -> None:
    assert len(item.line.zh) <= LINE_MAX_ZH and len(item.line.en) <= LINE_MAX_EN
    assert len(item.name.zh) <= 14 and len(item.name.en) <= 44


@every_item
def test_figures_stand_only_where_it_is_said_who_set_them(item: Item) -> None:
    marked = {id(text) for text in (*item.conditions, item.time_limit)}
    for place, text in texts_of(item):
        if id(text) not in marked:
            assert set(figures(text.en)) <= {"12329"}, (place, text.en)
    for said in (*item.conditions, item.time_limit):
        if said.set_by == "law":
            assert set(figures(said.en)) <= SAID_BY_LAW, said.en
        elif said.set_by == "contract":
            assert not figures(said.en), said.en


@every_item
def test_time_limit_in_words_is_the_time_limit_in_days(item: Item) -> None:
    limit = item.time_limit
    if limit.days is not None:
        assert str(limit.days) in figures(limit.en)
    if limit.set_by == "law":
        article = {3: 25, 15: 26}[limit.days or 0]
        assert str(article) in places(item)


def test_guides_that_the_kiosk_finishes_start_the_right_service() -> None:
    whole = {item.code: item.kiosk.starts for item in CATALOGUE.items if item.kiosk.does == "all"}
    assert whole == {"W06": "early_repayment", "L06": "early_repayment", "C01": "closure"}


@every_item
def test_what_is_done_at_the_kiosk_is_done_there_whole(item: Item) -> None:
    assert ("kiosk" in item.where) == (item.kiosk.does == "all")


@pytest.mark.parametrize("part", ["name", "line", "who", "conditions", "steps"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_guides_say_the_same(part: str, language: str) -> None:
    said: dict[str, str] = {}
    for item in CATALOGUE.items:
        value = getattr(item, part)
        words = " ".join(getattr(t, language) for t in (value if isinstance(value, tuple) else (value,)))
        assert words not in said, f"{item.code} repeats {said.get(words)}"
        said[words] = item.code


def test_only_the_transfer_out_asks_for_nothing() -> None:
    assert [item.code for item in CATALOGUE.items if not item.bring] == ["T02"]


def test_nobody_is_asked_for_what_the_centre_can_look_up() -> None:
    for item in CATALOGUE.items:
        asked = {text.zh for text in item.bring}
        assert not asked & {shared.zh for shared in item.not_needed}, item.code


def test_shelves_hold_every_guide_once_in_order() -> None:
    shelved = [item for shelf in CATALOGUE.categories for item in CATALOGUE.in_category(shelf.code)]
    assert tuple(shelved) == CATALOGUE.items
    assert [shelf.order for shelf in CATALOGUE.categories] == sorted(c.order for c in CATALOGUE.categories)
    assert all(CATALOGUE.in_category(shelf.code) for shelf in CATALOGUE.categories)
    assert CATALOGUE.in_category("no_such_shelf") == ()


def test_by_code() -> None:
    guide = CATALOGUE.by_code("W06")
    assert guide is not None and guide.code == "W06"
    assert CATALOGUE.by_code("X99") is None
    assert CATALOGUE.by_code("w06") is None


def test_guides_cannot_be_changed() -> None:
    guide = CATALOGUE.items[0]
    with pytest.raises(ValidationError):
        guide.code = "W99"


def test_legal_basis_in_words() -> None:
    rent, death, employer, early = (CATALOGUE.by_code(code) for code in ("W09", "C04", "U01", "L06"))
    assert rent and death and employer and early
    assert CATALOGUE.basis_lines(rent, "zh") == (
        "《住房公积金管理条例》第二十四条第一款第（六）项、第二十五条",
        "本中心的规定",
    )
    assert CATALOGUE.basis_lines(rent, "en")[0].endswith(": Article 24, paragraph 1, item 6; Article 25")
    assert "第二十四条第三款" in CATALOGUE.basis_lines(death, "zh")[0]
    assert "第十三条至第十九条" in CATALOGUE.basis_lines(employer, "zh")[0]
    assert CATALOGUE.basis_lines(early, "en")[0] == "The loan contract you signed"


def test_legal_basis_does_not_repeat_what_was_just_named() -> None:
    first, retired = (CATALOGUE.by_code(code) for code in ("W02", "C01"))
    assert first and retired
    assert CATALOGUE.basis_lines(first, "zh")[0].endswith(
        "第二十四条第一款第（一）项、第（五）项、第二十五条"
    )
    assert CATALOGUE.basis_lines(first, "en")[0].endswith(
        "Article 24, paragraph 1, item 1; item 5; Article 25"
    )
    assert CATALOGUE.basis_lines(retired, "zh")[0].endswith("第二十四条第一款第（二）项、第二款")
    assert CATALOGUE.basis_lines(retired, "en")[0].endswith("Article 24, paragraph 1, item 2; paragraph 2")
    assert "延迟法定退休年龄" in CATALOGUE.basis_lines(retired, "zh")[1]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "第一条"),
        (10, "第十条"),
        (13, "第十三条"),
        (20, "第二十条"),
        (24, "第二十四条"),
        (47, "第四十七条"),
    ],
)
def test_article_numbers_as_legal_texts_write_them(number: int, words: str) -> None:
    assert Article(article=number).shown("zh") == words


# ------------------------------------------------------------------ the books say the same


def toml(*path: str) -> dict[str, Any]:
    return tomllib.loads(CONFIG.joinpath(*path).read_text(encoding="utf-8"))


def policy(name: str) -> dict[str, Any]:
    """The row in force on the day the guides were last read through."""
    rows = [row for row in toml("policy", f"{name}.toml")["row"] if row["since"] <= CATALOGUE.reviewed]
    return dict(max(rows, key=lambda row: row["since"]))


def test_a_guide_promises_what_the_books_do() -> None:
    told = {name: entry["value"] for name, entry in toml("services", "values.toml").items()}
    withdrawal, early, offset = policy("withdrawal"), policy("early-repayment"), policy("offset")
    limits = policy("loan-limits")
    assert told["withdrawal_interval_months"] == withdrawal["interval_months"]
    assert {told["retain_yuan"]} == {withdrawal["retain"], early["retain"], offset["retain"]}
    assert told["early_after_instalments"] == early["minimum_instalments_paid"]
    assert told["early_per_month"] == early["per_month"]
    assert told["down_payment_percent"] == 100 - limits["first_share"]
    assert told["second_home_down_payment_percent"] == 100 - limits["second_share"]
    assert told["loan_max_years"] * 12 == limits["longest_months"]
    assert told["past_retirement_years"] * 12 == limits["months_after_retirement"]
    assert told["house_age_plus_term_years"] * 12 == limits["house_age_and_term_months"]
    assert told["loan_deposit_months"] == limits["least_deposit_months"]
    assert told["loan_most_times"] == limits["most_loans"]


def test_withdrawal_reasons_are_those_of_the_books() -> None:
    extents = {reason["code"]: reason["extent"] for reason in policy("withdrawal")["reasons"]}
    for item in CATALOGUE.items:
        if item.reason is not None:
            fitting = {"closure", "either"} if item.category == "closure" else {"part", "either"}
            assert extents[item.reason] in fitting, item.code


# ------------------------------------------------------------------ loading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONFIG / "services", tmp_path / "services"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes_of(folder: Path) -> dict[tuple[str, str], str]:
    with pytest.raises(DataError) as caught:
        load_catalogue(folder)
    assert all(mistake.file in str(caught.value) for mistake in caught.value.mistakes)
    return {(mistake.file, mistake.field): mistake.why for mistake in caught.value.mistakes}


def test_a_centres_own_figure_reaches_the_words(folder: Path) -> None:
    change(folder / "values.toml", "value = 1500", "value = 2345")
    rent = load_catalogue(folder).by_code("W09")
    assert rent is not None
    cap = next(c for c in rent.conditions if "2,345" in c.en)
    assert "2,345" in cap.zh and cap.set_by == "centre"


def test_a_centres_own_time_limit_reaches_days_and_words(folder: Path) -> None:
    change(
        folder / "values.toml",
        "[transfer_in_working_days]\nvalue = 15",
        "[transfer_in_working_days]\nvalue = 12",
    )
    transfer = load_catalogue(folder).by_code("T01")
    assert transfer is not None
    assert transfer.time_limit.days == 12 and "12" in transfer.time_limit.zh


def test_all_mistakes_of_all_files_are_reported_at_once(folder: Path) -> None:
    change(folder / "W01.toml", 'category = "withdrawal"', 'category = "withdrawals"')
    change(folder / "W02.toml", "[name]\nzh", "[name]\nzho")
    change(folder / "W06.toml", 'starts = "early_repayment"', 'starts = "lottery"')
    change(folder / "W09.toml", 'source = "real_estate"', 'source = "gossip"')
    change(folder / "L01.toml", "[[steps]]", "[[steps")
    change(folder / "C02.toml", 'code = "C02"', 'code = "C99"')
    change(folder / "values.toml", "[small_estate_yuan]", "[large_estate_yuan]")
    (folder / "W07.toml").write_bytes(b"\xff\xfe")
    (folder / "W08.toml").write_text("", encoding="utf-8")
    change(folder / "W12.toml", 'zh = "装修提取"', 'zh = ""')
    found = mistakes_of(folder)
    assert ("W01.toml", "category") in found
    assert {("W02.toml", "name.zh"), ("W02.toml", "name.zho")} <= found.keys()
    assert ("W06.toml", "kiosk.starts") in found
    assert ("W09.toml", "not_needed.0.source") in found
    assert "TOML" in found[("L01.toml", "")]
    assert "C99" in found[("C02.toml", "code")]
    assert "small_estate_yuan" in found[("C04.toml", "conditions.2.zh")]
    assert found[("values.toml", "large_estate_yuan")] == "no guide uses it"
    assert "UTF-8" in found[("W07.toml", "")]
    assert ("W08.toml", "steps") in found
    assert ("W12.toml", "name.zh") in found


def test_a_local_figure_must_be_marked_as_the_centres(folder: Path) -> None:
    change(folder / "W10.toml", 'zh = "带公租房合同', 'zh = "满 {rent_deposit_months} 个月,带公租房合同')
    found = mistakes_of(folder)
    assert 'set_by = "centre"' in found[("W10.toml", "steps.0.zh")]


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("W01.toml", "days = 3\n", "", "time_limit"),
        ("W06.toml", '"kiosk", "counter"', '"counter"', ""),
        ("C06.toml", 'starts = "balance"\n', "", "kiosk"),
        ("W01.toml", "一次付清房款", "一次付清" * 6, ""),
        ("L06.toml", '"loan_contract", ', "", ""),
        ("W01.toml", "[name]", 'colour = "red"\n[name]', "colour"),
        ("categories.toml", 'online = { zh = "网上大厅", en = "Online hall" }\n', "", ""),
        ("categories.toml", "order = 2", "order = 1", ""),
        ("values.toml", "value = 1500", "value = -1", None),
        ("values.toml", 'meaning = "Calendar months between two withdrawals"\n', "", None),
    ],
)
def test_what_does_not_fit_together_is_refused(
    folder: Path, file: str, old: str, new: str, field: str | None
) -> None:
    change(folder / file, old, new)
    found = mistakes_of(folder)
    if field is None:
        assert any(name.startswith(file) for name, _ in found)
    else:
        assert (file, field) in found


def test_a_missing_or_empty_folder_says_so(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path)
    assert ("categories.toml", "") in found and ("values.toml", "") in found
