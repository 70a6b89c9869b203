"""Rain over 榕荫: many sensors, one incident, one owner; smoke that was a kettle; a device that fell silent."""

from datetime import timedelta

import pytest

from siqian.kernel import links
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.services.sensing import actions, catalogued, jobs, queries
from siqian.services.sensing.rules.sensors import SensorRow
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

from .gauges import flood, hear, send, sent

SOON = monday_nine + timedelta(minutes=10)


def opened(town, who=None, at=SOON, show="open"):
    return queries.incident_list(seen_by=who or town.desk("st"), at=at, show=show)


def smoke(sensor: str = "s3", value: float = 9, at=monday_nine) -> None:
    send(sent(sensor, value, at, "smoke"))


def test_water_past_its_level_twice_opens_one_incident_with_an_owner_and_two_clocks(town, gauges, journal):
    send(sent("w1", 34, monday_nine))
    assert opened(town) == []
    send(sent("w1", 36, monday_nine + timedelta(minutes=2)))
    (line,) = opened(town)
    assert (line.kind.code, line.post, line.alarms, line.sensors, line.raised) == ("flood", town.post("desk", "st"), 1, 1, 1)
    assert line.since == monday_nine and "松涛苑3栋" in line.place
    assert journal.of(f"incident:{line.id}") == ["incident.opened"]
    assert {clock.what: clock.due - clock.started for clock in tasks.clocks(f"incident:{line.id}")} == {
        "acknowledge": timedelta(minutes=5),
        "over": timedelta(hours=12),
    }
    told = [leaf for leaf in notices.told([f"post:{line.post}"]) if leaf.about == f"incident:{line.id}"]
    assert len(told) == 1 and told[0].values["kind"] == "积水内涝"
    owed = [row for row in tasks.todo(seen_by=town.desk("st"), at=SOON) if row.about == f"incident:{line.id}"]
    assert len(owed) == 1 and owed[0].urgent


def test_a_storm_is_one_incident_one_task_and_one_notice(town, gauges, journal):
    houses = ["songtao-3", "songtao-4", "mumian-1", "mumian-2", "yunling-a"]
    many = [SensorRow(at, f"r{at}", "water", f"低洼{at}", "", houses[at % 5], None, None) for at in range(500)]
    actions.register_sensors(sensors=many, by=OFFICE, at=monday_nine)
    for minute in (1, 3):
        at = monday_nine + timedelta(minutes=minute)
        send(*[sent(f"r{number}", 40, at) for number in range(250)])
        send(*[sent(f"r{number}", 41, at + timedelta(seconds=20)) for number in range(250, 500)])
    (line,) = opened(town)
    assert (line.alarms, line.sensors, line.raised) == (500, 500, 500)
    assert journal.of(f"incident:{line.id}") == ["incident.opened", "incident.grew"]
    assert len(tasks.clocks(f"incident:{line.id}")) == 2
    assert len([leaf for leaf in notices.told([f"post:{line.post}"]) if leaf.about == f"incident:{line.id}"]) == 1
    assert len(queries.incident(line.id, seen_by=town.desk("st"), at=SOON).alarms) == 60


def test_an_alarm_long_after_the_others_is_another_incident(town, gauges):
    flood("w1")
    flood("w2", monday_nine + timedelta(minutes=50))
    assert len(opened(town)) == 1
    flood("w3", monday_nine + timedelta(minutes=120))
    assert len(opened(town)) == 2


