"""Smoke in a stairway: a gateway sends it, whoever looks after the place takes it up, and the dispatcher reads how it ended."""

import io
import json
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime

import pytest
from PIL import Image
from playwright.sync_api import expect

from .conftest import DESK, PHONE, ROOT, SMALL, Demo


@pytest.fixture(scope="module")
def token(demo: Demo) -> str:
    """As an operator makes one: by command."""
    words = ["--home", str(demo.home), "gateway", "journey", "--area", "RJ"]
    ran = subprocess.run([sys.executable, "-m", "siqian", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip().rsplit("：", 1)[1]


def send(demo: Demo, token: str, sensor: str, quantity: str, value: float) -> dict[str, object]:
    reading = {"sensor": sensor, "quantity": quantity, "value": value, "at": datetime.now(UTC).isoformat()}
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{demo.address}/api/sensing/readings", json.dumps({"readings": [reading]}).encode(), head)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return dict(json.load(answer))


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#39474A").save(out, "JPEG")
    return {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_reading_becomes_an_incident_that_is_taken_up_and_ended(demo, visitor, token):
    chen = visitor("grid worker", PHONE)
    chen.goto("/desk/sensors?kind=smoke&state=well")
    chen.locator("a.what").first.click()
    code = chen.locator("dl.kv dd.num").first.inner_text()
    place = chen.locator("dl.kv dd").nth(2).inner_text()
    assert send(demo, token, code, "smoke", 12.5)["taken"] == 1

    chen.goto("/desk/incidents")
    chen.get_by_role("link", name="烟感报警").first.click()
    expect(chen.locator("main")).to_contain_text(place)
    expect(chen.locator("svg.curve").first).to_be_visible()
    chen.get_by_role("button", name="我来处理").click()
    expect(chen.get_by_text("接下了")).to_be_visible()
    chen.get_by_label("看到什么、做了什么").fill("三楼烧干了锅，火关了，没有伤人")
    chen.locator("input[type=file]").set_input_files(photo())
    chen.get_by_role("button", name="记下").click()
    expect(chen.locator("ol.thread img")).to_have_count(1)

    # Not before it is normal, unless one says why; then it is.
    chen.get_by_role("button", name="结束这个事件").click()
    expect(chen.get_by_role("alert")).to_contain_text("还有1个传感器没恢复正常")
    assert send(demo, token, code, "smoke", 0.1)["taken"] == 1
    number = chen.url.split("/incidents/")[1].split("/")[0]
    chen.goto(f"/desk/incidents/{number}")
    chen.get_by_role("button", name="结束这个事件").click()
    expect(chen.locator(".work-h")).to_contain_text("结束了")

    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/incidents?show=over")
    row = liang.locator("tr", has_text=f"第{number}号")
    expect(row).to_contain_text("烟感报警")
    row.get_by_role("link").click()
    expect(liang.locator("ol.thread")).to_contain_text("三楼烧干了锅")
    image = liang.locator("ol.thread img")
    assert image.evaluate("async one => { await one.decode(); return one.naturalWidth }") == 800


def test_the_night_of_rain_is_one_incident_of_many_sensors(visitor):
    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/incidents?show=over&kind=flood")
    expect(liang.locator("tbody tr")).to_have_count(1)
    liang.locator("a.what").click()
    expect(liang.locator("svg.curve")).to_have_count(3)
    liang.get_by_text("看全部").click()
    assert liang.locator("ul.rows li").count() > 15
    expect(liang.locator("ol.thread")).to_contain_text("雨停了")


def test_what_a_desk_has_put_up_is_in_the_keepers_day_and_counted(visitor):
    lin = visitor("community staff", DESK)
    lin.goto("/desk/patrols")
    lin.get_by_role("link", name="宣传").click()
    lin.get_by_label("宣传什么").fill("电梯年检告知")
    lin.get_by_label("贴什么、说什么").fill("周五上午停一部电梯，先到物业登记要帮忙的")
    lin.get_by_label("最后一天").fill(lin.get_by_label("最后一天").get_attribute("max"))
    lin.get_by_role("button", name="派下去").click()
    expect(lin.get_by_text("派下去了")).to_be_visible()
    order = lin.url
    chen = visitor("grid worker", PHONE)
    chen.goto("/day")
    chen.wait_for_selector("#day[data-ready]", state="attached")
    point = chen.locator("li.check", has_text="电梯年检告知").first
    point.get_by_role("button", name="贴好了、说到了").click()
    expect(chen.get_by_text("存在手机里了").first).to_be_visible()
    expect(chen.locator("#kept")).to_be_hidden(timeout=30_000)
    lin.goto(order)
    expect(lin.locator("#h-far")).to_contain_text("做了1处")
    lin.get_by_text("不用宣传了").click()
    lin.get_by_label("为什么撤回").fill("年检改到下月")
    lin.get_by_role("button", name="撤回这次宣传").click()
    expect(lin.locator(".work-h")).to_contain_text("撤回了")
    chen.goto("/day")
    expect(chen.locator("li.check", has_text="电梯年检告知")).to_have_count(0)


@pytest.mark.parametrize("path", ["/desk/incidents", "/desk/sensors", "/desk/incidents/1", "/desk/publicity"])
def test_on_the_smallest_telephone_with_big_letters_nothing_is_cut_off(visitor, path):
    page = visitor("dispatcher", SMALL)
    page.goto(path)
    page.evaluate("document.documentElement.dataset.letter = 'big'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
