"""Who answers for the lamp in Rongyin, by day, by night, and in the week of the typhoon."""

from datetime import date, datetime

from siqian.spine.remit import rules
from siqian.spine.remit.rules import Class, Item, Rule, Unit

LAMP = Item(code="2.2.2", zh="楼道照明", en="Stairway lighting", lead="manager", words=("灯坏了",), sample="灯坏了")
OTHER = Item(code="18.9.9", zh="待认定", en="Not yet told", lead="manager", words=(), sample="那个")
CLASSES = {code: Class(code, code, code) for code in ("2", "2.2", "18", "18.9")}
UNITS = {code: Unit(code, code, code, "community") for code in ("manager", "station", "duty")}
NOON, NIGHT, SMALL_HOURS = datetime(2026, 5, 6, 12), datetime(2026, 5, 6, 23), datetime(2026, 5, 7, 3)


def rule(code="R", match="2.2", unit="station", why="试点", **more):
    return Rule(code=code, match=match, unit=unit, why=why, **more)


def who(*table, area="longhua/minzhi", at=NOON):
    return rules.unit_for(LAMP, area, at, table).unit


def wrong(*table, areas=None, items=(LAMP, OTHER)):
    items, table = {item.code: item for item in items}, {row.code: row for row in table}
    return [(fault.code, fault.field) for fault in rules.faults(CLASSES, items, UNITS, table, areas)]


def test_without_a_rule_the_items_own_lead_answers():
    assert who() == "manager"


def test_a_rule_of_the_item_stands_above_one_of_its_class():
    assert who(rule("A", match="2", unit="duty"), rule("B", match="2.2.2")) == "station"


def test_a_rule_of_the_street_stands_above_one_of_the_district():
    assert who(rule("A", area="longhua", unit="duty"), rule("B", area="longhua/minzhi")) == "station"


def test_a_street_whose_name_begins_alike_is_another_street():
    assert who(rule(area="longhua/min")) == "manager"


def test_class_two_is_not_class_twenty():
    assert who(rule(match="2.20")) == "manager"


def test_a_night_rule_speaks_over_midnight():
    night = rule(daily="22:00-06:00")
    assert [who(night, at=at) for at in (NOON, NIGHT, SMALL_HOURS)] == ["manager", "station", "station"]


def test_the_night_of_wednesday_lasts_into_thursday_morning():
    wednesday = rule(daily="22:00-06:00", weekdays=(3,))
    assert who(wednesday, at=SMALL_HOURS) == "station"
    assert who(rule(daily="22:00-06:00", weekdays=(4,)), at=SMALL_HOURS) == "manager"


def test_a_rule_ends_on_the_day_named():
    week = rule(since=date(2026, 5, 1), until=date(2026, 5, 6))
    assert who(week, at=datetime(2026, 5, 5, 23, 59)) == "station"
    assert who(week, at=NOON) == "manager"


def test_a_sound_table_has_no_fault():
    assert wrong(rule()) == []


def test_each_wrong_field_is_named():
    table = (
        rule("A", match="7"),
        rule("B", unit="nobody"),
        rule("C", match="2.2.2", since=date(2026, 5, 2), until=date(2026, 5, 1)),
        rule("D", match="2.2.2", daily="25:00-06:00"),
        rule("E", match="2.2.2", weekdays=(0,)),
        rule("F", match="2", why=" "),
        rule("G", match="18", area="/longhua"),
    )
    assert [field for _, field in wrong(*table)][:7] == ["match", "unit", "until", "daily", "weekdays", "why", "area"]


def test_an_area_that_nobody_knows_is_named():
    assert wrong(rule(area="longhua/nowhere"), areas={"longhua"}) == [("R", "area")]


def test_two_rules_that_could_both_speak_clash():
    assert wrong(rule("A"), rule("B", unit="duty")) == [("B", "unit")]


def test_two_rules_of_different_hours_do_not_clash():
    assert wrong(rule("A", daily="08:00-20:00"), rule("B", unit="duty", daily="20:00-08:00")) == []
    assert wrong(rule("A", daily="08:00-21:00"), rule("B", unit="duty", daily="20:00-08:00")) == [("B", "unit")]


def test_two_rules_one_after_the_other_do_not_clash():
    spring = rule("A", until=date(2026, 5, 1))
    assert wrong(spring, rule("B", unit="duty", since=date(2026, 5, 1))) == []


def test_an_items_faults_are_named():
    bad = Item(code="2.2.3", zh="楼道照明", en="", lead="nobody", words=(), sample="灯", hours=1, working_days=1)
    assert set(wrong(items=(LAMP, OTHER, bad))) == {("2.2.3", field) for field in ("zh", "en", "words", "hours", "lead")}


def test_a_list_without_the_unsure_item_is_refused():
    assert wrong(items=(LAMP,)) == [("", "code")]
