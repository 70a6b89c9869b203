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


def renamed(path, letter):
    """The exported areas under other codes, as another district would send them."""
    found = json.loads(path.read_text(encoding="utf-8"))
    for feature in found["features"]:
        for key in ("code", "parent"):
            said = feature["properties"][key]
            feature["properties"][key] = said and letter + said
    return found


def test_areas_go_out_and_come_in_again(say, tmp_path):
    out, back = tmp_path / "areas.geojson", tmp_path / "back.geojson"
    count = len(places.area_ids())
    assert say("export", "areas", out) == (0, f"导出了{count}格：{out}\n")
    other = tmp_path / "other.geojson"
    other.write_text(json.dumps(renamed(out, "n")), encoding="utf-8")
    assert say("import", "areas", other) == (0, f"other.geojson：导入了{count}格\n")
    assert say("export", "areas", back)[0] == 0
    features = json.loads(back.read_text(encoding="utf-8"))["features"]
    assert [feature for feature in features if feature["properties"]["code"][0] == "n"] == renamed(out, "n")["features"]


def test_every_fault_is_told_with_its_feature_and_nothing_is_written(say, tmp_path):
    out = tmp_path / "areas.geojson"
    say("export", "areas", out)
    found = renamed(out, "n")
    found["features"][3]["properties"]["parent"] = "nowhere"
    found["features"][5]["geometry"] = None
    out.write_text(json.dumps(found), encoding="utf-8")
    before = places.area_ids()
    status, said = say("import", "areas", out)
    assert status == 1 and places.area_ids() == before
    assert "✗ 第4行：上级nowhere不在这份表里" in said and "✗ 第6行：要一块Polygon" in said and "一格也没有写进去" in said


def test_a_file_in_another_alphabet_is_refused_in_words(say, tmp_path):
    path = tmp_path / "gb.geojson"
    path.write_bytes('{"区": 1}'.encode("gb18030"))
    status, said = say("import", "areas", path)
    assert status == 1 and "不是UTF-8" in said
