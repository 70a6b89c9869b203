"""Filters that a person keeps; what one shift leaves to the next."""

import html
import re
from datetime import timedelta

import pytest

from siqian.insight.workbench import actions, queries, turning
from siqian.insight.workbench.models import HandOver
from siqian.insight.workbench.turning import Wanted, wanted_of
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, BadInput, NotFound, NotYours, Refused
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine

TEN = monday_nine + timedelta(hours=1)
TWO = monday_nine + timedelta(hours=5, minutes=5)
DESK = "ry:desk"


@pytest.fixture
def visit(signed_in):
    def ask(who, path, at=TEN, **sent):
        visitor = signed_in(who)
        with clock.stopped_at(at):
            return visitor.post(path, sent, follow=True) if sent else visitor.get(path)

    return ask


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def told(town, words="3栋楼梯2楼的灯坏了", building="松涛苑3栋"):
    return intake.take(message=Message(text=words, channel="web", building=town.building(building)), by=ANYONE, at=monday_nine)


def unsure(town):
    """What nobody can tell waits at the community's desk."""
    return told(town, "那个东西又那样了", "松涛苑4栋")


def test_the_list_is_narrowed_by_clock_lateness_kind_place_and_words(town, visit):
    lamp, noise = told(town), told(town, "楼上半夜拖椅子咚咚响吵得睡不着", "松涛苑4栋")
    both = visit("chen", "/desk").content.decode()
    assert lamp.number in both and noise.number in both
    narrowed = {"late=late": 2, "what=accept": 2, "what=rule": 0, "in=/rj/st/ry/": 2, "in=/rj/st/mm/": 0, "q=灯": 1}
    for query, shown in narrowed.items():
        page = visit("chen", f"/desk?{query}").content.decode()
        assert (lamp.number in page) + (noise.number in page) == shown, query
    assert "照这样筛，一件也没有" in text(visit("chen", "/desk?kind=praise"))


def test_what_is_no_filter_is_left_out_and_the_same_filter_reads_the_same():
    assert wanted_of({"late": "never", "page": "7", "what": " settle "}) == Wanted(what="settle")
    assert wanted_of({"kind": "help", "q": "灯"}).query == wanted_of({"q": "灯", "kind": "help"}).query


def test_a_filter_is_kept_under_a_name_of_ones_own_renamed_and_dropped(town, visit, journal):
    assert "快到点的" in text(visit("chen", "/desk/filters/new", name="快到点的", late="soon", what="accept"))
    page = visit("chen", "/desk").content.decode()
    assert "/desk?what=accept&amp;late=soon" in page
    assert "快到点的" not in text(visit("chunmei", "/desk")), "nobody else's business"
    (kept,) = queries.filters(seen_by=town.actor("chen"))
    visit("chen", f"/desk/filters/{kept.id}/name", name="马上到点")
    assert "马上到点" in text(visit("chen", "/desk"))
    visit("chen", f"/desk/filters/{kept.id}/removal", sure="1")
    assert queries.filters(seen_by=town.actor("chen")) == []
    assert journal.of(f"filter:{kept.id}") == ["filter.saved", "filter.renamed", "filter.dropped"]


def test_a_filter_needs_a_name_of_its_own_and_something_to_filter_by(town):
    chen = {"by": town.actor("chen"), "at": TEN}
    kept = actions.save_filter(name="晚了的", sent={"late": "late"}, **chen)
    assert actions.save_filter(name="晚了的", sent={"late": "late"}, **chen) == kept, "pressed twice"
    for name, sent in (("", {"late": "late"}), ("全部", {}), ("晚了的", {"late": "soon"}), ("长" * 25, {"late": "soon"})):
        with pytest.raises(BadInput):
            actions.save_filter(name=name, sent=sent, **chen)
    with pytest.raises(NotFound):
        actions.drop_filter(filter=kept, by=town.actor("chunmei"), at=TEN)
    for number in range(turning.MOST_FILTERS - 1):
        actions.save_filter(name=f"第{number}个", sent={"q": str(number)}, **chen)
    with pytest.raises(BadInput, match="12个"):
        actions.save_filter(name="再一个", sent={"q": "灯"}, **chen)


