"""Lives by chance while everything goes wrong: machines die in mid-verb, buttons are tapped twice, workers die, two work at once.

The same seed is lived twice, in calm and in storm: what is kept of the matter in the end is the same, row by row. A failure names its
seed, and the seed lives it again.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest

from siqian.kernel import anchors, deliveries, journal, store
from siqian.kernel.models import Delivery
from siqian.kernel.permits import Refused
from siqian.spine.matters import actions, queries
from siqian.testing import monday_nine
from siqian.trades.notices.models import Notice

from . import lived

UNTIL = datetime(2026, 10, 30, 9, 0, tzinfo=monday_nine.tzinfo)
SEEDS, STEPS = range(24), 14
# What a teller sends twice without a number of its own is told twice; the form and the interface give each message one.
ONCE = ("receive",)
WORK = deliveries.work


class Died(BaseException):
    """The machine is gone; nothing handles that."""


class Storm:
    """Stands where the verbs stand, and lets each of them go wrong now and then."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed * 7919 + 1)  # noqa: S311 - a seed, no secret
        self.died, self.tapped, self.matter = 0, 0, 0

    def __getattr__(self, name: str):
        found = getattr(actions, name)
        return partial(self._do, name, found) if hasattr(found, "__wrapped__") else found

    def _do(self, name, verb, **asked):
        matter = asked.get("matter", 0)
        if self.chance.random() < 0.3:
            self._die(verb, matter, asked)
        answer = verb(**asked)
        if name not in ONCE and self.chance.random() < 0.4:
            self._tap_again(verb, matter, asked)
        return answer

    def _die(self, verb, matter, asked) -> None:
        """The power goes after the last row and before the commit: it is as if nothing had been done."""
        before = kept(matter)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(journal, "_write_ink", _die)
            try:
                verb(**asked)
            except Died:
                self.died += 1
            except Refused:
                pass
        assert kept(matter) == before

    def _tap_again(self, verb, matter, asked) -> None:
        before = kept(matter)
        with suppress(Refused):
            verb(**asked)
        self.tapped += 1
        assert kept(matter) == before, f"{verb.__name__} done twice is not once"


def _die(*_args):
    raise Died


class Worker:
    """Two workers, of whom now one and now the other dies between claiming a delivery and doing it, or in mid-reaction."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.died = chance, 0

    def work(self, *, at: datetime, most: int = 100) -> int:
        if self.chance.random() < 0.4:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(*self.chance.choice(((deliveries, "_reader", _die), (journal, "_write_ink", self._after_the_claim()))))
                try:
                    WORK(at=at, most=1)
                except Died:
                    self.died += 1
        return WORK(at=at, most=most)

    def _after_the_claim(self):
        """Claiming writes no ink, so that the first ink is the reaction's."""
        write = journal._write_ink

        def once(drops):
            if drops:
                raise Died
            write(drops)

        return once


def kept(matter: int):
    with store.reading_all():
        return lived.rows(matter) if matter else None


def notices():
    with store.reading_all():
        return sorted(Notice.objects.values_list("to", "about", "text", "values"), key=repr)


def drain(work) -> None:
    """Everything that was claimed and left comes again after its lease."""
    for later in range(1, 40):
        at = UNTIL + timedelta(hours=later)
        while work(at=at):
            pass


def live(town, seed: int, storm: Storm | None, worker) -> lived.Walk:
    with pytest.MonkeyPatch.context() as patch, store.reading_all():
        if storm is not None:
            patch.setattr(lived, "actions", storm)
            patch.setattr(lived.deliveries, "work", worker)
        walk = lived.Walk(town, Random(seed), monday_nine + timedelta(hours=seed % 30), seed)  # noqa: S311 - a seed, no secret
        walk.go(STEPS, UNTIL)
    drain(worker)
    return walk


@pytest.mark.parametrize("seed", SEEDS)
def test_what_goes_wrong_on_the_way_leaves_what_a_calm_life_leaves(town, seed):
    storm = Storm(seed)
    stormy = live(town, seed, storm, Worker(storm.chance).work)
    told = notices()
    # It did storm.
    assert storm.died + storm.tapped
    with store.reading_all():
        left = dict(Delivery.objects.exclude(state="done").values_list("reader", "fault"))
    assert left == {}, left
    calm = live(town, seed, None, deliveries.work)
    assert kept(stormy.matter) == kept(calm.matter), f"seed {seed}"
    assert len(notices()) == 2 * len(told), f"seed {seed}: somebody was told twice, or not at all"
    assert queries.faults() == [] and not anchors.verify().faults
