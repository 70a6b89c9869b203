"""Who may do what to a matter, cell by cell; and which pages a stranger is kept from."""

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, Actor, Fence, NotFound, Thing, may
from siqian.spine.answers import actions as _lays_its_lines, queries as answers  # noqa: F401
from siqian.spine.answers.rules import PERMITS as ANSWER_PERMITS
from siqian.spine.matters import queries
from siqian.spine.matters.rules import PERMITS
from siqian.testing import monday_nine

VERBS = (
    "read",
    "accept",
    "contact",
    "note",
    "close",
    "look",
    "assign",
    "move",
    "split",
    "remark",
    "rate",
    "withdraw",
    "urge",
    "lapse",
    "chronicle",
    "return",
    "hold",
    "resume",
    "stage",
    "extend",
    "shelve",
    "check",
    "rule",
    "review",
    "supervise",
    "call",
    "sort",
    "refuse",
    "appeal",
    "petition",
    "petition up",
    "archive",
    "summon",
    "adopt",
    "propose",
    "divide",
)
# One row a person, one letter a verb in the order above: + may, . may not. The matter lies in 陈志明's grid and is his.
MATRIX = {
    "stranger":            ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "neighbour":           ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "teller":              "+ . . . . . . . + + + + + . . . . . . . . . . . . . . . + . + . . . . .",
    "own keeper":          "+ + + + + + . . . . . . . . . + + + + + + . . . . . . + . . . . . . . +",
    "other keeper":        ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "building head":       ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "doctor":              ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "own secretary":       "+ + + + + + + + + . . . . . . + + + + + + + . . . . + + . . . . + . . +",
    "own community desk":  "+ + + + + + + + + . . . . . . + + + + + + + + + + + + + . + . . + . + +",
    "other community desk": ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "street desk":         "+ + + + + + + + + . . . . . . + + + + + + + + + + + + + . + . . + . + +",
    "dispatcher":          "+ + + + + + + + + . . . . . . + + + + + + + + + + + + + . + . . + . + +",
    "its unit's handler":  "+ . . + . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "other unit's handler": ". . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    "call-back caller":    "+ . . . . . . . . . . . . . . . . . . . . . . . . + . . . . . . . . . .",
    "street leader":       "+ . . + . . . . . . . . . . . . . . . . . . . . + . . . . . . . . + . .",
    "inspector":           "+ . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . ."}  # fmt: skip
# The same matter when it is a complaint against 街道综合行政执法办, whose overseer leads it: nothing at all for the unit's own people.
AGAINST_UNIT = {
    "own keeper": MATRIX["own keeper"],
    "street desk": MATRIX["street desk"],
    "dispatcher": MATRIX["dispatcher"],
    "its unit's handler": MATRIX["stranger"],
    "other unit's handler": MATRIX["stranger"],
    "overseer's handler": MATRIX["its unit's handler"],
}


@pytest.fixture
def told(town):
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"))
    return intake.take(message=message, by=ANYONE, at=monday_nine)


@pytest.fixture
def people(town, told):
    own = frozenset([f"matter:{told.matter}"])
    return {
        "stranger": ANYONE,
        "neighbour": town.resident("lin"),
        "teller": Actor(ref="receipt:1", own=own, fence=Fence(own=(told.matter,))),
        "own keeper": town.actor("chen"),
        "other keeper": town.actor("chunmei"),
        "building head": town.actor("wu"),
        "doctor": town.actor("he"),
        "own secretary": town.actor("xiujuan"),
        "own community desk": town.desk("ry"),
        "other community desk": town.desk("mm"),
        "street desk": town.desk("st"),
        "dispatcher": town.actor("liang"),
        "its unit's handler": town.actor("qiang"),
        "other unit's handler": town.actor("lei"),
        "overseer's handler": town.actor("dan"),
        "call-back caller": town.actor("yan"),
        "street leader": town.actor("leader"),
        "inspector": town.actor("zheng"),
    }


