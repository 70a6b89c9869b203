"""Off the straight way: return and ruling, extension, hold, stage answer, long ledger, spot check, call-back, supervision."""

from datetime import timedelta

import pytest

from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refused
from siqian.spine.matters import actions, jobs, queries, rules
from siqian.spine.matters.rules.course import Ask
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks, rules as clock_rules

from .test_walk import see, tell, teller

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TILE = "4栋外墙瓷砖松了一块，下面是小孩走的路，怕掉下来"
RETURN = Ask("return", "看过现场，是市政的路灯，不是楼道灯", "urban", "3.3.1 不归这里：路灯由市政管")
MORE = Ask("extension", "厂家后天才能来人", amount=12)


def at(hours: float):
    return monday_nine + hours * HOUR


def spoken(town, **more):
    """A matter that 陈志明 has in hand since ten past nine."""
    receipt = tell(town, **more)
    actions.contact(matter=receipt.matter, how="phone", text="问清楚了", by=town.actor("chen"), at=monday_nine + timedelta(minutes=10))
    return receipt


def ledger(days: float, begun=0.0) -> Ask:
    return Ask("ledger", "加装电梯要三分之二业主签字", until=at(begun) + days * DAY)


def clock(receipt, what: str):
    return [ran for ran in tasks.clocks(f"matter:{receipt.matter}") if ran.what == what][-1]


def closed(town, **more):
    receipt = spoken(town, **more)
    actions.close(matter=receipt.matter, text="换了新灯座，试过", by=town.actor("chen"), at=at(2))
    return receipt


def test_a_return_leaves_the_first_receiver_responsible_until_the_ruling(town, journal):
    receipt, chen, street = tell(town), town.actor("chen"), town.desk("st")
    actions.ask(matter=receipt.matter, ask=RETURN, by=chen, at=at(0.1))
    view = see(receipt, OFFICE, at=at(0.1))
    assert view.line.state == "returned" and view.keeper.name == "陈志明" and view.respond.stopped is None
    assert clock(receipt, "rule").post == town.post("desk", "st")
    actions.contact(matter=receipt.matter, how="phone", text="先跟您说一声，在核是谁管", by=chen, at=at(0.3))
    assert see(receipt, OFFICE, at=at(0.3)).respond.stopped == at(0.3)
    actions.rule(matter=receipt.matter, granted=True, ruling="路灯归市政，照清单3.3.1", by=street, at=at(1))
    view = see(receipt, OFFICE, at=at(1))
    # Whose it is has people of its own for this place: they get it.
    assert (view.line.state, view.unit) == ("assigned", "urban") and view.line.post == town.post("handler", "rj", "urban")
    assert view.settle.due == receipt.settle_due and view.settle.stopped is None
    assert journal.of(f"matter:{receipt.matter}")[-2:] == ["matter.assigned", "request.ruled"]
    assert queries.faults() == []


def test_a_return_that_is_denied_is_ruled_once_and_for_all(town):
    receipt, chen = tell(town), town.actor("chen")
    actions.ask(matter=receipt.matter, ask=RETURN, by=chen, at=at(0.1))
    actions.rule(matter=receipt.matter, granted=False, ruling="楼道灯归物业，网格员牵头", by=town.desk("st"), at=at(0.2))
    assert see(receipt, OFFICE).line.state == "accepted"
    with pytest.raises(Refused, match="不能再退"):
        actions.ask(matter=receipt.matter, ask=RETURN, by=chen, at=at(0.3))
    actions.contact(matter=receipt.matter, how="phone", text="问清楚了", by=chen, at=at(0.4))
    assert see(receipt, OFFICE).line.state == "in_hand" and queries.faults() == []


def test_whoever_has_it_after_a_reopening_owes_an_answer_although_the_one_before_gave_one(town):
    receipt = closed(town)
    actions.rate(matter=receipt.matter, good=False, words="还是不亮", by=teller(receipt), at=at(3))
    owner = see(receipt, OFFICE, at=at(3)).keeper.person
    actions.ask(matter=receipt.matter, ask=RETURN, by=town.actor(owner), at=at(3.1))
    actions.rule(matter=receipt.matter, granted=False, ruling="楼道灯归物业，网格员牵头", by=town.desk("st"), at=at(3.2))
    assert see(receipt, OFFICE).line.state == "accepted" and clock(receipt, "respond").stopped is None and queries.faults() == []


