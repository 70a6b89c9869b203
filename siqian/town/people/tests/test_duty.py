"""Somebody is always there: the keeper by day, a desk by night, a stand-in during leave."""

from datetime import date, datetime, timedelta

import pytest

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotYours
from siqian.testing import monday_nine
from siqian.town.people import actions, queries, rules
from siqian.town.people.actions import PersonRow, SeatRow
from siqian.town.people.models import Leave, Person
from siqian.town.people.rules import Owner, Seat, Shift

THERE = "/rj/st/ry/ry-p1/ry-g2/ry-g2-c1/"
NIGHT = Shift(0, 22 * 60, 30 * 60)


def july(day, hour, minute=0):
    return datetime(2026, 7, day, hour, minute, tzinfo=TOWN)


def take_leave(person, stand_in="", since=monday_nine, days=1, by=OFFICE):
    actions.take_leave(person=person, since=since, until=since + timedelta(days=days), stand_in=stand_in, by=by, at=monday_nine)


def seat(*shifts, away=None):
    return Seat("ry:desk", "desk", 2, "/rj/st/ry/", "guihua", shifts, away)


def test_a_shift_over_midnight_is_one_shift():
    assert rules.presence(seat(NIGHT), july(13, 23)).until == july(14, 6)
    assert rules.presence(seat(NIGHT), july(14, 5, 59)).person == "guihua"
    assert rules.presence(seat(NIGHT), july(14, 6)).person == ""
    assert rules.presence(seat(NIGHT), july(14, 23)).person == "", "Tuesday's night is somebody else's"


def test_an_empty_seat_says_when_it_is_filled_again():
    assert rules.presence(seat(NIGHT), july(14, 6)).next == july(20, 22)
    assert rules.presence(seat(), july(14, 6)).next is None


def test_by_day_the_keeper_owns_what_comes_in(db):
    assert queries.owner_at(THERE, at=monday_nine) == Owner("ry-g2:keeper", "chen", july(13, 20))


def test_by_night_the_community_desk_owns_it(db):
    assert queries.owner_at(THERE, at=july(13, 23)) == Owner("ry:desk", "guihua", july(14, 6))
    assert queries.owner_at(THERE, at=july(14, 3)) == Owner("ry:desk", "guihua", july(14, 6))


@pytest.mark.parametrize("hour", range(24))
def test_at_every_hour_somebody_owns_it(db, hour):
    assert queries.owner_at(THERE, at=july(18, hour, 30)).person


def test_during_leave_the_stand_in_from_the_next_grid_owns_it(db):
    take_leave("chen", "chunmei")
    assert queries.owner_at(THERE, at=july(13, 10)) == Owner("ry-g2:keeper", "chunmei", july(13, 20))
    card = queries.card_of("ry-g2:keeper", at=july(13, 10))
    assert (card.name, card.on, card.stands_in_for) == ("李春梅", True, "陈志明")
    assert queries.owner_at(THERE, at=july(14, 10)).person == "chen"


def test_the_stand_in_may_do_what_the_post_may_and_only_for_so_long(db, town):
    take_leave("chen", "chunmei")
    assert "ry-g2:keeper" in town.actor("chunmei", july(13, 10)).posts
    assert set(town.actor("chunmei", july(13, 10)).fence.grids) >= {town.area("ry-g2").area, town.area("ry-g1").area}
    assert town.actor("chunmei", july(14, 10)).posts == ("ry-g1:keeper",)


def test_leave_without_a_stand_in_goes_to_the_desk(db):
    take_leave("chen")
    assert queries.owner_at(THERE, at=july(13, 10)).post == "ry:desk"
    assert queries.card_of("ry-g2:keeper", at=july(13, 10)).next == july(14, 9)


def test_a_stand_in_who_is_away_stands_in_for_nobody(db):
    take_leave("chen", "chunmei")
    take_leave("chunmei")
    assert queries.owner_at(THERE, at=july(13, 10)).post == "ry:desk"
    assert not queries.card_of("ry-g2:keeper", at=july(13, 10)).on


def test_with_nobody_at_the_community_the_street_and_then_the_district_owns_it(db):
    take_leave("chen")
    for person in ("ruolan", "weiqiang", "guihua"):
        take_leave(person)
    assert queries.owner_at(THERE, at=july(13, 10)).post == "st:desk"
    for person in ("lifen", "guoliang", "xiuying"):
        take_leave(person)
    assert queries.owner_at(THERE, at=july(13, 10)).post == "rj:desk"
    for person in ("yongqing", "meiling", "wenhao"):
        take_leave(person)
    assert queries.owner_at(THERE, at=july(13, 10)) == Owner("rj:desk", "", None), "a post owns it even when nobody sits there"


def test_whoever_asks_again_gets_another_pair_of_eyes(db):
    assert queries.Watch(THERE, at=monday_nine).other_than("chen").person == "ruolan"


def test_a_desk_is_shown_once_with_whoever_sits_there(db):
    cards = queries.my_people(THERE, at=july(13, 23))
    desks = [card for card in cards if card.post == "ry:desk"]
    assert [(card.name, card.on) for card in desks] == [("徐桂花", True)]
    assert [card.duty for card in cards][:3] == ["keeper", "building_head", "secretary"]
    assert not cards[0].on and cards[0].next == july(14, 8)


def test_an_actor_has_what_the_posts_cover(db, town):
    chen, liang, zhou = town.actor("chen"), town.actor("liang"), town.resident("zhou")
    assert chen.person == "chen" and chen.has("keeper") and chen.grants[0].area == "/rj/st/ry/ry-p1/ry-g2/"
    assert set(chen.fence.grids) == {town.area(code).area for code in ("ry-g2", "ry-g2-c1", "ry-g2-c2")} and not chen.fence.everything
    assert liang.fence.everything
    assert (zhou.is_staff, zhou.fence.grids, zhou.name) == (False, (), "周")
    assert town.actor("nobody") is ANYONE


def test_leave_is_checked_and_recorded(db, town, journal):
    with pytest.raises(BadInput, match="结束要晚于开始"):
        take_leave("chen", days=0)
    with pytest.raises(BadInput, match="名单里没有ghost"):
        take_leave("chen", "ghost")
    with pytest.raises(NotYours):
        take_leave("chen", by=town.actor("chen"))
    assert not Leave.objects.exists()
    take_leave("chen", "chunmei")
    assert journal.of("person:chen") == ["leave.taken"]


def test_a_roster_that_names_somebody_unknown_is_refused_whole(db):
    before = Person.objects.count()
    row = SeatRow("x:keeper", "keeper", "ry-g1", "格", "Grid", "ghost", ())
    with pytest.raises(BadInput, match="x:keeper"):
        actions.lay_in(persons=[PersonRow("new", "新人", "New", 0)], seats=[row], since=date(2026, 1, 1), by=OFFICE, at=monday_nine)
    assert Person.objects.count() == before
