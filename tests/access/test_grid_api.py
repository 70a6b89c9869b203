"""The grid as JSON: areas, rosters, patrols, one's own stops. Who may read which, cell by cell, and that it is what the pages say."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.services.care import jobs as care_jobs
from siqian.services.sensing import actions as sensing, jobs, queries as patrols
from siqian.services.sensing.rules import Sight
from siqian.testing import monday_nine, settle_zhou
from siqian.town.people import actions as people_actions

DOORS = (
    "/api/atlas/areas",
    "/api/rosters/now?area=ry",
    "/api/rosters/days?area=ry",
    "/api/patrols/rounds",
    "/api/patrols/records",
    "/api/home-visits/stops",
)
# One row a person, one cell a door in the order above: + is read, . is refused.
MATRIX = {
    "":          ". . . . . .",
    "lin":       ". . . . . .",
    "chen":      "+ + + + + +",
    "jianjun":   "+ . . + + +",
    "wu":        "+ + + + . +",
    "he":        "+ + + + . +",
    "xiujuan":   "+ + + + + +",
    "liang":     "+ + + + + +",
    "qiang":     "+ . . + . +",
    "yan":       "+ . . + . +",
    "leader":    "+ + + + + +",
    "zheng":     "+ + + + + +",
}  # fmt: skip


def get(visitor, path, at=monday_nine, status=200):
    with clock.stopped_at(at):
        answer = visitor.get(path)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.json()


@pytest.mark.parametrize("who", MATRIX)
def test_who_reads_which_door(town, client, signed_in, who):
    visitor = signed_in(who) if who else client
    with clock.stopped_at(monday_nine):
        answers = [visitor.get(path) for path in DOORS]
    assert " ".join({200: "+", 403: "."}[answer.status_code] for answer in answers) == MATRIX[who]
    assert all(answer["Content-Type"].startswith("application/problem+json") for answer in answers if answer.status_code == 403)


def test_areas_say_who_is_on_duty_and_how_much_is_open_as_far_as_one_may_see(town, signed_in):
    intake.take(
        message=Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine
    )
    found = get(signed_in("liang"), "/api/atlas/areas?level=grid")
    assert found["count"] == 6 and [area["code"] for area in found["areas"]] == sorted(area["code"] for area in found["areas"])
    grids = {area["code"]: area for area in found["areas"]}
    assert (grids["ry-g2"]["duty"], grids["ry-g2"]["open"], grids["ry-g1"]["open"]) == ("on", 1, 0)
    assert [(one["name"], one["on"]) for one in grids["ry-g2"]["keepers"]] == [("陈志明", True)]
    # 王建军 sees who is on duty everywhere, and of another grid not that anything is open.
    assert next(area for area in get(signed_in("jianjun"), "/api/atlas/areas")["areas"] if area["code"] == "ry-g2")["open"] == 0
    late = get(signed_in("liang"), "/api/atlas/areas?level=block&area=ry", monday_nine + timedelta(days=3))
    assert [(area["code"], area["late"], area["grids"]) for area in late["areas"]] == [("ry-p1", 1, {"on": 2})]
    cells = get(signed_in("liang"), "/api/atlas/areas?level=cell&area=ry-g2-c1")
    assert [(area["code"], area["duty"], area["open"]) for area in cells["areas"]] == [("ry-g2-c1", "on", 1)]


def test_areas_by_box_and_page(town, signed_in):
    visitor = signed_in("liang")
    lon, lat = town.point("松涛苑3栋")
    box = f"{lon - 0.00001},{lat - 0.00001},{lon + 0.00001},{lat + 0.00001}"
    assert [area["code"] for area in get(visitor, f"/api/atlas/areas?level=cell&bbox={box}")["areas"]] == ["ry-g2-c1"]
    assert get(visitor, "/api/atlas/areas?page=2") == {"count": 6, "areas": []}
    for wrong in ("1,2,3", "a,b,c,d", "3,1,2,4", "nan,0,1,1"):
        assert get(visitor, f"/api/atlas/areas?bbox={wrong}", status=400)["field"] == "bbox"
    assert get(visitor, "/api/atlas/areas?area=nowhere", status=404)["field"] == "area"


def test_who_is_on_duty_now_and_on_a_day(town, signed_in):
    visitor = signed_in("chen")
    now = get(visitor, "/api/rosters/now")
    assert {"陈志明", "李春梅", "方若兰"} <= {one["name"] for one in now} and "王建军" not in {one["name"] for one in now}
    assert {one["name"] for one in get(visitor, "/api/rosters/now?area=ry-g2")} == {"陈志明", "吴建国"}
    assert get(visitor, "/api/rosters/now?page=2") == []
    span = {"since": monday_nine + timedelta(days=1), "until": monday_nine + timedelta(days=2)}
    people_actions.take_leave(person="chen", stand_in="chunmei", **span, by=OFFICE, at=monday_nine)
    tomorrow = {one["post"]: one for one in get(visitor, "/api/rosters/days?area=ry-g2&day=2026-07-14")}
    keeper = tomorrow[town.post("keeper", "ry-g2")]
    assert [(one["name"], one["stands_in_for"]) for one in keeper["stints"]] == [("陈志明", ""), ("李春梅", "陈志明")]
    assert get(visitor, "/api/rosters/days?area=mm", status=403)["field"] == "area"
    assert get(visitor, "/api/rosters/now?area=nowhere", status=404)["field"] == "area"
    assert get(visitor, "/api/rosters/days?day=1999-01-01", status=400)["field"] == "day"


def test_rounds_are_ones_own_and_records_those_of_ones_area(town, signed_in):
    jobs.lay_out_the_day(at=monday_nine)
    visitor = signed_in("chen")
    laid = get(visitor, "/api/patrols/rounds")
    assert {one["post"] for one in laid} == {town.post("keeper", "ry-g2")} and all(one["points"] for one in laid)
    assert [one["id"] for one in laid] == [one.id for one in patrols.rounds(monday_nine.date(), seen_by=town.actor("chen"))]
    assert get(visitor, "/api/patrols/rounds?day=2020-01-01") == []
    record(town, laid[0])
    (line,) = get(visitor, "/api/patrols/records")
    assert (line["kind"], line["by_name"], line["referred"]) == ("well", "陈志明", False) and "lon" not in line
    assert get(signed_in("jianjun"), "/api/patrols/records") == []
    assert [one["id"] for one in get(signed_in("liang"), "/api/patrols/records?area=ry-g2&kind=well")] == [line["id"]]
    assert get(signed_in("liang"), f"/api/patrols/records?before={line['id']}") == []
    assert get(visitor, "/api/patrols/records?since=2026-01-01&until=2026-07-13", status=400)["field"] == "since"
    assert get(visitor, "/api/patrols/records?area=nowhere", status=404)["field"] == "area"


def record(town, laid):
    sight = Sight(kind="well", point=laid["points"][0]["code"], round=laid["id"])
    sensing.record(sight=sight, key="key-1-abcdef", by=town.actor("chen"), at=monday_nine)


def test_stops_are_ones_own_and_masked(town, signed_in):
    settle_zhou()
    care_jobs.lay_out(at=monday_nine)
    stops = get(signed_in("chen"), "/api/home-visits/stops")
    assert stops and all("*" in one["name"] or not one["name"] for one in stops) and {one["building"] for one in stops} == {"songtao-3"}
    assert get(signed_in("chen"), "/api/home-visits/stops?page=2") == [] and get(signed_in("jianjun"), "/api/home-visits/stops") == []
