"""Which messages are about one thing, and which are like another."""

import numpy as np
import pytest
from hypothesis import given, strategies as some

from siqian.spine.learn.trained import alike
from siqian.spine.learn.trained.alike import Pairs
from siqian.spine.learn.trained.topics import clusters, topics

MIXER = ("搅拌站噪音太大", "新城旁边的搅拌站扬尘", "搅拌站夜里施工睡不着", "投诉新城搅拌站污染")
CARPARK = ("滨河苑捆绑销售车位", "滨河苑强制买车位", "车位捆绑，滨河苑业主不同意")
ALONE = ("老年卡在哪里办", "公交三路改线咨询", "图书馆几点开门")


def test_one_thing_is_one_topic_the_largest_first_and_what_stands_alone_has_none():
    titles = [*MIXER, *ALONE, *CARPARK]
    numbers = topics(titles, [f"{title}，请有关部门答复" for title in titles])
    assert numbers == [1, 1, 1, 1, 0, 0, 0, 2, 2, 2]


def test_no_message_at_all_is_no_topic():
    assert topics([], []) == []
    assert topics(["楼道灯坏了"], [""]) == [0]


def test_a_chain_of_small_likenesses_joins_no_two_things():
    # Each is like the next, the ends are not like each other at all.
    chain = Pairs(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([0.9, 0.3, 0.9], np.float32))
    assert sorted(clusters(4, chain, near=0.25)) == [[0, 1], [2, 3]]


@given(some.integers(2, 7), some.data())
def test_no_two_groups_are_left_whose_average_pair_is_near_enough(count, data):
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    values = data.draw(some.lists(some.floats(0, 1, width=32), min_size=len(pairs), max_size=len(pairs)))
    found = Pairs(np.array([a for a, _ in pairs]), np.array([b for _, b in pairs]), np.array(values, np.float32))
    near, groups = 0.5, clusters(count, Pairs(found.one, found.other, found.alike), near=0.5)
    assert sorted(member for group in groups for member in group) == list(range(count))
    table = np.zeros((count, count))
    for (a, b), value in zip(pairs, values, strict=True):
        table[a, b] = table[b, a] = value
    for at, one in enumerate(groups):
        for other in groups[at + 1 :]:
            assert table[np.ix_(one, other)].mean() < near + 1e-6


def test_pairs_are_the_cosine_of_rare_grams():
    titles = [*MIXER, *CARPARK, *ALONE]
    found = alike.pairs(titles, [""] * len(titles), least=0.0)
    assert (found.one < found.other).all()
    rows = [field.rows for field in alike.fields(titles, [""] * len(titles))]
    for one, other, value in zip(found.one.tolist(), found.other.tolist(), found.alike.tolist(), strict=True):
        whole = 0.0
        for field in rows:
            left, right = (
                dict(zip(field.columns[s].tolist(), field.values[s].tolist(), strict=True))
                for s in (slice(field.starts[n], field.starts[n + 1]) for n in (one, other))
            )
            whole += sum(left[column] * right[column] for column in left.keys() & right.keys()) / 2
        assert value == pytest.approx(whole, abs=1e-5)
