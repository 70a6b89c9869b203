"""A grid worker's day on a telephone: with and without a network, with a tab that dies, and what others see of it."""

import io
import itertools
import json
import math
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from siqian.insight.workbench import way

from .conftest import DESK, PHONE, ROOT, SMALL, Demo
from .wire import Wire


@pytest.fixture
def wire(demo: Demo) -> Iterator[Wire]:
    wire = Wire(int(demo.address.rsplit(":", 1)[1]))
    yield wire
    wire.shutdown()


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "#39474A").save(out, "JPEG")
    return {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def day(page: Page) -> Page:
    page.goto("/day")
    page.wait_for_selector("#day[data-ready]", state="attached")
    return page


def sent(page: Page) -> None:
    expect(page.locator("#kept")).to_be_hidden(timeout=30_000)


def test_two_taps_and_a_photo_record_what_was_fixed_and_the_desk_reads_it(visitor):
    chen = day(visitor("grid worker", PHONE))
    point = chen.locator("li.check", has_text="消防通道").first
    where = point.locator("xpath=ancestor::li[contains(@class,'stop')]//h2").inner_text().split("\n")[0].split(" ")[0]
    point.get_by_text("有问题").click()
    point.locator("input[type=file]").set_input_files(photo())
    expect(point.get_by_text("拍了1张")).to_be_visible()
    point.get_by_role("button", name="当场处理了").click()
    expect(chen.get_by_text("存在手机里了").first).to_be_visible()
    sent(chen)
    expect(chen.locator("#did li").first).to_contain_text("当场处理了")

    lin = visitor("community staff", DESK)
    lin.goto("/desk/patrols?kind=fixed")
    row = lin.locator("table.tbl tbody tr", has_text="陈志明").first
    expect(row).to_contain_text("1张照片")
    row.locator("a").first.click()
    expect(lin.locator(".shots img")).to_have_count(1)
    assert (
        lin.locator(".shots img").evaluate("async one => { await one.decode(); return Math.max(one.naturalWidth, one.naturalHeight) }")
        <= 1600
    )
    assert where.split("栋")[0] in lin.locator("dl.kv").inner_text()


def test_without_a_network_the_page_opens_and_what_is_written_is_sent_when_it_is_back(visitor, wire):
    chen = visitor("", PHONE, **{})
    chen.goto(f"{wire.address}/roles")
    chen.locator('button[value="grid worker"]').click()
    chen.goto(f"{wire.address}/day")
    chen.wait_for_selector("#day[data-ready]", state="attached")
    chen.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    chen.wait_for_function(
        "caches.keys().then(async names => { for (const name of names) if (await (await caches.open(name)).match('/day')) return true })"
    )
    wire.cut = True
    chen.goto(f"{wire.address}/day")
    chen.wait_for_selector("#day[data-ready]", state="attached")
    matter = chen.locator("li.errand:not(.check)").filter(has=chen.get_by_text("联系")).last
    number = matter.get_attribute("data-subject").removeprefix("matter:")
    matter.locator("summary", has_text="联系").click()
    matter.get_by_label("说了什么").first.fill("没网的时候打的电话，约好明早来看")
    matter.get_by_role("button", name="记下").click()
    expect(chen.get_by_text("手机里还有1条没送出")).to_be_visible()
    expect(chen.get_by_text("没网").first).to_be_visible()
    # A report as well; then the whole page is closed, and opened again from what the telephone keeps.
    chen.get_by_text("看到别的，报一件").click()
    chen.get_by_label("看到什么").last.fill("路口的井盖松了，踩上去会响，没网时报的")
    chen.get_by_label("在哪里").select_option(index=1)
    chen.get_by_role("button", name="报上去").click()
    expect(chen.get_by_text("手机里还有2条没送出")).to_be_visible()
    chen.goto(f"{wire.address}/day")
    expect(chen.get_by_text("手机里还有2条没送出")).to_be_visible()
    # Nobody has to do anything for it.
    wire.cut = False
    sent(chen)
    other = visitor("dispatcher", DESK)
    other.goto(f"/desk/matters/{number}")
    expect(other.get_by_text("没网的时候打的电话，约好明早来看")).to_have_count(1)


def test_what_was_being_written_is_there_after_the_tab_died(visitor):
    chen = day(visitor("grid worker", PHONE))
    chen.get_by_text("看到别的，报一件").click()
    field = chen.get_by_label("看到什么").last
    field.fill("写到一半，电话响了")
    chen.wait_for_timeout(700)
    again = day(chen.context.new_page())
    chen.close()
    expect(again.get_by_text("上次没写完的").first).to_be_visible()
    again.get_by_text("看到别的，报一件").click()
    expect(again.get_by_label("看到什么").last).to_have_value("写到一半，电话响了")


def test_a_refusal_is_shown_with_what_is_true_now_and_can_be_mended_or_dropped(visitor):
    chen = day(visitor("grid worker", PHONE))
    chen.get_by_text("看到别的，报一件").click()
    chen.get_by_label("看到什么").last.fill("井盖松了     ")
    chen.get_by_label("在哪里").select_option(index=1)
    # The page lets through what the house refuses: a wrong house, as after a map that was drawn anew.
    chen.evaluate("document.querySelector('[data-form=report] option:checked').value = 'NOWHERE'")
    chen.get_by_role("button", name="报上去").click()
    card = chen.locator("#kept li.no")
    expect(card.get_by_text("没收下：名册里没有NOWHERE这栋楼")).to_be_visible()
    card.locator("select").select_option(index=2)
    card.get_by_role("button", name="改了再送").click()
    sent(chen)


def test_what_went_to_somebody_else_meanwhile_is_told_and_dropped_with_a_second_tap(visitor):
    chen, dispatcher = day(visitor("grid worker", PHONE)), visitor("dispatcher", DESK)
    for matter in chen.locator("li.errand:not(.check)").all():
        number = matter.get_attribute("data-subject").removeprefix("matter:")
        dispatcher.goto(f"/desk/matters/{number}")
        if dispatcher.locator("[data-opens=move]").count():
            break
    title = matter.locator(".what").inner_text()
    matter.locator("summary", has_text="联系").click()
    matter.get_by_label("说了什么").first.fill("打过电话了")
    dispatcher.locator("[data-opens=move]").first.click()
    # To the desk of the district, whose work a grid's keeper does not do.
    dispatcher.locator("dialog#move input[name=post]").last.check()
    dispatcher.locator("dialog#move [name=why]").fill("换人办")
    dispatcher.locator("dialog#move").get_by_role("button", name="转过去").click()
    dispatcher.wait_for_load_state()
    matter.get_by_role("button", name="记下").click()
    card = chen.locator("#kept li.no", has_text=title)
    expect(card.get_by_text("没收下")).to_be_visible()
    expect(card.get_by_text("现在：")).to_be_visible()
    card.get_by_role("button", name="不要了").click()
    card.get_by_role("button", name="真的不要了，丢掉这条").click()
    sent(chen)


def test_not_my_grid_can_be_taken_back_before_and_after_it_was_sent(visitor):
    chen = day(visitor("grid worker", PHONE))
    matter = chen.locator("li.errand:not(.check)").filter(has=chen.get_by_role("button", name="不是我这格")).last
    subject = matter.get_attribute("data-subject")
    matter.get_by_role("button", name="不是我这格").click()
    expect(chen.get_by_text("8秒后报上去")).to_be_visible()
    chen.locator("#toast").get_by_role("button", name="撤回").click()
    expect(chen.locator("#toast").get_by_text("撤回了")).to_be_visible()
    sent(chen)
    assert chen.evaluate("subject => document.querySelector(`[data-subject='${subject}']`) !== null", subject)


def test_another_account_in_the_same_browser_finds_nothing(visitor):
    chen = day(visitor("grid worker", PHONE))
    chen.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    chen.wait_for_function("caches.keys().then(names => names.some(name => name.startsWith('siqian-day-')))")
    chen.get_by_text("看到别的，报一件").click()
    chen.get_by_label("看到什么").last.fill("只有陈志明看得到的草稿")
    chen.wait_for_timeout(600)
    chen.goto("/roles")
    chen.locator('button[value="resident"]').click()
    chen.wait_for_load_state()
    chen.wait_for_function("caches.keys().then(names => names.every(name => !name.startsWith('siqian-day-')))")
    chen.goto("/roles")
    chen.locator('button[value="community staff"]').click()
    chen.wait_for_load_state()
    chen.goto("/day")
    expect(chen).to_have_url(chen.url.split("/d")[0] + "/desk")


def test_signing_out_with_something_unsent_asks_once_more(visitor, wire):
    chen = visitor("", DESK)
    chen.goto(f"{wire.address}/roles")
    chen.locator('button[value="grid worker"]').click()
    chen.goto(f"{wire.address}/day")
    chen.wait_for_selector("#day[data-ready]", state="attached")
    wire.fate = lambda: "lost"
    chen.get_by_text("看到别的，报一件").click()
    chen.get_by_label("看到什么").last.fill("井盖松了，还没送出去")
    chen.get_by_label("在哪里").select_option(index=1)
    chen.get_by_role("button", name="报上去").click()
    expect(chen.get_by_text("手机里还有1条没送出")).to_be_visible()
    wire.fate = lambda: "lost" if wire.met["lost"] < 3 else "through"
    chen.get_by_role("button", name="退出").click()
    expect(chen.get_by_text("还有1条没送出，留在手机里。仍然退出")).to_be_visible()


def test_the_telephone_sorts_as_the_server_does(visitor):
    chen = day(visitor("grid worker", PHONE))
    # Numbers that look like chance and are the same every time.
    chance = (math.sin(number * 12.9898) * 43758.5453 % 1 for number in itertools.count(1))
    for size in (0, 1, 2, 7, 20, 40):
        start = (114.03, 22.66)
        stops = [
            way.Stop(
                f"s{number:02}",
                114.03 + 0.01 * next(chance),
                22.66 + 0.01 * next(chance),
                270 * next(chance) - 30 if next(chance) < 0.4 else None,
            )
            for number in range(size)
        ]
        here = [stop.key for stop in way.order(start, stops)]
        there = chen.evaluate(
            "async ([start, stops]) => (await import('/static/workbench/way.js')).order(start, stops).map(stop => stop.key)",
            [start, [{"key": stop.key, "lon": stop.lon, "lat": stop.lat, "due": stop.due} for stop in stops]],
        )
        assert there == here, size


def test_a_position_sorts_on_the_screen_and_is_sent_nowhere(visitor):
    chen = visitor("grid worker", PHONE, geolocation={"longitude": 114.0351, "latitude": 22.6581}, permissions=["geolocation"])
    asked: list[str] = []
    chen.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    day(chen)
    expect(chen.get_by_text("位置只在手机里用")).to_be_visible()
    chen.wait_for_timeout(500)
    assert not [one for one in asked if "114.0351" in one or "22.658" in one]


@pytest.mark.parametrize("size", [PHONE, SMALL, DESK])
def test_the_day_fits_the_screen_in_big_letters_too(visitor, size):
    chen = day(visitor("grid worker", size))
    for letters in ("", "big"):
        chen.evaluate("size => { localStorage.letter = size }", letters)
        day(chen)
        for summary in chen.locator(".errand").first.locator("summary").all():
            summary.click()
        assert chen.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_kill_and_retry_lose_nothing_and_double_nothing(demo: Demo):
    """The same sequences as bench/offline.py plays a thousand of; here is time for twenty."""
    port = demo.address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "bench.offline", "--sequences", "20", "--against", f"{demo.home}:{port}"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["lost"] == found["doubled"] == found["still waiting"] == 0, found
    assert found["written"] > 20 and found["taken by the server"] + found["refused, shown to the worker"] >= found["written"], found
    assert found["first_open_bytes"] <= 300_000
