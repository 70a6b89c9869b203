"""A desk has something put up: every keeper of the area finds it in the day, and the desk sees how far it is."""

import csv
import io
from datetime import timedelta

import pytest

from siqian.kernel import clock
from siqian.kernel.permits import BadInput, NotFound, NotYours
from siqian.services.sensing import actions, jobs, queries
from siqian.services.sensing.rules import Sight
from siqian.services.sensing.rules.publicity import MOST_POINTS, spread
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

from .gauges import hear

WEDNESDAY = monday_nine + timedelta(days=2)


def told(town, *, area: str = "ry", by=None, key: str = "key-1-abcdef", **more) -> int:
    what = {"title": "防台风告知", "text": "阳台花盆收进屋，地下车库今晚封门", "until": WEDNESDAY.date()} | more
    return actions.order_publicity(area=town.area(area).path, **what, key=key, by=by or town.desk("ry"), at=monday_nine)


def mine(town, who: str = "chen", at=monday_nine):
    return next((line for line in queries.rounds(at.date(), seen_by=town.actor(who)) if line.plan.tells), None)


def put_up(town, line, number: int, who: str = "chen", at=monday_nine) -> None:
    sight = Sight("well", round=line.id, point=line.points[number].code)
    actions.record(sight=sight, key=f"key-{line.id}-{number}-abc", by=town.actor(who), at=at)


def test_every_keeper_of_the_area_has_a_round_of_its_houses_with_a_clock(town, journal):
    number = told(town)
    assert told(town) == number, "a second tap is no second order"
    line, other = mine(town), mine(town, "chunmei")
    assert (line.plan.zh, line.plan.look) == ("防台风告知", "阳台花盆收进屋，地下车库今晚封门")
    assert {point.words for point in line.points}.isdisjoint({point.words for point in other.points})
    assert mine(town, "jianjun") is None
    owed = [row for row in tasks.todo(seen_by=town.actor("chen"), at=monday_nine) if row.about == f"round:{line.id}"]
    assert len(owed) == 1 and owed[0].due == WEDNESDAY.replace(hour=0) + timedelta(days=1)
    assert journal.of(f"publicity:{number}") == ["publicity.ordered"]
    assert "防台风告知" in [leaf.values.get("title") for leaf in notices.told([f"post:{town.post('keeper', 'ry-g2')}"])]


def test_it_stays_in_the_day_until_it_is_done_and_takes_no_place_of_the_days_rounds(town):
    told(town)
    jobs.lay_out_the_day(at=monday_nine)
    assert {line.plan.tells for line in queries.rounds(monday_nine.date(), seen_by=town.actor("chen"))} == {True, False}
    tuesday = monday_nine + timedelta(days=1)
    line = mine(town, at=tuesday)
    for number in range(len(line.points)):
        put_up(town, line, number, at=tuesday)
    assert mine(town, at=tuesday) is None
    assert [clock_.stopped for clock_ in tasks.clocks(f"round:{line.id}")] == [tuesday]


def test_the_desk_sees_how_far_each_grid_is(town):
    number = told(town)
    line = mine(town)
    put_up(town, line, 0)
    view = queries.publicity(number, seen_by=town.desk("ry"))
    done = {one.grid[0]: (one.done, one.points) for one in view.grids}
    assert done["榕荫2格"] == (1, len(line.points)) and done["榕荫1格"][0] == 0
    assert (view.done, view.points) == (1, sum(points for _done, points in done.values()))
    (listed,) = queries.publicity_list(seen_by=town.desk("ry"))
    assert (listed.through, listed.grids, listed.missed) == (0, 2, 0)
    assert [one.id for one in queries.publicity_list(seen_by=town.actor("chen"))] == [number]
    assert queries.publicity_list(seen_by=town.desk("mm")) == []
    with pytest.raises(NotFound):
        queries.publicity(number, seen_by=town.desk("mm"))


def test_whose_order_it_was_is_told_once_that_some_are_late(town):
    number = told(town)
    after = WEDNESDAY.replace(hour=0, minute=1) + timedelta(days=1)
    tasks_jobs.climb_what_is_late(at=after)
    hear(after)
    assert [one.missed for one in queries.publicity_list(seen_by=town.desk("ry"))] == [2]
    leaves = [leaf for leaf in notices.told([f"post:{town.post('desk', 'ry')}"]) if leaf.about == f"publicity:{number}"]
    assert len(leaves) == 1 and leaves[0].values["title"] == "防台风告知"


