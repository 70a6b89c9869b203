"""A matter in parts with one lead."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import links, store
from siqian.kernel.permits import ANYONE, BadInput, NotYours, Refused
from siqian.spine.matters import actions, jobs, queries, rules
from siqian.spine.matters.models import Matter
from siqian.spine.matters.rules.measures import Mark
from siqian.spine.matters.rules.parts import Wanted
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine
from siqian.trades.notices.models import Notice

from .in_parts import at, deliver, divided, settle, state, steps, tell, teller


def test_the_whole_closes_only_when_its_parts_are_over(town, journal):
    receipt = tell(town)
    leak, card = receipt.others
    actions.contact(matter=receipt.matter, how="phone", text="马上来看灯", by=town.actor("chen"), at=at(0.2))
    with pytest.raises(Refused, match=f"还有2件没办完：{leak.number} 陈志明、{card.number} 方若兰"):
        actions.close(matter=receipt.matter, text="换了灯，亮了", by=town.actor("chen"), at=at(0.5))
    settle(town, leak.matter, hours=1)
    assert state(leak.matter) == "settled" and journal.of(f"matter:{leak.matter}")[-1] == "matter.closed"
    actions.withdraw(matter=card.matter, by=teller(receipt), at=at(2))
    deliver(at=at(2))
    assert journal.of(f"matter:{receipt.matter}")[-1] == "parts.done" and "parts_done" in steps(receipt.matter)
    with store.reading_all():
        told = Notice.objects.filter(to=f"post:{town.post('keeper', 'ry-g2')}", about=f"matter:{receipt.matter}").values_list(
            "text", flat=True
        )
        assert any("都办完了" in text for text in told)
    actions.close(matter=receipt.matter, text="换了灯，亮了", by=town.actor("chen"), at=at(3))
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(4))
    assert state(receipt.matter) == "settled" and queries.faults() == []


def test_a_part_is_settled_work_and_satisfaction_counts_once(town):
    receipt = tell(town, "楼道灯坏了，另外楼下垃圾桶满了没人收")
    bins = receipt.others[0]
    settle(town, bins.matter, hours=0.1)
    settle(town, receipt.matter, hours=0.4)
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(3))
    week = {fact.matter: fact.marks for fact in queries.counted(monday_nine - timedelta(days=1), monday_nine + timedelta(days=14))}
    for id_ in (receipt.matter, bins.matter):
        assert week[id_] & Mark.RECEIVED and week[id_] & Mark.SETTLE and week[id_] & Mark.RESPOND
        assert not week[id_] & (Mark.SETTLE_LATE | Mark.RESPOND_LATE)
    assert week[receipt.matter] & Mark.RATED and week[receipt.matter] & Mark.GOOD
    assert not week[bins.matter] & (Mark.RATE | Mark.RATED | Mark.SILENT | Mark.REOPENED)
    # Nobody is asked about it, and nothing settles it a second time.
    assert jobs.settle_what_nobody_rated(at=at(24 * 9)) == 0
    with pytest.raises(Refused):
        actions.rate(matter=bins.matter, good=False, by=teller(receipt), at=at(5))


def test_a_part_for_which_a_neighbour_waits_is_rated_by_them(town):
    receipt = tell(town, "楼道灯坏了，另外三楼王阿姨家漏水")
    leak = receipt.others[0]
    lin = tell(town, "三楼王阿姨家漏水")
    assert lin.joined and lin.matter == leak.matter
    settle(town, leak.matter, hours=1)
    assert state(leak.matter) == "closed"
    # Closed is over for the whole: nobody works on it.
    settle(town, receipt.matter, hours=2)
    actions.rate(matter=leak.matter, good=True, by=teller(lin), at=at(3))
    assert state(leak.matter) == "settled" and queries.faults() == []


def test_reopening_the_whole_leaves_its_parts_and_it_can_be_divided_again(town):
    receipt, (wall,) = divided(town, ("墙皮脱落要铲掉重刷", "3.2.5"))
    settle(town, wall, hours=2)
    settle(town, receipt.matter, hours=3)
    actions.rate(matter=receipt.matter, good=False, words="墙又掉了", by=teller(receipt), at=at(4))
    assert (state(receipt.matter), state(wall)) == ("assigned", "settled")
    (again,) = actions.divide(matter=receipt.matter, parts=[Wanted("墙皮脱落要铲掉重刷", "3.2.5")], by=town.desk("ry"), at=at(5))
    assert again != wall and state(again) == "assigned" and queries.faults() == []


def test_an_owner_divides_and_leads(town, journal):
    receipt, (wall, bike) = divided(town, ("三楼墙皮脱落掉了一地", ""), ("电动车在楼道充电很危险", ""))
    with store.reading_all():
        row = Matter.objects.get(id=wall)
        assert (remit.item(row.item).zh, row.place, row.whole_id, row.tellings) == ("楼道墙面脱落", "松涛苑3栋", receipt.matter, 1)
        assert row.received == at(1) and row.grid == Matter.objects.get(id=receipt.matter).grid
    assert steps(wall) == ["told", "assigned"] and steps(receipt.matter)[-1] == "divided"
    assert journal.of(f"matter:{receipt.matter}")[-1] == "matter.divided" and journal.of(f"matter:{bike}") == ["matter.received"]
    zhou = teller(receipt)
    assert {line.id for line in queries.told_together(receipt.matter, seen_by=zhou)} == {wall, bike}
    assert queries.whole_of(wall, seen_by=zhou).number == receipt.number
    shown = queries.of_whole(receipt.matter, seen_by=town.actor("chen"))
    assert [(line.keeper, line.state, line.shown, line.due is not None) for line in shown] == [("陈志明", "assigned", True, True)] * 2
    assert queries.faults() == []


def test_the_same_part_asked_for_twice_is_made_once(town):
    receipt, first = divided(town, ("三楼墙皮脱落掉了一地", ""))
    again = actions.divide(matter=receipt.matter, parts=[Wanted("三楼墙皮脱落掉了一地")], by=town.actor("chen"), at=at(1.1))
    assert again == first
    with store.reading_all():
        assert Matter.objects.count() == 2 and steps(receipt.matter).count("divided") == 1


def test_neighbours_who_wait_for_the_whole_wait_for_its_parts(town):
    receipt = tell(town, "楼道灯坏了，看不清路")
    lin = tell(town, "楼道灯坏了，晚上看不清路")
    assert lin.joined
    (wall,) = actions.divide(matter=receipt.matter, parts=[Wanted("三楼墙皮脱落掉了一地")], by=town.actor("chen"), at=at(1))
    assert f"matter:{wall}" in teller(lin).own and f"matter:{wall}" in teller(receipt).own
    with store.reading_all():
        assert Matter.objects.get(id=wall).tellings == 2
    assert queries.faults() == []


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], "写出要分出去的事"),
        ([("短", "3.2.5")], "至少4个字"),
        ([("墙皮脱落要重刷", "99.9.9")], "责任清单里没有99.9.9"),
        ([("这里有点事情要看", "")], "是哪一类事"),
        ([("墙皮脱落要重刷", "3.2.5")] * 7, "最多分出6件"),
    ],
)
def test_a_part_says_what_it_is(town, parts, why):
    receipt = tell(town, "楼道灯坏了")
    with pytest.raises(BadInput, match=why):
        actions.divide(matter=receipt.matter, parts=[Wanted(*part) for part in parts], by=town.actor("chen"), at=at(1))
    with store.reading_all():
        assert Matter.objects.count() == 1


def test_what_cannot_be_divided(town):
    receipt, (wall,) = divided(town, ("三楼墙皮脱落掉了一地", ""))
    one = [Wanted("楼下垃圾桶满了没人收")]
    with pytest.raises(Refused, match="到总件上去分"):
        actions.divide(matter=wall, parts=one, by=town.actor("chen"), at=at(2))
    with pytest.raises(NotYours):
        actions.divide(matter=receipt.matter, parts=one, by=town.actor("chunmei"), at=at(2))
    petition = tell(town, "这是我的信访：对物业的答复不服", home="松涛苑5栋")
    with pytest.raises(Refused, match="信访按自己的程序办"):
        actions.divide(matter=petition.matter, parts=one, by=town.desk("ry"), at=at(2))
    nowhere = intake.take(message=Message(text="楼道灯坏了", channel="web"), by=ANYONE, at=monday_nine)
    with pytest.raises(Refused, match="先定在哪里"):
        actions.divide(matter=nowhere.matter, parts=one, by=town.actor("liang"), at=at(2))


def test_a_part_keeps_what_was_told_in_confidence(town):
    receipt = tell(town, "举报：楼下餐馆无证经营，请查处")
    (oil,) = actions.divide(matter=receipt.matter, parts=[Wanted("楼下餐馆油烟直排，呛人")], by=town.desk("ry"), at=at(1))
    with store.reading_all():
        row = Matter.objects.get(id=oil)
        assert row.discreet and row.kind == "report"


def test_a_whole_that_waits_for_its_parts_goes_on_when_the_last_is_over(town):
    receipt, (wall,) = divided(town, ("三楼墙皮脱落掉了一地", ""))
    chen = town.actor("chen")
    actions.contact(matter=receipt.matter, how="phone", text="灯换好了，墙另外有人来", by=chen, at=at(1.5))
    actions.hold(matter=receipt.matter, why="parts", text="等墙面修好", by=chen, at=at(2))
    settle(town, wall, hours=5)
    deliver(at=at(6))
    assert state(receipt.matter) == "in_hand" and steps(receipt.matter)[-2:] == ["parts_done", "resumed"]
    with pytest.raises(BadInput, match="没有还在办的分办件"):
        actions.hold(matter=receipt.matter, why="parts", text="等墙面修好", by=chen, at=at(7))
    assert queries.faults() == []


def test_who_needs_the_whole_no_more_needs_its_parts_no_more(town):
    receipt = tell(town)
    leak, card = receipt.others
    lin = tell(town, "三楼王阿姨家漏水")
    assert lin.joined
    actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(1))
    # A neighbour waits for the leak: it goes on.
    assert (state(receipt.matter), state(leak.matter), state(card.matter)) == ("withdrawn", "assigned", "withdrawn")
    assert queries.faults() == []


def test_a_refused_whole_leaves_its_parts_running(town):
    receipt, (wall,) = divided(town, ("三楼墙皮脱落掉了一地", ""))
    gate = next(iter(remit.gates()))
    actions.ask(matter=receipt.matter, ask=rules.course.Ask("refuse", "已经到法院了", clause=gate), by=town.actor("chen"), at=at(2))
    actions.rule(matter=receipt.matter, granted=True, ruling="确实在打官司", by=town.desk("st"), at=at(3))
    assert (state(receipt.matter), state(wall)) == ("refused", "assigned")
    settle(town, wall, hours=4)
    deliver(at=at(5))
    assert state(wall) == "settled" and queries.faults() == []


def test_a_part_goes_back_into_the_whole_while_nobody_took_it_up(town, journal):
    receipt, (wall, bike) = divided(town, ("三楼墙皮脱落掉了一地", ""), ("电动车在楼道充电很危险", ""))
    chen = town.actor("chen")
    for _ in range(2):
        actions.gather(matter=wall, by=chen, at=at(1.5))
    assert state(wall) == "gathered" and journal.of(f"matter:{wall}") == ["matter.received", "part.gathered"]
    assert steps(wall)[-1] == "gathered" and steps(receipt.matter).count("gathered") == 1
    assert links.came_from(f"matter:{wall}", "part") == [f"matter:{receipt.matter}"]
    actions.accept(matter=bike, by=chen, at=at(1.6))
    with pytest.raises(Refused, match="已经有人签收"):
        actions.gather(matter=bike, by=chen, at=at(1.7))
    with pytest.raises(Refused, match="总件还在办的分办件"):
        actions.gather(matter=receipt.matter, by=chen, at=at(1.7))
    # It is done with the whole: counted nowhere, and nobody waits for it.
    week = {fact.matter for fact in queries.counted(monday_nine - timedelta(days=1), monday_nine + timedelta(days=14))}
    assert wall not in week and {receipt.matter, bike} <= week
    (again,) = actions.divide(matter=receipt.matter, parts=[Wanted("三楼墙皮脱落掉了一地")], by=chen, at=at(1.8))
    assert again != wall
    with pytest.raises(Refused, match="超过1小时"):
        actions.gather(matter=again, by=chen, at=at(3))
    assert queries.faults() == []


def test_a_whole_whose_parts_all_went_back_closes_as_any_other(town):
    receipt, (wall,) = divided(town, ("三楼墙皮脱落掉了一地", ""))
    chen = town.actor("chen")
    actions.contact(matter=receipt.matter, how="phone", text="马上来看", by=chen, at=at(1.1))
    actions.hold(matter=receipt.matter, why="parts", text="等墙面修好", by=chen, at=at(1.2))
    actions.gather(matter=wall, by=chen, at=at(1.3))
    deliver(at=at(1.4))
    assert state(receipt.matter) == "in_hand" and "parts_done" not in steps(receipt.matter)
    actions.close(matter=receipt.matter, text="灯和墙都修好了", by=chen, at=at(5))
    assert queries.faults() == []


def test_two_who_divide_at_once_make_the_parts_once(town, race):
    receipt = tell(town, "楼道灯坏了，墙也要看看")
    chen, desk, part = town.actor("chen"), town.desk("ry"), [Wanted("三楼墙皮脱落掉了一地")]
    finishes = race(
        lambda: actions.divide(matter=receipt.matter, parts=part, by=chen, at=at(1)),
        lambda: actions.divide(matter=receipt.matter, parts=part, by=desk, at=at(1)),
    )
    assert [finish.ok for finish in finishes] == [True, True]
    with store.reading_all():
        assert Matter.objects.count() == 2
    assert queries.faults() == []


def test_who_divides_while_another_closes_leaves_no_closed_whole_with_an_open_part(town, race):
    receipt = tell(town, "楼道灯坏了，墙也要看看")
    chen, desk = town.actor("chen"), town.desk("ry")
    actions.contact(matter=receipt.matter, how="phone", text="马上来看", by=chen, at=at(0.2))
    finishes = race(
        lambda: actions.close(matter=receipt.matter, text="换了灯，亮了", by=chen, at=at(1)),
        lambda: actions.divide(matter=receipt.matter, parts=[Wanted("三楼墙皮脱落掉了一地")], by=desk, at=at(1)),
    )
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert queries.faults() == []


def test_taking_back_and_withdrawing_at_once_wait_for_each_other(town, race):
    receipt, (wall,) = divided(town, ("三楼墙皮脱落掉了一地", ""))
    chen, zhou = town.actor("chen"), teller(receipt)
    race(
        lambda: actions.gather(matter=wall, by=chen, at=at(1.2)),
        lambda: actions.withdraw(matter=receipt.matter, by=zhou, at=at(1.2)),
    )
    assert state(receipt.matter) == "withdrawn" and state(wall) in ("gathered", "withdrawn")
    assert queries.faults() == []
