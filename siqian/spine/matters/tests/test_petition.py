"""A petition goes its lawful way: told whether it is taken up, answered, reviewed, checked again, and then it is final."""

from datetime import datetime, timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store
from siqian.kernel.permits import ANYONE, Actor, BadInput, Fence, NotYours, Refused
from siqian.spine.matters import actions, jobs, papering, petitions, queries
from siqian.spine.matters.models import Petition
from siqian.spine.matters.rules.course import Ask
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

WORDS = "联名信访：3栋楼梯灯坏了三年没人管，上访几次了"
TAKEN = "属于本单位职权，予以受理"
OPINION = "查明属实，整条楼梯换成感应灯，对拖延致歉"
REVIEWED = "调卷复查，维持原处理意见"
RECHECKED = "复核认为事实清楚，维持复查意见"
MINUTE = timedelta(minutes=1)


def day(count: int, hour: int = 10, minute: int = 0) -> datetime:
    """So many days after the Monday on which it was told, at this hour."""
    return (monday_nine + timedelta(days=count)).replace(hour=hour, minute=minute)


def work(at: datetime) -> None:
    while deliveries.work(at=at):
        pass


def tell(town, text: str = WORDS) -> int:
    matter = intake.take(message=Message(text=text, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine).matter
    work(monday_nine)
    return matter


def petitioner(matter: int) -> Actor:
    return Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def row_of(matter: int) -> Petition:
    with store.reading_all():
        return Petition.objects.select_related("matter").get(matter_id=matter)


def running(matter: int, about: str = "petition") -> dict[str, datetime]:
    return {clock_.what: clock_.due for clock_ in tasks.clocks(f"{about}:{matter}") if clock_.stopped is None}


def midnight(count: int) -> datetime:
    return day(count, hour=0)


def taken_up(town, at=None) -> int:
    matter = tell(town)
    actions.contact(matter=matter, how="phone", text="听他把三年的事说完", by=town.actor("chen"), at=day(0, 11))
    actions.inform(matter=matter, taken=True, text=TAKEN, by=town.desk("ry"), at=at or day(1))
    return matter


def answered(town) -> int:
    matter = taken_up(town)
    actions.give_opinion(matter=matter, text=OPINION, by=town.desk("ry"), at=day(2))
    return matter


def in_review(town) -> int:
    matter = answered(town)
    actions.ask_review(matter=matter, text="只换了灯，没说三年为什么", by=petitioner(matter), at=day(3))
    return matter


def test_it_is_registered_with_its_receipt_and_owes_an_answer_about_taking_it_up_in_fifteen_days(town, journal):
    matter = tell(town)
    found = row_of(matter)
    assert (found.stage, found.since, found.due) == ("registered", monday_nine, midnight(16))
    assert running(matter) == {"inform": midnight(16)} and queries.faults() == []
    assert "petition.registered" in journal.of(f"matter:{matter}")
    work(monday_nine)
    assert len(tasks.clocks(f"petition:{matter}")) == 1


def test_what_is_no_petition_has_no_procedure(town):
    matter = tell(town, "3栋东边楼梯2楼的灯坏了")
    assert petitions.about(matter, seen_by=town.desk("ry"), at=day(1)) is None
    with pytest.raises(Refused, match="不是信访件"):
        actions.inform(matter=matter, taken=True, text=TAKEN, by=town.desk("ry"), at=day(1))


def test_taken_up_it_promises_one_day_only(town):
    matter = taken_up(town)
    assert row_of(matter).stage == "taken_up" and running(matter) == {"opinion": midnight(62)}
    assert running(matter, "matter")["settle"] == midnight(62) and queries.faults() == []
    actions.inform(matter=matter, taken=True, text=TAKEN, by=town.desk("ry"), at=day(1, 12))
    assert len(row_of(matter).decisions) == 1


def test_not_taken_up_needs_a_door_and_a_second_person(town):
    matter = tell(town)
    with pytest.raises(BadInput, match="哪一条"):
        actions.inform(matter=matter, taken=False, text="法院已经判了", by=town.desk("ry"), at=day(1))
    actions.inform(matter=matter, taken=False, text="法院已经判了", clause="court", by=town.desk("ry"), at=day(1))
    assert row_of(matter).stage == "registered"
    actions.rule(matter=matter, granted=True, ruling="看过判决书，属实", by=town.desk("st"), at=day(1, 11))
    work(day(1, 12))
    assert row_of(matter).stage == "not_taken_up" and running(matter) == {}
    actions.appeal(matter=matter, text="判的是另一件事", by=petitioner(matter), at=day(2))
    actions.rule(matter=matter, granted=True, ruling="调卷看过，不是一件事", by=town.actor("liang"), at=day(3))
    work(day(3, 11))
    assert row_of(matter).stage == "taken_up" and running(matter) == {"opinion": midnight(64)} and queries.faults() == []


def test_an_opinion_settles_the_matter_and_is_given_by_whoever_has_heard_the_petitioner(town):
    matter = tell(town)
    actions.inform(matter=matter, taken=True, text=TAKEN, by=town.desk("ry"), at=day(1))
    with pytest.raises(Refused, match="先联系"):
        actions.give_opinion(matter=matter, text=OPINION, by=town.desk("ry"), at=day(2))
    actions.contact(matter=matter, how="visit", text="上门听他说", by=town.actor("chen"), at=day(2))
    actions.give_opinion(matter=matter, text=OPINION, by=town.desk("ry"), at=day(3))
    actions.give_opinion(matter=matter, text=OPINION, by=town.desk("ry"), at=day(3))
    found = row_of(matter)
    assert found.stage == "opinion" and found.matter.state == "closed" and running(matter) == {}
    assert [step["what"] for step in found.decisions] == ["take_up", "opine"] and queries.faults() == []


def test_a_petition_that_its_handler_closes_has_been_answered_by_him(town):
    matter = taken_up(town)
    actions.close(matter=matter, text="灯都换好了", by=town.actor("chen"), at=day(2))
    work(day(2, 12))
    found = row_of(matter)
    assert found.stage == "opinion" and found.decisions[-1]["by"] == town.actor("chen").ref and found.decisions[-1]["text"] == "灯都换好了"


def test_what_is_settled_before_anything_was_told_was_answered_at_once_and_can_be_reviewed(town):
    matter = tell(town)
    chen = town.actor("chen")
    actions.contact(matter=matter, how="visit", text="上门看过，当场说好", by=chen, at=day(0, 11))
    actions.close(matter=matter, text="当天换了灯", by=chen, at=day(0, 16))
    work(day(0, 17))
    assert row_of(matter).stage == "opinion" and running(matter) == {}
    actions.ask_review(matter=matter, text="不是灯的事", by=petitioner(matter), at=day(1))
    with pytest.raises(NotYours, match="高一级"):
        actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("ry"), at=day(2))
    actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("st"), at=day(2))
    assert [step["what"] for step in row_of(matter).decisions] == ["answer", "ask_review", "answer_review"]


