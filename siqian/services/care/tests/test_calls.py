"""陈志明 looks in on homes: as often as they need it, only where they want it, and what he hears is kept once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import anchors, deliveries, journal as ink, store
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.services.care import actions, jobs, queries
from siqian.services.care.models import Call, Home
from siqian.services.care.rules import Answer, Held
from siqian.spine.matters import queries as matters
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.town.people import actions as people
from siqian.town.people.rules import ResidentRow
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.rules import Saying
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs as task_jobs, queries as tasks

MET = Held("met")


def after(days: float):
    return monday_nine + timedelta(days=days)


def worked(at):
    while deliveries.work(at=at):
        pass


@pytest.fixture
def zhou(town):
    return settle_zhou()


@pytest.fixture
def her(town, zhou):
    return town.resident(ZHOU_PHONE)


@pytest.fixture
def chen(town):
    return town.actor("chen")


@pytest.fixture
def home(zhou, her):
    """Her home, which wants to be visited."""
    return actions.wish(stance="yes", by=her, at=monday_nine)


def needs(zhou, chen, at=monday_nine, *codes):
    for code in codes or ("alone", "elder"):
        dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=Saying(code, "yes", basis="consent"), by=chen, at=at)
    worked(at)


def laid(chen, at):
    jobs.lay_out(at=at)
    return queries.doors(seen_by=chen, at=at)


def stands(home):
    with store.reading_all():
        return Home.objects.get(id=home)


def test_who_lives_alone_and_is_old_is_visited_every_week_and_only_after_saying_yes(zhou, chen, her):
    needs(zhou, chen)
    assert [door.unasked for door in laid(chen, monday_nine)] == [True]
    home = actions.wish(stance="yes", by=her, at=monday_nine)
    assert (stands(home).plan, stands(home).every) == ("alone-elder", 7)
    (door,) = queries.doors(seen_by=chen, at=monday_nine)
    actions.record(call=door.id, held=MET, key="key-1-abcdef", by=chen, at=after(0.1))
    assert stands(home).next_due == date(2026, 7, 20) and laid(chen, after(1)) == []
    (following,) = laid(chen, after(5))
    assert following.id != door.id and following.due == after(7).replace(hour=20) + timedelta(days=2)


def test_a_fact_that_is_taken_back_changes_the_plan(zhou, chen, her, home):
    needs(zhou, chen)
    assert stands(home).every == 7
    (alone, *_) = facts.mine([f"resident:{zhou}"], seen_by=her, at=monday_nine)
    dossier.withdraw(fact=alone.id, by=her, at=after(1))
    worked(after(1))
    assert (stands(home).plan, stands(home).every) == ("yearly", 365)


def test_ones_own_wish_stands_above_every_plan(zhou, chen, her, home):
    needs(zhou, chen)
    actions.wish(stance="yes", wish=30, by=her, at=after(1))
    assert (stands(home).plan, stands(home).every) == ("wish", 30)


def test_a_home_that_says_no_is_left_in_peace(zhou, chen, her, home, journal):
    (door,) = laid(chen, monday_nine)
    actions.wish(stance="no", by=her, at=after(1))
    assert laid(chen, after(1)) == [] and laid(chen, after(400)) == [] and tasks.clocks(f"home_call:{door.id}")[0].stopped
    with pytest.raises(Refused, match="不要走访"):
        actions.record(call=door.id, held=MET, key="key-2-abcdef", by=chen, at=after(1))
    assert journal.of(f"home:{home}") == ["home.agreed", "home.declined"]
    # Nobody lists it: what is due and what was done are shown, a refusal is not.
    assert queries.find(seen_by=chen, show="all", at=after(1))[0] == []


def test_who_moved_in_lately_is_called_at_within_fifteen_days_and_asked(town, zhou, chen):
    row = ResidentRow(2, "songtao-3", "1204", "吴新来", "网格员上门", "居住登记", "", "head", moved_in=date(2026, 7, 10))
    people.enroll(residents=[row], by=OFFICE, at=monday_nine)
    new = next(door for door in laid(chen, monday_nine) if door.label == "1204")
    assert new.unasked and len(new.questions) == 3 and new.due.date() == date(2026, 7, 25)
    told = (Answer(new.questions[0].ask.subject, new.questions[0].ask.kind.code, "no"),)
    for stance in ("", "no"):
        with pytest.raises(BadInput, match="先问要不要来"):
            actions.record(call=new.id, held=Held("met", stance, told), key="key-0-abcdef", by=chen, at=after(1))
    actions.record(call=new.id, held=Held("met", "no"), key="key-1-abcdef", by=chen, at=after(1))
    assert [door.label for door in laid(chen, after(30))] == ["1203"]


def test_homes_never_asked_are_called_at_a_few_a_day_and_once_a_year(town, zhou, chen):
    rows = [ResidentRow(2, "songtao-3", f"{floor}01", f"王{floor}", "名册", "居住登记", "", "head") for floor in range(1, 9)]
    people.enroll(residents=rows, by=OFFICE, at=monday_nine)
    assert len(laid(chen, monday_nine)) == 2 and len(laid(chen, monday_nine + timedelta(hours=2))) == 2
    assert len({door.label for door in laid(chen, after(1))}) == 4
    # Of a first call nobody is waiting: no clock runs for it.
    assert not any(line.about.startswith("home_call:") for line in tasks.todo(seen_by=chen, at=after(1)))


def test_the_plan_takes_as_many_statements_for_many_homes_as_for_one(town, zhou, chen):
    from siqian.services.care import laying

    def statements(**more):
        with CaptureQueriesContext(connection) as asked:
            actions.lay_first(grid=town.area("ry-g2").path, post="ry-g2:keeper", by=OFFICE, **more)
        return len(asked)

    people.enroll(residents=[_row(1)], by=OFFICE, at=monday_nine)
    one = statements(at=monday_nine, most=1)
    people.enroll(residents=[_row(n) for n in range(2, 18)], by=OFFICE, at=monday_nine)
    assert statements(at=after(1), most=15) <= one + 1 and laying.TITLE == "入户走访"


def test_the_day_and_the_plan_take_as_many_statements_for_many_visits_as_for_one(town, zhou, chen):
    def statements():
        counts = []
        for read in (lambda: queries.doors(seen_by=chen, at=after(1)), lambda: queries.find(seen_by=chen, show="all", at=after(1))):
            with CaptureQueriesContext(connection) as asked:
                read()
            counts.append(len(asked))
        return counts

    actions.lay_first(grid=town.area("ry-g2").path, post="ry-g2:keeper", by=OFFICE, at=monday_nine, most=1)
    one = statements()
    people.enroll(residents=[_row(n) for n in range(2, 18)], by=OFFICE, at=monday_nine)
    actions.lay_first(grid=town.area("ry-g2").path, post="ry-g2:keeper", by=OFFICE, at=monday_nine, most=15)
    assert len(queries.doors(seen_by=chen, at=after(1))) > 10 and statements() == one


def _row(floor):
    return ResidentRow(2, "songtao-3", f"{floor}02", f"李{floor}", "名册", "居住登记", "", "head")


def test_a_visit_confirms_one_fact_notes_another_and_hears_a_need(town, zhou, chen, her, home, journal):
    needs(zhou, chen, monday_nine - timedelta(days=200), "alone")
    (door,) = laid(chen, monday_nine)
    asked = [(question.ask.kind.code, question.ask.need) for question in door.questions]
    assert asked[0] == ("alone", "confirm") and len(asked) == 3
    answers = (Answer(f"resident:{zhou}", "alone"), Answer(f"household:{home}", "stove", "bottle"))
    held = Held("met", answers=answers, text="厨房的灯坏了，自己换不了")
    assert actions.record(call=door.id, held=held, key="key-1-abcdef", by=chen, at=after(0.1)) == 0
    assert actions.record(call=door.id, held=held, key="key-1-abcdef", by=chen, at=after(0.2)) == 0
    worked(after(0.1))
    assert journal.of(f"home_call:{door.id}") == ["home_call.recorded", "home_call.referred", "referral.taken"]
    own = facts.mine([f"resident:{zhou}", f"household:{home}"], seen_by=queries.with_home(her, at=after(1)), at=after(1))
    assert [(one.kind.code, one.value, [step.what for step in one.steps]) for one in own] == [
        ("stove", "bottle", ["noted"]),
        ("alone", "yes", ["confirmed", "noted"]),
    ]
    (line,) = queries.calls_of(home, seen_by=chen)
    told = matters.lines([line.matter], seen_by=OFFICE)[line.matter]
    assert "灯" in told.title and town.place("松涛苑3栋").words in told.place


def test_a_sensitive_answer_without_its_own_consent_refuses_the_whole_record(zhou, chen, home, journal):
    (door,) = laid(chen, monday_nine)
    answer = Answer(f"resident:{zhou}", "chronic", "yes")
    with pytest.raises(BadInput, match="单独同意"):
        actions.record(call=door.id, held=Held("met", answers=(answer,)), key="key-1-abcdef", by=chen, at=after(1))
    assert journal.of(f"home_call:{door.id}") == []
    agreed = Answer(f"resident:{zhou}", "chronic", "yes", agreed=True)
    actions.record(call=door.id, held=Held("met", answers=(agreed,)), key="key-1-abcdef", by=chen, at=after(1))
    assert journal.of(f"home_call:{door.id}") == ["home_call.recorded"]


def test_what_was_taken_back_while_the_telephone_was_away_is_left_out_and_the_rest_is_kept(zhou, chen, her, home):
    needs(zhou, chen, monday_nine, "alone")
    (door,) = laid(chen, monday_nine)
    (alone,) = facts.mine([f"resident:{zhou}"], seen_by=her, at=monday_nine)
    dossier.withdraw(fact=alone.id, by=her, at=after(0.5))
    answers = (Answer(f"resident:{zhou}", "alone"), Answer(f"resident:{zhou}", "language", "cantonese"))
    assert actions.record(call=door.id, held=Held("met", answers=answers), key="key-1-abcdef", by=chen, at=after(1)) == 1
    states = {one.kind.code: one.state for one in facts.mine([f"resident:{zhou}"], seen_by=her, at=after(1))}
    assert states == {"alone": "withdrawn", "language": "known"}


def test_nobody_home_comes_again_and_ends_after_three_times(zhou, chen, home):
    (door,) = laid(chen, monday_nine)
    nobody = Held("nobody")
    for turn in range(3):
        assert [one.id for one in queries.doors(seen_by=chen, at=after(turn * 3))] == [door.id]
        actions.record(call=door.id, held=nobody, key=f"key-{turn}-abcdef", by=chen, at=after(turn * 3))
        assert queries.doors(seen_by=chen, at=after(turn * 3)) == []
    (line,) = queries.calls_of(home, seen_by=chen)
    assert (line.state, line.outcome, line.tries) == ("done", "nobody", 3) and stands(home).last_met is None


def test_facts_are_noted_of_whoever_lives_there_and_of_nobody_else(zhou, chen, home):
    (door,) = laid(chen, monday_nine)
    for wrong in (Held("met", answers=(Answer("resident:9999", "alone", "yes"),)), Held("nobody", text="要人来修灯"), Held("gone")):
        with pytest.raises(BadInput):
            actions.record(call=door.id, held=wrong, key="key-1-abcdef", by=chen, at=after(1))
    assert queries.calls_of(home, seen_by=chen)[0].state == "due"


def test_late_is_told_to_the_desk_of_the_community_without_a_name(town, zhou, chen, home, journal):
    (door,) = laid(chen, monday_nine)
    late = door.due + timedelta(hours=1)
    task_jobs.climb_what_is_late(at=late)
    worked(late)
    assert journal.of(f"home_call:{door.id}") == ["task.overdue", "home_call.late"]
    (told,) = [line for line in notices.told([f"post:{town.post('desk', 'ry')}"]) if line.about == f"home_call:{door.id}"]
    assert "松涛苑3栋" in str(told.values) and "周" not in str(told.values) and "1203" not in str(told.values)
    # It can still be made.
    actions.record(call=door.id, held=MET, key="key-1-abcdef", by=chen, at=late)


@pytest.mark.parametrize("who", ["chunmei", "wu", "huang", "liang", "lei", "zheng", "lin"])
def test_whoever_has_no_such_duty_here_neither_sees_nor_records(town, zhou, chen, home, who):
    (door,) = laid(chen, monday_nine)
    other = town.actor(who)
    assert queries.doors(seen_by=other, at=monday_nine) == [] and queries.find(seen_by=other, show="all", at=monday_nine)[0] == []
    for step in (
        lambda: actions.record(call=door.id, held=MET, key="key-9-abcdef", by=other, at=after(1)),
        lambda: actions.record_now(home=home, held=MET, key="key-9-abcdef", by=other, at=after(1)),
        lambda: actions.agree(home=home, stance="no", by=other, at=after(1)),
        lambda: queries.home(home, seen_by=other),
        lambda: queries.call(door.id, seen_by=other),
        lambda: queries.calls_of(home, seen_by=other),
    ):
        with pytest.raises((NotYours, NotFound)):
            step()
    assert queries.calls_of(home, seen_by=chen)[0].state == "due" and stands(home).stance == "yes"


def test_the_household_after_the_next_is_another_home(town, zhou, chen, her, home):
    dossier.note(
        subject=f"household:{home}", building="songtao-3", saying=Saying("stove", "bottle", basis="consent"), by=chen, at=monday_nine
    )
    for line in list(people_of("1203", chen)):
        people.move_out(resident=line, by=chen, at=after(1))
    worked(after(1))
    people.enroll(residents=[ResidentRow(2, "songtao-3", "1203", "后来人", "名册", "居住登记", "", "head")], by=OFFICE, at=after(2))
    other = actions.agree_at(building="songtao-3", label="1203", household=1, stance="yes", by=chen, at=after(2))
    assert other != home and stands(home).ended == date(2026, 7, 14)
    assert facts.known([f"household:{other}", f"household:{home}"], seen_by=chen, at=after(2)) == {
        f"household:{other}": [],
        f"household:{home}": [],
    }


def people_of(label, by):
    from siqian.town.people import queries

    return [line.id for line in queries.homes("songtao-3", seen_by=by)[label]]


def test_when_the_last_one_is_forgotten_the_households_key_is_destroyed_and_the_chain_is_whole(zhou, chen, her, home):
    dossier.note(
        subject=f"household:{home}", building="songtao-3", saying=Saying("stove", "bottle", basis="consent"), by=chen, at=monday_nine
    )
    people.move_out(resident=people_of("1203", chen)[1], by=chen, at=after(1))
    worked(after(1))
    assert stands(home).ended is None
    people.erase(resident=zhou, by=her, at=after(2))
    worked(after(2))
    assert stands(home).ended is not None and stands(home).name == "" and "vault.erased" in ink.names_of(f"household:{home}")
    anchors.drop(at=after(2))
    assert anchors.verify().faults == ()


def test_the_same_tap_from_two_telephones_is_one_record(zhou, chen, home, race, postgres):
    (door,) = laid(chen, monday_nine)

    def tap():
        return actions.record(call=door.id, held=MET, key="key-1-abcdef", by=chen, at=after(1))

    assert [finish.ok for finish in race(tap, tap, tap)] == [True] * 3
    assert ink.names_of(f"home_call:{door.id}") == ["home_call.recorded"]


def test_two_workers_lay_a_visit_once(zhou, chen, home, race, postgres):
    finishes = race(lambda: jobs.lay_out(at=monday_nine), lambda: jobs.lay_out(at=monday_nine))
    assert [finish.why for finish in finishes] == ["", ""] and len(queries.doors(seen_by=chen, at=monday_nine)) == 1


def test_the_database_itself_shows_another_keeper_no_home(town, zhou, chen, home, postgres):
    laid(chen, monday_nine)
    for who, seen in ((town.actor("chunmei"), 0), (chen, 1), (ANYONE, 0)):
        with store.reading(who):
            assert (Home.objects.count(), Call.objects.count()) == (seen, seen)


def test_a_no_said_while_a_visit_is_recorded_stands(zhou, chen, her, home, race, postgres):
    (door,) = laid(chen, monday_nine)
    race(
        lambda: actions.record(call=door.id, held=MET, key="key-1-abcdef", by=chen, at=after(1)),
        lambda: actions.wish(stance="no", by=her, at=after(1)),
    )
    assert (stands(home).stance, stands(home).next_due) == ("no", None) and queries.faults() == []


def test_whoever_stands_at_the_door_while_the_plan_is_laid_has_one_visit(zhou, chen, home, race, postgres):
    finishes = race(lambda: actions.lay_now(home=home, by=chen, at=monday_nine), lambda: actions.lay_due(by=OFFICE, at=monday_nine))
    assert [finish.why for finish in finishes] == ["", ""] and len(queries.calls_of(home, seen_by=chen)) == 1
