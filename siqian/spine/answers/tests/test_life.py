"""One writes, another publishes, somebody looks again on the day; whoever it did not help is counted once."""

from datetime import date, timedelta

import pytest

from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.spine.answers import actions, jobs, queries
from siqian.spine.answers.models import NotHelped
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as tasks_jobs, queries as tasks

from .written import PERMIT, draft, live, write

LATER = monday_nine + timedelta(hours=2)


def test_a_draft_is_nobodys_until_a_second_person_publishes_it(town, journal):
    answer = write(town)
    with pytest.raises(NotFound):
        queries.shown(answer)
    with pytest.raises(NotYours, match="换一位"):
        actions.publish(answer=answer, version=1, by=town.desk("ry"), at=LATER)
    assert queries.find("居住证") == [] and queries.live() == ([], False) and queries.topics() == []
    actions.publish(answer=answer, version=1, by=town.actor("xiujuan"), at=LATER)
    line = queries.shown(answer)
    assert (line.question, line.unit, line.reviewed) == (PERMIT, "police-post", date(2026, 7, 13))
    assert [found.id for found in queries.find("办居住证带什么")] == [answer]
    assert journal.of(f"answer:{answer}") == ["answer.written", "answer.published"]


def test_a_new_version_waits_while_the_old_one_is_read(town):
    answer = live(town)
    second = draft(text="带身份证和租赁合同到派出所，网上也能办，十五天发证。", path=town.area("ry").path)
    actions.write(draft=second, answer=answer, seen=1, by=town.desk("ry"), at=LATER)
    assert "网上" not in queries.shown(answer).text
    view = queries.view(answer, seen_by=town.actor("xiujuan"), at=LATER)
    assert view.line.is_waiting and view.line.state == "live" and "publish" in view.verbs
    assert ("in", "网上也能办，") in dict(view.newest.changed)["text"]
    actions.publish(answer=answer, version=2, by=town.actor("xiujuan"), at=LATER)
    assert "网上" in queries.shown(answer).text
    assert [one.number for one in queries.view(answer, seen_by=OFFICE, at=LATER).written] == [2, 1]


def test_whoever_writes_over_an_older_version_is_told(town):
    answer = live(town)
    again = {"draft": draft(path=town.area("ry").path), "answer": answer, "at": LATER}
    actions.write(**again, seen=1, by=town.desk("ry"))
    with pytest.raises(Refused, match="又有人改了一版"):
        actions.write(**again, seen=1, by=town.actor("xiujuan"))
    actions.retire(answer=answer, note="先撤下", by=town.desk("ry"), at=LATER)
    actions.write(**again, seen=2, by=town.desk("ry"))
    with pytest.raises(Refused, match="又有人改了一版"):
        actions.publish(answer=answer, version=2, by=town.actor("xiujuan"), at=LATER)


def test_a_double_tap_writes_once_and_publishes_once(town, journal):
    given = {"draft": draft(path=town.area("ry").path), "once": "TAPTAPTAP", "by": town.desk("ry"), "at": monday_nine}
    answer = actions.write(**given)
    assert actions.write(**given) == answer
    for _ in range(2):
        actions.publish(answer=answer, version=1, by=town.actor("xiujuan"), at=LATER)
    assert journal.of(f"answer:{answer}") == ["answer.written", "answer.published"]


def test_the_same_form_sent_twice_at_once_writes_once(town, race):
    given = {"draft": draft(path=town.area("ry").path), "once": "TAPTAPTAP", "by": town.desk("ry"), "at": monday_nine}
    finishes = race(*[lambda: actions.write(**given)] * 3)
    assert all(finish.ok for finish in finishes) and len({finish.value for finish in finishes}) == 1
    assert len(queries.lines(seen_by=OFFICE, at=LATER)) == 1


def test_two_publish_at_once_and_it_is_published_once(town, race, journal):
    answer = write(town)
    publishers = [town.actor("xiujuan"), town.desk("st"), town.actor("liang")]
    runs = [lambda by=by: actions.publish(answer=answer, version=1, by=by, at=LATER) for by in publishers]
    assert all(finish.ok for finish in race(*runs))
    assert journal.of(f"answer:{answer}") == ["answer.written", "answer.published"]
    assert len(queries.view(answer, seen_by=OFFICE, at=LATER).done) == 1


