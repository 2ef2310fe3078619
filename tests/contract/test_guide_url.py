"""A guide's QR code says one thing only; whatever else a stranger holds before the camera opens nothing."""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.catalogue import GUIDE_URL_MAX_CHARS, guide_url, parse_guide_code

SITE = "https://guide.fund.example"


@pytest.mark.parametrize(
    ("site", "url"),
    [
        (SITE, "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06"),
        (SITE + "/", "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06"),
        ("HTTPS://Guide.Fund.Example", "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06"),
        ("http://127.0.0.1:8800", "HTTP://127.0.0.1:8800/GUIDE/W06"),
    ],
)
def test_the_url_is_all_upper_case_and_reads_back(site: str, url: str) -> None:
    assert guide_url(site, "W06") == url
    assert parse_guide_code(url, site) == "W06"
    assert parse_guide_code(url.lower(), site) == "W06"


def test_the_url_fits_the_small_alphabet_of_a_qr_code() -> None:
    code = segno.make_qr(guide_url(SITE, "W06"), error="m")
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 3


@pytest.mark.parametrize(
    "site",
    [
        "",
        "guide.fund.example",
        "ftp://guide.fund.example",
        "javascript:alert(1)",
        SITE + "/sub",
        SITE + "?a=1",
        SITE + "#a",
        "https://user@guide.fund.example",
        "https://guide.fund.example:port",
        "https://guide fund.example",
        "https://公积金.example",
        "https://",
        SITE + "\n",
        "https://" + "a" * GUIDE_URL_MAX_CHARS,
    ],
)
def test_only_the_bare_address_of_a_site_will_do(site: str) -> None:
    with pytest.raises(ValueError, match=r"not the bare address|longer than"):
        guide_url(site, "W06")


@pytest.mark.parametrize("code", ["", "w06", "W6", "W006", "W0A", "W06/", "W０６", "W06\n", "../"])
def test_only_a_code_makes_a_url(code: str) -> None:
    with pytest.raises(ValueError, match="not the code of a guide"):
        guide_url(SITE, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "W06",
        "/GUIDE/W06",
        "HTTP://GUIDE.FUND.EXAMPLE/GUIDE/W06",
        "HTTPS://OTHER.EXAMPLE/GUIDE/W06",
        "HTTPS://GUIDE.FUND.EXAMPLE.EVIL.EXAMPLE/GUIDE/W06",
        "HTTPS://EVIL.EXAMPLE/GUIDE.FUND.EXAMPLE/GUIDE/W06",
        "HTTPS://GUIDE.FUND.EXAMPLE@EVIL.EXAMPLE/GUIDE/W06",
        "HTTPS://GUIDE.FUND.EXAMPLE:8443/GUIDE/W06",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06/",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06?X=1",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06#X",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/../W06",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE//W06",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W006",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/%576",
        "HTTPS://GUIDE.FUND.EXAMPLE/OTHER/W06",
        " HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06 ",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06\n",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06\x00",
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W０６",
        "HTTPS://GUıDE.FUND.EXAMPLE/GUIDE/W06",  # dotless i: its upper case is I
        "HTTPſ://GUIDE.FUND.EXAMPLE/GUIDE/W06",  # long s: its upper case is S
        "HTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06\nHTTPS://GUIDE.FUND.EXAMPLE/GUIDE/W06",
        "A" * 5000 + "W06",
        "\x00\x01\x02W06",
    ],
)
def test_anything_else_opens_nothing(text: str) -> None:
    assert parse_guide_code(text, SITE) is None


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_no_text_breaks_it_and_none_gets_in(text: str) -> None:
    assert parse_guide_code(text, SITE) is None


@given(st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True), st.data())
def test_every_mix_of_cases_reads_back_to_the_code(code: str, data: st.DataObject) -> None:
    url = guide_url(SITE, code)
    upper = data.draw(st.lists(st.booleans(), min_size=len(url), max_size=len(url)))
    mixed = "".join(c.upper() if up else c.lower() for c, up in zip(url, upper, strict=True))
    assert parse_guide_code(mixed, SITE) == code


@given(st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True), st.integers(0, 40), st.characters())
def test_one_changed_character_opens_no_other_guide(code: str, at: int, character: str) -> None:
    url = guide_url(SITE, code)
    changed = url[: at % len(url)] + character + url[at % len(url) + 1 :]
    found = parse_guide_code(changed, SITE)
    assert found is None or changed.upper() == guide_url(SITE, found)
