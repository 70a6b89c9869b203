"""System, security and audit administrator are three persons: nobody comes to be two of them, by seat or by standing in."""

from datetime import timedelta

import pytest

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, BadInput
from siqian.testing import DAY, SINCE, monday_nine
from siqian.town.people import actions, queries
from siqian.town.people.actions import PersonRow, SeatRow
from siqian.town.people.models import Holding, Leave
from siqian.town.people.rules import AwayRow, TurnRow

ACT = {"by": OFFICE, "at": monday_nine}
NAMES = {"system_admin": ("min", "方敏"), "security_admin": ("an", "安静"), "audit_admin": ("shen", "沈计")}
DUTIES = tuple(NAMES)
PAIRS = [(one, other) for one in DUTIES for other in DUTIES if one != other]


@pytest.fixture
def three(town):
    """Each of the three posts with a person of its own."""
    persons = [PersonRow(code, name, name, 0) for code, name in NAMES.values()]
    seats = [SeatRow(f"rj:{duty}", duty, "rj", duty, duty, NAMES[duty][0], DAY) for duty in DUTIES]
    actions.lay_in(persons=persons, seats=seats, since=SINCE, **ACT)
    return town


def kinds(person, at=monday_nine):
    roster = queries._roster()
    return {seat.duty for seat in roster.filled_by(person, at)} & set(DUTIES)


@pytest.mark.parametrize(("holds", "asked"), PAIRS)
def test_whoever_is_one_is_seated_on_no_other(three, holds, asked):
    person, name = NAMES[holds]
    with pytest.raises(BadInput, match=f"{name}就既是.*又是.*三个人担任"):
        actions.take_seats(turns=[TurnRow(2, f"rj:{asked}", person, SINCE, None, DAY)], **ACT)
    assert kinds(person) == {holds} and Holding.objects.filter(person__code=person).count() == 1


@pytest.mark.parametrize(("holds", "absent"), PAIRS)
def test_whoever_is_one_stands_in_for_no_other(three, holds, absent):
    person, until = NAMES[holds][0], monday_nine + timedelta(days=2)
    with pytest.raises(BadInput, match=r"替.*的班就既是"):
        actions.take_leave(person=NAMES[absent][0], since=monday_nine, until=until, stand_in=person, **ACT)
    with pytest.raises(BadInput, match=r"替.*的班就既是"):
        actions.take_seats(turns=[], aways=[AwayRow(2, NAMES[absent][0], monday_nine, until, person)], **ACT)
    assert kinds(person) == {holds} and Leave.objects.count() == 0


def test_a_stranger_stands_in_for_one_and_then_for_no_other_and_takes_no_other_seat(three):
    until = monday_nine + timedelta(days=2)
    actions.take_leave(person="min", since=monday_nine, until=until, stand_in="liang", **ACT)
    assert kinds("liang", monday_nine + timedelta(hours=1)) == {"system_admin"}
    with pytest.raises(BadInput, match="梁敏替安静的班"):
        actions.take_leave(person="an", since=monday_nine, until=until, stand_in="liang", **ACT)
    with pytest.raises(BadInput, match="梁敏替方敏的班"):
        actions.take_seats(turns=[TurnRow(2, "rj:audit_admin", "liang", SINCE, None, DAY)], **ACT)
    # And whoever is stood in for takes no seat that would make the stand-in two of them.
    actions.take_leave(person="chen", since=monday_nine, until=until, stand_in="an", **ACT)
    with pytest.raises(BadInput, match="安静替陈志明的班"):
        actions.take_seats(turns=[TurnRow(2, "rj:audit_admin", "chen", SINCE, None, DAY)], **ACT)


def test_two_seats_of_one_list_are_told_too_and_nothing_is_written(town):
    both = [SeatRow(f"rj:{duty}", duty, "rj", duty, duty, "min", DAY) for duty in DUTIES[:2]]
    with pytest.raises(BadInput, match=r"(方敏|min)就既是"):
        actions.lay_in(persons=[PersonRow("min", "方敏", "Fang Min", 0)], seats=both, since=SINCE, **ACT)
    assert not queries.known_posts(["rj:system_admin"])


def test_whoever_was_one_may_be_another_later(three):
    last = local(monday_nine).date() - timedelta(days=1)
    actions.take_seats(turns=[TurnRow(2, "rj:system_admin", "min", None, last, ())], **ACT)
    actions.take_seats(turns=[TurnRow(2, "rj:audit_admin", "min", local(monday_nine).date(), None, DAY)], **ACT)
    assert kinds("min") == {"audit_admin"}


def test_two_at_once_do_not_make_one_person_two(three, race):
    turns = [TurnRow(2, f"rj:{duty}", "liang", SINCE, None, DAY) for duty in DUTIES[:2]]
    finishes = race(*(lambda turn=turn: actions.take_seats(turns=[turn], **ACT) for turn in turns))
    assert sorted(finish.ok for finish in finishes) == [False, True]
