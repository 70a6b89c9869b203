"""What words say and what was learned, brought together."""

import pytest
from hypothesis import given, strategies as some

from siqian.spine.learn.blending import Limits, Opinion, blended, stratum
from siqian.spine.learn.refitting import rises
from siqian.spine.learn.rules import Guess, Risk, Span, Understanding

LAMP, NOISE, WASTE, CARD = "4.2.7", "7.1.1", "5.1.2", "9.3.1"
NONE = Limits()
RISK = Risk("fire", "着火", "emergency", ("119",), (Span(0, 2, "risk"),))


def words(*items, unsure=False, risks=()):
    guesses = tuple(Guess(item, 0.5, (Span(1, 3, "class"),)) for item in items)
    return Understanding("complaint", guesses, unsure, "说不准" if unsure else "", risks, "灯坏了")


def opinion(*likely):
    return Opinion(likely, ((4, 6),))


def both(read, thought, limits=NONE, known=(LAMP, NOISE, WASTE)):
    return blended(read, thought, limits, known=known, version="words-1+7")


def test_where_both_say_the_same_it_goes_out_as_before():
    read = both(words(LAMP), opinion((LAMP, 0.6), (NOISE, 0.3)))
    assert (read.item, read.unsure, read.why, read.version) == (LAMP, False, "", "words-1+7")
    assert [(guess.item, guess.share) for guess in read.guesses] == [(LAMP, 0.6), (NOISE, 0.3)]
    assert read.guesses[0].spans == (Span(1, 3, "class"),)


def test_where_they_differ_and_nobody_proved_which_is_right_a_person_chooses_between_the_two():
    read = both(words(LAMP), opinion((NOISE, 0.9), (WASTE, 0.1)))
    assert read.unsure and read.why
    assert [guess.item for guess in read.guesses[:2]] == [NOISE, LAMP]


def test_a_model_that_proved_itself_decides_where_words_are_silent_and_shows_its_own_words():
    read = both(words(unsure=True), opinion((NOISE, 0.9)), Limits(silent=0.8))
    assert (read.item, read.unsure) == (NOISE, False)
    assert read.guesses[0].spans == (Span(4, 6, "class"),)
    assert both(words(unsure=True), opinion((NOISE, 0.7)), Limits(silent=0.8)).unsure


def test_of_an_item_that_nobody_ever_confirmed_the_list_itself_decides():
    read = both(words(CARD), opinion((NOISE, 0.6)))
    assert (read.item, read.unsure) == (CARD, False)


def test_a_raised_floor_holds_for_all_three_ways():
    limits = Limits(agree=0.5, differ=0.8, silent=0.8, floor=0.95)
    assert both(words(LAMP), opinion((LAMP, 0.9)), limits).unsure
    assert both(words(unsure=True), opinion((LAMP, 0.9)), limits).unsure
    assert not both(words(LAMP), opinion((LAMP, 0.96)), limits).unsure


@given(some.lists(some.tuples(some.sampled_from([LAMP, NOISE, WASTE, CARD]), some.floats(0, 1)), min_size=1, max_size=3), some.booleans())
def test_no_weight_silences_a_danger_and_every_item_stands_once(likely, unsure):
    likely = tuple(sorted(dict(likely).items(), key=lambda pair: -pair[1]))
    read = both(words(LAMP, NOISE, unsure=unsure, risks=(RISK,)), Opinion(likely, ()))
    assert read.calls == ["119"] and read.emergency and read.kind == "complaint"
    items = [guess.item for guess in read.guesses]
    assert len(items) == len(set(items)) and 1 <= len(items) <= 3


@pytest.mark.parametrize(
    ("read", "top", "way"), [(words(LAMP), LAMP, "agree"), (words(LAMP), NOISE, "differ"), (words(LAMP, unsure=True), LAMP, "silent")]
)
def test_how_words_stand_to_what_was_learned(read, top, way):
    assert stratum(read, top) == way


def test_the_floor_rises_when_too_much_went_out_wrongly_and_only_then():
    right = [(0.9, True)] * 60
    assert rises(right, Limits()) == 0.0
    assert rises([(0.5, False)] * 20 + right, Limits()) == pytest.approx(0.9)
    assert rises([(0.5, False)] * 20, Limits()) == 0.0, "twenty prove nothing"
    assert rises([(0.5, False)] * 20 + right, Limits(floor=0.95)) == 0.95, "it never falls by itself"
