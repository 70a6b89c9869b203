"""Every fault of a map is told with its kind, place, size and repair; what stood before is not the file's fault."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from siqian.testing import SOUTH, STEP, WEST, area_rows, square
from siqian.town.places import checks, geojson, pictures, reading
from siqian.town.places.plane import Plane

ROWS = tuple(area_rows())
CELL_M2 = 11381.4


def layer(rows, tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text("".join(geojson.write(rows)), encoding="utf-8")
    return reading.read(path)


@pytest.fixture
def check(tmp_path):
    return lambda rows, **more: checks.checked(layer(rows, tmp_path), **more)


def changed(code, rows=ROWS, **change):
    return [replace(row, **change) if row.code == code else row for row in rows]


def box(west, south, east, north):
    """In building grids from the small town's corner."""
    x0, x1, y0, y1 = WEST + STEP * west, WEST + STEP * east, SOUTH + STEP * south, SOUTH + STEP * north
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]


def told(found):
    return [(fault.kind, fault.code) for fault in found.faults]


def test_the_small_town_is_whole_and_its_areas_are_those_of_the_ellipsoid(check):
    found = check(ROWS)
    assert found.faults == [] and len(found.new) == len(ROWS) and found.redrawn == [] and found.same == 0
    import pyproj

    geod = pyproj.Geod(ellps="WGS84")
    for row in ROWS:
        true = geod.polygon_area_perimeter(*zip(*row.rings[0], strict=True))[0]
        assert abs(found.areas_m2[row.code] - true) < 1e-5 * true
    assert checks.counts(found) == {"district": 1, "street": 1, "community": 3, "block": 3, "grid": 6, "cell": 12}


@settings(max_examples=60, deadline=None)
@given(lon=st.floats(74, 134), lat=st.floats(4, 53), wide=st.floats(1e-4, 0.5), high=st.floats(1e-4, 0.5))
def test_areas_are_exact_to_a_thousandth_anywhere_in_china(lon, lat, wide, high):
    import pyproj
    import shapely

    # Sides of many short pieces: an edge between two corners is a straight line of degrees, the ellipsoid's own is a geodesic.
    drawn = shapely.segmentize(shapely.box(lon, lat, lon + wide, lat + high), min(wide, high) / 20)
    true = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(drawn)[0])
    assert abs(Plane(22.7).flat(drawn).area - true) < 1e-3 * true


def test_the_way_back_from_the_plane_is_exact():
    import shapely

    plane, spot = Plane(22.7), shapely.Point(114.03, 22.66)
    assert plane.back(plane.flat(spot)).distance(spot) < 1e-11


def test_an_overlap_is_told_of_the_later_row_with_what_to_give_to_whom(check):
    found = check(changed("ry-g1-c1", rings=[box(0, 0, 1.25, 1)]))
    (fault,) = found.faults
    assert (fault.kind, fault.row, fault.code) == ("overlap", 7, "ry-g1-c2")
    assert abs(fault.area_m2 - CELL_M2 / 4) < 1
    assert "把重叠的2845平方米判给面积大的ry-g1-c1" in fault.repair.why
    assert WEST + STEP < fault.lon < WEST + 1.25 * STEP and SOUTH < fault.lat < SOUTH + STEP


def test_a_gap_is_told_of_the_area_that_is_not_covered_and_who_lies_next_to_it(check):
    found = check(changed("ry-g1-c1", rings=[box(0, 0, 0.5, 1)]))
    (fault,) = found.faults
    assert (fault.kind, fault.code) == ("gap", "ry-g1") and abs(fault.area_m2 - CELL_M2 / 2) < 1
    assert "有5691平方米不属于任何下级" in fault.why.why and fault.repair.why.startswith("并给相邻的ry-g1-c")


def test_a_hole_in_the_middle_is_a_gap_as_well(check):
    hole = box(0.4, 0.4, 0.6, 0.6)
    (fault,) = check(changed("ry-g1-c1", rings=[square(0, 0, 1, 1), hole])).faults
    assert fault.kind == "gap" and abs(fault.area_m2 - CELL_M2 * 0.04) < 1


def test_thin_overlaps_and_gaps_are_slivers(check):
    over = check(changed("ry-g1-c1", rings=[box(0, 0, 1.01, 1)]))
    assert told(over) == [("sliver", "ry-g1-c2")] and "1.02米宽" in over.faults[0].why.why
    under = check(changed("ry-g1-c1", rings=[box(0, 0, 0.99, 1)]))
    assert told(under) == [("sliver", "ry-g1")]
    assert [len(found.stopped_by(["sliver"])) for found in (over, under)] == [0, 0]


def test_what_is_thinner_than_a_survey_can_tell_says_nothing(check):
    assert check(changed("ry-g1-c1", rings=[box(0, 0, 1.0001, 1)])).faults == []


def test_what_reaches_beyond_its_parent_is_told_with_how_much(check):
    found = check(changed("yl-g2-c2", rings=[box(5, 1, 6.5, 2)]))
    (fault,) = found.faults
    assert (fault.kind, fault.code) == ("nesting", "yl-g2-c2") and abs(fault.area_m2 - CELL_M2 / 2) < 1
    assert "在上级yl-g2外面" in fault.why.why and found.stopped_by(["gap"]) != []


def test_parents_that_are_not_there_and_levels_that_do_not_nest_are_nesting(check):
    assert told(check(changed("ry-g1-c1", parent="nowhere"))) == [("nesting", "ry-g1-c1")]
    assert ("nesting", "mm-g1") in told(check(changed("mm-g1", parent="mm")))


