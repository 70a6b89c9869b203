"""The demo's year: everything that happens in a town happens in it, and not all of it is green."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from demo.grammar import AGAIN
from demo.stories import Home
from demo.topics import topics
from demo.year import year
from siqian.kernel.clock import TOWN, local
from siqian.spine.matters.rules.lives import Holder, Life, Spot, digest
from siqian.spine.matters.rules.living import VERBS, Book, Living
from siqian.spine.remit import queries as remit
from siqian.town.people.rules import Owner

UNTIL = datetime(2026, 11, 24, 15, 0, tzinfo=TOWN)
COUNT = 5000
HOMES = [
    Home(
        f"b{number}",
        f"松涛{number % 9}苑",
        str(number),
        Spot(f"/d/s/c{number % 7}/p/g{number}/l/", number, f"松涛苑{number}栋", f"b{number}"),
    )
    for number in range(60)
]
DISTRICT = Spot("/d/", 1000, "榕江区")


@dataclass
class Watch:
    """Three people for every place, so that there is always somebody else."""

    path: str
    at: datetime

    def owner(self) -> Owner:
        return Owner("keeper", "chen") if 8 <= local(self.at).hour < 20 else Owner("desk-2", "fang-2")

    def desk(self, level: int) -> Owner | None:
        return Owner(f"desk-{level}", f"fang-{level}")

    def other_than(self, *persons: str) -> Owner | None:
        return Owner("secretary", "lin")

    def named_in(self, text: str) -> set[str]:
        return set()

    def called(self, owner: Owner) -> str:
        return owner.person


def lives(count: int = COUNT, seed: int = 7, until: datetime = UNTIL) -> list[Life]:
    return list(year(HOMES, DISTRICT, Watch, Random(seed), until=until, count=count))


@cache
def this_year() -> tuple[tuple[Life, Living], ...]:
    def desk(_path: str, level: int, _at: datetime) -> Holder:
        return Holder(f"desk-{level}", f"fang-{level}", "desk")

    book = Book(remit.items().get, remit.kind, lambda *_: "unit", remit.lead_fault, frozenset(remit.units()), desk, frozenset(), {}, UNTIL)
    found = []
    for life in lives():
        living = Living(life, life.first.channel, book)
        assert [fault for _, _, fault in living.live()] == []
        found.append((life, living))
    return tuple(found)


def kept(what: str, those) -> float:
    ended = [clock for _, living in those for clock in living.clocks if clock.what == what and (clock.stopped or clock.due <= UNTIL)]
    return sum(clock.stopped is not None and clock.stopped <= clock.due for clock in ended) / len(ended)


def in_typhoon(life: Life) -> bool:
    typhoon = next(topic for topic in topics(UNTIL) if topic.name == "台风")
    return 1 <= (local(life.first.at).date() - typhoon.begins).days <= 4


def test_so_many_lives_in_order_within_the_year_from_one_seed():
    made = lives(600)
    assert len(made) == 600 and digest(made) == digest(lives(600)) != digest(lives(600, seed=8))
    times = [life.first.at for life in made]
    assert times == sorted(times) and UNTIL - timedelta(days=365) <= times[0] and times[-1] < UNTIL


def test_every_item_is_hit_by_at_least_one_message():
    assert set(remit.items()) - {life.item for life, _ in this_year()} == set()


def test_every_life_is_lawful_and_all_ends_are_met():
    states = Counter(living.state for _, living in this_year())
    assert {"settled", "withdrawn", "closed", "in_hand"} <= set(states)
    assert {act.verb for life, _ in this_year() for act in life.acts} >= set(VERBS) - {"move", "note"}
    assert {clock.level for _, living in this_year() for clock in living.clocks} == {0, 1, 2, 3}


def test_most_promises_are_kept_and_many_are_not():
    usual = [pair for pair in this_year() if not in_typhoon(pair[0])]
    assert 0.90 <= kept("respond", usual) <= 0.95 and 0.85 <= kept("settle", usual) <= 0.91


def test_in_the_typhoon_nearly_everything_is_late():
    storm = [pair for pair in this_year() if in_typhoon(pair[0])]
    usual = COUNT / 365 * 4
    assert len(storm) > 3 * usual
    assert kept("respond", storm) < 0.8 and kept("settle", storm) < 0.75
    items = Counter(living.item for _, living in storm)
    assert all(items[item] >= 5 for item in ("1.4.2", "2.5.1", "7.2.1", "8.4.2"))


def test_a_closure_in_name_only_is_found_out_and_somebody_else_does_it():
    hollow = [living for _, living in this_year() if any(trace.text == "已处理，请放心" for trace in living.traces)]
    assert len(hollow) > 10
    ended = [living for living in hollow if living.reopened and living.state == "settled"]
    assert ended and all(len({trace.by for trace in living.traces if trace.kind in ("closed", "submitted")}) > 1 for living in ended)


def test_who_was_told_nothing_comes_again_angrier():
    angry = [life for life, _ in this_year() if "12345" in life.first.text or "又是我" in life.first.text]
    assert len(angry) > 5
    joined = [act for life, _ in this_year() for act in life.acts if act.verb == "join" and act.by.startswith("receipt:")]
    assert joined and all(act.voice and any(word in act.voice.text for word in AGAIN) for act in joined)
    callers = Counter((life.first.phone, life.spot.building) for life, _ in this_year() if life.first.phone)
    assert max(callers.values()) > 1


def test_what_is_sent_away_is_ruled_with_the_clause():
    sent = [living for _, living in this_year() if any(asked.kind == "return" for asked in living.asked)]
    ruled = [asked for living in sent for asked in living.asked if asked.kind == "return" and asked.state != "asked"]
    assert len(sent) > COUNT / 60 and {asked.state for asked in ruled} == {"granted", "denied"}
    assert all(asked.clause and asked.unit and asked.by != asked.ruled_by for asked in ruled)


def test_everything_that_does_not_go_straight_happens():
    kinds = Counter(trace.kind for _, living in this_year() for trace in living.traces)
    few = (
        "held",
        "staged",
        "extended",
        "not_extended",
        "shelved",
        "reviewed",
        "passed",
        "failed",
        "called",
        "told_ok",
        "told_bad",
        "ordered",
    )
    assert [kind for kind in few if kinds[kind] < 3] == []
    assert Counter(living.state for _, living in this_year())["shelved"] > 5


def test_nights_are_quiet_and_mondays_are_not():
    hours = Counter(local(life.first.at).hour for life, _ in this_year())
    assert sum(hours[hour] for hour in range(1, 5)) < 0.06 * COUNT < hours[9] + hours[10]
    days = Counter(local(life.first.at).weekday() for life, _ in this_year() if not in_typhoon(life))
    assert days[0] > 1.2 * days[6]