def test_one_publishes_while_another_writes_and_nobody_reads_what_nobody_looked_at(town, race):
    answer = write(town)
    second = draft(text="第二版，还没有人看过，谁也不该读到。", path=town.area("ry").path)
    race(
        lambda: actions.publish(answer=answer, version=1, by=town.actor("xiujuan"), at=LATER),
        lambda: actions.write(draft=second, answer=answer, seen=1, by=town.desk("st"), at=LATER),
    )
    assert "第二版" not in "".join(line.text for line in queries.live()[0])


def test_what_is_retired_is_gone_outside_and_kept_inside(town, journal):
    answer = live(town)
    with pytest.raises(BadInput):
        actions.retire(answer=answer, note="", by=town.desk("ry"), at=LATER)
    actions.retire(answer=answer, note="规定改了", by=town.desk("ry"), at=LATER)
    with pytest.raises(NotFound):
        queries.shown(answer)
    assert queries.find(PERMIT) == [] and queries.lines("retired", seen_by=OFFICE, at=LATER)[0].id == answer
    again = actions.write(draft=draft(path=town.area("ry").path), answer=answer, seen=1, by=town.desk("ry"), at=LATER)
    assert queries.view(again, seen_by=OFFICE, at=LATER).line.state == "draft", "a new version brings it back, as a draft"
    assert journal.of(f"answer:{answer}")[-2:] == ["answer.retired", "answer.written"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("question", {"question": "啥"}),
        ("text", {"text": "去问"}),
        ("item", {"item": "99.9.9"}),
        ("unit", {"unit": "nobody"}),
        ("path", {"path": "/nowhere/"}),
        ("review", {"review": date(2026, 7, 13)}),
        ("review", {"review": date(2028, 1, 1)}),
        ("review", {"review": None}),
        ("text_en", {"question_en": "How do I get one"}),
    ],
)
def test_what_is_wrong_is_said_with_its_field(town, field, given):
    with pytest.raises(BadInput) as refused:
        actions.write(draft=draft(**given), by=town.actor("liang"), at=monday_nine)
    assert refused.value.refusal.field == field


def test_a_version_whose_day_has_passed_is_not_published(town):
    answer = write(town, review=date(2026, 7, 20))
    with pytest.raises(Refused, match="复核日已经过了"):
        actions.publish(answer=answer, version=1, by=town.actor("xiujuan"), at=monday_nine + timedelta(days=10))


def test_whoever_it_did_not_help_is_counted_once_a_version(town, journal):
    answer = live(town)
    for mark, telling in (("browser:A", ""), ("browser:A", ""), ("telling:7", "telling:7"), ("telling:7", "telling:7")):
        actions.mark_not_helped(answer=answer, mark=mark, telling=telling, by=ANYONE, at=LATER)
    assert queries.view(answer, seen_by=OFFICE, at=LATER).missed == ((date(2026, 7, 13), 2, 1),)
    assert [line.misses for line in queries.lines("missed", seen_by=OFFICE, at=LATER)] == [2]
    assert journal.of(f"answer:{answer}").count("answer.missed") == 2


def test_nothing_is_counted_for_what_nobody_reads(town):
    assert actions.mark_not_helped(answer=write(town), mark="browser:A", by=ANYONE, at=LATER) is False
    assert actions.mark_not_helped(answer=99, mark="browser:A", by=ANYONE, at=LATER) is False
    assert NotHelped.objects.count() == 0


def test_one_browser_taps_in_two_windows_at_once_and_counts_once(town, race):
    answer = live(town)
    tap = {"answer": answer, "mark": "browser:A", "by": ANYONE, "at": LATER}
    finishes = race(*[lambda: actions.mark_not_helped(**tap)] * 4)
    assert all(finish.ok for finish in finishes), [finish.why for finish in finishes]
    assert sorted(finish.value for finish in finishes) == [False, False, False, True]


