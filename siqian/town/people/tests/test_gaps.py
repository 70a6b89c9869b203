"""Gaps in duty, now and to come: who is needed and not there, and whether the community's desk takes it meanwhile."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine
from siqian.town.people import actions, gaps, queries, rules

WEEK = monday_nine + timedelta(days=7)


def of(post, since=monday_nine, until=WEEK):
    return [gap for gap in queries.duty_gaps(since, until) if gap.post == post]


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 7, day, hour, 0, tzinfo=TOWN)


def test_whoever_sits_there_every_day_leaves_no_gap(town):
    assert of(town.post("keeper", "ry-g2")) == []


def test_a_leave_without_a_stand_in_is_a_gap_that_the_desk_covers(town):
    actions.take_leave(person="chen", since=at(14, 12), until=at(15, 10), by=OFFICE, at=monday_nine)
    found = of(town.post("keeper", "ry-g2"))
    assert [(gap.since, gap.until, gap.covered) for gap in found] == [(at(14, 12), at(14, 20), True), (at(15, 8), at(15, 10), True)]


def test_who_stands_in_fills_it_until_they_are_away_as_well(town):
    actions.take_leave(person="chen", since=at(14, 8), until=at(16, 8), stand_in="chunmei", by=OFFICE, at=monday_nine)
    assert of(town.post("keeper", "ry-g2")) == []
    actions.take_leave(person="chunmei", since=at(15, 8), until=at(15, 12), by=OFFICE, at=monday_nine)
    assert [(gap.since, gap.until) for gap in of(town.post("keeper", "ry-g2"))] == [(at(15, 8), at(15, 12))]


def test_a_desk_that_nobody_sits_at_is_a_gap_and_so_is_every_grid_below_it(town):
    for who in ("ruolan", "weiqiang", "guihua"):
        actions.take_leave(person=who, since=at(14, 6), until=at(14, 14), by=OFFICE, at=monday_nine)
    actions.take_leave(person="chen", since=at(14, 8), until=at(14, 10), by=OFFICE, at=monday_nine)
    assert [(gap.since, gap.until, gap.covered) for gap in of(town.post("desk", "ry"))] == [(at(14, 6), at(14, 14), False)]
    assert [(gap.since, gap.until, gap.covered) for gap in of(town.post("keeper", "ry-g2"))] == [(at(14, 8), at(14, 10), False)]


def test_only_below_an_area(town):
    actions.take_leave(person="chen", since=at(14, 8), until=at(14, 10), by=OFFICE, at=monday_nine)
    assert queries.duty_gaps(monday_nine, WEEK, within="/rj/st/mm/") == []
    assert len(queries.duty_gaps(monday_nine, WEEK, within="/rj/st/ry/")) == 1


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair) + 1)), max_size=8)


def day(minute: int) -> datetime:
    return monday_nine + timedelta(minutes=minute)


@given(spans, spans)
def test_minute_by_minute_union_and_minus_are_what_they_say(ones, others):
    first, second = (gaps.union((day(a), day(b)) for a, b in found) for found in (ones, others))
    left = gaps.minus(first, second)
    for minute in range(62):
        inside = [any(a <= day(minute) < b for a, b in found) for found in (first, second, left)]
        assert inside[0] == any(a <= minute < b for a, b in ones) and inside[2] == (inside[0] and not inside[1])


@pytest.mark.parametrize("minute", range(0, 24 * 60, 47))
def test_a_gap_is_when_nobodys_presence_says_so(town, minute):
    """The same as asking minute by minute who sits there."""
    actions.take_leave(person="chen", since=at(14, 9), until=at(14, 17), by=OFFICE, at=monday_nine)
    when = at(14, 0) + timedelta(minutes=minute)
    seats = [seat for seat in queries._roster().on_posts([town.post("keeper", "ry-g2")], when)]
    there = any(rules.presence(seat, when).person for seat in seats)
    needed = 8 * 60 <= minute < 20 * 60
    found = any(gap.since <= when < gap.until for gap in of(town.post("keeper", "ry-g2"), at(14, 0), at(15, 0)))
    assert found == (needed and not there)
