"""Owners are reminded at shares of the time that a clock has, while it can still be kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import store
from siqian.kernel.deadline import Term
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine
from siqian.town.people.rules import Owner
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import actions, jobs
from siqian.trades.tasks.models import Task
from siqian.trades.tasks.rules import WARNED, WARNINGS, left, warning

OWNER, DAY = Owner("ry-g2:keeper", "chen"), timedelta(days=1)


def act(at=monday_nine):
    return {"by": OFFICE, "at": at}


def owe(about="matter:1", *, what="settle", length=DAY, at=monday_nine):
    facts = {"owner": OWNER, "path": "/rj/", "title": f"{about}的灯", "place": "", "said_by": ""}
    actions.open_clocks(about=about, dues={what: at + length}, terms={what: Term(length)}, **facts, **act(at))


def heard():
    return [line.text.format(**line.values) for line in reversed(notices.told(["post:ry-g2:keeper"], most=2000))]


def test_half_and_four_fifths_of_a_day_are_told_each_once(town):
    owe()
    for hours in range(0, 30):
        jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=hours))
    assert heard() == ["办结还剩12小时：matter:1的灯", "办结还剩4小时：matter:1的灯"]


def test_of_two_reminders_that_a_worker_slept_through_one_is_told(town):
    owe()
    for hours in (22, 23):
        jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=hours))
    assert heard() == ["办结还剩2小时：matter:1的灯"]


def test_what_was_done_in_time_is_not_reminded_of(town):
    owe()
    actions.stop(about="matter:1", what="settle", **act(monday_nine + timedelta(hours=3)))
    assert jobs.warn_before_it_is_late(at=monday_nine + DAY) == 0 and heard() == []


def test_what_is_late_already_climbs_and_is_not_said_to_be_near(town):
    """The worker slept through the warnings."""
    owe()
    for _ in range(3):
        jobs.warn_before_it_is_late(at=monday_nine + 2 * DAY)
    assert heard() == []


def test_a_clock_that_stands_still_reminds_of_nothing_until_it_goes_on(town):
    owe()
    paused = monday_nine + timedelta(hours=6)
    actions.pause(about="matter:1", what="settle", why="third", limit=paused + 3 * DAY, **act(paused))
    for hours in range(7, 70):
        jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=hours))
    assert heard() == []
    actions.resume(about="matter:1", what="settle", **act(monday_nine + timedelta(hours=70)))
    # 18 of 24 hours are left, until hour 88: half of the whole span had gone by while it stood still.
    for hours in range(70, 90):
        jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=hours))
    assert heard() == ["办结还剩18小时：matter:1的灯", "办结还剩17小时：matter:1的灯"]


def test_an_extension_moves_the_next_reminder_and_repeats_none(town):
    owe()
    jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=12))
    actions.extend(about="matter:1", what="settle", amount=24, **act(monday_nine + timedelta(hours=13)))
    for hours in range(13, 48):
        jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=hours))
    assert heard() == ["办结还剩12小时：matter:1的灯", "办结还剩9小时：matter:1的灯"]


def test_whoever_took_it_over_is_reminded(town):
    owe()
    actions.hand_over(about="matter:1", owner=Owner("ry-g1:keeper", "chunmei"), **act(monday_nine + timedelta(hours=1)))
    jobs.warn_before_it_is_late(at=monday_nine + timedelta(hours=12))
    assert heard() == [] and len(notices.told(["post:ry-g1:keeper"])) == 1


def test_two_workers_remind_once(town, race):
    for number in range(40):
        owe(f"matter:{number}")
    later = monday_nine + timedelta(hours=12)
    race(lambda: jobs.warn_before_it_is_late(at=later), lambda: jobs.warn_before_it_is_late(at=later))
    assert len(heard()) == 40 and len(set(heard())) == 40


def test_many_are_reminded_in_a_fixed_number_of_statements(town):
    counts = []
    for many in (10, 200):
        for number in range(many):
            owe(f"matter:{many}{number:04d}")
        with CaptureQueriesContext(connection) as asked:
            actions.warn(**act(monday_nine + timedelta(hours=12)))
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
    with store.reading_all():
        assert set(Task.objects.values_list("warned", flat=True)) == {1}


@pytest.mark.parametrize("what", WARNINGS)
def test_reminders_rise_and_end_before_the_clock_does(what):
    times = [warning(what, number, monday_nine, monday_nine + DAY) for number in range(len(WARNINGS[what]) + 1)]
    assert times[-1] is None and times[:-1] == sorted(times[:-1]) and all(monday_nine < one < monday_nine + DAY for one in times[:-1])
    assert WARNED[what].format(title="灯", **left(monday_nine + DAY, monday_nine))
    assert left(monday_nine, monday_nine) == {"minutes": "1", "hours": "1"}
