"""The living district: every count, every border, every name, the same again from the same seed."""

from collections import Counter
from random import Random

import numpy as np
import pytest
import shapely

from demo import SEED, names
from demo.district import district
from demo.dividing import parts, pieces, shares
from demo.terrain import mesh
from siqian.town.places.rules import Register, SiteEntry, read

LEVELS = ("district", "street", "community", "block", "grid", "cell")
COUNTS = dict(zip(LEVELS, (1, 6, 69, 433, 3_055, 7_057), strict=True))


@pytest.fixture(scope="module")
def shapes(made):
    """Every area's polygon, by code."""
    return {row.code: shapely.Polygon(row.rings[0], row.rings[1:]) for row in made.areas}


@pytest.fixture(scope="module")
def children(made):
    found = {}
    for row in made.areas:
        found.setdefault(row.parent, []).append(row.code)
    return found


@pytest.fixture(scope="module")
def up(made):
    return {row.code: row.parent for row in made.areas}


def test_the_district_has_the_counts_of_the_reference_district(made):
    assert Counter(row.level for row in made.areas) == COUNTS
    assert (len(made.buildings), len(made.persons)) == (40_000, 9_000)
    assert 2_000 <= len(made.sites) <= 2_600
    communities = Counter(row.code[:2] for row in made.areas if row.level == "cell")
    assert len(communities) == 69 and max(communities.values()) > 2 * min(communities.values())


def test_every_area_is_one_sound_polygon_and_some_have_holes(made, shapes):
    assert all(shapely.is_valid(list(shapes.values())))
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for row in made.areas for ring in row.rings)
    assert {row.level for row in made.areas if len(row.rings) > 1} >= {"district", "street", "community", "grid", "cell"}


def test_every_level_tiles_the_one_above_with_the_same_corners(shapes, children, up):
    for parent, below in children.items():
        if parent:
            union = shapely.coverage_union_all([shapes[code] for code in below])
            assert union.geom_type == "Polygon" and union.equals(shapes[parent]), parent
            assert {tuple(point) for point in shapely.get_coordinates(union)} <= _corners([shapes[code] for code in below])
    for level in range(1, 6):
        layer = [shapes[code] for code in up if _depth(code, up) == level]
        assert shapely.coverage_is_valid(layer)
        assert sum(shape.area for shape in layer) == pytest.approx(next(shapes[code] for code in up if not up[code]).area, rel=1e-9)


def test_a_point_anywhere_lies_in_one_building_grid_and_in_all_that_is_above_it(made, shapes, up):
    dice = np.random.default_rng(4)
    west, south, east, north = shapes["RJ"].bounds
    points = shapely.points(dice.uniform(west, east, 20_000), dice.uniform(south, north, 20_000))
    cells = [row.code for row in made.areas if row.level == "cell"]
    hit, cell = shapely.STRtree([shapes[code] for code in cells]).query(points, predicate="within")
    cell = cell[np.argsort(hit)]
    hit.sort()
    assert len(set(hit.tolist())) == len(hit), "in two building grids at once"
    assert set(hit.tolist()) == set(np.flatnonzero(shapely.within(points, shapes["RJ"])).tolist())
    for point, at in list(zip(hit.tolist(), cell.tolist(), strict=True))[:2_000]:
        code = cells[at]
        while code := up[code]:
            assert shapes[code].contains(points[point])


def test_every_house_stands_in_its_building_grid_and_in_nobody_elses_way(made, shapes):
    houses = np.array([shapely.Polygon(row.ring) for row in made.buildings])
    assert shapely.contains_properly([shapes[row.area] for row in made.buildings], houses).all()
    one, other = shapely.STRtree(houses).query(houses, predicate="intersects")
    assert (one == other).all()
    middles = shapely.points([(row.lon, row.lat) for row in made.buildings])
    assert shapely.contains(houses, middles).all()


def test_hills_and_water_are_left_alone_and_towns_are_dense(made, shapes):
    built = Counter(row.area for row in made.buildings)
    empty = [row.code for row in made.areas if row.level == "cell" and row.code not in built]
    assert 100 < len(empty) < 700
    mean = np.mean([shapes[code].area for code in built])
    assert np.mean([shapes[code].area for code in empty]) > 2 * mean
    assert np.median([shapes[code].area for code, count in built.items() if count > 8]) < mean


def test_a_site_lies_in_its_community_and_may_span_grids(made, shapes, up):
    buildings = {}
    for row in made.buildings:
        buildings.setdefault(row.site, []).append(row)
    spans = 0
    for site in made.sites:
        here = buildings[site.code]
        assert len({row.number for row in here}) == len(here)
        assert {up[up[up[row.area]]] for row in here} == {site.area}
        grids = {up[row.area] for row in here}
        spans += len(grids) > 1
        if site.rings:
            shape = shapely.Polygon(site.rings[0], site.rings[1:])
            assert all(shape.covers(shapes[row.area]) for row in here)
    assert spans > 500
    assert Counter(site.kind for site in made.sites).keys() == names.ENDINGS.keys()


