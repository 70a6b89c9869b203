"""A promise runs until it is kept; when it is late it climbs three levels and no further."""

from datetime import timedelta

from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine
from siqian.town.people.rules import Owner
from siqian.trades.tasks import actions, jobs, queries, rules
from siqian.trades.tasks.models import Task

HALF_HOUR = timedelta(minutes=30)
LAMP = "matter:7"


def act(at=monday_nine):
    return {"by": OFFICE, "at": at}


def start(what="respond", about=LAMP, minutes=30, at=monday_nine):
    actions.open_clocks(
        about=about,
        dues={what: at + timedelta(minutes=minutes)},
        owner=Owner("ry-g2:keeper", "chen"),
        path="/rj/st/ry/ry-p1/ry-g2/",
        title="灯不亮",
        place="松涛苑3栋",
        said_by="周**",
        **act(at),
    )


def climb(minutes):
    return jobs.climb_what_is_late(at=monday_nine + timedelta(minutes=minutes))


def level():
    return Task.objects.get().level


def test_a_clock_of_one_kind_runs_once(db):
    start()
    start(minutes=90)
    (clock,) = queries.clocks(LAMP)
    assert clock.due == monday_nine + HALF_HOUR


def test_it_climbs_three_levels_and_then_stays(db, journal):
    start()
    assert (climb(29), level()) == (0, 0)
    assert (climb(30), level()) == (1, 1)
    assert (climb(44), level()) == (0, 1)
    assert (climb(45), level()) == (1, 2)
    assert (climb(60), level()) == (1, 3)
    assert (climb(10_000), level()) == (0, 3)
    assert journal.of(LAMP) == ["task.overdue"] * 3


def test_a_promise_that_was_kept_climbs_no_more(db, journal):
    start()
    climb(30)
    actions.stop(about=LAMP, what="respond", **act())
    assert climb(10_000) == 0 and journal.of(LAMP) == ["task.overdue"]


def test_stopping_twice_is_stopping_once(db):
    start()
    assert actions.stop(about=LAMP, what="respond", **act(monday_nine + HALF_HOUR)) is True
    assert actions.stop(about=LAMP, what="respond", **act(monday_nine + 2 * HALF_HOUR)) is False
    assert queries.clocks(LAMP)[0].stopped == monday_nine + HALF_HOUR
    start(at=monday_nine + 2 * HALF_HOUR)
    assert len(queries.clocks(LAMP)) == 2, "a stopped clock does not keep a new one from running"


def test_nobody_is_climbed_to_for_a_rating(db):
    start("rate")
    assert climb(10_000) == 0


def test_a_task_that_two_workers_climb_at_once_climbs_one_level(db, race, journal):
    start()
    finishes = race(*(lambda: actions.climb(**act(monday_nine + HALF_HOUR)) for _ in range(4)))
    assert sorted(finish.value for finish in finishes) == [0, 0, 0, 1]
    assert level() == 1 and journal.of(LAMP) == ["task.overdue"]


def test_after_a_night_without_a_worker_everything_late_climbs_one_level_the_longest_late_first(db, monkeypatch, journal):
    monkeypatch.setattr(jobs, "TOGETHER", 3)
    monkeypatch.setattr(jobs, "ROUNDS", 2)
    for number in range(8):
        start(about=f"lamp:{number}", at=monday_nine + timedelta(minutes=number))
    assert [climb(600), climb(600), climb(600)] == [6, 2, 0]
    assert all(journal.of(f"lamp:{number}") == ["task.overdue"] for number in range(8))
    assert climb(614) == 0 and climb(615) == 6


def test_two_who_start_one_clock_at_once_start_one(db, race):
    assert all(finish.ok for finish in race(start, start, start))
    assert Task.objects.count() == 1


def test_handed_over_it_keeps_its_due_time(db, town):
    start()
    actions.hand_over(about=LAMP, owner=Owner("ry:desk", "ruolan"), **act())
    assert queries.todo(seen_by=town.actor("chen"), at=monday_nine) == []
    (line,) = queries.todo(seen_by=town.desk("ry"), at=monday_nine)
    assert (line.post, line.due, line.group) == ("ry:desk", monday_nine + HALF_HOUR, "first")


def test_a_list_shows_one_line_a_thing_what_is_due_first_on_top(db, town):
    start("settle", minutes=24 * 60)
    start("respond", minutes=40)
    start("respond", about="matter:8", minutes=35)
    start("rate", about="matter:9")
    lines = queries.todo(seen_by=town.actor("chen"), at=monday_nine)
    assert [(line.about, line.what) for line in lines] == [("matter:8", "respond"), (LAMP, "respond")]
    assert queries.todo(seen_by=town.actor("chen"), at=monday_nine, words="不在") == []
    assert queries.todo(seen_by=town.resident("zhou"), at=monday_nine) == []


def test_what_is_counted_is_what_is_listed(db):
    start(minutes=10)
    start("settle", minutes=600)
    start(about="matter:8", minutes=50)
    start("settle", about="matter:8", minutes=600)
    at = monday_nine + timedelta(minutes=15)
    assert queries.counts("/rj/", at=at) == {"waiting": 2, "late": 1, "soon": 0}
    assert queries.counts("/rj/", at=monday_nine + timedelta(minutes=25))["soon"] == 1
    assert len(queries.open_in("/rj/", at=at)) == 2 and queries.counts("/other/", at=at)["waiting"] == 0


def test_kept_promises_are_counted_with_those_that_fell_due(db):
    for number, minutes in (("1", 10), ("2", 40), ("3", None)):
        start(about=f"matter:{number}")
        if minutes:
            actions.stop(about=f"matter:{number}", what="respond", **act(monday_nine + timedelta(minutes=minutes)))
    assert queries.kept("/rj/", "respond", since=monday_nine, at=monday_nine + HALF_HOUR * 3) == (1, 3)


def test_the_steps_upward_are_those_of_the_promise():
    assert rules.climb("assign", 0, monday_nine) == rules.Climb(1, monday_nine + timedelta(minutes=10))
    assert rules.climb("settle", 1, monday_nine) == rules.Climb(2, monday_nine + timedelta(hours=4))
    assert rules.climb("respond", 2, monday_nine) == rules.climb("respond", 3, monday_nine) == rules.Climb(3, None)
