"""A week in figures: each one is exactly the matters behind it, and what makes figures look better than the work is counted."""

from datetime import timedelta
from random import Random

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import store
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.spine.matters import actions, queries
from siqian.spine.matters.jobs import go_on_after_the_limit, settle_what_nobody_rated
from siqian.spine.matters.models import Matter, Request, Step
from siqian.spine.matters.rules.course import Ask
from siqian.spine.matters.rules.measures import MEASURES, figures
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

from .lived import Walk

WEEK = timedelta(days=7)
CUT_SHORT = ("withdrawn", "refused", "appealed", "dismissed")
MONTH = monday_nine + timedelta(days=40)
LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"


def tell(town, text=LAMP, building="松涛苑3栋", at=monday_nine, **more) -> int:
    return intake.take(message=Message(text=text, channel="web", building=town.building(building), **more), by=ANYONE, at=at).matter


def teller(matter: int, ref: str = "") -> Actor:
    return Actor(ref=ref or f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def hours(count: float):
    return monday_nine + timedelta(hours=count)


def settled(town, at=0.0, how="phone", **more) -> int:
    """A lamp that is told, spoken about and closed two hours later, all in time."""
    matter, chen = tell(town, at=hours(at), **more), town.actor("chen")
    actions.contact(matter=matter, how=how, text="问清是2楼到3楼之间", by=chen, at=hours(at + 0.2))
    actions.close(matter=matter, text="换了新灯座，试过，亮了", by=chen, at=hours(at + 2))
    return matter


def counts(measure: str, since=monday_nine, until=None, **more) -> tuple[set[int], set[int]]:
    """(part, whole) of one measure, as the matters themselves."""
    facts = queries.counted(since, until or since + WEEK, **more)
    meant = MEASURES[measure]
    return {fact.matter for fact in facts if meant.hits(fact.marks)}, {fact.matter for fact in facts if meant.counts(fact.marks)}


@pytest.fixture(scope="module")
def chance():
    return Random(11)  # noqa: S311 - a seed, no secret


@pytest.mark.long
def test_every_figure_is_what_reading_each_matter_by_itself_finds(town, chance):
    """Matters that are lived by chance, week by week, against a reader that goes through them one after the other."""
    with store.reading_all():
        for number in range(60):
            walk = Walk(town, chance, monday_nine + timedelta(minutes=chance.randrange(0, 25 * 1440)), number)
            walk.go(chance.randrange(4, 40), MONTH)
        ids, seen = list(Matter.objects.values_list("id", flat=True)), set()
        for week in range(6):
            since = monday_nine + WEEK * week
            facts = queries.counted(since, since + WEEK)
            by_unit, by_place = figures(facts, lambda fact: fact.unit), figures(facts, lambda fact: fact.path)
            for code, measure in MEASURES.items():
                part = {fact.matter for fact in facts if measure.hits(fact.marks)}
                whole = {fact.matter for fact in facts if measure.counts(fact.marks)}
                if code in READERS:
                    assert (part, whole) == READERS[code](ids, since, since + WEEK), (code, week)
                for made in (by_unit, by_place):
                    assert sum(one.counts[code][0] for one in made.values()) == len(part)
                    assert sum(one.counts[code][1] for one in made.values()) == len(whole)
                seen |= {code} if part else set()
    # The walks are no test of what never came up in them.
    assert seen >= set(READERS) - {"assign"}


def _owed(what):
    def read(ids, since, until):
        good, all_ = set(), set()
        for id_ in ids:
            clocks = [clock for clock in tasks.clocks(f"matter:{id_}") if clock.what == what and since <= clock.due < until]
            late = [clock for clock in clocks if clock.stopped is None or clock.stopped > clock.due]
            if not clocks or (not late and Matter.objects.get(id=id_).state in CUT_SHORT):
                continue
            all_.add(id_)
            good |= set() if late or (what == "settle" and _bounced(id_, clocks)) else {id_}
        return good, all_

    return read


def _bounced(id_, clocks):
    steps = list(Step.objects.filter(matter=id_).order_by("id"))
    begun, ended = min(clock.started for clock in clocks), max(clock.stopped or MONTH for clock in clocks)
    ends = [step.at for step in steps if step.kind in ("closed", "passed") and begun <= step.at <= ended]
    bad = [step.at for step in steps if step.kind in ("reopened", "told_bad")]
    return any(end <= again <= end + timedelta(hours=24) for end in ends for again in bad)


def _said(wanted, among):
    def read(ids, since, until):
        part, whole = set(), set()
        for id_ in ids:
            clocks = [clock for clock in tasks.clocks(f"matter:{id_}") if clock.what == "rate" and since <= clock.due < until]
            if not clocks or Matter.objects.get(id=id_).state in CUT_SHORT:
                continue
            ends = [clock.stopped for clock in clocks if clock.stopped]
            said = {
                step.kind
                for step in Step.objects.filter(matter=id_)
                if ends and min(clock.started for clock in clocks) <= step.at <= max(ends)
            }
            whole |= {id_} if not among or said & among else set()
            part |= {id_} if wanted(said) and id_ in whole else set()
        return part, whole

    return read


def _received(test):
    def read(ids, since, until):
        came = {id_ for id_ in ids if since <= Matter.objects.get(id=id_).received < until}
        return {id_ for id_ in came if test(id_)}, came

    return read


SPOKEN = {"rated", "reopened", "told_ok", "told_bad"}
READERS = {
    "volume": _received(lambda id_: True),
    "assign": _owed("assign"),
    "accept": _owed("accept"),
    "respond": _owed("respond"),
    "settle": _owed("settle"),
    "satisfied": _said(lambda said: "rated" in said and "reopened" not in said, {"rated", "reopened"}),
    "told": _said(lambda said: "told_ok" in said and "told_bad" not in said, {"told_ok", "told_bad"}),
    "silent": _said(lambda said: not said & SPOKEN, set()),
    "reopened": _said(lambda said: bool(said & {"reopened", "told_bad"}), set()),
    "returned": _received(lambda id_: Request.objects.filter(matter=id_, kind="return").exists()),
    "refused": _received(lambda id_: Matter.objects.get(id=id_).state in ("refused", "appealed", "dismissed")),
    "withdrawn": _received(lambda id_: Matter.objects.get(id=id_).state == "withdrawn"),
}


def test_what_nobody_rated_is_never_satisfied(town):
    good, silent = settled(town), settled(town, at=3, building="松涛苑4栋")
    actions.rate(matter=good, good=True, by=teller(good), at=hours(4))
    settle_what_nobody_rated(at=hours(24 * 7 + 6))
    after = monday_nine + WEEK
    assert counts("satisfied", since=after) == ({good}, {good})
    assert counts("silent", since=after) == ({silent}, {good, silent})


def test_a_promise_kept_at_its_last_instant_is_kept_and_a_moment_later_is_late(town):
    in_time, late, chen = tell(town), tell(town, building="松涛苑4栋"), town.actor("chen")
    actions.contact(matter=in_time, how="phone", text="问清楚了", by=chen, at=hours(0.5))
    actions.contact(matter=late, how="phone", text="问清楚了", by=town.desk("ry"), at=hours(0.5) + timedelta(microseconds=1))
    assert counts("respond") == ({in_time}, {in_time, late})


def test_what_was_withdrawn_in_time_is_owed_nobody_and_what_was_late_by_then_stays_late(town):
    early, late = tell(town), tell(town, building="松涛苑4栋")
    actions.withdraw(matter=early, by=teller(early), at=hours(0.1))
    actions.withdraw(matter=late, by=teller(late), at=hours(0.6))
    assert counts("respond") == (set(), {late})
    assert counts("withdrawn") == ({early, late}, {early, late})


def test_the_same_in_the_same_building_within_thirty_days_is_a_repeat(town):
    settled(town)
    again, elsewhere = tell(town, at=hours(48)), tell(town, at=hours(48), building="松涛苑4栋")
    assert counts("repeat", since=hours(24))[0] == {again} and elsewhere in counts("volume", since=hours(24))[0]
    much_later = tell(town, at=hours(24 * 32))
    assert counts("repeat", since=hours(24 * 30)) == (set(), {much_later})


def test_a_matter_left_out_by_two_people_is_in_no_rate_and_is_shown_as_left_out(town):
    one, other = settled(town), settled(town, building="松涛苑4栋")
    assert counts("settle", left_out={other}) == ({one}, {one})
    assert counts("left_out", left_out={other})[0] == {other} and counts("volume", left_out={other})[0] == {one, other}


def test_closing_early_and_doing_it_again_the_next_day_does_not_count_as_settled(town):
    honest, hollow = settled(town), settled(town, building="松涛苑4栋")
    actions.rate(matter=hollow, good=False, words="根本没来", by=teller(hollow), at=hours(20))
    assert counts("bounced") == ({hollow}, {honest, hollow})
    assert counts("settle") == ({honest}, {honest, hollow})


def test_not_good_after_a_week_is_reopened_but_was_no_false_closing(town):
    slow = settled(town)
    actions.rate(matter=slow, good=False, words="又不亮了", by=teller(slow), at=hours(100))
    assert counts("bounced") == (set(), {slow})


def test_a_new_telling_put_into_a_matter_that_is_late_already_is_counted(town):
    old = tell(town)
    tell(town, at=hours(1))
    assert counts("joined") == (set(), {old})
    joined = tell(town, at=hours(26))
    assert joined == old and counts("joined") == ({old}, {old})


def test_changing_the_item_after_it_was_given_to_somebody_is_counted_ruling_an_unsure_one_is_not(town):
    unsure, changed = tell(town, text="那个东西又来了，怎么搞的"), tell(town)
    actions.assign(matter=unsure, item="4.1.1", by=town.desk("ry"), at=hours(0.05))
    assert counts("reclassed")[0] == set()
    actions.assign(matter=changed, item="4.1.1", by=town.desk("ry"), at=hours(0.1))
    assert counts("reclassed")[0] == {changed}


def test_a_clock_that_stood_still_for_most_of_its_time_is_counted(town):
    short, long, chen = tell(town), tell(town, building="松涛苑4栋"), town.actor("chen")
    for matter in (short, long):
        actions.contact(matter=matter, how="phone", text="问清楚了", by=chen, at=hours(0.2))
        actions.hold(matter=matter, why="third", text="等配件到货", by=chen, at=hours(1))
    for matter, until in ((short, 8), (long, 60)):
        actions.resume(matter=matter, by=chen, at=hours(until))
        actions.close(matter=matter, text="换了新灯座，试过，亮了", by=chen, at=hours(until + 12))
    assert counts("held") == ({long}, {short, long})


def test_waiting_for_somebody_elses_check_on_the_spot_is_no_hold(town):
    matter, desk = tell(town), town.desk("st")
    item = next(item.code for item in remit.items().values() if item.check and item.settle.hours)
    actions.assign(matter=matter, item=item, by=desk, at=hours(0.05))
    actions.contact(matter=matter, how="phone", text="问清楚了", by=desk, at=hours(0.2))
    actions.close(matter=matter, text="换了新灯座，试过，亮了", by=desk, at=hours(1))
    actions.check(matter=matter, passed=True, text="到现场看过，亮了", by=town.actor("liang"), at=hours(20))
    assert counts("held", until=monday_nine + WEEK * 3) == (set(), {matter})


def test_a_hold_that_nobody_ends_counts_up_to_its_limit_only(town):
    matter, chen = tell(town), town.actor("chen")
    actions.contact(matter=matter, how="phone", text="问清楚了", by=chen, at=hours(0.2))
    actions.hold(matter=matter, why="resident", text="等您回来开门", by=chen, at=hours(1))
    go_on_after_the_limit(at=hours(24 * 5))
    assert counts("held")[0] == {matter}


def test_closing_without_having_called_or_come_is_counted(town):
    spoken, written = settled(town), settled(town, how="message", building="松涛苑4栋")
    assert counts("unspoken") == ({written}, {spoken, written})


def test_who_handles_a_thing_and_also_rates_it_is_counted_and_not_satisfied(town):
    honest, own = settled(town), settled(town, building="松涛苑4栋")
    actions.rate(matter=honest, good=True, by=teller(honest), at=hours(4))
    actions.rate(matter=own, good=True, by=teller(own, town.actor("chen").ref), at=hours(4))
    after = monday_nine + WEEK
    assert counts("self_rated", since=after) == ({own}, {honest, own})
    assert counts("satisfied", since=after) == ({honest}, {honest})


def test_returns_extensions_and_the_ledger_come_from_what_was_asked_and_ruled(town):
    matter, chen, desk = tell(town), town.actor("chen"), town.desk("st")
    actions.contact(matter=matter, how="phone", text="问清楚了", by=chen, at=hours(0.2))
    actions.ask(matter=matter, ask=Ask("extension", "要等厂家来人", amount=2), by=chen, at=hours(1))
    assert counts("extended") == (set(), {matter})
    actions.rule(matter=matter, granted=True, ruling="照上次的判例", by=desk, at=hours(1.5))
    assert counts("extended") == ({matter}, {matter})
    actions.ask(matter=matter, ask=Ask("ledger", "要等厂家来人", until=hours(24 * 20)), by=chen, at=hours(2))
    actions.rule(matter=matter, granted=True, ruling="照上次的判例", by=desk, at=hours(3))
    assert counts("shelved") == ({matter}, {matter}) and counts("returned") == (set(), {matter})


def test_medians_are_of_those_that_were_answered_and_closed(town):
    settled(town)
    tell(town, building="松涛苑4栋")
    whole = figures(queries.counted(monday_nine, monday_nine + WEEK), lambda fact: "")[""]
    assert (whole.contact, whole.settle) == (12, 120) and whole.apart == {"contact": 1, "settle": 1}


def test_nothing_told_is_no_figure_and_no_fault(town):
    assert queries.counted(monday_nine - WEEK, monday_nine) == [] and figures([], lambda fact: "") == {}
