"""A map for a later day: drawn on that day and once, withdrawn before, or refused because it does not fit any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.kernel import epochs
from siqian.kernel.clock import local
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.testing import area_rows, monday_nine, square
from siqian.town.places import actions, jobs, queries
from siqian.town.places.index import Index

ROWS = {row.code: row for row in area_rows()}
LATER = monday_nine + timedelta(days=10)
DAY = local(LATER).date()
NEW = [replace(ROWS["ry-g1"], name="榕荫新1格")]


def plan(rows=NEW, day=DAY, by=OFFICE, at=monday_nine):
    return actions.plan_areas(areas=rows, day=day, file="new.geojson", by=by, at=at)


def name():
    epochs.forget()
    return queries.at_area("ry-g1").words


def test_it_is_drawn_on_its_day_and_once(town, journal):
    drawing = plan()
    assert jobs.draw_what_is_due(at=LATER - timedelta(days=1)) == 0 and name() == "榕荫1格"
    assert jobs.draw_what_is_due(at=LATER) == 1 and name() == "榕荫新1格"
    assert jobs.draw_what_is_due(at=LATER) == 0
    assert not actions.draw_planned(drawing=drawing, by=OFFICE, at=LATER)
    assert journal.of(f"drawing:{drawing}") == ["drawing.planned", "drawing.done"]
    before = {row.code: row.name for row in queries.area_rows(on=DAY - timedelta(days=1))}
    assert before["ry-g1"] == "榕荫1格" and queries.drawings()[0].state == "drawn"


def test_a_worker_that_comes_late_draws_it_then_and_a_clock_that_jumps_back_undoes_nothing(town):
    plan()
    assert jobs.draw_what_is_due(at=LATER + timedelta(days=3)) == 1
    assert jobs.draw_what_is_due(at=monday_nine) == 0 and name() == "榕荫新1格"


def test_the_same_rows_for_the_same_day_are_planned_once(town):
    assert plan() == plan() and len(queries.drawings()) == 1


def test_what_was_withdrawn_is_not_drawn(town, journal):
    drawing = plan()
    actions.withdraw_drawing(drawing=drawing, by=OFFICE, at=monday_nine)
    assert jobs.draw_what_is_due(at=LATER) == 0 and name() == "榕荫1格"
    assert journal.of(f"drawing:{drawing}") == ["drawing.planned", "drawing.withdrawn"]
    with pytest.raises(Refused):
        actions.withdraw_drawing(drawing=drawing, by=OFFICE, at=monday_nine)


def test_what_does_not_fit_the_map_of_its_day_changes_nothing_and_is_named(town, journal):
    """A new building grid is planned on half of another; before its day the neighbour takes that half."""
    west, middle, east = square(0, 0, 1, 1), square(0, 0, 1, 1), square(1, 0, 1, 1)
    for ring, corners in ((west, (1, 2)), (middle, (0, 3, 4)), (east, (0, 3, 4))):
        for corner in corners:
            ring[corner] = [114.0305, ring[corner][1]]
    smaller = replace(ROWS["ry-g1-c1"], rings=[west])
    drawing = plan([smaller, replace(smaller, code="new", name="新格", rings=[middle])])
    actions.redraw(areas=[smaller, replace(ROWS["ry-g1-c2"], rings=[east])], by=OFFICE, at=monday_nine)
    assert jobs.draw_what_is_due(at=LATER) == 0 and "new" not in queries.area_ids()
    (line,) = queries.drawings()
    assert line.state == "refused" and "重叠" in line.why
    assert journal.of(f"drawing:{drawing}") == ["drawing.planned", "drawing.refused"]
    actions.withdraw_drawing(drawing=drawing, by=OFFICE, at=LATER)
    assert queries.drawings()[0].state == "withdrawn"


def test_a_day_that_is_over_a_stranger_and_a_number_of_nothing_are_refused(town):
    with pytest.raises(BadInput, match="今天以后"):
        plan(day=local(monday_nine).date())
    with pytest.raises(NotYours):
        plan(by=ANYONE)
    with pytest.raises(NotFound):
        actions.withdraw_drawing(drawing=999_999, by=OFFICE, at=monday_nine)


def test_two_workers_draw_it_once(town, race):
    plan()
    finishes = race(*(lambda: jobs.draw_what_is_due(at=LATER),) * 2)
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert sorted(finish.value for finish in finishes) == [0, 1]


def test_a_point_on_a_border_is_of_several_and_a_point_inside_of_one():
    cells = Index((at, code, ROWS[code].rings) for at, code in enumerate(("ry-g1-c1", "ry-g1-c2"), start=1))
    edge, middle = ROWS["ry-g1-c2"].rings[0][0], (114.0305, 22.6605)
    assert cells.shared([edge[0], middle[0], 115.0], [22.6605, middle[1], 22.0]) == {0: [1, 2]}