def test_withdrawn_with_a_reason_it_leaves_the_day_and_those_who_had_not_finished_are_told(town, journal):
    number, desk = told(town), town.desk("ry")
    line = mine(town)
    with pytest.raises(BadInput, match="为什么撤回"):
        actions.withdraw_publicity(publicity=number, why="", by=desk, at=monday_nine)
    for _ in range(2):
        actions.withdraw_publicity(publicity=number, why="台风转向了，不来了", by=desk, at=monday_nine)
    assert mine(town) is None and all(one.stopped for one in tasks.clocks(f"round:{line.id}"))
    assert journal.of(f"publicity:{number}") == ["publicity.ordered", "publicity.withdrawn"]
    values = [leaf.values for leaf in notices.told([f"post:{town.post('keeper', 'ry-g2')}"]) if leaf.about == f"publicity:{number}"]
    assert [one["why"] for one in values if "why" in one] == ["台风转向了，不来了"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": ""}, "写一句宣传什么"),
        ({"text": "贴"}, "写清楚"),
        ({"until": None}, "最后一天"),
        ({"until": monday_nine.date() - timedelta(days=1)}, "最后一天"),
        ({"until": monday_nine.date() + timedelta(days=61)}, "最后一天"),
        ({"raw": [("a.txt", b"hello")]}, "不是照片"),
        ({"area": "ry-g2-c1"}, "没有网格员"),
    ],
)
def test_what_is_no_order_lays_nothing(town, more, why):
    with pytest.raises(BadInput, match=why):
        told(town, **more)
    assert mine(town) is None and queries.publicity_list(seen_by=town.desk("ry")) == []


@pytest.mark.parametrize(
    ("who", "orders"), [("chen", False), ("xiujuan", True), ("liang", True), ("leader", False), ("zheng", False), ("wu", False)]
)
def test_who_may_order(town, who, orders):
    if orders:
        assert told(town, by=town.actor(who))
    else:
        with pytest.raises(NotYours):
            told(town, by=town.actor(who))
    with pytest.raises(NotYours):
        told(town, area="mm", key="key-2-abcdef")


def test_an_order_costs_the_same_for_two_keepers_and_for_six(town, db):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for area, by in (("ry", town.desk("ry")), ("st", town.desk("st"))):
        with CaptureQueriesContext(connection) as asked:
            told(town, area=area, by=by, key=f"key-{area}-abcdef")
        counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 2


def test_of_many_houses_some_are_chosen_spread_over_all():
    assert spread(list(range(7))) == list(range(7))
    found = spread(list(range(1000)))
    assert len(found) == MOST_POINTS and found[0] == 0 and found[-1] > 960 and len(set(found)) == MOST_POINTS


def test_the_desk_orders_by_its_page_and_the_keeper_puts_it_up_by_the_day(town, signed_in):
    desk, chen = signed_in("ruolan"), signed_in("chen")
    sent = {
        "title": "清明防火",
        "text": "楼道不烧纸，带回去的香烛请放一楼",
        "area": town.area("ry").path,
        "until": "2026-07-15",
        "key": "k" * 12,
    }
    with clock.stopped_at(monday_nine):
        assert "眼下没有要宣传的" in desk.get("/desk/publicity").content.decode()
        refused = desk.post("/desk/publicity", sent | {"until": "2020-01-01"})
        assert refused.status_code == 400 and "楼道不烧纸" in refused.content.decode()
        where = desk.post("/desk/publicity", sent)["Location"]
        assert desk.post("/desk/publicity", sent)["Location"] == where
        day = chen.get("/day").content.decode()
        assert "清明防火" in day and "楼道不烧纸" in day and "贴好了、说到了" in day
        line = mine(town)
        body = {"key": "key-9-abcdef", "kind": "well", "round": str(line.id), "point": line.points[0].code}
        assert chen.post("/day/records", body, headers={"Accept": "application/json"}).status_code == 200
        shown = desk.get(where).content.decode()
        assert "处里做了1处" in shown and "榕荫2格" in shown
        assert "宣传" in desk.get("/desk/patrols").content.decode()
        rows = list(csv.reader(io.StringIO(desk.get(f"{where}/list.csv").content.decode("utf-8-sig"))))
        assert sorted(row[2] for row in rows[1:]) == ["0", "1"]
        assert desk.post(f"{where}/withdrawal", {"why": "无"}).status_code == 400
        assert desk.post(f"{where}/withdrawal", {"why": "雨大，改天再贴"}).status_code == 302
        assert "雨大，改天再贴" in chen.get(where).content.decode() and "清明防火" not in chen.get("/day").content.decode()
        assert signed_in("caiyun").get(where).status_code == 404 and signed_in("lin").get("/desk/publicity").status_code == 302
