"""A street calls units to one matter (吹哨报到): each confirms, reports in, does its share, and both sides are judged."""

from datetime import timedelta

import pytest

from siqian.kernel import deliveries, store
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.spine.matters import actions, jobs, queries, summonses
from siqian.spine.matters.keeping import laid
from siqian.spine.matters.models import Matter, Summoned, Summons
from siqian.spine.matters.rules import joint
from siqian.spine.matters.rules.joint import Call, Verdict
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as clocks, queries as tasks

from .test_aside import at, spoken
from .test_walk import see, teller

STALLS = "3栋楼下占道经营，油烟呛人，垃圾也没人扫"
GOOD = Verdict(True, True, "good")
MINUTES = "执法队今晚起每天巡查，环卫明早清一遍，一周后回看"
WHY = {"st-enforce": "1.1.1 占道经营，查处", "st-clean": "清扫油污", "urban": "油烟监测"}


def call(*units, **more) -> Call:
    asked = {"purpose": "一起查占道和油烟", "place": "3栋楼下", "meets": at(25), "units": tuple((unit, WHY[unit]) for unit in units)} | more
    return Call(**asked)


def called(town, *units, text=STALLS, **more):
    """A matter about which the street's desk has called these units, at ten."""
    receipt = spoken(town, text=text)
    units = units or ("st-enforce", "st-clean")
    actions.summon(matter=receipt.matter, call=call(*units, **more), by=town.desk("st"), at=at(1))
    return receipt


def held(town):
    """The same, held the next day: both came."""
    receipt = called(town)
    both = (("qiang", "st-enforce"), ("lei", "st-clean"))
    for who, unit in both:
        actions.confirm_joint(matter=receipt.matter, unit=unit, by=town.actor(who), at=at(1.2))
    for who, unit in both:
        actions.report_in(matter=receipt.matter, unit=unit, by=town.actor(who), at=at(24.9))
    actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=town.desk("st"), at=at(26))
    return receipt


def view(receipt, who, hours=1.0):
    return summonses.about_joint(receipt.matter, seen_by=who, at=at(hours))


def part(receipt, unit, hours=1.0):
    return next(one for one in view(receipt, OFFICE, hours).parts if one.unit == unit)


def owed(receipt, unit):
    with store.reading_all():
        id_ = Summoned.objects.get(matter=receipt.matter, unit=unit).id
    return {clock.what: clock for clock in tasks.clocks(f"summoned:{id_}") if clock.stopped is None}


def steps(receipt, who=OFFICE, hours=30.0):
    return [step.kind for step in see(receipt, who, at=at(hours)).steps]


def work(hours):
    while deliveries.work(at=at(hours)):
        pass


def test_the_street_calls_two_units_they_come_do_their_share_and_both_sides_judge(town, journal):
    receipt, qiang, lei, street = called(town), town.actor("qiang"), town.actor("lei"), town.desk("st")
    assert owed(receipt, "st-clean")["confirm"].due == at(1.5) and owed(receipt, "st-clean")["arrive"].due == at(25)
    assert owed(receipt, "st-clean")["confirm"].post == town.post("handler", "st", "st-clean")
    actions.confirm_joint(matter=receipt.matter, unit="st-enforce", by=qiang, at=at(1.2))
    actions.confirm_joint(matter=receipt.matter, unit="st-clean", by=lei, at=at(1.3))
    assert set(owed(receipt, "st-clean")) == {"arrive"}
    lon, lat = town.point("松涛苑3栋")
    actions.report_in(matter=receipt.matter, unit="st-enforce", lon=lon + 0.001, lat=lat, by=qiang, at=at(24.8))
    assert "all_here" not in steps(receipt) and part(receipt, "st-enforce").metres == 103
    actions.report_in(matter=receipt.matter, unit="st-clean", by=lei, at=at(24.9))
    actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=street, at=at(26))
    actions.report_done(matter=receipt.matter, unit="st-clean", text="清了油污，冲了地", by=lei, at=at(28))
    for unit in ("st-enforce", "st-clean"):
        actions.judge_joint(matter=receipt.matter, unit=unit, verdict=GOOD, by=street, at=at(29))
    actions.judge_call(matter=receipt.matter, unit="st-enforce", founded=True, by=qiang, at=at(29))
    actions.judge_call(matter=receipt.matter, unit="st-clean", founded=False, words="清扫本来每天都做", by=lei, at=at(29))
    assert view(receipt, OFFICE).state == "judged" and see(receipt, OFFICE, at=at(29)).line.state == "in_hand"
    public = [kind for kind in steps(receipt, teller(receipt)) if kind not in ("told", "assigned", "phone")]
    assert public == ["summoned", "all_here", "agreed", "did_share"]
    assert journal.of(f"matter:{receipt.matter}")[2:] == [
        "joint.called",
        *["joint.answered"] * 4,
        "joint.held",
        "joint.answered",
        *["joint.judged"] * 4,
        "joint.ended",
    ]
    assert queries.faults() == []


