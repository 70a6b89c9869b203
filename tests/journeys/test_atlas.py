"""The map in hands: drawn in a browser, clicked, searched, walked by keyboard, read as a table, printed; the wall beside it."""

import json
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, SMALL

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
WALL = (1920, 1080)
READY = "html[data-map=ready]"
# How many colours a picture has when it is made small.
SHADES = """async image => {
    await image.decode()
    const pen = new OffscreenCanvas(60, 60).getContext('2d')
    pen.drawImage(image, 0, 0, 60, 60)
    return new Set(new Uint32Array(pen.getImageData(0, 0, 60, 60).data.buffer)).size
}"""
# Whatever of the wall is written too small to be read from afar.
SMALL_WORDS = """[...document.querySelectorAll('.wall *')].filter(one =>
    [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && one.checkVisibility()
    && !one.closest('.vh, .maplibregl-map') && parseFloat(getComputedStyle(one).fontSize) < 16
).map(one => one.outerHTML.slice(0, 90))"""


def violations(page: Page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


def drawn(page: Page, address: str = "/atlas") -> Page:
    """Open it, once the worker has cut the tiles, and wait until it stands still."""
    until = time.monotonic() + 120
    page.goto(address)
    while not page.locator("#map").get_attribute("data-tiles"):
        assert time.monotonic() < until, "the worker cut no tiles"
        page.wait_for_timeout(500)
        page.goto(address)
    page.locator(READY).wait_for(timeout=60_000)
    return page


def click_the_middle(page: Page) -> tuple[float, float]:
    """Click in the middle of the map; gives where that is."""
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    west, south, east, north = map(float, page.locator("#map").get_attribute("data-box").split(","))
    return (west + east) / 2, (south + north) / 2


def test_a_click_on_the_map_shows_the_people_and_matters_of_that_place(visitor):
    page = drawn(visitor("dispatcher", DESK))
    lon, lat = click_the_middle(page)
    chosen = page.locator("#peek [data-chosen]")

    def is_there() -> bool:
        west, south, east, north = map(float, chosen.get_attribute("data-box").split(","))
        return west <= lon <= east and south <= lat <= north

    until = time.monotonic() + 15
    while not is_there():
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    expect(page.locator("#peek .pane").first).to_be_visible()
    expect(page.locator("#peek")).to_contain_text("网格员")
    code = chosen.get_attribute("data-chosen")
    expect(page.locator(f'#answer tr[data-code="{code}"]')).to_have_attribute("data-on", "")


def test_every_mode_is_drawn_and_its_table_holds_what_it_draws(visitor):
    page = visitor("dispatcher", DESK)
    # The library warns of a picture, a layer or a source that it lacks, and draws on without it.
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text) if said.type == "warning" else None)
    drawn(page)
    for mode in ("缺岗", "未办结", "热点", "负担", "在岗"):
        with page.expect_response("**/atlas/layer?**") as answer:
            page.locator("#answer a[data-ask]", has_text=mode).click()
        said = answer.value.json()
        page.locator(f'html[data-map-shows="{said["mode"]} {said["level"]}"]').wait_for(timeout=30_000)
        expect(page.locator("#answer a[data-ask][aria-current]").first).to_have_text(mode)
        rows = page.locator("#answer tr[data-code]").evaluate_all("rows => rows.map(row => row.dataset.code)")
        assert sorted(rows) == sorted(code for codes in said["steps"].values() for code in codes)
        assert f"mode={said['mode']}" in page.url or said["mode"] == "duty"
    assert [text for text in warned if "GPU stall" not in text] == []


def test_the_slider_goes_day_by_day_and_the_levels_down_to_the_building_grids(visitor):
    page = drawn(visitor("dispatcher", DESK), "/atlas?mode=gaps")
    slider = page.locator("#day")
    slider.focus()
    for day in ("明天", "周"):
        with page.expect_response("**/atlas/layer?**day=*"):
            slider.press("ArrowRight")
        expect(page.locator("#answer output")).to_contain_text(day)
        expect(slider).to_be_focused()
    page.locator("#answer a[data-ask]", has_text="楼栋格").click()
    page.locator('html[data-map-shows="gaps cell"]').wait_for(timeout=30_000)


