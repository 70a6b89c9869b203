"""What kind of message it is decides its term, its closing, who learns of it; a person may correct it, and that is counted."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import store
from siqian.kernel.permits import ANYONE, Actor, BadInput, Fence, NotYours, Refused
from siqian.spine.matters import actions, queries
from siqian.spine.matters.models import Matter
from siqian.spine.matters.rules.measures import MEASURES
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"
ASKED = "妈妈六十五了，免费乘车的敬老卡在哪里办"
REPORTED = "我要举报3栋楼下麻将馆半夜赌博"


def tell(town, text=LAMP, at=monday_nine, **more) -> Matter:
    message = Message(text=text, channel="web", building=town.building("松涛苑3栋"), **more)
    return found(intake.take(message=message, by=ANYONE, at=at).matter)


def found(matter: int) -> Matter:
    with store.reading_all():
        return Matter.objects.get(id=matter)


def settle_due(row: Matter):
    return next(clock.due for clock in tasks.clocks(f"matter:{row.id}") if clock.what == "settle" and clock.stopped is None)


def sort(town, row, kind, who="liang", why="再听一遍，是来问怎么办的", at=monday_nine):
    actions.sort(matter=row.id, kind=kind, why=why, by=town.actor(who), at=at)
    vars(row).update(vars(found(row.id)))


def test_a_question_is_answered_within_a_day_whatever_the_item_takes(town):
    row = tell(town, ASKED)
    assert row.kind == "consult" and settle_due(row) == monday_nine + timedelta(hours=24)


def test_a_petition_has_sixty_days_and_is_told_to_no_neighbour(town):
    row = tell(town, "联名信访：3栋楼梯灯坏了三年没人管，上访几次了")
    assert row.kind == "petition" and row.discreet
    assert settle_due(row) == monday_nine + timedelta(days=60)


def test_a_kind_that_is_corrected_brings_its_own_term_from_the_telling_on_and_the_first_answer_stays_promised(town, journal):
    row = tell(town)
    respond = {clock.what: clock.due for clock in tasks.clocks(f"matter:{row.id}")}["respond"]
    sort(town, row, "suggestion", at=monday_nine + timedelta(minutes=5))
    # The fifth working day ends on Friday at six in the evening.
    assert settle_due(row) == monday_nine + timedelta(days=4, hours=9)
    assert {clock.what: clock.due for clock in tasks.clocks(f"matter:{row.id}")}["respond"] == respond
    assert "matter.sorted" in journal.of(f"matter:{row.id}") and queries.faults() == []


def test_the_same_kind_again_changes_nothing_and_an_unknown_one_or_no_reason_is_told(town, journal):
    row = tell(town)
    sort(town, row, row.kind)
    assert "matter.sorted" not in journal.of(f"matter:{row.id}")
    for kind, why in (("gossip", "就是闲话"), ("help", " ")):
        with pytest.raises(BadInput):
            sort(town, row, kind, why=why)


def test_whoever_handles_it_may_not_correct_its_kind_nor_may_anybody_once_it_is_closed(town):
    row, chen = tell(town), town.actor("chen")
    with pytest.raises(NotYours):
        sort(town, row, "help", who="chen")
    actions.contact(matter=row.id, how="phone", text="问清是2楼", by=chen, at=monday_nine)
    actions.close(matter=row.id, text="换了新灯座", by=chen, at=monday_nine)
    with pytest.raises(Refused, match="办结"):
        sort(town, row, "help")


def test_whom_a_complaint_turns_out_to_name_owns_it_no_more(town):
    row = tell(town, "请问一下网格员陈志明的电话怎么查，想问楼梯灯")
    assert row.person == "chen" and row.against == []
    sort(town, row, "complaint", why="说的是人，不是灯")
    assert row.against == ["chen"] and row.person != "chen" and row.discreet
    assert queries.faults() == []


def test_who_reported_a_wrong_is_shown_to_desks_only_and_the_report_is_not_withdrawn(town):
    row = tell(town, REPORTED, name="周小兰", phone="13800002047")
    assert row.kind == "report"
    number = queries.number_of(row.id)
    telling = queries.seen(number, seen_by=town.desk("ry"), at=monday_nine).tellings[0].id
    with pytest.raises(NotYours, match="值班台"):
        queries.sealed(number, telling, seen_by=town.actor("chen"))
    assert queries.sealed(number, telling, seen_by=town.desk("ry"))[1]


def test_praise_counts_in_no_rate_of_satisfaction(town):
    for kind in ("complaint", "praise"):
        row, chen = tell(town, f"{LAMP}，{kind}", apart=True), town.actor("chen")
        if kind != row.kind:
            sort(town, row, kind)
        actions.contact(matter=row.id, how="phone", text="问清是2楼", by=chen, at=monday_nine)
        actions.close(matter=row.id, text="换了新灯座", by=chen, at=monday_nine + timedelta(hours=1))
        teller = Actor(ref=f"receipt:{row.id}", own=frozenset([f"matter:{row.id}"]), fence=Fence(own=(row.id,)))
        actions.rate(matter=row.id, good=True, by=teller, at=monday_nine + timedelta(hours=2))
    facts = queries.counted(monday_nine, monday_nine + timedelta(days=14))
    rated = [fact for fact in facts if MEASURES["satisfied"].counts(fact.marks)]
    assert len(facts) == 2 and len(rated) == 1
    assert sum(MEASURES["reclassed"].hits(fact.marks) for fact in facts) == 1


def test_what_is_closed_by_an_answer_needs_nobody_on_the_spot(town):
    looked_at = next(item for item in remit.items().values() if item.check)
    assert remit.kind("complaint").looked_at(looked_at) and not remit.kind("consult").looked_at(looked_at)


def test_a_row_of_a_kind_with_two_terms_or_missing_cannot_be_put_in_force(tmp_path):
    (tmp_path / "kinds.yaml").write_text(
        "version: ours\neffective: 2026-01-01\nwithdrawn: [praise]\nrows:\n"
        "  - {code: consult, zh: 咨询, en: Question, why: 问的, hours: 24, working_days: 3}\n",
        "utf-8",
    )
    with pytest.raises(ValueError, match="praise") as found:
        remit.check(overlay=tmp_path)
    assert "小时和工作日只能写一个" in str(found.value)
