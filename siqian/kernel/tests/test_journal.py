"""What was decided is written once, in order, with the row it speaks of, or not at all."""

import pytest
from django.db import connection

from siqian.kernel import journal as ink, links, store
from siqian.kernel.journal import verb
from siqian.kernel.models import Entry, Link
from siqian.kernel.permits import OFFICE, Actor, Fence
from siqian.testing import monday_nine

from .town_of_lamps import LampLit, act, light


@verb
def light_street(*, lamps, fault=None, by, at):
    for lamp in lamps:
        light(lamp=lamp, by=by, at=at)
    if fault:
        raise fault


def test_nothing_is_recorded_outside_a_verb(db):
    with pytest.raises(RuntimeError, match=r"lamp\.lit is recorded outside a verb"):
        ink.record(LampLit("lamp:1"), **act())
    with pytest.raises(RuntimeError):
        links.tie("lamp:1", "lit", "x", at=monday_nine)
    with pytest.raises(RuntimeError), ink.savepoint():
        pass
    assert not Entry.objects.filter(name="lamp.lit").exists()


def test_a_verb_without_an_actor_is_refused(db):
    with pytest.raises(TypeError, match="by= takes an Actor"):
        light(lamp="lamp:1", by="chen", at=monday_nine)


def test_entries_of_one_lamp_are_chained_and_read_back_in_order(db, journal):
    light(lamp="lamp:1", **act())
    light(lamp="lamp:2", **act())
    light(lamp="lamp:1", watts=60, **act())
    first, second = ink.of("lamp:1")
    assert (first.seq, second.seq, second.body, second.by, second.at) == (1, 2, {"lamp": "lamp:1", "watts": 60}, "office", monday_nine)
    rows = list(Entry.objects.filter(subject="lamp:1").order_by("seq"))
    assert rows[1].prev == rows[0].hash and rows[0].prev == ""
    assert journal.of("lamp:2") == ["lamp.lit"]


def test_inner_verbs_join_the_outer_one_and_keep_their_order(db, journal):
    light_street(lamps=["lamp:1", "lamp:1", "lamp:2"], **act())
    assert journal.of("lamp:2") == ["lamp.lit"]
    assert [line.seq for line in ink.of("lamp:1")] == [1, 2]


def test_a_verb_that_fails_leaves_neither_row_nor_entry(db, journal):
    with pytest.raises(ZeroDivisionError):
        light_street(lamps=["lamp:1", "lamp:2"], fault=ZeroDivisionError(), **act())
    assert journal.of("lamp:1") == [] and not Link.objects.exists()
    assert not ink.in_verb() and not connection.in_atomic_block
    light(lamp="lamp:1", **act())
    assert [line.seq for line in ink.of("lamp:1")] == [1]


def test_a_part_that_fails_alone_takes_its_rows_and_its_ink_with_it(db, journal):
    with ink.writing(OFFICE, whole=True):
        light(lamp="lamp:1", **act())
        with pytest.raises(ZeroDivisionError), ink.savepoint():
            light(lamp="lamp:2", **act())
            raise ZeroDivisionError
    assert journal.of("lamp:1") == ["lamp.lit"]
    assert journal.of("lamp:2") == [] and Link.objects.count() == 1


def test_an_event_comes_back_from_its_entry_as_it_was(db):
    light(lamp="lamp:灯", watts=25, **act())
    entry = Entry.objects.get(subject="lamp:灯")
    assert ink.revive(entry.name, entry.body) == LampLit("lamp:灯", 25)


def test_verbs_on_one_lamp_at_once_all_come_into_its_chain(db, race):
    finishes = race(*(lambda watts=watts: light(lamp="lamp:1", watts=watts, **act()) for watts in range(6)))
    assert [finish.why for finish in finishes if not finish.ok] == []
    rows = list(Entry.objects.filter(subject="lamp:1").order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.prev for row in rows[1:]] == [row.hash for row in rows[:-1]]


def test_verbs_that_cross_on_two_lamps_do_not_block_each_other_for_ever(db, race):
    orders = [["lamp:1", "lamp:2"], ["lamp:2", "lamp:1"]] * 3

    def both(lamps):
        with ink.writing(OFFICE, whole=True):
            for lamp in lamps:
                ink.record(LampLit(lamp), **act())

    finishes = race(*(lambda lamps=lamps: both(lamps) for lamps in orders))
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert len(ink.of("lamp:1")) == len(ink.of("lamp:2")) == 6


def fence_now():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('siqian.sees', true), current_setting('siqian.grids', true)")
        return cursor.fetchone()


def test_an_office_step_that_fails_inside_a_verb_leaves_the_outer_fence_standing(postgres):
    keeper = Actor(ref="account:1", fence=Fence(grids=(4, 5)))

    @ink.office_verb
    def look_wide(*, by, at):
        assert fence_now()[0] == "all"
        raise ZeroDivisionError

    with ink.writing(keeper):
        assert fence_now() == ("", "{4,5}")
        with pytest.raises(ZeroDivisionError):
            look_wide(by=keeper, at=monday_nine)
        assert fence_now() == ("", "{4,5}")
        with store.reading_all():
            assert fence_now()[0] == "all"
        assert fence_now() == ("", "{4,5}")
    assert fence_now()[0] in ("", None)


def test_a_live_page_learns_of_what_commits_late_under_a_lower_id(postgres):
    """Two verbs at once: the one with the lower id commits last, and the page's mark changes all the same."""
    first, late = (Entry(subject=name, seq=1, name="x", at=monday_nine, by="office", body="{}", prev="", hash="") for name in ("a", "b"))
    with ink.writing(OFFICE, whole=True):
        first.save()
    seen = ink.latest()
    with ink.writing(OFFICE, whole=True):
        late.id = min(Entry.objects.values_list("id", flat=True)) - 5
        late.save(force_insert=True)
    assert ink.latest() != seen
