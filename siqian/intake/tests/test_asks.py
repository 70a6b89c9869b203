"""Several asks in one message, as the page and the JSON channel take them; a matter divided on the page."""

import re

import pytest

from siqian.kernel import store
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries
from siqian.spine.matters.models import Matter

THREE = "楼道灯坏了，还有三楼王阿姨家漏水，另外问一下老年卡怎么办"


@pytest.fixture
def form(client, town):
    """What a browser would send: the page's hidden fields, and whatever is typed."""

    def send(text: str, where: str = "/report", **more):
        page = client.get("/report").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(once|joins|apart)" value="([^"]*)"', page))
        return client.post(where, hidden | {"text": text, "building": town.building("松涛苑3栋")} | more)

    return send


@pytest.fixture
def staff(client, town):
    def sign_in(username: str):
        from django.test import Client

        own = Client()
        own.force_login(_account(town, username))
        return own

    return sign_in


def _account(town, username):
    from siqian.town.people.models import Account

    with store.reading_all():
        return Account.objects.get(id=town.account(username))


def census() -> int:
    return queries.census(seen_by=OFFICE)["事"]


def test_the_page_says_what_it_heard_and_the_teller_may_keep_it_together(form):
    heard = form(THREE, "/report/hearing").content.decode()
    assert "听到3件事" in heard and "楼道照明" in heard and "房屋漏水渗水" in heard and "拿不准" in heard
    assert 'name="together"' in heard and "checked" not in heard and census() == 0
    ticked = form(THREE, "/report/hearing", together="1").content.decode()
    assert "听到3件事" in ticked and "checked" in ticked
    assert form(THREE, together="1").status_code == 302 and census() == 1


def test_without_scripts_it_goes_apart_the_same_way_and_one_page_shows_all(client, form):
    sent = form(THREE)
    assert sent.status_code == 302 and census() == 3
    page = client.get(sent["Location"]).content.decode()
    assert "一起说的还有2件" in page and "三楼王阿姨家漏水" in page and "老年卡怎么办" in page and "查询码" in page
    part = re.search(r'href="(/matters/\d{4}-\d+)"><span class="grow">', page)[1]
    shown = client.get(part).content.decode()
    assert "总件：" in shown and "和总件一起评" in shown and "一起说的别的事" in shown
    mine = client.get("/matters").content.decode()
    assert mine.count("分办件") == 2


def test_a_double_tap_tells_all_of_it_once(form):
    assert form(THREE, once="TAP")["Location"] == form(THREE, once="TAP")["Location"] and census() == 3


def test_json_takes_several_asks_or_keeps_them_together(client, town):
    body = {"text": THREE, "building": town.building("松涛苑3栋")}
    sent = client.post("/api/intake/web", body, content_type="application/json").json()
    assert [other["title"] for other in sent["others"]] == ["三楼王阿姨家漏水", "老年卡怎么办"] and census() == 3
    one = client.post("/api/intake/web", body | {"together": True, "apart": True}, content_type="application/json").json()
    assert one["others"] == [] and census() == 4


def test_a_dispatcher_divides_on_the_page_and_the_teller_sees_the_parts(client, form, staff):
    where = form("楼道灯坏了，墙也要看看")["Location"]
    number = where.rsplit("/", 1)[1]
    liang = staff("liang")
    desk = liang.get(f"/desk/matters/{number}").content.decode()
    assert 'data-opens="divide"' in desk and 'id="divide"' in desk
    sent = liang.post(
        f"/desk/matters/{number}/parts",
        {"text": ["三楼墙皮脱落要铲掉重刷", "", "电动车在楼道充电很危险"], "item": ["3.2.5 楼道墙面脱落", "", ""]},
    )
    assert sent.status_code == 302 and census() == 3
    desk = liang.get(f"/desk/matters/{number}").content.decode()
    assert "还有2件没办完" in desk and "三楼墙皮脱落要铲掉重刷" in desk
    with store.reading_all():
        wall = Matter.objects.get(item="3.2.5")
    part = liang.get(f"/desk/matters/{queries.number_of(wall.id)}").content.decode()
    assert "这是一件分办" in part and number in part and 'id="divide"' not in part
    assert "分办件" in liang.get("/desk/matters").content.decode()
    page = client.get(where).content.decode()
    assert "三楼墙皮脱落要铲掉重刷" in page and "另有2件分出去办" in page


def test_json_divides_and_names_parts_and_whole(form, staff):
    number = form("楼道灯坏了，墙也要看看")["Location"].rsplit("/", 1)[1]
    ruolan = staff("ruolan")
    parts = {"parts": [{"text": "三楼墙皮脱落要铲掉重刷", "item": "3.2.5"}]}
    made = ruolan.post(f"/api/matters/{number}/parts", parts, content_type="application/json")
    assert made.status_code == 201
    (part,) = made.json()["parts"]
    assert (part["item"], part["state"], made.json()["whole"]) == ("3.2.5", "assigned", "")
    again = ruolan.post(f"/api/matters/{number}/parts", parts, content_type="application/json").json()
    assert again["parts"] == [part] and census() == 2
    assert ruolan.get(f"/api/matters/{part['number']}").json()["whole"] == number
    refused = ruolan.post(f"/api/matters/{part['number']}/parts", parts, content_type="application/json")
    assert refused.status_code == 409 and "到总件上去分" in refused.json()["title"]
