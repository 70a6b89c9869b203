"""The wall: every figure is that of the page behind it; it helps and does not shame; whoever has no area to look after has none."""

import re
from datetime import datetime, timedelta

import pytest

from siqian.insight.atlas import watching
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions, queries as matters
from siqian.testing import monday_nine
from siqian.town.people import actions as people
from siqian.trades.tasks import queries as tasks

LATER = monday_nine + timedelta(hours=2)


def tell(town, text="3栋东边楼梯2楼的灯坏了", building="松涛苑3栋", when=monday_nine):
    return intake.take(message=Message(text=text, channel="web", building=town.building(building)), by=ANYONE, at=when)


def wall(town, who="liang", when=LATER):
    return watching.wall(seen_by=town.actor(who, when), at=when)


@pytest.fixture
def visit(signed_in):
    def ask(who, path, when=LATER, **headers):
        with clock.stopped_at(when):
            return signed_in(who).get(path, headers=headers)

    return ask


def test_figures_are_those_of_the_pages_behind_them(town, visit):
    lamp = tell(town)
    tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋")
    actions.contact(matter=lamp.matter, how="phone", text="问清了", by=town.actor("chen"), at=monday_nine + timedelta(minutes=5))
    actions.close(matter=lamp.matter, text="换了新灯座", by=town.actor("chen"), at=monday_nine + timedelta(minutes=50))
    found, liang = wall(town), town.actor("liang")
    assert found.open == len(matters.find(seen_by=liang, state="open")) == 1 and found.waiting == 1
    assert found.late == tasks.counts("/rj/", at=LATER)["late"] == 1
    assert found.respond.now == tasks.kept("/rj/", "respond", since=monday_nine.replace(hour=0), at=LATER) == (1, 2)
    assert found.walked == {"heard": 2, "understood": 2, "owned": 2, "answered": 1, "settled": 1}
    page = visit("liang", "/atlas/wall").content.decode()
    assert re.search(r'id="waiting">1<', page) and "1/2" in page


def test_the_longest_wait_names_place_matter_and_unit_and_nobody(town, visit):
    tell(town), tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋", monday_nine + timedelta(hours=1))
    found = wall(town)
    assert found.longest.path.startswith("/rj/st/ry/") and found.longest.received == monday_nine
    page = visit("liang", "/atlas/wall/now").content.decode()
    assert "榕荫社区" in page and "2小时" in page
    assert "陈志明" not in page and "东边楼梯" not in page


def test_who_lacks_most_comes_first_and_a_lender_lacks_nothing(town):
    tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋")
    for who in ("chen", "ruolan", "weiqiang", "guihua"):
        people.take_leave(person=who, since=monday_nine, until=monday_nine + timedelta(hours=9), by=OFFICE, at=monday_nine)
    hands = wall(town).hands
    assert [hand.pane.code for hand in hands] == ["ry", "mm"], "an empty seat before a late matter"
    assert hands[0].lender.code == "yl" and hands[1].lender is None, "each is asked once"


def test_what_few_people_speak_of_is_not_shown(town):
    for minute in range(4):
        tell(town, f"{minute + 1}楼垃圾桶满了没人收", "松涛苑3栋", monday_nine + timedelta(minutes=minute))
    assert wall(town).talks == []
    tell(town, "5楼垃圾桶满了没人收", "松涛苑3栋", monday_nine + timedelta(minutes=30))
    assert [talk.people for talk in wall(town).talks] == [5]


def test_gaps_of_the_next_day_that_nobody_covers_are_named_by_post(town, visit):
    assert wall(town).gaps == []
    since, until = datetime(2026, 7, 13, 14, tzinfo=TOWN), datetime(2026, 7, 13, 22, tzinfo=TOWN)
    people.take_leave(person="weiqiang", since=since, until=until, by=OFFICE, at=monday_nine)
    assert [gap.post for gap in wall(town).gaps] == [town.post("desk", "ry")]
    assert "ry值班台" in visit("liang", "/atlas/wall/now").content.decode()


def test_the_wall_asks_again_and_is_told_of_every_change(town, visit):
    tag = visit("liang", "/atlas/wall/now")["ETag"]
    same = visit("liang", "/atlas/wall/now", **{"If-None-Match": tag})
    assert same.status_code == 304 and same.content == b""
    tell(town, when=LATER)
    assert visit("liang", "/atlas/wall/now", **{"If-None-Match": tag}).status_code == 200


def test_a_community_desk_has_its_own_community_on_the_wall(town):
    tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋")
    found = wall(town, "ruolan")
    assert [pane.code for pane in found.panes] == ["ry"] and found.waiting == 0


@pytest.mark.parametrize("who", ["chen", "wu", "he", "qiang", "zhou"])
def test_whoever_looks_after_no_area_has_no_wall(town, visit, who):
    assert visit(who, "/atlas/wall/now").status_code == 403