def test_a_return_is_asked_within_four_hours_with_unit_and_clause(town):
    receipt, chen = tell(town), town.actor("chen")
    for ask, why in (
        (Ask("return", "不是我们的事", "", "3.3.1"), "该归哪个单位"),
        (Ask("return", "不是我们的事", "urban", ""), "清单哪一条"),
        (Ask("return", "推", "urban", "3.3.1"), "写清为什么"),
        (Ask("gift", "不是我们的事"), "没有gift这种申请"),
    ):
        with pytest.raises(BadInput, match=why):
            actions.ask(matter=receipt.matter, ask=ask, by=chen, at=at(1))
    with pytest.raises(Refused, match="超过4小时"):
        actions.ask(matter=receipt.matter, ask=RETURN, by=chen, at=at(4.1))
    assert see(receipt, OFFICE).line.state == "assigned"


def test_nobody_rules_on_what_he_asked_and_a_community_rules_no_return(town):
    receipt = tell(town)
    street = town.desk("st")
    actions.ask(matter=receipt.matter, ask=RETURN, by=street, at=at(0.1))
    with pytest.raises(NotYours, match="由别人来裁"):
        actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", by=street, at=at(0.2))
    with pytest.raises(NotYours, match="街道以上"):
        actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", by=town.desk("ry"), at=at(0.2))
    with pytest.raises(NotYours):
        actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", by=town.actor("chen"), at=at(0.2))
    actions.rule(matter=receipt.matter, granted=True, ruling="照清单办", by=town.desk("rj"), at=at(0.3))
    with pytest.raises(Refused, match="没有在等裁定"):
        actions.rule(matter=receipt.matter, granted=False, ruling="照清单办", by=town.desk("rj"), at=at(0.4))


def test_what_is_not_on_a_communitys_list_is_never_given_to_it(town):
    receipt = tell(town, text=TILE, building="松涛苑4栋")
    actions.ask(matter=receipt.matter, ask=RETURN, by=town.actor("chen"), at=at(0.1))
    with pytest.raises(BadInput, match="清单里“高空坠物隐患”不归社区"):
        actions.rule(matter=receipt.matter, granted=True, ruling="交给居委会", unit="committee", by=town.desk("st"), at=at(0.2))
    assert see(receipt, OFFICE).line.state == "returned"


def test_equal_rulings_are_precedents_and_propose_a_change_of_the_list(town):
    for number, building in enumerate(("松涛苑1栋", "松涛苑3栋", "松涛苑5栋")):
        receipt = tell(town, building=building, at=at(number))
        actions.ask(matter=receipt.matter, ask=RETURN, by=OFFICE, at=at(number + 0.1))
        granted = number < 2
        actions.rule(matter=receipt.matter, granted=granted, ruling=f"判例{number}，照此办", by=town.desk("st"), at=at(number + 0.2))
    item = see(receipt, OFFICE).line.item
    ruled = queries.precedents(item, "return", seen_by=town.actor("chen"))
    assert [row.state for row in ruled] == ["denied", "granted", "granted"] and ruled[0].ruling == "判例2，照此办"
    assert [(row.item, row.unit, row.count) for row in queries.proposals(at=at(9))] == [(item, "urban", 2)]


def test_an_extension_is_asked_before_due_bounded_granted_by_another_and_told(town):
    receipt, chen = spoken(town), town.actor("chen")
    with pytest.raises(BadInput, match="最多还能延24"):
        actions.ask(matter=receipt.matter, ask=Ask("extension", "厂家后天才能来人", amount=25), by=chen, at=at(1))
    actions.ask(matter=receipt.matter, ask=MORE, by=chen, at=at(1))
    with pytest.raises(Refused, match="已有一个申请"):
        actions.ask(matter=receipt.matter, ask=MORE, by=chen, at=at(1.1))
    actions.rule(matter=receipt.matter, granted=True, ruling="确要等厂家", by=town.desk("ry"), at=at(2))
    assert clock(receipt, "settle").due == receipt.settle_due + 12 * HOUR
    told = [step for step in see(receipt, teller(receipt)).steps if step.kind == "extended"]
    assert told and told[0].text == MORE.reason
    with pytest.raises(BadInput, match="最多还能延12"):
        actions.ask(matter=receipt.matter, ask=Ask("extension", "厂家后天才能来人", amount=13), by=chen, at=at(3))
    assert queries.faults() == []


