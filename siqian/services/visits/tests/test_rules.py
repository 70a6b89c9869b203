"""A plan that reaches everybody: fair to those who go, whom nobody came to first."""

from datetime import date, timedelta

from hypothesis import given, strategies as st

from siqian.services.visits.rules import planning
from siqian.services.visits.rules.planning import Official, Stop

TODAY = date(2026, 7, 13)
GRIDS = [f"/rj/st{street}/c{community}/b/g{grid}/" for street in (1, 2) for community in (1, 2) for grid in (1, 2, 3)]
CELLS = [f"{grid}c{cell}/" for grid in GRIDS for cell in range(6)]
LASTS = st.one_of(st.none(), st.integers(0, 500).map(lambda ago: TODAY - timedelta(days=ago)))
TOWN = st.dictionaries(st.sampled_from(CELLS), LASTS, max_size=40)
PATHS = st.sampled_from(["/rj/", "/rj/st1/", "/rj/st2/", "/rj/st1/c1/", "/rj/st2/c2/"])
PEOPLE = st.lists(PATHS, max_size=5).map(lambda paths: [Official(f"post{at}", path) for at, path in enumerate(paths)])
DAYS = [TODAY + timedelta(days=at) for at in range(1, 20)]


@given(TOWN, st.sets(st.sampled_from(CELLS)))
def test_what_was_reached_lately_or_is_on_somebodys_list_is_no_stop_and_everything_else_is_one(cells, coming):
    fresh = TODAY - timedelta(days=200)
    found = planning.stops(cells, coming, fresh=fresh)
    walked = [cell for stop in found for cell in stop.cells]
    due = {cell for cell, last in cells.items() if cell not in coming and (last is None or last < fresh)}
    assert len(walked) == len(set(walked)) and set(walked) == due
    assert all(cell.startswith(stop.grid) and 1 <= len(stop.cells) <= planning.A_VISIT for stop in found for cell in stop.cells)
    lasts = [stop.last or date.min for stop in found]
    assert lasts == sorted(lasts)


@given(TOWN, PEOPLE)
def test_nobody_is_sent_out_of_their_area_or_twice_a_day_and_nothing_is_forgotten(cells, people):
    waiting = planning.stops(cells, (), fresh=TODAY)
    found = planning.plan(waiting, people, DAYS)
    where = {one.post: one.path for one in people}
    assert all(visit.grid.startswith(where[visit.post]) for visit in found.visits)
    assert len({(visit.post, visit.day) for visit in found.visits}) == len(found.visits)
    walked = [visit.cells for visit in found.visits] + [stop.cells for stop in found.left]
    assert sorted(walked) == sorted(stop.cells for stop in waiting)
    for stop in found.left:
        assert all(sum(visit.post == one.post for visit in found.visits) == len(DAYS) for one in people if stop.grid.startswith(one.path))


def test_those_who_may_go_to_the_same_places_take_as_many_as_each_other():
    stops = [Stop(grid, (f"{grid}c1/",), None) for grid in GRIDS]
    people = [Official("a", "/rj/"), Official("b", "/rj/"), Official("c", "/rj/")]
    taken = [visit.post for visit in planning.plan(stops, people, DAYS).visits]
    assert {post: taken.count(post) for post in "abc"} == {"a": 4, "b": 4, "c": 4}


def test_of_two_who_took_as_few_the_one_whose_post_is_nearer_goes():
    stops = [Stop("/rj/st1/c1/b/g1/", ("/rj/st1/c1/b/g1/c1/",), None)]
    found = planning.plan(stops, [Official("leader", "/rj/"), Official("secretary", "/rj/st1/c1/")], DAYS)
    assert [visit.post for visit in found.visits] == ["secretary"]


def test_somebodys_visits_lie_evenly_over_the_days_and_never_where_they_are_taken():
    stops = [Stop(grid, (f"{grid}c1/",), None) for grid in GRIDS[:4]]
    busy = frozenset(DAYS[:9])
    days = [visit.day for visit in planning.plan(stops, [Official("a", "/", busy)], DAYS).visits]
    assert not busy & set(days) and days == [DAYS[9], DAYS[11], DAYS[14], DAYS[16]]


def test_days_are_those_that_are_worked():
    found = planning.days(date(2026, 7, 17), date(2026, 7, 20), lambda day: day.weekday() < 5)
    assert found == [date(2026, 7, 17), date(2026, 7, 20)]
