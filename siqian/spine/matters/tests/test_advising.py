"""Beside a reply that is being written: what it leaves open, how the like was settled before; nothing of it is kept."""

import pytest

from siqian.kernel.models import Entry
from siqian.kernel.permits import NotFound
from siqian.spine.matters import actions, advising
from siqian.testing import monday_nine

from .test_aside import at
from .test_walk import tell, teller


def settled(town, text, words, building="松涛苑3栋", good=True):
    receipt = tell(town, text=text, building=building)
    chen = town.actor("chen")
    actions.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=at(0.2))
    actions.close(matter=receipt.matter, text=words, by=chen, at=at(0.5))
    if good:
        actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(0.6))
    return receipt


def test_what_a_reply_leaves_open_is_told_to_whoever_writes_it(town):
    receipt = tell(town, text="3栋东边楼梯2楼的灯坏了，什么时候能修好")
    found = advising.advice(receipt.number, "您好，已转有关部门处理", seen_by=town.actor("chen"), at=at(0.3))
    assert [hint.what for hint in found.hints] == ["passed"]
    found = advising.advice(receipt.number, "楼梯的灯座正在采购当中，到货马上更换", seen_by=town.actor("chen"), at=at(0.3))
    assert [hint.what for hint in found.hints] == ["when"]


def test_the_like_that_was_settled_lends_its_words_the_best_first_and_a_copy_is_told(town):
    words = "换了二楼楼梯的灯座和灯泡，晚上八点到现场试过，已经恢复照明，请放心使用"
    plain = settled(town, "3栋西边楼梯5楼的灯坏了", "换了灯座", good=False)
    best = settled(town, "3栋东边楼梯2楼的灯坏了", words)
    lamp = tell(town, text="4栋北边楼梯3楼的灯坏了", building="松涛苑4栋")
    found = advising.advice(lamp.number, words, seen_by=town.actor("chen"), at=at(2))
    assert [(one.number, one.words) for one in found.settled] == [(best.number, words), (plain.number, "换了灯座")]
    assert [(hint.what, hint.of) for hint in found.hints] == [("copied", best.number)]


def test_whoever_may_not_read_a_matter_is_advised_on_nothing_of_it(town):
    receipt = tell(town, text="3栋东边楼梯2楼的灯坏了")
    with pytest.raises(NotFound):
        advising.advice(receipt.number, "换了灯", seen_by=town.actor("lei"), at=at(0.3))


def test_the_page_asks_while_somebody_writes_and_nothing_is_kept(town, signed_in):
    receipt = tell(town, text="3栋东边楼梯2楼的灯坏了", at=monday_nine)
    entries, chen = Entry.objects.count(), signed_in("chen")
    answer = chen.post(f"/desk/matters/{receipt.number}/advice", {"text": "已转有关部门处理"})
    assert answer.status_code == 200 and "只说转给了别人" in answer.content.decode()
    assert chen.get(f"/desk/matters/{receipt.number}/advice").status_code == 405
    assert signed_in("lei").post(f"/desk/matters/{receipt.number}/advice", {"text": "换了灯"}).status_code == 404
    assert Entry.objects.count() == entries
