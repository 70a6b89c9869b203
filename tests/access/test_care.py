"""Who may do what with known facts and with homes, cell by cell."""

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, Thing, may
from siqian.services.care import actions as care
from siqian.services.care.rules import PERMITS as HOME_PERMITS
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.town.people import queries as people
from siqian.trades.dossier.rules import PERMITS as FACT_PERMITS

FACT_VERBS = ("read", "look", "note", "confirm", "correct", "withdraw", "object", "expire", "end")
HOME_VERBS = ("read", "record", "agree", "lay", "end")
# One row a person, one letter a verb in the orders above: + may, . may not. The home lies in 陈志明's grid.
MATRIX = {
    "stranger":            (". . . . . . . . .", ". . . . ."),
    "neighbour":           (". . . . . . . . .", ". . . . ."),
    "resident":            ("+ . + + + + + . +", "+ . + . +"),
    "own keeper":          ("+ + + + + + + . .", "+ + + . ."),
    "other keeper":        (". . . . . . . . .", ". . . . ."),
    "own secretary":       ("+ + + + + + + . .", "+ + + . ."),
    "social worker":       ("+ + + + + + + . .", "+ + + . ."),
    "doctor":              ("+ + + + + + + . .", "+ + + . ."),
    "building head":       (". . . . . . . . .", ". . . . ."),
    "police":              (". . . . . . . . .", ". . . . ."),
    "own community desk":  (". . . . . . . . .", ". . . . ."),
    "dispatcher":          (". . . . . . . . .", ". . . . ."),
    "inspector":           (". . . . . . . . .", ". . . . ."),
    "office":              ("+ + + + + + + + +", "+ + + + +"),
}  # fmt: skip
STAFF = {
    "own keeper": "chen",
    "other keeper": "chunmei",
    "own secretary": "xiujuan",
    "social worker": "su",
    "doctor": "he",
    "building head": "wu",
    "police": "huang",
    "dispatcher": "liang",
    "inspector": "zheng",
}


@pytest.fixture
def persons(town):
    number = settle_zhou()
    her = town.resident(ZHOU_PHONE)
    home = care.wish(stance="yes", by=her, at=monday_nine)
    own = people.with_own(her, frozenset([f"home:{home}"]), ())
    found = {name: town.actor(code) for name, code in STAFF.items()} | {"own community desk": town.desk("ry")}
    found |= {"stranger": ANYONE, "neighbour": town.resident("lin"), "resident": own, "office": OFFICE}
    return found, f"resident:{number}", f"home:{home}"


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, persons, person):
    by, subject, home = persons[0][person], persons[1], persons[2]
    path = town.place("松涛苑3栋").path
    rows = [(FACT_VERBS, Thing("fact", subject, area=path)), (HOME_VERBS, Thing("home", home, area=path))]
    found = tuple(" ".join("+" if may(by, verb, thing) is None else "." for verb in verbs) for verbs, thing in rows)
    assert found == MATRIX[person]


def test_every_line_of_the_tables_stands_in_the_matrix():
    assert {permit.verb for permit in FACT_PERMITS} == set(FACT_VERBS)
    assert {permit.verb for permit in HOME_PERMITS} == set(HOME_VERBS)
