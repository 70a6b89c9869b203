"""Areas are split, merged and hung elsewhere: houses go along, whoever points at an area finds it, the past stays as it was."""

from datetime import timedelta

import pytest

from siqian.kernel import epochs
from siqian.kernel.permits import ANYONE, OFFICE, NotYours
from siqian.testing import SOUTH, STEP, WEST, monday_nine
from siqian.town.places import actions, queries, shaping
from siqian.town.places.models import Area, Building
from siqian.town.places.shaping import Newcomer

LATER = monday_nine + timedelta(days=30)


def sheet(path="/rj/st/ry/"):
    return queries.sheet(path)


def at(x, y):
    return WEST + STEP * x, SOUTH + STEP * y


def put(shaped, when=LATER):
    assert [fault.why.why for fault in shaped.faults] == []
    done = actions.reshape(areas=shaped.areas, ended=shaped.ended, by=OFFICE, at=when)
    epochs.forget()
    return done


def halved(code="ry-g2-c3"):
    return shaping.split(sheet(), "ry-g2-c1", [at(-0.1, 1.3), at(1.1, 1.3)], Newcomer(code, "榕荫2格3组"))


def test_a_split_building_grid_takes_its_house_along(town, journal):
    ids = queries.area_ids()
    assert put(halved()) == actions.Redrawn(changed=1, added=1, moved=1)
    assert town.place("松涛苑3栋").path.endswith("/ry-g2-c3/") and town.place("松涛苑4栋").path.endswith("/ry-g2-c1/")
    assert queries.area_ids().items() > ids.items()
    assert journal.of("area:rj") == ["map.changed", "map.changed", "buildings.moved"]


def test_merged_grids_leave_nobody_behind_and_the_past_stays(town, journal):
    ids, then = queries.area_ids(), queries.area_rows()
    before = town.place("松涛苑5栋")
    done = put(shaping.merge(sheet(), "ry-g1", "ry-g2"))
    assert done == actions.Redrawn(changed=3, added=0, moved=4)
    place = town.place("松涛苑5栋")
    assert place.path == "/rj/st/ry/ry-p1/ry-g1/ry-g2-c2/" and place.fence == ids["ry-g1"] and "ry-g2" not in queries.area_ids()
    # Whoever still points at the ended grid stands behind the fence of what took it in.
    assert before.fence in queries.fences([town.area("ry-g1").path])
    assert queries.area_rows(on=(LATER - timedelta(days=1)).date()) == then
    assert journal.of("area:rj") == ["map.changed", "map.changed", "areas.moved", "buildings.moved"]


def test_what_ended_comes_back_as_it_was(town):
    ids, then = queries.area_ids(), {row.code: row for row in queries.area_rows()}
    put(shaping.merge(sheet(), "ry-g1", "ry-g2"))
    rows = [then[code] for code in ("ry-g1", "ry-g2", "ry-g2-c1", "ry-g2-c2")]
    for later in (LATER, LATER + timedelta(days=3)):
        actions.reshape(areas=rows, ended={}, by=OFFICE, at=later)
        epochs.forget()
        assert queries.area_ids() == ids and town.place("松涛苑5栋").fence == ids["ry-g2"]
        assert {row.code: (row.parent, row.rings) for row in queries.area_rows()} == {c: (r.parent, r.rings) for c, r in then.items()}
        put(shaping.merge(sheet(), "ry-g1", "ry-g2"), later)


def test_a_split_that_is_undone_ends_the_new_piece(town):
    then = {row.code: row for row in queries.area_rows()}
    put(halved())
    actions.reshape(areas=[then["ry-g2-c1"]], ended={"ry-g2-c3": "ry-g2-c1"}, by=OFFICE, at=LATER)
    epochs.forget()
    assert town.place("松涛苑3栋").path.endswith("/ry-g2-c1/") and Area.objects.filter(code="ry-g2-c3", valid_to=None).count() == 0
    # Its code is taken for good: whoever reads it in an old record must not meet another ground.
    assert [fault.kind for fault in halved().faults] == ["duplicate"]


def test_faults_are_all_told_and_nothing_is_changed(town):
    shaped = halved()
    with pytest.raises(actions.BadMap) as error:
        actions.reshape(areas=shaped.areas[1:], ended={"ry-g1": "ry-g2", "nowhere": "ry-g2"}, by=OFFICE, at=LATER)
    told = [fault.why for fault in error.value.faults]
    assert any("没有nowhere这一格" in why for why in told) and any("ry-g1并掉以后" in why for why in told)
    assert "ry-g2-c3" not in queries.area_ids() and Building.objects.filter(area__code="ry-g2-c1").count() == 2
    with pytest.raises(NotYours):
        actions.reshape(areas=shaped.areas, ended={}, by=ANYONE, at=LATER)


def test_two_at_once_leave_one_whole_map(race):
    first, second = halved("ry-g2-c3"), halved("ry-g2-c4")
    finishes = race(*(lambda one=one: actions.reshape(areas=one.areas, ended={}, by=OFFICE, at=LATER) for one in (first, second)))
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert any("重叠" in finish.why for finish in finishes)