def test_two_weeks_before_its_day_it_comes_onto_its_desks_page_and_looking_again_takes_it_off(town, journal):
    answer = live(town, review=date(2026, 8, 10))
    assert jobs.remind(at=monday_nine) == 0
    near = monday_nine + timedelta(days=15)
    assert jobs.remind(at=near) == 1 and jobs.remind(at=near) == 0
    desk = town.desk("ry", near)
    task = next(line for line in tasks.todo(seen_by=desk, at=near) if line.about == f"answer:{answer}")
    assert task.title == PERMIT and task.due.isoformat().startswith("2026-08-10")
    assert notices.told([f"post:{town.post('desk', 'ry')}"])[0].about == f"answer:{answer}"
    actions.look_again(answer=answer, review=date(2027, 1, 10), note="看过了，还对", by=desk, at=near)
    assert not any(line.about == f"answer:{answer}" for line in tasks.todo(seen_by=desk, at=near))
    assert queries.shown(answer).reviewed == date(2026, 7, 28) and queries.shown(answer).review == date(2027, 1, 10)
    assert journal.of(f"answer:{answer}")[-2:] == ["answer.due", "answer.reviewed"]
    assert jobs.remind(at=near) == 0


def test_an_answer_that_nobody_looked_at_in_time_climbs_to_the_district(town):
    from siqian.kernel import deliveries

    answer = live(town, review=date(2026, 8, 10))
    jobs.remind(at=monday_nine + timedelta(days=20))
    late = monday_nine + timedelta(days=29)
    while tasks_jobs.climb_what_is_late(at=late):
        pass
    while deliveries.work(at=late):
        pass
    told = notices.told([f"post:{people.desk_at('/rj/', 0, at=late).post}"])
    assert any(line.about == f"answer:{answer}" and "复核日" in line.text for line in told)


def test_what_helps_least_stands_first_and_the_desks_list_has_pages(town, monkeypatch):
    ids = [live(town, question=f"居住证第{number}问，带什么") for number in range(3)]
    for answer, browsers in ((ids[1], 1), (ids[2], 3)):
        for browser in range(browsers):
            actions.mark_not_helped(answer=answer, mark=f"browser:{browser}", by=ANYONE, at=LATER)
    assert [(line.id, line.misses) for line in queries.lines("missed", seen_by=OFFICE, at=LATER)] == [(ids[2], 3), (ids[1], 1)]
    assert queries.lines("missed", seen_by=OFFICE, at=LATER + queries.RECENT + timedelta(days=1)) == []
    monkeypatch.setattr(queries, "DESK_PAGE", 2)
    first, second = (queries.lines(page=page, seen_by=OFFICE, at=LATER) for page in (1, 2))
    assert [line.id for line in first] == ids and [line.id for line in second] == ids[2:], (
        "one more than a page says that there is a next one"
    )


def test_an_answer_of_a_community_is_kept_by_that_community_and_those_above(town):
    answer = live(town)
    for stranger in (town.desk("mm"), town.actor("chen"), town.actor("he")):
        with pytest.raises(NotYours):
            actions.retire(answer=answer, note="不归我管", by=stranger, at=LATER)
    for nobody in (ANYONE, town.resident("zhou")):
        with pytest.raises(NotFound):
            actions.retire(answer=answer, note="不归我管", by=nobody, at=LATER)
        with pytest.raises(NotFound):
            queries.view(answer, seen_by=nobody, at=LATER)
    actions.retire(answer=answer, note="归街道写一条新的", by=town.desk("st"), at=LATER)


def test_a_grid_worker_proposes_and_somebody_of_the_desks_decides(town):
    answer = actions.write(draft=draft(), by=town.actor("chen"), at=monday_nine)
    assert queries.waiting_count(seen_by=town.desk("rj")) == 1 and queries.waiting_count(seen_by=town.actor("chen")) == 0
    actions.publish(answer=answer, version=1, by=town.desk("rj"), at=LATER)
    with pytest.raises(NotYours):
        actions.write(draft=draft(), by=town.resident("zhou"), at=monday_nine)


def test_the_second_page_goes_on_where_the_first_ended(town):
    ids = [live(town, question=f"居住证第{number}问，带什么") for number in range(queries.PAGE + 1)]
    first, more = queries.live(topic="15")
    second, end = queries.live(topic="15", page=2)
    assert more and not end and [line.id for line in (*first, *second)] == ids
    assert [(topic.code, topic.count) for topic in queries.topics()] == [("15", len(ids))] and queries.live(topic="4") == ([], False)
