"""What goes out of the house: to whom, when, once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import store, vault
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import OFFICE, BadInput, Refused
from siqian.testing import monday_nine
from siqian.town.people import actions as people_actions
from siqian.trades.notices import actions, jobs, queries
from siqian.trades.notices.gateways import Fault
from siqian.trades.notices.models import Notice, Outgoing
from siqian.trades.notices.rules import Hours

OFFICE_AT = {"by": OFFICE, "at": monday_nine}
NIGHT = datetime(2026, 7, 13, 23, 30, tzinfo=TOWN)
MORNING = datetime(2026, 7, 14, 7, 30, tzinfo=TOWN)


class Line:
    """A gateway at the network's edge: keeps what was handed to it, and delivers once for a key, as a real one does."""

    def __init__(self, *faults):
        self.faults, self.handed, self.delivered = list(faults), [], {}

    def send(self, *, to, text, key):
        self.handed.append(key)
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        self.delivered.setdefault(key, (to, text))
        return f"receipt-of-{key}"

    @property
    def said(self):
        return list(self.delivered.values())


@pytest.fixture(autouse=True)
def open_ways(settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": "console"})


@pytest.fixture
def zhou(town):
    return town.resident("zhou")


@pytest.fixture
def agreed(zhou):
    actions.agree(reader=zhou.ref, channel="sms", address="199-0000-0001", by=zhou, at=monday_nine)
    return zhou


def tell(to, text="办好了", urgency="now", at=monday_nine, about="matter:1", **values):
    actions.tell(to=to, about=about, text=text, values=values, urgency=urgency, by=OFFICE, at=at)


def go(line, at=monday_nine):
    return jobs.send_what_is_due(gateways={"sms": line, "email": line}, at=at)


def states():
    with store.reading_all():
        return [row.state for row in Outgoing.objects.order_by("id")]


def test_without_consent_nothing_leaves_the_house(zhou):
    line = Line()
    tell(zhou.ref)
    assert go(line) == 0 and line.handed == []
    assert [notice.text for notice in queries.told([zhou.ref])] == ["办好了"]


def test_who_agreed_is_told_once_and_sees_that_it_went_out(agreed, journal):
    line = Line()
    tell(agreed.ref, number="0713-0001", title="楼梯灯不亮")
    tell(agreed.ref, number="0713-0001", title="楼梯灯不亮")  # the same instant: a retry
    go(line)
    go(line)
    assert line.said == [("19900000001", "楼梯灯不亮（0713-0001）：办好了")]
    (notice,) = queries.told([agreed.ref])
    assert [(sent.state, sent.masked) for sent in notice.out] == [("sent", "199 **** 0001")]
    assert journal.of(agreed.ref) == ["consent.given"]


def test_at_night_it_waits_for_the_morning_and_danger_does_not(agreed):
    line = Line()
    tell(agreed.ref, "明天停水", at=NIGHT)
    tell(agreed.ref, "漏气，请先离开", urgency="danger", at=NIGHT)
    go(line, NIGHT)
    assert [text for _, text in line.said] == ["漏气，请先离开"]
    go(line, MORNING - timedelta(minutes=1))
    assert len(line.said) == 1
    go(line, MORNING)
    assert [text for _, text in line.said] == ["漏气，请先离开", "明天停水"]


def test_what_is_not_urgent_comes_as_one_digest_a_day(agreed):
    line, seven = Line(), monday_nine.replace(hour=19)
    for number in range(3):
        tell(agreed.ref, f"第{number}件有进展", urgency="daily", at=monday_nine + timedelta(minutes=number))
    go(line, seven - timedelta(minutes=1))
    assert line.said == []
    go(line, seven)
    assert [text.count("\n") for _, text in line.said] == [2]
    # Whatever comes after today's digest went out waits for tomorrow's, at whatever hour one wants it.
    actions.keep_hours(reader=agreed.ref, hours=Hours(digest_at=20 * 60), by=agreed, at=seven)
    tell(agreed.ref, "又有进展", urgency="daily", at=seven + timedelta(minutes=5))
    go(line, monday_nine.replace(hour=21))
    assert len(line.said) == 1
    go(line, monday_nine.replace(day=14, hour=20))
    assert [text for _, text in line.said[1:]] == ["又有进展"]


def test_what_was_agreed_to_is_withdrawn_at_any_time_and_nothing_more_is_sent(agreed, journal):
    line = Line()
    tell(agreed.ref, at=NIGHT)
    actions.withdraw(reader=agreed.ref, channel="sms", by=agreed, at=NIGHT)
    actions.withdraw(reader=agreed.ref, channel="sms", by=agreed, at=NIGHT)  # pressed twice
    go(line, MORNING)
    assert line.handed == [] and states() == ["dropped"]
    assert journal.of(agreed.ref) == ["consent.given", "consent.withdrawn"] and queries.given([agreed.ref]) == []


def test_another_number_takes_the_place_of_the_one_before(agreed):
    line = Line()
    actions.agree(reader=agreed.ref, channel="sms", address="19900000002", by=agreed, at=monday_nine)
    tell(agreed.ref)
    go(line)
    assert [to for to, _ in line.said] == ["19900000002"] and len(queries.given([agreed.ref])) == 1


def test_a_person_who_was_forgotten_is_written_to_no_more(agreed):
    line = Line()
    tell(agreed.ref)
    vault.forget(subject=f"notices:{agreed.ref}", reason="本人要求", **OFFICE_AT)
    go(line)
    assert line.handed == [] and states() == ["dropped"]


def test_a_gateway_that_does_not_answer_is_asked_again_later_with_the_same_key(agreed):
    line = Line(Fault("timed out"), Fault("timed out"))
    tell(agreed.ref)
    at = monday_nine
    for _ in range(4):
        go(line, at)
        at += timedelta(minutes=1)
    assert len(line.handed) == 3 and len(set(line.handed)) == 1 and len(line.said) == 1 and states() == ["sent"]


def test_a_gateway_that_does_not_answer_is_not_waited_for_message_by_message(agreed):
    """Ten seconds each, with twenty waiting, would hold up every clock of the town."""
    for number in range(5):
        tell(agreed.ref, f"第{number}句")
    actions.agree(reader=agreed.ref, channel="email", address="zhou@example.com", by=agreed, at=monday_nine)
    tell(agreed.ref, "再一句")
    silent, mail = Line(*[Fault("timed out")] * 9), Line()
    jobs.send_what_is_due(gateways={"sms": silent, "email": mail}, at=monday_nine)
    assert len(silent.handed) == 1 and len(mail.said) == 1


def test_an_emergency_goes_before_all_that_waits(agreed, settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": "", "alarm": "console"})
    order = []

    class Ear(Line):
        def send(self, *, to, text, key):
            order.append(to)
            return super().send(to=to, text=text, key=key)

    for number in range(3):
        tell(agreed.ref, f"第{number}句")
    tell("service:119", "着火了", urgency="danger")
    jobs.send_what_is_due(gateways={"sms": Ear(), "alarm": Ear()}, at=monday_nine)
    assert order == ["119", *["19900000001"] * 3]


def test_a_number_that_does_not_exist_is_not_tried_again_and_may_be_by_hand(agreed):
    line = Line(Fault("HTTP 404", lasting=True))
    tell(agreed.ref)
    go(line)
    go(line, monday_nine + timedelta(hours=2))
    assert states() == ["failed"] and len(line.handed) == 1
    with store.reading_all():
        outgoing = Outgoing.objects.get()
    actions.retry(outgoing=outgoing.id, **OFFICE_AT)
    go(line)
    assert states() == ["sent"]


def test_a_gateway_that_stays_silent_is_given_up_in_the_end(agreed):
    line = Line(*[Fault("no answer")] * 20)
    tell(agreed.ref)
    at = monday_nine
    for _ in range(30):
        go(line, at)
        at += timedelta(hours=2)
    assert states() == ["failed"] and len(line.handed) == 6


def test_a_crash_between_sending_and_noting_it_sends_again_with_the_same_key(agreed):
    """The gateway, which honours the key, delivers once."""
    line = Line()
    tell(agreed.ref)
    claimed = actions.claim(channel="sms", **OFFICE_AT)
    line.send(to=claimed.address, text=claimed.text, key=claimed.key)  # and here the worker dies
    assert actions.claim(channel="sms", **OFFICE_AT) is False  # leased
    go(line, monday_nine + timedelta(minutes=2))
    assert len(line.handed) == 2 and len(line.said) == 1 and states() == ["sent"]


def test_two_workers_send_a_message_once(agreed, race):
    line = Line()
    for number in range(6):
        tell(agreed.ref, f"第{number}句")
    race(lambda: go(line), lambda: go(line))
    assert len(line.handed) == 6 and len(line.said) == 6


def test_the_gateways_word_counts_once(agreed):
    line = Line()
    tell(agreed.ref)
    go(line)
    (key,) = line.delivered
    later = {"by": OFFICE, "at": monday_nine + timedelta(minutes=1)}
    actions.answer(key=key, delivered=True, **later)
    actions.answer(key=key, delivered=False, fault="late", **later)
    assert states() == ["delivered"]
    for strange in ("siqian-999", "other", "siqian-x"):
        with pytest.raises(Refused):
            actions.answer(key=strange, delivered=True, **later)


def test_staff_are_told_while_they_are_on_duty_whoever_sits_there_then(town):
    """The post is told; the keeper who agreed hears of it in the morning, not at midnight."""
    chen, post = town.actor("chen"), "post:ry-g2:keeper"
    actions.agree(reader=chen.ref, channel="sms", address="19900000007", by=chen, at=monday_nine)
    line = Line()
    tell(post, "派给您一件事", at=NIGHT)
    go(line, NIGHT)
    assert line.handed == []
    go(line, monday_nine.replace(day=14, hour=8))
    assert line.said == [("19900000007", "派给您一件事")]


def test_staff_on_leave_are_left_alone_and_their_stand_in_is_told(town):
    for code, phone in (("chen", "19900000007"), ("chunmei", "19900000008")):
        someone = town.actor(code)
        actions.agree(reader=someone.ref, channel="sms", address=phone, by=someone, at=monday_nine)
    leave = {"since": monday_nine, "until": monday_nine + timedelta(days=2), "stand_in": "chunmei"}
    people_actions.take_leave(person="chen", **leave, **OFFICE_AT)
    line, later = Line(), monday_nine + timedelta(hours=1)
    tell("post:ry-g2:keeper", "派给您一件事", at=later)
    go(line, later)
    assert line.said == [("19900000008", "派给您一件事")]


def test_five_hundred_are_told_in_as_many_statements_as_five(town):
    counts = []
    for many in (5, 500):
        readers = [f"telling:{many}{number:05d}" for number in range(many)]
        for reader in readers[:: max(1, many // 5)]:
            actions.agree(reader=reader, channel="sms", address="19900000001", **OFFICE_AT)
        with CaptureQueriesContext(connection) as asked:
            told = actions.tell_all(to=readers, about=f"matter:{many}", text="停电到下午4点", urgency="daily", **OFFICE_AT)
        counts.append(len([query for query in asked if "savepoint" not in query["sql"].lower()]))
        assert told == many
        assert actions.tell_all(to=readers, about=f"matter:{many}", text="停电到下午4点", urgency="daily", **OFFICE_AT) == 0
    assert counts[1] <= counts[0] + 1
    with store.reading_all():
        assert Notice.objects.count() == 505 and len({row.to for row in Notice.objects.all()}) == 505


def test_addresses_that_cannot_be_ones_and_ways_that_are_not_open_are_refused(zhou, settings_of):
    with pytest.raises(BadInput) as refused:
        actions.agree(reader=zhou.ref, channel="sms", address="110", by=zhou, at=monday_nine)
    assert refused.value.refusal.field == "address"
    settings_of(SIQIAN_GATEWAYS={"sms": ""})
    with pytest.raises(BadInput):
        actions.agree(reader=zhou.ref, channel="sms", address="19900000001", by=zhou, at=monday_nine)
    assert queries.ways(zhou.ref) == []


def test_the_address_lies_sealed(agreed):
    with connection.cursor() as cursor:
        cursor.execute("select sealed, masked from notices_consent")
        (sealed, masked), *rest = cursor.fetchall()
    assert rest == [] and "0001" not in sealed and masked == "199 **** 0001"
