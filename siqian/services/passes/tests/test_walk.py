"""A courier registers, is vouched for, comes in, is turned away, loses the phone; a gate without a network; what is kept of it."""

from datetime import timedelta

import pytest
from django.apps import apps

from siqian.kernel import deliveries, store, vault
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.services.passes import actions, jobs, queries, rules
from siqian.services.passes.models import Courier, Issued, MonthKey, Tally, Visit
from siqian.services.passes.rules import Rules, Window
from siqian.testing import monday_nine, town as names

from . import town as stories
from .town import ACT, LATER, Phone, courier, employer


@pytest.fixture
def firm(town):
    """The firm, the managers and the couriers' accounts."""
    stories.settle()
    return town


@pytest.fixture
def songtao(firm):
    return stories.compound()


@pytest.fixture
def aqiang(firm):
    return stories.courier()


def kept(model):
    """What lies behind the fence, as the office sees it."""
    with store.reading_all():
        return list(model.objects.order_by("id"))


def admit(phone, place, gate=0, at=LATER, way="courier", text=None, by=None):
    return actions.admit(gate=place.gates[gate], text=text or phone.show(place.gates[gate], at), way=way, by=by or phone.by, at=at).decision


def test_a_courier_registers_once_is_vouched_for_and_comes_in(songtao, journal):
    phone = Phone("aqiang")
    code = phone.register()
    assert phone.register() == code
    with pytest.raises(Refused):
        phone.bind()
    actions.attest(code=code.lower(), by=employer(), at=monday_nine)
    actions.attest(code=code, by=employer(), at=monday_nine)
    phone.bind()
    assert admit(phone, songtao).colour == "green"
    line = queries.mine(phone.by)
    assert (line.name, line.state, line.how) == ("王**", "active", "employer")
    assert journal.of(f"courier:{line.id}") == ["courier.asked", "courier.attested", "phone.bound", "pass.issued"]


def test_whoever_belongs_to_no_firm_is_looked_at_in_person_and_nobody_vouches_for_oneself(songtao):
    phone = Phone("xiaoyang")
    code = phone.register(employer="", klass="parcel")
    for by in (phone.by, employer(), ANYONE, names.actor("ma")):
        with pytest.raises(NotYours):
            actions.attest(code=code, by=by, at=monday_nine)
    actions.attest(code=code, by=names.actor("chen"), at=monday_nine)
    assert queries.mine(phone.by).how == "keeper"
    phone.bind()
    assert admit(phone, songtao).colour == "green"


def test_a_registration_that_cannot_be_says_what_is_wrong(firm):
    phone = Phone("aqiang")
    for change, field in (
        ({"name": "王"}, "name"),
        ({"phone": "123"}, "phone"),
        ({"klass": "boss"}, "klass"),
        ({"goes": ()}, "goes"),
        ({"employer": "none"}, "employer"),
        ({"klass": "emergency"}, "klass"),
    ):
        told = {"name": "王志强", "phone": "19900000007", "klass": "delivery", "goes": ("foot",), "employer": ""} | change
        with pytest.raises(BadInput) as refused:
            actions.ask(told=actions.Told(**told), by=phone.by, at=monday_nine)
        assert refused.value.refusal.field == field
    with pytest.raises(Refused):
        actions.ask(told=actions.Told("王志强", "19900000007", "delivery"), by=ANYONE, at=monday_nine)


def test_a_lost_phone_is_shut_out_at_once(songtao, aqiang, journal):
    assert admit(aqiang, songtao).colour == "green"
    line = queries.mine(aqiang.by)
    assert actions.lose(courier=line.id, by=queries.with_own(aqiang.by), at=LATER) == 1
    found = admit(aqiang, songtao, at=LATER + timedelta(minutes=1))
    assert (found.colour, found.reason) == ("red", "revoked")
    # The other phone is bound, and comes in; the pass of the lost one stays shut out.
    lost = aqiang.show("", LATER + timedelta(minutes=3))
    aqiang.bind(LATER + timedelta(minutes=2), old=False)
    assert admit(aqiang, songtao, at=LATER + timedelta(minutes=3)).colour == "green"
    assert admit(aqiang, songtao, at=LATER + timedelta(minutes=3), text=lost).reason == "revoked"
    assert "phone.lost" in journal.of(f"courier:{line.id}")


