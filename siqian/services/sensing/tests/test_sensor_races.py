"""Two workers, one storm, one instant."""

from datetime import timedelta

from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions, queries
from siqian.services.sensing.rules.sensors import SensorRow
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import queries as tasks

from .gauges import send, sent

SOON = monday_nine + timedelta(minutes=5)


def test_two_workers_at_the_same_instant_open_one_incident(postgres, town, gauges, race, journal):
    many = [SensorRow(at, f"r{at}", "smoke", f"楼道{at}", "", "songtao-3", None, None) for at in range(40)]
    actions.register_sensors(sensors=many, by=OFFICE, at=monday_nine)

    def half(first: int) -> None:
        # Both batches hold sensors of one building, in opposite order.
        numbers = range(first, 40, 2)
        send(*[sent(f"r{number}", 9, SOON, "smoke") for number in (numbers if first else reversed(numbers))])

    finishes = race(lambda: half(0), lambda: half(1))
    assert [finish.why for finish in finishes] == ["", ""]
    (line,) = queries.incident_list(seen_by=town.desk("ry"), at=SOON)
    assert (line.alarms, line.sensors, line.raised) == (40, 40, 40)
    assert journal.of(f"incident:{line.id}") == ["incident.opened", "incident.grew"]
    assert len(tasks.clocks(f"incident:{line.id}")) == 2
    assert len([leaf for leaf in notices.told([f"post:{line.post}"]) if leaf.about == f"incident:{line.id}"]) == 1


def test_the_same_batch_from_two_lines_is_taken_once(postgres, town, gauges, race):
    batch = [sent("w1", 5 + number / 10, monday_nine + timedelta(seconds=number)) for number in range(30)]
    finishes = race(lambda: send(*batch), lambda: send(*batch))
    counted = sorted(sum(answer.outcome == "taken" for answer in finish.value) for finish in finishes)
    assert counted == [0, 30]


def test_two_who_acknowledge_at_once_are_one_step(postgres, town, gauges, race, journal):
    send(sent("s3", 9, monday_nine, "smoke"))
    (line,) = queries.incident_list(seen_by=town.desk("ry"), at=SOON)
    desk, chen = town.desk("ry"), town.actor("chen")
    finishes = race(*(lambda who=who: actions.acknowledge(incident=line.id, by=who, at=SOON) for who in (desk, chen)))
    assert [finish.why for finish in finishes] == ["", ""]
    assert journal.of(f"incident:{line.id}") == ["incident.opened", "incident.stepped"]


def test_two_workers_miss_a_silent_sensor_once(postgres, town, gauges, race):
    at = monday_nine + timedelta(hours=3)
    send(sent("w2", 3, at))
    finishes = race(lambda: actions.miss_sensors(by=OFFICE, at=at), lambda: actions.miss_sensors(by=OFFICE, at=at))
    assert [finish.why for finish in finishes] == ["", ""]
    assert sum(finish.value for finish in finishes) == 2, "two water sensors have been silent for an hour and a half"


def test_words_on_an_incident_stand_behind_the_fence_of_its_grid(postgres, town, gauges):
    from siqian.kernel import store
    from siqian.services.sensing.models import IncidentStep

    send(sent("s3", 9, monday_nine, "smoke"))
    (line,) = queries.incident_list(seen_by=town.desk("ry"), at=SOON)
    actions.note(incident=line.id, text="三楼厨房冒烟", by=town.actor("chen"), at=SOON)
    counts = []
    for who in (town.actor("chen"), town.actor("chunmei"), town.desk("ry"), town.desk("mm")):
        with store.reading(who):
            counts.append(IncidentStep.objects.count())
    assert counts == [1, 0, 1, 0]
