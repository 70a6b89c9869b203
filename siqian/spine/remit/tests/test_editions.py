"""The list is changed on the page: by one, in force by another, from its day on, in every process."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from siqian.kernel import clock, epochs, journal as ink
from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters
from siqian.spine.remit import actions, editing, queries
from siqian.spine.remit.models import InForce
from siqian.spine.remit.rules import UNSURE
from siqian.testing import monday_nine

LAMP = "2.2.2"
TOMORROW = date(2026, 7, 14)
TUESDAY = monday_nine + timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    with clock.stopped_at(monday_nine):
        yield


def typed(item, **changes):
    """An item as its form would send it."""
    row = editing.plain(item)
    sent = {name: str(row[name]) for name in ("code", "zh", "en", "lead", "sample", "basis", "needs", "not_ours", "kind", "respond")}
    numbers = {name: str(row[name] or "") for name in ("hours", "working_days")}
    return sent | numbers | {"words": "、".join(row["words"]), "check": "on" if row["check"] else ""} | changes


def drafted(town, version="2026.8", effective=TOMORROW, **changes):
    """An edition by 梁敏 that gives the lamp to another unit."""
    number = actions.draft(version=version, effective=effective, by=town.actor("liang"), at=monday_nine)
    item = queries.item(LAMP)
    sent = typed(item, **({"lead": "health"} | changes))
    actions.change_item(edition=number, sent=sent, joint=item.joint, by=town.actor("liang"), at=monday_nine)
    return number


def enacted(town, **changes):
    number = drafted(town, **changes)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 0
    actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)
    return number


def test_from_its_day_on_the_other_unit_leads_and_before_it_the_old_one(town, journal):
    before = queries.item(LAMP)
    number = enacted(town)
    assert queries.item(LAMP) == before == queries.item(LAMP, date(2026, 7, 13)), "the day has not come"
    assert queries.item(LAMP, TOMORROW).lead == "health"
    area = town.area("ry").path.strip("/")
    assert queries.unit_for(LAMP, area, clock.local(monday_nine)).code == before.lead
    assert queries.unit_for(LAMP, area, clock.local(TUESDAY)).code == "health"
    with clock.stopped_at(TUESDAY):
        assert queries.item(LAMP).lead == "health" and queries.in_force() == ("2026.8", TOMORROW)
    assert journal.of(f"edition:{number}") == ["edition.drafted", "edition.changed", "edition.checked", "edition.enacted"]


def test_whoever_had_a_hand_in_it_does_not_put_it_in_force(town):
    number = drafted(town)
    actions.change_head(edition=number, version="2026.8", effective=TOMORROW, reason="试点", by=town.desk("rj"), at=monday_nine)
    actions.check(edition=number, by=town.actor("liang"), at=monday_nine)
    for hand in (town.actor("liang"), town.desk("rj")):
        with pytest.raises(NotYours, match="不能自己批准"):
            actions.put_in_force(edition=number, by=hand, at=monday_nine)
    assert not InForce.objects.exists()


@pytest.mark.parametrize("who", ["chen", "xiujuan", "wu"])
def test_a_keeper_or_a_secretary_does_not_change_the_list(town, who):
    with pytest.raises(NotYours):
        actions.draft(version="2026.8", effective=TOMORROW, by=town.actor(who), at=monday_nine)
    with pytest.raises(NotYours):
        actions.draft(version="2026.8", effective=TOMORROW, by=town.desk("ry"), at=monday_nine)


def test_what_is_wrong_is_told_with_row_and_field_and_cannot_be_put_in_force(town):
    number = drafted(town, lead="nobody", words="", hours="5", working_days="3")
    rule = {"code": "X1", "match": "99.1", "unit": "health", "why": "", "area": "nowhere", "daily": "25:00-06:00"}
    actions.change_rule(edition=number, sent=rule, by=town.actor("liang"), at=monday_nine)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 7
    view = queries.edition(number, seen_by=town.actor("liang"))
    found = queries.edition_faults(view)
    lamp, rule = {(LAMP, name) for name in ("lead", "words", "hours")}, {("X1", name) for name in ("match", "why", "area", "daily")}
    assert {(fault.code, fault.field) for fault in found} == lamp | rule
    assert view.line.state == "draft"
    with pytest.raises(Refused, match="走到别的一步"):
        actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)


@pytest.mark.parametrize("field, wrong", [("hours", "soon"), ("respond", "-3"), ("zh", "长" * 41), ("kind", "rumour")])
def test_what_cannot_be_read_is_said_at_its_field(town, field, wrong):
    with pytest.raises(BadInput) as refused:
        drafted(town, **{field: wrong})
    assert refused.value.refusal.field == field


def test_an_edition_without_a_row_is_none(town):
    number = actions.draft(version="2026.8", effective=TOMORROW, by=town.actor("liang"), at=monday_nine)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 1


def test_its_day_is_not_over_and_its_name_is_its_own(town):
    for version, effective in (("2026.8", date(2026, 7, 12)), ("", TOMORROW), ("2026.8", None)):
        with pytest.raises(BadInput):
            actions.draft(version=version, effective=effective, by=town.actor("liang"), at=monday_nine)
    drafted(town)
    with pytest.raises(BadInput, match="用过了"):
        actions.draft(version="2026.8", effective=TOMORROW, by=town.desk("rj"), at=monday_nine)


def test_left_lying_over_its_day_it_needs_a_new_one(town):
    number = drafted(town)
    actions.check(edition=number, by=town.actor("liang"), at=monday_nine)
    with pytest.raises(Refused, match="不能早于今天"):
        actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine + timedelta(days=3))


def test_two_drafts_of_one_row_the_second_is_told_that_it_was_overtaken(town):
    number = drafted(town, version="2026.9", lead="housing")
    enacted(town)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 1
    item = queries.item(LAMP, TOMORROW)
    actions.change_item(edition=number, sent=typed(item, lead="housing"), by=town.actor("liang"), at=monday_nine)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 0


def test_before_its_day_it_is_taken_back_and_afterwards_not(town):
    number = enacted(town)
    with pytest.raises(Refused, match="撤不回"):
        actions.withdraw(edition=number, by=town.actor("liang"), at=TUESDAY)
    actions.withdraw(edition=number, by=town.actor("liang"), at=monday_nine)
    assert queries.item(LAMP, TOMORROW).lead == queries.item(LAMP).lead


def test_what_is_in_force_never_changes(town):
    number = enacted(town)
    with pytest.raises(Refused):
        actions.change_item(edition=number, sent=typed(queries.item(LAMP), lead="fire"), by=town.actor("liang"), at=monday_nine)
    with pytest.raises(DatabaseError), ink.writing(OFFICE, whole=True):
        InForce.objects.filter(edition=number).update(version="2026.0")


def test_a_rule_is_put_in_changed_and_taken_away(town):
    number = actions.draft(version="2026.8", effective=TOMORROW, by=town.actor("liang"), at=monday_nine)
    ry = town.area("ry").path.strip("/")
    rule = {"code": "X1", "match": "2.2", "unit": "st-duty", "why": "夜里先去看", "area": ry, "daily": "20:00-08:00"}
    actions.change_rule(edition=number, sent=rule, weekdays=["1", "2"], by=town.actor("liang"), at=monday_nine)
    actions.drop_rule(edition=number, code="R01", by=town.actor("liang"), at=monday_nine)
    actions.check(edition=number, by=town.actor("liang"), at=monday_nine)
    actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)
    night = clock.local(TUESDAY).replace(hour=22)
    assert queries.assignment(LAMP, f"{ry}/ry-p1", night).why == "夜里先去看"
    assert queries.assignment(LAMP, town.area("mm").path.strip("/"), night).rule is None
    assert "R01" in queries.rule_table(date(2026, 7, 13)) and "R01" not in queries.rule_table(TOMORROW)


def test_a_rule_that_clashes_with_one_of_the_files_is_found(town):
    number = actions.draft(version="2026.8", effective=TOMORROW, by=town.actor("liang"), at=monday_nine)
    rule = {"code": "X1", "match": "4.1", "unit": "health", "why": "试点", "daily": "23:00-05:00"}
    actions.change_rule(edition=number, sent=rule, by=town.actor("liang"), at=monday_nine)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 1


def test_a_new_item_is_understood_from_its_day_on(town):
    number = drafted(town)
    new = {
        "code": "2.2.90",
        "zh": "共享雨伞架",
        "en": "Umbrella racks",
        "lead": "health",
        "words": "雨伞架、伞架倒",
        "sample": "雨伞架倒了",
    }
    actions.change_item(edition=number, sent=new | {"kind": "complaint", "hours": "48"}, by=town.actor("liang"), at=monday_nine)
    assert actions.check(edition=number, by=town.actor("liang"), at=monday_nine) == 0
    actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)
    assert learn.understand("地铁口的雨伞架倒了").item in ("", UNSURE)
    with clock.stopped_at(TUESDAY):
        assert learn.understand("地铁口的雨伞架倒了").item == "2.2.90"


def test_what_rulings_propose_becomes_a_draft_once(town):
    asked = {"item": LAMP, "unit": "health", "effective": TOMORROW, "at": monday_nine}
    number = actions.draft_from_precedent(version="2026.8", by=town.actor("liang"), **asked)
    assert actions.draft_from_precedent(version="2026.9", by=town.desk("rj"), **asked) == number
    change = queries.edition(number, seen_by=town.actor("liang")).rows["items"][LAMP]
    assert change["row"]["lead"] == "health" and change["was"]["lead"] in change["row"]["joint"]


def test_a_press_twice_at_once_puts_it_in_force_once(town, race, journal):
    number = drafted(town)
    actions.check(edition=number, by=town.actor("liang"), at=monday_nine)
    press = lambda: actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)  # noqa: E731
    assert sorted(finish.ok for finish in race(press, press)) == [False, True]
    assert journal.of(f"edition:{number}").count("edition.enacted") == 1


ANOTHER = f"""
import django, sys; django.setup()
from datetime import date; from siqian.spine.remit import queries
for line in sys.stdin: print(queries.item("{LAMP}", date(2026, 7, 14)).lead, flush=True)
"""


def test_another_process_follows_within_a_second_without_a_restart(town, db):
    env = os.environ | {"SIQIAN_DATABASE": db.url, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", ANOTHER], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:

        def asked() -> str:
            other.stdin.write("?\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert asked() == queries.item(LAMP).lead
        enacted(town)
        begun = clock.ticks()
        while asked() != "health":
            assert clock.ticks() - begun < 10
        assert clock.ticks() - begun < epochs.PERIOD + 1
        other.stdin.close()


def test_a_matter_that_was_received_before_keeps_its_unit(town):
    from siqian.intake import actions as intake
    from siqian.intake.rules import Message
    from siqian.kernel.permits import ANYONE

    told = intake.take(
        message=Message(text="3栋楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine
    )
    seen = {"seen_by": OFFICE, "at": TUESDAY}
    item, unit = (view := matters.seen(told.number, **seen)).line.item, view.unit
    number = actions.draft(version="2026.8", effective=TOMORROW, by=town.actor("liang"), at=monday_nine)
    actions.change_item(edition=number, sent=typed(queries.item(item), lead="fire"), by=town.actor("liang"), at=monday_nine)
    actions.check(edition=number, by=town.actor("liang"), at=monday_nine)
    actions.put_in_force(edition=number, by=town.desk("rj"), at=monday_nine)
    with clock.stopped_at(TUESDAY):
        assert matters.seen(told.number, **seen).unit == unit != queries.unit_for(item, "", clock.local(TUESDAY)).code
