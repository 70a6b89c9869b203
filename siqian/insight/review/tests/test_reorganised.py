"""The map is drawn anew in mid-year: what is open goes on under another post, what was issued stays as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.insight.review import actions, queries
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import actions as matters, queries as seen
from siqian.spine.matters.models import Matter
from siqian.testing import SOUTH, STEP, WEST, area_rows, town as small_town
from siqian.town.places import actions as places
from siqian.trades.tasks.models import Task

from .weeks import NEXT, WEEK, lamp

ROWS = {row.code: row for row in area_rows()}
OPEN_ONES = 500


def box(west, east, south=0, north=2):
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return [[round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)] for x, y in corners]


def redrawn():
    """榕荫 gives its eastern half to 木棉, 松涛苑2栋, 5栋 and 6栋 with it: the border between two communities, and every level below."""
    rings = {"ry": box(0, 1), "ry-p1": box(0, 1), "mm": box(1, 4), "mm-p1": box(1, 4)}
    for grid in (1, 2):
        south, north = grid - 1, grid
        rings |= {
            f"ry-g{grid}": box(0, 1, south, north),
            f"ry-g{grid}-c1": box(0, 0.5, south, north),
            f"ry-g{grid}-c2": box(0.5, 1, south, north),
        }
        rings |= {
            f"mm-g{grid}": box(1, 4, south, north),
            f"mm-g{grid}-c1": box(1, 3, south, north),
            f"mm-g{grid}-c2": box(3, 4, south, north),
        }
    return [replace(ROWS[code], row=number, rings=[ring]) for number, (code, ring) in enumerate(rings.items(), start=1)]


@pytest.fixture
def year(town):
    """A week that is issued, and five hundred open matters of the week after."""
    for _ in range(3):
        lamp("松涛苑5栋")
    lamp("松涛苑1栋")
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    actions.issue(week=WEEK, version=1, by=town.desk("rj", NEXT), at=NEXT)
    buildings = [town.building(words) for words in ("松涛苑5栋", "松涛苑1栋", "木棉苑7栋", "松涛苑2栋")]
    told = [
        Message(
            text=f"楼梯{number}楼的灯坏了，晚上看不清路", channel="file", external=f"R{number}", building=buildings[number % 4], apart=True
        )
        for number in range(OPEN_ONES)
    ]
    intake.take_all(messages=told, by=OFFICE, at=NEXT)
    return town


def everything():
    with store.reading_all():
        rows = {row.id: (row.state, row.post, row.path, row.building) for row in Matter.objects.exclude(state="settled")}
        clocks = {(task.about, task.what): (task.due, task.stopped) for task in Task.objects.all()}
        posts = {(task.about, task.what): task.post for task in Task.objects.filter(stopped=None)}
    return rows, clocks, posts


def sheet(town):
    view = queries.sheet(WEEK, seen_by=town.desk("rj", NEXT))
    return view, {one["key"]: one["counts"]["respond"] for one in view.numbers["lines"]["community"]}


def test_five_hundred_open_matters_go_with_their_buildings_and_nothing_stops(year):
    later = NEXT + timedelta(hours=1)
    before, clocks, _ = everything()
    issued, counts = sheet(year)
    places.redraw(areas=redrawn(), by=OFFICE, at=later)
    while deliveries.work(at=later):
        pass
    after, clocks_after, posts = everything()
    # Every clock runs on to the same due time; every matter is in the state in which it was.
    assert clocks_after == clocks and {id_: row[0] for id_, row in after.items()} == {id_: row[0] for id_, row in before.items()}
    moved = {small_town.building(words) for words in ("松涛苑2栋", "松涛苑5栋")}
    for id_, (_, post, path, building) in after.items():
        here = small_town.place({"songtao-1": "松涛苑1栋", "songtao-2": "松涛苑2栋", "songtao-5": "松涛苑5栋"}.get(building, "木棉苑7栋"))
        assert path == here.path and path.startswith("/rj/st/mm/") == (building in moved or building == "mumian-7")
        if building in moved:
            assert post.startswith("mm-") and before[id_][1].startswith("ry-")
        else:
            assert post == before[id_][1]
        assert posts[(f"matter:{id_}", "settle")] == post
    assert sum(building in moved for *_, building in after.values()) == OPEN_ONES // 2
    assert seen.faults() == []
    # What was issued says what it said; beside it, the same week by the areas as they are now.
    again, same = sheet(year)
    assert (again.digest, same) == (issued.digest, counts) == (issued.digest, {"ry": [4, 4]})
    now = queries.redrawn(again, seen_by=year.desk("rj", NEXT))
    assert {one["key"]: one["counts"]["respond"] for one in now.numbers["lines"]["community"]} == {"mm": (3, 3), "ry": (1, 1)}
    assert now.numbers["lines"]["unit"] == again.numbers["lines"]["unit"]
    desk = year.desk("rj", NEXT)
    for key, count in (("mm", 3), ("ry", 1)):
        behind = queries.behind(now, "respond", by="community", key=key, part="whole", seen_by=desk)
        assert behind.count == count == len(behind.lines)


def test_told_twice_of_the_new_map_a_matter_goes_once(year):
    later = NEXT + timedelta(hours=1)
    places.redraw(areas=redrawn(), by=OFFICE, at=later)
    assert matters.follow_map(buildings=["songtao-5"], by=OFFICE, at=later) == OPEN_ONES // 4
    assert matters.follow_map(buildings=["songtao-5", "nowhere"], by=OFFICE, at=later) == 0


def test_the_page_shows_the_week_under_both_bounds(year, signed_in):
    places.redraw(areas=redrawn(), by=OFFICE, at=NEXT)
    visitor = signed_in("liang")
    then, now = (visitor.get(f"/review/{WEEK}?by=community{more}").content.decode() for more in ("", "&bounds=now"))
    assert "木棉社区" not in then.partition('class="wk wk-1"')[2].partition("</table>")[0]
    assert "木棉社区" in now and "按现在的网格重新数的" in now and "bounds=now" in now
