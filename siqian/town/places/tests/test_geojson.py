"""Areas come in as GeoJSON, whole or with every fault, and go out as they came in."""

import json
from dataclasses import replace

import pytest

from siqian.kernel import epochs
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotYours
from siqian.testing import area_rows, monday_nine, square
from siqian.town.places import actions, checks, faults, geojson, queries, reading
from siqian.town.places.models import Area
from siqian.town.places.rules import LEVELS, AreaRow

ROWS = list(area_rows())


@pytest.fixture
def bare(db):
    """A house without a map."""
    for statement in ("delete from places_building", "delete from places_site", "delete from places_area"):
        db.tamper(statement)
    epochs.forget()


def text_of(rows):
    return "".join(geojson.write(rows))


def feature(**change):
    properties = {"code": "x", "level": "区", "name": "新区", "name_en": "New", "parent": None}
    geometry = {"type": "Polygon", "coordinates": [square(0, 0, 1, 1)]}
    return {"type": "Feature", "properties": properties, "geometry": geometry} | change


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more)


@pytest.fixture
def layer(tmp_path):
    def read(text, crs="WGS-84"):
        path = tmp_path / "areas.geojson"
        path.write_text(text, encoding="utf-8")
        return reading.read(path, crs=crs)

    return read


def take(rows, by=OFFICE):
    return actions.import_areas(areas=rows, by=by, at=monday_nine)


def test_what_goes_out_comes_in_again(layer):
    rows, unread = geojson.areas(layer(text_of(ROWS), crs=""))
    assert (rows, unread) == (ROWS, [])


def test_a_first_map_goes_out_as_it_came_in(bare, layer):
    assert take(ROWS) == actions.Redrawn(0, len(ROWS), 0)
    back, _ = geojson.areas(layer("".join(queries.as_geojson())))
    assert sorted((row.code, row.level, row.name, row.name_en, row.parent, row.rings) for row in back) == sorted(
        (row.code, row.level, row.name, row.name_en, row.parent, row.rings) for row in ROWS
    )
    assert queries.at_area("ry-g1").names[-1] == "榕荫1格"


def test_levels_in_chinese_and_a_single_multipolygon_are_understood(layer):
    shape = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 1, 1)]]}
    rows, unread = geojson.areas(layer(collection(feature(geometry=shape))))
    assert (rows[0].level, rows[0].parent, rows[0].rings, unread) == ("district", "", [square(0, 0, 1, 1)], [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (collection(feature(properties=None)), "第1行：没有properties"),
        (collection(feature(geometry={"type": "Point", "coordinates": [114, 22]})), "第1行：要一块Polygon"),
        (collection(feature(geometry={"type": "Polygon", "coordinates": [["a"]]})), "第1行：要一块Polygon"),
        (collection(feature(geometry={"type": "MultiPolygon", "coordinates": [[], []]})), "x有2块，一格只能是一块"),
        (collection(), "要有一个区"),
        (collection(feature(properties={"code": "a/b", "level": "区", "name": ""})), "编码“a/b”要写成"),
        (collection(feature(properties={"code": "a", "level": "区", "name": ""})), "名称要有1到60个字"),
        (collection(feature(properties={"code": "a", "level": "村", "name": "甲"})), "层级“村”不认识"),
    ],
)
def test_what_is_no_area_is_said_with_its_row(layer, text, words):
    assert any(words in fault.why.why for fault in checks.checked(layer(text)).faults)


@pytest.mark.parametrize(("text", "words"), [("{", "不是JSON文件：第1行"), ("[]", "没有features")])
def test_what_is_no_layer_is_refused(layer, text, words):
    with pytest.raises(BadInput, match=words):
        layer(text)


def test_with_a_fault_nothing_is_written(bare):
    with pytest.raises(actions.BadMap, match="名称要有1到60个字"):
        take([replace(row, name="") if row.code == "ry" else row for row in ROWS])
    assert Area.objects.count() == 0


def test_codes_that_are_too_long_together_are_said():
    codes = [f"{'c' * 23}{at}" for at in range(6)]
    rows = [
        AreaRow(at + 1, code, level, "甲", "A", codes[at - 1] if at else "", [square(0, 0, 1, 1)])
        for at, (code, level) in enumerate(zip(codes, LEVELS, strict=True))
    ]
    assert [fault.why for fault in faults.of(rows, [], [])] == [
        f"第{at}行：从区到这里的编码连起来太长（/{'/'.join(codes[:at])}/），改短一些" for at in (5, 6)
    ]


def test_only_the_office_imports(db):
    with pytest.raises(NotYours):
        take(ROWS, by=ANYONE)
