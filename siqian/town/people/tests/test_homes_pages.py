"""The pages of homes and of one's own facts: what a keeper clicks, and what the person then sees."""

import json
from datetime import date

import pytest
from django.conf import settings

from siqian.kernel import journal
from siqian.kernel.permits import OFFICE, Refused
from siqian.testing import PASSWORD, monday_nine
from siqian.town.people import actions, numbers, queries
from siqian.town.people.actions import AccountRow
from siqian.town.people.rules import ResidentRow
from siqian.town.places import actions as places

PHONE = "19900000001"
ZHOU = ResidentRow(2, "songtao-3", "1203", "周小兰", "网格员上门", "居住登记", PHONE, "head", 1, date(2020, 5, 1))
HOME = "/desk/homes/songtao-3/1203"


@pytest.fixture
def keeper(town, signed_in):
    places.number_units(buildings=["songtao-3"], by=OFFICE, at=monday_nine)
    return signed_in("chen")


@pytest.fixture
def zhou(keeper):
    return actions.enroll(residents=[ZHOU], by=OFFICE, at=monday_nine)[0]


@pytest.fixture
def at_home(zhou, client):
    """A browser in which 周小兰 has signed in with her telephone."""
    actions.open_accounts(rows=[AccountRow(PHONE, PASSWORD, name="周女士")], by=OFFICE, at=monday_nine)
    assert client.post("/sign-in", {"username": PHONE, "password": PASSWORD, "next": "/me"})["Location"] == "/me"
    return client


def text(answer):
    return answer.content.decode()


def test_a_keeper_finds_a_home_by_what_people_write(keeper):
    assert keeper.get("/desk/homes", {"q": "松涛苑3栋1203室"})["Location"] == HOME
    assert "松涛苑3栋" in text(keeper.get("/desk/homes"))
    lost = keeper.get("/desk/homes", {"q": "松涛苑3栋2501"}, follow=True)
    assert "名册里这栋没有2501" in text(lost) and lost.request["PATH_INFO"] == "/desk/homes/songtao-3"


def test_a_building_is_shown_floor_by_floor_with_names_masked(keeper, zhou):
    page = text(keeper.get("/desk/homes/songtao-3"))
    assert page.index("1801") < page.index("1203") < page.index(">101<") and "周**" in page
    assert "周小兰" not in page and PHONE not in page and "住着1人" in page


def test_whoever_does_not_keep_the_area_sees_rooms_and_no_names(zhou, signed_in):
    page = text(signed_in("chunmei").get("/desk/homes/songtao-3"))
    assert "1203" in page and "周**" not in page and "只给管这一片" in page
    assert signed_in("chunmei").get(HOME).status_code == 403


def test_a_keeper_enrolls_corrects_and_lets_go(keeper):
    sent = {"building": "songtao-3", "label": "1203", "name": "周小兰", "phone": "199 0000 0001", "relation": "head", "basis": "居住登记"}
    wrong = keeper.post("/desk/residents", sent | {"phone": "12"})
    assert wrong.status_code == 400 and "电话“12”不对" in text(wrong) and 'value="周小兰"' in text(wrong)
    assert "登记好了" in text(keeper.post("/desk/residents", sent, follow=True))
    (line,) = queries.homes("songtao-3", seen_by=OFFICE)["1203"]
    keeper.post(f"/desk/residents/{line.id}/correction", {"name": "周晓兰", "phone": "", "relation": ""})
    assert "搬走了" in text(keeper.post(f"/desk/residents/{line.id}/departure", follow=True))
    assert queries.homes("songtao-3", seen_by=OFFICE) == {}


def test_a_look_needs_a_purpose_and_the_person_sees_it(keeper, zhou, at_home):
    path = f"/desk/residents/{zhou}/looks"
    assert keeper.post(path, {"purpose": ""}).status_code == 404
    looked = text(keeper.post(path, {"purpose": "上门核对门牌"}))
    assert "周小兰" in looked and PHONE in looked
    mine = text(at_home.get("/me"))
    assert "陈志明" in mine and "上门核对门牌" in mine and "周小兰" in mine and PHONE in mine


