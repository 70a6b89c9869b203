"""Papers in the small town: numbered without gaps, signed by a second person, frozen, corrected by another one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from siqian.kernel import store, vault
from siqian.kernel.permits import OFFICE, Actor, BadInput, Fence, NotFound, NotYours, Refused
from siqian.testing import monday_nine
from siqian.trades.papers import actions, queries
from siqian.trades.papers.models import Content, Paper, Reading
from siqian.trades.papers.queries import Asked
from siqian.trades.papers.rules import FIELDS, Spot, Wanted
from siqian.trades.papers.tests.desk import TELLER, filled, spot, wanted


def at(hours: float):
    return monday_nine + timedelta(hours=hours)


def issue(kind="completion", cause="one", where="ry", hours=1.0, **values) -> int:
    return actions.draw_up(wanted=wanted(kind, cause, where, **values), by=OFFICE, at=at(hours))


def number(paper: int) -> str:
    return queries.one(paper, seen_by=OFFICE).line.number


def test_a_paper_is_numbered_by_its_issuer_kind_and_year(town, journal):
    first, second = issue(cause="one"), issue(cause="two")
    assert number(first) == "〔2026〕榕荫社结字第1号" and number(second) == "〔2026〕榕荫社结字第2号"
    assert number(issue(cause="three", where="mm")) == "〔2026〕木棉社结字第1号"
    assert number(issue("extension", cause="four")) == "〔2026〕榕荫社延字第1号"
    assert number(issue(cause="five", hours=24 * 365)) == "〔2027〕榕荫社结字第1号"
    assert journal.of(f"paper:{first}") == ["paper.issued"] and queries.faults() == []


def test_the_same_cause_makes_one_paper_however_often_it_is_told(town):
    assert issue(cause="one") == issue(cause="one", hours=2)
    assert len(queries.find(Asked(), seen_by=OFFICE)) == 1


def test_a_refused_paper_takes_no_number(town):
    with pytest.raises(BadInput, match="还没填"):
        issue(cause="one", answer=" ")
    assert number(issue(cause="two")).endswith("第1号") and queries.faults() == []


def test_under_two_workers_no_number_is_given_twice_or_left_out(town, race):
    runners = [lambda cause=f"race {n}": issue(cause=cause) for n in range(6)]
    finishes = race(*runners)
    assert all(finish.ok for finish in finishes), [finish.why for finish in finishes]
    with store.reading_all():
        assert sorted(Paper.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert queries.faults() == []


def test_two_workers_with_the_same_cause_make_one_paper(town, race):
    finishes = race(lambda: issue(cause="same"), lambda: issue(cause="same"))
    assert [finish.ok for finish in finishes] == [True, True] and finishes[0].value == finishes[1].value


def test_a_reply_waits_for_a_second_person_and_has_no_number_until_then(town, journal):
    paper = actions.draw_up(wanted=replace(wanted("reply", "one"), actor=town.actor("chen").ref), by=OFFICE, at=at(1))
    line = queries.one(paper, seen_by=OFFICE).line
    assert (line.state, line.number) == ("draft", "")
    with pytest.raises(NotFound):
        queries.one(paper, seen_by=TELLER)
    with pytest.raises(NotYours):
        actions.sign(paper=paper, by=town.desk("ry"), at=at(2))
    assert actions.sign(paper=paper, by=town.desk("st"), at=at(2)) == "〔2026〕榕荫街复字第1号"
    assert queries.one(paper, seen_by=TELLER).line.signatory == town.desk("st").name
    with pytest.raises(Refused, match="已经签发"):
        actions.sign(paper=paper, by=town.actor("liang"), at=at(3))
    assert journal.of(f"paper:{paper}") == ["paper.drafted", "paper.issued"]


def test_who_did_it_or_drafted_it_does_not_sign_it(town):
    desk = town.desk("st")
    did = actions.draw_up(wanted=replace(wanted("reply", "one"), actor=desk.ref), by=OFFICE, at=at(1))
    drafted = actions.draw_up(wanted=wanted("reply", "two"), by=desk, at=at(1))
    for paper in (did, drafted):
        with pytest.raises(NotYours, match="别人来签发"):
            actions.sign(paper=paper, by=desk, at=at(2))
        actions.sign(paper=paper, by=town.actor("liang"), at=at(2))


def test_a_dropped_draft_leaves_no_gap(town, journal):
    unwanted, wanted_ = (actions.draw_up(wanted=wanted("reply", cause), by=OFFICE, at=at(1)) for cause in ("one", "two"))
    actions.drop(paper=unwanted, why="已经电话答复过", by=town.desk("st"), at=at(2))
    with pytest.raises(Refused):
        actions.sign(paper=unwanted, by=town.desk("st"), at=at(2))
    assert actions.sign(paper=wanted_, by=town.desk("st"), at=at(3)).endswith("第1号")
    assert journal.of(f"paper:{unwanted}") == ["paper.drafted", "paper.dropped"] and queries.faults() == []


def test_a_correction_replaces_the_old_one_and_names_it_and_changes_nothing_of_it(town, journal):
    old = issue(answer="换了2楼的灯")
    before = queries.one(old, seen_by=OFFICE)
    draft = actions.correct(paper=old, values={"answer": "换了3楼的灯"}, why="楼层写错了", by=town.desk("ry"), at=at(2))
    with pytest.raises(Refused, match="等签发"):
        actions.correct(paper=old, values={"answer": "换了4楼的灯"}, why="楼层写错了", by=town.desk("ry"), at=at(2))
    with pytest.raises(NotYours, match="别人来签发"):
        actions.sign(paper=draft, by=town.desk("ry"), at=at(2))
    actions.sign(paper=draft, by=town.actor("xiujuan"), at=at(3))
    new, after = queries.one(draft, seen_by=TELLER), queries.one(old, seen_by=TELLER)
    assert new.line.number.endswith("第2号") and before.line.number in new.face["correction"] and "3楼" in "".join(new.face["text"])
    assert after.face == before.face and after.sound and after.line.replaced and after.replaced_by.number == new.line.number
    assert journal.of(f"paper:{old}") == ["paper.issued", "paper.replaced"]
    with pytest.raises(Refused, match="已经更正过"):
        actions.correct(paper=old, values={"answer": "又改"}, why="楼层写错了", by=town.desk("ry"), at=at(4))


def test_a_correction_that_was_dropped_can_be_drafted_again(town):
    old = issue(answer="换了2楼的灯")
    draft = actions.correct(paper=old, values={"answer": "换了3楼的灯"}, why="楼层写错了", by=town.desk("ry"), at=at(2))
    actions.drop(paper=draft, why="没有写错", by=town.actor("xiujuan"), at=at(3))
    again = actions.correct(paper=old, values={"answer": "换了3楼的灯"}, why="还是写错了", by=town.desk("ry"), at=at(4))
    assert again != draft and queries.one(again, seen_by=OFFICE).line.state == "draft"
    with pytest.raises(BadInput, match="一字不差"):
        actions.correct(paper=issue(cause="two"), values={}, why="看错了，没错", by=town.desk("ry"), at=at(5))


def test_the_database_itself_refuses_to_change_what_was_issued(db, town):
    paper = issue()
    for statement in (
        lambda: Content.objects.filter(paper=paper).update(sha256="0" * 64),
        lambda: Content.objects.filter(paper=paper).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            from siqian.kernel.journal import writing

            with writing(OFFICE, whole=True):
                statement()


def test_whoever_changes_the_number_behind_our_back_is_found_out(db, town):
    issue()
    second = issue(cause="two")
    db.tamper("update papers_content set sha256 = %s where paper_id = %s", "0" * 64, second)
    assert not queries.one(second, seen_by=OFFICE).sound
    db.tamper("update papers_paper set serial = 7 where id = %s", second)
    assert {fault.template for fault in queries.faults()} == {
        "文书{number}前面缺号，查流水里少了哪一份",
        "文书{number}的内容和摘要不符，写入后被改过或丢了",
    }


def test_who_may_not_see_the_matter_does_not_see_the_paper(town):
    outside, inside = issue(), issue("check", cause="two")
    for stranger in (Actor(ref="anyone"), town.resident("lin"), town.actor("jianjun"), town.desk("mm"), town.actor("he")):
        for paper in (outside, inside):
            with pytest.raises(NotFound):
                queries.one(paper, seen_by=stranger)
        assert queries.find(Asked(), seen_by=stranger) == []
    for colleague in (town.actor("chen"), town.desk("ry"), town.desk("st"), town.actor("liang")):
        assert queries.one(inside, seen_by=colleague).line.id == inside
    assert [line.id for line in queries.about("matter:1", seen_by=TELLER)] == [outside]
    with pytest.raises(NotFound):
        queries.one(inside, seen_by=TELLER)


def test_whom_a_matter_is_about_never_meets_its_papers(town):
    about_chen = replace(spot("ry"), against=("chen",))
    paper = actions.draw_up(wanted=replace(wanted("completion", "one"), spot=about_chen), by=OFFICE, at=at(1))
    with pytest.raises(NotFound):
        queries.one(paper, seen_by=town.actor("chen"))
    assert queries.find(Asked(), seen_by=town.actor("chen")) == [] and queries.about("matter:1", seen_by=town.actor("chen")) == []


def test_the_fence_of_the_database_hides_papers_as_well(postgres, town):
    outside, inside = issue(), issue("check", cause="two")
    for fence, seen in ((Fence(), set()), (Fence(own=(1,)), {outside}), (Fence(grids=(spot("ry").grid,)), {outside, inside})):
        with store.reading(Actor(ref="x", fence=fence)):
            assert set(Paper.objects.values_list("id", flat=True)) == seen


def test_when_the_matter_turns_out_to_lie_elsewhere_its_papers_follow(town):
    paper = issue()
    actions.follow(about="matter:1", spot=spot("mm"), by=OFFICE, at=at(2))
    assert queries.one(paper, seen_by=town.desk("mm")).line.number == "〔2026〕榕荫社结字第1号"
    with pytest.raises(NotFound):
        queries.one(paper, seen_by=town.desk("ry"))


def test_who_read_it_is_noted_once_and_a_teller_without_a_name(town, journal):
    paper = issue()
    for reader in (TELLER, TELLER, town.actor("chen")):
        actions.note_read(paper=paper, by=reader, at=at(3))
    assert [reader.name for reader in queries.one(paper, seen_by=OFFICE).readers] == ["", "陈志明"]
    assert journal.of(f"paper:{paper}") == ["paper.issued", "paper.read", "paper.read"]
    assert queries.one(paper, seen_by=TELLER).readers == () and Reading.objects.count() == 2


def test_what_it_says_lies_sealed(db, town):
    paper = issue(answer="换了3楼的灯")
    with store.reading_all():
        row, content = Paper.objects.get(id=paper), Content.objects.get(paper=paper)
    assert "灯" not in content.sealed and row.values == {}
    assert "换了3楼的灯" in vault.unseal(f"paper:{paper}", content.sealed)


def test_a_filed_kind_needs_all_its_fields(town):
    assert set(filled("reply")) == set(queries.kind("reply").fields) <= set(FIELDS)
    short = Wanted("reply", "matter:1", "x", Spot(1, 1, "/rj/st/ry/"), {})
    with pytest.raises(BadInput):
        actions.draw_up(wanted=short, by=OFFICE, at=at(1))
