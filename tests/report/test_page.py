"""The page in a real browser, without JavaScript and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from repair.report.html import render
from repair.score import Report
from repair.types import Repair

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def file(tmp_path: Path, repair: Repair, report: Report) -> Path:
    path = tmp_path / "page.html"
    path.write_text(render([repair, repair], report, title="A run"), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_the_page_reads_well_and_asks_for_nothing(
    browser: Browser, file: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, color_scheme=scheme
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())

    assert asked == [file.as_uri()]
    assert complaints == []
    expect = playwright.expect
    expect(page.get_by_role("heading", level=1)).to_have_text("A run")
    for name in ("Contents", "Scores", "𝕋he summit of NATO 😀"):
        expect(page.get_by_role("heading", level=2, name=name).first).to_be_visible()
    for mark in (".before del.phrase", ".after ins.name", ".after mark", ".changes .chip", "svg.plot"):
        expect(page.locator(mark).first).to_be_visible()
    before, after = (page.locator(f".row.changed .{side}").first.bounding_box() for side in ("before", "after"))
    assert before and after
    assert (before["x"] < after["x"]) is (width > 1000)
    assert (before["y"] < after["y"]) is (width < 1000)
    widest = page.locator("body").bounding_box()
    assert widest and widest["width"] <= width
    context.close()


def test_numbers_lead_to_reasons_and_dropped_ones_open(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator("#d1-after-4").click()
    assert page.url.endswith("#d1-4")
    playwright.expect(page.locator("#d1-4")).to_be_in_viewport()
    dropped = page.locator(".dropped").first
    playwright.expect(dropped).to_be_hidden()
    page.locator("article summary").first.click()
    playwright.expect(dropped).to_be_visible()
    context.close()
