"""Three asks told once, and a matter divided: what each does shows on the other's page, on the smallest phone too."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import DESK, SMALL


def sound(page):
    """Nothing that a screen reader stumbles over, nothing wider than the smallest phone."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"][:2]]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_three_asks_are_told_once_and_a_fourth_is_found_by_the_keeper(visitor):
    zhou, chen = visitor("resident", SMALL), visitor("grid worker", DESK)
    zhou.goto("/report")
    zhou.evaluate("localStorage.letter = 'big'")
    zhou.reload()
    zhou.get_by_label("在我家").check()
    zhou.locator("#text").fill("3栋楼道灯坏了，还有三楼墙上贴满小广告，另外问一下老年卡怎么办")
    expect(zhou.get_by_role("heading", name="听到3件事")).to_be_visible()
    expect(zhou.get_by_label("合在一起办")).not_to_be_checked()
    sound(zhou)
    zhou.get_by_role("button", name="说好了，交出去").click()
    expect(zhou.get_by_text("3件事分开办")).to_be_visible()
    number = zhou.url.rsplit("/", 1)[1]
    expect(zhou.locator("section[aria-labelledby=h-parts] li")).to_have_count(2)
    sound(zhou)
    # 陈志明 leads the lamp; what he finds besides becomes a part, by key.
    chen.goto(f"/desk/matters/{number}")
    sound(chen)
    chen.keyboard.press("f")
    chen.locator("#div-t1").fill("三楼墙皮脱落掉了一地")
    sound(chen)
    chen.get_by_role("button", name="分出去").click()
    expect(chen.get_by_text("分出去1件")).to_be_visible()
    expect(chen.locator("section[aria-labelledby=hp]")).to_contain_text("还有3件没办完")
    zhou.reload()
    expect(zhou.locator("section[aria-labelledby=h-parts] li")).to_have_count(3)
    zhou.get_by_role("link", name="三楼墙皮脱落掉了一地").click()
    expect(zhou.get_by_text("和总件一起评")).to_be_visible()
    sound(zhou)
    # Nothing was done about it yet: he takes it back.
    chen.locator("section[aria-labelledby=hp] a").filter(has_text="三楼墙皮脱落").click()
    expect(chen.get_by_text("这是一件分办")).to_be_visible()
    chen.get_by_role("button", name="收回，和总件一起办").click()
    expect(chen.locator(".work-h .st-hold")).to_have_text("并回总件了")
    zhou.reload()
    expect(zhou.get_by_text("并回总件了")).to_be_visible()
    expect(zhou.locator(".thread")).to_contain_text("收回来，和总件一起办")
