"""Smoke and heat on one staircase: two incidents, one kettle. A person says so, and for ten minutes may take it back."""

from datetime import timedelta

import pytest

from siqian.kernel import clock
from siqian.kernel.permits import BadInput, NotFound, NotYours, Refused
from siqian.services.sensing import actions, queries
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

from .gauges import flood, send, sent

SOON = monday_nine + timedelta(minutes=10)
LATER = SOON + timedelta(minutes=9)
WHY = "同一个厨房烧干了锅"


def listed(town, show="open", at=SOON, who=None):
    return {line.kind.code: line for line in queries.incident_list(seen_by=who or town.desk("st"), at=at, show=show)}


@pytest.fixture
def two(town, gauges):
    """(smoke of 松涛苑3栋 and of 5栋, the flooded garage of 3栋), both taken up by nobody yet."""
    send(sent("s3", 9, monday_nine, "smoke"), sent("s5", 9, monday_nine + timedelta(minutes=1), "smoke"))
    flood("w1", monday_nine + timedelta(minutes=2))
    found = {line.kind.code: line.id for line in queries.incident_list(seen_by=town.desk("st"), at=SOON)}
    flooded = found.pop("flood")
    return next(iter(found.values())), flooded


def page(town, number, at=SOON):
    return queries.incident(number, seen_by=town.desk("st"), at=at)


def clocks(number):
    return {one.what: one.stopped for one in tasks.clocks(f"incident:{number}")}


def test_one_goes_on_with_the_alarms_of_both_and_the_other_links_there(town, two, journal):
    smoke, garage = two
    desk = town.desk("st")
    alarms = page(town, smoke).line.alarms + page(town, garage).line.alarms
    for _ in range(2):
        actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=SOON)
    gone, on = page(town, smoke), page(town, garage)
    assert (gone.line.state, gone.into.id, gone.line.sensors, gone.verbs) == ("merged", garage, 0, ("part",))
    assert (on.line.state, on.line.alarms, on.line.sensors, on.line.raised, on.line.since) == ("open", alarms, alarms, alarms, monday_nine)
    assert on.line.gravity == 1 and [one.id for one in on.taken] == [smoke]
    assert set(clocks(smoke).values()) == {SOON} and set(clocks(garage).values()) == {None}
    assert WHY in gone.steps[-1].text and WHY in on.steps[-1].text and f"№{garage}" in gone.steps[-1].text
    assert journal.of(f"incident:{smoke}")[-1] == "incident.merged"
    assert smoke not in [line.id for line in listed(town).values()] and [line.id for line in listed(town, "merged").values()] == [smoke]
    assert queries.incident_counts(seen_by=desk)["merged"] == 1


def test_for_ten_minutes_they_are_parted_and_clocks_run_on_as_if_never_stopped(town, two, journal):
    smoke, garage = two
    desk = town.desk("st")
    actions.acknowledge(incident=smoke, by=desk, at=SOON)
    before = page(town, smoke).line, page(town, garage).line, clocks(smoke)
    actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=SOON)
    for _ in range(2):
        actions.part(incident=smoke, by=desk, at=LATER)
    after = page(town, smoke).line, page(town, garage).line, clocks(smoke)
    assert after == before and before[0].state == "going"
    assert journal.of(f"incident:{smoke}")[-2:] == ["incident.merged", "incident.parted"]
    actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=LATER)
    late = LATER + timedelta(minutes=11)
    assert page(town, smoke, late).verbs == ()
    with pytest.raises(Refused, match="超过10分钟"):
        actions.part(incident=smoke, by=desk, at=late)


def test_they_are_not_parted_once_the_other_is_over(town, two):
    smoke, garage = two
    desk = town.desk("st")
    actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=SOON)
    actions.dismiss(incident=garage, text="水汽和油烟，不是火", by=desk, at=SOON)
    with pytest.raises(Refused, match="已经结束"):
        actions.part(incident=smoke, by=desk, at=LATER)