def test_an_extension_is_never_asked_after_due(town):
    receipt = spoken(town)
    with pytest.raises(BadInput, match="已经过了到期时间"):
        actions.ask(matter=receipt.matter, ask=MORE, by=town.actor("chen"), at=receipt.settle_due + timedelta(minutes=1))


def test_a_late_ruling_lets_what_climbed_begin_again(town):
    receipt, chen = spoken(town), town.actor("chen")
    actions.ask(matter=receipt.matter, ask=MORE, by=chen, at=receipt.settle_due - timedelta(minutes=5))
    tasks_jobs.climb_what_is_late(at=receipt.settle_due + timedelta(minutes=1))
    assert clock(receipt, "settle").level == 1
    actions.rule(matter=receipt.matter, granted=True, ruling="确要等厂家", by=town.desk("rj"), at=receipt.settle_due + HOUR)
    assert (clock(receipt, "settle").level, clock(receipt, "settle").due) == (0, receipt.settle_due + 12 * HOUR)


def test_a_hold_stops_the_settling_clock_and_a_word_of_the_teller_starts_it(town):
    receipt, chen = spoken(town), town.actor("chen")
    actions.hold(matter=receipt.matter, why="resident", text="等您说哪天在家", by=chen, at=at(2))
    assert tasks_jobs.climb_what_is_late(at=receipt.settle_due + HOUR) == 0
    view = see(receipt, teller(receipt), at=at(3))
    assert view.line.state == "on_hold" and view.still.limit == at(2) + 3 * DAY
    assert tasks.todo(seen_by=chen, at=at(3))[0].group == "others"
    actions.remark(matter=receipt.matter, text="明天下午在家", by=teller(receipt), at=at(7))
    assert see(receipt, OFFICE).line.state == "in_hand" and clock(receipt, "settle").due == receipt.settle_due + 5 * HOUR
    assert queries.faults() == []


def test_a_hold_ends_by_itself_at_its_limit(town):
    receipt, chen = spoken(town), town.actor("chen")
    actions.hold(matter=receipt.matter, why="third", text="等厂家来人", by=chen, at=at(2))
    actions.remark(matter=receipt.matter, text="还要多久", by=teller(receipt), at=at(3))
    assert see(receipt, OFFICE).line.state == "on_hold"
    limit = at(2) + 10 * DAY
    assert jobs.go_on_after_the_limit(at=limit - timedelta(minutes=1)) == 0
    assert jobs.go_on_after_the_limit(at=limit + 2 * HOUR) == 1
    # What the worker came too late by is nobody's gain.
    assert see(receipt, OFFICE).line.state == "in_hand" and clock(receipt, "settle").due == receipt.settle_due + 10 * DAY
    assert jobs.go_on_after_the_limit(at=limit + 3 * HOUR) == 0 and queries.faults() == []


def test_whoever_holds_again_and_again_is_stopped(town):
    receipt, chen = spoken(town), town.actor("chen")
    for number in range(3):
        actions.hold(matter=receipt.matter, why="works", text="等施工队", by=chen, at=at(2 + number))
        actions.resume(matter=receipt.matter, by=chen, at=at(2.5 + number))
    with pytest.raises(BadInput, match="已经挂起过3次"):
        actions.hold(matter=receipt.matter, why="works", text="等施工队", by=chen, at=at(6))


def test_nothing_is_held_before_somebody_spoke(town):
    receipt = tell(town)
    with pytest.raises(Refused):
        actions.hold(matter=receipt.matter, why="third", text="等厂家来人", by=town.actor("chen"), at=at(1))
    assert see(receipt, OFFICE).line.state == "assigned" and tasks.pauses_of([f"matter:{receipt.matter}"]) == {}


