"""Promises in working time, against an oracle that counts every single minute."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings, strategies as st

from siqian.kernel.clock import TOWN
from siqian.kernel.deadline import OFFICE, Calendar, Pause, Term, due, town_calendar
from siqian.testing import monday_nine

MINUTE = timedelta(minutes=1)
# A week whose Wednesday is off and whose Sunday is worked.
WEEK = Calendar([date(2026, 7, 15)], [date(2026, 7, 19)], [2026])
BEGIN = datetime(2026, 7, 13, tzinfo=TOWN)

minutes = st.integers(0, 6 * 24 * 60)
pauses = st.lists(
    st.builds(lambda since, length: (since, None if length is None else since + length), minutes, st.none() | st.integers(0, 2000)),
    max_size=4,
)


def at(minute):
    return BEGIN + minute * MINUTE


def oracle(start, term, suspended, calendar):
    """Walk minute by minute; a minute counts when it is promised time and nothing suspends it."""
    left, now = term.length, start
    while left > timedelta(0):
        if any(pause.since <= now and pause.until is None for pause in suspended):
            return None
        paused = any(pause.since <= now < pause.until for pause in suspended)
        if not paused and (not term.working or _open(now, calendar)):
            left -= MINUTE
        now += MINUTE
    return now


def _open(now, calendar):
    return calendar.works(now.date()) and any(opens <= now.time() < closes for opens, closes in OFFICE)


@settings(max_examples=120, deadline=None)
@given(minutes, st.integers(1, 1300), st.booleans(), pauses)
def test_due_agrees_with_whoever_counts_every_minute(start, length, working, suspended):
    term = Term(length * MINUTE, working)
    stops = [Pause(at(since), None if until is None else at(until)) for since, until in suspended]
    assert due(at(start), term, stops, calendar=WEEK) == oracle(at(start), term, stops, WEEK)


def test_thirty_minutes_run_by_night_and_on_holidays():
    night = datetime(2026, 10, 1, 23, 45, tzinfo=TOWN)
    assert due(night, Term.minutes(30)) == datetime(2026, 10, 2, 0, 15, tzinfo=TOWN)


def test_three_working_days_step_over_lunch_night_and_the_national_holiday():
    eve = datetime(2026, 9, 30, 16, 0, tzinfo=TOWN)
    assert due(eve, Term.working_days(3)) == datetime(2026, 10, 10, 16, 0, tzinfo=TOWN)


def test_a_day_that_ends_at_closing_time_is_due_then_and_not_next_morning():
    assert due(monday_nine, Term.working_days(1)) == monday_nine.replace(hour=18)


def test_pauses_that_overlap_are_taken_out_once():
    hour = timedelta(hours=1)
    twice = [Pause(monday_nine + hour, monday_nine + 3 * hour), Pause(monday_nine + 2 * hour, monday_nine + 4 * hour)]
    assert due(monday_nine, Term.hours(2), twice) == monday_nine + 5 * hour
    assert due(monday_nine, Term.hours(2), [*twice, *twice]) == monday_nine + 5 * hour


def test_a_pause_without_an_end_leaves_no_due_time_unless_it_comes_too_late():
    assert due(monday_nine, Term.hours(2), [Pause(monday_nine + timedelta(hours=1))]) is None
    assert due(monday_nine, Term.hours(2), [Pause(monday_nine + timedelta(hours=2))]) == monday_nine + timedelta(hours=2)


def test_an_unknown_year_is_plain_weeks_and_says_so():
    calendar = town_calendar()
    assert not calendar.knows(date(2031, 10, 1))
    assert calendar.works(date(2031, 10, 1)) and not calendar.works(date(2031, 10, 4))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_calendar_that_ships_agrees_with_chinese_calendar_on_every_day(year):
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(366)]
    calendar = town_calendar()
    assert [day for day in days if day.year == year and calendar.works(day) != chinese_calendar.is_workday(day)] == []
    assert calendar.knows(days[0])
