"""Who may do what at the end of a shift and from a telephone, cell by cell."""

import pytest

from siqian.insight.workbench import actions  # noqa: F401  lays its lines into the table
from siqian.insight.workbench.turning import PERMITS
from siqian.kernel.permits import ANYONE, Actor, Thing, may

VERBS = ("keep filters", "hand over", "take over", "send")
# The post is that of the community's desk.
MATRIX = {
    "stranger":             ". . . .",
    "neighbour":            ". . . .",
    "keeper":               "+ . . +",
    "own community desk":   "+ + + .",
    "other community desk": "+ . . .",
    "street desk":          "+ . . .",
    "dispatcher":           "+ . . .",
}  # fmt: skip


@pytest.fixture
def people(town) -> dict[str, Actor]:
    desks = {"own community desk": "ry", "other community desk": "mm", "street desk": "st"}
    found = {name: town.desk(area) for name, area in desks.items()}
    return found | {"stranger": ANYONE, "neighbour": town.resident("lin"), "keeper": town.actor("chen"), "dispatcher": town.actor("liang")}


@pytest.mark.parametrize("person", MATRIX)
def test_cells_of_a_shift(town, people, person):
    thing = Thing("workbench", posts=frozenset({town.post("desk", "ry")}))
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in VERBS) == MATRIX[person]


def test_every_line_of_the_table_of_the_workbench_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(VERBS)


@pytest.mark.parametrize("path", ["/desk/handover", "/desk/handovers/1", "/desk/filters", "/day", "/day/token"])
def test_a_stranger_is_asked_to_sign_in_before_the_workbench(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")