def test_a_false_alarm_counts_each_sensor_of_both_once(town, two):
    smoke, garage = two
    desk = town.desk("st")
    actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=SOON)
    for _ in range(2):
        actions.dismiss(incident=garage, text="水汽和油烟，不是火", by=desk, at=SOON)
    counted = {line.code: line.false_alarms for line in queries.sensor_list(seen_by=desk)}
    assert {code for code, count in counted.items() if count} == {"s3", "s5", "w1"} and max(counted.values()) == 1


def test_an_alarm_of_the_merged_one_joins_the_one_that_goes_on(town, two):
    smoke, garage = two
    garage_alarms = page(town, garage).line.alarms
    actions.merge(incident=garage, into=smoke, text=WHY, by=town.desk("st"), at=SOON)
    flood("w2", SOON)
    assert [line.id for line in listed(town).values()] == [smoke]
    assert page(town, smoke).line.alarms == 2 + garage_alarms + 1


def test_only_whoever_owns_both_and_only_with_a_reason(town, two):
    smoke, garage = two
    desk = town.desk("st")
    for sent_, why in (
        ({"into": garage, "text": "嗯"}, "凭什么说是同一个原因"),
        ({"into": smoke, "text": WHY}, "选另一个没结束的"),
    ):
        with pytest.raises(BadInput, match=why):
            actions.merge(incident=smoke, **sent_, by=desk, at=SOON)
    with pytest.raises(NotFound):
        actions.merge(incident=smoke, into=9999, text=WHY, by=desk, at=SOON)
    # 陈志明 may take the smoke of his grid to its end, and only look at the street's flood.
    with pytest.raises(NotYours):
        actions.merge(incident=smoke, into=garage, text=WHY, by=town.actor("chen"), at=SOON)
    with pytest.raises(NotYours):
        actions.merge(incident=smoke, into=garage, text=WHY, by=town.actor("zheng"), at=SOON)
    with pytest.raises(NotFound):
        actions.merge(incident=smoke, into=garage, text=WHY, by=town.actor("jianjun"), at=SOON)
    actions.merge(incident=smoke, into=garage, text=WHY, by=desk, at=SOON)
    with pytest.raises(NotYours):
        actions.part(incident=smoke, by=town.actor("zheng"), at=SOON)
    with pytest.raises(BadInput, match="选另一个没结束的"):
        actions.merge(incident=garage, into=smoke, text=WHY, by=desk, at=SOON)


def test_two_at_once_merge_one_way(postgres, town, two, race):
    smoke, garage = two
    desk = town.desk("st")
    ways = ((smoke, garage), (garage, smoke))
    finishes = race(
        *(lambda one=one, other=other: actions.merge(incident=one, into=other, text=WHY, by=desk, at=SOON) for one, other in ways)
    )
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert len(listed(town)) == 1 and len(listed(town, "merged")) == 1


def test_the_page_says_so_and_takes_it_back(town, two, signed_in):
    smoke, garage = two
    visitor = signed_in("lifen")
    with clock.stopped_at(SOON):
        assert f'<option value="{garage}"' in visitor.get(f"/desk/incidents/{smoke}").content.decode()
        wrong = visitor.post(f"/desk/incidents/{smoke}/merging", {"into": str(garage), "text": "嗯"})
        assert wrong.status_code == 400 and "凭什么说是同一个原因" in wrong.content.decode()
        assert f'<option value="{garage}" selected' in wrong.content.decode()
        assert visitor.post(f"/desk/incidents/{smoke}/merging", {"into": str(garage), "text": WHY}).status_code == 302
        gone = visitor.get(f"/desk/incidents/{smoke}").content.decode()
        assert f'href="/desk/incidents/{garage}"' in gone and "不是一回事，分开" in gone and "并走了" in gone
        assert "都归那一个了" in gone and "都恢复了" not in gone
        assert f'href="/desk/incidents/{smoke}"' in visitor.get(f"/desk/incidents/{garage}").content.decode()
        assert "并走了" in visitor.get("/desk/incidents?show=merged").content.decode()
        assert visitor.post(f"/desk/incidents/{smoke}/parting").status_code == 302
        assert "不是一回事，分开" not in visitor.get(f"/desk/incidents/{smoke}").content.decode()
