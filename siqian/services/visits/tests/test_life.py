"""Somebody goes down, hears people, and what was said is followed until something came of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from siqian.kernel import deliveries
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.services.visits import actions, jobs, queries
from siqian.spine.matters import queries as matters
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

from .going import ANSWERED, BENCHES, IDEA, LAMP, at, cells, draft, held, planned, went


def seen(visit, who=ANYONE, when=None):
    return queries.view(visit, seen_by=who, at=when or at(28))


def told(post):
    return [line.text for line in notices.told([f"post:{post}"])]


def test_a_visit_is_announced_and_who_goes_is_told(town, journal):
    visit = planned()
    (line,), more = queries.public(within=town.area("ry-g2-c1").path, when="coming", at=at(1))
    assert (line.id, line.kind.code, line.person, more) == (visit, "receiving", "李建华", False)
    assert journal.of(f"visit:{visit}") == ["visit.planned"]
    assert any("走访" in text for text in told(town.post("leader", "st")))
    assert queries.public(within=town.area("mm-g1").path, when="coming", at=at(1))[0] == []


def test_what_is_unannounced_is_told_to_nobody_until_it_is_over(town):
    visit = planned(kind="research")
    assert queries.public(when="coming", at=at(1))[0] == []
    with pytest.raises(NotFound):
        seen(visit, when=at(1))
    assert seen(visit, town.desk("ry"), at(1)).line.id == visit
    actions.hold(visit=visit, held=held(), by=town.actor("leader", at(27)), at=at(27))
    assert seen(visit).line.state == "held" and [line.id for line in queries.public(at=at(28))[0]] == [visit]


def test_the_same_form_sent_twice_plans_once(town):
    first = actions.plan(draft=draft(), once="abcd1234", by=town.actor("leader"), at=at(0))
    assert actions.plan(draft=draft(), once="abcd1234", by=town.actor("leader"), at=at(0.1)) == first


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "tourism"}, "选一种"),
        ({"topic": ""}, "去做什么"),
        ({"place": "。"}, "写清楚在哪里"),
        ({"starts": at(-1)}, "已经过了"),
        ({"ends": at(25)}, "结束要晚于开始"),
        ({"post": "mm:secretary"}, "没有这个岗位"),
    ],
)
def test_a_wrong_plan_says_what_and_writes_nothing(town, wrong, says):
    with pytest.raises(BadInput, match=says):
        planned(**wrong)
    assert queries.find(seen_by=town.desk("st"), show="coming", at=at(0))[0] == []


def test_only_those_who_lead_here_plan_here(town):
    for who in (town.actor("chen"), town.actor("caller"), town.resident("zhou"), town.desk("mm"), ANYONE):
        with pytest.raises(NotYours):
            actions.plan(draft=draft(), by=who, at=at(0))


def test_another_time_and_another_person_are_told_to_both(town, journal):
    visit, secretary = planned(), town.post("secretary", "ry")
    actions.move(visit=visit, starts=at(30), ends=at(31), post=secretary, why="下雨改期", by=town.desk("ry"), at=at(1))
    assert (seen(visit, when=at(2)).line.starts, seen(visit, when=at(2)).line.post) == (at(30), secretary)
    assert any("改了时间" in text for text in told(secretary)) and any("改了时间" in text for text in told(town.post("leader", "st")))
    actions.move(visit=visit, starts=at(30), ends=at(31), post=secretary, by=town.desk("ry"), at=at(1))
    assert journal.of(f"visit:{visit}") == ["visit.planned", "visit.moved"]


def test_what_does_not_take_place_says_why_and_takes_no_record(town):
    visit = planned()
    with pytest.raises(BadInput, match="为什么"):
        actions.cancel(visit=visit, why=" ", by=town.actor("leader"), at=at(1))
    actions.cancel(visit=visit, why="台风红色预警", by=town.actor("leader"), at=at(1))
    assert seen(visit).steps[-1].note == "台风红色预警"
    with pytest.raises(Refused):
        actions.hold(visit=visit, held=held(), by=town.actor("leader", at(27)), at=at(27))


def test_near_its_day_it_is_among_the_work_of_who_goes_and_late_it_climbs(town):
    visit = planned()
    assert jobs.remind(at=at(0.5)) == 0
    assert jobs.remind(at=at(2)) == 1 and jobs.remind(at=at(3)) == 0
    (line,) = tasks.todo(seen_by=town.actor("leader"), at=at(3))
    assert (line.about, line.what, line.due) == (f"visit:{visit}", "visit", at(27) + timedelta(hours=24))
    tasks_jobs.climb_what_is_late(at=at(52))
    deliveries.work(at=at(52))
    assert any("没记下来" in text for text in told(town.post("desk", "ry")))
    actions.hold(visit=visit, held=held(), by=town.desk("ry", at(53)), at=at(53))
    assert tasks.todo(seen_by=town.actor("leader"), at=at(54)) == []


def test_what_was_heard_is_a_number_and_where_one_was_is_reached(town, journal):
    visit = planned()
    before = queries.coverage(town.area("ry").path, at=at(1))
    assert (before.cells, before.reached, before.coming, before.open) == (4, 0, 2, 2)
    actions.hold(visit=visit, held=held(cells=cells("ry-g2-c1")), by=town.actor("leader", at(27)), at=at(27))
    view, after = seen(visit), queries.coverage(town.area("ry").path, at=at(28))
    assert (view.line.people, view.line.state) == (17, "held")
    assert (after.reached, after.coming, after.open) == (1, 0, 3)
    assert queries.coverage(town.area("ry").path, at=at(27 + 24 * 365)).reached == 0
    assert journal.of(f"visit:{visit}")[-1] == "visit.held"
    least = queries.coverages(town.area("st").path, at=at(28))
    assert [row.path for row in least][-1] == town.area("ry").path and [row.reached for row in least] == [0, 0, 1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"begun": at(28)}, "还没到开始"),
        ({"note": "好"}, "写几句"),
        ({"cells": []}, "至少勾一个"),
        ({"cells": ["/rj/st/mm/mm-p1/mm-g1/mm-g1-c1/"]}, "不在这次走访的范围"),
        ({"heard": {"residents": -1}}, "写0到"),
        ({"raised": (replace(LAMP, title="x" * 41),)}, "大家看得到"),
        ({"raised": (replace(LAMP, title="打13800138000找王姐"),)}, "一长串数字"),
        ({"raised": (ANSWERED, replace(ANSWERED, answer=""))}, "当场怎么答"),
        ({"raised": (replace(BENCHES, post="nobody"),)}, "没有主"),
        ({"raised": (replace(BENCHES, due=date(2027, 7, 1)),)}, "90天"),
    ],
)
def test_a_wrong_record_says_what_and_writes_nothing_of_it(town, wrong, says):
    visit = planned()
    with pytest.raises(BadInput, match=says):
        actions.hold(visit=visit, held=held(**wrong), by=town.actor("leader", at(27)), at=at(27))
    view = seen(visit, town.desk("ry"))
    assert view.line.state == "planned" and view.items == () and not any(reached for *_, reached in view.cells)


def test_a_record_sent_twice_raises_everything_once(town):
    visit = went(LAMP, ANSWERED)
    actions.hold(visit=visit, held=held(LAMP, ANSWERED), by=town.actor("leader", at(27)), at=at(27.1))
    assert len(seen(visit).items) == 2
    same = actions.raise_item(visit=visit, raised=ANSWERED, by=town.desk("ry", at(28)), at=at(28))
    assert len(seen(visit).items) == 2 and same == seen(visit).items[1].id


def test_what_is_promised_has_an_owner_a_day_and_an_answer_that_everybody_reads(town):
    visit = went(BENCHES)
    (item,) = seen(visit).items
    assert (item.title, item.text, item.owner, item.state) == ("楼下想添两张长椅", "", "林秀娟", "open")
    assert item.due is not None and item.due > at(27)
    secretary = town.actor("xiujuan", at(28))
    assert [line.about for line in tasks.todo(seen_by=secretary, at=at(28))] == [f"visit_item:{item.id}"]
    assert [one.id for one in queries.owed(seen_by=secretary)[0]] == [item.id]
    with pytest.raises(NotYours):
        actions.answer(item=item.id, text="装好了", by=town.actor("chen", at(28)), at=at(28))
    actions.answer(item=item.id, text="两张长椅装好了，就在凉亭东边", by=secretary, at=at(50))
    actions.answer(item=item.id, text="两张长椅装好了，就在凉亭东边", by=secretary, at=at(51))
    (item,) = seen(visit, when=at(51)).items
    assert item.settled and item.answer.startswith("两张长椅") and item.answered == at(50)
    assert tasks.todo(seen_by=secretary, at=at(51)) == [] and seen(visit).line.settled == 1


def test_a_promise_given_on_keeps_its_day_and_late_it_climbs(town):
    visit = went(BENCHES)
    (item,) = seen(visit).items
    keeper = town.post("keeper", "ry-g2")
    actions.give(item=item.id, post=keeper, why="网格能办", by=town.desk("ry", at(28)), at=at(28))
    (line,) = tasks.todo(seen_by=town.actor("chen", at(28)), at=at(28))
    assert line.due == item.due
    late = item.due + timedelta(minutes=1)
    tasks_jobs.climb_what_is_late(at=late)
    deliveries.work(at=late)
    assert any("到期没答复" in text for text in told(town.post("desk", "ry"))) and seen(visit, when=late).items[0].late(late)


def test_what_needs_somebody_becomes_a_matter_once_and_shows_what_came_of_it(town, journal):
    visit = went(LAMP, IDEA)
    deliveries.work(at=at(27.1))
    deliveries.work(at=at(27.2))
    lamp, idea = seen(visit).items
    view = matters.seen(lamp.matter, seen_by=OFFICE, at=at(28))
    assert view.line.post == town.post("keeper", "ry-g2") and view.tellings[0].channel == "visit"
    assert matters.seen(idea.matter, seen_by=OFFICE, at=at(28)).line.kind == "suggestion"
    assert "referral.taken" in journal.of(f"visit_item:{lamp.id}")
    assert len(matters.find(seen_by=OFFICE)) == 2 and not lamp.settled


def test_what_is_not_for_everybody_is_counted_and_not_shown(town):
    visit = went(replace(LAMP, shown=False))
    (item,) = seen(visit).items
    assert (item.title, item.text) == ("", "") and seen(visit).line.items == 1
    for who in (town.desk("ry", at(28)), town.actor("leader", at(28)), town.actor("zheng", at(28))):
        assert seen(visit, who).items[0].text == LAMP.text
    for who in (town.desk("mm", at(28)), town.actor("chen", at(28)), town.resident("zhou")):
        assert seen(visit, who).items[0].text == ""


def test_words_are_found_and_what_nobody_wrote_down_has_a_list_of_its_own(town):
    first, second = went(), planned(place="木棉苑7栋大堂", path=town.area("mm-g2").path, building="", post=town.post("leader", "st"))
    assert [line.id for line in queries.public(words="长椅", at=at(28))[0]] == []
    assert [line.id for line in queries.public(words="坐的地方", at=at(28))[0]] == [first]
    desk = town.desk("st", at(28))
    assert [line.id for line in queries.find(seen_by=desk, show="unrecorded", at=at(28))[0]] == [second]
    assert queries.counts(seen_by=desk, at=at(28)) == {"mine": 0, "coming": 0, "unrecorded": 1, "held": 1, "cancelled": 0}
    assert queries.find(seen_by=town.desk("ry", at(28)), show="unrecorded", at=at(28))[0] == []
