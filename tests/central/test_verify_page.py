"""The verify page in a real browser: a genuine, a reprinted, a revoked and a forged paper, on a phone."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By

from central import documents
from central.api.app import create_app
from central.centre import Centre
from tests.central.kit import Clock, Kiosk
from tests.central.test_documents import depositor, issue

PHONE = (360, 780)
FACT_ROWS = ".facts div"


@contextmanager
def listening(centre: Centre) -> Iterator[str]:
    """The centre on a free port of loopback; its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(centre, relay=False), log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(option)
    opened = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver") or ""))
    metrics = {"width": PHONE[0], "height": PHONE[1], "deviceScaleFactor": 2, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    yield opened
    opened.quit()


@pytest.fixture
def database_url(sqlite_copies: Any) -> str:
    """One database is enough for what a page looks like."""
    return str(sqlite_copies.copy())


Look = Callable[[str, str], str]


@pytest.fixture
def look(centre: Centre, browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Look]:
    """Opens a path in a language and returns all that can be read; a picture of it is kept beside the test."""
    with listening(centre) as url:

        def open_page(path: str, language: str) -> str:
            browser.get(f"{url}{path}?lang={language}")
            name = f"{len(list(tmp_path.glob('*.png')))}-{language}.png"
            browser.save_screenshot(str(tmp_path / name))
            wide = browser.execute_script("return document.documentElement.scrollWidth")  # type: ignore[no-untyped-call]
            assert wide <= PHONE[0], "nothing may be cut off on a phone"
            return browser.find_element(By.TAG_NAME, "body").text

        yield open_page


def test_what_a_phone_shows_of_a_paper(
    look: Look, browser: webdriver.Chrome, centre: Centre, clock: Clock, kiosk: Kiosk
) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    path = urlsplit(paper.verify_url).path

    chinese, english = look(path, "zh"), look(path, "en")
    assert "真实有效" in chinese
    assert "Genuine" in english
    for said in (paper.number, paper.account_masked[-4:], "2026-11-20 10:00"):
        assert said in chinese
        assert said in english
    assert paper.holder not in chinese
    assert "补打次数\n无" in chinese
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    rows = browser.find_elements(By.CSS_SELECTOR, FACT_ROWS)
    assert len({row.rect["x"] for row in rows}) == 1

    kiosk.call("POST", f"/v1/operations/{paper.operation_id}/papers", {"copy_number": 2})
    assert "补打次数\n1" in look(path, "zh")

    with centre.database.write() as tx:
        documents.revoke(tx, paper.number, "a-word", clock.now_ms())
    assert "已作废" in look(path, "zh")
    assert "真实有效" not in look(path, "zh")

    forged = look(path[:-1] + ("A" if path[-1] != "A" else "B"), "zh")
    assert "不是本中心出具的单据" in forged
    assert paper.number not in forged


def test_the_page_follows_the_language_of_the_phone(
    look: Look, browser: webdriver.Chrome, kiosk: Kiosk
) -> None:
    depositor(kiosk)
    path = urlsplit(issue(kiosk, "statement").verify_url).path
    look(path, "zh")
    browser.find_element(By.CLASS_NAME, "switch").click()
    assert "Genuine" in browser.find_element(By.TAG_NAME, "body").text
    assert browser.current_url.endswith("lang=en"), "the switch stays on the paper"
