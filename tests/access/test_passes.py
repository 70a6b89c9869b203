"""Who opens which page of passes and who may do what with couriers and compounds, cell by cell."""

import pytest

from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, OFFICE, Thing, may
from siqian.services.passes import actions, queries, rules
from siqian.services.passes.tests import town as stories
from siqian.testing import monday_nine

COURIER_VERBS = ("attest", "decline", "read", "suspend", "resume", "end", "bind")
COMPOUND_VERBS = ("read", "rule", "gate", "bind", "report", "lock", "open")
# One row a person, one letter a verb in the orders above: + may, . may not. The courier works for 飞燕; the compound is 马春燕's.
MATRIX = {
    "stranger":        (". . . . . . .", ". . . . . . ."),
    "neighbour":       (". . . . . . .", ". . . . . . ."),
    "courier":         (". . + . . + +", ". . . . . . ."),
    "other courier":   (". . . . . . .", ". . . . . . ."),
    "employer":        ("+ + + + + + .", ". . . . . . ."),
    "manager":         (". . . . . . .", "+ + + + + + ."),
    "other manager":   (". . . . . . .", ". . . . . . ."),
    "gatekeeper":      (". . . . . . .", "+ . . + . . ."),
    "keeper":          ("+ + + . . . .", ". . . . . . ."),
    "secretary":       ("+ + + . . . .", "+ . . . . + ."),
    "community desk":  ("+ + + . . . .", "+ . . . . + ."),
    "district desk":   ("+ + + + + + .", "+ . . . . + ."),
    "dispatcher":      (". . . . . . .", "+ . . . . + ."),
    "leader":          (". . . . . . .", "+ . . . . + ."),
    "inspector":       (". . . . . . .", "+ . . . . . ."),
    "handler":         (". . . . . . .", ". . . . . . ."),
    "office":          ("+ . + + + + .", "+ + + + + + +"),
}  # fmt: skip
STAFF = {"manager": "ma", "other manager": "hua", "gatekeeper": "qin", "keeper": "chen", "secretary": "xiujuan", "dispatcher": "liang"}
STAFF |= {"leader": "leader", "inspector": "zheng", "handler": "qiang"}
# Pages: (address, who gets 200); everybody else is refused or led away.
COUNTERS = {"keeper", "secretary", "community desk", "district desk"}
OVERSEE = {"manager", "gatekeeper", "other manager", "secretary", "community desk", "district desk", "dispatcher", "leader", "inspector"}
PAGES = {
    "/pass": "*",
    "/gate": "*",
    "/employer": {"employer"},
    "/employer/couriers.csv": {"employer"},
    "/desk/couriers": COUNTERS,
    "/desk/compounds": OVERSEE,
    "/desk/pass-troubles": {"community desk", "district desk", "dispatcher", "leader"},
    "/desk/pass-names": {"district desk", "inspector"},
    "/desk/compounds/songtao": OVERSEE - {"other manager"},
}
SIGN = {"manager", "gatekeeper"}


@pytest.fixture
def place(town):
    stories.settle()
    found = stories.compound()
    stories.compound("mumian", posts=("mm:estate", ""), gates=("南门",))
    stories.courier("aqiang")
    stories.courier("xiaoyang", employer="")
    return found


@pytest.fixture
def persons(town, place):
    found = {name: town.actor(code) for name, code in STAFF.items()}
    found |= {"community desk": town.desk("ry"), "district desk": town.desk("rj"), "stranger": ANYONE, "office": OFFICE}
    residents = {"neighbour": "zhou", "courier": "aqiang", "other courier": "xiaoyang", "employer": "feiyan"}
    return found | {name: queries.with_own(town.resident(code)) for name, code in residents.items()}


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, persons, place, person):
    by, line = persons[person], queries.mine(town.resident("aqiang"))
    refs, path = (f"courier:{line.id}", "employer:1"), town.area("rj").path
    # As the verbs ask: what is one's own is read, bound and ended; an employer acts for its own; the others by their area.
    own = {"read": refs, "bind": refs[:1], "end": refs}
    courier = " ".join(
        "+" if any(may(by, verb, Thing("courier", ref, area=path)) is None for ref in own.get(verb, refs[1:])) else "."
        for verb in COURIER_VERBS
    )
    thing = rules.compound_thing(place.id, town.place("松涛苑1栋").path, "ry:estate", "ry:guard")
    compound = " ".join("+" if may(by, verb, thing) is None else "." for verb in COMPOUND_VERBS)
    assert (courier, compound) == MATRIX[person]


def test_every_line_of_the_tables_stands_in_the_matrix():
    assert {permit.verb for permit in rules.PERMITS["courier"]} == set(COURIER_VERBS)
    assert {permit.verb for permit in rules.PERMITS["compound"]} == set(COMPOUND_VERBS)


@pytest.fixture
def visitors(town, place, signed_in, client):
    names = {name: code for name, code in STAFF.items()} | {
        "neighbour": "zhou",
        "courier": "aqiang",
        "other courier": "xiaoyang",
        "employer": "feiyan",
    }
    found = {name: signed_in(code) for name, code in names.items()} | {"stranger": client}
    return found | {"community desk": signed_in(town.desk("ry").person), "district desk": signed_in(town.desk("rj").person)}


