"""What staff do to a topic holds at night, stands in the journal, and can be taken back."""

from datetime import timedelta

import pytest

from siqian.insight.topics import actions, jobs, queries
from siqian.insight.topics.models import Decision, Topic
from siqian.kernel import links
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine

from .told import HOUR, LAMP, WATER, followed, risen, state_of, tell, tellings_of, topic_of

NIGHT = monday_nine + timedelta(hours=18)
BY_WHOM = {"liang": True, "rj": True, "ry": False, "xiujuan": False, "leader": None, "zheng": None, "chen": None, "qiang": None}


@pytest.fixture
def liang(town):
    return town.actor("liang")


@pytest.fixture
def lamps(town):
    """Three lamps that went out, a topic of their own; gives its number and its tellings."""
    told = [tell(LAMP, house, f"1380000000{at}") for at, house in enumerate(("松涛苑3栋", "松涛苑4栋", "木棉苑7栋"))]
    followed()
    return topic_of(told[0]), told


def test_two_topics_put_together_stay_together_at_night(lamps, liang, journal):
    (lamp, lit), (water, told) = lamps, risen()
    actions.merge(topic=lamp, into=water, why="都是停电停水那一片", by=liang, at=monday_nine)
    assert tellings_of(water) == {*lit, *told} and state_of(lamp) == "merged"
    assert journal.of(f"topic:{water}") == ["topic.merged"]
    jobs.regroup(at=NIGHT)
    assert tellings_of(water) == {*lit, *told} and Topic.objects.get(id=lamp).became_id == water


def test_a_merge_taken_back_is_as_it_was(lamps, liang, journal):
    (lamp, lit), (water, told) = lamps, risen()
    before = queries.topic(lamp, seen_by=OFFICE, at=monday_nine)
    merged = actions.merge(topic=lamp, into=water, why="看错了的一次", by=liang, at=monday_nine)
    actions.undo(decision=merged, by=liang, at=monday_nine)
    after = queries.topic(lamp, seen_by=OFFICE, at=monday_nine)
    assert (after.line, after.spots) == (before.line, before.spots) and tellings_of(water) == set(told)
    assert journal.of(f"topic:{water}") == ["topic.merged", "topic.restored"]
    jobs.regroup(at=NIGHT)
    assert tellings_of(lamp) == set(lit) and tellings_of(water) == set(told)


def test_what_came_meanwhile_stays_when_a_merge_is_taken_back(lamps, liang):
    (lamp, lit), (water, told) = lamps, risen()
    merged = actions.merge(topic=lamp, into=water, why="都是那一片的", by=liang, at=monday_nine)
    late = tell(LAMP, "云岭村B栋", "13800000009", monday_nine + HOUR)
    followed(monday_nine + HOUR)
    assert topic_of(late) == water
    actions.undo(decision=merged, by=liang, at=monday_nine + HOUR)
    assert tellings_of(lamp) == set(lit) and tellings_of(water) == {*told, late}


def test_a_merge_and_then_a_split_restores(lamps, liang):
    (lamp, lit), (water, told) = lamps, risen()
    actions.merge(topic=lamp, into=water, why="都是那一片的", by=liang, at=monday_nine)
    actions.split(topic=water, tellings=lit, title="楼梯灯不亮", by=liang, at=monday_nine)
    new = topic_of(lit[0])
    jobs.regroup(at=NIGHT)
    assert tellings_of(new) == set(lit) and tellings_of(water) == set(told)


def test_a_split_holds_however_alike_and_is_taken_back(liang, town, journal):
    topic, told = risen()
    decision = actions.split(topic=topic, tellings=told[:2], title="松涛苑停水", by=liang, at=monday_nine)
    new = topic_of(told[0])
    jobs.regroup(at=NIGHT)
    assert tellings_of(new) == set(told[:2]) and tellings_of(topic) == set(told[2:])
    actions.undo(decision=decision, by=liang, at=NIGHT)
    assert tellings_of(topic) == set(told) and state_of(new) == "merged"
    assert journal.of(f"topic:{topic}") == ["topic.split", "topic.restored"]
    jobs.regroup(at=NIGHT + timedelta(days=1))
    assert tellings_of(topic) == set(told)


def test_what_does_not_belong_is_taken_out_for_good_and_comes_back_when_undone(liang, town, journal):
    topic, told = risen()
    decision = actions.part(topic=topic, telling=told[0], by=liang, at=monday_nine)
    assert topic_of(told[0]) == 0
    jobs.regroup(at=NIGHT)
    assert topic_of(told[0]) == 0 and tellings_of(topic) == set(told[1:])
    actions.undo(decision=decision, by=liang, at=NIGHT)
    assert tellings_of(topic) == set(told)
    assert journal.of(f"topic:{topic}") == ["topic.parted", "topic.restored"]


