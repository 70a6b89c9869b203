"""The map by command: areas, sites and buildings in any declared frame, checked before anything is written; points located."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE
from siqian.testing import SOUTH, STEP, WEST, area_rows, monday_nine
from siqian.town.places import actions, jobs, queries as places
from siqian.town.places.models import Area
from siqian.web.cli import house

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def asked(db):
    """Type a command; gives the exit status and the JSON on standard output, which nothing else may be on."""

    def run(*words):
        ran = CliRunner().invoke(house, [str(word) for word in words])
        return ran.exit_code, json.loads(ran.stdout)

    return run


@pytest.fixture
def exported(say, tmp_path):
    """The small town's areas as a file, changed by a function over its features."""

    def make(change=lambda features: features, **more):
        path = tmp_path / "areas.geojson"
        say("export", "areas", path)
        document = json.loads(path.read_text(encoding="utf-8"))
        document["features"] = change(document["features"])
        path.write_text(json.dumps(document | more), encoding="utf-8")
        return path

    return make


def of(code, features):
    return next(feature for feature in features if feature["properties"]["code"] == code)


def wider(features):
    """The first building grid a quarter over its neighbour."""
    ring = of("ry-g1-c1", features)["geometry"]["coordinates"][0]
    for corner in (1, 2):
        ring[corner][0] += STEP / 4
    return features


def test_a_dry_run_says_as_json_what_is_there_and_what_would_change(asked, exported):
    path = exported()
    status, told = asked("import", "areas", path, "--dry-run", "--json")
    assert status == 0 and told["ok"] and told["crs"] == "WGS-84" and told["faults"] == [] and not told["written"]
    assert told["features"] == 26 and told["counts"]["cell"] == 12
    assert told["changes"] == {"new": [], "redrawn": [], "same": 26}
    assert abs(told["area_m2"]["by_code"]["rj"] - 136577.12) < 1


def test_faults_are_told_as_json_with_place_size_and_repair_and_nothing_is_written(asked, exported):
    path = exported(wider)
    before = list(Area.objects.values_list("code", "rings"))
    for dry in (("--dry-run",), ()):
        status, told = asked("import", "areas", path, *dry, "--json")
        (fault,) = told["faults"]
        assert status == 1 and not told["ok"] and not told["written"]
        assert set(fault) == {"row", "code", "kind", "why", "repair", "area_m2", "lon", "lat"}
        assert (fault["kind"], fault["code"]) == ("overlap", "ry-g1-c2") and abs(fault["area_m2"] - 2845.4) < 1
        assert told["changes"]["redrawn"] == ["ry-g1-c1"]
    assert list(Area.objects.values_list("code", "rings")) == before


def test_pictures_and_a_page_of_the_faults_are_written(say, exported, tmp_path):
    path = exported(wider)
    status, told = say("import", "areas", path, "--dry-run", "--pictures", tmp_path / "p", "--report", tmp_path / "r.html")
    assert status == 1 and "怎么改：把重叠的2845平方米判给面积大的ry-g1-c1" in told
    assert [one.name for one in (tmp_path / "p").iterdir()] == ["0001-overlap-ry-g1-c2.svg"]
    assert "<svg" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_an_undeclared_frame_is_wrong_use_and_so_is_one_that_is_not_known(say, exported, saved):
    path = saved("bare.geojson", json.dumps({"type": "FeatureCollection", "features": json.loads(exported().read_text())["features"]}))
    for words in ((), ("--crs", "mars"), ("--level", "village", "--crs", "WGS-84")):
        assert say("import", "areas", path, "--dry-run", *words)[0] == 2
    status, told = say("import", "areas", exported(), "--crs", "BD-09")
    assert status == 2 and "自己写的坐标系是WGS-84" in told


def test_the_map_goes_out_and_comes_in_again_in_every_frame_and_format(say, asked, tmp_path):
    for crs, kind in (("GCJ-02", "geojson"), ("BD-09", "csv"), ("EPSG:4547", "csv"), ("EPSG:4490", "geojson")):
        path = tmp_path / f"areas.{kind}"
        assert say("export", "areas", path, "--crs", crs, "--format", kind)[0] == 0
        status, told = asked("import", "areas", path, "--crs", crs, "--dry-run", "--json")
        assert status == 0 and told["changes"] == {"new": [], "redrawn": [], "same": 26}, (crs, kind, told)
    for what in ("sites", "buildings"):
        path = tmp_path / f"{what}.geojson"
        assert say("export", what, path, "--crs", "GCJ-02")[0] == 0
        status, told = say("import", what, path)
        assert status == 0 and "新加0" in told and "改了0" in told


