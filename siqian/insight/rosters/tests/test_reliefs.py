"""Leave and swaps: asked, agreed to, approved by a second person; the roster and what comes in follow at once."""

from datetime import date, timedelta

import pytest

from siqian.insight.rosters import actions, queries, rules
from siqian.kernel import deliveries
from siqian.kernel.permits import BadInput, NotFound, NotYours, Refused
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

CHEN, CHUNMEI = "chen", "chunmei"


def at(hours: float):
    return monday_nine + timedelta(hours=hours)


def draft(town, **changes) -> rules.Draft:
    told = {"kind": "leave", "post": town.post("keeper", "ry-g2"), "since": at(23), "until": at(35), "stand_in": CHUNMEI, "why": "去医院"}
    return rules.Draft(**(told | changes))


def asked(town, **changes) -> int:
    return actions.ask(draft=draft(town, **changes), by=town.actor(CHEN), at=at(0))


def agreed(town, **changes) -> int:
    relief = asked(town, **changes)
    actions.agree(relief=relief, by=town.actor(CHUNMEI), at=at(0.1))
    return relief


def told(town, who):
    return [line.text for line in notices.told([town.actor(who).ref])]


def keeper(town, when):
    return people.owner_at(town.area("ry-g2").path, at=when).person


def test_leave_goes_from_who_asks_to_who_stands_in_to_who_leads_and_the_roster_follows(town, journal):
    relief = asked(town)
    assert any("替班" in text for text in told(town, CHUNMEI)) and tasks.todo(seen_by=town.actor("xiujuan"), at=at(0.1)) == []
    actions.agree(relief=relief, by=town.actor(CHUNMEI), at=at(0.1))
    (line,) = tasks.todo(seen_by=town.actor("xiujuan"), at=at(0.2))
    assert (line.about, line.what) == (f"relief:{relief}", "relief") and line.due <= at(23)
    assert [one.id for one in queries.to_rule(seen_by=town.actor("xiujuan"), at=at(0.2))] == [relief]
    actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1))
    actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1.1))
    assert (keeper(town, at(10)), keeper(town, at(24)), keeper(town, at(48))) == (CHEN, CHUNMEI, CHEN)
    assert journal.of(f"relief:{relief}") == ["relief.asked", "relief.agreed", "relief.approved"]
    assert any("批了" in text for text in told(town, CHEN)) and tasks.todo(seen_by=town.actor("xiujuan"), at=at(2)) == []


def test_a_swap_is_two_ways(town):
    back = (at(47), at(59))
    relief = agreed(town, kind="swap", back=back)
    actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1))
    other = town.area("ry-g1").path
    assert keeper(town, at(24)) == CHUNMEI and people.owner_at(other, at=at(24)).person == CHUNMEI
    assert keeper(town, at(48)) == CHEN and people.owner_at(other, at=at(48)).person == CHEN


def test_nobody_rules_on_their_own_and_nobody_else_agrees_or_withdraws(town):
    relief = asked(town)
    for who in ("chen", "jianjun", "xiujuan"):
        with pytest.raises(NotFound):
            actions.agree(relief=relief, by=town.actor(who), at=at(0.1))
    actions.agree(relief=relief, by=town.actor(CHUNMEI), at=at(0.1))
    for who in (town.actor(CHEN), town.actor(CHUNMEI), town.desk("mm"), town.actor("caller")):
        with pytest.raises((NotYours, NotFound)):
            actions.approve(relief=relief, by=who, at=at(1))
    with pytest.raises(NotFound):
        actions.withdraw(relief=relief, by=town.actor("xiujuan"), at=at(1))
    with pytest.raises(NotFound):
        queries.relief(relief, seen_by=town.actor("jianjun"))
    assert (
        queries.relief(relief, seen_by=town.actor(CHUNMEI)).why == ""
        and queries.relief(relief, seen_by=town.actor("xiujuan")).why == "去医院"
    )


def test_the_secretarys_own_leave_goes_to_a_desk_and_not_to_the_secretary(town):
    post = town.post("secretary", "ry")
    relief = actions.ask(draft=draft(town, post=post, stand_in=""), by=town.actor("xiujuan"), at=at(0))
    assert [line.about for line in tasks.todo(seen_by=town.desk("ry"), at=at(0.1))] == [f"relief:{relief}"]
    with pytest.raises(NotYours):
        actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1))
    actions.approve(relief=relief, by=town.desk("ry"), at=at(1))


def test_without_a_stand_in_it_shows_the_hours_that_would_be_bare(town):
    alone = queries.relief(asked(town, stand_in=""), seen_by=town.actor("xiujuan"))
    bare = queries.would_leave(alone)
    assert [(gap.post, gap.since, gap.until) for gap in bare] == [(town.post("keeper", "ry-g2"), at(23), at(35))] and bare[0].covered
    other = queries.relief(
        actions.ask(draft=draft(town, since=at(47), until=at(59)), by=town.actor(CHEN), at=at(0)), seen_by=town.actor(CHEN)
    )
    assert queries.would_leave(other) == []


