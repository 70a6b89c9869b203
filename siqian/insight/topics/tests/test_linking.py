"""Average link that keeps what staff decided; numbers that stay."""

import numpy as np
from hypothesis import given, strategies as st

from siqian.insight.topics.rules.linking import Constraints, Decision, clusters, constraints, numbered
from siqian.spine.learn.queries import alike, topics

WATER, LAMP = frozenset({1, 2, 3}), frozenset({4, 5})
LINKS = [(1, 2, 0.9), (2, 3, 0.8), (1, 3, 0.7), (4, 5, 0.9)]


def grouped(links=LINKS, kept=None, items=(1, 2, 3, 4, 5), near=0.5):
    return {frozenset(group) for group in clusters(items, links, kept or Constraints(), near=near)}


def merge(one, other):
    return Decision(True, frozenset(one), frozenset(other))


def split(one, other):
    return Decision(False, frozenset(one), frozenset(other))


def test_the_likest_are_together():
    assert grouped() == {WATER, LAMP}


def test_a_chain_of_small_likenesses_joins_no_two_things():
    assert grouped([*LINKS, (3, 4, 0.6)]) == {WATER, LAMP}


def test_what_staff_put_together_stays_together():
    assert grouped(kept=constraints([merge(WATER, LAMP)])) == {WATER | LAMP}


def test_what_staff_took_apart_stays_apart_however_alike():
    kept = constraints([split({3}, {1, 2})])
    assert grouped(kept=kept) == {frozenset({1, 2}), frozenset({3}), LAMP}


def test_a_merge_and_then_a_split_restores():
    kept = constraints([merge(WATER, LAMP), split(LAMP, WATER)])
    assert grouped(kept=kept) == {WATER, LAMP}


def test_a_split_and_then_a_merge_restores():
    assert grouped(kept=constraints([split({3}, {1, 2}), merge({3}, {1, 2})])) == {WATER, LAMP}


def test_what_was_taken_out_stays_out_when_the_rest_is_merged():
    kept = constraints([split({3}, {1, 2}), merge({1, 2}, LAMP)])
    assert grouped(kept=kept) == {frozenset({1, 2, 4, 5}), frozenset({3})}


sets = st.frozensets(st.integers(1, 8), min_size=1, max_size=4)
decisions = st.lists(st.builds(Decision, st.booleans(), sets, sets).filter(lambda d: not d.one & d.other), max_size=5)
links = st.dictionaries(st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda p: p[0] < p[1]), st.floats(0.05, 1), max_size=28)


@given(decisions, links)
def test_the_last_decision_always_holds(made, found):
    groups = grouped([(*pair, share) for pair, share in found.items()], constraints(made), range(1, 9))
    assert sorted(item for group in groups for item in group) == list(range(1, 9))
    if not made:
        return
    last = made[-1]
    of = {item: group for group in groups for item in group}
    if last.together:
        assert len({of[item] for item in last.one | last.other}) == 1
    else:
        assert all(of[one] != of[other] for one in last.one for other in last.other)


@given(links)
def test_without_decisions_it_is_the_average_link_of_the_understanding(found):
    rows = [(*pair, share) for pair, share in found.items()]
    pairs = alike.Pairs(*(np.array([row[at] for row in rows]) for at in range(3)))
    theirs = {frozenset(group) for group in topics.clusters(9, pairs, near=0.3) if group != [0]}
    ours = grouped(rows, items=range(1, 9), near=0.3)
    # Where two pairs are equally near either may be joined first.
    if len({share for *_, share in rows}) == len(rows):
        assert ours == theirs


def test_the_largest_overlap_keeps_the_number():
    kept, became = numbered([[1, 2, 3], [4, 5]], {1: 7, 2: 7, 3: 9, 4: 9, 5: 9})
    assert kept == [7, 9] and became == {}


def test_of_two_that_became_one_the_smaller_points_to_it():
    kept, became = numbered([[1, 2, 3, 4, 5]], {1: 7, 2: 7, 3: 9, 4: 9, 5: 9})
    assert kept == [9] and became == {7: 0}


def test_a_topic_of_staff_keeps_its_number_before_a_larger_one():
    kept, became = numbered([[1, 2, 3, 4, 5]], {1: 7, 2: 7, 3: 9, 4: 9, 5: 9}, firm={7})
    assert kept == [7] and became == {9: 0}


def test_a_topic_that_broke_in_two_keeps_the_larger_part():
    assert numbered([[1, 2], [3, 4, 5]], dict.fromkeys(range(1, 6), 7)) == ([0, 7], {})
