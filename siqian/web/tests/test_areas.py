"""`siqian import areas` and `siqian export areas`, as an operator types them."""

import json

import pytest
from click.testing import CliRunner

from siqian.town.places import queries as places
from siqian.web.cli import house


@pytest.fixture
def say(db):
    """Type a command; gives the exit status and what was printed."""

    def run(*words):
        ran = CliRunner().invoke(house, [str(word) for word in words])
        return ran.exit_code, ran.output

    return run


def saved(path, features):
    path.write_text(json.dumps({"type": "FeatureCollection", "siqian:crs": "WGS-84", "features": features}), encoding="utf-8")


def exported(say, path):
    assert say("export", "areas", path)[0] == 0
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def test_areas_that_come_in_as_they_went_out_change_nothing(say, tmp_path):
    path, count = tmp_path / "areas.geojson", len(places.area_ids())
    assert say("export", "areas", path) == (0, f"导出了{count}格：{path}\n")
    assert say("import", "areas", path) == (0, "areas.geojson：新加0格，重画0格，0栋楼换了楼栋格\n")


def test_a_name_is_mended_by_a_file_of_one_area_and_the_old_day_keeps_the_old_one(say, tmp_path):
    path, old = tmp_path / "areas.geojson", tmp_path / "old.geojson"
    before = exported(say, path)
    one = next(feature for feature in before if feature["properties"]["code"] == "ry-g1")
    saved(path, [one | {"properties": one["properties"] | {"name": "榕荫新1格"}}])
    assert say("import", "areas", path) == (0, "areas.geojson：新加0格，重画1格，0栋楼换了楼栋格\n")
    assert places.at_area("ry-g1").words == "榕荫新1格"
    assert say("export", "areas", old, "--on", "2026-07-14")[0] == 0
    assert json.loads(old.read_text(encoding="utf-8"))["features"] == before
    assert exported(say, path) != before


def test_every_fault_is_told_with_its_feature_and_nothing_is_written(say, tmp_path):
    path = tmp_path / "areas.geojson"
    found = exported(say, path)
    found[3]["properties"] |= {"code": "new", "parent": "nowhere"}
    found[5]["geometry"] = None
    saved(path, found)
    before = places.area_ids()
    status, said = say("import", "areas", path)
    assert status == 1 and places.area_ids() == before
    assert "✗ 第4行：上级nowhere不在这份表里" in said and "✗ 第6行：要一块Polygon" in said and "一格也没有写进去" in said


def test_a_file_in_another_alphabet_is_refused_in_words(say, tmp_path):
    path = tmp_path / "gb.geojson"
    path.write_bytes('{"区": 1}'.encode("gb18030"))
    status, said = say("import", "areas", path)
    assert status == 1 and "不是UTF-8" in said
