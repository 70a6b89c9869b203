"""A hot topic in hands: water fails round one estate, the desk sees it rise, cleans it up and makes one matter of it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import DESK, PHONE, SMALL

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
WATER = re.compile("停水")


def violations(page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


def outage(page):
    """The topic of the water that does not come, from the list of what rises."""
    page.goto("/topics?show=rising")
    page.locator("a.what").filter(has_text=WATER).first.click()
    page.wait_for_url(re.compile(r"/topics/\d+$"))


def test_a_topic_is_sound_for_a_screen_reader(visitor):
    for size in (PHONE, DESK):
        page = visitor("dispatcher", size)
        outage(page)
        assert violations(page) == []
        for summary in page.locator("summary").filter(visible=True).all():
            summary.click()
        assert violations(page) == []


def test_a_topic_needs_no_sideways_scroll_with_big_letters_on_the_smallest_phone(visitor):
    page = visitor("dispatcher", SMALL)
    outage(page)
    page.evaluate("localStorage.letter = 'big'")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.letter") == "big"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_from_the_list_to_a_topic_by_keyboard(visitor):
    page = visitor("dispatcher", DESK)
    page.goto("/topics")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/topics/\d+$"))


def test_a_water_outage_rises_and_becomes_one_matter_that_the_street_reads(visitor):
    desk = visitor("dispatcher", DESK)
    outage(desk)
    expect(desk.locator(".tp-why")).to_contain_text("在升温")
    said = int(re.search(r"(\d+)句", desk.locator("#h-said").inner_text())[1])
    wrong = desk.locator(".tp-said li").first
    words = wrong.locator(".grow").inner_text().split("”")[0]
    wrong.get_by_role("button", name="不是这件事").click()
    expect(desk.locator("#h-said")).to_contain_text(f"{said - 1}句")
    expect(desk.locator(".tp-said")).not_to_contain_text(words)
    desk.get_by_role("button", name="撤回").first.click()
    expect(desk.locator("#h-said")).to_contain_text(f"{said}句")
    desk.get_by_role("button", name="提成一件事，先办").click()
    expect(desk.locator(".tp-raise")).to_contain_text(re.compile(r"\d{4}-\d{4,}"))
    number = re.search(r"\d{4}-\d{4,}", desk.locator(".tp-raise").inner_text())[0]
    topic = re.search(r"\d+$", desk.url)[0]
    street = visitor("street leader", DESK)
    street.goto(f"/desk/matters/{number}")
    told = street.locator("blockquote.told").first
    expect(told).to_contain_text("个人说同一件事")
    expect(told).to_contain_text("他们是这样说的")
    street.get_by_role("link", name=f"热点话题{topic}", exact=True).click()
    expect(street.locator(".tp-raise")).to_contain_text(number)
