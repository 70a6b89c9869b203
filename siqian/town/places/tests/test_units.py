"""Flats, shops and offices: numbered by rule, taken from a list, found by what people write."""

from datetime import timedelta

import pytest

from siqian.kernel.clock import local
from siqian.kernel.permits import ANYONE, OFFICE, NotYours, Refusal
from siqian.testing import monday_nine
from siqian.town.places import actions, queries
from siqian.town.places.actions import Units
from siqian.town.places.models import Unit
from siqian.town.places.rules import UnitRow, floor_of, label_of

LATER = monday_nine + timedelta(days=30)


@pytest.fixture
def pine(town):
    """松涛苑3栋 with its 18 storeys of 6 doors."""
    code = town.building("松涛苑3栋")
    actions.number_units(buildings=[code], by=OFFICE, at=monday_nine)
    return code


def lay(*rows, at=LATER, by=OFFICE):
    return actions.lay_units(units=rows, by=by, at=at)


def test_a_building_is_numbered_by_its_rule_and_only_once(pine, journal):
    lines = queries.units(pine)
    assert len(lines) == 18 * 6 and [line.label for line in lines[:2]] == ["101", "102"] and lines[-1].code == f"{pine}-1806"
    assert {line.use for line in lines} == {"home"} and journal.of("area:rj")[-1] == "units.laid"
    assert actions.number_units(buildings=[pine], by=OFFICE, at=LATER) == Units()


def test_two_who_number_a_building_at_once_number_it_once(town, race):
    finishes = race(*(lambda: actions.number_units(buildings=["songtao-3"], by=OFFICE, at=monday_nine) for _ in range(3)))
    assert [finish.why for finish in finishes] == [""] * 3 and sum(finish.value.added for finish in finishes) == 108
    assert len(queries.units("songtao-3")) == 108


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("1203", "1203"),
        ("2单元1203室", "2-1203"),
        ("02-1203", "2-1203"),
        ("A单元 301", "A-301"),
        ("b12房", "B12"),
        ("地下室", None),
        ("", None),
    ],
)
def test_what_people_write_becomes_one_label(written, label):
    assert label_of(written) == label


@pytest.mark.parametrize(("label", "floor"), [("1203", 12), ("2-301", 3), ("B12", None), ("12", None)])
def test_a_room_begins_with_its_storey(label, floor):
    assert floor_of(label) == floor


def test_an_address_is_read_down_to_the_unit(pine):
    found = queries.addressed("松涛苑3栋1203室")
    assert found.unit is not None and (found.unit.label, found.unit.floor, found.why) == ("1203", 12, None)


def test_a_room_that_is_not_there_leaves_the_building_and_says_so(pine):
    found = queries.addressed("松涛苑3栋2501室")
    assert found.building == pine and found.unit is None and found.why is not None
    assert found.why.why == "名册里这栋没有2501，先记到这栋楼。核对房号"


def test_a_building_without_a_register_of_units_asks_for_none(pine, town):
    found = queries.addressed("松涛苑4栋9901室")
    assert (found.building, found.unit, found.why) == (town.building("松涛苑4栋"), None, None)


def test_the_same_room_in_two_staircases_asks_which(town):
    code = town.building("云岭村A栋")
    lay(UnitRow(2, code, "1-301", 3), UnitRow(3, code, "2-301", 3), UnitRow(4, code, "2-302", 3))
    assert isinstance(queries.unit(code, "", "302"), queries.UnitLine)
    both = queries.unit(code, "", "301")
    assert isinstance(both, Refusal) and both.why == "这栋2个单元都有301，说明是几单元"
    assert queries.unit(code, "2", "301").label == "2-301"


def test_what_changes_its_use_keeps_its_row_and_its_past(pine):
    before = next(line for line in queries.units(pine) if line.label == "101")
    assert lay(UnitRow(2, pine, "101", 1, "shop"), UnitRow(3, pine, "102", 1)) == Units(changed=1, same=1)
    now = next(line for line in queries.units(pine) if line.label == "101")
    assert (now.id, now.use) == (before.id, "shop")
    past = Unit.objects.get(label="101", building__code=pine, valid_to=local(LATER).date())
    assert past.use == "home" and past.valid_from == local(monday_nine).date()


def test_what_is_pulled_down_is_no_longer_there(pine):
    assert lay(UnitRow(2, pine, "1806", 18, until=local(LATER).date())) == Units(ended=1)
    assert isinstance(queries.unit(pine, "", "1806"), Refusal) and Unit.objects.filter(label="1806").count() == 1


def test_every_fault_is_told_with_its_row_and_nothing_is_written(pine):
    with pytest.raises(actions.BadMap) as error:
        lay(
            UnitRow(2, pine, "1901", 19), UnitRow(3, "nowhere", "101", 1), UnitRow(4, pine, "12/3", 12, "bar"), UnitRow(5, pine, "1901", 19)
        )
    assert [fault.why for fault in error.value.faults] == [
        "第3行：名册里没有nowhere这栋楼，先导入楼栋或改编码",
        "第4行：房号“12/3”写成1203，有单元的写成2-1203",
        "第4行：用途“bar”不认识，写住宅、商铺、办公或其他",
        f"第5行：{pine}-1901在第2行已经有了，删去一行",
    ]
    assert len(queries.units(pine)) == 108


def test_nobody_but_the_office_and_administrators_lays_units(pine, town):
    for by in (ANYONE, town.resident("zhou"), town.actor("chen")):
        with pytest.raises(NotYours):
            lay(UnitRow(2, pine, "1901", 19), by=by)
