"""A building grid is split along typed points: one proposes, another approves, and on its day what is open lies with the new grid."""

import json
import os
import subprocess
import sys

from playwright.sync_api import expect

from .conftest import DESK, PHONE, ROOT
from .test_demo import ask

CELL, HOUSE, LINE = "MM1G01L1", "松涛花园3栋", "114.0373, 22.65975\n114.0382, 22.65975"
# What the worker does in the morning of the day, at nine or now, whichever is later.
MORNING = """
import json, sys
import django
django.setup()
from siqian.insight.bounds import jobs
from siqian.kernel import clock, deliveries
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
now = clock.now()
at = max(now, clock.local(now).replace(hour=9, minute=1))
jobs.enact_what_is_due(at=at)
while deliveries.work(at=at):
    pass
matter = int(sys.argv[1])
print(json.dumps({"post": people.post_line(matters.post_of(matter))[2], "place": places.at_building("MM1S1B03").path}))
"""


def on_its_day(demo, matter: int) -> dict[str, str]:
    env = os.environ | {"SIQIAN_HOME": str(demo.home), "SIQIAN_DEMO": "true", "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
    env["PYTHONPATH"] = str(ROOT)
    done = subprocess.run([sys.executable, "-c", MORNING, str(matter)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_an_administrator_splits_a_building_grid_and_the_matters_go_with_their_houses(visitor, demo):
    number = ask(demo, "/api/intake/api", body={"text": f"{HOUSE}一楼门口的灯不亮了，晚上看不清", "external": "cut-1"})[1]["number"]
    before = ask(demo, f"/api/matters/{number}", "dispatcher")[1]
    fang, liang = visitor("system administrator", DESK), visitor("dispatcher", DESK)
    fang.goto("/desk/map")
    fang.get_by_label("网格、楼栋格的名称或编码").fill(CELL)
    fang.get_by_role("button", name="找").first.click()
    fang.get_by_role("link", name=CELL).click()
    fang.get_by_label("沿哪条线分").fill(LINE)
    fang.get_by_label("新格的编码").fill("MM1G03L9")
    fang.get_by_label("新格的名称").fill("第3网格9号楼栋格")
    fang.get_by_label("分出来的归哪个网格").select_option("MM1G03")
    fang.get_by_role("button", name="先看结果").click()
    outcome = fang.locator("#outcome")
    expect(outcome).to_contain_text("2栋楼换格")
    expect(outcome.locator("svg.sk")).to_have_count(2)
    fang.get_by_role("button", name="起草").click()
    fang.get_by_label("为什么调整").fill("三栋四栋离第3网格近")
    fang.get_by_label("哪天生效").fill(fang.get_by_label("哪天生效").get_attribute("min"))
    fang.get_by_role("button", name="提交给另一人批").click()
    expect(fang.get_by_text("要请另一位系统管理员或区调度员来批")).to_be_visible()
    expect(fang.get_by_role("button", name="批准")).to_have_count(0)
    here = fang.url
    liang.locator("nav.rail").get_by_role("link", name="网格调整").click()
    liang.get_by_role("row", name="三栋四栋离第3网格近").get_by_role("link").click()
    expect(liang.locator("main")).to_contain_text("没办结的事")
    liang.get_by_role("button", name="批准").click()
    expect(liang.get_by_text("批了，到日子上午9:00生效")).to_be_visible()
    went = on_its_day(demo, int(number.split("-")[1]))
    assert went["place"] == "/RJ/RJ1/MM/MM1/MM1G03/MM1G03L9/" and went["place"].startswith(went["post"]) and "MM1G01" not in went["post"]
    after = ask(demo, f"/api/matters/{number}", "dispatcher")[1]
    clocks = [[(one["what"], one["started"], one["due"], one["stopped"]) for one in matter["clocks"]] for matter in (before, after)]
    assert clocks[0] == clocks[1] and after["state"] == before["state"]
    fang.goto(here)
    expect(fang.locator(".work-h .st")).to_have_text("已经生效")
    fang.get_by_role("button", name="恢复到此前").click()
    expect(fang.get_by_text("恢复到这份调整以前")).to_be_visible()
    expect(fang.locator(".work-h .st")).to_have_text("草稿")
    fang.get_by_role("button", name="撤回").click()


def test_on_the_map_a_line_is_drawn_moved_and_taken_back(visitor):
    page = visitor("system administrator", DESK)
    page.goto("/desk/map/areas/MM1G02L1")
    page.locator('html[data-map="ready"]').wait_for(state="attached", timeout=30_000)
    canvas = page.locator("#cut canvas").bounding_box()
    for share in (0.1, 0.5, 0.9):
        page.mouse.click(canvas["x"] + canvas["width"] * share, canvas["y"] + canvas["height"] * 0.5)
    line = page.get_by_label("沿哪条线分")
    assert len(line.input_value().splitlines()) == 3
    handle = page.locator(".bd-pt").nth(1).bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, handle["y"] + 68, steps=4)
    before = line.input_value()
    page.mouse.up()
    assert line.input_value() != before and len(line.input_value().splitlines()) == 3
    page.get_by_role("button", name="去掉最后一点").click()
    assert len(line.input_value().splitlines()) == 2
    line.fill("114.03, 22.66\n114.04, 22.66")
    expect(page.locator(".bd-pt")).to_have_count(2)


def test_without_script_the_points_are_typed_all_the_same(browser, demo, visitor):
    cookies = visitor("system administrator", PHONE).context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=demo.address, viewport={"width": 390, "height": 844})
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/desk/map/areas/MM1G02L1?kind=border")
    line = page.get_by_label("边界改成哪条线")
    (west, south), (east, north) = ([float(part) for part in point.split(",")] for point in line.input_value().splitlines()[:2])
    line.fill(f"{west}, {south}\n{(west + east) / 2 + 0.00003}, {(south + north) / 2}\n{east}, {north}")
    page.get_by_role("button", name="先看结果").click()
    expect(page.locator("#outcome")).to_contain_text("改了边界")
    context.close()


def test_three_administrators_each_see_their_own_pages(visitor):
    pages = {
        "system administrator": ("/desk/map", ("/desk/accounts", "/desk/journal")),
        "security administrator": ("/desk/accounts", ("/desk/journal", "/desk/map/areas/MM1G02L1")),
        "audit administrator": ("/desk/journal", ("/desk/accounts", "/desk/map/areas/MM1G02L1")),
    }
    for role, (own, others) in pages.items():
        page = visitor(role, DESK)
        assert page.url.endswith(own)
        assert [page.request.get(other).status for other in others] == [403, 403]
        page.locator("nav.rail").get_by_role("link", name="三员").click()
        for name in ("方启明", "江安", "沈清"):
            expect(page.locator("main")).to_contain_text(name)
