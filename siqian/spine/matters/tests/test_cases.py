"""A leader owns a hard matter by name (包案): looks every week, meets whoever told it, never drops it in silence."""

from datetime import date, timedelta

import pytest

from siqian.kernel import store
from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refused
from siqian.spine.matters import actions, cases, queries
from siqian.spine.matters.models import Adoption
from siqian.spine.matters.rules.cases import Facts, why_hard
from siqian.spine.matters.rules.course import Ask
from siqian.testing import monday_nine
from siqian.town.people import actions as people
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as clocks, queries as tasks

from .test_aside import DAY, at, spoken
from .test_joint import work
from .test_walk import see, teller

PLAN = "请消防、物业、业委会一起，两周内定下改造方案"
DAYS = 24.0


def failed_twice(town):
    receipt = spoken(town)
    for hours in (1, 4):
        owner = OFFICE
        actions.contact(matter=receipt.matter, how="phone", text="又问了一遍", by=owner, at=at(hours))
        actions.close(matter=receipt.matter, text="修好了，试过", by=owner, at=at(hours + 1))
        actions.rate(matter=receipt.matter, good=False, words="还是不亮", by=teller(receipt), at=at(hours + 2))
    work(7)
    return receipt


def owned(town):
    receipt = failed_twice(town)
    actions.adopt(matter=receipt.matter, plan=PLAN, by=town.actor("leader"), at=at(8))
    return receipt


def case(receipt, who=OFFICE, hours=8.0):
    return cases.about_case(receipt.matter, seen_by=who, at=at(hours))


def owed(receipt):
    return {clock.what: clock for clock in tasks.clocks(f"adoption:{case(receipt).id}") if clock.stopped is None}


def test_a_leader_owns_it_by_name_looks_every_week_and_meets_whoever_told_it(town, journal):
    receipt, leader = failed_twice(town), town.actor("leader")
    keeper = see(receipt, OFFICE, at=at(8)).line.post
    actions.adopt(matter=receipt.matter, plan=PLAN, by=leader, at=at(8))
    assert actions.adopt(matter=receipt.matter, plan=PLAN, by=leader, at=at(8)) == case(receipt).id
    assert owed(receipt)["lead"].due == at(8) + 7 * DAY and owed(receipt)["meet"].due == at(8) + 15 * DAY
    assert see(receipt, OFFICE, at=at(8)).line.post == keeper != owed(receipt)["lead"].post == town.post("leader", "st")
    for _click in range(2):
        actions.look_at_case(matter=receipt.matter, text="方案定了，物业下周二开工", by=leader, at=at(5 * DAYS))
        actions.meet_teller(matter=receipt.matter, text="当面听了，她只要晚上走得了", by=leader, at=at(6 * DAYS))
    assert owed(receipt)["lead"].due == at(12 * DAYS) and "meet" not in owed(receipt)
    public = [step for step in see(receipt, teller(receipt), at=at(6 * DAYS)).steps if step.kind.startswith("case")]
    assert [step.kind for step in public] == ["case_owned", "case_seen", "case_met"]
    assert public[0].values["keeper"] == "李建华" and public[0].text == PLAN
    names = journal.of(f"matter:{receipt.matter}")
    assert [names.count(name) for name in ("case.owned", "case.seen")] == [1, 2] and queries.faults() == []


