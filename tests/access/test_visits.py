"""Who may do what to a visit and to what was raised on it, cell by cell."""

import pytest

from siqian.kernel.permits import ANYONE, Thing, may
from siqian.services.visits import actions as _lays_its_lines  # noqa: F401

VERBS = ("plan", "move", "cancel", "hold", "raise", "answer", "give", "read")
# One row a person, one letter a verb in the order above. The visit is the street leader's, to 陈志明's grid; the secretary owes an answer.
VISIT = {
    "stranger":             ". . . . . . . .",
    "resident":             ". . . . . . . .",
    "keeper":               ". . . . . . . .",
    "secretary":            "+ + + + + . . +",
    "community desk":       "+ + + + + + + +",
    "other community desk": ". . . . . . . .",
    "street desk":          "+ + + + + + + +",
    "dispatcher":           "+ + + . . + + +",
    "its leader":           "+ + + + + + . +",
    "unit handler":         ". . . . . . . .",
    "caller":               ". . . . . . . +",
    "inspector":            ". . . . . . . +",
}  # fmt: skip
OWED = VISIT | {
    "secretary":            "+ + + + + + . +",
    "its leader":           "+ + + . . . . +",
}  # fmt: skip


@pytest.fixture
def people(town):
    return {
        "stranger": ANYONE,
        "resident": town.resident("zhou"),
        "keeper": town.actor("chen"),
        "secretary": town.actor("xiujuan"),
        "community desk": town.desk("ry"),
        "other community desk": town.desk("mm"),
        "street desk": town.desk("st"),
        "dispatcher": town.actor("liang"),
        "its leader": town.actor("leader"),
        "unit handler": town.actor("qiang"),
        "caller": town.actor("yan"),
        "inspector": town.actor("zheng"),
    }


def cells(person, thing):
    return " ".join("+" if may(person, verb, thing) is None else "." for verb in VERBS)


@pytest.mark.parametrize("person", VISIT)
def test_cells_of_a_visit(town, people, person):
    thing = Thing("visit", "visit:1", area=town.area("ry-g2").path, posts=frozenset({town.post("leader", "st")}))
    assert cells(people[person], thing) == VISIT[person]


@pytest.mark.parametrize("person", OWED)
def test_cells_of_what_was_promised_there(town, people, person):
    thing = Thing("visit", "visit_item:1", area=town.area("ry-g2").path, posts=frozenset({town.post("secretary", "ry")}))
    assert cells(people[person], thing) == OWED[person]