def test_those_who_said_the_same_words_stay_when_the_first_of_them_is_taken_out(liang, town):
    """Whoever is compared for several may leave; the others are then compared by one of themselves."""
    told = [tell(WATER[0], house, f"1370000000{at}") for at, house in enumerate(("松涛苑3栋", "松涛苑4栋", "木棉苑7栋"))]
    followed()
    topic = topic_of(told[0])
    actions.part(topic=topic, telling=told[0], by=liang, at=monday_nine)
    jobs.regroup(at=NIGHT)
    assert topic_of(told[0]) == 0 and tellings_of(topic) == set(told[1:])
    late = tell(WATER[0], "云岭村A栋", "13700000009", NIGHT)
    followed(NIGHT)
    assert topic_of(late) in (topic, topic_of(told[0]))


def test_a_name_of_staff_stays_at_night(liang, town, journal):
    topic, _ = risen()
    before = Topic.objects.get(id=topic).title
    decision = actions.rename(topic=topic, title=" 松涛苑一带停水 ", by=liang, at=monday_nine)
    jobs.regroup(at=NIGHT)
    assert Topic.objects.get(id=topic).title == "松涛苑一带停水"
    actions.undo(decision=decision, by=liang, at=NIGHT)
    assert Topic.objects.get(id=topic).title == before
    assert journal.of(f"topic:{topic}") == ["topic.renamed", "topic.restored"]


def test_put_aside_it_is_in_no_list_until_it_is_taken_back(liang, town, journal):
    topic, _ = risen()
    decision = actions.close(topic=topic, why="水厂已经公告，今晚来水", by=liang, at=monday_nine)
    assert queries.topics(seen_by=liang, at=monday_nine) == []
    assert [line.number for line in queries.topics(seen_by=liang, at=monday_nine, shown="closed")] == [topic]
    late = tell(WATER[0], "云岭村B栋", "13900000077", monday_nine + HOUR)
    followed(monday_nine + HOUR)
    jobs.regroup(at=NIGHT)
    assert topic_of(late) == topic and state_of(topic) == "closed"
    actions.undo(decision=decision, by=liang, at=NIGHT)
    assert [line.number for line in queries.topics(seen_by=liang, at=NIGHT)] == [topic]
    assert journal.of(f"topic:{topic}") == ["topic.closed", "topic.restored"]


def test_a_rising_topic_becomes_one_matter_with_the_evidence(liang, town, journal):
    topic, _ = risen()
    matter = actions.raise_(topic=topic, by=liang, at=monday_nine)
    number = queries.matter_number(matter)
    view = matters.seen(number, seen_by=OFFICE, at=monday_nine)
    (telling,) = view.tellings
    assert telling.channel == "topic" and view.line.item == "7.1.1"
    for words in ("一周里6个人说同一件事", "7月13日", "松涛苑3栋1", "没有通知", f"热点话题{topic}"):
        assert words in telling.text
    assert links.came_from(f"matter:{matter}", "referred") == [f"topic:{topic}"]
    assert state_of(topic) == "raised" and journal.of(f"topic:{topic}") == ["referral.taken", "topic.raised"]
    assert matter not in {one.id for one in queries.topic(topic, seen_by=OFFICE, at=monday_nine).matters}


def test_the_evidence_names_nobody(liang, town):
    told = [tell(f"我叫王小明，电话1390000{at:04d}，{WATER[at]}", phone=f"1390000{at:04d}") for at in range(3)]
    followed()
    matter = actions.raise_(topic=topic_of(told[0]), by=liang, at=monday_nine)
    (telling,) = matters.seen(queries.matter_number(matter), seen_by=OFFICE, at=monday_nine).tellings
    assert "王小明" not in telling.text and "1390000" not in telling.text and "停水" in telling.text


def test_raised_twice_is_one_matter(liang, town):
    topic, _ = risen()
    first = actions.raise_(topic=topic, by=liang, at=monday_nine)
    assert actions.raise_(topic=topic, by=liang, at=monday_nine + HOUR) == first
    assert Decision.objects.filter(kind="raise").count() == 1


def test_two_who_raise_at_once_make_one_matter(liang, town, race, postgres):
    topic, _ = risen()
    finishes = race(*[lambda: actions.raise_(topic=topic, by=liang, at=monday_nine)] * 3)
    assert len({finish.value for finish in finishes}) == 1, [finish.why for finish in finishes]
    assert Decision.objects.filter(kind="raise").count() == 1


def test_a_telling_is_taken_out_once_by_two_at_once(liang, town, race, postgres):
    topic, told = risen()
    finishes = race(*[lambda: actions.part(topic=topic, telling=told[0], by=liang, at=monday_nine)] * 2)
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert tellings_of(topic) == set(told[1:])


