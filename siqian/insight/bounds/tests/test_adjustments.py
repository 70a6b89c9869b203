"""One administrator cuts a grid anew, another says yes, on its day whatever is open goes with its house."""

from datetime import timedelta

import pytest

from siqian.insight.bounds import actions, jobs, queries
from siqian.insight.bounds.rules import Operation
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, epochs, store
from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refused
from siqian.spine.matters import queries as matters
from siqian.spine.matters.models import Matter
from siqian.testing import monday_nine
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.places import actions as places_actions, queries as places
from siqian.trades.notices import queries as notices
from siqian.trades.tasks.models import Task

from .cuts import BETWEEN, at

DAY = local(monday_nine).date() + timedelta(days=3)
THEN = monday_nine + timedelta(days=3)
SPLIT = Operation("split", "ry-g2-c1", BETWEEN, code="ry-g1-c3", name="榕荫1格3组", parent="ry-g1")
MERGE = Operation("merge", "ry-g1", other="ry-g2")
HALF = Operation("split", "ry-g2", (at(1, 0.9), at(1, 2.1)), code="ry-g3", name="榕荫3格", keeper="chunmei")


def told(town, words, text="楼梯灯坏了，晚上看不清路"):
    message = Message(text=text, channel="web", building=town.building(words), apart=True)
    return intake.take(message=message, by=OFFICE, at=monday_nine).matter


def drafted(town, asked, who="min"):
    return actions.draft(asked=asked, by=town.actor(who), at=monday_nine)


def proposed(town, asked=SPLIT, day=DAY):
    id_ = drafted(town, asked)
    actions.propose(adjustment=id_, reason="三栋离一格近", effective=day, by=town.actor("min"), at=monday_nine)
    return id_


def approved(town, asked=SPLIT):
    id_ = proposed(town, asked)
    actions.approve(adjustment=id_, by=town.actor("hong"), at=monday_nine)
    return id_


def in_force(when=THEN):
    done = jobs.enact_what_is_due(at=when)
    while deliveries.work(at=when):
        pass
    epochs.forget()
    return done


def row_of(matter):
    with store.reading_all():
        return Matter.objects.get(id=matter)


def clocks():
    with store.reading_all():
        return {(task.about, task.what): (task.started, task.due, task.stopped) for task in Task.objects.all()}


def state(id_, town):
    return queries.adjustment(id_, seen_by=town.actor("min"), at=monday_nine).line.state


def test_on_its_day_the_matter_of_a_moved_house_is_on_the_other_posts_desk_with_its_clock_running(offices, journal):
    matter, other = told(offices, "松涛苑3栋"), told(offices, "松涛苑4栋", "水管漏水")
    running = clocks()
    id_ = approved(offices)
    assert in_force(THEN - timedelta(hours=1)) == 0 and row_of(matter).post == "ry-g2:keeper"
    assert in_force() == 1
    assert (row_of(matter).post, row_of(other).post) == ("ry-g1:keeper", "ry-g2:keeper") and clocks() == running
    assert offices.place("松涛苑3栋").path == "/rj/st/ry/ry-p1/ry-g1/ry-g1-c3/"
    # Who has it now reads it; who had it does not.
    chunmei, chen = offices.actor("chunmei", THEN + timedelta(hours=1)), offices.actor("chen", THEN + timedelta(hours=1))
    assert [len(matters.find(seen_by=actor)) for actor in (chunmei, chen)] == [1, 1]
    assert journal.of(f"adjustment:{id_}") == [f"adjustment.{step}" for step in ("drafted", "proposed", "approved", "enacted")]
    assert in_force(THEN + timedelta(days=1)) == 0 and matters.faults() == []


def test_whoever_drafted_or_proposed_does_not_approve_and_a_dispatcher_may(offices):
    id_ = proposed(offices)
    for step in (actions.approve, lambda **act: actions.decline(word="不妥", **act)):
        with pytest.raises(NotYours, match="不能自己批"):
            step(adjustment=id_, by=offices.actor("min"), at=monday_nine)
    for stranger in ("chen", "an", "shen", "leader"):
        with pytest.raises(NotYours):
            actions.approve(adjustment=id_, by=offices.actor(stranger), at=monday_nine)
    actions.approve(adjustment=id_, by=offices.actor("liang"), at=monday_nine)
    actions.approve(adjustment=id_, by=offices.actor("liang"), at=monday_nine)
    assert state(id_, offices) == "approved"


def test_what_one_drafted_and_another_proposed_neither_of_them_approves(offices):
    id_ = drafted(offices, SPLIT)
    actions.propose(adjustment=id_, reason="近", effective=DAY, by=offices.actor("hong"), at=monday_nine)
    for hand in ("min", "hong"):
        with pytest.raises(NotYours, match="不能自己批"):
            actions.approve(adjustment=id_, by=offices.actor(hand), at=monday_nine)
    assert queries.waiting(seen_by=offices.actor("liang")) == 1 and queries.waiting(seen_by=offices.actor("hong")) == 0


