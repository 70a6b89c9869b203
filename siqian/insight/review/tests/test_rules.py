"""The arithmetic of a sheet: intervals, ranks, what is said of a change."""

from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from siqian.insight.review import rules
from siqian.insight.review.assembling import parts
from siqian.insight.review.rules import numbers, saying
from siqian.kernel.clock import TOWN
from siqian.spine.matters.rules.measures import MEASURES, Fact, Figures, Mark, figures

ROWS = tuple(parts().rows.values())


def line(key="", counts=None, **more):
    whole = {code: (0, 0) for code in MEASURES} | (counts or {})
    made = numbers.line(key, (key or "区", key or "District"), Figures(whole, apart={"contact": 0, "settle": 0}), ROWS)
    return made | {"by": "community"} | more


def three(hits, whole, volume=100):
    return {"respond": (hits, whole), "settle": (hits, whole), "satisfied": (hits, whole), "volume": (volume, volume)}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Values of the textbook: Newcombe, Statistics in Medicine 17 (1998), table I.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_textbooks(part, whole, low, high):
    assert numbers.wilson(part, whole) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_an_interval_holds_its_rate_and_stays_between_none_and_all(count):
    low, high = numbers.wilson(*count)
    assert 0 <= low <= count[0] / count[1] + 1e-12 and count[0] / count[1] - 1e-12 <= high <= 1


def test_under_thirty_nothing_is_ranked_and_the_count_itself_is_shown():
    lines = numbers.ranked(
        [line("a", three(29, 29)), line("b", three(60, 90)), line("c", three(80, 90)), line("d", three(30, 30) | {"satisfied": (29, 29)})]
    )
    assert [(one["key"], one["rank"]) for one in lines] == [("c", 1), ("b", 2), ("a", None), ("d", None)]
    assert [numbers.shown(count) for count in ((12, 18), (27, 30), (0, 0), None)] == ["12/18", "90.0%", "—", "<5"]


def test_one_alone_is_no_rank():
    assert [one["rank"] for one in numbers.ranked([line("a", three(60, 90)), line("b")])] == [None, None]


def test_the_score_is_the_parts_by_their_weights():
    counts = {code: (0, 0) for code in MEASURES} | {"respond": (50, 100), "settle": (80, 100), "satisfied": (90, 100)}
    assert {part.code: part.weight for part in ROWS} == {"response": 30, "settling": 35, "satisfaction": 35}
    assert numbers.score(counts, ROWS) == pytest.approx(0.30 * 50 + 0.35 * 80 + 0.35 * 90)


def test_a_part_names_measures_that_there_are():
    with pytest.raises(ValueError, match=r"没有这个指标.*happiness"):
        numbers.Part("x", "x", "x", 10, ("happiness",))


def test_what_few_could_be_recognised_by_is_left_out():
    made = line("a", {"satisfied": (1, 4), "respond": (3, 4)})
    assert made["counts"]["satisfied"] is None and made["counts"]["respond"] == (3, 4)


@pytest.mark.parametrize(
    ("scores", "said"), [([1, 2, 3], "up"), ([3, 2, 1], "down"), ([1, 3, 2], ""), ([2, 2, 3], ""), ([None, 2, 3], ""), ([2, 3], "")]
)
def test_three_weeks_in_a_row_make_a_trend(scores, said):
    assert numbers.trend(scores) == said


def said_of(now, last, classes=(), before=()):
    return saying.changes(line("", now), line("", last) if last else None, classes, before)[0]


def test_a_change_that_chance_explains_is_none():
    assert said_of(three(90, 100), three(88, 100))["text"] == saying.SAME
    said = [one["text"] for one in saying.changes(line("", three(90, 100)), None, (), ())]
    assert said == [saying.FIRST] * 3 + [saying.NO_LAST]


def test_a_change_names_the_class_that_made_it():
    now, last = three(850, 1000), three(950, 1000)
    classes = [line("power", {"respond": (50, 140)}), line("noise", {"respond": (800, 860)})]
    before = [line("power", {"respond": (90, 100)}), line("noise", {"respond": (860, 900)})]
    found = said_of(now, last, classes, before)
    assert found["text"] == saying.LESS
    assert {name: found["values"][name] for name in ("points", "cause", "before", "now")} == {
        "points": "10.0",
        "cause": "power",
        "before": 10,
        "now": 90,
    }


def test_a_change_that_came_everywhere_blames_no_class():
    classes = [line(str(number), {"respond": (85, 100)}) for number in range(10)]
    before = [line(str(number), {"respond": (95, 100)}) for number in range(10)]
    assert said_of(three(850, 1000), three(950, 1000), classes, before)["text"] == saying.LESS_ALL


def test_low_and_high_are_said_of_those_alone_who_lie_apart_for_certain():
    whole = line("", three(900, 1000))
    lines = [line("low", three(70, 100)), line("middle", three(88, 100)), line("high", three(198, 200)), line("small", three(2, 20))]
    low = saying.low(lines, whole, {("community", "low", "respond"): ("供电", "Power", 20)})
    assert [(one["key"], one["text"]) for one in low] == [("low", saying.LOW)]
    assert low[0]["values"]["n"] == 20 and low[0]["values"]["misses"] == 30
    assert [one["key"] for one in saying.high(lines, whole)] == ["high"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2 ** len(Mark) - 1)), max_size=60))
def test_every_figure_of_a_line_is_the_number_of_matters_that_it_marks(pairs):
    facts = [Fact(number, 1, key, "u", "1.1.1", marks) for number, (key, marks) in enumerate(pairs)]
    for key, found in figures(facts, lambda fact: fact.path).items():
        for code, measure in MEASURES.items():
            mine = [fact for fact in facts if fact.path == key]
            hits = [fact for fact in mine if measure.hits(fact.marks)]
            assert found.counts[code] == (len(hits), sum(measure.counts(fact.marks) for fact in mine))


def test_a_week_is_the_towns_week_and_knows_its_neighbour():
    since, until = rules.span("2026-W29")
    assert since == datetime(2026, 7, 13, tzinfo=TOWN) and until == datetime(2026, 7, 20, tzinfo=TOWN)
    assert rules.week_of(since) == "2026-W29" == rules.before(rules.week_of(until))
    assert rules.before("2026-W01") == "2025-W52"


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2026W10", "x", "9999-W01", "2025-W53"])
def test_no_such_week(week):
    assert rules.span(week) is None


def test_last_week_is_due_from_monday_at_eight_on():
    assert rules.last_due(datetime(2026, 7, 20, 7, 59, tzinfo=TOWN)) is None
    assert rules.last_due(datetime(2026, 7, 20, 8, 0, tzinfo=TOWN)) == "2026-W29"
    assert rules.last_due(datetime(2026, 7, 26, 1, 0, tzinfo=TOWN)) == "2026-W29"
