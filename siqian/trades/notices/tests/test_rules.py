"""When something goes out: quiet hours, the digest, what cannot wait."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from siqian.kernel.clock import TOWN, local
from siqian.trades.notices.rules import OUTGOING, USUAL, Hours, address_fault, awake, due, hours_fault, masked, together


def at(hour, minute=0, day=13):
    return datetime(2026, 7, day, hour, minute, tzinfo=TOWN)


@pytest.mark.parametrize(
    ("urgency", "told", "goes"),
    [
        ("now", at(9), at(9)),
        ("now", at(21, 59), at(21, 59)),
        ("now", at(22), at(7, 30, day=14)),
        ("now", at(23, 59), at(7, 30, day=14)),
        ("now", at(0), at(7, 30)),
        ("now", at(7, 29), at(7, 30)),
        ("now", at(7, 30), at(7, 30)),
        ("danger", at(3), at(3)),
        ("daily", at(9), at(19)),
        ("daily", at(19), at(19, day=14)),
        ("daily", at(23), at(19, day=14)),
    ],
)
def test_what_can_wait_waits_and_what_is_dangerous_does_not(urgency, told, goes):
    assert due(urgency, USUAL, told) == goes


def test_quiet_hours_may_lie_within_a_day_or_be_none():
    noon = Hours(quiet_from=12 * 60, quiet_to=14 * 60)
    assert (awake(noon, at(13)), awake(noon, at(11)), awake(noon, at(23))) == (at(14), at(11), at(23))
    none = Hours(quiet_from=60, quiet_to=60)
    assert awake(none, at(1)) == at(1)


def test_a_digest_in_quiet_hours_comes_when_they_end():
    assert due("daily", Hours(digest_at=23 * 60), at(9)) == at(7, 30, day=14)


MINUTE = st.integers(0, 24 * 60 - 1)


@given(st.builds(Hours, MINUTE, MINUTE, MINUTE), st.integers(0, 3 * 24 * 60), st.sampled_from(["now", "daily"]))
def test_nothing_ever_goes_out_in_quiet_hours_nor_before_it_was_told(hours, later, urgency):
    told = at(0) + timedelta(minutes=later)
    goes = due(urgency, hours, told)
    assert told <= goes <= told + timedelta(days=2)
    minute = local(goes).hour * 60 + local(goes).minute
    start, end = hours.quiet_from, hours.quiet_to
    assert not (start <= minute < end if start <= end else minute >= start or minute < end)


def test_a_day_without_an_hour_to_be_told_is_refused():
    assert hours_fault(USUAL) is None
    assert hours_fault(Hours(quiet_from=8 * 60, quiet_to=1 * 60)).field == "quiet_to"
    assert hours_fault(Hours(quiet_from=-1)).field == "quiet_from"


@pytest.mark.parametrize(
    ("channel", "address", "right"),
    [
        ("sms", "19900000001", True),
        ("sms", "075512345678", True),
        ("sms", "110", False),
        ("sms", "+8619900000001", False),
        ("email", "zhou@example.com", True),
        ("email", "zhou@example", False),
        ("email", "zhou@@example.com", False),
        ("email", "周 @example.com", False),
        ("pigeon", "roof", False),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(channel, address, right):
    assert (address_fault(channel, address) is None) is right


def test_an_address_is_shown_so_that_nobody_else_can_use_it():
    assert (masked("sms", "19900000001"), masked("email", "zhou@example.com")) == ("199 **** 0001", "z***@example.com")


def test_a_digest_that_is_too_long_says_how_many_are_left():
    text = together([f"第{number}件事办好了，请您评一评，谢谢您说的这一句话" for number in range(30)])
    assert len(text) <= 300 and text.startswith("1. ") and text.endswith("条，请到“告诉我的”里看")
    left = int(text.rpartition("还有")[2].partition("条")[0])
    assert left == 30 - text.count("\n")
    assert together(["一句"]) == "一句"


def test_what_arrived_never_waits_again():
    assert OUTGOING.verbs("delivered") == () and OUTGOING.verbs("bounced") == () and OUTGOING.verbs("dropped") == ()
