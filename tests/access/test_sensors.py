"""Who may do what with sensors and incidents, cell by cell. The incident is of 陈志明's grid, and his; another is of the whole street."""

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, Actor, Grant, Thing, may
from siqian.services.sensing import actions  # noqa: F401  lays its lines into the table
from siqian.services.sensing.rules import incidents, publicity, sensors

VERBS = ("read", "acknowledge", "join", "note", "refer", "finish", "dismiss", "merge", "part")
MATRIX = {
    "stranger":             ". . . . . . . . .",
    "neighbour":            ". . . . . . . . .",
    "own keeper":           "+ + + + + + + + +",
    "other keeper":         ". . . . . . . . .",
    "building head":        ". . . . . . . . .",
    "doctor":               ". . . . . . . . .",
    "own secretary":        "+ + + + + + + + +",
    "own community desk":   "+ + + + + + + + +",
    "other community desk": ". . . . . . . . .",
    "street desk":          "+ + + + + + + + +",
    "dispatcher":           "+ + + + + + + + +",
    "unit handler":         ". . . . . . . . .",
    "call-back caller":     ". . . . . . . . .",
    "street leader":        "+ . . . . . . . .",
    "inspector":            "+ . . . . . . . .",
    "gateway":              ". . . . . . . . .",
    "the office":           "+ . . . . . . . .",
}  # fmt: skip
SENSOR_VERBS = ("read", "take", "register")
SENSOR = {
    "stranger":             ". . .",
    "neighbour":            ". . .",
    "own keeper":           "+ . .",
    "other keeper":         ". . .",
    "building head":        ". . .",
    "doctor":               ". . .",
    "own secretary":        "+ . .",
    "own community desk":   "+ . .",
    "other community desk": ". . .",
    "street desk":          "+ . .",
    "dispatcher":           "+ . .",
    "unit handler":         ". . .",
    "call-back caller":     ". . .",
    "street leader":        "+ . .",
    "inspector":            "+ . .",
    "gateway":              ". + .",
    "the office":           "+ + +",
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


PUBLICITY_VERBS = ("read", "order", "withdraw")
PUBLICITY = {
    "stranger":             ". . .",
    "neighbour":            ". . .",
    "own keeper":           "+ . .",
    "other keeper":         ". . .",
    "building head":        ". . .",
    "doctor":               ". . .",
    "own secretary":        "+ + +",
    "own community desk":   "+ + +",
    "other community desk": ". . .",
    "street desk":          "+ + +",
    "dispatcher":           "+ + +",
    "unit handler":         ". . .",
    "call-back caller":     ". . .",
    "street leader":        "+ . .",
    "inspector":            "+ . .",
    "gateway":              ". . .",
    "the office":           "+ . .",
}  # fmt: skip


@pytest.fixture
def people(town) -> dict[str, Actor]:
    desks = {"own community desk": "ry", "other community desk": "mm", "street desk": "st"}
    found = {name: town.desk(area) for name, area in desks.items()} | {name: town.actor(code) for name, code in ACCOUNTS.items()}
    gateway = Actor("gateway:ry", grants=(Grant("gateway", town.area("ry").path),))
    return found | {"stranger": ANYONE, "neighbour": town.resident("lin"), "the office": OFFICE, "gateway": gateway}


@pytest.mark.parametrize("person", MATRIX)
def test_cells_of_an_incident(town, people, person):
    thing = Thing("incident", "incident:1", area=town.area("ry-g2").path, posts=frozenset({town.post("keeper", "ry-g2")}))
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in VERBS) == MATRIX[person]


@pytest.mark.parametrize("person", SENSOR)
def test_cells_of_a_sensor(town, people, person):
    thing = Thing("sensor", "sensor:1", area=town.place("松涛苑3栋").path)
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in SENSOR_VERBS) == SENSOR[person]


@pytest.mark.parametrize("person", PUBLICITY)
def test_cells_of_publicity(town, people, person):
    thing = Thing("publicity", "publicity:1", area=town.area("ry-g2").path)
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in PUBLICITY_VERBS) == PUBLICITY[person]


def test_every_line_of_the_tables_stands_in_the_matrix():
    assert {permit.verb for permit in incidents.PERMITS} == set(VERBS) and {permit.verb for permit in sensors.PERMITS} == set(SENSOR_VERBS)
    assert {permit.verb for permit in publicity.PERMITS} == set(PUBLICITY_VERBS)


@pytest.mark.parametrize(
    "path", ["/desk/sensors", "/desk/sensors/w1", "/desk/sensors/list.csv", "/desk/incidents", "/desk/incidents/1", "/desk/publicity"]
)
def test_a_stranger_is_asked_to_sign_in_before_them(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")


def test_a_resident_finds_no_sensor_and_no_incident(town, signed_in):
    for path in ("/desk/sensors", "/desk/incidents"):
        assert signed_in("lin").get(path).status_code == 302
