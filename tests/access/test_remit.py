"""Who may do what to the responsibility list, cell by cell; and what a stranger is kept from."""

import pytest

from siqian.kernel.permits import ANYONE, Actor, may
from siqian.spine.remit import actions  # noqa: F401  lays its lines into the table
from siqian.spine.remit.editing import PERMITS
from siqian.spine.remit.standing import district

VERBS = ("read", "draft", "change", "check", "put_in_force", "withdraw")
MATRIX = {
    "stranger":            ". . . . . .",
    "neighbour":           ". . . . . .",
    "keeper":              "+ . . . . .",
    "building head":       "+ . . . . .",
    "secretary":           "+ . . . . .",
    "community desk":      "+ . . . . .",
    "street desk":         "+ . . . . .",
    "district desk":       "+ + + + + +",
    "dispatcher":          "+ + + + + +",
}  # fmt: skip


@pytest.fixture
def people(town) -> dict[str, Actor]:
    staff = {"keeper": "chen", "building head": "wu", "secretary": "xiujuan", "dispatcher": "liang"}
    desks = {"community desk": "ry", "street desk": "st", "district desk": "rj"}
    found = {name: town.actor(who) for name, who in staff.items()} | {name: town.desk(area) for name, area in desks.items()}
    return found | {"stranger": ANYONE, "neighbour": town.resident("lin")}


@pytest.mark.parametrize("person", MATRIX)
def test_cells_of_the_list(people, person):
    assert " ".join("+" if may(people[person], verb, district()) is None else "." for verb in VERBS) == MATRIX[person]


def test_every_line_of_the_table_of_the_list_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(VERBS)


@pytest.mark.parametrize("path", ["", "/rules", "/list.csv", "/list.xlsx", "/items/2.2.2", "/editions/1", "/editions/1/items/new"])
def test_a_stranger_is_asked_to_sign_in_before_the_list(client, path):
    answer = client.get(f"/desk/remit{path}")
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")
