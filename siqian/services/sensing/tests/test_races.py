"""Two telephones, two workers, one key."""

from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions, jobs, queries
from siqian.services.sensing.rules import Sight
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine


def test_the_same_tap_from_two_telephones_is_one_record(postgres, town, race):
    chen = town.actor("chen")
    sight = Sight("needs", "楼梯2楼的灯坏了", building=town.building("松涛苑3栋"))

    def tap() -> int:
        return actions.record(sight=sight, key="key-1-abcdef", by=chen, at=monday_nine)

    finishes = race(tap, tap, tap)
    assert [finish.ok for finish in finishes] == [True] * 3 and len({finish.value for finish in finishes}) == 1
    finishes = race(lambda: deliveries.work(at=monday_nine), lambda: deliveries.work(at=monday_nine))
    assert [finish.why for finish in finishes] == ["", ""]
    assert len(matters.find(seen_by=OFFICE, words="")) == 1


def test_two_workers_lay_the_rounds_of_a_day_once(postgres, town, race):
    finishes = race(lambda: jobs.lay_out_the_day(at=monday_nine), lambda: jobs.lay_out_the_day(at=monday_nine))
    assert [finish.why for finish in finishes] == ["", ""]
    assert len(queries.rounds(monday_nine.date(), seen_by=town.actor("chen"))) == 2


def test_the_last_two_points_at_once_end_the_round_once(postgres, town, race, journal):
    jobs.lay_out_the_day(at=monday_nine)
    chen = town.actor("chen")
    line = next(line for line in queries.rounds(monday_nine.date(), seen_by=chen) if line.plan.code == "e-bike")

    def at_point(number: int) -> None:
        sight = Sight("well", round=line.id, point=line.points[number].code)
        actions.record(sight=sight, key=f"key-{number}-abcdef", by=chen, at=monday_nine)

    race(lambda: at_point(0), lambda: at_point(1))
    assert journal.of(f"round:{line.id}") == ["round.laid", "round.walked"]


def test_nobody_reads_a_record_past_the_fence(postgres, town):
    from siqian.kernel import store
    from siqian.services.sensing.models import Record

    sight = Sight("fixed", "杂物堆在楼道", building=town.building("松涛苑3栋"))
    actions.record(sight=sight, key="key-1-abcdef", by=town.actor("chen"), at=monday_nine)
    counts = []
    for who in (town.actor("chen"), town.actor("chunmei"), town.desk("ry"), town.desk("mm"), town.actor("wu")):
        with store.reading(who):
            counts.append(Record.objects.count())
    assert counts == [1, 0, 1, 0, 0]
