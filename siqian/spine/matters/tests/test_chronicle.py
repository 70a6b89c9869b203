"""History that was lived elsewhere comes in as if it had been lived here: all of it or none."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from siqian.kernel import anchors, journal as ink, rows as kept, store
from siqian.kernel.permits import ANYONE, OFFICE, NotYours
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions, queries
from siqian.spine.matters.models import Matter, Step, Telling
from siqian.spine.matters.rules.lives import Did, Holder, Life, Unlawful, Voice, digest
from siqian.spine.matters.rules.living import VERBS
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs, queries as tasks

from .lived import Walk, rows, spot

MONTH = monday_nine + timedelta(days=40)
LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"


@pytest.mark.long
def test_a_life_that_is_chronicled_leaves_what_the_single_verbs_leave(town):
    chance, lived = Random(5), []  # noqa: S311 - a seed, no secret
    with store.reading_all():
        for number in range(180):
            walk = Walk(town, chance, monday_nine + timedelta(minutes=chance.randrange(0, 30 * 1440)), number)
            walk.go(chance.randrange(0, 40), MONTH)
            lived.append(walk)
        ids = actions.chronicle(lives=[walk.life() for walk in lived], by=OFFICE, at=MONTH)
        for walk, id_ in zip(lived, ids, strict=True):
            assert rows(id_) == rows(walk.matter)
        assert queries.faults() == []
        # The walks are no test of what never came up in them.
        assert {act.verb for walk in lived for act in walk.acts} == set(VERBS)
        ends = set(Matter.objects.values_list("state", flat=True))
        # The archive takes them long after; what is taken over has no parts, so that none of them went back into its whole.
        assert ends.union(*(walk.states for walk in lived)) == set(actions.rules.MATTER.states) - {"archived", "gathered"}
        assert {step.values["level"] for step in Step.objects.filter(kind="climbed", matter__in=ids)} == {1, 2, 3}


def lamp(town, *acts: Did, at=monday_nine, **more) -> Life:
    place = town.place("松涛苑3栋")
    voice = Voice(LAMP, at, "web", learn.understand(LAMP), name="周小兰", phone="13800002047", external=more.pop("external", ""))
    holder = Holder(town.post("keeper", "ry-g2"), "chen", "陈志明")
    return Life(
        **({"first": voice, "spot": spot(place), "item": voice.understood.item, "kind": "complaint", "holder": holder} | more), acts=acts
    )


def minutes(count: int):
    return monday_nine + timedelta(minutes=count)


SPOKEN = Did("contact", minutes(11), "person:chen", "陈志明", text="问清是2楼到3楼之间", how="phone")
MENDED = Did("close", minutes(120), "person:chen", "陈志明", text="换了新灯座，试过，亮了")


def test_one_event_speaks_for_the_whole_range(town, journal):
    lives = [lamp(town, SPOKEN, MENDED), lamp(town)]
    ids = actions.chronicle(lives=lives, by=OFFICE, at=MONTH)
    (line,) = ink.of(f"matters:{ids[0]}-{ids[1]}")
    assert line.name == "matters.chronicled"
    assert line.body | {"matters": ""} == {"matters": "", "first": ids[0], "last": ids[1], "count": 2, "sha256": digest(lives)}
    assert journal.of(f"matter:{ids[0]}") == [] and anchors.verify().faults == ()


def test_what_is_open_goes_on_by_the_single_verbs(town, journal):
    (id_,) = actions.chronicle(lives=[lamp(town, at=minutes(-20))], by=OFFICE, at=monday_nine)
    chen, number = town.actor("chen"), queries.number_of(id_)
    assert {clock.what: clock.level for clock in tasks.clocks(f"matter:{id_}")} == {"accept": 1, "respond": 0, "settle": 0}
    assert jobs.climb_what_is_late(at=minutes(11)) == 2
    assert {clock.what: clock.level for clock in tasks.clocks(f"matter:{id_}")} == {"accept": 2, "respond": 1, "settle": 0}
    actions.contact(matter=id_, how="visit", text="看过了，马上换", by=chen, at=minutes(12))
    actions.close(matter=id_, text="换了新灯座，试过，亮了", by=chen, at=minutes(40))
    assert queries.seen(number, seen_by=chen, at=minutes(41)).line.state == "closed"
    assert journal.of(f"matter:{id_}") == ["task.overdue", "task.overdue", "teller.contacted", "matter.closed"]


def test_name_and_telephone_lie_sealed(town):
    (id_,) = actions.chronicle(lives=[lamp(town)], by=OFFICE, at=MONTH)
    with store.reading_all():
        row = str(Telling.objects.filter(matter=id_).values().get())
    assert "周小兰" not in row and "13800002047" not in row
    assert queries.seen(queries.number_of(id_), seen_by=town.actor("chen"), at=MONTH).tellings[0].name == "周**"


def test_the_same_external_id_is_taken_once(town, journal):
    first = actions.chronicle(lives=[lamp(town, external="A-1"), lamp(town, external="A-1")], by=OFFICE, at=MONTH)
    again = actions.chronicle(lives=[lamp(town, external="A-1"), lamp(town, external="A-2")], by=OFFICE, at=MONTH)
    assert first[0] == first[1] == again[0] != again[1]
    assert sum(queries.states(seen_by=OFFICE).values()) == 2
    assert actions.chronicle(lives=[lamp(town, external="A-1")], by=OFFICE, at=MONTH) == first[:1]
    assert len(journal.of(f"matters:{first[0]}-{first[0]}")) == 1


def test_the_same_history_twice_at_once_is_taken_once(town, race):
    finishes = race(*(lambda: actions.chronicle(lives=[lamp(town, external=f"A-{n}") for n in range(5)], by=OFFICE, at=MONTH),) * 3)
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert len({tuple(finish.value) for finish in finishes}) == 1 and sum(queries.states(seen_by=OFFICE).values()) == 5


UNLAWFUL = [
    ((MENDED,), {}, "第1件第1步（close）：还没有联系过"),
    ((SPOKEN, MENDED, replace(SPOKEN, at=minutes(130))), {}, "第1件第3步（contact）：接不上：当时是closed，只能praise、reopen、lapse"),
    ((replace(SPOKEN, at=minutes(200)), MENDED), {}, "第1件第2步（close）：比前一步还早"),
    ((replace(SPOKEN, at=MONTH + timedelta(minutes=1)),), {}, "第1件第1步（contact）：时间在以后"),
    ((Did("sing", minutes(3)),), {}, "第1件第1步（sing）：不认识这个动作，写accept、"),
    ((SPOKEN, Did("move", minutes(20), text="不是我们的", holder=Holder("nobody"))), {}, "第1件：没有岗位nobody"),
    ((SPOKEN, Did("move", minutes(20), text="不是我们的")), {}, "第1件第2步（move）：没写交给哪个岗位"),
    ((SPOKEN, MENDED, Did("lapse", minutes(600))), {}, "第1件第3步（lapse）：还没到七天"),
    ((SPOKEN, Did("remark", minutes(20), text="还要等多久", telling=3)), {}, "第1件第2步（remark）：没有第4次诉说"),
    ((), {"item": "99.9.9"}, "第1件：责任清单里没有99.9.9"),
    ((), {"kind": "gossip"}, "第1件：没有gossip这一种，写consult、"),
    ((replace(SPOKEN, at=minutes(11).replace(tzinfo=None)),), {}, "第1件：有的时间没写时区"),
    ((replace(SPOKEN, by="person:" + "x" * 60),), {}, "第1件：by“person:xxxxxxxxxxxxx…”太长，最多64个字符"),
    ((), {"external": "A" * 65}, "第1件：external“AAAAAAAAAAAAAAAAAAAA…”太长"),
    ((), {"at": MONTH + timedelta(days=1)}, "第1件第0步（receive）：时间在以后"),
]  # fmt: skip


@pytest.mark.parametrize(("acts", "more", "why"), UNLAWFUL)
def test_a_life_that_cannot_have_been_says_where_and_what_to_do(town, acts, more, why):
    with pytest.raises(Unlawful) as caught:
        actions.chronicle(lives=[lamp(town, *acts, **more)], by=OFFICE, at=MONTH)
    assert [fault.why[: len(why)] for fault in caught.value.faults] == [why]


def test_one_fault_anywhere_and_nothing_is_written_and_every_fault_is_told(town):
    place = replace(spot(town.place("松涛苑3栋")), path="/rj/st/nowhere/")
    lives = [lamp(town, SPOKEN, MENDED), lamp(town, MENDED, MENDED), lamp(town, spot=place), lamp(town)]
    with pytest.raises(Unlawful) as caught:
        actions.chronicle(lives=lives, by=OFFICE, at=MONTH)
    assert [fault.why[:8] for fault in caught.value.faults] == ["第2件第1步（c", "第2件第2步（c", "第3件：没有这个"]
    assert "有3处要改，一件也没有收" in str(caught.value)
    assert queries.states(seen_by=OFFICE) == {}


def test_a_crash_after_the_rows_were_written_leaves_nothing(town, monkeypatch):
    def crash(_: object) -> str:
        kept.write_now()
        assert Matter.objects.count() == 1
        raise OSError("disk is gone")

    monkeypatch.setattr("siqian.spine.matters.chronicling.digest", crash)
    with pytest.raises(OSError, match="disk is gone"):
        actions.chronicle(lives=[lamp(town, SPOKEN)], by=OFFICE, at=MONTH)
    with store.reading_all():
        assert not Matter.objects.exists() and not Telling.objects.exists() and not Step.objects.exists()


def test_nobody_else_takes_over_a_history(town):
    for who in (ANYONE, town.actor("chen"), town.actor("liang")):
        with pytest.raises(NotYours):
            actions.chronicle(lives=[lamp(town)], by=who, at=MONTH)
