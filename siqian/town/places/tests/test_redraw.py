"""The map is drawn anew: the present changes, the past stays, and buildings go with the borders."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, NotYours
from siqian.testing import SOUTH, STEP, WEST, area_rows, monday_nine, square
from siqian.town.places import actions, queries
from siqian.town.places.models import Area
from siqian.town.places.rules import AreaRow

LATER = monday_nine + timedelta(days=30)
ROWS = {row.code: row for row in area_rows()}


def redraw(*rows, at=LATER, by=OFFICE):
    return actions.redraw(areas=[replace(row, row=number) for number, row in enumerate(rows, start=1)], by=by, at=at)


def refused(*rows):
    with pytest.raises(actions.BadMap) as error:
        redraw(*rows)
    return [fault.why for fault in error.value.faults]


def box(west, south, east, north):
    """A ring over parts of building grids."""
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return [[round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)] for x, y in corners]


def shifted():
    """The border between the two building grids of 榕荫1格 moved west, past 松涛苑2栋's neighbour."""
    return replace(ROWS["ry-g1-c1"], rings=[box(0, 0, 0.4, 1)]), replace(ROWS["ry-g1-c2"], rings=[box(0.4, 0, 2, 1)])


def test_a_border_moves_and_the_building_behind_it_goes_along(db, town, journal):
    before = town.place("松涛苑1栋")
    assert before.path.endswith("/ry-g1-c1/")
    assert redraw(*shifted()) == actions.Redrawn(changed=2, added=0, moved=1)
    after = town.place("松涛苑1栋")
    assert after.path.endswith("/ry-g1-c2/") and after.fence == before.fence
    assert queries.at_point(after.lon, after.lat).area == after.area == queries.area_ids()["ry-g1-c2"]
    assert journal.of("area:rj") == ["map.changed", "map.changed", "buildings.moved"]


def test_whoever_points_at_an_area_goes_on_pointing_at_it_and_the_past_is_kept(db, town):
    ids, then = queries.area_ids(), queries.area_rows()
    redraw(*shifted())
    assert queries.area_ids() == ids
    assert queries.area_rows(on=(LATER - timedelta(days=1)).date()) == then
    assert queries.area_rows(on=LATER.date()) == queries.area_rows() != then
    assert queries.area_rows(on=date(1999, 1, 1)) == []
    old = Area.objects.get(code="ry-g1-c1", valid_to=LATER.date())
    assert old.rings == ROWS["ry-g1-c1"].rings and old.id in queries.fences([town.area("ry-g1").path])


def test_twice_on_one_day_is_one_version(db):
    redraw(*shifted())
    redraw(*(ROWS[code] for code in ("ry-g1-c1", "ry-g1-c2")))
    assert Area.objects.filter(code="ry-g1-c1").count() == 2
    assert [row.rings for row in queries.area_rows() if row.code == "ry-g1-c1"] == [ROWS["ry-g1-c1"].rings]


def test_a_building_grid_is_split_and_the_new_one_lies_below_the_old_grid(db, town):
    west = replace(ROWS["ry-g1-c1"], rings=[box(0, 0, 0.4, 1)])
    new = AreaRow(2, "ry-g1-c3", "cell", "榕荫1格3组", "Rongyin Grid 1 Cell 3", "ry-g1", [box(0.4, 0, 1, 1)])
    assert redraw(west, new) == actions.Redrawn(changed=1, added=1, moved=1)
    place = town.place("松涛苑1栋")
    assert place.path == town.area("ry-g1").path + "ry-g1-c3/" and place.names[-1] == "榕荫1格3组"


def test_what_is_as_it_was_is_no_change(db, journal):
    assert redraw(*ROWS.values()) == actions.Redrawn(0, 0, 0)
    assert journal.of("area:rj") == ["map.changed"]


def test_faults_are_those_of_the_file_and_nothing_is_changed(db):
    cell, grid = ROWS["ry-g1-c1"], ROWS["ry-g1"]
    then = queries.area_rows()
    assert refused(replace(cell, rings=[square(0, 0, 2, 1)])) == [f"第1行：{cell.name}和榕荫1格2组重叠，核对两边的边界"]
    assert refused(replace(grid, rings=[square(0, 0, 1, 1)])) == [f"第1行：{grid.name}里放不下原有的ry-g1-c2，核对两边的边界"]
    assert refused(replace(cell, parent="mm-g1")) == ["第1行：ry-g1-c1的层级和上级不能改，另用一个编码"]
    lost = refused(replace(cell, rings=[box(0, 0, 0.4, 1)]))
    assert lost == ["楼栋songtao-1（松涛苑1栋）落在所有楼栋格外面，核对边界"]
    assert queries.area_rows() == then


def test_only_the_office_draws_anew(db):
    with pytest.raises(NotYours):
        redraw(*shifted(), by=ANYONE)