def test_who_is_called_reads_the_matter_and_writes_to_colleagues_as_long_as_it_runs(town):
    receipt, lei = spoken(town, text=STALLS), town.actor("lei")
    with pytest.raises(NotFound):
        see(receipt, lei)
    actions.summon(matter=receipt.matter, call=call("st-clean"), by=town.desk("st"), at=at(1))
    seen = see(receipt, lei, at=at(1))
    assert [line.number for line in queries.find(seen_by=lei)] == [receipt.number] and view(receipt, lei).parts[0].mine
    assert "note" in seen.verbs and "look" not in seen.verbs and "close" not in seen.verbs
    actions.note(matter=receipt.matter, text="我们带高压水枪去", by=lei, at=at(1.1))
    assert [clock.what for clock in tasks.todo(seen_by=lei, at=at(1.1))] == ["confirm"]
    actions.cancel_joint(matter=receipt.matter, why="摊贩自己搬走了", by=town.desk("st"), at=at(2))
    with pytest.raises(NotFound):
        see(receipt, lei, at=at(2))
    assert queries.find(seen_by=lei) == [] and tasks.todo(seen_by=lei, at=at(2)) == []
    assert "uncalled" in steps(receipt, teller(receipt), 2) and queries.faults() == []


def test_a_unit_cannot_say_no_that_it_is_not_theirs_is_a_note_for_the_judgement(town):
    receipt, lei = called(town), town.actor("lei")
    actions.object_joint(matter=receipt.matter, unit="st-clean", text="归执法队，清单1.1.1", by=lei, at=at(1.2))
    assert set(owed(receipt, "st-clean")) == {"confirm", "arrive"} and part(receipt, "st-clean").state == "called"
    assert part(receipt, "st-clean").objection == "归执法队，清单1.1.1" and "not_ours" not in steps(receipt, teller(receipt))
    with pytest.raises(Refused, match="已经写过"):
        actions.object_joint(matter=receipt.matter, unit="st-clean", text="换一个说法", by=lei, at=at(1.3))
    actions.report_in(matter=receipt.matter, unit="st-clean", by=lei, at=at(24))
    assert part(receipt, "st-clean").state == "arrived"


def test_who_neither_confirms_nor_comes_climbs_to_the_street_and_tellers_see_no_quarrel(town):
    receipt = called(town)
    actions.confirm_joint(matter=receipt.matter, unit="st-enforce", by=town.actor("qiang"), at=at(1.1))
    clocks.climb_what_is_late(at=at(1.6))
    work(1.6)
    late = [step for step in see(receipt, OFFICE, at=at(2)).steps if step.kind == "unit_late"]
    assert [(step.values["unit"], step.values["what"], step.public) for step in late] == [("st-clean", "confirm", False)]
    told = notices.told([f"post:{town.post('desk', 'st')}"])
    assert any("没按时确认" in note.text for note in told)
    clocks.climb_what_is_late(at=at(26))
    work(26)
    assert owed(receipt, "st-enforce")["arrive"].level == 1
    jobs.tidy_joint_actions(at=at(26.9))
    assert part(receipt, "st-clean", 27).state == "called"
    for _worker in range(2):
        jobs.tidy_joint_actions(at=at(27.1))
    assert {one.state for one in view(receipt, OFFICE, 27.1).parts} == {"absent"} and owed(receipt, "st-clean") == {}
    assert not {"unit_late", "absent", "climbed"} & set(steps(receipt, teller(receipt)))
    # Late is late, but there.
    actions.report_in(matter=receipt.matter, unit="st-clean", by=town.actor("lei"), at=at(27.5))
    assert part(receipt, "st-clean", 28).late and queries.faults() == []


