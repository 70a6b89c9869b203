"""A keeper looks up who lives behind a door; the person behind it reads who looked, and why."""

from playwright.sync_api import expect

from .conftest import DESK, PHONE


def test_a_look_is_seen_by_whom_it_was_about(visitor):
    chen = visitor("grid worker", DESK)
    chen.goto("/desk/homes")
    chen.locator("#q").fill("松涛苑3栋")
    chen.get_by_role("button", name="找").click()
    # She lives on the top floor behind its last door.
    home = chen.locator(".homes tr").first.locator("a").last
    room = home.locator("b").inner_text()
    home.click()
    expect(chen.get_by_role("heading", name=room)).to_be_visible()
    card = chen.locator("li.card", has_text="有账号")
    card.get_by_text("看全名和电话").click()
    card.get_by_placeholder("比如：上门核对门牌").fill("送老年卡上门")
    card.get_by_role("button", name="看", exact=True).click()
    expect(chen.get_by_text("周晓晴")).to_be_visible()

    zhou = visitor("resident", PHONE)
    zhou.goto("/?resident")
    zhou.get_by_role("link", name="我的资料").click()
    expect(zhou.get_by_text("送老年卡上门").first).to_be_visible()
    expect(zhou.locator("#looks").get_by_text("陈志明").first).to_be_visible()
    zhou.get_by_role("button", name="我反对").click()
    expect(zhou.get_by_text("您提出了反对")).to_be_visible()

    chen.goto("/desk/homes?q=松涛苑3栋" + room)
    expect(chen.get_by_text("本人反对使用")).to_be_visible()
    expect(chen.locator("li.card", has_text="有账号").get_by_text("看全名和电话")).to_have_count(0)
    zhou.get_by_role("button", name="收回反对").click()
    expect(zhou.get_by_role("button", name="我反对")).to_be_visible()
