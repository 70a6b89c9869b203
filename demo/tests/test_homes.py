"""The demo's homes: not everybody wants to be visited, not everything that is known is fresh, and nothing is wrong."""

from datetime import timedelta

import pytest

from demo import full, homes, making
from demo.days import Days, Random
from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE
from siqian.services.care import queries as care
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.trades.dossier import queries as facts

NOW = monday_nine + timedelta(days=30)


@pytest.fixture
def lived(town, monkeypatch):
    """The weeks before now at the doors of 陈志明's grid."""
    full.settle(["songtao-3", "songtao-4"], at=monday_nine)
    role = people.RoleLine(town.account("chen"), "grid worker", "chen", "陈志明", "Chen Zhiming", 0)
    monkeypatch.setattr(people, "roles", lambda: [role])
    days = Days(Random(1), making.buildings())
    homes.plan(days, NOW)
    days.run(NOW)
    while deliveries.work(at=NOW):
        pass
    return town.actor("chen", at=NOW)


def test_some_say_no_some_were_never_asked_and_some_of_what_is_known_is_old(lived):
    calls, _more = care.find(seen_by=lived, show="all", most=100, at=NOW)
    assert {call.home.stance for call in calls} >= {"yes", "unasked"} and {call.state for call in calls} == {"due", "done"}
    known = [one for lines in facts.known(_subjects(calls), seen_by=OFFICE, at=NOW).values() for one in lines]
    assert {"known", "confirm"} <= {one.need for one in known} and len(known) > 30
    assert care.faults() == [] and facts.faults() == []


def _subjects(calls):
    homes_ = {call.home.id: call.home for call in calls}.values()
    return [subject for home in homes_ for subject in (home.ref, *(f"resident:{one.id}" for one in care.members(home, seen_by=OFFICE)))]
