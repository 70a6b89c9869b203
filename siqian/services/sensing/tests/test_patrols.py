"""陈志明 walks his round: three doors, one box in the way, one lamp that is somebody else's to mend."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from siqian.kernel import deliveries, links
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours
from siqian.services.sensing import actions, jobs, queries, rules
from siqian.services.sensing.rules import Sight
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

NIGHT = monday_nine.replace(hour=0, minute=1) + timedelta(days=1)


@pytest.fixture
def rounds(town):
    jobs.lay_out_the_day(at=monday_nine)
    return {line.plan.code: line for line in queries.rounds(monday_nine.date(), seen_by=town.actor("chen"))}


def seen(round_, number: int = 0, kind: str = "well", text: str = "", **more) -> Sight:
    return Sight(kind, text, round=round_.id, point=round_.points[number].code, **more)


def test_whoever_is_on_duty_finds_the_days_rounds_laid_once(town, rounds, journal):
    assert set(rounds) == {"fire-lane", "e-bike"}
    assert jobs.lay_out_the_day(at=monday_nine + timedelta(minutes=1)) == 0
    line = rounds["fire-lane"]
    assert [point.building for point in line.points] and len(line.points) == 3 and line.left == 3
    assert journal.of(f"round:{line.id}") == ["round.laid"]
    owed = [row for row in tasks.todo(seen_by=town.actor("chen"), at=monday_nine) if row.what == "round"]
    assert {row.about for row in owed} == {f"round:{round_.id}" for round_ in rounds.values()}
    # A neighbour's keeper has a round of her own and does not see his.
    assert {line.id for line in queries.rounds(monday_nine.date(), seen_by=town.actor("chunmei"))}.isdisjoint(
        {round_.id for round_ in rounds.values()}
    )


def test_a_few_posts_at_a_time_until_everybody_has_a_round(town, monkeypatch):
    monkeypatch.setattr(jobs, "_nothing", {})
    counts = [jobs.lay_out_the_day(at=monday_nine, most=2) for _ in range(4)]
    assert counts == [4, 4, 4, 0], "six keepers, two rounds each"
    monkeypatch.setattr("siqian.services.sensing.planned.rounds_of", lambda path, day: {})
    asked: list[str] = []
    lay = actions.lay_rounds
    monkeypatch.setattr(actions, "lay_rounds", lambda **more: asked.append(more["post"]) or lay(**more))
    tuesday = monday_nine + timedelta(days=1)
    assert [jobs.lay_out_the_day(at=tuesday, most=4) for _ in range(4)] == [0] * 4
    assert len(asked) == len(set(asked)) == 6, "who has nothing to walk is not asked for again"


def test_nobody_on_duty_no_round(town):
    assert jobs.lay_out_the_day(at=monday_nine.replace(hour=5)) == 0


def test_every_building_comes_up_before_one_comes_up_twice(town):
    plan = msgspec.structs.replace(queries.plans()["fire-lane"], days=(1, 3, 5), each=2)
    points = [rules.Point(str(number), "", "", "", 0, 0) for number in range(7)]
    days = [date(2026, 7, 13) + timedelta(days=step) for step in range(60)]
    walked = [point.code for day in days if rules.is_due(plan, day) for point in rules.in_turn(points, plan, day)]
    for start in range(0, len(walked) - 7, 7):
        assert len(set(walked[start : start + 7])) == 7


def test_the_last_point_ends_the_round_and_its_clock(town, rounds, journal):
    chen, line = town.actor("chen"), rounds["e-bike"]
    for number in range(2):
        actions.record(sight=seen(line, number), key=f"key-{number}-abcdef", by=chen, at=monday_nine)
    assert journal.of(f"round:{line.id}") == ["round.laid", "round.walked"]
    assert [clock.stopped for clock in tasks.clocks(f"round:{line.id}")] == [monday_nine]
    after = {row.plan.code: row for row in queries.rounds(monday_nine.date(), seen_by=chen)}["e-bike"]
    assert after.left == 0 and after.ended == monday_nine


def test_what_is_not_walked_in_time_is_told_to_the_desk_and_owed_no_more(town, rounds, journal):
    chen, line = town.actor("chen"), rounds["fire-lane"]
    actions.record(sight=seen(line), key="key-1-abcdef", by=chen, at=monday_nine)
    tasks_jobs.climb_what_is_late(at=NIGHT)
    while deliveries.work(at=NIGHT):
        pass
    assert "round.missed" in journal.of(f"round:{line.id}")
    assert all(clock.stopped for clock in tasks.clocks(f"round:{line.id}"))
    desk = town.desk("ry", NIGHT)
    told = [leaf for leaf in notices.told([f"post:{post}" for post in desk.posts]) if leaf.about == f"round:{line.id}"]
    assert len(told) == 1 and told[0].values["n"] == "2" and told[0].values["round"] == "消防通道"
    (missed,) = [row for row in queries.missed(seen_by=desk, since=line.day, until=line.day) if row.id == line.id]
    assert missed.left == 2
    # Another community's desk and the keepers around are not told who missed what.
    assert line.id not in {row.id for row in queries.missed(seen_by=town.desk("mm", NIGHT), since=line.day, until=line.day)}
    assert queries.missed(seen_by=town.actor("chunmei"), since=line.day, until=line.day) == []


def test_a_record_after_the_day_still_counts_for_its_point(town, rounds):
    chen, line = town.actor("chen"), rounds["e-bike"]
    actions.miss(round=line.id, by=OFFICE, at=NIGHT)
    actions.record(sight=seen(line), key="key-1-abcdef", by=chen, at=NIGHT)
    row = next(row for row in queries.rounds(line.day, seen_by=chen) if row.id == line.id)
    assert row.missed and row.ended is None and row.left == 1


def test_found_and_fixed_needs_a_word_or_a_picture_and_is_counted(town, rounds):
    chen, line = town.actor("chen"), rounds["fire-lane"]
    with pytest.raises(BadInput, match="写一句或拍一张"):
        actions.record(sight=seen(line, kind="fixed"), key="key-1-abcdef", by=chen, at=monday_nine)
    actions.record(sight=seen(line, kind="fixed"), photos=["a" * 64], key="key-1-abcdef", by=chen, at=monday_nine)
    desk, when = town.desk("ry"), {"since": monday_nine, "until": NIGHT}
    assert queries.counted(seen_by=desk, **when) == {"well": 0, "fixed": 1, "needs": 0}
    assert [row.kind for row in queries.find(seen_by=desk, **when)] == ["fixed"]


def test_the_same_key_is_noted_once_and_another_accounts_key_is_another(town, rounds):
    chen, line = town.actor("chen"), rounds["fire-lane"]
    first = actions.record(sight=seen(line), key="key-1-abcdef", by=chen, at=monday_nine)
    assert actions.record(sight=seen(line), key="key-1-abcdef", by=chen, at=monday_nine + timedelta(hours=1)) == first
    chunmei = town.actor("chunmei")
    other = actions.record(sight=Sight("well", building=town.building("松涛苑1栋")), key="key-1-abcdef", by=chunmei, at=monday_nine)
    assert other != first


def test_what_needs_somebody_else_becomes_one_matter_with_its_lineage(town, rounds, journal):
    chen, line = town.actor("chen"), rounds["fire-lane"]
    sight = seen(line, kind="needs", text="楼梯2楼的灯坏了，晚上看不清路")
    patrol = actions.record(sight=sight, photos=["b" * 64], key="key-1-abcdef", by=chen, at=monday_nine)
    for _ in range(3):
        deliveries.work(at=monday_nine)
    record = queries.record(patrol, seen_by=chen)
    assert record.matter is not None
    made = matters.lines([record.matter], seen_by=chen)[record.matter]
    assert matters.spots([made.id], seen_by=chen)[made.id][2] == line.points[0].building
    view = matters.seen(made.number, seen_by=chen, at=monday_nine)
    assert list(view.tellings[0].photos) == ["b" * 64]
    assert view.tellings[0].channel == "patrol"
    assert links.came_from(f"matter:{made.id}", "referred") == [f"patrol:{patrol}"]
    assert journal.of(f"patrol:{patrol}") == ["patrol.recorded", "patrol.referred", "referral.taken"]
    # Its clocks run from when the house had it.
    assert {clock.what for clock in view.clocks} == {"accept", "respond", "settle"}


def test_a_referral_that_is_told_twice_is_one_matter(town, rounds):
    from siqian.intake import reactions
    from siqian.services.sensing.events import PatrolReferred

    chen, line = town.actor("chen"), rounds["fire-lane"]
    patrol = actions.record(sight=seen(line, kind="needs", text="楼梯2楼的灯坏了"), key="key-1-abcdef", by=chen, at=monday_nine)
    for _ in range(2):
        with writing(OFFICE, whole=True):
            reactions.take_patrol(PatrolReferred(f"patrol:{patrol}", "matter"), by=OFFICE, at=monday_nine)
    while deliveries.work(at=monday_nine):
        pass
    assert len(links.came_of(f"patrol:{patrol}", "referred")) == 1
    assert len(matters.find(seen_by=OFFICE, words="")) == 1


def test_a_record_is_made_where_one_keeps_the_grid_and_nowhere_else(town, rounds):
    chunmei, line = town.actor("chunmei"), rounds["fire-lane"]
    with pytest.raises(NotFound):
        actions.record(sight=seen(line), key="key-1-abcdef", by=chunmei, at=monday_nine)
    with pytest.raises(NotYours):
        actions.record(sight=Sight("well", building=town.building("木棉苑1栋")), key="key-1-abcdef", by=chunmei, at=monday_nine)
    with pytest.raises(NotYours):
        actions.record(sight=Sight("well", building=town.building("松涛苑1栋")), key="key-1-abcdef", by=town.desk("ry"), at=monday_nine)
    with pytest.raises(BadInput, match="不知道是哪里"):
        actions.record(sight=Sight("well"), key="key-1-abcdef", by=chunmei, at=monday_nine)
    with pytest.raises(BadInput, match="不在本区"):
        actions.record(sight=Sight("well", lon=1.0, lat=1.0), key="key-1-abcdef", by=chunmei, at=monday_nine)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("chen", True),
        ("chunmei", False),
        ("xiujuan", True),
        ("leader", True),
        ("zheng", True),
        ("wu", False),
        ("he", False),
        ("qiang", False),
    ],
)
def test_who_reads_a_record(town, rounds, who, reads):
    line = rounds["fire-lane"]
    patrol = actions.record(sight=seen(line, kind="fixed", text="杂物堆在楼道"), key="key-1-abcdef", by=town.actor("chen"), at=monday_nine)
    actor = town.actor(who)
    listed = [row.id for row in queries.find(seen_by=actor, since=monday_nine, until=NIGHT)]
    assert listed == ([patrol] if reads else [])
    if reads:
        assert queries.record(patrol, seen_by=actor).text == "杂物堆在楼道"
    else:
        with pytest.raises(NotFound):
            queries.record(patrol, seen_by=actor)


def test_a_telephones_clock_is_shown_and_counts_for_nothing(town, rounds):
    chen, line = town.actor("chen"), rounds["fire-lane"]
    an_hour_ago, last_year = monday_nine - timedelta(hours=1), monday_nine - timedelta(days=300)
    one = actions.record(sight=seen(line, 0), key="key-1-abcdef", then=an_hour_ago, by=chen, at=monday_nine)
    two = actions.record(sight=seen(line, 1), key="key-2-abcdef", then=last_year, by=chen, at=monday_nine)
    kept = [queries.record(number, seen_by=chen) for number in (one, two)]
    assert [(row.then, row.at) for row in kept] == [(an_hour_ago, monday_nine), (None, monday_nine)]


def test_a_point_that_is_no_building_sends_its_own_position(town, monkeypatch):
    lon, lat = town.point("松涛苑3栋")
    gate = rules.Spot(lon=lon + 0.00002, lat=lat, zh="东门", en="East gate")
    plan = rules.Plan(code="gate", zh="大门", en="Gate", look="", look_en="", days=(1, 2, 3, 4, 5, 6, 7), points=(gate,))
    monkeypatch.setattr("siqian.services.sensing.planned.plans", lambda: {"gate": plan})
    monkeypatch.setattr(queries, "plans", lambda: {"gate": plan})
    jobs.lay_out_the_day(at=monday_nine)
    chen = town.actor("chen")
    (line,) = queries.rounds(monday_nine.date(), seen_by=chen)
    assert [point.words for point in line.points] == ["东门"]
    patrol = actions.record(sight=seen(line, kind="needs", text="大门的灯坏了"), key="key-1-abcdef", by=chen, at=monday_nine)
    assert replace(queries.referral(patrol), text="") == queries.Referral("", (), "", lon + 0.00002, lat)
