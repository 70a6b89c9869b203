"""Whom a complaint is about neither gets it, nor reads it, nor learns of it by a precedent."""

import pytest

from siqian.kernel.permits import OFFICE, BadInput, NotFound
from siqian.spine.matters import actions, queries

from .test_aside import RETURN, at
from .test_walk import see, tell, teller

ACCUSED = "投诉网格员陈志明，态度差，楼梯灯坏了三次都不管"


def test_whom_a_complaint_is_about_gets_it_neither_when_it_is_placed_nor_again_nor_by_transfer(town):
    receipt = tell(town, text=ACCUSED, building="")
    item = see(receipt, OFFICE).line.item
    wanted = item if item != "18.9.9" else "2.2.2"
    actions.assign(matter=receipt.matter, item=wanted, building=town.building("松涛苑3栋"), by=OFFICE, at=at(0.1))
    chen = town.post("keeper", "ry-g2")
    assert see(receipt, OFFICE).line.post != chen
    with pytest.raises(NotFound):
        see(receipt, town.actor("chen"), at=at(0.2))
    with pytest.raises(BadInput, match="按回避规定"):
        actions.move(matter=receipt.matter, post=chen, why="他那一格的", by=OFFICE, at=at(0.3))
    for hours in (1, 5):
        actions.contact(matter=receipt.matter, how="phone", text="谈过了", by=OFFICE, at=at(hours))
        actions.close(matter=receipt.matter, text="批评过，也道了歉", by=OFFICE, at=at(hours + 1))
        actions.rate(matter=receipt.matter, good=False, words="还是那样", by=teller(receipt), at=at(hours + 2))
        assert see(receipt, OFFICE).line.post != chen
    actions.ask(matter=receipt.matter, ask=RETURN, by=OFFICE, at=at(8))
    with pytest.raises(BadInput, match="按回避规定"):
        actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", post=chen, by=town.desk("rj"), at=at(9))
    actions.rule(matter=receipt.matter, granted=False, ruling="照清单办", by=town.desk("rj"), at=at(9))
    # What was told in confidence is no precedent for others to read.
    assert queries.precedents(wanted, "return", seen_by=town.actor("chen")) == []
