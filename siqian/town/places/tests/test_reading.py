"""Files of every kind give the same layer, in WGS-84, and only with a declared frame."""

import json

import pytest

from siqian.kernel.permits import BadInput
from siqian.town.places import frames, geojson, reading, rules, writing

SQUARE = [[114.03, 22.66], [114.031, 22.66], [114.031, 22.661], [114.03, 22.661], [114.03, 22.66]]
HOLE = [[114.0303, 22.6603], [114.0306, 22.6603], [114.0306, 22.6606], [114.0303, 22.6603]]
DRAWN = [({"code": "a", "name": "榕荫一格"}, {"type": "Polygon", "coordinates": [SQUARE, HOLE]})]


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more)


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


@pytest.fixture
def saved(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def near(found, wanted, by=2e-7):
    pairs = zip(reading.under(found), reading.under(wanted), strict=True)
    return all(abs(x - east) <= by and abs(y - north) <= by for (x, y), (east, north) in pairs)


@pytest.mark.parametrize("frame", ["WGS-84", "CGCS2000", "GCJ-02", "BD-09", "EPSG:4547"])
@pytest.mark.parametrize("kind", ["geojson", "csv", "gpkg"])
def test_what_is_written_in_a_frame_is_read_back_where_it_was(tmp_path, kind, frame):
    path = tmp_path / f"a.{kind}"
    if kind == "gpkg" and frame in frames.SHIFTED:
        with pytest.raises(BadInput, match="写不了"):
            writing.write(path, DRAWN, frame=frames.named(frame), kind=kind)
        return
    assert writing.write(path, DRAWN, frame=frames.named(frame), kind=kind) == 1
    layer = reading.read(path, crs=frame if kind == "csv" else "")
    assert layer.frame.name == frame or layer.frame.equal
    assert layer.properties[0] == DRAWN[0][0]
    assert near(layer.geometries[0]["coordinates"], DRAWN[0][1]["coordinates"])


def test_what_is_in_our_own_frame_stays_to_the_last_bit(saved):
    exact = [[114.123456789012, 22.660000000001], *SQUARE[1:-1], [114.123456789012, 22.660000000001]]
    layer = reading.read(saved("a.geojson", collection(feature({"type": "Polygon", "coordinates": [exact]}))), crs="wgs84")
    assert layer.geometries[0]["coordinates"] == [exact]


def test_an_undeclared_frame_is_refused_with_what_to_add(saved):
    with pytest.raises(BadInput, match=r"a\.geojson没有写明坐标系，加上 --crs"):
        reading.read(saved("a.geojson", collection(feature(point(114, 22.6)))))


def test_two_frames_that_differ_are_refused_by_name_unless_the_file_is_overruled(saved):
    path = saved("a.geojson", collection(feature(point(114, 22.6)), crs={"type": "name", "properties": {"name": "EPSG:4326"}}))
    assert reading.read(path).frame.name == "WGS-84"
    with pytest.raises(BadInput, match="自己写的坐标系是WGS-84，--crs 写的是GCJ-02"):
        reading.read(path, crs="GCJ-02")
    moved = reading.read(path, crs="GCJ-02", over=True)
    assert moved.frame.name == "GCJ-02" and moved.geometries[0]["coordinates"][0] < 113.996


def test_the_first_row_that_cannot_be_of_the_frame_is_named(saved):
    path = saved("a.csv", "code,lon,lat\na,114.0,22.6\nb,22.6,114.0\n")
    with pytest.raises(BadInput, match=r"第3行：坐标（22\.6，114）经度和纬度写反了"):
        reading.read(path, crs="GCJ-02")


def test_a_sheet_gives_points_by_its_columns_and_outlines_as_wkt(saved):
    rings = ", ".join(f"{x} {y}" for x, y in SQUARE)
    layer = reading.read(saved("a.csv", f'编码,几何\na,"POLYGON (({rings}))"\nb,圆的\n'), crs="WGS-84")
    assert layer.geometries[0]["coordinates"] == [SQUARE]
    assert [(row, "WKT" in why.why) for row, why in layer.unread] == [(3, True)]
    layer = reading.read(saved("b.csv", "编码,经度,纬度\na,114.0,22.6\nb,东边,22.6\n"), crs="CGCS2000")
    assert list(layer.middles) == [(114.0, 22.6), None]
    assert next(layer.drawn()) == (2, {"编码": "a"}, point(114.0, 22.6))


def test_excel_is_read_like_a_sheet(tmp_path):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("编码", "东坐标", "北坐标"), (7, 500_000.0, 2_507_000.5)]):
            sheet.write_row(row, 0, cells)
    layer = reading.read(path, crs="EPSG:4547")
    assert layer.middles[0][0] == 114.0 and layer.properties[0]["编码"] == "7"


def test_a_sheet_without_places_needs_no_frame(saved):
    assert reading.read(saved("a.csv", "code,name\na,甲\n")).frame is None


def test_a_shapefile_in_the_letters_of_chinese_offices_is_read(tmp_path):
    import numpy as np
    import pyogrio
    import shapely

    path = tmp_path / "grids.shp"
    box = shapely.to_wkb(np.array([shapely.box(500_000, 2_507_000, 500_100, 2_507_100)], dtype=object))
    names = [np.array(["a"], dtype=object), np.array(["榕荫一格"], dtype=object)]
    pyogrio.raw.write(path, box, names, ["code", "名称"], crs="EPSG:4547", geometry_type="Polygon", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    layer = reading.read(path)
    rows, unread = geojson.areas(layer, "grid")
    assert (layer.frame.name, rows[0].code, rows[0].name, unread) == ("EPSG:4547", "a", "榕荫一格", [])
    with pytest.raises(BadInput, match="自己写的坐标系是EPSG:4547"):
        reading.read(path, crs="GCJ-02")
    path.with_suffix(".prj").unlink()
    with pytest.raises(BadInput, match="没有写明坐标系"):
        reading.read(path)


def test_of_several_layers_one_has_to_be_named(tmp_path):
    import pyogrio

    path = tmp_path / "a.gpkg"
    writing.write(path, DRAWN, kind="gpkg")
    import numpy as np
    import shapely

    spot = shapely.to_wkb(np.array([shapely.Point(114, 22.6)], dtype=object))
    pyogrio.raw.write(path, spot, [], [], crs="EPSG:4326", geometry_type="Point", layer="b", append=False)
    with pytest.raises(BadInput, match="图层有：a、b"):
        reading.read(path)
    assert reading.read(path, layer="b").geometries[0] == point(114, 22.6)


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.gdb"])
def test_without_the_extra_the_command_says_what_to_install(tmp_path, monkeypatch, name):
    import sys

    monkeypatch.setitem(sys.modules, "pyogrio", None)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(BadInput, match=r"pip install 'siqian\[city\]'"):
        reading.read(tmp_path / name)


def test_points_of_a_sheet_come_in_pieces_with_whatever_is_no_number(monkeypatch):
    from siqian.town.places import locating

    monkeypatch.setattr(locating, "TOGETHER", 2)
    lines = ["\ufeffid,lon,lat,more\n", "1,114,22,x\n", "2,east,22,x\n", "3,114\n"]
    pieces = list(rules.points_of(lines))
    assert [piece.names for piece in pieces] == [["1", "2"], ["3"]]
    assert [str(value) for piece in pieces for value in piece.x] == ["114.0", "nan", "114.0"]
    with pytest.raises(BadInput, match="找不到id、lat"):
        list(rules.points_of(["lon\n"]))
