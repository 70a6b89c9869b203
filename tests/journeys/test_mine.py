"""A visit on a telephone without a network; whom it was about reads it, takes a consent back, carries all of it away."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Demo
from .wire import Wire

KEPT_PAGE = """caches.keys().then(async names => {
  for (const name of names) { const found = await (await caches.open(name)).match('/day'); if (found) return found.text() }
})"""
KEPT_FIELDS = """new Promise(done => {
  const open = indexedDB.open('siqian-queue', 1)
  open.onsuccess = () => {
    const all = open.result.transaction('entries').objectStore('entries').getAll()
    all.onsuccess = () => done(JSON.stringify(all.result.map(one => one.fields)))
  }
})"""


@pytest.fixture
def wire(demo: Demo) -> Iterator[Wire]:
    wire = Wire(int(demo.address.rsplit(":", 1)[1]))
    yield wire
    wire.shutdown()


def room_of(zhou: Page) -> str:
    """The number of her door, as one would ask her."""
    zhou.goto("/me")
    found = re.search(r"松涛苑\s*3\s*栋\s*(\d+)", zhou.locator("dl.kv").first.inner_text())
    assert found is not None
    return found.group(1)


def at_her_home(chen: Page, room: str) -> Page:
    """The page of her home, who is the second household behind that door."""
    chen.goto("/desk/homes?q=松涛苑3栋" + room)
    chen.get_by_role("link", name="走访和情况").click()
    if chen.get_by_role("link", name="第2户").count():
        chen.get_by_role("link", name="第2户").click()
    return chen


def day_in_the_telephone(chen: Page, wire: Wire) -> str:
    """陈志明's day as his telephone keeps it."""
    chen.goto(f"{wire.address}/roles")
    chen.locator('button[value="grid worker"]').click()
    chen.goto(f"{wire.address}/day")
    chen.wait_for_selector("#day[data-ready]", state="attached")
    chen.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    return chen.wait_for_function(KEPT_PAGE).json_value()


def visit_without_a_network(chen: Page, room: str, wire: Wire) -> None:
    door = chen.locator("li.door", has_text=room).filter(has_text="周**")
    expect(door.get_by_text("约好的走访")).to_be_visible()
    expect(door).not_to_contain_text("独居")
    wire.cut = True
    door.locator("summary", has_text="见到了").click()
    door.locator("fieldset", has_text="平时是不是一个人住").get_by_text("和上次说的一样").click()
    door.locator("fieldset", has_text="满70岁了吗").get_by_text("不是", exact=True).click()
    door.get_by_role("button", name="记下").click()
    expect(chen.get_by_text("手机里还有1条没送出")).to_be_visible()
    wire.cut = False
    expect(chen.locator("#kept")).to_be_hidden(timeout=30_000)
    expect(chen.locator("#did li").first).to_contain_text("入户走访")


def test_a_visit_without_a_network_is_read_by_whom_it_was_about_who_takes_her_consent_back(visitor, wire):
    zhou, chen = visitor("resident", PHONE), visitor("", PHONE)
    room, page = room_of(zhou), day_in_the_telephone(chen, wire)
    # What lies in the telephone says where to go and what to ask; not who it is, nor what is known.
    assert "周晓晴" not in page and "19900000382" not in page and "妹妹，住8栋" not in page
    visit_without_a_network(chen, room, wire)
    # Nothing of what was answered stays in the telephone once the server has it.
    assert "fact/" not in chen.evaluate(KEPT_FIELDS)

    zhou.reload()
    alone = zhou.locator("details.fact", has_text="独居").first
    alone.locator("summary").first.click()
    expect(alone).to_contain_text("陈志明")
    expect(alone).to_contain_text("本人同意")
    elder = zhou.locator("details.fact", has_text="满70岁").first
    elder.locator("summary").first.click()
    expect(elder).to_contain_text("不是")
    elder.get_by_role("button", name="收回同意，不再用").click()
    expect(zhou.get_by_text("收回了，谁也看不到，也不再问您")).to_be_visible()
    with zhou.expect_download() as taken:
        zhou.get_by_role("link", name="给电脑读的（JSON）").click()
    data = json.loads(taken.value.path().read_text(encoding="utf-8"))
    states = {fact["kind"]: (fact["state"], fact["value"]) for fact in data["facts"]}
    assert data["register"]["name"] == "周晓晴" and states["alone"] == ("known", "yes") and states["elder"] == ("withdrawn", "")

    # The worker's next form does not ask it any more, nor show it.
    desk = at_her_home(visitor("grid worker", DESK), room)
    expect(desk.get_by_text("独居").first).to_be_visible()
    desk.get_by_text("还可以问的").click()
    expect(desk.get_by_text("下楼、出门要不要人帮一把").first).to_be_visible()
    expect(desk.get_by_text("满70岁")).to_have_count(0)


def test_a_look_at_a_fact_for_a_purpose_is_read_by_whom_it_was_about(visitor):
    zhou = visitor("resident", PHONE)
    chen = at_her_home(visitor("grid worker", DESK), room_of(zhou))
    chen.locator("label.tick", has_text="做饭用什么").first.click()
    chen.get_by_text("看选中的内容").click()
    chen.get_by_label("用途").select_option("fire_safety")
    chen.get_by_placeholder("比如：上门前看看要带什么").fill("查燃气软管要带扳手")
    chen.get_by_role("button", name="看", exact=True).click()
    expect(chen.get_by_text("瓶装燃气")).to_be_visible()
    zhou.reload()
    look = zhou.locator("#looks li", has_text="查燃气软管要带扳手").first
    expect(look).to_contain_text("陈志明")
    expect(look).to_contain_text("做饭用什么")


def test_one_carries_ones_own_data_away_on_paper(visitor):
    zhou = visitor("resident", PHONE)
    zhou.goto("/me")
    with zhou.expect_download() as paper:
        zhou.get_by_role("link", name="给人看的（PDF）").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
