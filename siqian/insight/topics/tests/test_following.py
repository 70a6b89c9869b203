"""Tellings get their topics as they come and anew at night: once, whoever works and whatever breaks."""

from datetime import timedelta

import pytest

from siqian.insight.topics import actions, following, grouping, jobs, queries
from siqian.insight.topics.models import Night, Topic, Voice
from siqian.kernel import store
from siqian.kernel.clock import local
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE, NotYours
from siqian.spine.matters import actions as matters
from siqian.testing import monday_nine

from .told import HOUR, LAMP, WATER, followed, outage, risen, state_of, tell, tellings_of, topic_of

NIGHT = monday_nine + timedelta(hours=18)


def voices():
    with store.reading_all():
        return Voice.objects.count()


def test_what_many_tell_becomes_one_topic_and_a_lone_lamp_none(town, journal):
    lamp, told = tell(LAMP, phone="13900009999"), outage()
    assert followed() == 7
    assert {topic_of(one) for one in told} == {topic_of(told[0])} != {0}
    assert topic_of(lamp) == 0
    assert journal.of("topics:all") == ["topics.assigned"]


def test_looked_at_once_and_again_when_something_is_new(town):
    topic, _ = risen()
    assert followed() == 0 and voices() == 6
    late = tell(WATER[0], "云岭村B栋", "13900000077", monday_nine + HOUR)
    assert followed(monday_nine + HOUR) == 1
    assert topic_of(late) == topic and Topic.objects.count() == 1


def test_one_angry_sender_makes_no_hot_topic(town):
    """Brigading: forty calls from one telephone, in other words and about other houses, are one person."""
    for number in range(40):
        tell(WATER[number % 6], ("松涛苑3栋", "木棉苑7栋")[number % 2], "13911112222", monday_nine - HOUR * number / 2)
    followed()
    (line,) = queries.topics(seen_by=OFFICE, at=monday_nine)
    assert (line.warmth.tellers, line.tellings, line.warmth.rising) == (1, 40, False)
    assert line.warmth.heat <= 1.5
    assert queries.topics(seen_by=OFFICE, at=monday_nine, shown="rising") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("停水了，没有通知，店里做不了生意", "停水了，没有通知，店里做不了生意"),
        ("您好，急，停水了，没有通知", "停水了，没有通知"),
        ("急，来人", "急，来人"),
    ],
)
def test_a_topic_is_called_after_what_is_told_and_not_after_a_greeting(text, title):
    assert following.title_of(text) == title


def test_what_is_told_in_confidence_is_never_heard(town):
    report = tell("我要举报，整栋楼停水了，没有通知，老人连喝的水都没有，请保密", phone="13900000031")
    topic, told = risen()
    with store.reading_all():
        assert not Voice.objects.filter(telling=report).exists()
    view = queries.topic(topic, seen_by=OFFICE, at=monday_nine)
    assert view.line.tellings == len(told) and not any("举报" in quote.text for quote in view.quotes)


def test_what_turns_out_to_be_confided_leaves(town):
    topic, told = risen()
    with store.reading_all():
        matter = Voice.objects.get(telling=told[0]).matter
    matters.sort(matter=matter, kind="report", why="说的是有人违规", by=town.desk("ry"), at=monday_nine)
    assert told[0] not in {quote.telling for quote in queries.topic(topic, seen_by=OFFICE, at=monday_nine).quotes}
    followed()
    assert tellings_of(topic) == set(told[1:])


def test_a_worker_that_dies_half_way_leaves_nothing_half_done(town, monkeypatch):
    told = outage()

    def die(*_args, **_more):
        raise RuntimeError("the power went")

    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(actions, "record", die)
        followed()
    assert voices() == 0 and Topic.objects.count() == 0
    assert followed() == 6 and len(tellings_of(topic_of(told[0]))) == 6


def test_another_process_goes_on_where_this_one_stopped(town, monkeypatch):
    """What a process holds in memory is a hint: another one that starts with nothing gives the same topics."""
    topic, _ = risen()
    following.forget()
    late = tell(WATER[2], "云岭村B栋", "13900000077", monday_nine + HOUR)
    followed(monday_nine + HOUR)
    assert topic_of(late) == topic