def test_a_stage_answer_keeps_the_promise_and_runs_under_its_own_clock(town, journal):
    receipt, chen = spoken(town), town.actor("chen")
    plan = "先围起来，下周二由物业换新瓷砖，刘工负责"
    with pytest.raises(BadInput, match="至少8个字"):
        actions.stage(matter=receipt.matter, text="会办的", until=at(100), by=chen, at=at(2))
    with pytest.raises(BadInput, match="30天以内"):
        actions.stage(matter=receipt.matter, text=plan, until=at(0) + 40 * DAY, by=chen, at=at(2))
    actions.stage(matter=receipt.matter, text=plan, until=at(0) + 8 * DAY, by=chen, at=at(2))
    view = see(receipt, teller(receipt), at=at(2))
    assert view.line.state == "staged" and view.settle.stopped == at(2) and view.stage.due == at(0) + 8 * DAY
    tasks_jobs.climb_what_is_late(at=at(0) + 8 * DAY + HOUR)
    assert clock(receipt, "stage").level == 1
    actions.close(matter=receipt.matter, text="瓷砖换好了，试过", by=chen, at=at(0) + 9 * DAY)
    assert see(receipt, OFFICE).line.state == "closed" and queries.faults() == []
    assert journal.of(f"matter:{receipt.matter}") == [
        "matter.received",
        "teller.contacted",
        "matter.staged",
        "task.overdue",
        "matter.closed",
    ]


def test_the_long_ledger_is_public_names_nobody_and_is_reviewed_every_month(town):
    receipt, chen, street = spoken(town), town.actor("chen"), town.desk("st")
    with pytest.raises(BadInput, match="不要写电话和门牌号"):
        actions.ask(matter=receipt.matter, ask=Ask("ledger", "等1203室签字", until=at(24)), by=chen, at=at(1))
    actions.ask(matter=receipt.matter, ask=ledger(20), by=chen, at=at(1))
    assert queries.ledger() == ([], 0)
    actions.rule(matter=receipt.matter, granted=True, ruling="确实要等签字", by=street, at=at(2))
    (entry,), more = queries.ledger()
    assert (entry.number, entry.community, entry.next, more) == (receipt.number, "榕荫社区", at(0) + 20 * DAY, 0)
    assert entry.reason == "加装电梯要三分之二业主签字" and "松涛苑" not in repr(entry) and entry.approver == street.name
    assert clock(receipt, "review").post == town.post("desk", "st")
    tasks_jobs.climb_what_is_late(at=at(0) + 21 * DAY)
    assert clock(receipt, "review").level == 1
    actions.review(matter=receipt.matter, text="签字到了一半", until=at(0) + 50 * DAY, by=street, at=at(0) + 22 * DAY)
    (entry,), _ = queries.ledger()
    assert (entry.progress, entry.reviews, entry.next) == ("签字到了一半", 1, at(0) + 50 * DAY)
    again = at(0) + 40 * DAY
    actions.take_up(matter=receipt.matter, text="签字够了，下周开工", by=street, at=again)
    assert queries.ledger() == ([], 0) and see(receipt, OFFICE).line.state == "in_hand"
    assert clock(receipt, "settle").started == again and queries.faults() == []


def test_the_ledger_is_read_page_by_page(town):
    numbers = []
    for number in range(5):
        receipt = tell(town, building=f"木棉苑{number + 1}栋", text="楼梯的灯坏了，晚上看不清路")
        actions.contact(matter=receipt.matter, how="phone", text="问清楚了", by=OFFICE, at=at(1 + number))
        actions.ask(matter=receipt.matter, ask=ledger(20), by=OFFICE, at=at(1 + number))
        actions.rule(matter=receipt.matter, granted=True, ruling="确实要等签字", by=town.desk("rj"), at=at(2 + number))
        numbers.append(receipt.number)
    first, more = queries.ledger(most=3)
    second, end = queries.ledger(after=more, most=3)
    assert [entry.number for entry in first + second] == numbers[::-1] and end == 0