def test_the_newcomers_own_people_live_and_work_in_the_named_community(made, up):
    homes = [row for row in made.buildings if row.name in {f"松涛苑{number}栋" for number in range(1, 5)}]
    assert len(homes) == 4 and len({row.area for row in homes}) == 1
    grid = up[homes[0].area]
    assert next(row.name for row in made.areas if row.code == up[up[grid]]) == "榕荫社区"
    persons = {row.code: row.name for row in made.persons}
    held = {seat.post: persons[seat.person] for seat in made.seats}
    assert held[f"keeper-{grid}"] == "陈志明" and held["secretary-YR"] == "林秀娟" and held[f"head-{homes[0].area}"] == "吴建国"
    accounts = {"zheng", "liang", "lin", "su", "chen", "wu", "luo", "cheng", "li", "zhengli", "fang", "jiang", "shen"}
    accounts |= {"fanglan", "qiubo", "yanli", "ma", "qin"}
    assert {row.username for row in made.accounts} == accounts
    assert Counter(persons.values())["陈志明"] == 1


def test_every_post_is_held_and_some_heads_hold_several(made):
    posts = Counter(seat.post for seat in made.seats)
    duties = Counter(post.split("-")[0] for post in posts)
    assert (duties["keeper"], duties["head"], duties["desk"], duties["secretary"]) == (3_055, 7_057, 76, 69)
    held = Counter(seat.person for seat in made.seats if seat.duty == "building_head")
    assert len(held) == 5_247 and max(held.values()) >= 2
    assert {seat.person for seat in made.seats} == {row.code for row in made.persons}
    desk = [shift for seat in made.seats if seat.post == "desk-RJ3" for shift in seat.shifts]
    assert sum(end - start for _, start, end in desk) == 7 * 1440


def test_some_are_away_now_with_and_without_somebody_who_stands_in(made):
    now = [leave for leave in made.leaves if leave.since.total_seconds() <= 0 < leave.until.total_seconds()]
    assert len(now) > 30 and {bool(leave.stand_in) for leave in now} == {True, False}
    assert all(leave.since < leave.until and leave.person != leave.stand_in for leave in made.leaves)
    known = {row.code for row in made.persons}
    assert {leave.person for leave in made.leaves} | {leave.stand_in for leave in made.leaves if leave.stand_in} <= known
    assert not {leave.person for leave in made.leaves} & {row.person for row in made.accounts}


def test_names_are_unlike_complete_in_english_and_of_no_real_place(made):
    assert len({row.name for row in made.persons}) == 9_000
    assert all(" " in row.name_en and row.name_en.isascii() for row in made.persons)
    assert all(row.name_en.isascii() for row in (*made.areas, *made.sites, *made.buildings))
    communities = [row.name for row in made.areas if row.level == "community"]
    assert len(set(communities)) == 69
    assert not any(real in row.name for real in names.REAL for row in (*made.areas, *made.sites))
    twins = [name for name, count in Counter(site.name for site in made.sites).items() if count > 1]
    assert 5 < len(twins) < 200, "some estates go by one name in two communities, as happens"
    first, second = ({site.name[:-2] for site in made.sites if site.name.endswith(phase)} for phase in ("一期", "二期"))
    assert first == second and len(first) > 20 and not any(name.endswith("期") for name in first), "larger estates were built in two phases"


def test_the_register_reads_every_full_name_as_its_building_or_as_one_of_its_namesakes(made):
    numbers = {}
    for row in made.buildings:
        numbers.setdefault(row.site, {})[row.number] = row.code
    register = Register(SiteEntry(site.code, (site.name, *site.aliases), numbers[site.code], site.area) for site in made.sites)
    homes = {site.code: site.area for site in made.sites}
    several = 0
    for row in made.buildings[::3]:
        codes = read(row.name, register).buildings
        assert row.code in codes
        several += len(codes) > 1
        assert read(f"我住{row.name}，楼道灯坏了", register, near=homes[row.site]).buildings == (row.code,)
    assert 0 < several < len(made.buildings) / 3 / 10


@pytest.mark.long
@pytest.mark.long
def test_the_same_seed_makes_the_same_district_and_another_another(made):
    again, other = district(Random(SEED)), district(Random(7))
    assert vars(again) == vars(made)
    assert Counter(row.level for row in other.areas) == COUNTS and (len(other.buildings), len(other.persons)) == (40_000, 9_000)
    assert other.areas[0].rings != made.areas[0].rings


@pytest.mark.parametrize("seed", range(3))
def test_a_division_leaves_nobody_out_and_every_part_in_one_piece(seed):
    chance = Random(seed)
    ground = mesh(300, chance)
    found = parts(range(300), 23, ground.beside, ground.seeds, chance, least=4)
    assert sorted(cell for part in found for cell in part) == list(range(300))
    assert all(len(part) >= 4 and len(pieces(part, ground.beside)) == 1 for part in found) and len(found) == 23


def test_shares_add_up():
    assert shares(10, [1, 1, 1]) == [4, 3, 3] and shares(5, [8, 1, 1], 1) == [3, 1, 1]
    assert sum(shares(433, [0.1] * 69, 2)) == 433


def _corners(shapes):
    return {tuple(point) for shape in shapes for point in shapely.get_coordinates(shape)}


def _depth(code, up):
    return 1 + _depth(up[code], up) if up[code] else 0
