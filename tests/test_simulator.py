"""Ten thousand lives by chance: what must hold holds after every act, and every clock agrees with whoever counts minutes."""

from datetime import timedelta

import pytest

from siqian.kernel.deadline import Term
from siqian.spine.matters.rules import MATTER
from siqian.spine.matters.rules.living import VERBS, Living
from siqian.testing import monday_nine

from .simulator import lives, minutes

SHARDS, TOGETHER = 5, 2000
# Lives end before the archive takes them, sixty days later and by the thousand; they have no parts that could go back into a whole.
UNLIVED = {"archived", "gathered"}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_ten_thousand_lives_by_chance_leave_nothing_wrong(shard):
    told = lives.Told()
    for seed in range(shard * TOGETHER, (shard + 1) * TOGETHER):
        lives.live(seed, told)
    # Lives are no test of what never came up in them.
    assert set(told.done) == set(VERBS) == set(told.refused) and told.states == set(MATTER.states) - UNLIVED
    assert told.levels == {0, 1, 2, 3} and told.clocks > TOGETHER


def test_a_life_is_lived_again_from_its_seed():
    one, other = (lives.live(77, lives.Told()) for _ in range(2))
    assert repr(one.traces) == repr(other.traces) and repr(one.clocks) == repr(other.clocks)


def test_whoever_counts_minutes_knows_lunch_the_weekend_and_what_stood_still():
    hour = timedelta(hours=1)
    # Two hours before lunch and one after it, an hour of which stood still.
    assert minutes.due(monday_nine, Term(4 * hour, working=True), [(monday_nine + hour, monday_nine + 2 * hour)]) == monday_nine + 7 * hour
    assert minutes.due(monday_nine, Term.working_days(5), []) == monday_nine + timedelta(days=4, hours=9)


@pytest.mark.parametrize(
    ("name", "broken", "says"),
    [
        ("hold", lambda living, act: setattr(living, "state", "on_hold"), "there run"),
        ("join", lambda living, act: living.voices.append(act.voice), "a telling is lost"),
        ("move", lambda living, act: setattr(living, "holder", act.holder), "owes it"),
        ("close", lambda living, act: living.stop_all(act), "there run"),
    ],
)
def test_a_planted_fault_is_found_with_the_seed_that_shows_it(monkeypatch, name, broken, says):
    monkeypatch.setitem(VERBS, name, lambda living, act: broken(living, act))
    with pytest.raises(lives.Wrong, match=r"seed \d+: .*" + says):
        for seed in range(400):
            lives.live(seed, lives.Told())


def test_a_clock_that_is_reckoned_wrong_is_found(monkeypatch):
    reckon = Living.reckon

    def forgetful(living, what):
        stopped, living.pauses = living.pauses, []
        reckon(living, what)
        living.pauses = stopped

    monkeypatch.setattr(Living, "reckon", forgetful)
    with pytest.raises(lives.Wrong, match="whoever counts minutes says"):
        for seed in range(400):
            lives.live(seed, lives.Told())
