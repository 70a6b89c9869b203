"""What other systems send: the administrator sees who is silent, reads what was refused, and a city's app follows its report to the end."""

import json
import urllib.parse
import urllib.request

from playwright.sync_api import expect

from .conftest import DESK, PHONE, Demo


def ask(demo: Demo, where: str, **fields: str) -> list[dict[str, object]]:
    body = urllib.parse.urlencode(fields).encode() if fields else None
    with urllib.request.urlopen(f"{demo.address}/open311/v2/{where}", body, timeout=20) as answer:
        return list(json.load(answer))


def test_the_systems_stand_with_those_in_trouble_first(visitor):
    admin = visitor("system administrator", DESK)
    admin.goto("/desk/systems")
    expect(admin.locator("tbody tr")).to_have_count(37)
    expect(admin.locator("tbody tr").first).to_contain_text("断了")
    admin.get_by_role("link", name="有没收的").click()
    expect(admin.locator("tbody")).to_contain_text("生态环境投诉")
    admin.goto("/desk/systems?q=城管")
    expect(admin.locator("tbody tr")).to_have_count(1)


def test_what_was_refused_is_read_and_thrown_away(visitor):
    admin = visitor("system administrator", PHONE)
    admin.goto("/desk/systems/ecology")
    expect(admin.locator("main")).to_contain_text("“complaint”里没有内容")
    admin.get_by_role("link", name="看原文").click()
    expect(admin.locator("pre")).to_contain_text("content_v2")
    admin.get_by_role("button", name="改好了，再收一次").click()
    expect(admin.locator("main")).to_contain_text("“complaint”里没有内容")
    admin.goto("/desk/systems/waste")
    admin.get_by_role("link", name="看原文").click()
    admin.get_by_role("button", name="不是一件事，扔掉").click()
    expect(admin.get_by_text("扔掉了")).to_be_visible()
    expect(admin.get_by_text("还没来过。")).to_be_visible()


def test_a_new_key_is_shown_once(visitor):
    admin = visitor("system administrator", DESK)
    admin.goto("/desk/systems/gas")
    admin.get_by_role("button", name="给一个新密钥").click()
    expect(admin.locator("[role=status] code")).to_contain_text("whsec_")
    admin.reload()
    expect(admin.locator("[role=status] code")).to_have_count(0)


def test_a_report_of_the_city_s_app_is_done_by_a_keeper_and_followed_by_everybody(demo, visitor):
    house = next(one for one in ask(demo, "requests.json") if one["address_id"])
    words = "电梯口贴满了开锁的小广告"
    sent = {"api_key": "demo", "service_code": "stickers", "address_id": str(house["address_id"]), "description": words}
    (made,) = ask(demo, "requests.json", **sent)
    number = str(made["service_request_id"])
    dispatcher = visitor("dispatcher", DESK)
    dispatcher.goto("/desk/matters?q=开锁的小广告")
    expect(dispatcher.locator("main")).to_contain_text("小广告")
    (shown,) = ask(demo, f"requests/{number}.json")
    assert shown["status"] == "open" and shown["description"] == words