def test_declined_with_a_reason_and_withdrawn_before_its_day(offices):
    id_ = proposed(offices)
    with pytest.raises(BadInput, match="不批的原因"):
        actions.decline(adjustment=id_, word=" ", by=offices.actor("hong"), at=monday_nine)
    actions.decline(adjustment=id_, word="先听听居民的", by=offices.actor("hong"), at=monday_nine)
    again = approved(offices)
    actions.withdraw(adjustment=again, by=offices.actor("min"), at=monday_nine)
    assert in_force() == 0 and [state(one, offices) for one in (id_, again)] == ["declined", "withdrawn"]
    with pytest.raises(Refused):
        actions.approve(adjustment=again, by=offices.actor("hong"), at=monday_nine)


def test_a_proposal_needs_a_reason_and_a_day_that_is_not_over(offices):
    id_, by = drafted(offices, SPLIT), offices.actor("min")
    for reason, day, why in (("", DAY, "为什么调整"), ("近", None, "哪天生效"), ("近", DAY - timedelta(days=9), "不能早于今天")):
        with pytest.raises(BadInput, match=why):
            actions.propose(adjustment=id_, reason=reason, effective=day, by=by, at=monday_nine)
    assert drafted(offices, SPLIT) == id_


def test_what_another_change_has_overtaken_is_told_and_never_overwritten(offices):
    first, second = proposed(offices), approved(offices)
    actions.approve(adjustment=first, by=offices.actor("hong"), at=monday_nine)
    late = proposed(offices, Operation("split", "ry-g2-c1", BETWEEN, code="ry-g2-c9", name="另一格"))
    assert in_force() == 1 and [state(one, offices) for one in (first, second)] == ["in_force", "overtaken"]
    view = queries.adjustment(second, seen_by=offices.actor("min"), at=THEN)
    assert "又改过了" in view.why and "照现在的网格重新起草" in view.why
    with pytest.raises(Refused, match=r"ry-g2.*在这之后又改过了"):
        actions.approve(adjustment=late, by=offices.actor("hong"), at=THEN)
    assert "ry-g2-c9" not in places.area_ids()
    assert any(line.about == f"adjustment:{second}" for line in notices.told(("post:rj:system_admin",)))


def test_a_map_brought_in_by_file_meanwhile_overtakes_it_too(offices):
    id_ = approved(offices)
    rows = {row.code: row for row in places.area_rows()}
    named = rows["ry-g1"].__class__(**{**vars(rows["ry-g1"]), "name": "榕荫新1格"})
    places_actions.redraw(areas=[named], by=OFFICE, at=monday_nine)
    assert in_force() == 0 and state(id_, offices) == "overtaken" and "ry-g1-c3" not in places.area_ids()


def test_merged_grids_keep_both_keepers_and_everything_open_stays_where_it_is(offices, journal):
    east, west = told(offices, "松涛苑5栋"), told(offices, "松涛苑1栋", "水管漏水")
    running = clocks()
    id_ = approved(offices, MERGE)
    view = queries.adjustment(id_, seen_by=offices.actor("min"), at=monday_nine)
    assert [(post.code, post.to) for post in view.preview.posts] == [("ry-g2:keeper", "榕荫1格")] and all(
        hand.stays for hand in view.preview.hands
    )
    assert in_force() == 1
    assert (row_of(east).post, row_of(west).post) == ("ry-g2:keeper", "ry-g1:keeper") and clocks() == running
    assert people.post_line("ry-g2:keeper")[2] == "/rj/st/ry/ry-p1/ry-g1/" and row_of(east).path.startswith("/rj/st/ry/ry-p1/ry-g1/")
    nine = THEN + timedelta(hours=1)
    assert {line.id for line in matters.find(seen_by=offices.actor("chen", nine))} == {east, west}
    # What comes in now is one of theirs, and nothing lies with a post that there is no more.
    later = intake.take(
        message=Message(text="门禁坏了", channel="web", building=offices.building("松涛苑6栋"), apart=True), by=OFFICE, at=nine
    )
    assert row_of(later.matter).post in ("ry-g1:keeper", "ry-g2:keeper") and matters.faults() == []


def test_a_split_grid_gets_its_keeper_and_restored_it_is_as_it_was(offices, journal):
    moved, stays = told(offices, "松涛苑5栋"), told(offices, "松涛苑3栋", "水管漏水")
    ids, running = places.area_ids(), clocks()
    id_ = approved(offices, HALF)
    assert in_force() == 1
    assert (row_of(moved).post, row_of(stays).post) == ("keeper-ry-g3", "ry-g2:keeper") and clocks() == running
    nine = THEN + timedelta(hours=1)
    assert "keeper-ry-g3" in offices.actor("chunmei", nine).posts
    back = actions.draft_restoration(adjustment=id_, by=offices.actor("hong"), at=nine)
    assert actions.draft_restoration(adjustment=id_, by=offices.actor("hong"), at=nine) == back
    actions.propose(adjustment=back, reason="人手不够", effective=local(nine).date(), by=offices.actor("hong"), at=nine)
    with pytest.raises(NotYours):
        actions.approve(adjustment=back, by=offices.actor("hong"), at=nine)
    actions.approve(adjustment=back, by=offices.actor("min"), at=nine)
    assert in_force(nine) == 1
    assert row_of(moved).post == "ry-g2:keeper" and clocks() == running and places.area_ids() == ids
    # Nobody is missed on a post that there is no more.
    assert "keeper-ry-g3" not in offices.actor("chunmei", nine).posts and "keeper-ry-g3" not in people.keeper_posts(within="/")
    assert all(gap.post != "keeper-ry-g3" for gap in people.duty_gaps(nine, nine + timedelta(days=3)))
    assert matters.faults() == []


