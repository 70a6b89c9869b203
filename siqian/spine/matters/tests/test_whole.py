"""A matter is whole, however it came to be; whatever is bent behind the verbs' back is named."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions, queries
from siqian.spine.matters.rules.course import Ask
from siqian.testing import monday_nine
from siqian.town.people import queries as people


@pytest.fixture
def told(town):
    """Two matters: one that waits in 陈志明's grid, one that was closed."""
    numbers = []
    for text, home in (("3栋东边楼梯2楼的灯坏了", "松涛苑3栋"), ("4栋电梯按钮坏了，按了没反应", "松涛苑4栋")):
        receipt = intake.take(message=Message(text=text, channel="web", building=town.building(home)), by=ANYONE, at=monday_nine)
        numbers.append((receipt.matter, receipt.number))
    chen, closed = town.actor("chen"), numbers[1][0]
    actions.contact(matter=closed, how="phone", text="问清了", by=chen, at=monday_nine + timedelta(minutes=9))
    actions.close(matter=closed, text="换了按钮，试过", by=chen, at=monday_nine + timedelta(hours=3))
    return numbers


def test_what_was_lived_through_the_verbs_is_whole(town, told):
    (waiting, _), (closed, _) = told
    actions.move(matter=waiting, post=town.post("secretary", "ry"), why="要书记出面", by=OFFICE, at=monday_nine + timedelta(minutes=5))
    actions.rate(matter=closed, good=False, words="还是不行", by=_teller(closed), at=monday_nine + timedelta(hours=4))
    assert queries.faults() == []


def test_a_matter_that_was_extended_before_and_after_it_was_reopened_is_whole(town, told):
    (_, _), (closed, _) = told
    opened = monday_nine + timedelta(hours=4)
    actions.rate(matter=closed, good=False, words="还是不行", by=_teller(closed), at=opened)
    for round_ in range(2):
        at = opened + timedelta(hours=2 + 3 * round_)
        row = queries.lines([closed], seen_by=OFFICE)[closed]
        owner = town.actor(_sitting(row.post, at), at=at)
        actions.contact(matter=closed, how="phone", text="问清了", by=owner, at=at)
        actions.ask(matter=closed, ask=Ask("extension", "厂家后天才到", amount=1 + round_), by=owner, at=at + timedelta(minutes=5))
        actions.rule(matter=closed, granted=True, ruling="厂家没有现货，属实", by=town.actor("liang"), at=at + timedelta(minutes=9))
        actions.close(matter=closed, text="换了按钮，试过", by=owner, at=at + timedelta(minutes=20))
        if round_ == 0:
            actions.rate(matter=closed, good=False, words="又坏了", by=_teller(closed), at=at + timedelta(hours=1))
    assert queries.faults() == []


def _sitting(post: str, at):
    card = people.card_of(post, at=at)
    return card.person


def _teller(matter: int):
    from siqian.kernel.permits import Actor

    return Actor(ref="receipt:x", own=frozenset({f"matter:{matter}"}))


BENT = [
    ("update matters_matter set state = 'lost' where id = {waiting}", "没有“lost”这个状态"),
    ("update matters_matter set post = 'nobody' where id = {waiting}", "责任岗位“nobody”不在名单上"),
    ("update matters_matter set post = '' where id = {waiting}", "责任岗位“”不在名单上"),
    ("update matters_matter set tellings = 3 where id = {waiting}", "记着3次诉说，实有1次"),
    ("update matters_telling set how = 'sure' where matter_id = {waiting}", "记着1次诉说，实有1次"),
    ("update tasks_task set stopped = started where about = 'matter:{waiting}' and what = 'settle'", "正在走的时限是accept、respond"),
    ("update tasks_task set stopped = null where about = 'matter:{closed}' and what = 'settle'", "closed的事正在走的时限是"),
    ("update tasks_task set due = started where about = 'matter:{waiting}' and what = 'respond'", "respond时限的到期时间和规则"),
    ("update tasks_task set due = started where about = 'matter:{waiting}' and what = 'settle'", "settle时限的到期时间和规则"),
    ("update tasks_task set started = stopped, stopped = started where about = 'matter:{closed}' and what = 'accept'", "停得比开始还早"),
    ("update matters_step set at = '2026-07-01 00:00:00+00' where matter_id = {closed} and kind = 'closed'", "经过的先后是乱的"),
    ("delete from matters_step where matter_id = {waiting} and kind = 'told'", "经过不是从诉说开始的"),
    ("delete from matters_step where matter_id = {closed} and kind = 'phone'", "没有人联系过说事的人"),
    ("update tasks_task set about = 'matter:999' where about = 'matter:{waiting}' and what = 'respond'", "task:matter:999找不到它的事"),
    ("update matters_step set matter_id = 999 where matter_id = {closed} and kind = 'closed'", "找不到它的事"),
    ("update matters_telling set matter_id = 999 where matter_id = {waiting}", "找不到它的事"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "why"), BENT)
def test_what_is_bent_behind_the_verbs_back_is_named(db, told, statement, why):
    (waiting, _), (closed, _) = told
    assert queries.faults() == []
    db.tamper(statement.format(waiting=waiting, closed=closed))
    assert [fault for fault in queries.faults() if why in fault.why] != []


def test_only_so_many_faults_are_told(db, told):
    db.tamper("update matters_matter set tellings = 7")
    assert len(queries.faults()) == 2 and len(queries.faults(most=1)) == 1


def test_a_closed_whole_has_no_open_part_and_a_part_none_of_its_own(db, told):
    (waiting, number), (closed, done) = told
    lead = "update matters_matter set whole_id = {} where id = {}"
    db.tamper(lead.format(closed, waiting))
    assert [fault.why for fault in queries.faults()] == [f"{done}：办结了，分出去的还有1件没办完，查它的流水"]
    db.tamper(lead.format(waiting, closed))
    assert f"{number}：分办的一件又分了办，把它的分办件并到总件下" in [fault.why for fault in queries.faults()]