def test_twice_is_once_for_every_step(town, journal):
    receipt, lei, street = called(town), town.actor("lei"), town.desk("st")
    with store.reading_all():
        first = Summons.objects.get(matter=receipt.matter).id
    assert actions.summon(matter=receipt.matter, call=call("st-enforce", "st-clean"), by=street, at=at(1)) == first
    with pytest.raises(Refused, match="已经有一次"):
        actions.summon(matter=receipt.matter, call=call("urban", purpose="另叫一次"), by=street, at=at(1.1))
    for _click in range(2):
        actions.confirm_joint(matter=receipt.matter, unit="st-clean", by=lei, at=at(1.2))
        actions.report_in(matter=receipt.matter, unit="st-clean", by=lei, at=at(24))
    for _click in range(2):
        actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=street, at=at(26))
        actions.report_done(matter=receipt.matter, unit="st-clean", text="清了油污", by=lei, at=at(26.5))
        actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=GOOD, by=street, at=at(27))
        actions.judge_call(matter=receipt.matter, unit="st-clean", founded=True, by=lei, at=at(27))
    assert part(receipt, "st-enforce").state == "absent"
    # confirm, arrive, the other's absence, done.
    names = journal.of(f"matter:{receipt.matter}")
    assert [names.count(name) for name in ("joint.called", "joint.answered", "joint.held", "joint.judged")] == [1, 4, 1, 2]
    with pytest.raises(Refused, match="评了不能改"):
        verdict = Verdict(True, True, "poor", "其实没怎么做")
        actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=verdict, by=street, at=at(28))


def test_of_two_desks_that_call_at_once_one_is_heard(town, race, journal):
    receipt = spoken(town, text=STALLS)
    street, district = town.desk("st"), town.desk("rj")
    finishes = race(
        lambda: actions.summon(matter=receipt.matter, call=call("st-clean"), by=street, at=at(1)),
        lambda: actions.summon(matter=receipt.matter, call=call("urban"), by=district, at=at(1)),
    )
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert journal.of(f"matter:{receipt.matter}").count("joint.called") == 1 and queries.faults() == []


def test_the_last_two_judgements_at_once_end_it_once(town, race, journal):
    receipt, street, lei = held(town), town.desk("st"), town.actor("lei")
    actions.judge_joint(matter=receipt.matter, unit="st-enforce", verdict=GOOD, by=street, at=at(27))
    actions.judge_call(matter=receipt.matter, unit="st-enforce", founded=True, by=town.actor("qiang"), at=at(27))
    finishes = race(
        lambda: actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=GOOD, by=street, at=at(28)),
        lambda: actions.judge_call(matter=receipt.matter, unit="st-clean", founded=True, by=lei, at=at(28)),
    )
    assert all(finish.ok for finish in finishes) and view(receipt, OFFICE).state == "judged"
    assert journal.of(f"matter:{receipt.matter}").count("joint.ended") == 1 and queries.faults() == []


def test_nobody_judges_himself(town):
    receipt, street, dan = called(town, "st-clean"), town.desk("st"), town.actor("lei")
    # A property company has no people here: the street's desk answers for it, and its own shift came.
    actions.cancel_joint(matter=receipt.matter, why="换一批单位", by=street, at=at(1.1))
    units = (("property", "楼下是物业的"), ("st-clean", "清扫"))
    actions.summon(matter=receipt.matter, call=call(units=units), by=street, at=at(1.2))
    assert part(receipt, "property").post == town.post("desk", "st")
    actions.report_in(matter=receipt.matter, unit="property", by=street, at=at(24))
    actions.report_in(matter=receipt.matter, unit="st-clean", by=dan, at=at(24))
    actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=street, at=at(26))
    with pytest.raises(NotYours, match="不能自己评"):
        actions.judge_joint(matter=receipt.matter, unit="property", verdict=GOOD, by=street, at=at(27))
    with pytest.raises(NotYours, match="不能自己评"):
        actions.judge_call(matter=receipt.matter, unit="property", founded=True, by=street, at=at(27))
    with pytest.raises(NotYours):
        actions.judge_joint(matter=receipt.matter, unit="property", verdict=GOOD, by=dan, at=at(27))
    evening = town.desk("st", at=at(10))
    actions.judge_joint(matter=receipt.matter, unit="property", verdict=GOOD, by=evening, at=at(34))
    actions.judge_call(matter=receipt.matter, unit="property", founded=True, by=evening, at=at(34))


