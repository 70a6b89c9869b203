"""A teller sees who of the staff has opened their matter, and when first."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Fence
from siqian.spine.matters import actions, queries
from siqian.testing import monday_nine

LATER = monday_nine + timedelta(minutes=5)


@pytest.fixture
def told(town):
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"), account=town.resident("zhou").ref)
    return intake.take(message=message, by=town.resident("zhou"), at=monday_nine)


def readers(told):
    teller = Actor(ref="receipt:1", own=frozenset([f"matter:{told.matter}"]), fence=Fence(own=(told.matter,)))
    return [(reader.name, reader.at) for reader in queries.readers_of(told.matter, seen_by=teller)]


def test_the_first_time_counts_and_once_a_person(told, town):
    for at in (monday_nine, LATER):
        actions.mark_read(matter=told.matter, by=town.actor("chen"), at=at)
    actions.mark_read(matter=told.matter, by=town.actor("xiujuan"), at=LATER)
    assert readers(told) == [("陈志明", monday_nine), ("林秀娟", LATER)]


def test_neither_the_office_nor_a_stranger_nor_whoever_may_not_read_it_is_noted(told, town):
    for by in (OFFICE, ANYONE, town.actor("chunmei"), town.actor("he"), town.resident("zhou")):
        actions.mark_read(matter=told.matter, by=by, at=LATER)
    assert readers(told) == []


def test_two_windows_of_one_person_note_it_once(told, town, race):
    chen = town.actor("chen")
    race(*[lambda: actions.mark_read(matter=told.matter, by=chen, at=LATER)] * 2)
    assert len(readers(told)) == 1


def test_what_the_keeper_opens_the_teller_sees_on_the_page(told, signed_in):
    before = signed_in("zhou").get(f"/matters/{told.number}").content.decode()
    assert "位工作人员看过" not in before
    chen = signed_in("chen")
    for _ in range(2):
        assert chen.get(f"/desk/matters/{told.number}").status_code == 200
    page = signed_in("zhou").get(f"/matters/{told.number}").content.decode()
    assert "1位工作人员看过" in page and "陈志明" in page


def test_neighbours_are_not_told_who_read_it(told, town):
    actions.mark_read(matter=told.matter, by=town.actor("chen"), at=LATER)
    for stranger in (town.resident("lin"), ANYONE, town.actor("chunmei")):
        assert queries.readers_of(told.matter, seen_by=stranger) == []
    assert len(queries.readers_of(told.matter, seen_by=town.actor("chen"))) == 1