def test_by_keyboard_rows_are_walked_places_found_and_the_map_moved(visitor):
    page = drawn(visitor("dispatcher", DESK))
    codes = page.locator("#answer tr[data-code]").evaluate_all("rows => rows.map(row => row.dataset.code)")
    chosen = page.locator("#peek [data-chosen]")
    page.keyboard.press("j")
    expect(chosen).to_have_attribute("data-chosen", codes[1])
    page.keyboard.press("k")
    expect(chosen).to_have_attribute("data-chosen", codes[0])
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("松涛苑3栋")
    page.keyboard.press("Enter")
    expect(page.locator("#found a").first).to_contain_text("松涛苑3栋")
    expect(page.locator("#peek")).to_contain_text("陈志明")
    scale = page.locator(".maplibregl-ctrl-scale")
    before = scale.inner_text()
    page.locator(".maplibregl-canvas").focus()
    for _ in range(3):
        page.keyboard.press("-")
    expect(scale).not_to_have_text(before)


def test_a_keeper_meets_no_matter_of_another_grid_on_the_map(visitor, demo):
    page = drawn(visitor("grid worker", DESK), "/atlas?mode=open")
    token = {"Authorization": f"Bearer {demo.tokens['grid worker']}"}
    listed = {line["number"] for line in page.request.get("/api/matters?state=open", headers=token).json()}
    marks = json.loads(page.locator("#answer").get_attribute("data-drawn"))["marks"]
    own = {mark[5] for mark in marks}
    whole = json.loads(drawn(visitor("dispatcher", DESK), "/atlas?mode=open").locator("#answer").get_attribute("data-drawn"))["marks"]
    assert own < {mark[5] for mark in whole}
    assert own and own <= listed
    assert visitor("resident").request.get("/atlas/layer?mode=open").status == 403


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_map_is_sound_for_a_screen_reader(visitor, size):
    page = drawn(visitor("dispatcher", size), "/atlas?mode=open")
    assert violations(page) == []


def test_big_letters_on_the_smallest_phone_need_no_sideways_scroll(visitor):
    page = drawn(visitor("dispatcher", SMALL))
    page.evaluate("localStorage.letter = 'big'")
    for mode in ("duty", "gaps", "open", "heat", "load"):
        drawn(page, f"/atlas?mode={mode}")
        assert page.evaluate("document.documentElement.dataset.letter") == "big"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, mode


def test_without_script_and_without_a_drawing_the_table_stands_alone(visitor, browser, demo):
    page = drawn(visitor("dispatcher", DESK))
    state = page.context.storage_state()
    plain = browser.new_context(java_script_enabled=False, base_url=demo.address, storage_state=state, locale="zh-CN").new_page()
    plain.goto("/atlas?mode=open")
    plain.locator("#answer a[data-ask]", has_text="缺岗").click()
    plain.locator("#answer table tbody a").first.click()
    expect(plain.locator("#peek")).to_contain_text("网格员")
    plain.locator("#q").fill("松涛苑3栋")
    plain.locator(".atlas-q button").click()
    expect(plain.locator("#found")).to_contain_text("松涛苑3栋")
    plain.context.close()
    # A browser that is refused the library says so, and the table goes on working.
    page.route("**/vendor/maplibre-gl.js", lambda route: route.abort())
    page.goto("/atlas")
    expect(page.locator("html[data-map=none]")).to_be_attached()
    expect(page.locator("#map")).to_contain_text("先看表")
    page.locator("#answer a[data-ask]", has_text="未办结").click()
    expect(page.locator("#answer")).to_contain_text("退单")


def test_from_the_printer_come_the_map_and_its_table(visitor):
    page = drawn(visitor("dispatcher", DESK))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    paper = page.locator(".atlas-paper")
    expect(paper).to_be_visible()
    shades = paper.evaluate(SHADES)
    assert shades > 10, "the sheet shows an empty map"
    for hidden in (".rail", ".atlas-q", ".keys"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#answer table")).to_be_visible()


def test_the_wall_stands_on_one_screen_and_hears_of_a_new_matter(visitor):
    wall = drawn(visitor("dispatcher", WALL), "/atlas/wall")
    assert wall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1920, 1080]
    assert wall.evaluate(SMALL_WORDS) == []
    assert violations(wall) == []
    waiting = int(wall.locator("#waiting").inner_text())
    page = visitor("resident")
    page.goto("/report")
    page.locator("#text").fill("松涛苑6栋一楼大堂的玻璃门碎了一块")
    page.locator("#heard > *").first.wait_for()
    page.get_by_role("button", name="说好了，交出去").click()
    expect(page.get_by_text("现在由TA负责")).to_be_visible()
    page.wait_for_load_state()
    expect(wall.locator("#waiting")).to_have_text(str(waiting + 1), timeout=20_000)