def test_acknowledged_noted_with_a_picture_and_over(town, gauges, journal):
    flood()
    desk, (line,) = town.desk("st"), opened(town)
    for _ in range(2):
        actions.acknowledge(incident=line.id, by=desk, at=SOON)
    assert {clock.what: clock.stopped for clock in tasks.clocks(f"incident:{line.id}")} == {"acknowledge": SOON, "over": None}
    for _ in range(2):
        actions.note(incident=line.id, text="车库口在抽水", photos=["a" * 64], key="key-1-abcdef", by=desk, at=SOON)
    send(sent("w1", 8, monday_nine + timedelta(minutes=30)))
    calm = monday_nine + timedelta(minutes=61)
    jobs.watch_the_sensors(at=calm)
    jobs.watch_the_sensors(at=calm)
    view = queries.incident(line.id, seen_by=desk, at=calm)
    assert view.line.offered and view.line.raised == 0
    assert [step.verb for step in view.steps] == ["acknowledge", "note", "calm"] and view.steps[1].photos == ("a" * 64,)
    assert len([leaf for leaf in notices.told([f"post:{line.post}"]) if leaf.about == f"incident:{line.id}"]) == 2
    for _ in range(2):
        actions.finish(incident=line.id, by=desk, at=calm)
    assert opened(town) == [] and [one.id for one in opened(town, show="over")] == [line.id]
    assert all(clock.stopped for clock in tasks.clocks(f"incident:{line.id}"))
    assert journal.of(f"incident:{line.id}") == ["incident.opened", *["incident.stepped"] * 3, "incident.over"]


def test_it_is_over_before_all_is_normal_only_with_a_reason(town, gauges):
    flood()
    desk, (line,) = town.desk("st"), opened(town)
    actions.acknowledge(incident=line.id, by=desk, at=SOON)
    with pytest.raises(BadInput, match="还有1个传感器"):
        actions.finish(incident=line.id, by=desk, at=SOON)
    actions.finish(incident=line.id, text="探头被冲歪了，现场已经退水", by=desk, at=SOON)
    # Whoever ended it by hand is not rung for again while the reading stays where it was.
    send(sent("w1", 37, SOON + timedelta(minutes=1)))
    assert opened(town) == []


def test_a_new_alarm_soon_after_opens_the_same_incident_again(town, gauges, journal):
    flood()
    desk, (line,) = town.desk("st"), opened(town)
    actions.acknowledge(incident=line.id, by=desk, at=SOON)
    send(sent("w1", 5, SOON))
    actions.finish(incident=line.id, by=desk, at=SOON)
    flood("w2", SOON + timedelta(minutes=20))
    (again,) = opened(town, at=SOON + timedelta(minutes=23))
    assert (again.id, again.state, again.raised, again.alarms) == (line.id, "open", 1, 2)
    assert {clock.what for clock in tasks.clocks(f"incident:{line.id}") if clock.stopped is None} == {"acknowledge", "over"}
    assert journal.of(f"incident:{line.id}")[-1] == "incident.reopened"
    actions.dismiss(incident=line.id, text="孩子往里倒水玩", by=desk, at=SOON + timedelta(minutes=25))
    flood("w3", SOON + timedelta(hours=2))
    assert [one.id for one in opened(town, at=SOON + timedelta(hours=3))] != [line.id]


def test_a_false_alarm_needs_its_reason_and_is_counted_for_the_sensor(town, gauges):
    smoke()
    chen = town.actor("chen")
    (line,) = opened(town, chen)
    assert line.post == town.post("keeper", "ry-g2"), "who is on duty in the grid"
    with pytest.raises(BadInput, match="凭什么"):
        actions.dismiss(incident=line.id, text="", by=chen, at=SOON)
    for _ in range(2):
        actions.dismiss(incident=line.id, text="烧水的蒸汽，开窗散了", by=chen, at=SOON)
    assert queries.sensor("s3", seen_by=chen).false_alarms == 1
    assert [one.state for one in opened(town, chen, show="false")] == ["false"]


def test_by_night_what_is_a_keepers_is_the_desks(town, gauges):
    night = monday_nine.replace(hour=23)
    smoke(at=night)
    (line,) = opened(town, town.desk("ry", night), at=night)
    assert line.post == town.post("desk", "ry")


