"""Every frame of reference leads to WGS-84 and back, and what cannot be of a frame is named."""

import json

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from siqian.kernel.permits import Refusal
from siqian.town.places import frames

HERE = st.tuples(st.floats(113.7, 114.7), st.floats(22.4, 22.9))
ALL = ["WGS-84", "CGCS2000", "GCJ-02", "BD-09", "EPSG:4547", "EPSG:4526", "EPSG:3857", "EPSG:32650"]


def frame(name):
    found = frames.named(name)
    assert isinstance(found, frames.Frame), found
    return found


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((written, "WGS-84") for written in ("wgs84", "WGS-84", "EPSG:4326", "epsg:4326", "urn:ogc:def:crs:OGC:1.3:CRS84")),
        *((written, "CGCS2000") for written in ("cgcs2000", "EPSG:4490", "urn:ogc:def:crs:EPSG::4490")),
        *((written, "GCJ-02") for written in ("gcj02", "GCJ-02", "gcj_02", "火星坐标系")),
        *((written, "BD-09") for written in ("bd09", "BD-09", "bd-09ll")),
        *((written, "EPSG:4547") for written in ("EPSG:4547", "epsg4547", "4547", "urn:ogc:def:crs:EPSG::4547")),
    ],
)
def test_a_frame_is_known_by_the_names_that_people_and_files_give_it(written, name):
    assert frame(written).name == name


@pytest.mark.parametrize("written", ["", "mars", "EPSG:999999", "EPSG:5773"])
def test_a_name_of_nothing_is_refused_with_names_that_are_known(written):
    refusal = frames.named(written)
    assert isinstance(refusal, Refusal) and "GCJ-02" in refusal.why


def test_a_frame_without_a_published_way_to_ours_is_refused():
    """Xian 1980: PROJ would take it as it stands, tens of metres off."""
    refusal = frames.named("EPSG:2383")
    assert isinstance(refusal, Refusal) and "CGCS2000" in refusal.why


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=150, deadline=None)
@given(place=HERE)
def test_there_and_back_is_the_same_place(name, place):
    lon, lat = np.array([place[0]]), np.array([place[1]])
    back = frames.exactly(frame(name), *frames.from_wgs84(frame(name), lon, lat))
    assert abs(back[0][0] - lon[0]) < 1e-9 and abs(back[1][0] - lat[0]) < 1e-9


@settings(max_examples=100, deadline=None)
@given(places=st.lists(st.tuples(st.floats(74, 135), st.floats(4, 53)), min_size=1, max_size=40))
def test_all_of_china_comes_back_to_a_ten_millionth_of_a_degree(places):
    lon, lat = np.array(places).T
    for name in frames.SHIFTED:
        back = frames.exactly(frame(name), *frames.from_wgs84(frame(name), lon, lat))
        assert np.abs(back[0] - lon).max() < 1e-7 and np.abs(back[1] - lat).max() < 1e-7


def test_outside_of_china_nothing_is_shifted():
    lon, lat = np.array([-0.1276, 139.69]), np.array([51.5072, 35.68])
    assert np.array_equal(frames.from_wgs84(frame("GCJ-02"), lon, lat), [lon, lat])


# (frame, WGS-84, there): the examples that eviltransform's tests and coordtransform's README give.
PAIRS = [
    ("GCJ-02", (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ("GCJ-02", (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ("GCJ-02", (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ("GCJ-02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]


@pytest.mark.parametrize(("name", "wgs", "there"), PAIRS)
def test_known_places_are_where_they_are_known_to_be(name, wgs, there):
    x, y = frames.from_wgs84(frame(name), [wgs[0]], [wgs[1]])
    assert abs(x[0] - there[0]) < 1e-9 and abs(y[0] - there[1]) < 1e-9
    lon, lat = frames.to_wgs84(frame(name), [there[0]], [there[1]])
    assert abs(lon[0] - wgs[0]) < 1e-7 and abs(lat[0] - wgs[1]) < 1e-7


def test_a_place_of_baidu_is_where_it_is_known_to_be():
    """GCJ-02 (116.404, 39.915) in BD-09, as coordtransform's README has it."""
    gcj, bd = frame("GCJ-02"), frame("BD-09")
    x, y = frames.from_wgs84(bd, *frames.exactly(gcj, [116.404], [39.915]))
    assert abs(x[0] - 116.41036949371029) < 1e-9 and abs(y[0] - 39.92133699351021) < 1e-9


def test_the_grid_of_shenzhen_is_in_metres_with_east_first():
    x, y = frames.from_wgs84(frame("EPSG:4547"), [114.0], [22.66])
    assert abs(float(x[0]) - 500_000) < 1e-6 and 2_500_000 < float(y[0]) < 2_510_000


@pytest.mark.parametrize(
    ("name", "x", "y", "words"),
    [
        ("WGS-84", [114.0, 22.6], [22.6, 114.0], "写反了"),
        ("GCJ-02", [114.0, 500_000.0], [22.6, 2_507_000.0], "是米"),
        ("EPSG:4547", [500_000.0, 114.0], [2_507_000.0, 22.6], "是度"),
        ("EPSG:4547", [500_000.0, 2_507_000.0], [2_507_000.0, 500_000.0], "写反了"),
        ("EPSG:4547", [500_000.0, 38_500_000.0], [2_507_000.0, 2_507_000.0], "带号"),
        ("WGS-84", [114.0, float("nan")], [22.6, 22.6], "不是数字"),
    ],
)
def test_what_cannot_be_of_the_frame_is_named_with_the_first_place(name, x, y, words):
    at, sentence = frames.first_astray(frame(name), x, y)
    assert at == 1 and words in sentence


@pytest.mark.shared_data
def test_the_real_boundary_of_longhua_moves_by_what_is_known_of_shenzhen(shared_data):
    path = shared_data / "twin" / "china" / "440309_longhua_boundary_gcj02.json"
    drawn = json.loads(path.read_text(encoding="utf-8"))
    feature = (drawn["features"] if isinstance(drawn, dict) else drawn)[0]
    x, y = np.array(feature["geometry"]["coordinates"][0][0]).T
    lon, lat = frames.to_wgs84(frame("GCJ-02"), x, y)
    metres = np.hypot((x - lon) * 102_700, (y - lat) * 110_700)
    assert 550 < metres.min() <= metres.max() < 650