def _thing(town, told, unit: str = "st-enforce", against: frozenset[str] = frozenset()) -> Thing:
    place, post = town.place("松涛苑3栋"), town.post("keeper", "ry-g2")
    return Thing("matter", ref=f"matter:{told.matter}", area=place.path, posts=frozenset({post}), unit=unit, against=against)


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, told, people, person):
    thing = _thing(town, told)
    found = " ".join("+" if may(people[person], verb, thing) is None else "." for verb in VERBS)
    assert found == MATRIX[person]


@pytest.mark.parametrize("person", AGAINST_UNIT)
def test_cells_of_a_complaint_against_a_unit(town, told, people, person):
    thing = _thing(town, told, "urban", frozenset({"unit:st-enforce"}))
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in VERBS) == AGAINST_UNIT[person]


@pytest.mark.parametrize("person", MATRIX)
def test_whom_the_matrix_does_not_let_read_is_told_that_there_is_none(town, told, people, person):
    # Its unit's handler: of the lamp's lead by the list, which is another one.
    if MATRIX[person].startswith("+") and person != "its unit's handler":
        assert queries.seen(told.number, seen_by=people[person], at=monday_nine).line.number == told.number
    else:
        with pytest.raises(NotFound):
            queries.seen(told.number, seen_by=people[person], at=monday_nine)
        assert told.matter not in queries.lines([told.matter], seen_by=people[person])


def test_every_line_of_the_table_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} <= set(VERBS)


ANSWER_VERBS = ("propose", "write", "publish", "look_again", "retire")
# The same for an answer that holds in 榕荫社区.
ANSWER_MATRIX = {
    "stranger":             ". . . . .",
    "neighbour":            ". . . . .",
    "teller":               ". . . . .",
    "own keeper":           "+ . . . .",
    "other keeper":         "+ . . . .",
    "building head":        "+ . . . .",
    "doctor":               "+ . . . .",
    "own secretary":        "+ + + + +",
    "own community desk":   "+ + + + +",
    "other community desk": "+ . . . .",
    "street desk":          "+ + + + +",
    "dispatcher":           "+ + + + +",
}  # fmt: skip


@pytest.mark.parametrize("person", ANSWER_MATRIX)
def test_cells_of_an_answer(town, people, person):
    thing = answers.thing(1, town.area("ry").path)
    assert " ".join("+" if may(people[person], verb, thing) is None else "." for verb in ANSWER_VERBS) == ANSWER_MATRIX[person]


def test_every_line_of_the_table_of_answers_stands_in_the_matrix():
    assert {permit.verb for permit in ANSWER_PERMITS} == set(ANSWER_VERBS)


@pytest.mark.parametrize(
    "path",
    [
        "/desk",
        "/desk/answers",
        "/desk/answers/new",
        "/desk/answers/1",
        "/board",
        "/board/lanes",
        "/atlas",
        "/atlas/wall",
        "/desk/matters",
        "/desk/rulings",
        "/desk/callbacks",
        "/desk/petitions",
        "/desk/joint",
        "/desk/looks",
        "/desk/duty",
        "/desk/cases",
        "/notices",
        "/desk/matters/0713-0001",
        "/desk/peeks/0713-0001",
    ],
)
def test_a_stranger_is_asked_to_sign_in_on_every_staff_page(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "path",
    [
        "/desk/matters/{n}/acceptance",
        "/desk/matters/{n}/closure",
        "/desk/matters/{n}/requests",
        "/desk/matters/{n}/ruling",
        "/matters/{n}/rating",
        "/matters/{n}/remarks",
        "/matters/{n}/withdrawal",
    ],
)
def test_a_stranger_changes_nothing_by_post(client, told, path):
    answer = client.post(path.format(n=told.number), {"text": "办好了", "good": "yes"})
    assert answer.status_code in (302, 403, 404)
    view = queries.seen(
        told.number, seen_by=Actor(ref="x", own=frozenset([f"matter:{told.matter}"]), fence=Fence(own=(told.matter,))), at=monday_nine
    )
    assert view.line.state == "assigned" and len(view.steps) == 2


def test_a_bearer_token_counts_for_nothing_outside_the_demo(client, town, settings_demo_off):
    answer = client.get("/api/todo", headers={"Authorization": "Bearer anything"})
    assert answer.status_code == 403


@pytest.fixture
def settings_demo_off(monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "SIQIAN_DEMO", False)