def test_binding_again_without_the_old_key_is_rate_limited_and_renewing_is_not(firm, aqiang):
    for hour in range(1, 9):
        aqiang.bind(monday_nine + timedelta(hours=hour))
    for hour in (9, 10):
        aqiang.bind(monday_nine + timedelta(hours=hour), old=False)
    with pytest.raises(Refused) as refused:
        aqiang.bind(monday_nine + timedelta(hours=11), old=False)
    assert refused.value.status == 429
    aqiang.bind(monday_nine + timedelta(hours=34), old=False)


def test_a_binding_whose_answer_was_lost_is_asked_for_again_with_the_same_key(firm, aqiang):
    again = aqiang.bind(monday_nine + timedelta(minutes=1), key=aqiang.key)
    assert again.startswith(rules.PASS)
    assert queries.mine(aqiang.by).bound == monday_nine


def test_a_key_that_somebody_else_has_or_cannot_prove_is_refused(firm, aqiang):
    other = courier("xiaoyang")
    with pytest.raises(BadInput):
        other.bind(key=aqiang.key)
    with pytest.raises(BadInput):
        actions.bind(point=b"\2" * 33, proof=b"\0" * 64, by=aqiang.by, at=LATER)
    with pytest.raises(BadInput):
        actions.bind(point=b"junk", proof=b"", by=aqiang.by, at=LATER)
    with pytest.raises(NotFound):
        stories.Phone("zhou").bind()


def test_two_passes_of_one_courier_have_nothing_in_common(firm, aqiang):
    aqiang.bind(LATER)
    first, second = kept(Issued)
    assert first.code != second.code and first.index != second.index and first.phone_id != second.phone_id


def test_a_screenshot_shown_again_at_the_same_gate_is_refused_and_a_page_opened_again_is_not(songtao, aqiang):
    text = aqiang.show(songtao.gates[0])
    assert admit(aqiang, songtao, text=text).colour == "green"
    assert admit(aqiang, songtao, text=text).colour == "green"
    for way, by in (("turnstile", OFFICE), ("courier", names.resident("zhou"))):
        assert admit(aqiang, songtao, text=text, way=way, by=by).reason == "replayed"
    assert admit(aqiang, songtao, gate=1, text=text).reason == "wrong_gate"
    assert admit(aqiang, songtao, text=text, at=LATER + timedelta(minutes=2)).reason == "stale"
    assert Visit.objects.filter(decision="green").count() == 1


def test_of_two_that_show_the_same_at_once_one_comes_in(songtao, aqiang, race):
    text = aqiang.show(songtao.gates[0])
    finishes = race(*[lambda: admit(aqiang, songtao, text=text, way="turnstile", by=OFFICE).colour] * 4)
    assert sorted(one.value for one in finishes) == ["green", "red", "red", "red"]


def test_a_suspension_has_a_term_is_told_and_ends_by_itself(songtao, aqiang, journal):
    line = queries.mine(aqiang.by)
    for until in (monday_nine, monday_nine + timedelta(days=400)):
        with pytest.raises(BadInput):
            actions.suspend(courier=line.id, why="撞了人没停", until=until, by=employer(), at=monday_nine)
    with pytest.raises(NotYours):
        actions.suspend(courier=line.id, why="撞了人没停", until=monday_nine + timedelta(days=7), by=names.actor("chen"), at=monday_nine)
    actions.suspend(courier=line.id, why="撞了人没停", until=monday_nine + timedelta(days=7), by=employer(), at=monday_nine)
    assert admit(aqiang, songtao).reason == "revoked"
    with pytest.raises(Refused) as refused:
        aqiang.bind(LATER)
    assert "撞了人没停" in str(refused.value)
    aqiang.bind(monday_nine + timedelta(days=8))
    assert admit(aqiang, songtao, at=monday_nine + timedelta(days=8, minutes=1)).colour == "green"


