"""Grids are drawn anew: facts and homes go behind the fence of the grid in which their building lies now, visits to its post."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.kernel import deliveries, store
from siqian.kernel.permits import OFFICE
from siqian.services.care import actions, jobs, queries
from siqian.services.care.models import Home
from siqian.testing import ZHOU_PHONE, area_rows, monday_nine, settle_zhou, square
from siqian.town.places import actions as places
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.models import Fact
from siqian.trades.dossier.rules import Saying

LATER = monday_nine + timedelta(days=3)


@pytest.fixture
def zhou(town):
    return settle_zhou()


def redraw():
    """榕荫1格 takes the second row of cells, so that 松涛苑3栋 lies in it."""
    rows = {row.code: row for row in area_rows()}
    wide = {code: [[114.03, 22.66], [114.036, 22.66], [114.036, 22.663], [114.03, 22.663], [114.03, 22.66]] for code in ("rj", "st")}
    upper = {"ry": square(0, 0, 2, 3), "ry-p1": square(0, 0, 2, 3)}
    grids = {"ry-g1": square(0, 0, 2, 2), "ry-g2": square(0, 2, 2, 1)}
    cells = {"ry-g1-c1": square(0, 0, 1, 2), "ry-g1-c2": square(1, 0, 1, 2), "ry-g2-c1": square(0, 2, 1, 1), "ry-g2-c2": square(1, 2, 1, 1)}
    anew = [replace(rows[code], rings=[ring]) for code, ring in {**wide, **upper, **grids, **cells}.items()]
    places.redraw(areas=anew, by=OFFICE, at=LATER)


def test_facts_homes_and_visits_follow_their_building(town, zhou):
    home = actions.wish(stance="yes", by=town.resident(ZHOU_PHONE), at=monday_nine)
    saying, subject = Saying("alone", "yes", basis="consent"), f"resident:{zhou}"
    fact = dossier.note(subject=subject, building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    jobs.lay_out(at=monday_nine)
    redraw()
    assert facts.faults() != [] and queries.faults() != []
    while deliveries.work(at=LATER):
        pass
    assert facts.faults() == [] and queries.faults() == []
    chen, chunmei = town.actor("chen", at=LATER), town.actor("chunmei", at=LATER)
    with store.reading(chunmei):
        assert Fact.objects.filter(id=fact).exists() and Home.objects.filter(id=home).exists()
    assert [line.id for line in facts.known([subject], seen_by=chunmei, at=LATER)[subject]] == [fact]
    assert facts.known([subject], seen_by=chen, at=LATER)[subject] == []
    assert [door.label for door in queries.doors(seen_by=chunmei, at=LATER)] == ["1203"] and queries.doors(seen_by=chen, at=LATER) == []
    assert len(facts.mine([subject], seen_by=town.resident(ZHOU_PHONE), at=LATER)) == 1