def test_one_level_of_a_sheet_finds_its_parents_by_where_it_lies(asked, saved):
    rows = []
    for row in Area.objects.filter(level=5).order_by("code"):
        ring = ", ".join(f"{lon} {lat}" for lon, lat in row.rings[0])
        rows.append(f'{row.code},{row.name},"POLYGON (({ring}))"')
    path = saved("cells.csv", "编码,名称,几何\n" + "\n".join(rows) + "\n")
    status, told = asked("import", "areas", path, "--crs", "CGCS2000", "--level", "楼栋格", "--dry-run", "--json")
    assert status == 0 and told["level"] == "cell" and told["counts"] == {"cell": 12}


def test_a_border_that_moves_says_beforehand_how_many_buildings_move_with_it(say, asked, exported):
    def shifted(features):
        for code, corners in (("ry-g1-c1", (1, 2)), ("ry-g1-c2", (0, 3, 4))):
            ring = of(code, features)["geometry"]["coordinates"][0]
            for corner in corners:
                ring[corner][0] = round(WEST + 0.4 * STEP, 6)
        return features

    path = exported(shifted)
    status, told = asked("import", "areas", path, "--dry-run", "--json")
    assert status == 0 and told["changes"]["redrawn"] == ["ry-g1-c1", "ry-g1-c2"] and told["buildings_moved"] > 0
    assert f"{told['buildings_moved']}栋楼换了楼栋格" in say("import", "areas", path)[1]


def test_what_the_house_refuses_beyond_the_drawing_is_told_beforehand(asked, exported):
    def regraded(features):
        of("ry-g1-c1", features)["properties"]["parent"] = "ry-g2"
        return features

    status, told = asked("import", "areas", exported(regraded), "--dry-run", "--json")
    assert status == 1 and any("层级和上级不能改" in fault["why"] for fault in told["faults"])


def test_areas_for_a_later_day_are_kept_listed_and_withdrawn(say, asked, exported):
    def renamed(features):
        of("ry-g1", features)["properties"]["name"] = "榕荫新1格"
        return features

    path = exported(renamed)
    assert say("import", "areas", path, "--effective", "2020-01-01")[0] == 2
    status, told = asked("import", "areas", path, "--effective", "2999-01-01", "--json")
    assert status == 0 and told["effective"] == "2999-01-01" and told["written"] and told["changes"]["redrawn"] == ["ry-g1"]
    assert places.at_area("ry-g1").words == "榕荫1格"
    (line,) = places.drawings()
    assert say("places", "plans")[1] == f"第{line.id}份 2999-01-01 areas.geojson 26格 待生效\n"
    assert say("places", "withdraw", line.id)[0] == 0
    assert "已撤回" in say("places", "plans")[1]
    assert say("places", "withdraw", line.id)[0] == 1 and say("places", "withdraw", 999_999)[0] == 1


def test_a_drawing_that_did_not_fit_its_day_is_named_by_the_check_until_it_is_withdrawn(say, town):
    twice = [replace(row, row=number, code=code) for number, (row, code) in enumerate(((next(area_rows()), "rj2"),), start=1)]
    act = {"by": OFFICE, "at": monday_nine}
    drawing = actions.plan_areas(areas=twice, day=local(monday_nine).date() + timedelta(days=1), file="x.geojson", **act)
    jobs.draw_what_is_due(at=monday_nine + timedelta(days=2))
    status, told = say("check")
    assert status == 1 and f"第{drawing}份网格（x.geojson）" in told and "没生效：要有一个区（district），这里有2个" in told
    say("places", "withdraw", drawing)
    assert "x.geojson" not in say("check")[1]


SITES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"id": 1, "名": "甲"}, "geometry": {"type": "Point", "coordinates": [114.0596497, 22.5388866]}},
        {
            "type": "Feature",
            "properties": {"id": 2},
            "geometry": {"type": "Polygon", "coordinates": [[[114.05, 22.5], [114.06, 22.5], [114.06, 22.51], [114.05, 22.5]]]},
        },
    ],
}


