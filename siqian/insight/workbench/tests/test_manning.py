"""A gap in duty is a task before it comes, an alarm when it is there, and gone when somebody fills it."""

from datetime import datetime, timedelta

import pytest

from siqian.insight.workbench import jobs, manning
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, deliveries, store
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.testing import monday_nine
from siqian.town.people import actions as people
from siqian.trades.notices.models import Notice
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 7, day, hour, 0, tzinfo=TOWN)


def nobody_at_the_desk(since, until):
    for who in ("ruolan", "weiqiang", "guihua"):
        people.take_leave(person=who, since=since, until=until, by=OFFICE, at=monday_nine)


def gap_clock(town, post=None):
    clocks = [one for one in tasks.clocks(f"gap:{post or town.post('desk', 'ry')}") if one.stopped is None]
    return clocks[0] if clocks else None


def test_a_gap_to_come_is_a_task_of_whoever_has_to_fill_it(town):
    nobody_at_the_desk(at(15, 6), at(15, 14))
    assert jobs.mind_the_gaps(at=monday_nine) == 1 == jobs.mind_the_gaps(at=monday_nine + timedelta(minutes=1))
    one = gap_clock(town)
    assert one.due == at(15, 6) and one.post == town.post("desk", "st") and one.what == "gap"
    bare = [line.post for line in manning.gaps(seen_by=town.actor("liang"), at=monday_nine) if not line.covered]
    assert set(bare) == {town.post("desk", "ry")}


def test_a_gap_that_begins_earlier_is_due_earlier(town):
    nobody_at_the_desk(at(15, 6), at(15, 14))
    jobs.mind_the_gaps(at=monday_nine)
    assert gap_clock(town).due == at(15, 6)
    # They are away from the evening before as well: the gap begins earlier.
    nobody_at_the_desk(at(14, 22), at(15, 6))
    jobs.mind_the_gaps(at=monday_nine + timedelta(hours=1))
    assert gap_clock(town).due == at(14, 22)


def test_nobody_there_now_is_an_alarm_at_the_desk_above(town):
    nobody_at_the_desk(at(14, 6), at(14, 14))
    jobs.mind_the_gaps(at=monday_nine)
    tasks_jobs.climb_what_is_late(at=at(14, 6) + timedelta(minutes=1))
    while deliveries.work(at=at(14, 7)):
        pass
    with store.reading_all():
        told = set(Notice.objects.filter(about=f"gap:{town.post('desk', 'ry')}").values_list("to", flat=True))
    assert f"post:{town.post('desk', 'st')}" in told
    # When it is over the task is, too.
    jobs.mind_the_gaps(at=at(14, 15))
    assert gap_clock(town) is None


def test_after_one_gap_the_next_is_a_task_of_its_own(town):
    nobody_at_the_desk(at(14, 6), at(14, 14))
    nobody_at_the_desk(at(16, 6), at(16, 14))
    jobs.mind_the_gaps(at=monday_nine)
    assert gap_clock(town).due == at(14, 6)
    jobs.mind_the_gaps(at=at(14, 15))
    assert gap_clock(town).due == at(16, 6)


def test_a_keeper_whose_desk_covers_is_shown_and_no_alarm(town):
    people.take_leave(person="chen", since=at(14, 8), until=at(14, 20), by=OFFICE, at=monday_nine)
    assert jobs.mind_the_gaps(at=monday_nine) == 0
    (line,) = manning.gaps(seen_by=town.actor("xiujuan"), at=monday_nine)
    assert line.covered and line.post == town.post("keeper", "ry-g2")
    assert manning.gaps(seen_by=town.desk("mm"), at=monday_nine) == [] == manning.gaps(seen_by=town.actor("chen"), at=monday_nine)


def test_what_each_keeper_carries_is_counted_against_the_middle(town):
    for number in range(4):
        intake.take(
            message=Message(text=f"3栋{number + 1}楼的灯坏了", channel="web", building=town.building("松涛苑3栋"), apart=True),
            by=ANYONE,
            at=monday_nine,
        )
    loads = {load.post: load for load in manning.loads(seen_by=town.actor("xiujuan"), at=monday_nine + timedelta(hours=1))}
    most, least = loads[town.post("keeper", "ry-g2")], loads[town.post("keeper", "ry-g1")]
    assert (most.houses, most.open, most.month, most.share) == (4, 4, 4, 2.0) and (least.houses, least.open) == (2, 0)
    assert set(loads) == {town.post("keeper", "ry-g1"), town.post("keeper", "ry-g2")}


@pytest.mark.parametrize(("who", "status"), [("liang", 200), ("xiujuan", 200), ("chen", 302)])
def test_the_page_is_for_whoever_looks_after_duty(town, signed_in, who, status):
    nobody_at_the_desk(at(13, 8), at(14, 14))
    with clock.stopped_at(monday_nine):
        answer = signed_in(who).get("/desk/duty")
        assert answer.status_code == status
        if status == 200:
            page = answer.content.decode()
            assert "现在没人" in page and "ry值班台" in page
            rows = signed_in(who).get("/desk/duty/list.csv").content.decode("utf-8-sig").splitlines()
            assert len(rows) >= 2