def test_the_desk_proposes_and_the_leader_takes_it_on_or_says_why_not(town):
    receipt, street, leader = failed_twice(town), town.desk("st"), town.actor("leader")
    with pytest.raises(BadInput, match="管这里的领导"):
        actions.propose_case(matter=receipt.matter, post=town.post("desk", "st"), reason="两次没办好", by=street, at=at(8))
    post = town.post("leader", "st")
    for _click in range(2):
        actions.propose_case(matter=receipt.matter, post=post, reason="两次没办好，要三方一起", by=street, at=at(8))
    work(8)
    assert any(note.values.get("title") for note in notices.told([f"post:{post}"])) and case(receipt).state == "proposed"
    assert [line.what for line in tasks.todo(seen_by=leader, at=at(8))] == ["lead"]
    with pytest.raises(NotYours):
        actions.decline_case(matter=receipt.matter, why="不归我管这块", by=street, at=at(9))
    actions.decline_case(matter=receipt.matter, why="物业和住建在办，不缺牵头", by=leader, at=at(9))
    assert case(receipt).state == "declined" and owed(receipt) == {}
    actions.propose_case(matter=receipt.matter, post=post, reason="又拖了一周，还是要牵头", by=street, at=at(10))
    actions.adopt(matter=receipt.matter, plan=PLAN, by=leader, at=at(11))
    assert case(receipt).state == "owned" and case(receipt).reason == "又拖了一周，还是要牵头"
    shown = [step.kind for step in see(receipt, teller(receipt), at=at(11)).steps if step.kind.startswith("case")]
    assert shown == ["case_owned"] and queries.faults() == []


def test_of_a_proposal_and_a_leader_who_owns_it_at_once_one_case_is_left(town, race):
    receipt, street, leader = failed_twice(town), town.desk("st"), town.actor("leader")
    post = town.post("leader", "st")
    finishes = race(
        lambda: actions.adopt(matter=receipt.matter, plan=PLAN, by=leader, at=at(8)),
        lambda: actions.propose_case(matter=receipt.matter, post=post, reason="两次没办好", by=street, at=at(8)),
    )
    assert finishes[0].ok and case(receipt).state == "owned" and queries.faults() == []
    with store.reading_all():
        assert Adoption.objects.count() == 1


def test_only_leaders_of_the_place_own_and_only_desks_propose(town):
    receipt = failed_twice(town)
    for who in (town.actor("chen"), town.desk("st"), town.actor("liang"), town.actor("zheng")):
        with pytest.raises(NotYours):
            actions.adopt(matter=receipt.matter, plan=PLAN, by=who, at=at(8))
    with pytest.raises(NotYours):
        actions.propose_case(matter=receipt.matter, post=town.post("leader", "st"), reason="两次没办好", by=town.actor("chen"), at=at(8))


def test_what_is_not_looked_at_climbs_past_the_leaders_own_desk_to_the_district(town):
    receipt = owned(town)
    for days in (7.4, 8.5):
        clocks.climb_what_is_late(at=at(days * DAYS))
        work(days * DAYS)
    assert owed(receipt)["lead"].level == 2
    late = [step for step in see(receipt, OFFICE, at=at(9 * DAYS)).steps if step.kind == "climbed" and step.values["what"] == "lead"]
    assert [step.values["to"] for step in late] == ["st值班台", "rj值班台"] and queries.faults() == []


def test_it_is_handed_to_another_leader_with_the_reason_in_public_never_dropped(town):
    receipt, leader = owned(town), town.actor("leader")
    people.lay_in(
        persons=[people.PersonRow("ma", "马向东", "Ma Xiangdong", 1)],
        seats=[
            people.SeatRow(
                "rj:leader", "leader", "rj", "榕江区分管领导", "Leader of Rongjiang", "ma", tuple((day, 540, 1080) for day in range(7))
            )
        ],
        since=date(2026, 1, 1),
        by=OFFICE,
        at=monday_nine,
    )
    with pytest.raises(BadInput, match="另一位领导"):
        actions.hand_on_case(matter=receipt.matter, post=town.post("leader", "st"), why="我这边忙不过来", by=leader, at=at(9))
    actions.hand_on_case(matter=receipt.matter, post="rj:leader", why="要区里协调住建和消防", by=leader, at=at(9))
    work(9)
    assert (case(receipt).state, case(receipt).name) == ("owned", "马向东") and case(receipt).meet_by == at(8) + 15 * DAY
    with store.reading_all():
        assert list(Adoption.objects.order_by("id").values_list("state", "why")) == [("handed", "要区里协调住建和消防"), ("owned", "")]
    with pytest.raises(NotYours):
        actions.look_at_case(matter=receipt.matter, text="我再看一眼", by=leader, at=at(10))
    shown = [step for step in see(receipt, teller(receipt), at=at(10)).steps if step.kind == "case_moved"]
    assert [step.text for step in shown] == ["要区里协调住建和消防"] and queries.faults() == []


