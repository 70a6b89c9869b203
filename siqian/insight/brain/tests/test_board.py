"""The board asks every three seconds: it learns of every change, and costs nothing while there is none."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, deliveries
from siqian.kernel.permits import ANYONE
from siqian.spine.matters import actions
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs


@pytest.fixture
def board(signed_in):
    visitor = signed_in("liang")

    def ask(tag: str = "", at=monday_nine):
        with clock.stopped_at(at):
            return visitor.get("/board/lanes", headers={"If-None-Match": tag} if tag else {})

    return ask


def tell(town, text="3栋东边楼梯2楼的灯坏了", building="松涛苑3栋", at=monday_nine):
    return intake.take(message=Message(text=text, channel="web", building=town.building(building)), by=ANYONE, at=at)


def test_nothing_new_is_answered_with_nothing(town, board):
    tag = board()["ETag"]
    again = board(tag)
    assert again.status_code == 304 and again.content == b""


def test_every_step_of_a_matter_is_seen(town, board):
    chen, tags = town.actor("chen"), [board()["ETag"]]
    receipt = tell(town)
    tags.append(board()["ETag"])
    for step in (
        lambda: actions.accept(matter=receipt.matter, by=chen, at=monday_nine),
        lambda: actions.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=monday_nine),
        lambda: actions.close(matter=receipt.matter, text="换了新灯座", by=chen, at=monday_nine),
    ):
        step()
        tags.append(board()["ETag"])
    assert len(set(tags)) == len(tags)


def test_late_matters_move_to_their_lane_with_the_level_they_reached(town, board):
    tell(town)
    at = monday_nine + timedelta(minutes=31)
    jobs.climb_what_is_late(at=at)
    while deliveries.work(at=at):
        pass
    said = board(at=at).content.decode()
    late = said[said.index('id="l3"') :]
    assert "3栋东边楼梯" in late and "上报1级" in late


def test_rates_under_thirty_are_shown_as_counts(town, board):
    receipt, chen = tell(town), town.actor("chen")
    actions.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=monday_nine + timedelta(minutes=5))
    assert "1/1" in board(at=monday_nine + timedelta(minutes=6)).content.decode()


def test_a_keeper_has_no_board(town, signed_in):
    assert signed_in("chen").get("/board").status_code == 403


def test_a_community_desk_sees_its_own_community_only(town, signed_in):
    tell(town, text="木棉苑13栋垃圾桶满了没人收", building="木棉苑13栋")
    desk = signed_in("ruolan")
    with clock.stopped_at(monday_nine + timedelta(minutes=10)):
        assert "垃圾桶" not in desk.get("/board").content.decode()
