"""Who may do what in the register of residents, cell by cell, and what a stranger's request changes: nothing."""

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, NotFound, NotYours, Thing, may
from siqian.testing import monday_nine
from siqian.town.people import actions, queries
from siqian.town.people.actions import AccountRow
from siqian.town.people.rules import PERMITS, ResidentRow
from siqian.town.places import actions as places

VERBS = ("read", "look", "enroll", "move out", "correct", "link", "object", "forget")
# One row a person, one letter a verb in the order above: + may, . may not. The resident lives in 陈志明's grid.
MATRIX = {
    "stranger":            ". . . . . . . .",
    "neighbour":           ". . . . . . . .",
    "resident":            ". . . . + . + +",
    "own keeper":          "+ + + + + . . .",
    "other keeper":        ". . . . . . . .",
    "building head":       ". . . . . . . .",
    "doctor":              ". . . . . . . .",
    "police":              ". . . . . . . .",
    "own secretary":       "+ + + + + . . .",
    "own community desk":  ". . . . . . . .",
    "street desk":         ". . . . . . . .",
    "dispatcher":          ". . . . . . . .",
    "office":              "+ . + + + + . +",
}  # fmt: skip
PHONE = "19900000001"


@pytest.fixture
def zhou(town):
    places.number_units(buildings=["songtao-3"], by=OFFICE, at=monday_nine)
    row = ResidentRow(2, "songtao-3", "1203", "周小兰", "网格员上门", "居住登记", PHONE, "head")
    id_ = actions.enroll(residents=[row], by=OFFICE, at=monday_nine)[0]
    actions.open_accounts(rows=[AccountRow(PHONE, "", name="周女士")], by=OFFICE, at=monday_nine)
    actions.link(username=PHONE, phone=PHONE, by=OFFICE, at=monday_nine)
    return id_


@pytest.fixture
def persons(town, zhou):
    staff = {"own keeper": "chen", "other keeper": "chunmei", "building head": "wu", "doctor": "he", "police": "huang"}
    found = {name: town.actor(code) for name, code in (staff | {"own secretary": "xiujuan", "dispatcher": "liang"}).items()}
    found |= {"own community desk": town.desk("ry"), "street desk": town.desk("st")}
    return found | {"stranger": ANYONE, "neighbour": town.resident("lin"), "resident": town.resident(PHONE), "office": OFFICE}


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, persons, zhou, person):
    thing = Thing("resident", ref=f"resident:{zhou}", area=town.place("松涛苑3栋").path)
    found = " ".join("+" if may(persons[person], verb, thing) is None else "." for verb in VERBS)
    assert found == MATRIX[person]


@pytest.mark.parametrize("person", MATRIX)
def test_the_verbs_keep_to_the_matrix(persons, zhou, person):
    by, cells = persons[person], dict(zip(VERBS, MATRIX[person].split(), strict=True))
    acts = {
        "read": lambda: queries.homes("songtao-3", seen_by=by),
        "look": lambda: queries.sealed_resident(zhou, seen_by=by),
        "correct": lambda: actions.correct(resident=zhou, name="周晓兰", by=by, at=monday_nine),
        "object": lambda: actions.object_to_use(resident=zhou, by=by, at=monday_nine),
        "move out": lambda: actions.move_out(resident=zhou, by=by, at=monday_nine),
        "forget": lambda: actions.erase(resident=zhou, by=by, at=monday_nine),
    }
    for verb, act in acts.items():
        if cells[verb] == "+":
            act()
        else:
            with pytest.raises((NotYours, NotFound)):
                act()


def test_every_line_of_the_table_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(VERBS)


@pytest.mark.parametrize("path", ["/desk/homes", "/desk/homes/songtao-3", "/desk/homes/songtao-3/1203"])
def test_a_stranger_is_asked_to_sign_in(client, zhou, path):
    assert client.get(path)["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "path",
    [
        "/desk/residents",
        "/desk/residents/{id}/looks",
        "/desk/residents/{id}/departure",
        "/desk/residents/{id}/correction",
        "/me/correction",
        "/me/objection",
        "/me/erasure",
    ],
)
def test_a_stranger_and_a_neighbour_change_nothing_by_post(client, signed_in, zhou, path):
    sent = {
        "building": "songtao-3",
        "label": "1203",
        "name": "张三",
        "purpose": "看看",
        "sure": "yes",
        "stands": "yes",
        "basis": "居住登记",
    }
    for visitor in (client, signed_in("lin"), signed_in("liang")):
        answer = visitor.post(path.format(id=zhou), sent | {"relation": "head"})
        assert answer.status_code in (302, 403, 404) and "周小兰" not in answer.content.decode()
    (line,) = queries.homes("songtao-3", seen_by=OFFICE)["1203"]
    assert (line.name, line.phone, line.objected, line.forgotten) == ("周**", "199 **** 0001", False, False)
