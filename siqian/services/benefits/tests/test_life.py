"""From a clerk's draft to an allowance on somebody's account: three persons behind a policy, a named person behind every no."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE, NotFound, NotYours, Refused
from siqian.services.benefits import actions, queries
from siqian.services.benefits.actions import Words
from siqian.services.benefits.tests.town import legal_staff
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.town.people import actions as people_actions
from siqian.town.people.rules import ResidentRow
from siqian.trades.dossier import actions as dossier
from siqian.trades.dossier.rules import Saying
from siqian.trades.notices import queries as notices

OLD = {
    "all": [
        {"fact": "born", "op": ">=", "value": 80, "unit": "age", "clause": "第四条"},
        {"fact": "hukou", "op": "in", "value": ["here"], "clause": "第四条"},
    ]
}
WORDS = Words("高龄津贴", "Allowance of the very old", basis=("elder-33",), amount={"fen": 30000}, told="发到社保卡")


NEIGHBOUR = ResidentRow(9, "songtao-3", "1204", "钱大爷", relation="head", source="网格员上门", basis="居住登记", moved_in=date(2020, 5, 1))


@pytest.fixture
def zhou(town):
    legal_staff()
    return settle_zhou()


@pytest.fixture
def who(town, zhou):
    return {name: town.actor(name) for name in ("lan", "bo", "fa")} | {"zhou": town.resident(ZHOU_PHONE), "chen": town.actor("chen")}


def say(zhou, code, value, by, at=monday_nine, **more):
    saying = Saying(code, value, basis=more.pop("basis", "consent"), **more)
    return dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=by, at=at)


def in_force(who, code="old", when=OLD, words=WORDS):
    act = {"at": monday_nine}
    actions.begin(code=code, words=words, when=when, by=who["lan"], **act)
    actions.ask(code=code, by=who["lan"], **act)
    actions.pass_on(code=code, by=who["fa"], **act)
    actions.publish(code=code, by=who["bo"], **act)


def settle(at=monday_nine):
    while deliveries.work(at=at):
        pass


def test_a_policy_needs_three_persons(who, journal):
    actions.begin(code="old", words=WORDS, when=OLD, by=who["lan"], at=monday_nine)
    actions.ask(code="old", by=who["lan"], at=monday_nine)
    with pytest.raises(Refused):
        actions.publish(code="old", by=who["bo"], at=monday_nine)
    actions.pass_on(code="old", by=who["fa"], at=monday_nine)
    with pytest.raises(NotYours, match="另一位同事"):
        actions.publish(code="old", by=who["lan"], at=monday_nine)
    actions.publish(code="old", by=who["bo"], at=monday_nine)
    assert journal.of("policy:old") == ["policy.drafted", "policy.asked", "policy.passed", "policy.published"]
    assert [line.code for line in queries.in_force(monday_nine.date())] == ["old"]


def test_what_the_law_lets_be_given_on_application_only_is_not_given_without(who):
    actions.begin(code="low", words=Words("低保", basis=("relief-9",), amount={"fen": 100}), when=OLD, by=who["lan"], at=monday_nine)
    with pytest.raises(Refused, match="本人申请"):
        actions.ask(code="low", by=who["lan"], at=monday_nine)
    actions.change(code="low", words=Words("低保", basis=("relief-9",), mode="help", amount={"fen": 100}), by=who["lan"], at=monday_nine)
    actions.ask(code="low", by=who["lan"], at=monday_nine)


def test_somebody_is_told_as_soon_as_the_last_fact_is_known_and_it_is_theirs_when_confirmed(who, zhou, journal):
    in_force(who)
    say(zhou, "born", "1946-07-13", who["chen"])
    settle()
    assert queries.mine(who["zhou"]) == []
    say(zhou, "hukou", "here", who["chen"])
    settle()
    (found,) = queries.mine(who["zhou"])
    assert found.state == "told" and found.fen == 30000 and found.why == ("年龄满80周岁", "户口是本区")
    assert any("高龄津贴" in line.values["title"] for line in notices.told(notices.readers(who["zhou"])))
    actions.confirm(entitlement=found.id, by=who["lan"], at=monday_nine)
    actions.grant(entitlement=found.id, why="7月20日到社保卡", by=who["lan"], at=monday_nine)
    actions.grant(entitlement=found.id, by=who["lan"], at=monday_nine)
    assert journal.of(f"entitlement:{found.id}") == ["entitlement.found", "entitlement.moved", "entitlement.moved"]
    (got,) = queries.mine(who["zhou"])
    assert (
        got.state == "granted"
        and [step.what for step in got.steps] == ["told", "confirm", "grant"]
        and got.steps[-1].why == "7月20日到社保卡"
    )


def test_a_fact_that_changes_takes_nothing_by_itself(who, zhou, journal):
    in_force(who)
    say(zhou, "born", "1946-07-13", who["chen"])
    fact = say(zhou, "hukou", "here", who["chen"])
    settle()
    (found,) = queries.mine(who["zhou"])
    actions.confirm(entitlement=found.id, by=who["lan"], at=monday_nine)
    later = monday_nine + timedelta(days=1)
    dossier.correct(fact=fact, saying=Saying("hukou", "else", basis="consent"), by=who["chen"], at=later)
    settle(later)
    (doubtful,) = queries.mine(who["zhou"])
    assert doubtful.state == "confirmed" and doubtful.doubt == later
    assert [line.id for line in queries.waiting(seen_by=who["lan"], show="doubt")[0]] == [found.id]


def test_a_no_has_a_name_and_a_reason_and_another_hears_the_appeal(who, zhou):
    in_force(who)
    say(zhou, "born", "1946-07-13", who["chen"])
    say(zhou, "hukou", "here", who["chen"])
    settle()
    (found,) = queries.mine(who["zhou"])
    with pytest.raises(Refused, match="理由"):
        actions.refuse(entitlement=found.id, why=" ", by=who["lan"], at=monday_nine)
    actions.refuse(entitlement=found.id, why="户口簿上是外区", by=who["lan"], at=monday_nine)
    actions.appeal(entitlement=found.id, why="去年迁来的", by=who["zhou"], at=monday_nine)
    with pytest.raises(NotYours, match="换一个人"):
        actions.allow(entitlement=found.id, why="对", by=who["lan"], at=monday_nine)
    actions.allow(entitlement=found.id, why="户籍系统里已经迁入", by=who["bo"], at=monday_nine)
    (again,) = queries.mine(who["zhou"])
    assert again.state == "confirmed" and [step.by_name for step in again.steps][1:] == ["方岚", "周女士", "邱博"]


def test_who_does_not_want_to_be_looked_for_is_left_out_and_nobody_else_sees_what_is_theirs(who, zhou, town):
    in_force(who)
    place = town.place("松涛苑3栋")
    actions.suggest(subject=f"resident:{zhou}", on=False, grid=place.fence, by=who["zhou"], at=monday_nine)
    say(zhou, "born", "1946-07-13", who["chen"])
    say(zhou, "hukou", "here", who["chen"])
    settle()
    assert queries.mine(who["zhou"]) == []
    actions.suggest(subject=f"resident:{zhou}", on=True, grid=place.fence, by=who["zhou"], at=monday_nine)
    settle()
    (found,) = queries.mine(who["zhou"])
    for other in (town.actor("chen"), town.resident("lin"), who["fa"]):
        with pytest.raises(NotFound):
            queries.entitlement(found.id, seen_by=other)
    with pytest.raises(NotYours):
        actions.confirm(entitlement=found.id, by=who["zhou"], at=monday_nine)


def test_matching_again_finds_nothing_twice(who, zhou):
    in_force(who)
    say(zhou, "born", "1946-07-13", who["chen"])
    say(zhou, "hukou", "here", who["chen"])
    settle()
    assert actions.match_all(by=OFFICE, at=monday_nine) == 0
    assert actions.match_policy(code="old", by=OFFICE, at=monday_nine) == 0
    assert len(queries.mine(who["zhou"])) == 1


def test_the_night_finds_who_has_a_birthday(who, zhou):
    in_force(who)
    say(zhou, "born", "1946-07-14", who["chen"])
    say(zhou, "hukou", "here", who["chen"])
    settle()
    assert queries.mine(who["zhou"]) == []
    assert actions.match_all(by=OFFICE, at=monday_nine + timedelta(days=1)) == 1


LATER = monday_nine + timedelta(hours=2)


def two_found(who, zhou, words):
    """周小兰 and a neighbour whom nobody else knows, both found for a policy with few places."""
    in_force(who, words=words)
    other = people_actions.enroll(residents=[NEIGHBOUR], by=OFFICE, at=monday_nine)[0]
    for number, at in ((zhou, monday_nine), (other, LATER)):
        say(number, "born", "1946-07-13", who["chen"], at=at)
        say(number, "hukou", "here", who["chen"], at=at)
        settle(at)
    return sorted(line.id for line in queries.waiting(seen_by=who["lan"])[0])


def test_whoever_comes_when_the_places_are_gone_waits_and_has_the_first_that_is_free(who, zhou):
    first, second = two_found(who, zhou, replace(WORDS, places=1))
    actions.confirm(entitlement=second, by=who["lan"], at=LATER)
    actions.confirm(entitlement=first, by=who["lan"], at=LATER)
    (mine,) = queries.mine(who["zhou"])
    assert mine.state == "queued" and mine.turn == 1
    actions.refuse(entitlement=second, why="已经搬走", by=who["lan"], at=LATER)
    settle(LATER)
    (mine,) = queries.mine(who["zhou"])
    assert mine.state == "confirmed" and mine.steps[-1].by_name == "四千"


def test_a_budget_is_not_spent_twice(who, zhou):
    first, second = two_found(who, zhou, replace(WORDS, budget=30000 * 12))
    actions.confirm(entitlement=first, by=who["lan"], at=LATER)
    actions.confirm(entitlement=second, by=who["lan"], at=LATER)
    assert queries.spent("old") == (1, 30000 * 12)
    assert [line.id for line in queries.waiting(seen_by=who["lan"], show="queued")[0]] == [second]


def test_two_clerks_who_take_the_last_place_at_once_do_not_both_have_it(who, zhou, race, postgres):
    first, second = two_found(who, zhou, replace(WORDS, places=1))
    finishes = race(
        lambda: actions.confirm(entitlement=first, by=who["lan"], at=LATER),
        lambda: actions.confirm(entitlement=second, by=who["bo"], at=LATER),
    )
    assert all(finish.ok for finish in finishes), finishes
    assert queries.spent("old")[0] == 1 and len(queries.waiting(seen_by=who["lan"], show="queued")[0]) == 1
