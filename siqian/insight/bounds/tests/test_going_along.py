"""What goes along when a grid is cut anew besides matters: rounds of patrols, sensors, what was visited."""

from datetime import timedelta

from siqian.kernel import journal as ink
from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions as sensing, queries as patrols
from siqian.services.sensing.models import Round
from siqian.services.sensing.rules import Sight
from siqian.services.visits.models import Reach, Visit
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

from .test_adjustments import DAY, HALF, MERGE, THEN, approved, in_force


def ordered(town):
    """A desk has something put up at every house of 榕荫 until long after."""
    what = {"title": "防台风告知", "text": "阳台花盆收进屋，地下车库今晚封门", "until": DAY + timedelta(days=10), "key": "key-1-abcdef"}
    sensing.order_publicity(area=town.area("ry").path, **what, by=town.desk("ry"), at=monday_nine)


def rounds():
    return {row.post: {point["building"] for point in row.points} for row in Round.objects.filter(ended=None).order_by("post")}


def owed(post):
    ids = Round.objects.filter(post=post).values_list("id", flat=True)
    return [one.due for id_ in ids for one in tasks.clocks(f"round:{id_}") if one.stopped is None]


def test_a_point_of_a_round_goes_with_its_house_and_its_clock_goes_on(offices):
    ordered(offices)
    before, due = rounds(), owed("ry-g2:keeper")
    approved(offices)
    in_force()
    after = rounds()
    assert before["ry-g2:keeper"] - after["ry-g2:keeper"] == {"songtao-3"} == after["ry-g1:keeper"] - before["ry-g1:keeper"]
    assert owed("ry-g2:keeper") == due == owed("ry-g1:keeper")


def test_what_was_put_up_stays_with_whoever_did_it(offices):
    ordered(offices)
    line = next(one for one in patrols.rounds(monday_nine.date(), seen_by=offices.actor("chen")) if one.plan.tells)
    point = next(one for one in line.points if one.building == "songtao-3")
    sensing.record(sight=Sight("well", round=line.id, point=point.code), key="key-7-abcdef", by=offices.actor("chen"), at=monday_nine)
    before = rounds()
    approved(offices)
    in_force()
    assert rounds() == before


def test_a_new_grids_keeper_has_a_round_of_their_own(offices):
    ordered(offices)
    approved(offices, HALF)
    in_force()
    assert rounds()["keeper-ry-g3"] == {"songtao-5", "songtao-6"} and len(owed("keeper-ry-g3")) == 1
    in_force(THEN + timedelta(minutes=1))
    assert rounds()["keeper-ry-g3"] == {"songtao-5", "songtao-6"}


def test_rounds_of_merged_grids_stay_whole(offices):
    ordered(offices)
    before = rounds()
    approved(offices, MERGE)
    in_force()
    assert rounds() == before
    assert {row.path for row in Round.objects.filter(post__in=("ry-g1:keeper", "ry-g2:keeper"))} == {offices.area("ry-g1").path}


def test_told_twice_a_point_goes_once(offices):
    ordered(offices)
    approved(offices)
    in_force()
    after = rounds()
    assert sensing.follow_map(buildings=["songtao-3", "nowhere"], by=OFFICE, at=THEN) == 0 and rounds() == after


def test_what_was_visited_is_told_of_where_it_lies_now(offices):
    old = offices.area("ry-g2-c2").path
    with ink.writing(OFFICE, whole=True):
        given = {"kind": "call", "topic": "走访", "place": "榕荫", "starts": monday_nine, "ends": monday_nine, "post": "ry:secretary"}
        visit = Visit.objects.create(**given, path=offices.area("ry-g2").path)
        Reach.objects.create(visit=visit, cell=old, day=monday_nine.date(), held=True)
    approved(offices, MERGE)
    in_force()
    assert [row.cell for row in Reach.objects.all()] == [offices.area("ry-g2-c2").path] != [old]
    assert Visit.objects.get(id=visit.id).path == offices.area("ry-g1").path
