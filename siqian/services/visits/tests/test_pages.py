"""The pages of visits, asked for as a browser does."""

import pytest

from siqian.kernel import clock, deliveries
from siqian.kernel.permits import OFFICE
from siqian.services.visits import queries

from .going import ANSWERED, BENCHES, LAMP, at, cells, planned, went


@pytest.fixture(autouse=True)
def at_noon_of_the_next_day():
    with clock.stopped_at(at(28)):
        yield


def text_of(answer) -> str:
    return answer.content.decode()


PLAN = {"kind": "office", "topic": "带物业来看电梯", "place": "松涛苑4栋", "scope": "grid", "starts": "2026-07-16T10:00", "minutes": "90"}


def test_a_visit_is_planned_on_the_page_and_everybody_finds_it(client, town, signed_in):
    desk = signed_in("leader")
    form = text_of(desk.get("/desk/visits/new"))
    assert "李建华" in form and "接访下基层" in form
    sent = PLAN | {"post": town.post("leader", "st"), "once": "abcdabcd"}
    where = [desk.post("/desk/visits/new", sent)["Location"] for _ in range(2)]
    assert where[0] == where[1]
    page = text_of(desk.get(where[0]))
    assert "带物业来看电梯" in page and "榕荫2格1组" in page and "改时间" in page
    assert "带物业来看电梯" in text_of(client.get("/visits?when=coming"))


@pytest.mark.parametrize(
    ("wrong", "says"), [({"place": "不知道哪里"}, "读不出是哪里"), ({"starts": "明天"}, "时间没写全"), ({"minutes": ""}, "结束要晚于开始")]
)
def test_a_wrong_plan_comes_back_with_what_was_typed(client, town, wrong, says, signed_in):
    desk = signed_in("leader")
    page = desk.post("/desk/visits/new", PLAN | {"post": town.post("leader", "st")} | wrong)
    assert page.status_code == 400 and says in text_of(page) and 'value="带物业来看电梯"' in text_of(page)


def test_how_it_was_is_written_down_with_what_was_raised(client, town, signed_in):
    visit = planned()
    desk = signed_in("leader")
    sent = {"begun": "2026-07-14T10:00", "note": "来了十几位邻居", "cells": cells(), "heard_residents": "12", "heard_elders": ""}
    sent |= {"title_1": LAMP.title, "text_1": LAMP.text, "way_1": "matter"}
    sent |= {"title_2": BENCHES.title, "text_2": BENCHES.text, "way_2": "owed", "post_2": BENCHES.post, "due_2": "2026-07-20"}
    bad = desk.post(f"/desk/visits/{visit}/record", sent | {"way_1": ""})
    assert bad.status_code == 400 and "选一种办法" in text_of(bad) and LAMP.text in text_of(bad)
    desk.post(f"/desk/visits/{visit}/record", sent)
    deliveries.work(at=at(28))
    page = text_of(desk.get(f"/desk/visits/{visit}"))
    assert LAMP.text in page and "/desk/matters/" in page and "林秀娟" in page
    page = text_of(client.get(f"/visits/{visit}"))
    assert LAMP.title in page and LAMP.text not in page and "住在这里的人12" in page


def test_what_was_promised_is_answered_from_ones_own_list_of_work(client, town, signed_in):
    visit = went(BENCHES)
    (item,) = queries.view(visit, seen_by=OFFICE, at=at(28)).items
    desk = signed_in("xiujuan")
    assert f"/desk/visits/items/{item.id}" in text_of(desk.get("/desk"))
    assert desk.get(f"/desk/visits/items/{item.id}")["Location"] == f"/desk/visits/{visit}#item-1"
    assert BENCHES.title in text_of(desk.get("/desk/visits?show=owed"))
    wrong = desk.post(f"/desk/visits/items/{item.id}/answer", {"text": "打13800138000"})
    assert wrong.status_code == 400 and "打13800138000" in text_of(wrong)
    desk.post(f"/desk/visits/items/{item.id}/answer", {"text": "两张长椅装好了"})
    assert "两张长椅装好了" in text_of(client.get(f"/visits/{visit}"))


def test_a_year_is_planned_seen_first_laid_and_taken_back(client, town, signed_in):
    went()
    desk = signed_in("leader")
    page = text_of(desk.get("/desk/visits/plan"))
    assert "12个楼栋格，一年里走到了2个" in page
    seen = text_of(desk.get("/desk/visits/plan?until=2026-09-30"))
    assert "走到10个楼栋格" in seen and queries.counts(seen_by=OFFICE, at=at(28))["coming"] == 0
    path = town.area("st").path
    desk.post("/desk/visits/plans", {"path": path, "until": "2026-09-30"})
    listed = text_of(desk.get("/desk/visits?show=coming"))
    assert "撤回这一批" in listed
    batch = listed.split("/desk/visits/plans/")[1].split("/")[0]
    desk.post(f"/desk/visits/plans/{batch}/withdrawal")
    assert queries.coverage(path, at=at(28)).coming == 0


@pytest.mark.parametrize("who", ["chen", "zhou"])
def test_who_does_not_lead_here_is_offered_nothing_and_refused_everything(town, signed_in, who):
    visit = planned()
    desk = signed_in(who)
    for path, sent in (
        ("new", PLAN | {"post": town.post("leader", "st")}),
        (f"{visit}/record", {"begun": "2026-07-14T10:00", "note": "来了十几位邻居", "cells": cells()}),
        (f"{visit}/cancellation", {"why": "不去了"}),
        ("plans", {"path": town.area("st").path, "until": "2026-09-30"}),
    ):
        answer = desk.post(f"/desk/visits/{path}", sent)
        assert answer.status_code in (302, 403, 404), path
    assert queries.view(visit, seen_by=OFFICE, at=at(28)).line.state == "planned"
    assert queries.coverage(town.area("st").path, at=at(28)).coming == 2


def test_the_same_as_json_without_what_is_not_for_everybody(client, town):
    visit = went(ANSWERED, LAMP)
    assert client.get("/api/visits?when=coming").json() == []
    (line,) = client.get("/api/visits?area=ry").json()
    whole = client.get(f"/api/visits/{visit}").json()
    assert line["id"] == visit and whole["raised"][0]["answer"] == ANSWERED.answer
    assert LAMP.text not in client.get(f"/api/visits/{visit}").content.decode()
    assert client.get("/api/visits/coverage?area=ry").json() == {"path": town.area("ry").path, "cells": 4, "reached": 2, "coming": 0}
    assert client.get("/api/visits?area=nowhere").status_code == 404 and client.get("/api/visits/999").status_code == 404


def test_the_list_goes_out_as_a_file(client, town, signed_in):
    went(BENCHES)
    desk = signed_in("leader")
    text = desk.get("/desk/visits/list.csv?show=held").content.decode("utf-8-sig")
    assert text.splitlines()[1].split(",")[-3:] == ["17", "1", "0"] and "坐下来听" in text


def test_pages_say_what_to_do_where_there_is_nothing(client, town, signed_in):
    assert "还没有人来过" in text_of(client.get("/visits")) and "眼下没有排好的" in text_of(client.get("/visits?when=coming"))
    assert "没有和“长椅”有关" in text_of(client.get("/visits?q=长椅"))
    went(BENCHES)
    desk = signed_in("leader")
    assert "走完的都记下了" in text_of(desk.get("/desk/visits?show=unrecorded"))
