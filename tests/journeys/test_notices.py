"""A reply leaves the house: what the keeper writes is on the resident's page, and in the demo's outbox."""

from playwright.sync_api import expect

from .conftest import DESK
from .test_walk import tell


def test_a_reply_goes_out_as_a_text_message_and_stands_on_the_residents_page(visitor):
    zhou, chen = visitor("resident"), visitor("grid worker", DESK)
    zhou.goto("/me/notices")
    expect(zhou.locator("#ways")).to_contain_text("199 **** 0001")
    # The demo may be tried at night: whoever has no quiet hours is told at once.
    zhou.locator("#quiet-from").fill("03:00")
    zhou.locator("#quiet-to").fill("03:00")
    zhou.get_by_role("button", name="改时间").click()
    expect(zhou.locator(".toast")).to_contain_text("时间改好了")
    number = tell(zhou, "3栋一楼的门禁坏了，刷卡没反应")
    chen.goto(f"/desk/matters/{number}")
    chen.get_by_text("留话，告诉每一位").click()
    chen.locator("#re").fill("看到了，下午换读卡器")
    chen.get_by_role("button", name="记下来").click()
    expect(chen.locator(".msgs")).to_contain_text("下午换读卡器")

    for _ in range(20):
        zhou.goto("/outbox")
        if zhou.get_by_text("下午换读卡器").count():
            break
        zhou.wait_for_timeout(500)
    expect(zhou.locator(".rows li").first).to_contain_text("199 **** 0001")
    expect(zhou.locator(".rows li", has_text="下午换读卡器")).to_have_count(1)
    zhou.goto("/me/notices")
    row = zhou.locator(".rows li", has_text="下午换读卡器")
    expect(row).to_contain_text("发出了")
    row.locator("a.what").click()
    expect(zhou.locator(".thread")).to_contain_text("下午换读卡器")
