"""One angry sender is one person; the order of arrival does not matter; what rises is what many tell of lately."""

from datetime import timedelta

from hypothesis import given, strategies as st

from siqian.insight.topics.rules import heat
from siqian.insight.topics.rules.heat import Heard, by_day, warmth
from siqian.testing import monday_nine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ages = st.floats(0, 40).map(lambda days: timedelta(days=days))
heard = st.builds(
    lambda who, age, house: Heard(who, monday_nine - age, house),
    st.sampled_from(["", "a", "b", "c", "d"]),
    ages,
    st.sampled_from(["1", "2"]),
)


@given(st.lists(heard, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told, chance):
    mixed = list(told)
    chance.shuffle(mixed)
    assert warmth(mixed, monday_nine) == warmth(told, monday_nine)
    assert by_day(mixed, monday_nine, 14) == by_day(told, monday_nine, 14)


@given(st.lists(ages, min_size=1, max_size=500))
def test_one_sender_is_never_more_than_one_teller(when):
    found = warmth([Heard("angry", monday_nine - age) for age in when], monday_nine)
    alone = warmth([Heard("angry", monday_nine - min(when))], monday_nine)
    assert found.heat <= alone.heat and found.tellers <= 1 and not found.rising


def test_five_hundred_messages_of_one_sender_are_no_hot_topic():
    told = [Heard("angry", monday_nine - timedelta(minutes=number), str(number)) for number in range(500)]
    assert warmth(told, monday_nine) == warmth(told[:1], monday_nine)


@given(st.lists(heard, max_size=20), st.integers(1, 50))
def test_saying_it_again_makes_it_no_hotter(told, times):
    assert warmth(told * times, monday_nine) == warmth(told, monday_nine)


@given(st.lists(heard, max_size=20), ages)
def test_another_teller_this_week_makes_it_no_cooler(told, age):
    more = [*told, Heard("newcomer", monday_nine - age % heat.WEEK)]
    assert warmth(more, monday_nine).heat > warmth(told, monday_nine).heat


def test_without_a_telephone_a_building_counts_once_a_day():
    hours = [Heard("", monday_nine - HOUR * number, "songtao-3") for number in range(5)]
    assert warmth(hours, monday_nine).tellers == 1
    assert warmth([*hours, Heard("", monday_nine - DAY, "songtao-3")], monday_nine).tellers == 2
    assert warmth([*hours, Heard("", monday_nine, "songtao-4")], monday_nine).tellers == 2


def test_half_as_hot_after_three_days():
    one = warmth([Heard("a", monday_nine), Heard("b", monday_nine)], monday_nine)
    later = warmth([Heard("a", monday_nine), Heard("b", monday_nine)], monday_nine + heat.HALF_LIFE)
    assert later.heat == one.heat / 2


def test_rising_is_five_within_the_week_and_twice_as_many_as_before():
    five = [Heard(str(number), monday_nine) for number in range(5)]
    assert warmth(five, monday_nine).rising and not warmth(five[:4], monday_nine).rising
    steady = [Heard(f"{week}{number}", monday_nine - DAY * 7 * week) for week in range(4) for number in range(5)]
    found = warmth(steady, monday_nine)
    assert (found.week, found.before, found.growth, found.rising) == (5, 5.0, 1.0, False)


def test_a_clock_that_runs_ahead_counts_as_now():
    assert warmth([Heard("a", monday_nine + HOUR)], monday_nine) == warmth([Heard("a", monday_nine)], monday_nine)


def test_after_four_weeks_nothing_counts():
    assert warmth([Heard("a", monday_nine - heat.SPAN)], monday_nine).heat == 0
