"""Off the straight way, as its people do it in the browser: each step shows on somebody else's page."""

import re

from playwright.sync_api import expect

from .conftest import DESK
from .test_walk import tell


def in_hand(visitor, text):
    """A matter of 周女士 that 陈志明 has in hand: (her page, his page, its number)."""
    zhou, chen = visitor("resident"), visitor("grid worker", DESK)
    number = tell(zhou, text)
    chen.goto(f"/desk/matters/{number}")
    chen.locator("#re").fill("问清楚了")
    chen.get_by_role("button", name="记下来").click()
    expect(chen.get_by_text("记下了，说事的人看得到")).to_be_visible()
    return zhou, chen, number


def test_waiting_for_the_teller_ends_with_a_word_of_hers(visitor):
    zhou, chen, _ = in_hand(visitor, "3栋门禁刷不开，进不去")
    chen.keyboard.press("w")
    chen.locator("#hold input[value=resident]").check()
    chen.locator("#hold-t").fill("等您说哪天家里有人")
    chen.get_by_role("button", name="挂起", exact=True).click()
    expect(chen.locator(".work-h .st-hold")).to_have_text("挂起")
    chen.goto("/desk")
    expect(chen.locator("tbody").filter(has_text="在等别人").filter(has_text="门禁刷不开")).to_be_visible()
    chen.go_back()
    zhou.reload()
    expect(zhou.get_by_text("在等您一句话")).to_be_visible()
    zhou.locator("#m").fill("明天下午在家")
    zhou.get_by_role("button", name="发送").click()
    chen.reload()
    expect(chen.locator(".work-h .st-on")).to_have_text("在办")


def test_a_return_is_ruled_by_the_district_and_the_keeper_goes_on(visitor):
    zhou, chen, number = in_hand(visitor, "3栋花坛的树枝挡住窗户")
    chen.keyboard.press("b")
    chen.locator("#ret-u").select_option("urban")
    chen.locator("#ret-c").fill("不归这里：市政绿化")
    chen.locator("#ret-r").fill("花坛在红线外，是市政的")
    chen.get_by_role("button", name="报上去，等裁定").click()
    zhou.reload()
    expect(zhou.locator(".st-back")).to_have_text("退单等裁定")
    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/rulings")
    liang.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    liang.locator("#r-t").fill("花坛由小区物业管，网格员牵头")
    liang.get_by_role("button", name="不准", exact=True).click()
    expect(liang.get_by_text("裁定了：不准")).to_be_visible()
    chen.reload()
    expect(chen.get_by_text("花坛由小区物业管，网格员牵头").first).to_be_visible()
    chen.locator("details.whynot summary").click()
    expect(chen.locator("details.whynot")).to_contain_text("已经裁过一次退单")


def test_what_cannot_be_done_now_stands_in_public_until_it_can(visitor):
    _, chen, number = in_hand(visitor, "3栋楼道堆满了杂物，走不过去")
    chen.keyboard.press("l")
    chen.locator("#she-r").fill("清理要全楼签字，还差几户")
    day = chen.evaluate("new Date(Date.now() + 20 * 864e5).toISOString().slice(0, 16)")
    chen.locator("#she-u").fill(day)
    chen.locator("#shelve").get_by_role("button", name="报上去，等裁定").click()
    liang = visitor("dispatcher", DESK)
    liang.goto(f"/desk/rulings/{number}")
    liang.locator("#r-t").fill("客观上办不了，按月看")
    liang.get_by_role("button", name="准", exact=True).click()
    anybody = visitor()
    anybody.goto("/matters")
    anybody.get_by_role("link", name="看公开的挂账台账").click()
    entry = anybody.locator("li.card").filter(has_text=number)
    expect(entry).to_contain_text("清理要全楼签字，还差几户")
    expect(entry).not_to_contain_text(re.compile("松涛苑|周"))
    liang.goto(f"/desk/matters/{number}")
    liang.keyboard.press("y")
    liang.locator("#upt-t").fill("签字够了，下周开工")
    liang.locator("#uptake").get_by_role("button", name="销账").click()
    anybody.reload()
    expect(anybody.locator("li.card").filter(has_text=number)).to_have_count(0)


def test_a_call_back_is_written_down_by_somebody_else(visitor):
    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/callbacks")
    first = liang.locator(".calls li").first
    number = first.locator(".num").first.inner_text()
    first.get_by_role("textbox").fill("说修好了，挺快")
    first.get_by_role("button", name="说办好了").click()
    expect(liang.locator(".calls li").filter(has_text=number)).to_have_count(0)
    liang.goto(f"/desk/matters/{number}")
    expect(liang.get_by_text("回访，说事的人说：办好了")).to_be_visible()
