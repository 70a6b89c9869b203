"""The weekly sheet in hands: on the desk, on the smallest phone, from the printer, by keyboard, down to one matter."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import DESK, PHONE, SMALL

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def violations(page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


def sheet_of(page) -> str:
    page.goto("/review")
    page.locator("section.card .h3 a").first.click()
    page.wait_for_load_state()
    return page.url


def test_sheet_and_what_lies_behind_are_sound_for_a_screen_reader(visitor):
    for size in (PHONE, DESK):
        page = visitor("dispatcher", size)
        sheet_of(page)
        assert violations(page) == []
        page.locator(".wk tfoot a").first.click()
        page.wait_for_url("**/behind?**")
        assert violations(page) == []


def test_the_sheet_needs_no_sideways_scroll_with_big_letters_on_the_smallest_phone(visitor):
    page = visitor("dispatcher", SMALL)
    url = sheet_of(page)
    page.evaluate("localStorage.letter = 'big'")
    for by in ("community", "street", "unit", "class"):
        page.goto(f"{url}?by={by}")
        assert page.evaluate("document.documentElement.dataset.letter") == "big"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate("[...document.querySelectorAll('.leaf section')].every(part => part.scrollWidth <= part.clientWidth + 1)"), by


def test_from_the_printer_comes_the_leaf_alone_and_it_fits_the_paper(visitor):
    page = visitor("dispatcher", DESK)
    sheet_of(page)
    expect(page.get_by_role("button", name="打印、存PDF")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF") and re.search(rb"/MediaBox ?\[0 0 59[45]\.?\d* 84[12]\.?\d*\]", paper)
    # A4 less its margins, in the browser's pixels.
    page.set_viewport_size({"width": 695, "height": 1000})
    page.emulate_media(media="print")
    for hidden in (".rail", ".rv-bar", ".rv-side", ".tabs"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 695


def test_from_a_figure_to_a_matter_and_back_by_keyboard(visitor):
    page = visitor("dispatcher", DESK)
    sheet_of(page)
    figure = page.locator(".wk tbody tr").first.locator("td a").first
    said = int(figure.inner_text().replace(",", ""))
    figure.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/behind?**")
    assert page.locator("tr[data-go]").count() == min(said, 50)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/matters/*")


def test_what_the_district_wants_changed_waits_on_its_owners_page(visitor):
    """The demo's newest sheet gave corrections to desks: the sheet names them, each has its page."""
    page = visitor("dispatcher", DESK)
    sheet_of(page)
    link = page.locator('a[href^="/review/corrections/"]').first
    words = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert re.search(r"/review/corrections/\d+$", page.url)