def test_what_is_said_against_somebody_needs_its_reason(town):
    receipt, street = held(town), town.desk("st")
    for verdict in (Verdict(False, False, "poor"), Verdict(True, False, "good"), Verdict(True, True, "poor", "差")):
        with pytest.raises(BadInput, match="实际情况"):
            actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=verdict, by=street, at=at(27))
    with pytest.raises(BadInput, match="报到了"):
        verdict = Verdict(False, False, "poor", "没有来过")
        actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=verdict, by=street, at=at(27))
    with pytest.raises(BadInput, match="依据"):
        actions.judge_call(matter=receipt.matter, unit="st-clean", founded=False, by=town.actor("lei"), at=at(27))


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"purpose": "去"}, "叫来做什么"),
        ({"place": " "}, "在哪里集合"),
        ({"meets": at(1)}, "几点到"),
        ({"meets": at(1 + 24 * 31)}, "几点到"),
        ({"units": ()}, "选要叫哪些单位"),
        ({"units": (("nobody", "清单"),)}, "选要叫哪些单位"),
        ({"units": (("st-clean", "清扫"), ("st-clean", "清扫"))}, "选要叫哪些单位"),
        ({"units": (("st-clean", ""),)}, "为什么叫"),
    ],
)
def test_a_call_says_what_for_where_when_whom_and_why(town, wrong, says):
    receipt = spoken(town, text=STALLS)
    with pytest.raises(BadInput, match=says):
        actions.summon(matter=receipt.matter, call=call("st-clean", **wrong), by=town.desk("st"), at=at(1))
    with store.reading_all():
        assert not Summons.objects.exists() and Matter.objects.get(id=receipt.matter).joint == []


def test_keepers_and_units_call_nobody(town):
    receipt = called(town, "st-clean")
    for who in ("chen", "lei", "leader", "zheng"):
        with pytest.raises(NotYours):
            actions.summon(matter=receipt.matter, call=call("urban"), by=town.actor(who), at=at(1.5))
    with pytest.raises(NotYours):
        actions.report_in(matter=receipt.matter, unit="st-clean", by=town.actor("chen"), at=at(2))
    with pytest.raises(NotYours):
        actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=town.actor("lei"), at=at(26))


def test_whom_the_matter_is_about_is_never_called_and_comes_no_more_when_it_turns_out_to_be(town):
    receipt = spoken(town, text="投诉3栋楼下流动摊贩占道经营，街道城管队收了钱不管")
    with pytest.raises(BadInput, match="回避"):
        actions.summon(matter=receipt.matter, call=call("st-enforce", "st-clean"), by=town.desk("st"), at=at(1))
    assert "st-enforce" not in [unit for unit, _, _ in summonses.to_call(receipt.matter, seen_by=OFFICE, at=at(1))]
    other = spoken(town, text="请问敬老卡怎么办？问了3栋楼下城管队的人，他们糊弄我")
    actions.summon(matter=other.matter, call=call("st-enforce", "st-clean"), by=town.desk("st"), at=at(1))
    actions.sort(matter=other.matter, kind="complaint", why="说的是执法的人", by=OFFICE, at=at(1.2))
    work(1.2)
    assert part(other, "st-enforce").state == "excused" and owed(other, "st-enforce") == {}
    assert tasks.todo(seen_by=town.actor("qiang"), at=at(1.3)) == []
    with pytest.raises(NotFound):
        see(other, town.actor("qiang"), at=at(1.3))
    actions.report_in(matter=other.matter, unit="st-clean", by=town.actor("lei"), at=at(24))
    assert "all_here" in steps(other) and queries.faults() == []