def test_it_ends_with_its_matter(town):
    receipt = owned(town)
    actions.contact(matter=receipt.matter, how="visit", text="到场了", by=OFFICE, at=at(9))
    actions.close(matter=receipt.matter, text="整条线换了，晚上试过", by=OFFICE, at=at(10))
    work(10)
    assert case(receipt).state == "owned"
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(11))
    work(11)
    assert case(receipt).state == "ended" and owed(receipt) == {} and queries.faults() == []
    with pytest.raises(Refused, match="了结"):
        actions.adopt(matter=receipt.matter, plan=PLAN, by=town.actor("leader"), at=at(12))


def test_a_leader_whom_the_matter_is_about_owns_it_never(town):
    receipt = spoken(town, text="投诉街道领导李建华，态度差，楼梯灯坏了三次都不管")
    with pytest.raises(NotYours):
        actions.adopt(matter=receipt.matter, plan=PLAN, by=town.actor("leader"), at=at(1))
    with pytest.raises(BadInput, match="回避"):
        actions.propose_case(matter=receipt.matter, post=town.post("leader", "st"), reason="答应三次没修", by=town.desk("st"), at=at(1))
    assert receipt.matter not in [line.matter for line in cases.hard(seen_by=town.actor("leader"), at=at(1))]


def test_hard_matters_are_named_with_their_reason_the_longest_waiting_first(town):
    easy = spoken(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋")
    ledger = spoken(town, text="5栋外墙渗水，三楼墙面发霉", building="松涛苑5栋")
    ask = Ask("ledger", "要动用维修基金，等业主大会", until=at(20 * DAYS))
    actions.ask(matter=ledger.matter, ask=ask, by=town.actor("chen"), at=at(0.5))
    actions.rule(matter=ledger.matter, granted=True, ruling="同意挂账，按月看", by=town.desk("st"), at=at(1))
    failed, leader = failed_twice(town), town.actor("leader")
    found = cases.hard(seen_by=leader, at=at(8))
    assert [(line.number, [why.code for why in line.why]) for line in found] == [(failed.number, ["failed", "supervised"])]
    assert found[0].may_adopt and not found[0].may_propose and cases.hard(seen_by=town.desk("mm"), at=at(8)) == []
    later = {line.number: [why.code for why in line.why] for line in cases.hard(seen_by=leader, at=at(95 * DAYS))}
    assert later[ledger.number] == ["ledger"] and easy.number not in later
    actions.adopt(matter=failed.matter, plan=PLAN, by=leader, at=at(8.5))
    assert failed.number not in [line.number for line in cases.hard(seen_by=leader, at=at(9))]
    mine = cases.own_cases(seen_by=leader, at=at(9))
    assert [(view.number, view.mine, [why.code for why in view.why]) for view in mine] == [(failed.number, True, ["failed", "supervised"])]


def test_why_a_matter_is_hard_is_told_not_scored():
    now = monday_nine
    assert (
        why_hard(
            Facts(reopened=1, late=("settle", 3, now - timedelta(hours=23)), shelved=now - timedelta(days=89), petition="opinion"), now
        )
        == []
    )
    found = why_hard(Facts(2, True, ("settle", 3, now - timedelta(days=2)), now - timedelta(days=91), "in_review"), now)
    assert [why.code for why in found] == ["failed", "supervised", "late", "ledger", "petition"] and found[3].values == {"n": "91"}
    assert found[2].values == {"what": "settle", "n": "3", "days": "2"}
