"""A line is drawn over the small town: areas are split, merged, given a new border; ground is neither lost nor doubled."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings, strategies as st

from siqian.testing import SOUTH, STEP, WEST, area_rows, building_rows, square
from siqian.town.places import shaping
from siqian.town.places.plane import plane_of
from siqian.town.places.shaping import House, Newcomer, Sheet

ROWS = {row.code: row for row in area_rows() if row.code.startswith("ry")}
HOUSES = [House(row.code, row.name, row.area, row.lon, row.lat, row.ring) for row in building_rows() if row.site == "songtao"]
TAKEN = {row.code for row in area_rows()}
RY = Sheet(ROWS, HOUSES, TAKEN)
NEW = Newcomer("ry-g2-c3", "榕荫2格3组")


def at(x, y):
    """A place by building grids: (0, 0) is the south-western corner of 榕荫."""
    return WEST + STEP * x, SOUTH + STEP * y


# Between 松涛苑3栋 and 4栋, which stand in one building grid.
BETWEEN = [at(-0.1, 1.3), at(1.1, 1.3)]


def said(shaped):
    return [(fault.kind, fault.why.why, fault.repair.why) for fault in shaped.faults]


def after(sheet, shaped):
    """The shapes of all areas as they would be, by code."""
    rows = {code: row for code, row in sheet.rows.items() if code not in shaped.ended} | {row.code: row for row in shaped.areas}
    return {code: (row, shapely.Polygon(row.rings[0], row.rings[1:])) for code, row in rows.items()}


def is_whole(sheet, shaped):
    """Every area is covered by those below it, and no two of one level lie over each other: to a square decimetre."""
    shapes = after(sheet, shaped)
    plane = plane_of([shape for _, shape in shapes.values()])
    for code, (row, shape) in shapes.items():
        below = [other for child, other in shapes.values() if child.parent == code]
        if below:
            left = plane.flat(shape).symmetric_difference(shapely.union_all([plane.flat(one) for one in below]))
            assert left.area < 0.1, (code, left.area)
            assert abs(sum(plane.flat(one).area for one in below) - plane.flat(shape).area) < 0.1, row
    return True


def test_a_building_grid_is_split_along_a_line_between_two_houses():
    shaped = shaping.split(RY, "ry-g2-c1", BETWEEN, NEW)
    assert said(shaped) == [] and is_whole(RY, shaped)
    old, new = (after(RY, shaped)[code] for code in ("ry-g2-c1", "ry-g2-c3"))
    assert [row.code for row in shaped.areas] == ["ry-g2-c1", "ry-g2-c3"] and new[0].parent == "ry-g2"
    # Both have one house: the larger piece keeps the code, unless it is wished otherwise.
    assert old[1].contains(shapely.Point(*at(0.5, 1.6))) and new[1].contains(shapely.Point(*at(0.5, 1.1)))
    swapped = after(RY, shaping.split(RY, "ry-g2-c1", BETWEEN, NEW, swap=True))
    assert swapped["ry-g2-c3"][1].equals(old[1])


def test_the_piece_may_go_to_the_neighbouring_grid_and_both_grids_follow():
    shaped = shaping.split(RY, "ry-g2-c1", BETWEEN, Newcomer("ry-g1-c3", "榕荫1格3组", parent="ry-g1"))
    assert said(shaped) == [] and is_whole(RY, shaped)
    shapes = after(RY, shaped)
    assert shapes["ry-g1"][1].contains(shapely.Point(*at(0.5, 1.1))) and not shapes["ry-g2"][1].contains(shapely.Point(*at(0.5, 1.1)))


def test_of_two_pieces_the_one_beside_the_other_grid_goes_there():
    beside = Newcomer("ry-g1-c3", "榕荫1格3组", parent="ry-g1")
    for swap in (False, True):
        shapes = after(RY, shaping.split(RY, "ry-g2-c1", BETWEEN, beside, swap=swap))
        assert shapes["ry-g1-c3"][1].contains(shapely.Point(*at(0.5, 1.1)))
    far = Sheet({**ROWS, "ry-g9": replace(ROWS["ry-g1"], code="ry-g9", rings=[square(8, 0, 1, 1)])}, HOUSES, TAKEN)
    (fault,) = said(shaping.split(far, "ry-g2-c1", BETWEEN, Newcomer("x", "新格", parent="ry-g9")))
    assert fault[1] == "分出来的两块都不和ry-g9相连" and "选和这里相连的网格" in fault[2]


def test_a_grid_is_split_along_its_building_grids_and_none_is_cut():
    shaped = shaping.split(RY, "ry-g2", [at(1.3, 0.9), at(0.8, 2.1)], Newcomer("ry-g3", "榕荫3格"))
    assert said(shaped) == [] and is_whole(RY, shaped)
    shapes = after(RY, shaped)
    assert {code: row.parent for code, (row, _) in shapes.items() if code.startswith("ry-g2-")} == {
        "ry-g2-c1": "ry-g2",
        "ry-g2-c2": "ry-g3",
    }
    assert shapes["ry-g3"][1].equals(shapes["ry-g2-c2"][1])


def test_two_neighbours_become_one():
    shaped = shaping.merge(RY, "ry-g1-c1", "ry-g1-c2")
    assert said(shaped) == [] and is_whole(RY, shaped) and shaped.ended == {"ry-g1-c2": "ry-g1-c1"}
    assert after(RY, shaped)["ry-g1-c1"][1].equals(RY.shape("ry-g1"))
    grids = shaping.merge(RY, "ry-g1", "ry-g2")
    assert said(grids) == [] and is_whole(RY, grids)
    assert {row.code: row.parent for row in grids.areas if row.level == "cell"} == {"ry-g2-c1": "ry-g1", "ry-g2-c2": "ry-g1"}


def test_a_border_moves_and_both_sides_change_together():
    shaped = shaping.move_border(RY, "ry-g1-c1", "ry-g1-c2", [at(1, 0), at(0.8, 0.6), at(1, 1)])
    assert said(shaped) == [] and is_whole(RY, shaped) and {row.code for row in shaped.areas} == {"ry-g1-c1", "ry-g1-c2"}
    # Between building grids of two grids the grids change with them.
    higher = shaping.move_border(RY, "ry-g1-c1", "ry-g2-c1", [at(0, 1), at(0.5, 1.15), at(1, 1)])
    assert said(higher) == [] and is_whole(RY, higher) and {"ry-g1", "ry-g2"} < {row.code for row in higher.areas}


def test_the_border_of_two_grids_follows_their_building_grids():
    line = [at(-0.1, 1), at(1, 1), at(1.2, 0.2), at(2.1, 0.2)]
    shaped = shaping.move_border(RY, "ry-g1", "ry-g2", line)
    assert said(shaped) == [] and is_whole(RY, shaped)
    assert {row.code: row.parent for row in shaped.areas if row.level == "cell"} == {"ry-g1-c2": "ry-g2"}
    (fault,) = said(shaping.move_border(RY, "ry-g1", "ry-g2", [at(-0.1, 1.2), at(2.1, 1.2)]))
    assert "没有一个楼栋格换网格" in fault[1] and "先分那个楼栋格" in fault[2]


def test_what_is_drawn_near_a_corner_or_an_edge_falls_on_it():
    shaped = shaping.split(RY, "ry-g2-c1", [at(0.01, 1.3), at(0.99, 1.3)], NEW)
    assert said(shaped) == []
    corners = {tuple(point) for row in shaped.areas for point in row.rings[0]}
    assert (round(at(0, 0)[0], 9), round(at(0, 1.3)[1], 9)) in corners
    line = shaping.border_between(RY, "ry-g1-c1", "ry-g1-c2")
    assert sorted(line) == [pytest.approx(at(1, 0)), pytest.approx(at(1, 1))]
    assert shaping.neighbours(RY, "ry-g1-c1") == ["ry-g1-c2", "ry-g2-c1"]


@pytest.mark.parametrize(
    ("line", "why", "repair"),
    [
        ([at(0.5, 0.9), at(0.5, 1.4)], "有一头没有到边界", "两头都画到边界上"),
        ([at(-0.1, 1.3)], "有一头没有到边界", "两头都画到边界上"),
        ([at(-0.1, 1.5), at(0.3, 2.1), at(0.6, 1.5), at(0.8, 2.1)], "切成了3块", "两头都画到边界上"),
        ([at(-0.1, 1.4), at(0.3, 2.1)], "一栋楼也没有", "把线移过一栋楼"),
        ([at(0, 1.95), at(0.05, 2)], "不到100平方米", "把线往里移"),
        ([at(-0.1, 1.96), at(1.1, 1.96)], "米宽的细条", "把线往里移"),
        ([at(-0.1, 1.28), at(1.1, 1.28)], "线从松涛苑3栋中间穿过", "从楼外面绕过去"),
    ],
)
def test_every_fault_of_a_cut_is_told_with_its_place_and_what_to_do(line, why, repair):
    shaped = shaping.split(RY, "ry-g2-c1", line, NEW)
    faults = [fault for fault in shaped.faults if why in fault.why.why]
    assert faults and repair in faults[0].repair.why and shaped.areas == ()
    assert faults[0].lon is not None and WEST < faults[0].lon < WEST + 3 * STEP


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (Newcomer("ry-g1-c1", "新格"), "已经有了"),
        (Newcomer("", "新格"), "要写成1到24个字母"),
        (Newcomer("ry-g2-c3", ""), "名称要有1到60个字"),
        (Newcomer("ry-g2-c3", "新格", parent="ry"), "不能做榕荫2格1组的上级"),
    ],
)
def test_a_newcomer_needs_a_free_code_a_name_and_a_fitting_place(new, why):
    shaped = shaping.split(RY, "ry-g2-c1", BETWEEN, new)
    assert any(why in fault.why.why for fault in shaped.faults) and shaped.areas == ()


def test_what_does_not_lie_together_is_not_merged_and_has_no_border():
    assert "不在同一个上级" in said(shaping.merge(RY, "ry-g1-c1", "ry-g2-c1"))[0][1]
    apart = shaping.move_border(RY, "ry-g1-c1", "ry-g2-c2", BETWEEN)
    assert "不相邻" in said(apart)[0][1] and apart.areas == ()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.15, 1.85), st.floats(0.1, 0.9)), min_size=1, max_size=5), st.floats(0.1, 1.9), st.floats(0.1, 1.9))
def test_whatever_line_is_drawn_no_ground_is_lost_or_doubled(bends, south, north):
    """Nearly every such line is refused for a house that it crosses or leaves alone; what passes is whole."""
    line = [at(south, -0.1), *(at(*bend) for bend in bends), at(north, 1.1)]
    shaped = shaping.move_border(RY, "ry-g1-c1", "ry-g1-c2", line)
    assert shaped.faults or is_whole(RY, shaped)