def test_what_was_told_in_confidence_is_called_by_desks_only_and_never_shows_who_told(town):
    text = "举报3栋楼下饭店用地沟油，别说是我"
    receipt = spoken(town, text=text, name="周女士", phone="13800001234", account=town.resident("zhou").ref)
    actions.remark(matter=receipt.matter, text="昨晚又送来两桶", by=teller(receipt), at=at(0.5))
    with pytest.raises(Refused, match="只有值班台"):
        actions.summon(matter=receipt.matter, call=call("st-clean"), by=town.actor("xiujuan"), at=at(1))
    actions.summon(matter=receipt.matter, call=call("st-clean"), by=town.desk("st"), at=at(1))
    assert see(receipt, town.desk("st"), at=at(1)).tellings[0].name
    guest = see(receipt, town.actor("lei"), at=at(1))
    assert [(told.name, told.phone, told.named) for told in guest.tellings] == [("", "", False)]
    assert not [step for step in guest.steps if step.kind in ("told", "remark") and (step.by or step.by_name)]


def test_it_ends_with_its_matter_and_after_a_week_without_a_judgement(town):
    receipt = called(town)
    actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(3))
    work(3)
    assert view(receipt, OFFICE, 3).state == "cancelled" and owed(receipt, "st-clean") == {}
    silent = held(town)
    jobs.tidy_joint_actions(at=at(26) + timedelta(days=6))
    assert view(silent, OFFICE).state == "held"
    jobs.tidy_joint_actions(at=at(26) + timedelta(days=7))
    assert view(silent, OFFICE).state == "ended" and queries.faults() == []


def test_units_hear_of_it_at_once_and_tellers_when_it_is_called_and_held(town):
    receipt = called(town)
    work(1)
    told = notices.told([f"post:{town.post('handler', 'st', 'st-clean')}"])
    assert "30分钟内确认" in told[0].text and told[0].values["spot"] == "3栋楼下"
    actions.report_in(matter=receipt.matter, unit="st-clean", by=town.actor("lei"), at=at(24))
    actions.hold_joint(matter=receipt.matter, minutes=MINUTES, by=town.desk("st"), at=at(26))
    work(26)
    heard = [note.text for note in notices.told([f"telling:{receipt.telling}"])]
    assert any("一起办" in text for text in heard) and any("一起到场" in text for text in heard)


def test_it_goes_behind_the_other_fence_with_its_matter(town):
    receipt = called(town)
    with store.reading_all():
        row = Matter.objects.get(id=receipt.matter)
    elsewhere = town.place("木棉苑1栋")
    with writing(OFFICE, whole=True):
        laid(row, elsewhere)
    with store.reading_all():
        assert {*Summons.objects.values_list("grid"), *Summoned.objects.values_list("grid")} == {(elsewhere.fence,)} != {(row.grid,)}


def test_units_are_counted_and_never_ranked(town):
    receipt, street = held(town), town.desk("st")
    poor = Verdict(True, False, "poor", "晚到半小时，站着看")
    actions.judge_joint(matter=receipt.matter, unit="st-clean", verdict=GOOD, by=street, at=at(27))
    actions.judge_joint(matter=receipt.matter, unit="st-enforce", verdict=poor, by=street, at=at(27))
    actions.judge_call(matter=receipt.matter, unit="st-clean", founded=False, words="每天都扫", by=town.actor("lei"), at=at(27))
    span = {"since": monday_nine, "until": at(100)}
    counted = {row.unit: row for row in summonses.judged_units(**span, seen_by=street)}
    assert list(counted) == sorted(counted) and not any(row.enough for row in counted.values())
    clean, enforce = counted["st-clean"], counted["st-enforce"]
    assert (clean.called, clean.confirmed, clean.came, clean.in_time, clean.good, clean.unfounded) == (1, 1, 1, 1, 1, 1)
    assert (enforce.came, enforce.in_time, enforce.poor, enforce.founded) == (1, 0, 1, 0)
    assert summonses.judged_units(**span, seen_by=town.desk("mm")) == []


def test_half_an_hour_to_confirm_or_until_the_hour_itself():
    assert joint.confirm_due(at(0), at(5)) == at(0.5) and joint.confirm_due(at(0), at(0.2)) == at(0.2)