def test_whoever_ends_their_registration_leaves_no_name(songtao, aqiang, journal):
    line = queries.mine(aqiang.by)
    actions.end(courier=line.id, by=queries.with_own(aqiang.by), at=LATER)
    (row,) = kept(Courier)
    assert (row.state, row.name, row.sealed_name, row.phone_mark) == ("ended", "", "", "")
    assert admit(aqiang, songtao, at=LATER + timedelta(minutes=1)).reason == "revoked"
    with pytest.raises(NotFound):
        vault.look(subject=f"courier:{line.id}", sealed="AAAA", what="name", purpose="看看还在不在", **ACT)
    assert aqiang.register(at=LATER) != line.code


def test_somebody_without_a_phone_gets_a_card_and_the_same_rules(songtao):
    code = actions.register(told=actions.Told("何秀梅", "19900000009", "parcel"), by=names.desk("ry"), at=monday_nine)
    by_day = actions.admit_by_hand(gate=songtao.gates[0], klass="", note="", card=code, by=OFFICE, at=LATER)
    at_night = actions.admit_by_hand(gate=songtao.gates[0], klass="", note="", card=code, by=OFFICE, at=LATER + timedelta(hours=13))
    assert (by_day.decision.colour, at_night.decision.colour) == ("green", "red")
    with pytest.raises(NotFound):
        actions.admit_by_hand(gate=songtao.gates[0], klass="", note="", card="ABCDEF", by=OFFICE, at=LATER)
    with pytest.raises(BadInput):
        actions.admit_by_hand(gate=songtao.gates[0], klass="delivery", note="", by=OFFICE, at=LATER)
    assert (
        actions.admit_by_hand(gate=songtao.gates[0], klass="delivery", note="手机没电，看了单", by=OFFICE, at=LATER).decision.colour
        == "green"
    )


def test_rules_are_versions_that_name_who_had_the_right(songtao, journal):
    manager, body = names.actor("ma"), Rules(windows=(Window(classes=("delivery",), begin=480, end=1200),))
    line = queries.compound("songtao", seen_by=manager)
    version = actions.rule(
        compound=line.id, body=body, authority="committee", decided="7月1日业委会会议", seen=line.version, by=manager, at=LATER
    )
    assert version == line.version + 1
    with pytest.raises(Refused):
        actions.rule(
            compound=line.id, body=body, authority="committee", decided="7月1日业委会会议", seen=line.version, by=manager, at=LATER
        )
    for authority, decided in (("nobody", "7月1日业委会会议"), ("owners", "")):
        with pytest.raises(BadInput):
            actions.rule(compound=line.id, body=body, authority=authority, decided=decided, seen=version, by=manager, at=LATER)
    for by in (names.actor("qin"), names.actor("hua"), names.desk("ry"), names.resident("zhou"), ANYONE):
        with pytest.raises(NotYours):
            actions.rule(compound=line.id, body=body, authority="manager", decided="物业定的规矩", seen=version, by=by, at=LATER)
    found = queries.compound("songtao", seen_by=manager)
    assert [one.authority for one in found.rulings] == ["committee", "district"] and "parcel" in found.shut
    assert journal.of(f"compound:{line.id}") == ["compound.opened", "compound.ruled", "compound.ruled"]


def test_a_lock_down_needs_two_ends_by_itself_and_never_stops_an_emergency(songtao, aqiang):
    manager, secretary = names.actor("ma"), names.actor("xiujuan")
    lock = actions.lock(compound=songtao.id, why="3栋发现险情", hours=2, by=manager, at=monday_nine)
    assert admit(aqiang, songtao, at=monday_nine + timedelta(minutes=1)).colour == "green"
    with pytest.raises(Refused):
        actions.confirm_lock(lock=lock, by=manager, at=monday_nine)
    actions.confirm_lock(lock=lock, by=secretary, at=monday_nine + timedelta(minutes=5))
    found = admit(aqiang, songtao, at=LATER)
    assert (found.reason, found.until) == ("locked", "11:05")
    assert queries.decided(songtao.id, songtao.gates[0], "emergency", ("ride",), at=LATER).decision.colour == "green"
    assert admit(aqiang, songtao, at=monday_nine + timedelta(hours=3)).colour == "green"
    for hours in (0, 73):
        with pytest.raises(BadInput):
            actions.lock(compound=songtao.id, why="3栋发现险情", hours=hours, by=manager, at=monday_nine)
    stale = actions.lock(compound=songtao.id, why="3栋发现险情", hours=2, by=manager, at=monday_nine)
    with pytest.raises(NotFound):
        actions.confirm_lock(lock=stale, by=secretary, at=monday_nine + timedelta(hours=3))
    noon = monday_nine + timedelta(hours=4)
    again = actions.lock(compound=songtao.id, why="3栋发现险情", hours=2, by=manager, at=noon)
    actions.confirm_lock(lock=again, by=secretary, at=noon)
    assert admit(aqiang, songtao, at=noon + timedelta(minutes=2)).reason == "locked"
    actions.unlock(lock=again, by=secretary, at=noon + timedelta(minutes=3))
    assert admit(aqiang, songtao, at=noon + timedelta(minutes=4)).colour == "green"


