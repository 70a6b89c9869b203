"""The map is drawn anew in mid-year: what is open goes on under another post, what was issued stays as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.insight.review import actions, queries
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import actions as matters, jobs as matters_jobs, queries as seen
from siqian.spine.matters.models import Matter
from siqian.spine.matters.rules.course import Ask
from siqian.spine.remit import queries as remit
from siqian.testing import SOUTH, STEP, WEST, area_rows, monday_nine as MONDAY, town as small_town
from siqian.town.people import queries as people
from siqian.town.places import actions as places
from siqian.trades.tasks.models import Task

from .weeks import NEXT, WEEK, lamp

pytestmark = pytest.mark.long

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
    # Nobody was merged: by unit the week says the same.
    units = ({one["key"]: tuple(one["counts"]["respond"]) for one in sheet.numbers["lines"]["unit"]} for sheet in (now, again))
    assert next(units) == next(units)
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
    assert "木棉社区" in now and "按现在的网格和单位重新数的" in now and "bounds=now" in now


MERGED = """version: 合并
effective: 2026-07-01
rows:
  - {code: st-clean, zh: 街道市政环卫办, en: Street Sanitation Team, level: street, became: st-enforce}
"""
RUBBISH = "公交站后面一堆垃圾好几天了没人清"


@pytest.fixture
def merged(tmp_path, monkeypatch):
    """The district's own file merges 市政环卫办 into 综合行政执法办."""
    (tmp_path / "units-merged.yaml").write_text(MERGED, "utf-8")
    remit.check(overlay=tmp_path)
    read = remit._read(remit.HERE, tmp_path)
    return lambda: monkeypatch.setattr(remit, "_list", lambda: read)


@pytest.fixture
def rubbish(town):
    """An issued week of three settled matters of 市政环卫办, and five hundred open ones of the week after, every other at its own post."""
    for number in range(3):
        matter = intake.take(message=_rubbish(f"A{number}", "松涛苑5栋"), by=OFFICE, at=MONDAY).matter
        matters.contact(matter=matter, how="phone", text="问清了", by=town.desk("st"), at=MONDAY)
        matters.close(matter=matter, text="清走了，冲过地", by=town.desk("st"), at=MONDAY + timedelta(hours=2))
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    actions.issue(week=WEEK, version=1, by=town.desk("rj", NEXT), at=NEXT)
    told = intake.take_all(messages=[_rubbish(f"R{number}") for number in range(OPEN_ONES)], by=OFFICE, at=NEXT)
    own = town.post("handler", "st", "st-clean")
    for receipt in told[::2]:
        matters.move(matter=receipt.matter, post=own, why="归环卫", by=OFFICE, at=NEXT)
    return town


def _rubbish(external: str, home: str = "松涛苑1栋") -> Message:
    return Message(text=RUBBISH, channel="file", external=external, building=small_town.building(home), apart=True)


def test_two_units_are_merged_with_five_hundred_open_matters_and_nothing_stops(rubbish, merged):
    merged()
    later, desk = NEXT + timedelta(hours=1), rubbish.desk("rj", NEXT)
    old, new = (rubbish.post("handler", "st", unit) for unit in ("st-clean", "st-enforce"))
    before, clocks, _ = everything()
    issued = queries.sheet(WEEK, seen_by=desk)
    assert sum(post == old for _, post, *_ in before.values()) == OPEN_ONES // 2
    went = matters_jobs.follow_units(at=later)
    assert went == len(before) and matters_jobs.follow_units(at=later) == 0
    after, clocks_after, posts = everything()
    assert clocks_after == clocks and {id_: row[0] for id_, row in after.items()} == {id_: row[0] for id_, row in before.items()}
    for id_, (state, post, *_) in after.items():
        assert post == (new if before[id_][1] == old else before[id_][1])
        assert state in ("closed", "to_check") or posts[(f"matter:{id_}", "settle")] == post
    assert people.unit_of(old) == "st-enforce" and seen.faults() == []
    # The old unit's people are the new one's: they go on seeing what they had.
    lei = rubbish.actor("lei", later)
    assert len(seen.find(seen_by=lei, state="open", most=OPEN_ONES + 10)) >= OPEN_ONES
    # What was issued says what it said; the same week by the units as they are now.
    again = queries.sheet(WEEK, seen_by=desk)
    now = queries.redrawn(again, seen_by=desk)
    then = {one["key"]: one["counts"]["respond"] for one in again.numbers["lines"]["unit"]}
    assert again.digest == issued.digest and then == {"st-clean": [3, 3]}
    assert {one["key"]: one["counts"]["respond"] for one in now.numbers["lines"]["unit"]} == {"st-enforce": (3, 3)}
    behind = queries.behind(now, "respond", by="unit", key="st-enforce", part="whole", seen_by=desk)
    assert behind.count == 3 == len(behind.lines)


def test_what_is_told_after_the_merger_is_the_new_units_and_an_old_return_is_ruled_to_it(town, merged):
    merged()
    receipt = intake.take(message=_rubbish("N1"), by=OFFICE, at=NEXT)
    assert seen.seen(receipt.number, seen_by=OFFICE, at=NEXT).unit == "st-enforce"
    lamps = intake.take(message=Message(text="1栋楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑1栋")), by=OFFICE, at=NEXT)
    matters.ask(matter=lamps.matter, ask=Ask("return", "归环卫的", unit="st-clean", clause="1.1.1"), by=OFFICE, at=NEXT)
    matters.rule(matter=lamps.matter, granted=True, ruling="归环卫，照清单", by=town.desk("st", NEXT), at=NEXT)
    assert seen.seen(lamps.number, seen_by=OFFICE, at=NEXT).unit == "st-enforce"


def test_a_merger_that_leads_nowhere_cannot_be_put_in_force(tmp_path):
    for wrong in ("st-nowhere", "st-clean"):
        (tmp_path / "units-merged.yaml").write_text(MERGED.replace("became: st-enforce", f"became: {wrong}"), "utf-8")
        with pytest.raises(ValueError, match=f"没有编码为{wrong}的另一个单位"):
            remit.check(overlay=tmp_path)
