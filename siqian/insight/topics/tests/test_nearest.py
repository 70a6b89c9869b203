"""The index says what the pairs of the night say, and a new message chooses its like."""

import pytest

from siqian.insight.topics.rules.nearest import Index
from siqian.insight.topics.rules.same import BESIDE, BOUND, ECHO, Joins, agree, group, joins
from siqian.spine.learn.queries import alike

TITLES = ("停水没有通知", "又停水了没有通知", "楼梯灯坏了", "楼道里的灯不亮", "广场舞太吵", "停水一天没有人管")
BODIES = (
    "整栋楼停水了，没有通知，老人连喝的水都没有",
    "又停水了，没有通知，做饭的水都没有",
    "楼梯2楼的灯坏了，晚上看不清路",
    "楼道里的灯不亮，晚上看不清路，老人摔了",
    "广场舞音响开到最大，孩子写作业都写不了",
    "停水一天了，没有人管，老人没有水喝",
)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_last_message_is_as_like_the_others_as_its_pairs_say(at_once):
    index = Index()
    if at_once:
        index.add(range(5), TITLES[:5], BODIES[:5])
    else:
        for at in range(5):
            index.add([at], [TITLES[at]], [BODIES[at]])
    silent = ("",) * BESIDE
    pairs = alike.pairs([*TITLES, *silent], [*BODIES, *silent], least=0.01)
    theirs = {
        one: share for one, other, share in zip(pairs.one.tolist(), pairs.other.tolist(), pairs.alike.tolist(), strict=True) if other == 5
    }
    ours = dict(index.near(TITLES[5], BODIES[5]))
    assert ours.keys() == theirs.keys() == {0, 1, 3}
    # Of the others it is reckoned how rare their n-grams were before this message came.
    assert ours == pytest.approx(theirs, abs=0.05)


def test_a_message_is_held_once():
    index = Index()
    index.add([7, 7], ["停水", "停水"], ["停水了", "停水了"])
    index.add([7], ["停水"], ["停水了"])
    assert len(index) == 1 and 7 in index


def test_the_same_words_again_are_an_echo():
    index = Index()
    index.add(range(5), TITLES[:5], BODIES[:5])
    assert index.near(TITLES[0], BODIES[0])[0] == (0, pytest.approx(1.0, abs=0.1))


def test_what_a_hundred_say_word_for_word_is_found_by_one_of_them():
    """Only who leads is held, so that the words of a hundred stay rare enough to be compared."""
    index = Index()
    index.add(range(1, 6), TITLES[:5], BODIES[:5])
    found = {joins(index.near(TITLES[0], BODIES[0]), {1: 3, 2: 3}, {3: 2}) for _ in range(100)}
    assert found == {Joins(topic=3, beside=0, leader=1)}


def test_the_nearest_eight_of_a_topic_decide_and_not_the_nearest_alone():
    near = [(1, 0.3), (2, 0.2)]
    assert joins(near, {1: 8, 2: 9, 3: 8, 4: 8, 5: 8, 6: 8}, {8: 5, 9: 1}).topic == 9
    many = [(at, 0.2) for at in range(1, 9)]
    assert joins(many, dict.fromkeys(range(1, 101), 8), {8: 100}).topic == 8, "however many there are beside"


def test_what_is_nobodys_like_stands_alone():
    assert joins([(1, BOUND / 2)], {1: 0}, {}) == joins([], {}, {})
    assert joins([(1, BOUND)], {1: 0}, {}).beside == 1


def test_what_counts_no_more_is_no_like():
    assert joins([(1, ECHO)], {}, {}).leader == 0


def test_what_is_surely_about_something_else_is_no_topic_with_it():
    assert group("7.1.3", "18.9.9") == "7.1" and group("18.9.9", "18.9.9") == ""
    assert agree("7.1", "7.1") and agree("", "7.1") and not agree("7.1", "3.1")
