"""Time and chance, life cycles, permits: the pure floor under every verb."""

from datetime import UTC, datetime

import pytest

from siqian.kernel import clock, permits
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Grant, NotYours, Permit, Refusal, Refused, Thing
from siqian.testing import monday_nine

LAMP = Flow(
    Move("dark", "report", "reported", "teller"),
    Move("reported", "mend", "lit", "keeper"),
    Move("reported", "withdraw", "dark", "teller"),
)


@pytest.fixture
def table(monkeypatch):
    monkeypatch.setattr(permits, "TABLE", {})
    permits.declare(
        "lamp",
        Permit("teller", "look", "own"),
        Permit("keeper", "look", "area"),
        Permit("keeper", "mend", "owner"),
        Permit("electrician", "mend", "unit"),
        Permit("staff", "count", "any"),
    )


def keeper(**changes):
    return Actor(**{"ref": "account:1", "person": "chen", "grants": (Grant("keeper", "/rj/st/ry/"),), "posts": ("ry:keeper",)} | changes)


def lamp(**changes):
    return Thing(**{"kind": "lamp", "ref": "lamp:7", "area": "/rj/st/ry/ry-g2/", "posts": frozenset({"ry:keeper"})} | changes)


def test_the_town_clock_can_be_stopped_and_runs_on_afterwards():
    with clock.stopped_at(monday_nine):
        assert clock.now() == monday_nine
        with clock.stopped_at(datetime(2026, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2026 and clock.local(clock.now()).hour == 8
        assert clock.now() == monday_nine
    assert clock.now() != monday_nine and clock.now().tzinfo is UTC


def test_codes_are_read_out_without_a_mistake():
    codes = {clock.code(10) for _ in range(50)}
    assert len(codes) == 50
    assert not set("".join(codes)) & set("01OILU")


def test_each_failure_waits_longer_up_to_an_hour():
    waits = [clock.backoff(tries).total_seconds() for tries in (1, 4, 8, 30)]
    assert waits == sorted(waits)
    assert 2 <= waits[0] <= 2.5 and 3600 <= waits[-1] <= 4500


def test_a_lamp_walks_its_table_and_no_other_way():
    assert LAMP.then("dark", "report") == "reported"
    assert LAMP.verbs("reported") == ("mend", "withdraw")
    assert LAMP.states == {"dark", "reported", "lit"}
    refusal = LAMP.then("lit", "mend")
    assert isinstance(refusal, Refusal) and "刷新" in refusal.why


def test_a_table_in_which_one_step_leads_two_ways_is_no_table():
    with pytest.raises(ValueError, match="one state only"):
        Flow(Move("a", "go", "b", "x"), Move("a", "go", "c", "x"))


def test_a_keeper_looks_in_the_own_area_only(table):
    assert permits.may(keeper(), "look", lamp()) is None
    assert permits.may(keeper(), "look", lamp(area="/rj/st/mm/")) is permits.UNKNOWN
    assert permits.may(keeper(), "look", lamp(area="/rj/st/ryx/")) is permits.UNKNOWN


def test_only_the_post_that_owns_the_lamp_mends_it(table):
    assert permits.may(keeper(), "mend", lamp()) is None
    assert permits.may(keeper(posts=("mm:keeper",)), "mend", lamp()) is permits.UNKNOWN
    assert permits.may(Actor(ref="account:2", posts=("ry:keeper",)), "mend", lamp()) is permits.UNKNOWN


def test_a_unit_mends_what_was_given_to_it(table):
    power = Actor(ref="account:3", grants=(Grant("electrician", unit="power"),))
    assert permits.may(power, "mend", lamp(unit="power")) is None
    assert permits.may(power, "mend", lamp(unit="")) is permits.UNKNOWN


def test_a_teller_looks_at_the_own_report_only(table):
    assert permits.may(Actor(ref="account:4", own=frozenset({"lamp:7"})), "look", lamp()) is None
    assert permits.may(Actor(ref="account:4", own=frozenset({"lamp:8"})), "look", lamp()) is permits.UNKNOWN
    assert permits.may(ANYONE, "look", lamp()) is permits.UNKNOWN


def test_any_post_counts_as_staff_and_a_resident_does_not(table):
    assert permits.may(keeper(), "count", lamp()) is None
    assert permits.may(OFFICE, "count", lamp()) is None
    assert permits.may(Actor(ref="account:5"), "count", lamp()) is permits.UNKNOWN


def test_whom_a_matter_is_about_is_recused_before_every_permit(table):
    assert permits.may(keeper(), "mend", lamp(against=frozenset({"chen"}))) is permits.RECUSED
    assert permits.may(keeper(person="", ref="account:9"), "mend", lamp(against=frozenset({""}))) is None


def test_what_no_line_allows_is_refused(table):
    assert permits.may(OFFICE, "sell", lamp()) is permits.UNKNOWN
    assert permits.may(OFFICE, "look", Thing("bridge")) is permits.UNKNOWN
    with pytest.raises(NotYours) as refused:
        permits.must(ANYONE, "mend", lamp())
    assert refused.value.status == 403


def test_a_refusal_says_its_sentence_with_the_values_in_place():
    refusal = Refusal("第{row}行：编码{code}前面已经有了", field="code", row=3, code="A1")
    assert refusal.why == str(refusal) == "第3行：编码A1前面已经有了"
    with pytest.raises(Refused) as refused:
        permits.or_refuse(refusal)
    assert refused.value.status == 409 and refused.value.refusal is refusal
    assert permits.or_refuse("lit") == "lit"
