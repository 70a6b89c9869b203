"""A leader goes down: residents see who comes, what they said is followed, and the secretary answers what was promised."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from .conftest import DESK, PHONE

TOWN = ZoneInfo("Asia/Shanghai")
TOPIC, BENCHES, LIGHT = "来听大家说车棚的事", "车棚边上想要两张长椅", "车棚顶上的灯一闪一闪"


def test_who_comes_is_announced_and_what_was_said_there_is_followed_to_its_end(visitor):
    li, zhou, lin = visitor("street leader", DESK), visitor("resident", PHONE), visitor("community staff", DESK)
    _plan(li)
    zhou.goto("/people")
    zhou.get_by_role("link", name="干部下基层").click()
    zhou.get_by_role("link", name="要来的").click()
    expect(zhou.get_by_role("link", name=re.compile(TOPIC))).to_contain_text("李建华")
    _write_down(li)
    lin.goto("/desk")
    lin.get_by_role("link", name=BENCHES).click()
    card = lin.locator("article", has_text=BENCHES)
    card.get_by_label("办成什么样").fill("两张长椅装在车棚南边，带扶手")
    card.get_by_role("button", name="答复").click()
    expect(lin.get_by_text("答复了，大家都看得到")).to_be_visible()
    zhou.goto(f"/visits?q={TOPIC}")
    zhou.get_by_role("link", name=re.compile(TOPIC)).click()
    for words in ("两张长椅装在车棚南边", "听了谁", LIGHT):
        expect(zhou.locator("main")).to_contain_text(words)
    expect(zhou.locator("main")).not_to_contain_text("等人的时候好坐")
    # The worker hands it on: what was raised has a number by which it is worked on.
    until = time.monotonic() + 20
    while not li.locator("article", has_text=LIGHT).get_by_role("link").count() and time.monotonic() < until:
        li.reload()
    li.locator("article", has_text=LIGHT).get_by_role("link").click()
    expect(li.locator("main")).to_contain_text(f"3栋{LIGHT}")


def _plan(li):
    li.goto("/desk/visits")
    li.keyboard.press("n")
    li.get_by_label("接访下基层").check()
    li.get_by_label("一句话说清楚").fill(TOPIC)
    li.get_by_label("在哪里").fill("松涛苑3栋")
    li.get_by_label("什么时候开始").fill(f"{datetime.now(TOWN) + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    who = li.get_by_label("谁去").locator("option", has_text="李建华").get_attribute("value")
    li.get_by_label("谁去").select_option(who)
    li.get_by_role("button", name="排好，告诉去的人").click()
    expect(li.get_by_text("排好了，已告诉去的人")).to_be_visible()


def _write_down(li):
    li.get_by_label("真正开始的时间").fill(f"{datetime.now(TOWN) - timedelta(minutes=5):%Y-%m-%dT%H:%M}")
    li.get_by_label("住在这里的人").fill("9")
    li.get_by_label("看到什么、说了什么").fill("车棚够用，就是没地方坐，灯也不好")
    first, second = (li.locator("details", has_text=f"提出的第{n}条") for n in (1, 2))
    first.get_by_label("大家看得到的一句话").fill(BENCHES)
    first.get_by_label("原话").fill(f"{BENCHES}，等人的时候好坐")
    first.get_by_label("回去办，到日子给答复").check()
    secretary = first.get_by_label("谁回去办").locator("option", has_text="林秀娟").get_attribute("value")
    first.get_by_label("谁回去办").select_option(secretary)
    second.locator("summary").click()
    second.get_by_label("大家看得到的一句话").fill(LIGHT)
    second.get_by_label("原话").fill(f"3栋{LIGHT}，晚上看不清")
    second.get_by_label("转成一件要办的事").check()
    li.get_by_role("button", name="记下", exact=True).click()
    expect(li.get_by_text("记下了，大家都看得到结果")).to_be_visible()


def test_those_nobody_came_to_are_put_on_a_plan_that_is_seen_first_and_can_be_taken_back(visitor):
    li = visitor("street leader", DESK)
    li.goto("/desk/visits/plan")
    li.get_by_label("排到哪一天").fill(f"{datetime.now(TOWN) + timedelta(days=364):%Y-%m-%d}")
    li.get_by_role("button", name="先看看").click()
    li.get_by_role("button", name=re.compile("排上这")).click()
    expect(li.get_by_text(re.compile("排了.*次走访"))).to_be_visible()
    before = li.locator(".chip", has_text="要去的").inner_text()
    li.get_by_role("button", name="撤回这一批").click()
    expect(li.get_by_text(re.compile("撤回了.*次"))).to_be_visible()
    li.goto("/desk/visits?show=coming")
    assert li.locator(".chip", has_text="要去的").inner_text() != before
