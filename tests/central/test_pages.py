"""The pages for a phone: complete in both languages, plain, and free of anything that could run or follow."""

import re
from html.parser import HTMLParser

import pytest

from central.web.catalogue import catalogue
from kiosk.contract.catalogue import guide_url

pytestmark = pytest.mark.parametrize("copies", ["sqlite"], indirect=True)

VOID = {"meta", "link", "br", "img", "hr", "input"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Outline(HTMLParser):
    """Checks that tags close in order, and gathers what a page links to and says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        values = dict(attributes)
        self.links += [values[name] for name in ("href", "src") if name in values]
        assert not any(name.startswith("on") or name == "style" for name in values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_guide_is_a_page_that_says_all_of_it(client, language):
    for item in catalogue().items:
        page = client.get(f"/guide/{item.code}?lang={language}")
        assert page.status_code == 200
        outline = Outline(page.text)
        for said in (
            item.name,
            item.line,
            item.who,
            item.time_limit,
            item.kiosk,
            *item.conditions,
            *item.bring,
            *item.not_needed,
            *item.steps,
        ):
            assert said.shown(language) in outline.text, (item.code, said)
        for line in catalogue().basis_lines(item, language):
            assert line in outline.text
        assert "h1" in outline.tags and outline.tags.count("h1") == 1


def test_the_index_leads_to_every_guide(client):
    for language in ("zh", "en"):
        outline = Outline(client.get(f"/guide?lang={language}").text)
        for item in catalogue().items:
            assert f"/guide/{item.code}?lang={language}" in outline.links
        assert all(link.startswith(("/", "?")) for link in outline.links)


def test_an_english_page_is_english(client):
    outline = Outline(client.get("/guide/W06?lang=en").text)
    assert set(CHINESE.findall(outline.text)) <= set("中文"), "but for the way to the Chinese one"


def test_the_code_of_a_printed_qr_code_leads_there(client):
    for item in catalogue().items:
        path = guide_url("http://centre.test", item.code).removeprefix("HTTP://CENTRE.TEST")
        assert client.get(path).text == client.get(f"/guide/{item.code.lower()}").text


@pytest.mark.parametrize(
    ("headers", "query", "language"),
    [
        ({}, "", "zh-CN"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "en"),
        ({"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"}, "", "zh-CN"),
        ({"Accept-Language": "fr"}, "", "zh-CN"),
        ({"Accept-Language": "en"}, "?lang=zh", "zh-CN"),
        ({}, "?lang=en", "en"),
        ({}, "?lang=%3Cscript%3E", "zh-CN"),
    ],
)
def test_the_language_is_the_phones_unless_asked(client, headers, query, language):
    page = client.get(f"/guide/W06{query}", headers=headers)
    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize("code", ["X99", "W0", "W066", "..", "%3Cscript%3E", "W06%00", "ｗ０６"])
def test_no_such_guide(client, code):
    page = client.get(f"/guide/{code}")
    assert page.status_code == 404
    if page.headers["content-type"].startswith("text/html"):
        Outline(page.text)
        assert "script" not in page.text


def test_nothing_can_run_on_a_page_and_nobody_is_told_who_reads_it(client):
    for path in ("/guide", "/guide/C01", "/guide/X99"):
        page = client.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in page.headers
        assert "script" not in Outline(page.text).tags
    assert client.get("/guide/C01").headers["cache-control"].startswith("public")


def test_a_page_is_made_for_a_phone_by_day_and_by_night(client):
    page = client.get("/guide/C01").text
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
    css = client.get("/guide.css")
    assert css.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in css.text
    assert len(page.encode()) + len(css.content) < 20_000
