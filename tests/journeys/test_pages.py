"""Every page: reachable by links, light, readable with big letters on the smallest phone, sound for a screen reader."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import DESK, PHONE, SMALL, Visitors

RESIDENT = [
    "/",
    "/report",
    "/report/where",
    "/people",
    "/matters",
    "/receipts",
    "/sign-in",
    "/roles",
    "/me",
    "/me/erasure",
    "/report/where?community=YR",
    "/ledger",
    "/answers",
    "/visits",
    "/me/notices",
    "/outbox",
]
STAFF = {
    "grid worker": [
        *("/desk", "/desk/matters", "/notices", "/report", "/desk/roster", "/desk/roster/ask"),
        *("/desk/homes", "/desk/homes/YR1S1B03", "/desk/homes/YR1S1B03/101"),
        *("/day", "/desk/patrols", "/desk/care", "/desk/homes/YR1S1B03/2804/care"),
    ],
    "dispatcher": [
        *("/board", "/desk", "/desk/matters", "/desk/rulings", "/desk/callbacks", "/review", "/topics"),
        *("/papers", "/papers/archive", "/desk/answers", "/desk/petitions", "/desk/remit", "/desk/learning", "/desk/handover"),
        *("/desk/joint", "/desk/cases", "/desk/duty", "/desk/patrols"),
        *("/desk/sensors", "/desk/incidents", "/desk/incidents/1", "/desk/publicity", "/desk/publicity/1"),
    ],
    "unit handler": ["/desk/joint"],
    "discipline inspector": ["/desk/looks"],
    "system administrator": [
        *("/desk/map", "/desk/map?q=MM1G0", "/desk/map/adjustments/1", "/desk/map/areas/MM1G02", "/desk/map/areas/MM1G02?kind=merge"),
        *("/desk/map/areas/MM1G02L1", "/desk/map/areas/MM1G02L1?kind=border", "/desk/administrators"),
        *("/desk/posts", "/desk/posts?duty=keeper&level=4", "/desk/posts/new?area=MM1G02"),
    ],
    "security administrator": ["/desk/accounts", "/desk/administrators?q=陈"],
    "audit administrator": ["/desk/journal"],
    "street leader": ["/desk/cases", "/desk/visits", "/desk/visits/new", "/desk/visits/plan"],
}
PAGES = [("resident", page) for page in RESIDENT] + [(role, page) for role, pages in STAFF.items() for page in pages]


@pytest.fixture(scope="module")
def reader(demo, browser):
    """Who only looks at pages comes in once for each size of screen, and goes from page to page."""
    visitors, sheets = Visitors(demo, browser), {}

    def open_(role, size):
        assert visitors.faults == []
        if (role, size) not in sheets:
            sheets[role, size] = visitors.open(role, size)
        return sheets[role, size]

    yield open_
    visitors.leave()


@pytest.mark.parametrize(("role", "page"), PAGES)
def test_page_is_sound_for_a_screen_reader(reader, role, page):
    for size in (PHONE, DESK):
        sheet = reader(role, size)
        sheet.goto(page)
        found = Axe().run(sheet, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
        assert [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found] == []


@pytest.mark.parametrize(("role", "page"), PAGES)
def test_big_letters_on_the_smallest_phone_need_no_sideways_scroll(reader, role, page):
    sheet = reader(role, SMALL)
    sheet.add_init_script("localStorage.letter = 'big'")
    sheet.goto(page)
    assert sheet.evaluate("document.documentElement.dataset.letter") == "big"
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_matters_pages_hold_on_the_smallest_phone_too(visitor):
    zhou = visitor("resident", SMALL)
    zhou.goto("/matters")
    zhou.evaluate("localStorage.letter = 'big'")
    zhou.locator("a.go").first.click()
    number = zhou.url.rsplit("/", 1)[1]
    assert zhou.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(zhou, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [fault["id"] for fault in found] == []
    liang = visitor("dispatcher", SMALL)
    liang.goto(f"/desk/matters/{number}")
    assert liang.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(liang, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"][:2]]) for fault in found] == []


def test_every_page_is_reached_by_links_and_every_link_leads_somewhere(visitor):
    for role in ("", "resident", "grid worker", "dispatcher"):
        page = visitor(role, DESK)
        todo, seen = ["/"], set()
        while todo and len(seen) < 60:
            path = todo.pop(0)
            shape = re.sub(r"\d{4}-\d{4,}|=[^&]+|[A-Z]{2}\d\w+", "*", path)
            if shape in seen:
                continue
            seen.add(shape)
            answer = page.request.get(path)
            assert answer.status < 400, (role, path, answer.status)
            if "html" in answer.headers.get("content-type", ""):
                links = re.findall(r'href="([^"#]+)"', answer.text())
                todo += [
                    urljoin(path, link.replace("&amp;", "&")) for link in links if not urlsplit(link).scheme and "/static/" not in link
                ]
        assert {"/", "/people", "/report"} <= seen


def test_first_page_of_a_resident_weighs_less_than_sixty_kilobytes(visitor, browser, demo):
    page = visitor()
    weights = []
    page.on("response", lambda answer: weights.append(answer))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    total = sum(answer.request.sizes()["responseBodySize"] + answer.request.sizes()["responseHeadersSize"] for answer in weights)
    assert 0 < total <= 60_000, total


def test_no_page_shows_a_whole_telephone_number_to_a_stranger(visitor):
    page = visitor()
    for path in RESIDENT:
        page.goto(path)
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", page.content()), path


def test_english_is_one_tap_away_and_stays(visitor):
    page = visitor()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/report")
    text = page.locator("main").inner_text()
    assert not re.search(r"[一-鿿]", re.sub(r"四千", "", text)), text
