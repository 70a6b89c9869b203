"""Rules fold over readings: in whatever order they arrive, however often, the state is the same, and a late one ends no alarm."""

from hypothesis import given, strategies as st

from siqian.services.sensing.rules import engine
from siqian.services.sensing.rules.alarms import IncidentKind, Part, Rate, Rule, Threshold, Together, area_of, faults_of
from siqian.services.sensing.rules.engine import State
from siqian.services.sensing.rules.sensors import Kind, Quantity

DEEP = Rule("deep", "", "", "flood", ("water",), threshold=Threshold("depth", above=30, clear=20, readings=2))
LONG = Rule("long", "", "", "noise", ("noise",), threshold=Threshold("level", above=70, clear=62, readings=2, minutes=10))
DARK = Rule("dark", "", "", "lamp", ("lamp",), threshold=Threshold("lit", below=80, clear=95))
FAST = Rule("fast", "", "", "flood", ("water",), rate=Rate("depth", by=1, minutes=15))
FIRE = Rule("fire", "", "", "fire", together=Together(10, (Part("smoke", "smoke", above=4), Part("heat", "temperature", above=57))))
RULES = st.sampled_from([DEEP, LONG, DARK, FAST])
READINGS = st.lists(st.tuples(st.integers(0, 60).map(lambda minute: minute * 60.0 + 1), st.integers(0, 100).map(float)), max_size=20)


def arrived(rule: Rule, batches: list[list[engine.Reading]]) -> tuple[State, list[tuple[float, float]], list[bool]]:
    """As the verb does it: batch after batch, the day folded anew when one of a batch is late."""
    state, there, rose, ended = State(), [], [], []
    for batch in batches:
        late = engine.is_late(state, batch)
        done = engine.replayed(rule, state, [*there, *batch]) if late else engine.folded(rule, state, batch)
        ended.append(engine.over(state, done.state))
        state, there = done.state, [*there, *batch]
        rose += done.rose
    return state, rose, ended


@given(rule=RULES, readings=READINGS, chance=st.randoms(use_true_random=False), size=st.integers(1, 5))
def test_the_order_of_arrival_does_not_matter(rule, readings, chance, size):
    whole = engine.folded(rule, State(), readings).state
    shuffled = list(readings)
    chance.shuffle(shuffled)
    batches = [shuffled[at : at + size] for at in range(0, len(shuffled), size)]
    assert arrived(rule, batches)[0] == whole


@given(rule=RULES, readings=READINGS)
def test_what_comes_twice_changes_nothing(rule, readings):
    once = arrived(rule, [[one] for one in readings])[0]
    assert arrived(rule, [[one] for one in [*readings, *readings]])[0] == once


@given(
    rule=RULES, readings=READINGS, late=st.tuples(st.integers(0, 59).map(lambda minute: minute * 60.0 + 1), st.integers(0, 100).map(float))
)
def test_a_late_reading_ends_no_alarm(rule, readings, late):
    if not readings or late[0] >= max(at for at, _value in readings):
        return
    ended = arrived(rule, [sorted(readings), [late]])[2]
    assert ended[-1] is False


@given(values=st.lists(st.sampled_from([21.0, 25.0, 29.0, 31.0, 35.0]), min_size=2, max_size=40))
def test_between_the_two_levels_it_neither_begins_nor_ends(values):
    """Hysteresis: water that goes up and down round one level is one alarm."""
    done = engine.folded(DEEP, State(), [(60.0 * at, value) for at, value in enumerate([31.0, 32.0, *values], start=1)])
    assert done.state.raised and len(done.rose) == 1 and done.state.since == 60.0


def test_so_many_readings_in_a_row_and_so_long():
    assert not engine.folded(DEEP, State(), [(60, 40), (120, 10), (180, 40)]).state.raised
    assert engine.folded(DEEP, State(), [(60, 40), (120, 40)]).rose == ((60, 40),)
    assert not engine.folded(LONG, State(), [(60, 80), (120, 80), (180, 80)]).state.raised
    assert engine.folded(LONG, State(), [(60, 80), (300, 80), (660, 80)]).state.since == 60


def test_water_that_rises_fast_is_told_before_it_is_deep():
    slow = [(minute * 60.0, minute * 0.5) for minute in range(1, 30)]
    fast = [(minute * 60.0, minute * 1.5) for minute in range(1, 15)]
    assert not engine.folded(FAST, State(), slow).state.raised
    done = engine.folded(FAST, State(), fast)
    assert done.state.raised and len(done.rose) == 1
    assert not engine.folded(FAST, done.state, [(900 + minute * 60.0, 21.0) for minute in range(1, 16)]).state.raised


HEAT = st.lists(st.tuples(st.integers(0, 60).map(lambda minute: minute * 60.0 + 1), st.sampled_from([20.0, 90.0])), max_size=12)


@given(smoke=HEAT, heat=HEAT, chance=st.randoms(use_true_random=False))
def test_a_combination_does_not_care_which_came_first(smoke, heat, chance):
    def marks(one: list[engine.Reading], other: list[engine.Reading]) -> float:
        states = {"smoke": State(), "heat": State()}
        for kind, readings in (("smoke", one), ("heat", other)):
            for reading in readings:
                states[kind] = engine.marked(FIRE, kind, states[kind], [reading])
        return engine.met(FIRE.together, {kind: [state] for kind, state in states.items()})

    mixed = [list(smoke), list(heat)]
    for readings in mixed:
        chance.shuffle(readings)
    assert marks(smoke, heat) == marks(*mixed)


def test_smoke_and_heat_within_ten_minutes_are_a_fire_and_apart_are_not():
    def since(smoke: float, heat: float) -> float:
        marks = {"smoke": [State(hot=smoke)], "heat": [State(hot=heat)]}
        return engine.met(FIRE.together, marks)

    assert since(600, 1100) == 600 and since(600, 1300) == 0
    assert engine.met(FIRE.together, {"smoke": [State(hot=600)]}) == 0
    assert engine.met(FIRE.together, {"smoke": [State(hot=600)], "heat": [State(hot=600, cool=660)]}) == 0


def test_a_rule_says_what_another_catalogue_does_not_have():
    kinds = {"water": Kind("water", "", "", 5, (Quantity("depth", "水深", "", "", 0, 500),))}
    rules = {
        "deep": DEEP,
        "loud": Rule("loud", "", "", "nowhere", ("siren",), threshold=Threshold("level", above=1)),
        "wrong": Rule("wrong", "", "", "flood", ("water",), rate=Rate("colour", 1, 5)),
        "fire": FIRE,
    }
    incidents = {code: IncidentKind(code, "", "", 1, "grid", 1, 0, "desk", 1, 1) for code in ("flood", "fire")}
    found = [(code, field) for code, field, _says in faults_of(rules, kinds, incidents)]
    assert found == [("loud", "incident"), ("loud", "kinds"), ("wrong", "quantity"), ("fire", "together"), ("fire", "together")]


def test_an_area_of_a_level_is_cut_out_of_a_path():
    assert area_of("/d/s/c/b/g/e/", "street") == "/d/s/"
    assert area_of("/d/s/c/b/g/e/", "grid") == "/d/s/c/b/g/"
    assert area_of("/d/s/", "grid") == "/d/s/"
