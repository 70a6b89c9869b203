"""Whoever has to hear of something hears it: in order, until it worked, and after a crash too."""

from datetime import timedelta

import pytest

from siqian.kernel import deliveries, journal as ink
from siqian.kernel.models import Delivery, Link
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine

from .town_of_lamps import LampLit, act, light


@pytest.fixture
def reader(monkeypatch):
    """A reader that notes what it heard as a row, or fails as long as it is told to."""
    monkeypatch.setitem(ink.READERS, "lamp.lit", {})

    class Reader:
        faults: list[Exception] = []

        def heard(self):
            return list(Link.objects.filter(kind="heard").order_by("id").values_list("source", "target"))

    reader = Reader()
    reader.faults = []

    def hear(event, *, by, at):
        Link.objects.create(source=event.lamp, kind="heard", target=f"watts:{event.watts}", at=at)
        if reader.faults:
            raise reader.faults.pop()

    ink.on(LampLit)(hear)
    return reader


def later(seconds):
    return monday_nine + timedelta(seconds=seconds)


def test_what_was_lit_is_heard_once(db, reader):
    light(lamp="lamp:1", **act())
    assert deliveries.standing().due == 1 and deliveries.standing().oldest == monday_nine
    assert deliveries.work(at=later(1)) == 1
    assert deliveries.work(at=later(2)) == 0
    assert reader.heard() == [("lamp:1", "watts:40")]
    assert deliveries.standing().due == 0


def test_who_hears_of_some_kinds_only_is_brought_nothing_of_the_others(db, monkeypatch):
    monkeypatch.setitem(ink.READERS, "lamp.lit", {})
    monkeypatch.setattr(ink, "KINDS", {})
    heard = []
    ink.on(LampLit, of=("lantern",))(lambda event, *, by, at: heard.append(event.lamp))
    light(lamp="lamp:1", **act())
    light(lamp="lantern:1", **act())
    assert deliveries.work(at=later(1)) == 1 and heard == ["lantern:1"]
    assert ink.names_of("lamp:1") == ["lamp.lit"]


def test_nobody_hears_what_was_rolled_back(db, reader):
    with pytest.raises(ZeroDivisionError), ink.writing(OFFICE, whole=True):
        ink.record(LampLit("lamp:1"), **act())
        raise ZeroDivisionError
    assert not Delivery.objects.exists()


def test_a_worker_that_dies_after_claiming_loses_nothing(db, reader):
    light(lamp="lamp:1", **act())
    assert deliveries._claim(later(0), 1)
    assert deliveries.work(at=later(59)) == 0
    assert deliveries.work(at=later(61)) == 1
    assert reader.heard() == [("lamp:1", "watts:40")]


def test_a_worker_that_sleeps_past_its_lease_does_not_tell_twice(db, reader, monkeypatch):
    light(lamp="lamp:1", **act())
    slow = deliveries._claim(later(0), 1)
    assert deliveries.work(at=later(61)) == 1
    monkeypatch.setattr(deliveries, "_claim", lambda at, most, claims=[slow]: claims.pop() if claims else [])
    assert deliveries.work(at=later(62)) == 1
    assert reader.heard() == [("lamp:1", "watts:40")]


def test_a_worker_that_wakes_while_another_has_taken_over_leaves_it_to_that_one(db, reader, monkeypatch):
    light(lamp="lamp:1", **act())
    claims = [deliveries._claim(later(0), 1), deliveries._claim(later(61), 1)]
    monkeypatch.setattr(deliveries, "_claim", lambda at, most: claims.pop(0) if claims else [])
    deliveries.work(at=later(62), most=1)
    assert reader.heard() == []
    deliveries.work(at=later(63))
    assert reader.heard() == [("lamp:1", "watts:40")]


def test_a_failure_undoes_what_the_reader_wrote_and_comes_again_later(db, reader):
    light(lamp="lamp:1", **act())
    reader.faults = [ValueError("电话不通")]
    assert deliveries.work(at=later(0)) == 1
    row = Delivery.objects.get()
    assert (row.state, row.fault, row.tries) == ("due", "ValueError: 电话不通", 1) and row.due > later(1)
    assert reader.heard() == []
    deliveries.work(at=later(5))
    assert reader.heard() == [("lamp:1", "watts:40")]


def test_one_lamp_is_heard_in_order_and_does_not_hold_up_another(db, reader):
    light(lamp="lamp:1", watts=1, **act())
    light(lamp="lamp:1", watts=2, **act())
    light(lamp="lamp:2", watts=3, **act())
    reader.faults = [ValueError("busy")]
    deliveries.work(at=later(0))
    assert reader.heard() == [("lamp:2", "watts:3")]
    deliveries.work(at=later(5))
    assert reader.heard() == [("lamp:2", "watts:3"), ("lamp:1", "watts:1"), ("lamp:1", "watts:2")]


def test_after_eight_tries_it_is_a_dead_letter_and_the_next_one_passes(db, reader):
    light(lamp="lamp:1", watts=1, **act())
    light(lamp="lamp:1", watts=2, **act())
    reader.faults = [ValueError("never")] * deliveries.MOST_TRIES
    for turn in range(deliveries.MOST_TRIES):
        deliveries.work(at=later(5000 * turn))
    dead = Delivery.objects.get(state="dead")
    assert dead.tries == 8 and reader.heard() == [("lamp:1", "watts:2")]
    deliveries.revive_dead(dead.id, at=later(90000))
    deliveries.work(at=later(90000))
    assert reader.heard() == [("lamp:1", "watts:2"), ("lamp:1", "watts:1")]
    assert deliveries.standing() == deliveries.Standing(0, 0, None)


def test_a_worker_without_the_reader_leaves_it_to_one_that_has_it(db, reader, monkeypatch):
    light(lamp="lamp:1", **act())
    with monkeypatch.context() as without:
        without.setitem(ink.READERS, "lamp.lit", {})
        deliveries.work(at=later(0))
    assert deliveries.standing().due == 1 and "is not loaded" in Delivery.objects.get().fault
    deliveries.work(at=later(5))
    assert reader.heard() == [("lamp:1", "watts:40")]


def test_two_workers_share_the_work_and_tell_everybody_once(db, reader, race):
    for lamp in range(12):
        light(lamp=f"lamp:{lamp % 4}", watts=lamp, **act())
    finishes = race(*(lambda: deliveries.work(at=later(0)) for _ in range(2)))
    assert [finish.why for finish in finishes if not finish.ok] == []
    deliveries.work(at=later(0))
    heard = reader.heard()
    assert len(heard) == len(set(heard)) == 12
    for lamp in range(4):
        watts = [int(target.removeprefix("watts:")) for source, target in heard if source == f"lamp:{lamp}"]
        assert watts == sorted(watts)