def test_who_tells_later_is_counted_and_joins_no_matter(liang, town):
    topic, _ = risen()
    matter = actions.raise_(topic=topic, by=liang, at=monday_nine)
    tell(WATER[3], "云岭村B栋", "13900000077", monday_nine + HOUR)
    followed(monday_nine + HOUR)
    view = queries.topic(topic, seen_by=liang, at=monday_nine + HOUR)
    assert view.later == 1 and view.matter.id == matter and view.matter.tellings == 1


def test_a_raised_matter_is_not_taken_back_here(liang, town):
    topic, _ = risen()
    actions.raise_(topic=topic, by=liang, at=monday_nine)
    decision = Decision.objects.get(kind="raise")
    with pytest.raises(Refused, match="撤不回"):
        actions.undo(decision=decision.id, by=liang, at=monday_nine)


def test_nothing_is_taken_back_twice(liang, town):
    topic, told = risen()
    decision = actions.part(topic=topic, telling=told[0], by=liang, at=monday_nine)
    actions.undo(decision=decision, by=liang, at=monday_nine)
    with pytest.raises(Refused, match="撤回过"):
        actions.undo(decision=decision, by=liang, at=monday_nine)
    with pytest.raises(NotFound):
        actions.undo(decision=99, by=liang, at=monday_nine)


@pytest.mark.parametrize(
    ("do", "why"),
    [
        (lambda topic, told, by: actions.merge(topic=topic, into=topic, why="就是它", by=by, at=monday_nine), "自己"),
        (lambda topic, told, by: actions.merge(topic=topic, into=99, why="就是它呀", by=by, at=monday_nine), "要并入的"),
        (lambda topic, told, by: actions.split(topic=topic, tellings=told, title="全部", by=by, at=monday_nine), "至少留一句"),
        (lambda topic, told, by: actions.split(topic=topic, tellings=[], title="没有", by=by, at=monday_nine), "先勾选"),
        (lambda topic, told, by: actions.split(topic=topic, tellings=told[:1], title="水", by=by, at=monday_nine), "2到40字"),
        (lambda topic, told, by: actions.part(topic=topic, telling=99, by=by, at=monday_nine), "不在这个话题里"),
        (lambda topic, told, by: actions.rename(topic=topic, title="", by=by, at=monday_nine), "2到40字"),
        (lambda topic, told, by: actions.close(topic=topic, why="不", by=by, at=monday_nine), "为什么"),
        (lambda topic, told, by: actions.rename(topic=99, title="停水了", by=by, at=monday_nine), "没有这个话题"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(liang, town, do, why):
    topic, told = risen()
    with pytest.raises(Refused, match=why):
        do(topic, told, liang)
    assert tellings_of(topic) == set(told) and not Decision.objects.exists()


def test_a_topic_that_is_put_aside_is_changed_no_more(liang, town):
    topic, told = risen()
    actions.close(topic=topic, why="水厂已经公告", by=liang, at=monday_nine)
    with pytest.raises(Refused, match="先撤回"):
        actions.part(topic=topic, telling=told[0], by=liang, at=monday_nine)


def test_what_nobody_tells_any_more_becomes_no_matter(liang, town):
    topic, _ = risen()
    with pytest.raises(Refused, match="四周"):
        actions.raise_(topic=topic, by=liang, at=monday_nine + timedelta(days=30))


@pytest.mark.parametrize("who", BY_WHOM)
def test_only_who_looks_after_all_of_it_changes_it(town, who):
    """The outage is told in three communities: the district's people may, a community's may not, others neither."""
    topic, told = risen()
    by = town.desk(who) if who in ("rj", "ry") else town.actor(who)
    if BY_WHOM[who]:
        actions.rename(topic=topic, title="停水", by=by, at=monday_nine)
        return
    words = "不只在您管的地方" if BY_WHOM[who] is False else "您现在的岗位"
    for do in (
        lambda: actions.rename(topic=topic, title="停水", by=by, at=monday_nine),
        lambda: actions.part(topic=topic, telling=told[0], by=by, at=monday_nine),
        lambda: actions.raise_(topic=topic, by=by, at=monday_nine),
    ):
        with pytest.raises(NotYours, match=words):
            do()


def test_a_community_changes_what_is_told_there_alone(town):
    told = [tell(WATER[at], "松涛苑3栋", f"1390000000{at}") for at in range(3)]
    followed()
    topic = topic_of(told[0])
    assert actions.raise_(topic=topic, by=town.actor("xiujuan"), at=monday_nine)
    with pytest.raises(NotFound):
        actions.rename(topic=topic, title="停水", by=town.desk("mm"), at=monday_nine)


def test_a_reason_is_asked_before_anything_moves(liang, lamps):
    (lamp, lit), (water, _) = lamps, risen()
    with pytest.raises(BadInput):
        actions.merge(topic=lamp, into=water, why=" ", by=liang, at=monday_nine)
    assert tellings_of(lamp) == set(lit)
