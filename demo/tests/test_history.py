"""The year of a town that is served already: taken over once, whole, and cut off without harm."""

import json
from datetime import datetime, timedelta

import pytest

from demo import history
from siqian.insight.topics import queries as topics
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import anchors, clock
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions, queries
from siqian.trades.tasks import queries as tasks

pytestmark = pytest.mark.long

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=clock.TOWN)
COUNT = 450
# What the last day brings, by chance a little more or less.
FEWEST, MOST = 26, 50


@pytest.fixture
def home(town, tmp_path, monkeypatch):
    monkeypatch.setattr(history, "TOGETHER", 100)
    with clock.stopped_at(NOW):
        yield tmp_path


def count() -> int:
    return sum(queries.states(seen_by=OFFICE).values())


def test_the_year_and_its_last_day_are_lived_once_and_every_row_is_whole(home):
    said: list[str] = []
    history.live(home, told=said.append, count=COUNT)
    after = count()
    # The last day brings the newcomer's nine, the eleven without water, what the city's app and other systems sent (some of it one
    # thing), and whoever else told something.
    assert COUNT + FEWEST <= after <= COUNT + MOST
    assert queries.faults() == [] and anchors.verify().faults == ()
    assert json.loads((home / history.FILE).read_text()) == {"made": COUNT, "of": COUNT, "until": _until(), "lived": True}
    history.live(home, told=said.append, count=COUNT)
    assert count() == after and sum("补上了一年" in text for text in said) == 1


def test_what_many_tell_of_on_the_last_day_rises_at_once(home):
    history.live(home, told=lambda _: None, count=COUNT)
    hottest = topics.topics(seen_by=OFFICE, at=NOW)[0]
    assert "停水" in hottest.title and hottest.warmth.rising and hottest.warmth.week >= 8


def _until() -> str:
    return (NOW.astimezone(clock.now().tzinfo) - history.LAST_DAY).isoformat()


def test_a_year_that_is_cut_off_goes_on_where_it_stopped(home, monkeypatch):
    chronicle, calls = actions.chronicle, []

    def cut(**more):
        calls.append(len(more["lives"]))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return chronicle(**more)

    monkeypatch.setattr(actions, "chronicle", cut)
    with pytest.raises(KeyboardInterrupt):
        history.live(home, told=lambda _: None, count=COUNT)
    assert count() == 200 and calls == [100, 100, 100]
    # Written, but not yet noted as written: the same lives come again and are taken once.
    (home / history.FILE).write_text(json.dumps(json.loads((home / history.FILE).read_text()) | {"made": 100}))
    history.live(home, told=lambda _: None, count=COUNT)
    assert COUNT + FEWEST <= count() <= COUNT + MOST and queries.faults() == []


def test_what_the_year_left_open_is_gone_on_with_by_its_owners(home):
    history.live(home, told=lambda _: None, count=2 * COUNT)
    year_s = [line for line in queries.find(seen_by=OFFICE, most=1000) if line.received < NOW - history.LAST_DAY]
    since = NOW - history.LAST_DAY
    ran = [clock_ for line in year_s for clock_ in tasks.clocks(f"matter:{line.id}")]
    assert [clock_ for clock_ in ran if clock_.stopped and clock_.stopped > since + timedelta(minutes=1)] != []


def test_what_a_visitor_tells_meanwhile_is_left_to_its_own_hour(home, town):
    message = Message(text="5栋楼道灯坏了，晚上看不清", channel="web", building=town.building("松涛苑5栋"))
    receipt = intake.take(message=message, by=ANYONE, at=NOW - timedelta(seconds=20))
    history.live(home, told=lambda _: None, count=COUNT)
    assert queries.seen(receipt.number, seen_by=OFFICE, at=NOW).line.state == "assigned"
    assert queries.faults() == []
