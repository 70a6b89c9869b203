"""A step is taken back while nobody has built on it; whoever asks why gets an answer."""

from datetime import timedelta

import pytest

from siqian.kernel.permits import OFFICE, NotYours, Refused
from siqian.spine.matters import actions, queries
from siqian.spine.matters.rules.course import Ask
from siqian.trades.tasks import jobs

from .test_aside import RETURN, at, clock, closed, spoken
from .test_walk import see, tell, teller


def test_what_one_asked_can_be_taken_back_before_anybody_ruled(town, journal):
    receipt, chen = tell(town), town.actor("chen")
    actions.ask(matter=receipt.matter, ask=RETURN, by=chen, at=at(0.1))
    with pytest.raises(NotYours, match="由提的人撤回"):
        actions.retract(matter=receipt.matter, by=town.desk("st"), at=at(0.2))
    for minutes in (0.2, 0.3):
        actions.retract(matter=receipt.matter, by=chen, at=at(minutes))
    view = see(receipt, chen, at=at(0.3))
    assert view.line.state == "accepted" and view.waiting is None and view.settle.due == receipt.settle_due
    assert clock(receipt, "rule").stopped == at(0.2)
    assert [step.kind for step in view.steps].count("retracted") == 1
    assert journal.of(f"matter:{receipt.matter}")[-1] == "request.ruled"
    # It was never ruled, so the window is still open.
    assert view.offers["return"] is None and view.offers["retract"] is not None
    assert queries.faults() == []


def test_an_extension_taken_back_leaves_the_clock_as_it_was(town):
    receipt, chen = spoken(town), town.actor("chen")
    due = clock(receipt, "settle").due
    actions.ask(matter=receipt.matter, ask=Ask("extension", "厂家后天才到", amount=2), by=chen, at=at(1.2))
    actions.retract(matter=receipt.matter, by=chen, at=at(1.3))
    assert clock(receipt, "settle").due == due and see(receipt, chen, at=at(1.3)).offers["extend"] is None
    with pytest.raises(Refused, match="没有在等裁定"):
        actions.rule(matter=receipt.matter, granted=True, ruling="属实，同意", by=town.desk("st"), at=at(1.4))


def test_a_closing_by_mistake_is_undone_within_minutes_and_gains_no_time(town, journal):
    receipt, chen = closed(town), town.actor("chen")
    settle = clock(receipt, "settle")
    assert see(receipt, chen, at=at(2.1)).offers["take_back"] is None
    with pytest.raises(Refused, match="10分钟"):
        actions.take_back(matter=receipt.matter, by=town.actor("xiujuan"), at=at(2.1))
    for _ in range(2):
        actions.take_back(matter=receipt.matter, by=chen, at=at(2.1))
    view = see(receipt, chen, at=at(2.1))
    assert view.line.state == "in_hand" and view.line.closed is None
    now = clock(receipt, "settle")
    assert (now.started, now.due, now.stopped) == (settle.started, settle.due, None)
    assert clock(receipt, "rate").stopped == at(2.1)
    assert journal.of(f"matter:{receipt.matter}")[-1] == "matter.taken_back"
    actions.close(matter=receipt.matter, text="这回真换好了", by=chen, at=at(3))
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(4))
    assert queries.faults() == []


def test_a_closing_is_not_undone_late_nor_after_its_teller_spoke(town):
    late, spoke, chen = closed(town), closed(town, text="4栋电梯按钮坏了，按了没反应"), town.actor("chen")
    with pytest.raises(Refused, match="10分钟"):
        actions.take_back(matter=late.matter, by=chen, at=at(2) + timedelta(minutes=11))
    actions.remark(matter=spoke.matter, text="还是不行", by=teller(spoke), at=at(2.05))
    with pytest.raises(Refused, match="10分钟"):
        actions.take_back(matter=spoke.matter, by=chen, at=at(2.1))


def test_after_a_stage_answer_a_closing_is_neither_undone_nor_offered_to_be(town):
    receipt, chen = spoken(town), town.actor("chen")
    actions.stage(matter=receipt.matter, text="物业找厂家订新灯，刘工负责", until=at(48), by=chen, at=at(2))
    actions.close(matter=receipt.matter, text="换了新灯座，亮了", by=chen, at=at(3))
    refusal = see(receipt, chen, at=at(3.05)).offers["take_back"]
    assert refusal is not None
    with pytest.raises(Refused, match="10分钟"):
        actions.take_back(matter=receipt.matter, by=chen, at=at(3.05))


def test_a_clock_that_runs_on_climbs_when_it_is_due(town):
    receipt, chen = closed(town), town.actor("chen")
    actions.take_back(matter=receipt.matter, by=chen, at=at(2.1))
    jobs.climb_what_is_late(at=at(25))
    assert clock(receipt, "settle").level == 1


def test_whoever_asks_why_it_takes_so_long_is_owed_a_word(town, journal):
    receipt, chen, who = spoken(town), town.actor("chen"), None
    who = teller(receipt)
    actions.ask_why(matter=receipt.matter, by=who, at=at(5))
    asked = clock(receipt, "explain")
    assert asked.due == at(9) and asked.post == town.post("keeper", "ry-g2")
    with pytest.raises(Refused, match="一天问一次"):
        actions.ask_why(matter=receipt.matter, by=who, at=at(6))
    actions.contact(matter=receipt.matter, how="message", text="灯座缺货，明早到，到了就换", by=chen, at=at(7))
    assert clock(receipt, "explain").stopped == at(7)
    kinds = [step.kind for step in see(receipt, who, at=at(7)).steps]
    assert "why_asked" in kinds and journal.of(f"matter:{receipt.matter}").count("why.asked") == 1
    assert queries.faults() == []


def test_nobody_answers_and_it_climbs_and_it_goes_with_the_matter(town):
    receipt = spoken(town)
    actions.ask_why(matter=receipt.matter, by=teller(receipt), at=at(2))
    actions.move(matter=receipt.matter, post=town.post("secretary", "ry"), why="要书记出面", by=OFFICE, at=at(3))
    assert clock(receipt, "explain").post == town.post("secretary", "ry")
    jobs.climb_what_is_late(at=at(6.1))
    assert clock(receipt, "explain").level == 1
    actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(7))
    assert clock(receipt, "explain").stopped == at(7) and queries.faults() == []
    with pytest.raises(Refused):
        actions.ask_why(matter=receipt.matter, by=teller(receipt), at=at(40))