def test_pages_open_to_whom_they_are_for(visitors, place):
    with clock.stopped_at(monday_nine):
        for url, allowed in {**PAGES, f"/desk/gates/{place.gates[0]}/sign": SIGN}.items():
            for name, client in visitors.items():
                status = client.get(url).status_code
                assert (status == 200) == (allowed == "*" or name in allowed), (url, name, status)


def test_deeds_are_refused_to_everybody_else(visitors, place, town):
    gate, line = place.gates[0], queries.mine(town.resident("aqiang"))
    rule = {
        "version": "1",
        "windows": "1",
        "classes/0": "delivery",
        "ways/0": "foot",
        "days/0": "0",
        "authority": "manager",
        "decided": "物业定的规矩",
    }
    deeds = [
        ("/desk/compounds/songtao/rules", rule, {"manager"}),
        ("/desk/compounds/songtao/gates", {"name": "北门"}, {"manager"}),
        (
            "/desk/compounds/songtao/locks",
            {"why": "发现险情", "hours": "2"},
            {"manager", "secretary", "community desk", "district desk", "dispatcher", "leader"},
        ),
        (f"/desk/gates/{gate}/binding", {}, SIGN),
        ("/employer/suspension", {"courier": str(line.id), "why": "撞了人没停", "until": "2026-07-20"}, {"employer"}),
        ("/desk/couriers/card", {"name": "何秀梅", "phone": "19900000009", "klass": "parcel"}, COUNTERS),
        (f"/desk/gates/{gate}/end", {}, {"manager"}),
    ]
    with clock.stopped_at(monday_nine):
        for url, sent, allowed in deeds:
            for name in sorted(visitors, key=lambda name: name in allowed):
                answer = visitors[name].post(url, sent)
                led_away = answer.status_code == 302 and "/sign-in" in answer["Location"]
                done = answer.status_code == 302 and not led_away
                assert done == (name in allowed) or (name in allowed and answer.status_code == 409), (url, name, answer.status_code)


def test_gates_and_employers_are_let_in_by_their_own_token_alone(visitors, place, town, client):
    with clock.stopped_at(monday_nine):
        code = actions.call_binding(gate=place.gates[0], by=town.actor("ma"), at=monday_nine)
        bound = client.post("/gate/binding", {"code": code}).json()
        firm = actions.new_token(employer=1, by=stories.employer(), at=monday_nine)
        for token, gate_status, firm_status in ((bound["token"], 200, 403), (firm, 403, 404), ("", 403, 403), ("nonsense", 403, 403)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            assert client.get("/api/passes/bundle", headers=headers).status_code == gate_status
            more = {"content_type": "application/json", "headers": headers}
            assert client.post("/api/passes/visits", {"visits": []}, **more).status_code == gate_status
            assert client.post("/api/passes/decisions", {"text": "XG2:"}, **more).status_code == gate_status
            assert client.post("/api/passes/couriers/attestations", {"codes": ["ABCDEF"]}, **more).status_code == firm_status


TROUBLE_VERBS, OPENING_VERBS = ("read", "hear", "decide", "appeal", "rule"), ("read", "ask", "confirm", "review")
# The incident is one at 松涛苑, about 阿强; the name is his.
MEASURES = {
    "stranger":        (". . . . .", ". . . ."),
    "neighbour":       (". . . . .", ". . . ."),
    "courier":         ("+ + . + .", ". . . ."),
    "other courier":   (". . . . .", ". . . ."),
    "employer":        (". . . . .", ". . . ."),
    "manager":         (". . . . .", ". . . ."),
    "gatekeeper":      (". . . . .", ". . . ."),
    "keeper":          (". . . . .", ". . . ."),
    "secretary":       (". . . . .", ". . . ."),
    "community desk":  ("+ . + . +", ". . . ."),
    "district desk":   ("+ . + . +", "+ + + ."),
    "dispatcher":      ("+ . + . +", ". . . ."),
    "leader":          ("+ . . . +", ". . . ."),
    "inspector":       (". . . . .", "+ + + +"),
}  # fmt: skip


@pytest.mark.parametrize("person", MEASURES)
def test_cells_of_incidents_and_names(town, persons, person):
    line = queries.mine(town.resident("aqiang"))
    trouble = Thing("trouble", f"courier:{line.id}", area=town.place("松涛苑1栋").path)
    opening = Thing("opening", area=town.area("rj").path)
    rows = ((TROUBLE_VERBS, trouble), (OPENING_VERBS, opening))
    found = tuple(" ".join("+" if may(persons[person], verb, thing) is None else "." for verb in verbs) for verbs, thing in rows)
    assert found == MEASURES[person]
    assert {permit.verb for permit in rules.MEASURE_PERMITS["trouble"]} == set(TROUBLE_VERBS)
    assert {permit.verb for permit in rules.MEASURE_PERMITS["opening"]} == set(OPENING_VERBS)
