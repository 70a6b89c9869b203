"""Who may open, write and decide what of benefits, by HTTP and cell by cell."""

import pytest

from siqian.kernel import clock, deliveries
from siqian.kernel.permits import ANYONE, OFFICE, Thing, may
from siqian.services.benefits import actions, queries
from siqian.services.benefits.rules import ENTITLEMENT_PERMITS, PERMITS
from siqian.services.benefits.tests.town import legal_staff
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.trades.dossier import actions as dossier
from siqian.trades.dossier.rules import Saying

POLICY_VERBS = ("read", "write", "ask", "pass", "return", "publish", "end")
ENTITLEMENT_VERBS = (
    "read",
    "find",
    "accept",
    "decline",
    "confirm",
    "grant",
    "refuse",
    "stop",
    "renew",
    "appeal",
    "allow",
    "uphold",
    "leave",
)
MATRIX = {
    "stranger":      (". . . . . . .", ". . . . . . . . . . . . ."),
    "neighbour":     (". . . . . . .", ". . . . . . . . . . . . ."),
    "resident":      (". . . . . . .", "+ . + + . . . . . + . . ."),
    "own keeper":    (". . . . . . .", ". . + . . . . . . + . . ."),
    "social worker": (". . . . . . .", ". . + . . . . . . + . . ."),
    "other keeper":  (". . . . . . .", ". . . . . . . . . . . . ."),
    "secretary":     (". . . . . . .", ". . . . . . . . . . . . ."),
    "dispatcher":    (". . . . . . .", ". . . . . . . . . . . . ."),
    "clerk":         ("+ + + . + + +", "+ . . . + + + + + . + + ."),
    "reviewer":      ("+ . . + + . .", ". . . . . . . . . . . . ."),
    "inspector":     ("+ . . . . . .", "+ . . . . . . . . . . . ."),
    "office":        ("+ + + + . + +", "+ + . . + + . . . . . . +"),
}  # fmt: skip
STAFF = {
    "own keeper": "chen",
    "social worker": "su",
    "other keeper": "chunmei",
    "secretary": "xiujuan",
    "dispatcher": "liang",
    "clerk": "lan",
    "reviewer": "fa",
    "inspector": "zheng",
}
# address: who may open it; everybody else is led away (302) or told that there is none.
PAGES = {
    "/desk/policies": {"clerk", "reviewer", "inspector"},
    "/desk/policies/elder-card": {"clerk", "reviewer", "inspector"},
    "/desk/policies/elder-card/print": {"clerk", "reviewer", "inspector"},
    "/desk/policies/elder-card/form.json": {"clerk", "reviewer", "inspector"},
    "/desk/entitlements": {"clerk", "inspector"},
    "/desk/entitlements/{entitlement}": {"clerk", "inspector"},
    "/benefits": {"stranger", "neighbour", "resident", *STAFF},
}
POSTS = {
    "/desk/policies/new": {"clerk"},
    "/desk/policies/elder-card/editions": {"clerk"},
    "/desk/policies/elder-card/end": {"clerk"},
    "/desk/entitlements/{entitlement}/decision": {"clerk"},
    "/desk/entitlements/{entitlement}/looks": {"clerk"},
    "/benefits/{entitlement}/declination": {"resident"},
}
SENT = {"code": "fresh", "title": "新的一项", "step": "confirm"}


@pytest.fixture
def her(town):
    """周小兰 has been found for the card of courtesy; gives (her subject, the entitlement)."""
    legal_staff()
    number = settle_zhou()
    subject = f"resident:{number}"
    for code, value in (("born", "1960-05-16"), ("hukou", "here")):
        dossier.note(
            subject=subject, building="songtao-3", saying=Saying(code, value, basis="consent"), by=town.actor("chen"), at=monday_nine
        )
    actions.begin_from(code="elder-card", by=town.actor("lan"), at=monday_nine)
    actions.ask(code="elder-card", by=town.actor("lan"), at=monday_nine)
    actions.pass_on(code="elder-card", by=town.actor("fa"), at=monday_nine)
    actions.publish(code="elder-card", by=town.actor("bo"), at=monday_nine)
    while deliveries.work(at=monday_nine):
        pass
    (line,) = queries.mine(town.resident(ZHOU_PHONE))
    return subject, line.id


@pytest.mark.parametrize("person", MATRIX)
def test_cells(town, her, person):
    by = {"stranger": ANYONE, "neighbour": town.resident("lin"), "resident": town.resident(ZHOU_PHONE), "office": OFFICE}
    actor = by.get(person) or town.actor(STAFF[person])
    top, path = town.area("rj").path, town.place("松涛苑3栋").path
    policy, owed = Thing("policy", area=top), Thing("entitlement", her[0], area=path)
    found = tuple(
        " ".join("+" if may(actor, verb, thing) is None else "." for verb in verbs)
        for verbs, thing in ((POLICY_VERBS, policy), (ENTITLEMENT_VERBS, owed))
    )
    assert found == MATRIX[person]


def test_every_line_of_the_tables_stands_in_the_matrix():
    assert {permit.verb for permit in PERMITS} == set(POLICY_VERBS)
    assert {permit.verb for permit in ENTITLEMENT_PERMITS} == set(ENTITLEMENT_VERBS)


def visitor(person, client, signed_in):
    accounts = {"neighbour": "lin", "resident": ZHOU_PHONE} | STAFF
    return client if person == "stranger" else signed_in(accounts[person])


@pytest.mark.parametrize("person", [person for person in MATRIX if person != "office"])
def test_pages_open_for_whom_they_are(her, person, client, signed_in):
    asking = visitor(person, client, signed_in)
    for address, readers in PAGES.items():
        with clock.stopped_at(monday_nine):
            answer = asking.get(address.format(entitlement=her[1]))
        assert (answer.status_code == 200) == (person in readers), (address, answer.status_code)
        assert answer.status_code in (200, 302, 403, 404)
        if person not in readers:
            assert "敬老优待卡" not in answer.content.decode()


@pytest.mark.parametrize("person", [person for person in MATRIX if person != "office"])
def test_steps_are_taken_by_whom_they_are(her, person, client, signed_in):
    asking = visitor(person, client, signed_in)
    for address, doers in POSTS.items():
        with clock.stopped_at(monday_nine):
            answer = asking.post(address.format(entitlement=her[1]), SENT)
        done = answer.status_code == 200 or (answer.status_code == 302 and not answer["Location"].startswith("/sign-in"))
        assert done == (person in doers), (address, answer.status_code)
        assert answer.status_code in (200, 302, 403, 404)