def test_small_batches_give_the_same_topics(town):
    told = outage()
    while actions.assign(most=1, by=OFFICE, at=monday_nine):
        pass
    assert len({topic_of(one) for one in told}) == 1


def test_a_night_is_once_a_day_and_after_two(town, journal):
    topic, told = risen()
    assert not jobs.regroup(at=NIGHT - timedelta(hours=2)), "it is one in the morning"
    assert jobs.regroup(at=NIGHT) and not jobs.regroup(at=NIGHT + HOUR)
    assert not jobs.regroup(at=NIGHT - timedelta(minutes=30)), "a clock that was set back makes no second night"
    assert [night.day for night in Night.objects.all()] == [local(NIGHT).date()]
    assert tellings_of(topic) == set(told) and state_of(topic) == "open"
    assert journal.of("topics:all") == ["topics.assigned", "topics.regrouped"]


def test_a_night_does_not_undo_what_was_decided_while_it_reckoned(town):
    topic, told = risen()
    plan = grouping.grouped(local(NIGHT).date(), at=NIGHT)
    actions.part(topic=topic, telling=told[0], by=town.actor("liang"), at=monday_nine)
    assert not actions.regroup(plan=plan, by=OFFICE, at=NIGHT)
    assert jobs.regroup(at=NIGHT) and topic_of(told[0]) == 0


def test_a_topic_that_the_night_finds_in_two_is_merged_and_points_to_what_it_became(town):
    topic, told = risen()
    made = _torn(told[:2])
    assert jobs.regroup(at=NIGHT)
    assert tellings_of(topic) == set(told) and tellings_of(made) == set()
    assert state_of(made) == "merged" and Topic.objects.get(id=made).became_id == topic


def _torn(tellings):
    """As a night of another day might have left it: some of them a topic of their own."""
    with writing(OFFICE, whole=True):
        made = Topic.objects.create(title="停水", opened=monday_nine)
        Voice.objects.filter(telling__in=tellings).update(topic=made)
    return made.id


def test_what_nobody_tells_of_for_ninety_days_ends(town):
    topic, _ = risen()
    assert jobs.regroup(at=NIGHT + timedelta(days=91))
    assert state_of(topic) == "closed"


def test_a_voice_follows_its_matter_to_another_place_and_item(town):
    _, told = risen()
    with store.reading_all():
        matter = Voice.objects.get(telling=told[0]).matter
    matters.assign(matter=matter, building=town.building("木棉苑1栋"), by=town.actor("liang"), at=monday_nine)
    jobs.regroup(at=NIGHT)
    with store.reading_all():
        voice = Voice.objects.get(telling=told[0])
    assert (voice.building, voice.path) == (town.building("木棉苑1栋"), town.place("木棉苑1栋").path)


def test_nobody_but_the_house_groups(town):
    with pytest.raises(NotYours):
        actions.assign(by=town.actor("liang"), at=monday_nine)


def test_sensors_and_topics_themselves_are_nobodys_voice(town):
    topic, told = risen()
    actions.raise_(topic=topic, by=town.actor("liang"), at=monday_nine)
    assert followed(monday_nine + HOUR) == 0 and tellings_of(topic) == set(told)


def test_two_workers_look_at_each_telling_once(town, race, postgres):
    told = outage()
    finishes = race(followed, followed)
    assert [finish.ok for finish in finishes] == [True, True], [finish.why for finish in finishes]
    assert sum(finish.value for finish in finishes) == 6 == voices()
    assert len({topic_of(one) for one in told}) == 1 and Topic.objects.count() == 1


def test_two_workers_have_one_night(town, race, postgres):
    risen()
    finishes = race(lambda: jobs.regroup(at=NIGHT), lambda: jobs.regroup(at=NIGHT))
    assert sorted(finish.value for finish in finishes) == [False, True], [finish.why for finish in finishes]