def test_a_marked_item_is_checked_on_the_spot_by_somebody_else(town, journal):
    receipt, chen = spoken(town, text=TILE, building="松涛苑4栋"), town.actor("chen")
    term = receipt.settle_due - monday_nine
    actions.close(matter=receipt.matter, text="瓷砖补好了，试过", by=chen, at=at(3))
    assert see(receipt, OFFICE).line.state == "to_check" and clock(receipt, "check").post == town.post("desk", "ry")
    with pytest.raises(NotYours):
        actions.check(matter=receipt.matter, passed=True, text="看过了，好了", by=chen, at=at(4))
    desk = town.desk("ry")
    actions.check(matter=receipt.matter, passed=False, text="还有一块是松的", by=desk, at=at(5))
    view = see(receipt, OFFICE)
    assert view.line.state == "in_hand" and view.settle.due == monday_nine + term + 2 * HOUR
    actions.close(matter=receipt.matter, text="又补了一块，敲过", by=chen, at=at(6))
    actions.check(matter=receipt.matter, passed=True, text="都补好了，敲过", by=desk, at=at(30))
    view = see(receipt, OFFICE)
    # However long the check took: what the handler did in time was in time.
    assert view.line.state == "closed" and view.settle.stopped <= view.settle.due
    assert journal.of(f"matter:{receipt.matter}")[-2:] == ["matter.checked", "matter.closed"] and queries.faults() == []


def test_a_third_person_calls_back_and_not_reached_is_never_satisfied(town):
    receipt, desk = closed(town), town.desk("ry", at(26))
    assert queries.callbacks(seen_by=desk, at=at(10)) == []
    (call,) = queries.callbacks(seen_by=desk, at=at(27))
    assert (call.number, call.done, call.why_not) == (receipt.number, "换了新灯座，试过", None)
    for hours in (27, 32, 51):
        actions.call_back(matter=receipt.matter, reached=False, by=town.desk("ry", at(hours)), at=at(hours))
    with pytest.raises(Refused, match="打过3次"):
        actions.call_back(matter=receipt.matter, reached=True, solved=True, satisfied=True, by=desk, at=at(60))
    assert jobs.settle_what_nobody_rated(at=at(2) + 8 * DAY) == 1
    view = see(receipt, OFFICE)
    assert (view.line.state, view.line.rating) == ("settled", "lapsed") and queries.faults() == []


def test_what_the_teller_says_on_the_telephone_is_kept_apart_from_a_rating(town):
    good, bad = closed(town), closed(town, building="松涛苑5栋")
    desk = town.desk("ry", at(27))
    actions.call_back(matter=good.matter, reached=True, solved=True, satisfied=True, words="说修好了", by=desk, at=at(27))
    assert (see(good, OFFICE).line.state, see(good, OFFICE).line.rating) == ("settled", "told_ok")
    actions.call_back(matter=bad.matter, reached=True, words="说又坏了", by=desk, at=at(27))
    view = see(bad, OFFICE)
    assert (view.line.state, view.line.rating, view.reopened) == ("assigned", "told_bad", 1) and view.keeper.name != "陈志明"


def test_solved_and_not_satisfied_is_asked_apart_and_gets_another_hand(town):
    receipt, desk = closed(town), town.desk("ry", at(27))
    actions.call_back(matter=receipt.matter, reached=True, solved=True, satisfied=False, words="灯亮了，等了三天", by=desk, at=at(27))
    view = see(receipt, OFFICE)
    assert (view.line.state, view.line.rating) == ("assigned", "told_bad") and view.keeper.name != "陈志明"
    assert next(step for step in view.steps if step.kind == "told_bad").values["solved"] is True and queries.faults() == []
    # Nobody is satisfied with what is not solved.
    other = closed(town, building="松涛苑5栋")
    actions.call_back(matter=other.matter, reached=True, solved=False, satisfied=True, by=desk, at=at(27))
    assert see(other, OFFICE).line.state == "assigned"


def test_nobody_calls_back_about_his_own_work(town):
    receipt = spoken(town)
    actions.move(matter=receipt.matter, post=town.post("desk", "ry"), why="值班台来办", by=OFFICE, at=at(1))
    desk = town.desk("ry")
    actions.contact(matter=receipt.matter, how="phone", text="再问一句", by=desk, at=at(1.5))
    actions.close(matter=receipt.matter, text="换了新灯座，试过", by=desk, at=at(2))
    with pytest.raises(NotYours, match="由别人回访"):
        actions.call_back(matter=receipt.matter, reached=True, solved=True, satisfied=True, by=town.desk("ry", at(27)), at=at(27))
    (call,) = queries.callbacks(seen_by=town.desk("ry", at(27)), at=at(27))
    assert "由别人回访" in call.why_not.why
    assert [call.why_not for call in queries.callbacks(seen_by=town.desk("st", at(27)), at=at(27))] == [None]


