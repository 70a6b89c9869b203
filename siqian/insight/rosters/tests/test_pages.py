"""The pages of the roster, asked for as a browser does."""

import pytest

from siqian.insight.rosters import queries
from siqian.kernel import clock
from siqian.testing import monday_nine

ASK = {"kind": "leave", "since": "2026-07-14T08:00", "until": "2026-07-14T20:00", "stand_in": "chunmei", "why": "去医院"}


@pytest.fixture(autouse=True)
def at_nine():
    with clock.stopped_at(monday_nine):
        yield


def text_of(answer) -> str:
    return answer.content.decode()


def test_leave_goes_over_three_pages_and_ends_on_the_roster(town, signed_in):
    chen, chunmei, secretary = (signed_in(who) for who in ("chen", "chunmei", "xiujuan"))
    page = text_of(chen.get("/desk/roster/ask?since=2026-07-14T08:00&until=2026-07-14T20:00"))
    assert "李春梅" in page and 'value="2026-07-14T08:00"' in page and "赵小芳" not in page
    where = chen.post("/desk/roster/ask", ASK | {"post": town.post("keeper", "ry-g2")})["Location"]
    assert "请您替班" in text_of(chunmei.get("/desk/roster")) and "去医院" not in text_of(chunmei.get(where))
    chunmei.post(f"{where}/agreement")
    assert where in text_of(secretary.get("/desk")) and "去医院" in text_of(secretary.get(where))
    assert "不会缺岗" in text_of(secretary.get("/desk/roster"))
    secretary.post(f"{where}/approval")
    week = text_of(chen.get("/desk/roster?first=2026-07-13"))
    assert "替陈志明" in week and "批了" in week
    rows = chen.get(f"/desk/roster/list.csv?area={town.area('ry').path}&first=2026-07-13").content.decode("utf-8-sig").splitlines()
    assert any("2026-07-14 08:00,2026-07-14 20:00,李春梅,陈志明" in row for row in rows)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"since": "明天"}, "时间没写全"), ({"until": "2026-07-14T08:00"}, "结束要晚于开始"), ({"kind": "swap"}, "还哪一班")],
)
def test_a_wrong_request_comes_back_with_what_was_typed(town, signed_in, wrong, says):
    chen = signed_in("chen")
    page = chen.post("/desk/roster/ask", ASK | {"post": town.post("keeper", "ry-g2")} | wrong)
    assert page.status_code == 400 and says in text_of(page) and 'value="去医院"' in text_of(page)


def test_what_is_not_approved_says_why_and_others_do_not_see_it(town, signed_in):
    chen, secretary = signed_in("chen"), signed_in("xiujuan")
    where = chen.post("/desk/roster/ask", ASK | {"post": town.post("keeper", "ry-g2"), "stand_in": ""})["Location"]
    assert "这些钟头没人" in text_of(secretary.get(where))
    assert secretary.post(f"{where}/refusal", {"word": ""}).status_code == 400
    secretary.post(f"{where}/refusal", {"word": "台风那天都要在"})
    assert "台风那天都要在" in text_of(chen.get(where))
    assert signed_in("jianjun").get(where).status_code == 404 and signed_in("zhou").get(where).status_code == 302
    for who in ("jianjun", "chunmei"):
        assert signed_in(who).post(f"{where}/approval").status_code in (403, 404)


def test_a_visitor_is_asked_to_sign_in_and_a_resident_sees_no_roster(client, signed_in, town):
    assert client.get("/desk/roster")["Location"].startswith("/sign-in")
    assert signed_in("zhou").get("/desk/roster")["Location"].startswith("/sign-in")
    assert queries.areas(town.resident("zhou")) == []


def test_withdrawing_gives_the_hours_back(town, signed_in):
    chen = signed_in("chen")
    where = chen.post("/desk/roster/ask", ASK | {"post": town.post("keeper", "ry-g2")})["Location"]
    assert "撤回" in text_of(chen.get(where))
    chen.post(f"{where}/withdrawal")
    assert "撤回了" in text_of(chen.get("/desk/roster"))