def typed(home, *words, stdin=None):
    """A command in a process and a home of its own, without any database."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIQIAN_")}
    env |= {"SIQIAN_HOME": str(home), "PYTHONPATH": str(ROOT), "SIQIAN_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}
    return subprocess.run(
        [sys.executable, "-m", "siqian", *map(str, words)], env=env, capture_output=True, text=True, input=stdin, cwd=home, timeout=120
    )


def test_sites_as_they_would_be_stored_need_a_frame_and_no_database(tmp_path):
    path, out = tmp_path / "sites.geojson", tmp_path / "out.geojson"
    path.write_text(json.dumps(SITES), encoding="utf-8")
    refused = typed(tmp_path, "import", "sites", path, "--dry-run", "--out", out)
    assert refused.returncode == 2 and "没有写明坐标系" in refused.stderr and not out.exists()
    done = typed(tmp_path, "import", "sites", path, "--crs", "GCJ-02", "--dry-run", "--out", out)
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["siqian:crs"] == "WGS-84"
    assert [feature["properties"] for feature in found["features"]] == [{"id": 1, "名": "甲"}, {"id": 2}]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [114.05454, 22.54161]}
    assert found["features"][1]["geometry"]["type"] == "Polygon"


def test_sites_with_a_row_without_a_place_write_no_file(tmp_path, say, saved):
    path, out = saved("sites.csv", "id,经度,纬度\n1,114.0,22.6\n2,,\n"), tmp_path / "out.geojson"
    status, told = say("import", "sites", path, "--crs", "BD-09", "--dry-run", "--out", out)
    assert status == 1 and "第3行：没有位置" in told and not out.exists()
    assert say("import", "sites", path, "--crs", "BD-09", "--out", out)[0] == 2


def test_a_site_that_is_a_point_lies_in_the_building_grid_around_it(say, saved):
    path = saved("sites.csv", f"场所编码,类别,名称,经度,纬度\nclinic,医院,小诊所,{WEST + STEP / 2},{SOUTH + STEP / 2}\n")
    assert say("import", "sites", path, "--crs", "CGCS2000")[0] == 0
    assert places.site_line("clinic").path.endswith("/ry-g1-c1/")


def test_areas_are_checked_where_no_database_is_yet(tmp_path, exported):
    path = exported()
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIQIAN_")}
    home = tmp_path / "nowhere"
    ran = subprocess.run(
        [sys.executable, "-m", "siqian", "import", "areas", path, "--dry-run", "--json"],
        env=env | {"SIQIAN_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = json.loads(ran.stdout)
    assert ran.returncode == 0 and told["standing"] == 0 and len(told["changes"]["new"]) == 26
    assert not (home / "siqian.db").exists()
    assert typed(tmp_path, "import", "areas", path, "--dry-run", "--json").returncode == 0


def located(text, *words):
    ran = CliRunner().invoke(house, ["places", "locate", *words], input=text)
    return ran.exit_code, list(csv.DictReader(io.StringIO(ran.stdout)))


def test_points_are_located_and_whoever_has_no_place_says_why(db):
    middle, edge = WEST + STEP / 2, round(WEST + STEP, 6)
    lines = ["id,lon,lat", f"in,{middle},{SOUTH + STEP / 2}", f"edge,{edge},{SOUTH + STEP / 2}", "far,115,23", "no,east,22", "empty,,"]
    status, rows = located("\n".join(lines) + "\n")
    assert status == 0 and [row["id"] for row in rows] == ["in", "edge", "far", "no", "empty"]
    assert [row["code"] for row in rows] == ["ry-g1-c1", "", "", "", ""]
    assert [row["why"] for row in rows[1:]] == [
        "在ry-g1-c1、ry-g1-c2的边界上",
        "在所有楼栋格外面",
        "经度、纬度不是数字",
        "经度、纬度不是数字",
    ]
    assert rows[0]["why"] == ""


def test_points_of_another_frame_are_located_when_it_is_said(db):
    status, rows = located("lon,id,lat\n114.0354,a,22.6573\n", "--crs", "GCJ-02")
    assert status == 0 and rows[0]["code"].startswith("ry-g1")
    assert located("lon,lat\n1,2\n")[0] == 1
