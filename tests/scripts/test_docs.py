"""What the pages name is there: a file that was moved or renamed takes its mention along."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
OURS = {path.name for path in ROOT.iterdir()} - {"build", "var"}
"""What is made as it runs is not looked for."""


def paths(page: str) -> set[str]:
    """The words in code spans that are paths from the root, `{a,b}` spelled out."""
    words = [word for span in re.findall(r"`([^`\n]+)`", page) for word in span.split()]
    named = {word for word in words if re.fullmatch(r"[\w.{},*/-]+/[\w.{},*/-]*", word)}
    return {one for word in named if word.split("/")[0] in OURS for one in spelled_out(word)}


def spelled_out(word: str) -> list[str]:
    braces = re.search(r"\{(.*?)\}", word)
    return [word.replace(braces[0], one) for one in braces[1].split(",")] if braces else [word]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    gone = [path for path in sorted(paths(text)) if not any(ROOT.glob(path.rstrip("/")))]
    assert not gone
    links = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    assert [link for link in sorted(links) if not (page.parent / link).exists()] == []


def test_the_pages_do_name_files() -> None:
    assert len({path for page in PAGES for path in paths(page.read_text("utf-8"))}) > 50