def test_smoke_and_heat_in_one_house_are_a_fire(town, gauges):
    smoke()
    assert {line.kind.code for line in opened(town)} == {"smoke"}
    send(sent("t3", 60, monday_nine + timedelta(minutes=4), "temperature"))
    assert [line.kind.code for line in opened(town)] == ["fire", "smoke"], "the gravest first"
    send(sent("t3", 25, monday_nine + timedelta(minutes=9), "temperature"))
    fire = opened(town)[0]
    assert fire.raised == 0
    # In another house it is not.
    smoke("s5", at=monday_nine + timedelta(minutes=10))
    assert len([line for line in opened(town) if line.kind.code == "fire"]) == 1


def test_a_late_reading_neither_ends_nor_hides_an_alarm(town, gauges):
    flood()
    send(sent("w1", 3, monday_nine + timedelta(minutes=1)), at=SOON)
    (line,) = opened(town)
    assert line.raised == 1
    send(sent("w1", 3, monday_nine + timedelta(minutes=11)))
    assert opened(town)[0].raised == 0


def test_an_alarm_that_comes_late_altogether_is_an_alarm(town, gauges):
    send(sent("s3", 0, SOON, "smoke"))
    assert opened(town) == []
    send(sent("w1", 34, monday_nine), at=SOON)
    send(sent("w1", 36, monday_nine - timedelta(minutes=2)), at=SOON + timedelta(minutes=1))
    assert [line.kind.code for line in opened(town)] == ["flood"]


def test_a_silent_sensor_is_missed_once_and_heard_again(town, gauges):
    for hour in range(1, 9):
        at = monday_nine + timedelta(hours=hour)
        send(
            sent("w2", 3, at), sent("w3", 3, at), sent("s3", 0, at, "smoke"), sent("s5", 0, at, "smoke"), sent("t3", 20, at, "temperature")
        )
        jobs.watch_the_sensors(at=at + timedelta(minutes=1))
    (line,) = opened(town, at=at)
    assert (line.kind.code, line.alarms, line.post) == ("quiet", 1, town.post("desk", "ry"))
    assert [one.code for one in queries.sensor_list(seen_by=town.desk("ry"), state="quiet")] == ["w1"]
    send(sent("w1", 3, at + timedelta(minutes=2)))
    assert queries.sensor("w1", seen_by=town.desk("ry")).state == "well"
    assert opened(town, at=at + timedelta(minutes=5))[0].raised == 0


def test_nothing_at_all_is_the_line_and_not_each_sensor(town, gauges):
    send(sent("w1", 3, monday_nine))
    at = monday_nine + timedelta(hours=9)
    for minute in range(3):
        jobs.watch_the_sensors(at=at + timedelta(minutes=minute))
    (line,) = opened(town, town.desk("rj", at), at=at)
    assert (line.kind.code, line.alarms, line.post, line.raised) == ("line", 0, town.post("desk", "rj"), 1)
    send(sent("w1", 3, at + timedelta(minutes=5)))
    jobs.watch_the_sensors(at=at + timedelta(minutes=6))
    again = queries.incident(line.id, seen_by=town.desk("rj", at), at=at + timedelta(minutes=6))
    assert again.line.offered


def test_what_is_late_climbs(town, gauges):
    flood()
    (line,) = opened(town)
    for minutes in (8, 20):
        tasks_jobs.climb_what_is_late(at=monday_nine + timedelta(minutes=minutes))
        hear(monday_nine + timedelta(minutes=minutes))
    told = [leaf for leaf in notices.told([f"post:{town.post('desk', 'st')}"]) if leaf.about == f"incident:{line.id}"]
    assert [leaf.values.get("level") for leaf in told if "level" in leaf.values] == ["2", "1"]
    assert "late" in [step.verb for step in queries.incident(line.id, seen_by=town.desk("st"), at=SOON).steps]