def test_twice_not_settled_is_supervised_beside_the_owner(town):
    receipt = closed(town)
    actions.rate(matter=receipt.matter, good=False, words="还是不亮", by=teller(receipt), at=at(3))
    with pytest.raises(Refused, match="没有在等督办"):
        actions.supervise(matter=receipt.matter, text="由街道牵头办", by=town.desk("st"), at=at(3.5))
    actions.contact(matter=receipt.matter, how="visit", text="再去看", by=OFFICE, at=at(4))
    actions.close(matter=receipt.matter, text="又换了灯座，试过", by=OFFICE, at=at(5))
    actions.rate(matter=receipt.matter, good=False, words="又不亮了", by=teller(receipt), at=at(6))
    supervise = clock(receipt, "supervise")
    assert (supervise.post, supervise.due) == (town.post("desk", "st"), at(30))
    owner = see(receipt, OFFICE).line.post
    assert owner != supervise.post
    actions.move(matter=receipt.matter, post=town.post("secretary", "ry"), why="书记来办", by=OFFICE, at=at(7))
    assert clock(receipt, "supervise").post == town.post("desk", "st")
    actions.supervise(matter=receipt.matter, text="由街道牵头，三天内换整条线", by=town.desk("st"), at=at(8))
    assert clock(receipt, "supervise").stopped == at(8) and queries.faults() == []


def test_what_waits_for_a_ruling_is_dropped_when_the_matter_ends_or_changes_hands(town):
    for end, building in (("withdraw", "松涛苑3栋"), ("move", "松涛苑5栋"), ("stage", "松涛苑6栋")):
        receipt = spoken(town, building=building)
        actions.ask(matter=receipt.matter, ask=MORE, by=town.actor("chen"), at=at(1))
        if end == "withdraw":
            actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(2))
        elif end == "move":
            actions.move(matter=receipt.matter, post=town.post("secretary", "ry"), why="书记来办", by=OFFICE, at=at(2))
        else:
            actions.stage(matter=receipt.matter, text="先挂应急灯，周五换线", until=at(90), by=town.actor("chen"), at=at(2))
        (asked,) = queries.asked_about(receipt.matter, seen_by=OFFICE)
        assert asked.state == "dropped" and clock(receipt, "rule").stopped == at(2)
    assert queries.faults() == []


def test_two_rulings_at_once_are_one_ruling(town, race):
    receipt = tell(town)
    actions.ask(matter=receipt.matter, ask=RETURN, by=town.actor("chen"), at=at(0.1))
    street, district = town.desk("st"), town.desk("rj")
    finishes = race(
        lambda: actions.rule(matter=receipt.matter, granted=True, ruling="归市政，照清单", by=street, at=at(1)),
        lambda: actions.rule(matter=receipt.matter, granted=False, ruling="不归市政，照清单", by=district, at=at(1)),
    )
    assert sorted(finish.ok for finish in finishes) == [False, True]
    assert queries.faults() == []


def test_staff_see_every_verb_and_why_the_others_are_not_open(town):
    receipt = tell(town)
    chen = see(receipt, town.actor("chen"), at=at(0.1))
    assert [verb for verb, why in chen.offers.items() if why is None] == ["accept", "extend", "return", "refuse", "divide"]
    assert dict(chen.refused)["hold"].why == "联系过说事的人、正在办的事才能挂起" and "rule" in chen.others_do
    late = see(receipt, town.actor("chen"), at=at(5))
    assert "超过4小时" in dict(late.refused)["return"].why
    assert see(receipt, teller(receipt)).offers == {}


def test_a_decision_says_what_is_missing_where(town):
    receipt = spoken(town)
    for text in ("", "好"):
        with pytest.raises(BadInput, match="怎么办，至少4个字") as error:
            actions.supervise(matter=receipt.matter, text=text, by=town.desk("st"), at=at(1))
        assert error.value.refusal.field == "text"


def test_every_clock_beside_the_owner_climbs_as_far_as_there_are_desks():
    assert {what: len(rules.CLIMBS_TO[what]) for what in rules.BESIDE} == {what: clock_rules.TOP[what] for what in rules.BESIDE}
