"""A neighbour, a child, a grid worker speaks for somebody: with consent, and both hear how it goes on."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, vault
from siqian.kernel.permits import ANYONE, OFFICE, BadInput
from siqian.spine.matters import actions, queries
from siqian.testing import monday_nine
from siqian.trades.notices import jobs
from siqian.trades.notices.tests.test_sending import Line

LATER = monday_nine + timedelta(minutes=5)
FOR_GRANNY = {"relation": "neighbour", "for_name": "张奶奶", "for_phone": "19900000022", "for_agreed": True}


@pytest.fixture(autouse=True)
def open_ways(settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": "", "alarm": ""})


def tell(town, **more):
    facts = {"name": "周女士", "phone": "19900000021", "agrees": True} | FOR_GRANNY | more
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"), **facts)
    return intake.take(message=message, by=ANYONE, at=monday_nine)


def told(receipt, seen_by):
    return queries.seen(receipt.number, seen_by=seen_by, at=LATER).tellings[0]


def sent(receipt, town):
    line = Line()
    actions.contact(matter=receipt.matter, how="message", text="下午来换灯", by=town.actor("chen"), at=LATER)
    while deliveries.work(at=LATER):
        pass
    jobs.send_what_is_due(gateways={"sms": line}, at=LATER)
    assert all("下午来换灯" in text for _, text in line.said)
    return sorted(to for to, _ in line.said)


def test_the_keeper_sees_who_speaks_for_whom_and_both_are_told(town):
    receipt = tell(town)
    seen = told(receipt, town.actor("chen"))
    assert (seen.name, seen.speaks_for.name, seen.speaks_for.relation, seen.speaks_for.phone) == ("周**", "张**", "邻居", "199 **** 0022")
    assert sent(receipt, town) == ["19900000021", "19900000022"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"for_agreed": False}, "for_agreed"),
        ({"relation": "boss"}, "relation"),
        ({"relation": ""}, "relation"),
        ({"for_name": ""}, "for_name"),
        ({"for_phone": "110"}, "for_phone"),
    ],
)
def test_nobody_speaks_for_another_without_asking_them(town, wrong, field):
    with pytest.raises(BadInput) as refused:
        tell(town, **wrong)
    assert refused.value.refusal.field == field and queries.find(seen_by=OFFICE) == []


def test_each_of_the_two_is_sealed_and_forgotten_apart(town):
    receipt = tell(town)
    chen, telling = town.actor("chen"), told(receipt, town.actor("chen")).id
    teller, name, _ = queries.sealed(receipt.number, telling, seen_by=chen)
    granny, granny_name, phone = queries.sealed(receipt.number, telling, principal=True, seen_by=chen)
    assert (vault.unseal(teller, name), vault.unseal(granny, granny_name), vault.unseal(granny, phone)) == (
        "周女士",
        "张奶奶",
        "19900000022",
    )
    vault.forget(subject=granny, reason="本人要求", by=OFFICE, at=LATER)
    assert vault.unseal(teller, name) == "周女士" and sent(receipt, town) == ["19900000021"]


def test_without_a_telephone_of_hers_only_the_neighbour_gets_a_message(town):
    assert sent(tell(town, for_phone=""), town) == ["19900000021"]


def test_staff_write_down_at_the_counter_for_whom_it_is(town, signed_in):
    # At whatever hour this runs: the dispatcher looks over the whole district.
    liang = signed_in("liang")
    form = {"text": "3栋东边楼梯2楼的灯坏了", "building": "songtao-3", "channel": "desk", "relation": "grid_worker", "for_name": "张奶奶"}
    refused = liang.post("/report", form)
    assert refused.status_code == 400 and "先问过TA" in refused.content.decode() and "张奶奶" in refused.content.decode()
    done = liang.post("/report", form | {"for_agreed": "yes"}, follow=True).content.decode()
    assert "（网格员）替张**说" in done
    (line,) = queries.find(seen_by=OFFICE)
    # Whoever told it left no name: the button is there for the person concerned.
    assert 'data-opens="look"' in done and 'id="whose"' in done
    path = f"/desk/matters/{line.number}/looks"
    looked = liang.post(path, {"telling": told(line, OFFICE).id, "whose": "principal", "purpose": "回电话问清楼层"})
    assert "张奶奶" in looked.content.decode()