def test_a_gate_is_bound_once_by_a_code_and_the_phone_before_ends(songtao):
    guard, gate = names.actor("qin"), songtao.gates[0]
    code = actions.call_binding(gate=gate, by=guard, at=monday_nine)
    bound, token = actions.bind_gate(code=code, by=ANYONE, at=monday_nine)
    assert bound == gate and queries.gate_of_token(token)[2] == gate
    with pytest.raises(BadInput):
        actions.bind_gate(code=code, by=ANYONE, at=monday_nine)
    late = actions.call_binding(gate=gate, by=guard, at=monday_nine)
    with pytest.raises(BadInput):
        actions.bind_gate(code=late, by=ANYONE, at=monday_nine + timedelta(minutes=31))
    _, other = actions.bind_gate(code=actions.call_binding(gate=gate, by=guard, at=LATER), by=ANYONE, at=LATER)
    assert queries.gate_of_token(token) is None and queries.gate_of_token(other)[2] == gate
    for by in (names.actor("hua"), names.actor("chen"), ANYONE):
        with pytest.raises(NotYours):
            actions.call_binding(gate=gate, by=by, at=LATER)
    actions.end_gate(gate=gate, by=names.actor("ma"), at=LATER)
    assert queries.gate_of_token(other) is None and queries.gate_of_token("") is None


def seen(songtao, aqiang, at, **more):
    (issued,) = kept(Issued)
    columns = {
        "code": issued.code,
        "slot": rules.slot_of(at.timestamp()),
        "klass": "delivery",
        "decision": "green",
        "reason": "come_in",
        "way": "gate",
        "then": at,
    }
    return actions.Seen(**columns | more)


def test_what_a_gate_kept_without_a_network_is_taken_once(songtao, aqiang):
    visits = [
        seen(songtao, aqiang, LATER),
        seen(songtao, aqiang, LATER + timedelta(minutes=20), waited=9),
        seen(songtao, aqiang, LATER, code="", klass="", decision="red", reason="unread"),
    ]
    assert actions.take_visits(gate=songtao.gates[0], visits=visits, **ACT | {"at": LATER}) == (2, 1)
    assert actions.take_visits(gate=songtao.gates[0], visits=visits[:2], **ACT | {"at": LATER + timedelta(hours=2)}) == (1, 1)
    old = [
        seen(songtao, aqiang, LATER - timedelta(days=9)),
        seen(songtao, aqiang, LATER + timedelta(days=1)),
        seen(songtao, aqiang, LATER, klass="boss"),
    ]
    assert actions.take_visits(gate=songtao.gates[0], visits=old, **ACT | {"at": LATER}) == (0, 3)
    with pytest.raises(BadInput):
        actions.take_visits(gate=songtao.gates[0], visits=visits * 200, **ACT | {"at": LATER})