def test_nobody_but_colleagues_learns_of_a_longer_term_before_it_is_approved(town):
    matter = taken_up(town)
    actions.prolong(matter=matter, days=10, why="要等鉴定", by=town.desk("ry"), at=day(30))
    tasks_jobs.climb_what_is_late(at=day(30, 15))
    work(day(30, 15))
    number = queries.number_of(matter)
    seen = {
        name: queries.seen(number, seen_by=who, at=day(31)).steps for name, who in (("staff", town.desk("st")), ("own", petitioner(matter)))
    }
    kinds = {name: {step.kind for step in steps} for name, steps in seen.items()}
    assert {"longer_asked", "climbed"} <= kinds["staff"] and not {"longer_asked", "climbed"} & kinds["own"]


def test_of_two_who_approve_at_once_the_term_grows_once(town, race):
    matter = taken_up(town)
    actions.prolong(matter=matter, days=10, why="要等鉴定", by=town.desk("ry"), at=day(30))
    finishes = race(
        *[
            lambda by=by: actions.approve(matter=matter, granted=True, text="情况复杂", by=by, at=day(31))
            for by in (town.desk("st"), town.actor("liang"))
        ]
    )
    assert [finish.ok for finish in finishes].count(True) == 1 and row_of(matter).prolonged == 10
    assert running(matter) == {"opinion": midnight(72)}


def test_a_longer_term_is_asked_by_one_and_approved_by_another_within_thirty_days_in_all(town):
    matter, desk, above = taken_up(town), town.desk("ry"), town.desk("st")
    with pytest.raises(BadInput, match="最多还能延30天"):
        actions.prolong(matter=matter, days=31, why="要等鉴定", by=desk, at=day(30))
    for _ in range(2):
        actions.prolong(matter=matter, days=20, why="要等鉴定", by=desk, at=day(30))
    # Whoever is responsible owes the approval, which climbs like every ruling.
    assert running(matter)["approve"] == day(30) + timedelta(hours=4)
    with pytest.raises(NotYours, match="别人来批"):
        actions.approve(matter=matter, granted=True, text="情况复杂", by=desk, at=day(31))
    actions.approve(matter=matter, granted=True, text="情况复杂", by=above, at=day(31))
    assert running(matter) == {"opinion": midnight(82)} and running(matter, "matter")["settle"] == midnight(82)
    with pytest.raises(BadInput, match="最多还能延10天"):
        actions.prolong(matter=matter, days=11, why="鉴定还没出", by=desk, at=day(70))
    shown = queries.seen(queries.number_of(matter), seen_by=petitioner(matter), at=day(32))
    assert [step.text for step in shown.steps if step.kind == "prolonged"] == ["要等鉴定"] and queries.faults() == []


