"""A unit's handler reports in on the telephone, whoever called sees it, and the resident sees no more than who was called."""

from playwright.sync_api import expect

from .conftest import DESK, PHONE

HERE = {"geolocation": {"longitude": 114.03, "latitude": 22.66}, "permissions": ["geolocation"]}


def test_who_was_called_confirms_and_reports_in_from_the_spot_and_the_caller_sees_it(visitor):
    luo = visitor("unit handler", PHONE, **HERE)
    luo.goto("/desk")
    luo.get_by_role("link", name="6栋垃圾房老鼠成群").click()
    expect(luo.locator("#joint")).to_contain_text("街道市政环卫办")
    luo.goto("/desk/joint")
    luo.get_by_role("button", name="确认到场").click()
    expect(luo.get_by_text("确认了，到时候来")).to_be_visible()
    luo.get_by_role("button", name="到了，报到").click()
    expect(luo.get_by_text("报到了", exact=True)).to_be_visible()
    card = luo.locator(".card", has_text="6栋垃圾房老鼠成群")
    expect(card).to_contain_text("离现场")
    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/joint")
    liang.get_by_role("link", name="6栋垃圾房老鼠成群").click()
    expect(liang.locator("#joint")).to_contain_text("到了1个，叫了3个")
    liang.get_by_text("到场办过了，写下定的事").click()
    liang.get_by_label("谁做什么、哪天做好").fill("环卫今晚清一遍，物业明天封洞，周五一起回看")
    liang.locator("#joint").get_by_role("button", name="记下来").click()
    expect(liang.locator("#joint")).to_contain_text("办过了，等互评")
    luo.goto("/desk/joint")
    expect(luo.locator(".card", has_text="6栋垃圾房老鼠成群")).to_contain_text("写做了什么")


def test_a_unit_is_called_by_keyboard_on_the_page_of_a_matter(visitor):
    liang = visitor("dispatcher", DESK)
    liang.goto("/desk/matters?state=in_hand")
    liang.locator("tr[data-go] a.what").first.click()
    expect(liang.get_by_role("button", name="叫单位来一起办")).to_be_visible()
    liang.keyboard.press("j")
    expect(liang.get_by_role("dialog")).to_contain_text("叫单位来一起办")
    liang.keyboard.press("Escape")
    expect(liang.locator("#joint-call")).to_be_hidden()


def test_a_leader_says_what_was_seen_and_the_case_goes_on(visitor):
    li = visitor("street leader", PHONE)
    li.goto("/desk/cases")
    card = li.locator(".card", has_text="2栋地下车库一下雨就进水")
    expect(card).to_contain_text("2次没办好")
    card.get_by_text("看了进展", exact=True).click()
    card.get_by_label("看到什么").fill("泵房改造下周三动工，先备两台抽水泵")
    card.get_by_role("button", name="记下来").first.click()
    expect(li.get_by_text("记下了，7天内再看一次")).to_be_visible()
    expect(li.locator(".card", has_text="2栋地下车库一下雨就进水")).to_contain_text("泵房改造下周三动工")
