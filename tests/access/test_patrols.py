"""Who may do what with patrols, cell by cell. The point lies in 陈志明's grid."""

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, Actor, Thing, may
from siqian.services.sensing import actions  # noqa: F401  lays its lines into the table
from siqian.services.sensing.rules import PERMITS

VERBS = ("record", "read", "lay")
MATRIX = {
    "stranger":             ". . .",
    "neighbour":            ". . .",
    "own keeper":           "+ + .",
    "other keeper":         ". . .",
    "building head":        ". . .",
    "doctor":               ". . .",
    "own secretary":        ". + .",
    "own community desk":   ". + .",
    "other community desk": ". . .",
    "street desk":          ". + .",
    "dispatcher":           ". + .",
    "unit handler":         ". . .",
    "call-back caller":     ". . .",
    "street leader":        ". + .",
    "inspector":            ". + .",
    "the office":           ". + +",
}  # fmt: skip
ACCOUNTS = {
    "own keeper": "chen",
    "other keeper": "chunmei",
    "building head": "wu",
    "doctor": "he",
    "own secretary": "xiujuan",
    "dispatcher": "liang",
    "unit handler": "qiang",
    "call-back caller": "yan",
    "street leader": "leader",
    "inspector": "zheng",
}


@pytest.fixture
def people(town) -> dict[str, Actor]:
    desks = {"own community desk": "ry", "other community desk": "mm", "street desk": "st"}
    found = {name: town.desk(area) for name, area in desks.items()} | {name: town.actor(code) for name, code in ACCOUNTS.items()}
    return found | {"stranger": ANYONE, "neighbour": town.resident("lin"), "the office": OFFICE}


@pytest.mark.parametrize("person", MATRIX)
def test_cells_of_a_patrol(town, people, person):
    thing = Thing("patrol", "patrol:1", area=town.place("松涛苑3栋").path)
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in VERBS) == MATRIX[person]


def test_every_line_of_the_table_of_patrols_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(VERBS)


@pytest.mark.parametrize("path", ["/desk/patrols", "/desk/patrols/list.csv", "/desk/patrols/1"])
def test_a_stranger_is_asked_to_sign_in_before_patrols(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")
