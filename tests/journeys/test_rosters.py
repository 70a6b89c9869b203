"""A grid worker asks a colleague's help: who is asked says yes on the telephone, the secretary approves, the week shows it."""

from playwright.sync_api import expect

from .conftest import DESK, PHONE


def test_whoever_is_asked_to_stand_in_says_yes_and_the_secretary_sees_what_it_leaves(visitor):
    chen, lin = visitor("grid worker", PHONE), visitor("community staff", DESK)
    chen.goto("/desk/roster")
    chen.get_by_role("button", name="我替").first.click()
    expect(chen.get_by_text("答应了，等人批")).to_be_visible()
    name = chen.locator("h1").inner_text().split()[0]
    lin.goto("/desk/roster")
    card = lin.locator(".card", has_text=name).first
    expect(card).to_contain_text("不会缺岗")
    card.get_by_role("button", name="批").click()
    expect(lin.get_by_text("批了，班表已经改好")).to_be_visible()
    chen.goto("/desk/roster")
    expect(chen.locator(".own .for")).to_contain_text(f"替{name}")


def test_leave_without_a_stand_in_shows_the_hours_that_would_be_bare_and_is_taken_back(visitor):
    chen = visitor("grid worker", DESK)
    chen.goto("/desk/roster")
    chen.locator(".own a").last.click()
    chen.get_by_role("button", name="交上去").click()
    expect(chen.get_by_text("照这样，这些钟头没人：")).to_be_visible()
    chen.get_by_role("button", name="撤回").click()
    expect(chen.get_by_text("撤回了，班还是您的")).to_be_visible()
