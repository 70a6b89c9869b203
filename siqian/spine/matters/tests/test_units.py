"""Units and their people: what they are shown, what goes to them, what is told against them."""

import pytest

from siqian.kernel.permits import OFFICE, BadInput, NotFound
from siqian.spine.matters import actions, queries
from siqian.spine.matters.rules.course import Ask
from siqian.spine.matters.rules.parts import Wanted

from .test_aside import RETURN, at
from .test_walk import see, tell, teller

ACCUSED = "投诉3栋楼下流动摊贩占道经营，街道城管队收了钱不管"
ROAD = "3栋楼下人行道的路灯不亮"


def given_to_the_unit(town):
    receipt = tell(town, text=ROAD)
    actions.ask(matter=receipt.matter, ask=RETURN, by=town.actor("chen"), at=at(0.1))
    actions.rule(matter=receipt.matter, granted=True, ruling="路灯归市政，照清单3.3.1", by=town.desk("st"), at=at(1))
    return receipt


def test_what_is_ruled_to_be_a_units_goes_to_its_own_people_who_settle_it(town):
    receipt, dan = given_to_the_unit(town), town.actor("dan")
    actions.accept(matter=receipt.matter, by=dan, at=at(1.1))
    actions.contact(matter=receipt.matter, how="phone", text="我是城管局的，下午来修", by=dan, at=at(1.2))
    actions.close(matter=receipt.matter, text="换了灯泡，亮了", by=dan, at=at(4))
    assert see(receipt, teller(receipt), at=at(4)).line.state in ("closed", "to_check")
    assert queries.faults() == []


def test_a_units_people_are_shown_what_their_unit_answers_for_and_nothing_else(town):
    theirs, lamp = given_to_the_unit(town), tell(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋")
    dan, lei = town.actor("dan"), town.actor("lei")
    assert [line.number for line in queries.find(seen_by=dan)] == [theirs.number]
    assert see(theirs, dan).unit == "urban"
    assert queries.find(seen_by=lei) == [] and sum(queries.states(seen_by=lei).values()) == 0
    for receipt, who in ((lamp, dan), (lamp, lei), (theirs, lei)):
        with pytest.raises(NotFound):
            see(receipt, who)


def test_a_complaint_against_a_unit_goes_to_its_overseer_and_never_to_its_own_people(town):
    receipt = tell(town, text=ACCUSED)
    view = see(receipt, OFFICE)
    assert view.unit == "urban"
    qiang = town.actor("qiang")
    with pytest.raises(NotFound):
        see(receipt, qiang)
    assert queries.find(seen_by=qiang) == [] and receipt.matter not in queries.lines([receipt.matter], seen_by=qiang)
    own = town.post("handler", "st", "st-enforce")
    with pytest.raises(BadInput, match="按回避规定"):
        actions.move(matter=receipt.matter, post=own, why="他们的事", by=OFFICE, at=at(0.2))
    actions.ask(matter=receipt.matter, ask=Ask("return", "归街道执法", unit="st-enforce", clause="1.1.1"), by=OFFICE, at=at(0.3))
    with pytest.raises(BadInput, match="判给别的单位"):
        actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", by=town.desk("rj"), at=at(0.4))
    actions.rule(matter=receipt.matter, granted=True, ruling="由上级单位办", unit="urban", by=town.desk("rj"), at=at(0.5))
    assert see(receipt, town.actor("dan"), at=at(0.5)).line.post == town.post("handler", "rj", "urban")
    assert queries.faults() == []


def test_a_part_against_a_unit_goes_to_its_overseer_and_its_people_are_not_shown_that_there_is_one(town):
    receipt, qiang = tell(town, text="投诉3栋楼下流动摊贩占道经营"), town.actor("qiang")
    own = town.post("handler", "st", "st-enforce")
    actions.move(matter=receipt.matter, post=own, why="归执法", by=OFFICE, at=at(0.2))
    wanted = [Wanted(ACCUSED), Wanted("3栋楼下的垃圾桶满了没人清")]
    accused, bin_ = actions.divide(matter=receipt.matter, parts=wanted, by=OFFICE, at=at(0.3))
    view = queries.seen(queries.number_of(accused), seen_by=OFFICE, at=at(0.4))
    assert view.unit == "urban" and view.recused == ("st-enforce",) and view.line.post != own
    assert [line.id for line in queries.of_whole(receipt.matter, seen_by=qiang)] == [bin_]
    assert [line.id for line in queries.of_whole(receipt.matter, seen_by=OFFICE)] == [accused, bin_]


def test_who_only_asks_a_unit_to_come_is_not_against_it(town):
    receipt = tell(town, text="投诉3栋楼下占道经营，请城管队来管一管")
    assert see(receipt, OFFICE).unit == "st-enforce"
    actions.move(matter=receipt.matter, post=town.post("handler", "st", "st-enforce"), why="归执法", by=OFFICE, at=at(0.2))
    assert see(receipt, town.actor("qiang"), at=at(0.2)).line.post == town.post("handler", "st", "st-enforce")


def test_what_turns_out_to_be_against_a_unit_is_taken_from_it(town):
    receipt = tell(town, text="请问敬老卡怎么办？问了3栋楼下城管队的人，他们糊弄我")
    assert see(receipt, OFFICE).line.kind == "consult"
    own = town.post("handler", "st", "st-enforce")
    actions.move(matter=receipt.matter, post=own, why="归执法", by=OFFICE, at=at(0.2))
    actions.sort(matter=receipt.matter, kind="complaint", why="说的是执法的人", by=OFFICE, at=at(0.3))
    view = see(receipt, OFFICE, at=at(0.4))
    assert view.line.post != own
    with pytest.raises(NotFound):
        see(receipt, town.actor("qiang"), at=at(0.4))


def test_what_is_given_to_a_unit_that_does_not_lead_is_theirs_to_read_and_settle(town):
    receipt = tell(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋")
    lei, own = town.actor("lei"), town.post("handler", "st", "st-clean")
    actions.move(matter=receipt.matter, post=own, why="请先来看看", by=OFFICE, at=at(0.2))
    assert see(receipt, lei, at=at(0.3)).line.post == own and [line.number for line in queries.find(seen_by=lei)] == [receipt.number]
    actions.contact(matter=receipt.matter, how="phone", text="马上到", by=lei, at=at(0.4))
    actions.move(matter=receipt.matter, post=town.post("keeper", "ry-g2"), why="还是网格来", by=OFFICE, at=at(0.5))
    with pytest.raises(NotFound):
        see(receipt, lei, at=at(0.6))