def test_the_ordinary_extension_is_no_way_round_the_law(town):
    matter = tell(town)
    with pytest.raises(Refused, match="信访程序里"):
        actions.ask(matter=matter, ask=Ask("extension", "要等鉴定", amount=24), by=town.actor("chen"), at=day(1))


@pytest.mark.parametrize("late", [False, True])
def test_a_longer_term_is_asked_for_and_approved_before_the_old_one_ends(town, late):
    matter, end = taken_up(town), midnight(62)
    actions.prolong(matter=matter, days=5, why="要等鉴定", by=town.desk("ry"), at=day(60))
    if late:
        with pytest.raises(Refused, match="期限已过"):
            actions.approve(matter=matter, granted=True, text="情况复杂", by=town.desk("st"), at=end)
    else:
        actions.approve(matter=matter, granted=True, text="情况复杂", by=town.desk("st"), at=end - MINUTE)
        assert running(matter) == {"opinion": midnight(67)}


def test_the_whole_ladder_up_to_the_last_answer(town, journal):
    matter = in_review(town)
    assert running(matter) == {"reexamine": midnight(34)}
    actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("st"), at=day(5))
    assert row_of(matter).stage == "reviewed" and running(matter) == {}
    actions.ask_recheck(matter=matter, text="还是没说三年为什么", by=petitioner(matter), at=day(6))
    assert running(matter) == {"recheck": midnight(37)}
    actions.answer_recheck(matter=matter, text=RECHECKED, by=town.actor("liang"), at=day(8))
    found = row_of(matter)
    assert (found.stage, found.due) == ("final", None) and running(matter) == {}
    with pytest.raises(Refused, match="终结"):
        actions.ask_review(matter=matter, text="再看一次", by=petitioner(matter), at=day(9))
    assert [name for name in journal.of(f"matter:{matter}") if name.startswith("petition.")] == [
        "petition.registered",
        "petition.taken_up",
        "petition.answered",
        "petition.asked_up",
        "petition.answered",
        "petition.asked_up",
        "petition.answered",
    ]
    assert queries.faults() == []


def test_nobody_answers_who_had_a_part_or_sits_no_higher(town):
    matter = in_review(town)
    with pytest.raises(NotYours, match="经手过"):
        actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("ry"), at=day(4))
    evening = day(4, 15)
    with pytest.raises(NotYours, match="高一级"):
        actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("ry", at=evening), at=evening)
    with pytest.raises(NotYours):
        actions.answer_review(matter=matter, text=REVIEWED, by=town.actor("chen"), at=day(4))
    actions.answer_review(matter=matter, text=REVIEWED, by=town.actor("liang"), at=day(4))
    actions.ask_recheck(matter=matter, text="还是不服", by=petitioner(matter), at=day(5))
    with pytest.raises(NotYours, match="经手过"):
        actions.answer_recheck(matter=matter, text=RECHECKED, by=town.actor("liang"), at=day(6))
    actions.answer_recheck(matter=matter, text=RECHECKED, by=town.desk("rj"), at=day(6))
    assert row_of(matter).stage == "final"


def test_only_the_petitioner_asks_the_next_one_up(town):
    matter = answered(town)
    for stranger in (petitioner(0), town.resident("lin"), town.desk("ry")):
        with pytest.raises(NotYours):
            actions.ask_review(matter=matter, text="我也不服", by=stranger, at=day(3))


@pytest.mark.parametrize("late", [False, True])
def test_a_review_is_asked_for_until_the_last_minute_of_the_thirtieth_day(town, late):
    matter = answered(town)
    end = row_of(matter).due
    assert end == midnight(33)
    if late:
        with pytest.raises(Refused, match="2026-08-14"):
            actions.ask_review(matter=matter, text="我不服这个意见", by=petitioner(matter), at=end)
        jobs.end_what_nobody_asked(at=end)
        assert row_of(matter).stage == "final"
    else:
        jobs.end_what_nobody_asked(at=end - MINUTE)
        actions.ask_review(matter=matter, text="我不服这个意见", by=petitioner(matter), at=end - MINUTE)
        assert row_of(matter).stage == "in_review"


