"""A week is drawn up by one, issued by another, and stays as it was; what is to change is owed by somebody until a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from siqian import testing
from siqian.insight.review import actions, queries
from siqian.insight.review.models import Counted, Issue, Sheet
from siqian.kernel import journal as ink, store
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.spine.matters import actions as matters
from siqian.spine.matters.rules.measures import MEASURES
from siqian.testing import monday_nine
from siqian.town.places import actions as places
from siqian.trades.tasks import jobs, queries as tasks

from .weeks import AFTER, NEXT, WEEK, lamp, tell, teller


@pytest.fixture
def liang(town):
    return town.actor("liang", NEXT)


@pytest.fixture
def desk(town):
    return town.desk("rj", NEXT)


def number(matter: int) -> str:
    return f"0713-{matter:04d}"


def test_one_draws_up_another_issues_and_everybody_sees_who(town, journal, desk):
    lamp(), lamp("木棉苑7栋", answered=50)
    id_ = actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    view = queries.sheet(WEEK, seen_by=town.actor("chen"))
    assert view.district["counts"]["respond"] == [1, 2] and view.issued_at is None
    assert [(one["key"], one["counts"]["respond"]) for one in view.numbers["lines"]["community"]] == [("mm", [0, 1]), ("ry", [1, 1])]
    actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    view = queries.sheet(WEEK, seen_by=town.actor("chen"))
    assert (view.drafted_name, view.issued_name, view.rules) == ("四千", desk.name, "2026.1")
    assert journal.of(f"sheet:{id_}") == ["sheet.drafted", "sheet.issued"]
    assert [line.body["digest"] for line in ink.of(f"sheet:{id_}")] == [view.digest, view.digest]


def test_nobody_issues_what_the_same_hands_drew_up_nor_an_older_version_nor_twice(town, liang, desk):
    actions.draft(week=WEEK, by=liang, at=NEXT)
    with pytest.raises(NotYours, match="请另一位"):
        actions.issue(week=WEEK, version=1, by=liang, at=NEXT)
    actions.draft(week=WEEK, by=liang, at=NEXT)
    with pytest.raises(Refused, match="最新的一版"):
        actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    actions.issue(week=WEEK, version=2, by=desk, at=NEXT)
    with pytest.raises(Refused, match="已经签发过"):
        actions.issue(week=WEEK, version=2, by=desk, at=NEXT)


def test_a_week_that_is_not_over_is_not_drawn_up_and_a_keeper_draws_up_none(town, liang):
    with pytest.raises(Refused, match="7月20日再来"):
        actions.draft(week=WEEK, by=liang, at=NEXT - timedelta(hours=9, seconds=1))
    for who in (town.actor("chen"), town.desk("ry"), town.resident("zhou")):
        with pytest.raises(NotYours):
            actions.draft(week=WEEK, by=who, at=NEXT)
    with pytest.raises(NotFound):
        actions.draft(week="2026-W60", by=liang, at=NEXT)
    with pytest.raises(NotFound, match="还没有制表"):
        queries.sheet(WEEK, seen_by=liang)
    with pytest.raises(NotYours):
        queries.sheet(WEEK, seen_by=town.resident("zhou"))


def test_an_issued_sheet_stays_whatever_becomes_of_its_matters_and_of_the_map(town, liang, desk):
    late, kept = tell(), lamp("松涛苑4栋")
    actions.draft(week=WEEK, by=liang, at=NEXT)
    actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    before = queries.sheet(WEEK, seen_by=liang)
    found = queries.behind(before, "respond", by="community", key="ry", part="rest", seen_by=liang)
    matters.withdraw(matter=late, by=teller(late), at=NEXT)
    matters.assign(matter=tell(at=NEXT), item="4.1.1", by=liang, at=NEXT)
    _rename_a_community()
    after = queries.sheet(WEEK, seen_by=liang)
    assert after == before and after.line("community", "ry")["zh"] == "榕荫社区"
    again = queries.behind(after, "respond", by="community", key="ry", part="rest", seen_by=liang)
    assert [line.id for line in again.lines] == [line.id for line in found.lines] == [late] != [kept]


def _rename_a_community():
    areas = [replace(row, name="新榕荫社区") if row.code == "ry" else row for row in testing.area_rows()]
    places.redraw(areas=areas, by=OFFICE, at=NEXT)
    assert testing.town.area("ry").names[-1] == "新榕荫社区"


def test_the_database_itself_refuses_to_change_a_sheet(town, liang, desk):
    lamp()
    actions.draft(week=WEEK, by=liang, at=NEXT)
    actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    for model, change in ((Sheet, {"words": "x"}), (Counted, {"marks": 0}), (Issue, {"by_name": "x"})):
        with pytest.raises(DatabaseError, match="append-only"), ink.writing(OFFICE, whole=True):
            model.objects.update(**change)
        with pytest.raises(DatabaseError, match="append-only"), ink.writing(OFFICE, whole=True):
            model.objects.all()._raw_delete(connection.alias)


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_can_still_be_read(town, liang, desk):
    lamp()
    actions.draft(week=WEEK, by=liang, at=NEXT)
    actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    with pytest.raises(BadInput, match="为什么更正"):
        actions.draft(week=WEEK, by=liang, at=NEXT)
    actions.draft(week=WEEK, words="木棉苑有一件记错了地方", by=liang, at=NEXT)
    assert queries.sheet(WEEK, seen_by=liang).version == 1, "a draft never takes the place of what is issued"
    actions.issue(week=WEEK, version=2, by=desk, at=NEXT)
    assert queries.sheet(WEEK, seen_by=liang).version == 2 and queries.sheet(WEEK, 1, seen_by=liang).issued_at == NEXT


def test_every_figure_of_every_line_leads_to_exactly_its_matters(town, liang):
    for turn, (building, answered, good) in enumerate(
        (("松涛苑3栋", 10, True), ("松涛苑4栋", 50, False), ("木棉苑7栋", 10, None), ("云岭村A栋", 70, True), ("松涛苑3栋", 5, True))
    ):
        lamp(building, at=monday_nine + timedelta(hours=5 * turn), answered=answered, good=good)
    for week, at in ((WEEK, NEXT), ("2026-W30", AFTER)):
        actions.draft(week=week, by=liang, at=at)
        view, shown = queries.sheet(week, seen_by=liang), 0
        for by, lines in view.numbers["lines"].items():
            for line in lines:
                for code in MEASURES:
                    shown += _leads_to_its_matters(view, by, line, code, liang)
        assert shown > 12, "a week without figures shows nothing"


def _leads_to_its_matters(view, by, line, code, seen_by) -> int:
    count = line["counts"][code]
    if count is None:
        return 0
    at = {"by": "" if by == "district" else by, "key": line["key"], "most": 2, "seen_by": seen_by}
    ids = {part: _all(view, code, part, at) for part in queries.PARTS}
    assert len(ids["part"]) == count[0] and len(ids["whole"]) == count[1], (by, line["key"], code)
    assert ids["part"] | ids["rest"] == ids["whole"] and not ids["part"] & ids["rest"]
    return int(count[1] > 0)


def _all(view, code, part, at) -> set[int]:
    found, after = [], 0
    while True:
        page = queries.behind(view, code, part=part, after=after, **at)
        found += [line.id for line in page.lines]
        after = page.after
        if not after:
            assert len(found) == len(set(found))
            return set(found)


def test_behind_a_figure_everybody_sees_only_what_is_theirs(town, liang):
    mine, other = lamp(), lamp("木棉苑7栋")
    actions.draft(week=WEEK, by=liang, at=NEXT)
    view = queries.sheet(WEEK, seen_by=liang)
    seen = queries.behind(view, "volume", by="", key="", part="whole", seen_by=town.desk("ry"))
    assert seen.count == 2 and [line.id for line in seen.lines] == [mine] != [other]
    with pytest.raises(BadInput):
        queries.behind(view, "happiness", by="", key="", part="whole", seen_by=liang)
    with pytest.raises(NotYours):
        queries.behind(view, "volume", by="", key="", part="whole", seen_by=town.resident("zhou"))


def test_what_two_people_left_out_is_in_no_rate_from_the_next_version_on(town, liang, desk, journal):
    odd = lamp(answered=300)
    ruolan = town.desk("ry", NEXT)
    id_ = actions.ask_exclusion(week=WEEK, number=number(odd), reason="停电八小时，电话打不出去", by=ruolan, at=NEXT)
    actions.draft(week=WEEK, by=liang, at=NEXT)
    assert queries.sheet(WEEK, seen_by=liang).district["counts"]["respond"] == [0, 1], "what was only asked changes nothing"
    with pytest.raises(Refused, match="1个除外申请没裁"):
        actions.issue(week=WEEK, version=1, by=desk, at=NEXT)
    with pytest.raises(NotYours):
        actions.rule_exclusion(exclusion=id_, granted=True, ruling="供电所证明附后", by=ruolan, at=NEXT)
    actions.rule_exclusion(exclusion=id_, granted=True, ruling="供电所证明附后", by=desk, at=NEXT)
    actions.draft(week=WEEK, by=liang, at=NEXT)
    counts = queries.sheet(WEEK, 2, seen_by=liang).district["counts"]
    assert counts["respond"] == [0, 0] and counts["left_out"] == [1, 1] and counts["volume"] == [1, 1]
    assert queries.sheet(WEEK, 1, seen_by=liang).district["counts"]["respond"] == [0, 1]
    assert journal.of(f"exclusion:{id_}") == ["exclusion.asked", "exclusion.ruled"]


def test_nobody_rules_on_the_own_exclusion_or_asks_for_what_is_not_theirs_or_asks_twice(town, liang, desk):
    odd, other = lamp(answered=300), lamp("木棉苑7栋")
    id_ = actions.ask_exclusion(week=WEEK, number=number(odd), reason="停电八小时", by=liang, at=NEXT)
    with pytest.raises(NotYours, match="别人来裁"):
        actions.rule_exclusion(exclusion=id_, granted=True, ruling="同意除外", by=liang, at=NEXT)
    with pytest.raises(Refused, match="已经申请过"):
        actions.ask_exclusion(week=WEEK, number=number(odd), reason="停电八小时", by=desk, at=NEXT)
    with pytest.raises(BadInput, match="不归您看"):
        actions.ask_exclusion(week=WEEK, number=number(other), reason="停电八小时", by=town.desk("ry"), at=NEXT)
    actions.rule_exclusion(exclusion=id_, granted=False, ruling="当天通话正常", by=desk, at=NEXT)
    with pytest.raises(Refused, match="已经裁过"):
        actions.rule_exclusion(exclusion=id_, granted=True, ruling="同意除外", by=desk, at=NEXT)


def give(week, by, until=AFTER, **more):
    asked = {"text": "楼道灯备用件放到岗亭", "proof": "楼道灯三小时内修好", "post": "ry-g2:keeper"} | more
    return actions.correct(week=week, version=1, until=until, by=by, at=NEXT, **asked)


def test_what_is_to_change_is_a_task_of_its_owner_until_somebody_says_how_it_was_changed(town, liang, journal):
    actions.draft(week=WEEK, by=liang, at=NEXT)
    id_ = give(WEEK, liang)
    chen = town.actor("chen", NEXT)
    owed = tasks.todo(seen_by=chen, at=NEXT)
    assert [(line.about, line.what, line.due) for line in owed] == [(f"correction:{id_}", "correct", AFTER)]
    with pytest.raises(NotYours):
        actions.finish(correction=id_, outcome="放了十个灯泡", by=town.actor("jianjun", NEXT), at=NEXT)
    with pytest.raises(BadInput, match="写清"):
        actions.finish(correction=id_, outcome="好", by=chen, at=NEXT)
    actions.finish(correction=id_, outcome="岗亭放了十个灯泡，本周最慢两小时", by=chen, at=AFTER)
    assert tasks.todo(seen_by=chen, at=AFTER) == []
    assert queries.corrections(WEEK, seen_by=liang, at=AFTER)[0].done == AFTER
    assert journal.of(f"correction:{id_}") == ["correction.given", "correction.done"]


def test_a_correction_names_what_who_until_when_and_how_one_will_see_it(town, liang):
    actions.draft(week=WEEK, by=liang, at=NEXT)
    for wrong in ({"text": "改"}, {"proof": ""}, {"post": "nobody"}, {"until": NEXT}, {"until": None}):
        with pytest.raises(BadInput):
            give(WEEK, liang, **wrong)
    with pytest.raises(NotYours):
        give(WEEK, town.actor("chen", NEXT))


def test_a_correction_that_is_late_climbs_like_every_task(town, liang):
    actions.draft(week=WEEK, by=liang, at=NEXT)
    id_ = give(WEEK, liang, until=NEXT + timedelta(days=1))
    assert jobs.climb_what_is_late(at=NEXT + timedelta(days=1, minutes=1)) == 1
    assert [clock.level for clock in tasks.clocks(f"correction:{id_}")] == [1]


def test_two_who_draw_up_one_week_at_once_make_two_versions(town, race, liang, desk):
    lamp()
    finishes = race(*(lambda by=by: actions.draft(week=WEEK, by=by, at=NEXT) for by in (liang, desk)))
    assert all(finish.ok for finish in finishes), [finish.why for finish in finishes]
    assert queries.sheet(WEEK, seen_by=liang).versions == (1, 2)


def test_the_fence_of_the_database_hides_what_lies_behind_other_communities_figures(town, postgres, liang):
    lamp("木棉苑7栋")
    actions.draft(week=WEEK, by=liang, at=NEXT)
    with store.reading(town.desk("ry")):
        assert Counted.objects.count() == 0
    with store.reading(town.desk("mm")):
        assert Counted.objects.count() == 1
