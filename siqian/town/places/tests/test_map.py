"""A point lies in one building grid; a district is laid out whole or not at all."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import epochs
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotYours
from siqian.testing import SOUTH, STEP, WEST, area_rows, building_rows, monday_nine, square
from siqian.town.places import actions, queries, rules
from siqian.town.places.index import Index
from siqian.town.places.models import Area


def lay_out(areas, by=OFFICE):
    actions.lay_out(areas=areas, sites=[], buildings=[], by=by, at=monday_nine)


def test_every_building_lies_in_its_own_building_grid(db, town):
    for row in building_rows():
        place = queries.at_point(row.lon, row.lat)
        assert place.path == town.area(row.area).path and place.area == town.area(row.area).area


def test_a_point_on_a_shared_border_belongs_to_the_smaller_code(db):
    def path(column, row):
        return queries.at_point(round(WEST + STEP * column, 6), round(SOUTH + STEP * row, 6)).path.split("/")[-2]

    assert path(1, 0.5) == "ry-g1-c1"
    assert path(0.5, 1) == "ry-g1-c1"
    assert path(2, 0.5) == "mm-g1-c1"
    assert path(1, 1) == "ry-g1-c1"
    assert path(2, 1) == "mm-g1-c1"
    assert path(4, 1.5) == "mm-g2-c2"


@pytest.mark.parametrize(("lon", "lat"), [(114.029, 22.661), (114.05, 22.661), (22.661, 114.031), (0, 0), (float("nan"), 22.6)])
def test_a_point_outside_the_district_is_nowhere(db, lon, lat):
    assert queries.at_point(lon, lat) is None


def test_a_hole_in_a_grid_does_not_belong_to_it_and_an_island_in_it_does_to_its_own():
    outer, hole = square(0, 0, 4, 4), square(1, 1, 2, 2)
    island = Index([(1, "a", [outer, hole]), (2, "b", [hole])])
    assert island.cell(WEST + 2 * STEP, SOUTH + 2 * STEP) == 2
    assert Index([(1, "a", [outer, hole])]).cell(WEST + 2 * STEP, SOUTH + 2 * STEP) is None
    assert island.cell(round(WEST + STEP, 6), SOUTH + 2 * STEP) == 1


def test_a_place_says_its_names_from_the_district_down_and_its_grid(db, town):
    place = town.place("松涛苑3栋")
    assert place.names == ("榕江区", "榕荫街道", "榕荫社区", "榕荫第一片区", "榕荫2格", "榕荫2格1组")
    assert place.fence == town.area("ry-g2").area and queries.community_of(place.path) == "ry"
    assert town.area("ry").fence == town.area("ry").area


def test_a_search_finds_a_building_by_name_alias_and_code(db):
    assert queries.find("松涛花园3栋")[0].code == queries.find("songtao-3")[0].code == "songtao-3"
    assert [line.code for line in queries.find("木棉苑")][:2] == ["mumian-1", "mumian-10"]
    assert queries.find("  ") == []


def test_the_fence_of_a_path_is_everything_below_it(db, town):
    assert set(queries.fences([town.area("ry-g2").path])) == {town.area(code).area for code in ("ry-g2", "ry-g2-c1", "ry-g2-c2")}
    assert queries.fences([]) == ()


def test_a_map_with_faults_is_refused_whole_with_every_fault(db):
    before, areas = (Area.objects.count(), queries.epoch()), list(area_rows())
    for at, change in ((3, {"parent": "nowhere"}), (5, {"level": "hamlet"}), (6, {"rings": [[[1, 1], [2, 2]]]})):
        areas[at] = rules.AreaRow(**{**vars(areas[at]), **change})
    with pytest.raises(BadInput) as refused:
        lay_out([*areas, areas[0]])
    assert all(
        words in refused.value.refusal.why
        for words in ("上级nowhere不在这份表里", "层级“hamlet”不认识", "没有首尾相接", "编码rj前面已经有了")
    )
    epochs.forget()
    assert (Area.objects.count(), queries.epoch()) == before


def test_only_the_office_draws_the_map(db, town, journal):
    for actor in (ANYONE, town.resident("zhou"), town.actor("chen")):
        with pytest.raises(NotYours):
            lay_out(list(area_rows()), by=actor)
    assert journal.of("area:rj") == ["map.changed"]


def test_once_the_map_is_in_memory_nothing_asks_the_database(db, town, monkeypatch):
    monkeypatch.setattr(epochs, "PERIOD", 60)
    point = town.point("松涛苑3栋")

    def ask():
        place = queries.at_building("songtao-3")
        assert place == queries.at_point(*point) or place.area == queries.at_point(*point).area
        assert queries.at_area("ry").names[-1] == "榕荫社区" and queries.district().words == "榕江区"
        assert queries.read("松涛苑3栋").buildings == ("songtao-3",) and queries.site("songtao").community == "ry"
        assert queries.both_names(place.path)[2] == ("榕荫社区", "Rongyin Community") and len(queries.fences([place.path])) == 1
        assert queries.in_english("松涛苑3栋") == "Songtao Court Building 3" and len(queries.communities()) == 3
        assert queries.cells_at([point[0], 0.0], [point[1], 0.0]).tolist() == [place.area, 0]

    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    assert [query["sql"] for query in asked] == []


def test_a_new_map_is_seen_at_once_and_what_was_held_is_let_go(db):
    assert queries.at_area("x") is None and queries.at_point(114.1005, 22.7005) is None
    west, south = round((114.100 - WEST) / STEP), round((22.700 - SOUTH) / STEP)
    levels = list(rules.LEVELS)
    rows = [
        rules.AreaRow(at + 1, "x" * (at + 1), level, f"新{level}", f"New {level}", "x" * at if at else "", [square(west, south, 1, 1)])
        for at, level in enumerate(levels)
    ]
    lay_out(rows)
    assert queries.at_area("x").words == "新district" and queries.at_point(114.1005, 22.7005).words == "新cell"
    assert len(queries.areas(level=5)) == 13


def test_areas_come_with_or_without_outlines(db, town):
    within = town.area("ry").path
    assert [line.code for line in queries.areas(level=4, within=within)] == ["ry-g1", "ry-g2"]
    assert all(line.rings for line in queries.areas(within=within)) and not any(line.rings for line in queries.communities())
    assert queries.area_ids()["ry"] == town.area("ry").area


def test_sites_are_found_by_point_and_by_area(db, town):
    site = rules.SiteRow("school", "school", "榕荫小学", "Rongyin School", "ry", (), [square(0, 0, 1, 1)])
    actions.lay_out(areas=_elsewhere(), sites=[replace(site, area="zz")], buildings=[], by=OFFICE, at=monday_nine)
    lon, lat = town.point("松涛苑1栋")
    assert [line.code for line in queries.sites_at(lon, lat)] == ["school", "songtao"], "in the school's ground and in a house"
    assert [line.code for line in queries.sites_at(lon + STEP / 3, lat)] == ["school"], "in the school's ground, beside the house"
    assert queries.sites_at(0, 0) == []
    assert [(line.name, line.kind) for line in queries.sites_in(town.area("mm-g1").path)] == [("木棉苑", "estate")]


def test_a_room_that_a_building_cannot_have_is_said(db):
    assert queries.room("songtao-3", "1203") == rules.Room(12, 3)
    assert "只有18层" in queries.room("songtao-3", "1901").why and queries.room("nowhere", "101") is None


def _elsewhere():
    """A district far away, so that a site has an area that is not taken."""
    return [rules.AreaRow(1, "zz", "district", "远区", "Far", "", [square(200, 200, 1, 1)])]