def test_somebody_elses_work_becomes_one_matter_with_its_lineage(town, gauges):
    smoke()
    chen = town.actor("chen")
    (line,) = opened(town, chen)
    with pytest.raises(Refused):
        actions.refer(incident=line.id, text="烟感该换了", by=chen, at=SOON)
    actions.acknowledge(incident=line.id, by=chen, at=SOON)
    actions.refer(incident=line.id, text="楼道烟感老误报，请换一个", by=chen, at=SOON)
    with pytest.raises(Refused, match="转过了"):
        actions.refer(incident=line.id, text="楼道烟感老误报，请换一个", by=chen, at=SOON)
    hear(SOON)
    view = queries.incident(line.id, seen_by=chen, at=SOON)
    assert view.matter is not None and "refer" not in view.verbs
    assert links.came_from(f"matter:{view.matter}", "referred") == [f"incident:{line.id}"]
    made = matters.seen(matters.lines([view.matter], seen_by=chen)[view.matter].number, seen_by=chen, at=SOON)
    assert made.tellings[0].channel == "sensor" and "烟感" in made.tellings[0].text


def test_a_keeper_of_the_street_says_what_is_seen_there_and_ends_nothing(town, gauges):
    flood()
    (line,) = opened(town)
    jianjun = town.actor("jianjun")
    assert [one.id for one in opened(town, jianjun)] == [line.id]
    actions.note(incident=line.id, text="木棉苑门口水到脚踝", by=jianjun, at=SOON)
    actions.join(incident=line.id, by=jianjun, at=SOON)
    actions.join(incident=line.id, by=jianjun, at=SOON)
    with pytest.raises(NotYours):
        actions.acknowledge(incident=line.id, by=jianjun, at=SOON)
    assert set(queries.incident(line.id, seen_by=jianjun, at=SOON).verbs) == {"note", "join"}
    assert [step.verb for step in queries.incident(line.id, seen_by=town.desk("st"), at=SOON).steps] == ["note", "join"]


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("chen", True),
        ("chunmei", False),
        ("jianjun", False),
        ("xiujuan", True),
        ("leader", True),
        ("zheng", True),
        ("wu", False),
        ("qiang", False),
    ],
)
def test_who_reads_an_incident_of_one_grid(town, gauges, who, reads):
    smoke()
    (line,) = opened(town)
    actor = town.actor(who)
    assert bool(opened(town, actor)) is reads
    if not reads:
        with pytest.raises(NotFound):
            queries.incident(line.id, seen_by=actor, at=SOON)
        with pytest.raises(NotFound):
            actions.note(incident=line.id, text="我也看看", by=actor, at=SOON)


def test_a_list_of_incidents_costs_the_same_however_long_it_is(town, gauges, db):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            opened(town)
        return len(asked)

    flood()
    opened(town)
    one = cost()
    for sensor in ("s3", "s5"):
        smoke(sensor)
    send(sent("m1", 60, SOON, "tilt"))
    assert len(opened(town)) >= 3 and cost() == one


def test_the_owner_of_a_communitys_incident_may_take_it_to_its_end(town, gauges):
    """A manhole cover: one incident a community, its owner the keeper on the spot."""
    send(sent("m1", 60, monday_nine, "tilt"))
    chen = town.actor("chen")
    (line,) = opened(town, chen)
    assert line.kind.level == "community" and line.post in chen.posts
    actions.acknowledge(incident=line.id, by=chen, at=SOON)
    send(sent("m1", 0, SOON, "tilt"))
    actions.finish(incident=line.id, text="盖回去了", by=chen, at=SOON)
    with pytest.raises(NotFound):
        actions.finish(incident=line.id, by=town.desk("mm"), at=SOON)


def test_every_rule_of_ours_has_its_words_in_both_languages():
    rows = [*catalogued.rules().values(), *catalogued.incidents().values(), *catalogued.kinds().values()]
    assert all(row.zh and row.en and row.en.isascii() is ("℃" not in row.en) for row in rows)