def test_with_a_gateway_staff_call_through_a_number_that_lasts_a_day_and_never_read_the_home_number(keeper, zhou, at_home, settings_of):
    settings_of(SIQIAN_DEMO=True)
    book = settings.SIQIAN_HOME / "numbers.jsonl"
    book.unlink(missing_ok=True)
    path = f"/desk/residents/{zhou}/looks"
    pages = [text(keeper.post(path, {"purpose": "约上门的时间"})) for _ in range(2)]
    assert all("周小兰" in page and PHONE not in page and "950 0000 0000" in page and "到" in page for page in pages)
    kept = book.read_text(encoding="utf-8")
    assert PHONE not in kept and len(kept.splitlines()) == 1, "asked again on the same day it is the same number"
    assert [line.body["what"] for line in journal.of(f"resident:{zhou}") if line.name == "vault.opened"] == ["name", "call"] * 2
    assert "没看到您的号码" in text(at_home.get("/me"))


def test_a_gateway_that_does_not_answer_is_said_and_shows_no_number():
    def silent(*_):
        raise OSError("no route")

    sent = []

    def answers(url, body, headers):
        sent.append((json.loads(body), headers))
        return json.dumps({"number": "95001", "until": "2026-07-14T09:00:00+08:00"}).encode()

    ask = {"to": PHONE, "key": "k" * 12, "until": monday_nine + numbers.LASTING}
    with pytest.raises(Refused, match="接不通"):
        numbers.Signed("https://numbers.example", "s", silent).bind(**ask)
    assert numbers.Signed("https://numbers.example", "s", answers).bind(**ask).number == "95001"
    assert sent[0][0]["to"] == PHONE and sent[0][1]["Idempotency-Key"] == "k" * 12 and len(sent[0][1][numbers.SIGNATURE]) == 64
    # One that would last longer than a day is no privacy number.
    with pytest.raises(Refused):
        numbers.Signed("https://numbers.example", "s", answers).bind(**ask | {"until": monday_nine})


def test_somebody_elses_facts_are_on_no_page_of_mine(zhou, signed_in):
    neighbour = signed_in("lin")
    assert "名册里没有找到您" in text(neighbour.get("/me")) and "周小兰" not in text(neighbour.get("/me"))
    assert neighbour.post("/me/erasure", {"sure": "yes"}).status_code == 404


def test_one_puts_right_objects_and_has_oneself_forgotten(keeper, zhou, at_home):
    wrong = at_home.post("/me/correction", {"name": "周小兰", "phone": "3"})
    assert wrong.status_code == 400 and "电话“3”不对" in text(wrong)
    assert "改好了" in text(at_home.post("/me/correction", {"name": "周晓岚", "phone": PHONE}, follow=True))
    assert "周晓岚" in text(at_home.get("/me"))
    at_home.post("/me/objection", {"stands": "yes"})
    assert keeper.post(f"/desk/residents/{zhou}/looks", {"purpose": "上门"}).status_code == 403
    at_home.post("/me/objection", {"stands": ""})
    assert keeper.post(f"/desk/residents/{zhou}/looks", {"purpose": "上门"}).status_code == 200
    assert at_home.post("/me/erasure", {}).status_code == 400
    assert "再也打不开" in text(at_home.post("/me/erasure", {"sure": "yes"}, follow=True))
    assert "名册里没有找到您" in text(at_home.get("/me")) and "已删除" in text(keeper.get(HOME))


def test_who_has_no_account_is_told_where_to_sign_in(client, town):
    assert "/sign-in?next=/me" in text(client.get("/me"))
    assert client.get("/desk/homes").status_code == 302


def test_who_lives_here_reports_from_home(at_home):
    page = text(at_home.get("/report"))
    assert "在我家" in page and "松涛苑3栋" in page
    told = at_home.post("/report", {"text": "水管漏水，漏到楼下去了", "at_home": "1", "once": "a1"}, follow=True)
    assert "松涛苑3栋" in text(told)


def test_a_room_that_is_not_in_the_register_is_said_while_one_writes(keeper, client):
    heard = text(client.post("/report/hearing", {"text": "松涛苑3栋2501室水管漏水"}))
    assert "名册里这栋没有2501，先记到这栋楼" in heard and "松涛苑3栋" in heard
    assert "名册里这栋没有" not in text(client.post("/report/hearing", {"text": "松涛苑3栋1203室水管漏水"}))