def test_a_restored_merger_gives_each_keeper_their_grid_again(offices):
    east = told(offices, "松涛苑5栋")
    ids = places.area_ids()
    id_ = approved(offices, MERGE)
    in_force()
    back = actions.draft_restoration(adjustment=id_, by=offices.actor("min"), at=THEN)
    actions.propose(adjustment=back, reason="太大了", effective=DAY, by=offices.actor("min"), at=THEN)
    actions.approve(adjustment=back, by=offices.actor("hong"), at=THEN)
    assert in_force() == 1 and places.area_ids() == ids
    assert people.post_line("ry-g2:keeper")[2] == "/rj/st/ry/ry-p1/ry-g2/" and row_of(east).post == "ry-g2:keeper"
    assert row_of(east).grid == ids["ry-g2"]


def test_the_preview_says_which_houses_and_open_matters_come_into_whose_hands(offices):
    told(offices, "松涛苑3栋"), told(offices, "松涛苑3栋", "水管漏水"), told(offices, "松涛苑4栋", "门禁坏了")
    view = queries.adjustment(drafted(offices, SPLIT), seen_by=offices.actor("min"), at=monday_nine)
    assert [(house.code, house.frm, house.to) for house in view.preview.houses] == [("songtao-3", "榕荫2格1组", "榕荫1格3组")]
    (hand,) = view.preview.hands
    assert (hand.frm, hand.to, hand.houses, hand.matters) == ("榕荫2格：陈志明", "榕荫1格：李春梅", 1, 2) and not hand.stays
    sizes = {change.code: (change.was, change.then, change.how) for change in view.preview.areas}
    assert sizes["ry-g1-c3"][2] == "new" and sizes["ry-g2-c1"][0] == pytest.approx(sizes["ry-g2-c1"][1] + sizes["ry-g1-c3"][1], abs=0.1)
    bare = queries.adjustment(
        drafted(offices, Operation("split", "ry-g2", HALF.line, code="ry-g3", name="新格")), seen_by=offices.actor("min"), at=monday_nine
    )
    assert bare.preview.hands[0].bare and "值班台" in bare.preview.hands[0].to


def test_faults_are_told_and_nothing_is_drafted(offices):
    with pytest.raises(actions.BadCut, match="有一头没有到边界"):
        drafted(offices, Operation("split", "ry-g2-c1", (at(0.2, 0.9), at(0.2, 1.5)), code="x", name="新格"))
    with pytest.raises(BadInput, match="不是这个社区的网格员"):
        drafted(offices, Operation("split", "ry-g2", HALF.line, code="ry-g3", name="新格", keeper="liang"))
    for stranger in ("chen", "liang", "an", "shen"):
        with pytest.raises(NotYours):
            drafted(offices, SPLIT, stranger)
    assert queries.adjustments(seen_by=offices.actor("min")) == ([], False)


def test_two_workers_put_it_in_force_once_and_two_at_once_approve_once(offices, race, journal):
    id_ = proposed(offices)
    finishes = race(*(lambda who=who: actions.approve(adjustment=id_, by=offices.actor(who), at=monday_nine) for who in ("hong", "liang")))
    assert [finish.why for finish in finishes if not finish.ok] == []
    done = race(*(lambda: jobs.enact_what_is_due(at=THEN),) * 2)
    assert sorted(finish.value for finish in done) == [0, 1]
    assert journal.of(f"adjustment:{id_}").count("adjustment.approved") == 1


def test_a_crash_in_the_middle_leaves_nothing_half_done(offices, monkeypatch):
    id_ = approved(offices, HALF)
    monkeypatch.setattr(people_actions, "found_posts", lambda **_: (_ for _ in ()).throw(RuntimeError("out of power")))
    with pytest.raises(RuntimeError):
        jobs.enact_what_is_due(at=THEN)
    epochs.forget()
    assert "ry-g3" not in places.area_ids() and state(id_, offices) == "approved"
    monkeypatch.undo()
    assert in_force() == 1 and "ry-g3" in places.area_ids()


def test_a_clock_that_jumps_back_undoes_nothing(offices):
    id_ = approved(offices)
    in_force()
    assert in_force(monday_nine) == 0 and state(id_, offices) == "in_force"
