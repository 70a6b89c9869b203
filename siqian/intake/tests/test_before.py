"""The same thing told again: whoever tells it learns at once how it stands."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.spine.matters import actions as matters, queries
from siqian.testing import monday_nine

LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"
LATER = monday_nine + timedelta(days=3)


@pytest.fixture
def done(town):
    """A lamp of which 周 told and which was mended the same day."""
    zhou = town.resident("zhou")
    receipt = intake.take(
        message=Message(text=LAMP, channel="web", building=town.building("松涛苑3栋"), account=zhou.ref), by=zhou, at=monday_nine
    )
    matters.contact(matter=receipt.matter, how="phone", text="问清了", by=town.actor("chen"), at=monday_nine)
    matters.close(matter=receipt.matter, text="换了新灯座，502的阿姨看过", by=town.actor("chen"), at=monday_nine + timedelta(hours=2))
    return receipt


def before(town, done, who, at=LATER):
    item = queries.seen(done.number, seen_by=town.actor("chen"), at=at).line.item
    return queries.told_before(item=item, building=town.building("松涛苑3栋"), seen_by=who, at=at)


def mine(done):
    return Actor(ref="account:x", own=frozenset([f"matter:{done.matter}"]), fence=Fence(own=(done.matter,)))


def test_whoever_told_it_sees_their_own_and_how_it_stands(town, done):
    (one,) = before(town, done, mine(done))
    assert (one.number, one.state, one.own) == (done.number, "closed", True)
    matters.rate(matter=done.matter, good=False, words="又不亮了", by=mine(done), at=LATER)
    (one,) = before(town, done, mine(done))
    assert one.is_open


def test_a_neighbour_learns_that_it_was_done_lately_and_nothing_of_whom(town, done):
    (one,) = before(town, done, ANYONE)
    assert not one.own and one.closed is not None
    assert before(town, done, ANYONE, at=monday_nine + timedelta(days=40)) == []
    # What is open among neighbours is offered to be joined, not told as done.
    matters.rate(matter=done.matter, good=False, words="又不亮了", by=mine(done), at=LATER)
    assert before(town, done, ANYONE) == []


def test_what_was_told_in_confidence_is_shown_to_no_neighbour(town):
    report = intake.take(
        message=Message(text="举报3栋楼下的店偷税漏税，别说是我", channel="web", building=town.building("松涛苑3栋")),
        by=ANYONE,
        at=monday_nine,
    )
    item = queries.seen(report.number, seen_by=town.actor("liang"), at=LATER).line.item
    assert queries.told_before(item=item, building=town.building("松涛苑3栋"), seen_by=ANYONE, at=LATER) == []


def test_the_page_says_so_before_anything_is_sent_and_staff_see_what_was_before(town, done, client, signed_in):
    with clock.stopped_at(LATER):
        heard = client.post("/report/hearing", {"text": LAMP, "building": town.building("松涛苑3栋")}).content.decode()
        assert "这件事以前说过" in heard and "又坏了就照样说" in heard and "502" not in heard
        receipt = intake.take(message=Message(text=LAMP, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=LATER)
        page = signed_in("liang").get(f"/desk/matters/{receipt.number}").content.decode()
    assert f'href="/desk/matters/{done.number}"' in page
