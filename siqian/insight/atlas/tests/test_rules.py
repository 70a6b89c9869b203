"""What a map may show and how strongly, without a database."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from siqian.insight.atlas import rules
from siqian.kernel.permits import Actor, Grant


@given(people=st.integers(0, 400), doors=st.integers(0, 20_000))
def test_fewer_than_five_people_are_never_lit(people, doors):
    step = rules.light(people, doors)
    if 0 < people < rules.FEWEST and doors:
        assert step == "few"
    else:
        assert step in "01234"


def test_the_steps_of_light_are_those_of_the_legend():
    at = [rules.light(people, 10_000) for people in (0, 5, 6, 9, 10, 14, 15, 99)]
    assert at == ["0", "1", "2", "2", "3", "3", "4", "4"]
    assert all(low < high for low, high in pairwise(rules.EDGES))


@pytest.mark.parametrize(
    ("said", "mode", "day"),
    [("3", "gaps", 3), ("99", "gaps", 14), ("-2", "gaps", 0), ("-99", "heat", -13), ("x", "heat", 0), ("5", "duty", 0)],
)
def test_a_day_beyond_the_slider_is_its_end(said, mode, day):
    assert rules.bounded(said, mode) == day


def test_what_does_not_fit_in_an_address_becomes_what_stands_there_without():
    ask = rules.asked({"mode": "<script>", "level": "moon", "day": "1e9"}, level="block")
    assert (ask.mode, ask.level, ask.day) == ("duty", "block", 0)


def test_load_is_offered_to_those_who_look_after_duty():
    keeper = Actor(ref="account:1", grants=(Grant("keeper", "/rj/st/ry/ry-p1/ry-g1/"),))
    desk = Actor(ref="account:2", grants=(Grant("desk", "/rj/st/ry/"),))
    assert "load" not in rules.modes_of(keeper) and "load" in rules.modes_of(desk)
    assert rules.home(keeper) == "/rj/st/ry/" == rules.home(desk)
    assert rules.asked({"mode": "load"}, modes=rules.modes_of(keeper)).mode == "duty"


def test_of_several_grids_the_one_without_anybody_is_seen_first():
    assert rules.worst(["on", "none", "rest"]) == "none"
    assert rules.worst(["on", "desk"]) == "desk"
    assert rules.worst([]) == "rest"