def test_who_cannot_says_so_and_who_does_not_approve_says_why(town):
    declined = asked(town)
    actions.decline(relief=declined, by=town.actor(CHUNMEI), at=at(0.1))
    refused = agreed(town)
    with pytest.raises(BadInput, match="为什么不批"):
        actions.refuse(relief=refused, word="", by=town.actor("xiujuan"), at=at(1))
    actions.refuse(relief=refused, word="那天台风，都要在岗", by=town.actor("xiujuan"), at=at(1))
    lines = {line.id: line for line in queries.mine(seen_by=town.actor(CHEN), at=at(2))}
    assert (lines[declined].state, lines[refused].state, lines[refused].word) == ("declined", "refused", "那天台风，都要在岗")
    with pytest.raises(Refused):
        actions.approve(relief=refused, by=town.actor("xiujuan"), at=at(2))
    assert keeper(town, at(24)) == CHEN


def test_what_was_approved_is_withdrawn_before_and_ended_within(town):
    before, within = agreed(town), agreed(town, since=at(47), until=at(59))
    for relief in (before, within):
        actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1))
    actions.withdraw(relief=before, by=town.actor(CHEN), at=at(2))
    assert keeper(town, at(24)) == CHEN and any("不用您替" in text for text in told(town, CHUNMEI))
    assert keeper(town, at(50)) == CHUNMEI
    actions.withdraw(relief=within, by=town.actor(CHEN), at=at(51))
    assert keeper(town, at(52)) == CHEN
    late = agreed(town, since=at(71), until=at(83))
    actions.approve(relief=late, by=town.actor("xiujuan"), at=at(2))
    with pytest.raises(Refused, match="撤不回"):
        actions.withdraw(relief=late, by=town.actor(CHEN), at=at(90))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "rest"}, "请假还是换班"),
        ({"until": at(23)}, "结束要晚于开始"),
        ({"since": at(-30), "until": at(-20)}, "已经过了"),
        ({"until": at(24 * 70)}, "60天"),
        ({"since": at(24 * 190), "until": at(24 * 191)}, "半年"),
        ({"stand_in": "jianjun"}, "名单里没有"),
        ({"stand_in": CHEN}, "自己替不了自己"),
        ({"kind": "swap"}, "还哪一班"),
        ({"kind": "swap", "stand_in": ""}, "和谁换"),
        ({"kind": "swap", "back": (at(30), at(40))}, "叠在一起"),
    ],
)
def test_a_wrong_request_says_what_and_writes_nothing(town, wrong, says):
    with pytest.raises(BadInput, match=says):
        asked(town, **wrong)
    assert queries.mine(seen_by=town.actor(CHEN), at=at(1)) == []


def test_asked_twice_is_asked_once_and_the_same_hours_are_not_given_away_twice(town):
    assert asked(town) == asked(town)
    with pytest.raises(BadInput, match="先撤回"):
        asked(town, since=at(30), until=at(40), stand_in="")
    with pytest.raises(NotYours):
        actions.ask(draft=draft(town, post=town.post("keeper", "mm-g1")), by=town.actor(CHEN), at=at(0))


def test_what_nobody_rules_on_climbs_to_a_desk(town):
    agreed(town)
    tasks_jobs.climb_what_is_late(at=at(24))
    deliveries.work(at=at(24))
    assert any("没按时批" in line.text for line in notices.told([f"post:{town.post('desk', 'ry')}"]))


def test_the_week_shows_who_sits_where_who_stands_in_and_what_is_bare(town):
    relief = agreed(town)
    actions.approve(relief=relief, by=town.actor("xiujuan"), at=at(1))
    rows = {row.post: row for row in queries.week(town.area("ry").path, date(2026, 7, 13), at=at(1))}
    days = rows[town.post("keeper", "ry-g2")].days
    assert [[stint.person for stint in stints] for stints, _ in days[:3]] == [[CHEN], [CHUNMEI], [CHEN]]
    assert days[1][0][0].stands_in_for == CHEN and all(gaps == () for _, gaps in days)
    assert len(rows[town.post("desk", "ry")].days[0][0]) == 4
    own = queries.own_stints(CHUNMEI, date(2026, 7, 13), at=at(1))
    assert sum(stint.stands_in_for == CHEN for *_, stint in own) == 1 and len(own) == 15
    assert queries.areas(town.actor(CHEN)) == [town.area("ry").path]
    assert queries.areas(town.actor("leader")) == [town.area(code).path for code in ("st", "mm", "ry", "yl")]
    assert next(row.post for row in queries.week(town.area("st").path, date(2026, 7, 13), at=at(1))).startswith("st:")