@pytest.mark.parametrize("late", [False, True])
def test_what_is_not_theirs_is_handed_back_within_five_working_days(town, late):
    matter = tell(town)
    # Told on a Monday, handed back until the Monday after, at midnight.
    end = midnight(8)
    ask = {"unit": "urban", "clause": "3.1 归城管", "reason": "灯归城管养护", "by": town.actor("chen")}
    if late:
        with pytest.raises(Refused, match="5个工作日"):
            actions.object_to(matter=matter, **ask, at=end)
    else:
        actions.object_to(matter=matter, **ask, at=end - MINUTE)
        assert row_of(matter).matter.state == "returned" and running(matter) == {"inform": midnight(16)}


def test_a_late_stage_climbs_to_the_street_and_then_to_the_district(town):
    matter = tell(town)
    tasks_jobs.climb_what_is_late(at=midnight(16) - MINUTE)
    assert [clock_.level for clock_ in tasks.clocks(f"petition:{matter}")] == [0]
    tasks_jobs.climb_what_is_late(at=midnight(16) + MINUTE)
    tasks_jobs.climb_what_is_late(at=midnight(17) + MINUTE * 2)
    work(day(17))
    assert [clock_.level for clock_ in tasks.clocks(f"petition:{matter}")] == [2]
    steps = queries.seen(queries.number_of(matter), seen_by=town.desk("ry"), at=day(17)).steps
    assert [step.values["level"] for step in steps if step.values.get("what") == "inform"] == [1, 2]


def test_a_matter_found_to_be_a_petition_begins_the_procedure_then_and_another_kind_ends_it(town):
    matter = tell(town, "3栋东边楼梯2楼的灯坏了")
    actions.sort(matter=matter, kind="petition", why="这是联名信访", by=town.actor("liang"), at=day(2))
    work(day(2))
    assert row_of(matter).stage == "registered" and running(matter) == {"inform": midnight(16)}
    actions.sort(matter=matter, kind="complaint", why="问过了，只是投诉", by=town.actor("liang"), at=day(3))
    work(day(3))
    assert row_of(matter).stage == "dropped" and running(matter) == {} and queries.faults() == []
    actions.sort(matter=matter, kind="petition", why="他坚持是信访", by=town.actor("liang"), at=day(4))
    work(day(4))
    assert row_of(matter).stage == "registered"


def test_who_withdraws_a_petition_ends_it(town):
    matter = taken_up(town)
    actions.withdraw(matter=matter, by=petitioner(matter), at=day(3))
    work(day(3))
    assert row_of(matter).stage == "dropped" and running(matter) == {} and queries.faults() == []


def test_of_two_who_answer_at_once_one_is_heard(town, race):
    matter = in_review(town)
    liang, desk = town.actor("liang"), town.desk("st")
    finishes = race(
        lambda: actions.answer_review(matter=matter, text="维持处理意见", by=liang, at=day(5)),
        lambda: actions.answer_review(matter=matter, text="改为另行答复", by=desk, at=day(5)),
    )
    assert [finish.ok for finish in finishes].count(True) == 1 and len(row_of(matter).decisions) == 4


def test_a_double_click_asks_once(town, race):
    matter = answered(town)
    finishes = race(*[lambda: actions.ask_review(matter=matter, text="我不服这个意见", by=petitioner(matter), at=day(3))] * 2)
    assert all(finish.ok for finish in finishes)
    assert [step["what"] for step in row_of(matter).decisions].count("ask_review") == 1


def test_each_decision_is_told_to_the_petitioner(town):
    from siqian.trades.notices import queries as notices

    zhou = town.resident("zhou")
    message = Message(text=WORDS, channel="web", building=town.building("松涛苑3栋"), account=zhou.ref)
    matter = intake.take(message=message, by=zhou, at=monday_nine).matter
    actions.inform(matter=matter, taken=True, text=TAKEN, by=town.desk("ry"), at=day(1))
    work(day(1, 11))
    texts = [line.text.format(**line.values) for line in notices.told([zhou.ref])]
    assert "您的信访受理了，2026-09-12前给处理意见" in texts


def test_every_answer_is_drawn_up_on_paper_for_a_second_person_to_sign(town):
    matter = in_review(town)
    actions.answer_review(matter=matter, text=REVIEWED, by=town.desk("st"), at=day(5))
    jobs.settle_what_nobody_rated(at=day(10))
    actions.ask_recheck(matter=matter, text="还是没说三年为什么", by=petitioner(matter), at=day(11))
    actions.answer_recheck(matter=matter, text=RECHECKED, by=town.actor("liang"), at=day(12))
    work(day(12))
    drawn = papering.about(matter, seen_by=town.actor("liang"))
    assert [line.kind for line in drawn if line.kind != "completion"][::-1] == [
        "acceptance",
        "opinion",
        "review-opinion",
        "recheck-opinion",
    ]
    assert [line.state for line in drawn if line.kind in ("review-opinion", "recheck-opinion")] == ["draft", "draft"]
