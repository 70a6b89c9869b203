"""Who may do what to an official paper, cell by cell. It is about a matter in 陈志明's grid; its community issued it."""

import pytest

from siqian.kernel.permits import ANYONE, Actor, Thing, may
from siqian.trades.papers.rules import PERMITS

VERBS = ("read", "draft", "sign", "drop", "correct", "file", "propose", "destroy", "follow")
# One row a person, one letter a verb in the order above: + may, . may not.
MATRIX = {
    "stranger":             ". . . . . . . . .",
    "neighbour":            ". . . . . . . . .",
    "teller":               "+ . . . . . . . .",
    "own keeper":           "+ + . . . . . . .",
    "other keeper":         ". . . . . . . . .",
    "building head":        ". . . . . . . . .",
    "doctor":               ". . . . . . . . .",
    "own secretary":        "+ + + + + . . . .",
    "own community desk":   "+ + + + + + + + .",
    "other community desk": ". . . . . . . . .",
    "street desk":          "+ + + + + + + + .",
    "dispatcher":           "+ + + + + + + + .",
}  # fmt: skip
# What is done to a paper as its issuer's, not as the matter's.
ISSUERS = frozenset({"sign", "drop", "correct", "file", "propose", "destroy"})


@pytest.fixture
def people(town):
    return {
        "stranger": ANYONE,
        "neighbour": town.resident("lin"),
        "teller": Actor(ref="receipt:1", own=frozenset(["matter:1"])),
        "own keeper": town.actor("chen"),
        "other keeper": town.actor("chunmei"),
        "building head": town.actor("wu"),
        "doctor": town.actor("he"),
        "own secretary": town.actor("xiujuan"),
        "own community desk": town.desk("ry"),
        "other community desk": town.desk("mm"),
        "street desk": town.desk("st"),
        "dispatcher": town.actor("liang"),
    }


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, people, person):
    place, issuer = town.place("松涛苑3栋").path, town.area("ry").path
    things = {verb: Thing("paper", ref="matter:1", area=issuer if verb in ISSUERS else place) for verb in VERBS}
    found = " ".join("+" if may(people[person], verb, things[verb]) is None else "." for verb in VERBS)
    assert found == MATRIX[person]


@pytest.mark.parametrize("person", ["own keeper", "own secretary", "own community desk"])
def test_a_community_signs_nothing_of_its_street(town, people, person):
    thing = Thing("paper", ref="matter:1", area=town.area("st").path)
    assert all(may(people[person], verb, thing) is not None for verb in ISSUERS)


def test_every_line_of_the_table_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(VERBS)