def test_a_code_and_a_shape_that_are_there_twice_are_duplicates(check):
    code = check([*ROWS, replace(ROWS[5], row=27)])
    assert ("duplicate", ROWS[5].code) in told(code)
    shape = check([*ROWS, replace(ROWS[5], row=27, code="again", name="又一格")])
    (fault,) = shape.faults
    assert (fault.kind, fault.code) == ("duplicate", "again") and "画的是同一块" in fault.why.why


def test_an_outline_that_crosses_itself_says_where_and_what_mending_would_change(check):
    bow = [[114.030, 22.660], [114.031, 22.661], [114.031, 22.660], [114.030, 22.661], [114.030, 22.660]]
    (fault,) = check(changed("ry-g1-c1", rings=[bow])).faults
    assert "114.030500，22.660500" in fault.why.why and "变成2块" in fault.repair.why
    assert abs(fault.lon - 114.0305) < 1e-9


def test_an_area_of_several_parts_is_told_once(tmp_path):
    text = json.loads("".join(geojson.write(ROWS)))
    text["features"][5]["geometry"] = {"type": "MultiPolygon", "coordinates": [[box(0, 0, 0.4, 1)], [box(0.6, 0, 1, 1)]]}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(text), encoding="utf-8")
    found = checks.checked(reading.read(path))
    # The ground between its parts is a gap; the parts themselves are not.
    assert told(found) == [("gap", "ry-g1"), ("geometry", "ry-g1-c1")] and found.faults[1].row == 6
    assert found.features == len(ROWS) and abs(found.areas_m2[ROWS[5].code] - 0.8 * CELL_M2) < 1


def test_what_stood_before_is_not_the_files_fault(check):
    standing = changed("ry-g1-c1", rings=[box(0, 0, 0.5, 1)])
    renamed = check([replace(ROWS[6], row=1, name="新名")], standing=standing)
    assert renamed.faults == [] and renamed.redrawn == ["ry-g1-c2"]
    worse = check([replace(ROWS[6], row=1, rings=[box(1, 0, 1.5, 1)])], standing=standing)
    (fault,) = worse.faults
    assert (fault.kind, fault.row) == ("gap", 1) and abs(fault.area_m2 - CELL_M2 / 2) < 1


def test_an_area_drawn_too_small_for_what_stands_in_it_is_named_by_its_own_row(check):
    small = [replace(row, row=1, rings=[box(0, 0, 1.5, 1)]) for row in ROWS if row.code == "ry-g1"]
    found = check(small, standing=ROWS)
    assert ("nesting", "ry-g1") in told(found) and any("放不下原有的ry-g1-c2" in fault.why.why for fault in found.faults)


def test_one_level_alone_is_checked_without_the_others(check):
    cells = [replace(row, level="", parent="") for row in ROWS if row.level == "cell"]
    assert check(cells, level="cell").faults == []
    ring = [cell for cell in cells if cell.code != "mm-g1-c1"]
    assert told(check(ring, level="cell")) == []  # open to one side: nothing is enclosed
    found = check(changed("mm-g1-c1", cells, rings=[square(2, 0, 1, 1), box(2.4, 0.4, 2.6, 0.6)]), level="cell")
    assert told(found) == [("gap", "mm-g1-c1")]


def test_a_row_that_names_no_parent_gets_the_one_in_which_it_lies(check):
    cells = [replace(row, parent="") for row in ROWS if row.level == "cell"]
    found = check(cells, level="cell", standing=ROWS)
    assert found.faults == [] and found.same == 12
    assert {row.code: row.parent for row in found.rows}["mm-g2-c1"] == "mm-g2"


def test_a_picture_shows_the_two_areas_the_fault_and_a_scale(check):
    found = check(changed("ry-g1-c1", rings=[box(0, 0, 1.25, 1)]))
    drawn = pictures.picture(found.faults[0], found.shapes, lambda refusal: refusal.why)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert {"ry-g1-c1", "ry-g1-c2"} <= set(texts) and any(text.endswith("米") for text in texts)
    page = "".join(pictures.report("a<b>.geojson", found.faults, found.shapes, lambda refusal: refusal.why))
    assert "a&lt;b&gt;.geojson：1处要改" in page and page.count("<svg") == 1 and "<script" not in page


def test_every_kind_of_fault_can_be_told_and_drawn(check):
    """Nothing that a check finds lacks its words or its picture, an outline that crosses itself included."""
    bow = [[114.032, 22.661], [114.033, 22.662], [114.033, 22.661], [114.032, 22.662], [114.032, 22.661]]
    spoiled = changed("ry-g1-c1", changed("mm-g1-c1", rings=[box(2, 0, 3.3, 1)]), rings=[box(0, 0, 0.99, 1)])
    spoiled = changed("mm-g2-c1", changed("yl-g1-c1", spoiled, rings=[box(4, 0, 5, 0.6)]), rings=[bow])
    spoiled = changed("yl-g2-c2", spoiled, rings=[box(5, 1, 6.4, 2)])
    found = check([*spoiled, replace(ROWS[8], row=27, code="a b", name=""), replace(ROWS[9], row=28, code="again")])
    assert {fault.kind for fault in found.faults} == set(checks.KINDS)
    for fault in found.faults:
        assert fault.why.why and fault.repair.why and fault.kind in checks.KINDS
        assert fault.shape is None or pictures.picture(fault, found.shapes, lambda refusal: refusal.why).endswith("</svg>\n")
