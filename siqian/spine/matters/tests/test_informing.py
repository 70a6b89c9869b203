"""Tellers are told how their matter goes on: each what the table says, all at once, each once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions, events, queries as matters
from siqian.spine.matters.rules.telling import TOLD
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices, jobs, queries
from siqian.trades.notices.gateways import Fault
from siqian.trades.notices.models import Notice
from siqian.trades.notices.tests.test_sending import Line

LATER = monday_nine + timedelta(minutes=5)
NIGHT = monday_nine.replace(hour=23, minute=30)


@pytest.fixture(autouse=True)
def open_ways(settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": ""})


@pytest.fixture
def told(town):
    """周 told of it with her account."""
    account = town.resident("zhou").ref
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"), account=account)
    return intake.take(message=message, by=town.resident("zhou"), at=monday_nine)


def work(at=LATER):
    while deliveries.work(at=at):
        pass


def heard(reader):
    return [line.text.format(**line.values) for line in reversed(queries.told([reader]))]


def test_every_event_of_the_table_is_one_that_is_announced():
    names = {value.name for value in vars(events).values() if hasattr(value, "name") and isinstance(getattr(value, "name", None), str)}
    assert set(TOLD) - {"extension.granted"} <= names


def test_a_resident_follows_their_matter_by_what_they_are_told(told, town):
    chen, zhou = town.actor("chen"), town.resident("zhou")
    act = {"matter": told.matter, "by": chen}
    actions.accept(**act, at=LATER)
    actions.contact(**act, how="message", text="看到了，今天下午3点来换灯", at=LATER)
    actions.close(**act, text="换了新灯座，试过，亮了", photos=[], at=LATER + timedelta(hours=1))
    work(LATER + timedelta(hours=2))
    assert heard(zhou.ref) == ["陈志明签收了，正在办", "看到了，今天下午3点来换灯", "办好了。办得好不好，请您评一评"]
    work(LATER + timedelta(hours=3))
    assert len(heard(zhou.ref)) == 3


def test_what_was_said_on_the_telephone_is_not_repeated(told, town):
    actions.contact(matter=told.matter, how="phone", text="问清是2楼到3楼之间", by=town.actor("chen"), at=LATER)
    work()
    assert heard(town.resident("zhou").ref) == []


def test_who_left_a_number_and_agreed_gets_a_text_message_and_who_did_not_gets_none(town):
    line, receipts = Line(), []
    for phone, agrees in (("19900000011", True), ("19900000012", False), ("", True)):
        message = Message(
            text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"), name="周", phone=phone, agrees=agrees
        )
        receipts.append(intake.take(message=message, by=ANYONE, at=monday_nine))
    assert len({receipt.matter for receipt in receipts}) == 1
    actions.contact(matter=receipts[0].matter, how="message", text="停电到下午4点，正在抢修", by=town.actor("chen"), at=LATER)
    work()
    jobs.send_what_is_due(gateways={"sms": line}, at=LATER)
    ((to, text),) = line.said
    assert to == "19900000011" and text.endswith("停电到下午4点，正在抢修")
    assert all(heard(f"telling:{receipt.telling}") == ["停电到下午4点，正在抢修"] for receipt in receipts)


def test_five_hundred_tellers_of_one_power_cut_are_answered_by_one_sentence(told, town):
    """Once each, also when the worker dies after telling and does it all again."""
    same = Message(text="3栋东边楼梯2楼的灯坏了", channel="file", building=town.building("松涛苑3栋"))
    receipts = intake.take_all(messages=[replace(same, external=f"T{number}") for number in range(499)], by=OFFICE, at=monday_nine)
    assert {receipt.matter for receipt in receipts} == {told.matter}
    tellings = {f"telling:{receipt.telling}" for receipt in receipts}
    actions.contact(matter=told.matter, how="message", text="停电到下午4点，正在抢修", by=town.actor("chen"), at=LATER)
    work()
    work(LATER + timedelta(hours=1))
    assert heard(town.resident("zhou").ref) == ["停电到下午4点，正在抢修"]
    with store.reading_all():
        rows = list(Notice.objects.filter(text="{text}").values_list("to", flat=True))
    assert len(rows) == 500 and len(set(rows)) == 500 and tellings <= set(rows)


def test_what_was_done_badly_is_done_again_and_that_is_told(told, town):
    chen, zhou = town.actor("chen"), town.resident("zhou")
    act = {"matter": told.matter, "by": chen}
    actions.contact(**act, how="phone", text="约好今天来看", at=LATER)
    actions.close(**act, text="换了新灯座，试过，亮了", photos=[], at=LATER)
    actions.rate(matter=told.matter, good=False, words="又不亮了", by=zhou_of(town, told), at=LATER + timedelta(hours=2))
    work(LATER + timedelta(hours=3))
    assert heard(zhou.ref) == ["办好了。办得好不好，请您评一评", "重新办，换了人来办"]


def zhou_of(town, told):
    return people.with_own(town.resident("zhou"), frozenset([f"matter:{told.matter}"]), (told.matter,))


FIRE = "3栋5楼着火了，烟很大"


def alarm(town, channel="web", **more):
    message = Message(text=FIRE, channel=channel, building=town.building("松涛苑3栋"), **more)
    return intake.take(message=message, by=OFFICE if channel == "phone" else ANYONE, at=NIGHT)


def steps(receipt):
    return [(step.kind, step.values.get("to")) for step in matters.seen(receipt.number, seen_by=OFFICE, at=NIGHT).steps]


def test_a_fire_goes_to_its_service_at_once_and_at_any_hour_and_the_thread_says_so(town, settings_of, journal):
    settings_of(SIQIAN_GATEWAYS={"sms": "", "email": "", "alarm": "console"})
    line, receipt = Line(), alarm(town)
    work(NIGHT)
    jobs.send_what_is_due(gateways={"alarm": line}, at=NIGHT)
    work(NIGHT)
    ((to, text),) = line.said
    assert to == "119" and text.count(FIRE) == 1 and "松涛苑3栋" in text and receipt.number in text
    assert ("handed", "119") in steps(receipt)
    assert "matter.alarmed" in journal.of(f"matter:{receipt.matter}")
    assert any("马上核实" in text and "119" in text for text in heard("post:ry:desk"))
    # Neighbours who tell of the same fire alarm again: two calls are better than none.
    assert alarm(town).joined


def test_the_desk_that_is_on_duty_hears_of_a_fire_by_text_message_as_well(town, settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": "", "alarm": "console"})
    guihua, texts = town.actor("guihua", NIGHT), Line()
    notices.agree(reader=guihua.ref, channel="sms", address="19900000031", by=guihua, at=NIGHT)
    alarm(town)
    work(NIGHT)
    jobs.send_what_is_due(gateways={"alarm": Line(), "sms": texts}, at=NIGHT)
    ((to, text),) = texts.said
    assert to == "19900000031" and text.count(FIRE) == 1 and "打119" in text


def test_a_service_that_cannot_be_told_has_to_be_rung_and_the_thread_says_so(town, settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "", "email": "", "alarm": "console"})
    receipt = alarm(town)
    work(NIGHT)
    jobs.send_what_is_due(gateways={"alarm": Line(Fault("HTTP 403", lasting=True))}, at=NIGHT)
    work(NIGHT)
    assert ("not_handed", "119") in steps(receipt)


def test_without_a_way_to_the_service_the_desk_is_told_to_ring(town):
    receipt = alarm(town)
    work(NIGHT)
    assert any("打119" in text for text in heard("post:ry:desk")) and "handed" not in dict(steps(receipt))


def test_a_fire_of_last_year_in_a_file_alarms_nobody(town, settings_of, journal):
    settings_of(SIQIAN_GATEWAYS={"sms": "", "email": "", "alarm": "console"})
    receipt = alarm(town, channel="file", external="L-1")
    work(NIGHT)
    assert "matter.alarmed" not in journal.of(f"matter:{receipt.matter}") and heard("post:ry:desk") == []