def test_nobody_can_join_where_somebody_was(songtao, aqiang):
    """By no table: at another compound, and next month, the same courier has another mark; no column leads from a visit to a person."""
    mumian = stories.compound("mumian", posts=("mm:estate", ""))
    for place in (songtao, mumian):
        for minutes in (0, 30):
            assert admit(aqiang, place, at=LATER + timedelta(minutes=minutes)).colour == "green"
    here, there = ({*Visit.objects.filter(compound_id=place.id).values_list("who", flat=True)} for place in (songtao, mumian))
    assert len(here) == len(there) == 1 and here != there
    august = monday_nine + timedelta(days=30)
    aqiang.bind(august)
    admit(aqiang, songtao, at=august + timedelta(minutes=1))
    assert Visit.objects.filter(compound_id=songtao.id, bucket__gt=LATER + timedelta(days=1)).get().who not in here
    fields = {field.name for field in Visit._meta.get_fields()}
    assert fields == {"id", "compound", "gate", "bucket", "klass", "decision", "reason", "way", "who", "key", "waited", "note"}
    people = {"Courier", "Phone", "Issued", "Employer", "Account", "Person", "Resident"}
    pointed = {field.related_model.__name__ for field in Visit._meta.get_fields() if field.related_model}
    assert not pointed & people
    pointing = [
        model for model in apps.get_models() for field in model._meta.get_fields() if field.concrete and field.related_model is Visit
    ]
    assert pointing == []
    assert {one.bucket.minute % 15 for one in Visit.objects.all()} == {0}


def test_a_months_key_is_destroyed_and_its_visits_become_counts(songtao, aqiang, journal):
    for minutes in range(0, 60, 10):
        admit(aqiang, songtao, at=LATER + timedelta(minutes=minutes))
    assert MonthKey.objects.count() == 1
    assert actions.erase_old(by=OFFICE, at=monday_nine + timedelta(days=29)) == 0
    assert MonthKey.objects.count() == 0
    assert (
        actions.erase_old(by=OFFICE, at=monday_nine + timedelta(days=31)) == 6
        and actions.erase_old(by=OFFICE, at=monday_nine + timedelta(days=31)) == 0
    )
    assert Visit.objects.count() == 0 and [(one.count, one.decision) for one in Tally.objects.all()] == [(6, "green")]


def test_passes_that_ended_are_forgotten_and_keys_turn_over(songtao, aqiang):
    jobs._swept.clear()
    jobs.tidy(at=LATER)
    assert len(kept(Issued)) == 1
    jobs._swept.clear()
    jobs.tidy(at=monday_nine + timedelta(days=2))
    assert kept(Issued) == []
    assert actions.rotate(by=OFFICE, at=monday_nine + timedelta(days=1)) == 1
    assert actions.rotate(by=OFFICE, at=monday_nine + timedelta(days=80)) == 2
    assert len(queries.issuers(monday_nine + timedelta(days=80))) == 2
    assert len(queries.issuers(monday_nine + timedelta(days=95))) == 1


def test_counts_under_five_are_not_shown(songtao, aqiang):
    for minutes in range(4):
        admit(aqiang, songtao, at=LATER + timedelta(minutes=minutes))
    (gate,) = queries.hours_of(songtao.id, at=LATER + timedelta(hours=1))
    assert (gate.visits, gate.refused) == (None, 0)
    admit(aqiang, songtao, at=LATER + timedelta(minutes=5))
    assert queries.hours_of(songtao.id, at=LATER + timedelta(hours=1))[0].visits == 5


def test_the_courier_is_told_what_happens_to_the_registration(firm, aqiang):
    from siqian.trades.notices import queries as notices

    deliveries.work(at=LATER)
    assert [line.text for line in notices.told([aqiang.by.ref])][:1]


def test_the_database_itself_shows_nobody_elses_registration(firm, aqiang, postgres):
    for username in ("zhou", "chen"):
        with store.reading(names.resident(username)):
            assert Courier.objects.count() == 0
    assert len(kept(Courier)) == 1


def test_a_complaint_of_a_compound_becomes_one_matter_without_the_couriers_name(songtao, aqiang, journal):
    number = actions.complain(compound="songtao", text="西门的保安每次都不让推车进", by=aqiang.by, at=LATER)
    for _ in range(2):
        deliveries.work(at=LATER)
    assert journal.of(f"pass_complaint:{number}") == ["pass_complaint.referred", "referral.taken"]
    for text in ("嗯", "长" * 301):
        with pytest.raises(BadInput):
            actions.complain(compound="songtao", text=text, by=aqiang.by, at=LATER)
    with pytest.raises(NotFound):
        actions.complain(compound="nowhere", text="保安不让推车进", by=aqiang.by, at=LATER)
