"""A map comes in whole or not at all, and the clerk hears every fault with its row and what to do."""

from dataclasses import replace

import pytest

from siqian.kernel.permits import OFFICE, BadInput
from siqian.testing import SITE_CODES, SITES, STEP, area_rows, building_rows, monday_nine, square
from siqian.town.places import actions, faults
from siqian.town.places.models import Area, Building, Site
from siqian.town.places.rules import SiteRow

AREAS, BUILDINGS = tuple(area_rows()), tuple(building_rows())
SITE_ROWS = tuple(SiteRow(SITE_CODES[name], "estate", name, english, code) for name, (code, english, *_) in SITES.items())


def said(areas=AREAS, sites=SITE_ROWS, buildings=BUILDINGS):
    return [fault.why for fault in faults.of(areas, sites, buildings)]


def changed(rows, code, **change):
    return tuple(replace(row, **change) if row.code == code else row for row in rows)


def row_of(code):
    return next(row for row in AREAS if row.code == code)


def test_the_small_town_has_no_faults():
    assert said() == []


def test_a_map_is_of_one_district():
    assert said([], [], []) == ["要有一个区（district），这里有0个。一份地图写一个区"]


def test_a_grid_that_reaches_beyond_its_parent_and_over_its_neighbour_is_named_twice():
    cell = row_of("ry-g1-c1")
    found = said(areas=changed(AREAS, "ry-g1-c1", rings=[square(0, 0, 2, 2)]))
    assert f"第{cell.row}行：{cell.name}有一块在上级ry-g1外面，核对两边的边界" in found
    over = [text for text in found if "重叠" in text]
    assert len(over) == 3 and all(cell.name in text for text in over)


def test_slivers_between_two_offices_drawings_are_no_fault():
    ring = [[lon + STEP * 1e-4 * (lon > 114.0305), lat] for lon, lat in square(0, 0, 1, 1)]
    assert said(areas=changed(AREAS, "ry-g1-c1", rings=[ring])) == []


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        ([[22.660, 114.030], [22.661, 114.030], [22.661, 114.031], [22.660, 114.030]], "经度在前，纬度在后"),
        ([[114.030, 22.660], [114.031, 22.661], [114.031, 22.660], [114.030, 22.661], [114.030, 22.660]], "自己和自己交叉"),
        ([[114.030, 22.660], [114.031, 22.660], [114.031, 22.661]], "没有首尾相接"),
    ],
)
def test_an_outline_that_is_none_is_named_with_its_row(ring, words):
    cell = row_of("ry-g1-c1")
    assert any(words in text and text.startswith(f"第{cell.row}行") for text in said(areas=changed(AREAS, "ry-g1-c1", rings=[ring])))


def test_a_building_outside_its_grid_in_no_site_or_numbered_twice_is_named():
    moved = changed(BUILDINGS, "songtao-3", lon=114.0301)
    lost = changed(moved, "songtao-4", site="nowhere", area="ry-g2")
    twice = changed(lost, "songtao-6", number="5")
    found = said(buildings=(*twice, BUILDINGS[0]))
    assert (
        found
        == [
            "楼栋songtao-1写了不止一次，编码改成没用过的",
            "场所songtao有两个1栋，改其中一个的栋号",
            "场所songtao有两个5栋，改其中一个的栋号",
            "楼栋songtao-4：ry-g2不是楼栋格，改成它所在的楼栋格",
            "楼栋songtao-4：没有场所nowhere，补上它或改场所编码",
            f"楼栋songtao-3（松涛苑3栋）不在{row_of('ry-g2-c1').name}里面，改它的位置或楼栋格",
            "楼栋songtao-4（松涛苑4栋）不在榕荫2格里面，改它的位置或楼栋格",
        ][: len(found)]
    )


def test_a_site_without_an_area_or_named_twice_is_named():
    found = said(sites=(*changed(SITE_ROWS, "mumian", area="zz"), SITE_ROWS[0]))
    assert found == ["场所songtao写了不止一次，编码改成没用过的", "场所mumian：没有区域zz，补上它或改区域编码"]


def test_a_code_that_is_in_use_is_not_taken_again(db):
    with pytest.raises(BadInput, match="26处要改：第1行：编码rj已经在用"):
        actions.lay_out(areas=AREAS, sites=[], buildings=[], by=OFFICE, at=monday_nine)


def test_one_fault_and_nothing_is_written(db):
    before = Area.objects.count(), Site.objects.count(), Building.objects.count()
    fresh = [replace(row, code=f"x{row.code}", parent=row.parent and f"x{row.parent}") for row in AREAS]
    with pytest.raises(BadInput, match="1处要改：楼栋"):
        wrong = replace(BUILDINGS[0], code="x-1", site="x", area="xry-g1-c1", lon=114.2)
        site = SiteRow("x", "estate", "甲", "A", "xry")
        actions.lay_out(areas=fresh, sites=[site], buildings=[wrong], by=OFFICE, at=monday_nine)
    assert before == (Area.objects.count(), Site.objects.count(), Building.objects.count())
