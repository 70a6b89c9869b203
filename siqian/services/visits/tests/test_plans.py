"""A whole plan: everybody is reached within the year, by those who lead here, and what nobody touched can be taken back."""

from datetime import date, timedelta

import pytest

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, BadInput, NotYours
from siqian.services.visits import actions, plans, queries, rules

from .going import ANSWERED, at, planned, went

UNTIL = date(2026, 9, 30)


def test_a_plan_reaches_every_building_grid_that_nobody_came_to(town, journal):
    went()
    batch, visits, left = actions.propose(path=town.area("st").path, until=UNTIL, by=town.desk("st", at(28)), at=at(28))
    whole = queries.coverage(town.area("st").path, at=at(28))
    assert (whole.cells, whole.reached, whole.coming, whole.open, left) == (12, 2, 10, 0, 0)
    lines, _ = queries.find(seen_by=town.desk("st", at(28)), show="coming", at=at(28))
    assert len(lines) == visits and {line.batch for line in lines} == {batch}
    assert all(local(line.starts).date().weekday() < 5 and local(line.starts).date() <= UNTIL for line in lines)
    assert {line.kind.code for line in lines} > {"publicity"} and journal.of(f"visits:{batch}") == ["visits.planned"]


def test_a_second_plan_adds_nothing(town):
    desk = town.desk("st")
    actions.propose(path=town.area("st").path, until=UNTIL, by=desk, at=at(0))
    assert actions.propose(path=town.area("st").path, until=UNTIL, by=desk, at=at(0)) == ("", 0, 0)


def test_nobody_is_sent_where_another_leads_or_on_a_day_that_they_have_given_away(town):
    busy = planned()
    found = plans.drawn_up(town.area("st").path, UNTIL, at=at(1))
    where = {"st:leader": "/rj/st/", "ry:secretary": "/rj/st/ry/"}
    assert {visit.post for visit in found.visits} == set(where)
    assert all(visit.grid.startswith(where[visit.post]) for visit in found.visits)
    day = local(queries.view(busy, seen_by=OFFICE, at=at(1)).line.starts).date()
    assert all(visit.day != day for visit in found.visits if visit.post == "st:leader")


def test_a_plan_is_taken_back_but_for_what_somebody_changed(town):
    desk = town.desk("st")
    batch, visits, _ = actions.propose(path=town.area("st").path, until=UNTIL, by=desk, at=at(0))
    first = queries.find(seen_by=desk, show="coming", at=at(0))[0][0]
    later = {"starts": first.starts + timedelta(hours=1), "ends": first.ends + timedelta(hours=1)}
    actions.move(visit=first.id, **later, post=first.post, by=desk, at=at(1))
    assert actions.take_back(batch=batch, by=desk, at=at(2)) == visits - 1
    assert actions.take_back(batch=batch, by=desk, at=at(2)) == 0
    assert [line.id for line in queries.find(seen_by=desk, show="coming", at=at(2))[0]] == [first.id]


def test_a_plan_is_for_those_who_lead_there_and_for_days_to_come(town):
    for who in (town.desk("mm"), town.actor("chen"), town.resident("zhou")):
        with pytest.raises(NotYours):
            actions.propose(path=town.area("st").path, until=UNTIL, by=who, at=at(0))
    batch, _, _ = actions.propose(path=town.area("ry").path, until=UNTIL, by=town.desk("ry"), at=at(0))
    with pytest.raises(NotYours):
        actions.take_back(batch=batch, by=town.desk("mm"), at=at(1))
    for until in (date(2026, 7, 13), date(2028, 1, 1)):
        with pytest.raises(BadInput, match="排到哪一天"):
            actions.propose(path=town.area("st").path, until=until, by=town.desk("st"), at=at(0))


def test_a_past_comes_in_with_what_was_raised(town):
    path = town.area("ry-g1").path
    cells = tuple(town.area(code).path for code in ("ry-g1-c1", "ry-g1-c2"))
    who = {"post": town.post("secretary", "ry"), "person": "xiujuan"}
    when = {"starts": at(-24 * 40), "ends": at(-24 * 40 + 2)}
    told = {"kind": "office", "topic": "带物业来", "place": "松涛苑1栋大堂", "heard": {"residents": 3}, "note": "现场办了两件"}
    past = rules.Past(path=path, cells=cells, items=(ANSWERED,), **who, **when, **told)
    assert actions.lay_in(visits=[past], by=OFFICE, at=at(0)) == 1
    (line,), _ = queries.public(at=at(0))
    view = queries.view(line.id, seen_by=town.resident("zhou"), at=at(0))
    assert (view.line.person, view.items[0].answer, view.line.settled) == ("林秀娟", ANSWERED.answer, 1)
    assert queries.coverage(path, at=at(0)).reached == 2
    with pytest.raises(NotYours):
        actions.lay_in(visits=[past], by=town.desk("st"), at=at(0))