def test_what_is_open_is_left_with_a_note_a_row_to_whom_the_roster_names(town, visit, journal):
    matter = unsure(town)
    morning, evening = "ruolan", "weiqiang"
    page = visit(morning, "/desk/handover")
    assert "下一班是唐伟强" in text(page) and matter.number in page.content.decode()
    sent = {"post": DESK, "note": "晚上有人来问", f"note:matter:{matter.matter}": "已问过，等照片"}
    shown = text(visit(morning, "/desk/handovers", **sent))
    assert "排的下一班是唐伟强" in shown and "已问过，等照片" in shown and "等下一班的人来接" in shown
    top = text(visit(evening, "/desk", at=TWO))
    assert "方若兰" in top and "1件没办完" in top and "晚上有人来问" in top
    assert "接班了" in text(visit(evening, "/desk/handovers/1/uptake", at=TWO, sure="1"))
    assert "没办完" not in text(visit(evening, "/desk", at=TWO)).replace("没办完的事", "")
    assert "唐伟强接班" in text(visit(morning, "/desk/handovers/1", at=TWO))
    assert journal.of("handover:1") == ["handover.written", "handover.taken"]
    assert matters.seen(matter.number, seen_by=town.desk("ry"), at=TWO).line.post == DESK, "posts own work"


def test_what_is_due_in_the_next_shift_comes_first(town, visit):
    unsure(town)
    page = text(visit("ruolan", "/desk/handover"))
    assert page.index("下一班里到点的") < page.index("最近的交接")


def test_written_again_before_it_was_taken_it_says_what_was_said_last(town):
    ruolan = {"post": DESK, "by": town.desk("ry"), "at": TEN}
    first = actions.hand_over_shift(note="一", **ruolan)
    assert actions.hand_over_shift(note="二", **ruolan) == first
    assert queries.handover(first, seen_by=town.desk("ry")).note == "二"


def test_nobody_takes_over_from_oneself_nor_on_a_post_of_others(town):
    number = actions.hand_over_shift(post=DESK, by=town.desk("ry"), at=TEN)
    with pytest.raises(NotYours, match="下一班"):
        actions.take_over(handover=number, by=town.desk("ry"), at=TEN)
    for other in (town.desk("mm"), town.actor("chen")):
        with pytest.raises(NotYours):
            actions.take_over(handover=number, by=other, at=TEN)
        with pytest.raises(NotFound):
            queries.handover(number, seen_by=other)
    with pytest.raises(NotYours):
        actions.hand_over_shift(post=DESK, by=town.actor("chen"), at=TEN)


def test_a_keeper_alone_on_the_post_takes_over_from_the_day_before(town):
    chen, tomorrow = town.actor("chen"), monday_nine + timedelta(days=1)
    number = actions.hand_over_shift(post="ry-g2:keeper", note="早上先看3栋", by=chen, at=TEN)
    actions.take_over(handover=number, by=chen, at=tomorrow)
    assert queries.handover(number, seen_by=chen).taken_at == tomorrow


def test_who_has_not_taken_over_hands_nothing_over(town):
    actions.hand_over_shift(post=DESK, by=town.desk("ry"), at=TEN)
    with pytest.raises(Refused, match="先接班"):
        actions.hand_over_shift(post=DESK, by=town.desk("ry", TWO), at=TWO)


def test_two_who_press_at_once_take_over_once(town, race, journal):
    number = actions.hand_over_shift(post=DESK, by=town.desk("ry"), at=TEN)
    press = lambda: actions.take_over(handover=number, by=town.desk("ry", TWO), at=TWO)  # noqa: E731
    assert all(finish.ok for finish in race(press, press))
    assert journal.of(f"handover:{number}") == ["handover.written", "handover.taken"]
    assert HandOver.objects.get(id=number).taken_by == town.desk("ry", TWO).person


def test_a_note_is_not_a_novel(town):
    with pytest.raises(BadInput, match="400"):
        actions.hand_over_shift(post=DESK, note="长" * 401, by=town.desk("ry"), at=TEN)
