"""What 陈志明 hears at a door is kept once, sealed, for a purpose and a time; 周小兰 reads it and takes it back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import anchors, deliveries, journal as ink, vault
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.town.people import actions as people
from siqian.trades.dossier import actions, jobs, queries
from siqian.trades.dossier.models import Fact, Version
from siqian.trades.dossier.rules import Saying

LATER = monday_nine + timedelta(hours=1)
ALONE = Saying("alone", "yes", basis="consent")
CHRONIC = Saying("chronic", "yes", basis="separate")


def after(days: int):
    return monday_nine + timedelta(days=days)


def statements(act):
    """How many statements it takes."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


@pytest.fixture
def zhou(town):
    """Her number in the register."""
    return settle_zhou()


@pytest.fixture
def her(town, zhou):
    return town.resident(ZHOU_PHONE)


@pytest.fixture
def chen(town):
    return town.actor("chen")


def note(zhou, by, saying=ALONE, at=monday_nine):
    return actions.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=by, at=at)


def known(zhou, by, at=monday_nine, purpose=""):
    return queries.known([f"resident:{zhou}"], purpose, seen_by=by, at=at)[f"resident:{zhou}"]


def asks(town, zhou, by, at=monday_nine, purpose="care_visit"):
    subject = f"resident:{zhou}"
    found = queries.asks({subject: town.place("松涛苑3栋").path}, purpose, seen_by=by, at=at)[subject]
    return {one.kind.code: one.need for one in found}


def test_what_is_noted_is_masked_for_staff_and_whole_for_oneself(zhou, chen, her, journal):
    fact = note(zhou, chen)
    (line,) = known(zhou, chen)
    assert (line.kind.code, line.state, line.need, line.value, line.by_name) == ("alone", "known", "known", "", "陈志明")
    (own,) = queries.mine([f"resident:{zhou}"], seen_by=her, at=LATER)
    assert (own.value, own.source, own.basis, own.how, own.by_name) == ("yes", "person", "consent", "spoken", "陈志明")
    assert (own.confirm_by, own.keep_until) == (date(2027, 1, 13), date(2027, 7, 13))
    assert journal.of(f"fact:{fact}") == ["fact.noted"]


def test_nothing_in_tables_or_journal_says_what_it_is_or_whose(zhou, chen):
    fact = note(zhou, chen, CHRONIC)
    with ink.writing(OFFICE, whole=True):
        version = Version.objects.get(fact=fact)
        kept = str([getattr(version, field.attname) for field in Version._meta.concrete_fields])
        kept += str([line.body for line in ink.of(f"fact:{fact}")])
    assert "chronic" not in kept and "'yes'" not in kept and vault.unseal(f"resident:{zhou}", version.value) == "yes"


def test_what_is_known_is_not_asked_again_but_confirmed_when_its_time_is_over(town, zhou, chen):
    fact = note(zhou, chen)
    assert asks(town, zhou, chen)["alone"] == "known"
    with pytest.raises(Refused, match="不用再问"):
        note(zhou, town.actor("xiujuan"), at=after(3))
    assert asks(town, zhou, chen, after(200))["alone"] == "confirm"
    actions.confirm(fact=fact, by=chen, at=after(200))
    assert asks(town, zhou, chen, after(201))["alone"] == "known"
    assert Version.objects.filter(fact=fact).count() == 2


def test_a_second_tap_says_nothing_new(zhou, chen):
    fact = note(zhou, chen)
    assert note(zhou, chen, at=monday_nine + timedelta(seconds=2)) == fact
    actions.confirm(fact=fact, by=chen, at=after(200))
    actions.confirm(fact=fact, by=chen, at=after(200))
    changed = Saying("alone", "no", basis="consent")
    actions.correct(fact=fact, saying=changed, by=chen, at=after(210))
    actions.correct(fact=fact, saying=changed, by=chen, at=after(210))
    assert list(Version.objects.filter(fact=fact).order_by("number").values_list("what", flat=True)) == ["noted", "confirmed", "corrected"]


def test_a_correction_is_a_new_version_and_the_old_one_cannot_be_changed(zhou, chen, her, db, journal):
    fact = note(zhou, chen)
    actions.correct(fact=fact, saying=Saying("alone", "no", basis="consent"), by=her, at=after(1))
    (own,) = queries.mine([f"resident:{zhou}"], seen_by=her, at=after(1))
    assert own.value == "no" and [step.what for step in own.steps] == ["corrected", "noted"]
    assert journal.of(f"fact:{fact}") == ["fact.noted", "fact.corrected"]
    with pytest.raises(Exception, match="append-only"), ink.writing(OFFICE, whole=True):
        Version.objects.filter(fact=fact).update(value="")


def test_a_look_needs_a_purpose_that_fits_and_the_person_reads_it(zhou, chen, her):
    fact = note(zhou, chen)
    with pytest.raises(NotYours, match="不能用在“防火防灾”上"):
        actions.look(facts=[fact], purpose="fire_safety", why="查消防", by=chen, at=LATER)
    for purpose, why in (("care_visit", " "), ("curiosity", "看看")):
        with pytest.raises(BadInput):
            actions.look(facts=[fact], purpose=purpose, why=why, by=chen, at=LATER)
    assert [line.name for line in ink.of(f"resident:{zhou}") if line.name == "vault.opened"] == []
    assert actions.look(facts=[fact], purpose="care_visit", why="上门前看看", by=chen, at=LATER) == {fact: "yes"}
    looked = [line for line in ink.of(f"resident:{zhou}") if line.name == "vault.opened"]
    assert [(line.by, line.body["what"], line.body["purpose"]) for line in looked] == [(chen.ref, f"fact:{fact}", "上门关心：上门前看看")]
    assert queries.kinds_of([fact], seen_by=her)[fact].code == "alone" and queries.kinds_of([fact], seen_by=chen) == {}


def test_a_look_at_several_is_all_or_nothing(zhou, chen):
    alone, contact = note(zhou, chen), note(zhou, chen, Saying("contact", "女儿", basis="consent"))
    with pytest.raises(NotYours):
        actions.look(facts=[alone, contact], purpose="care_visit", why="上门前看看", by=chen, at=LATER)
    assert [line.name for line in ink.of(f"resident:{zhou}") if line.name == "vault.opened"] == []


@pytest.mark.parametrize("who", ["chunmei", "wu", "huang", "liang", "lei", "zheng", "lin"])
def test_whoever_has_no_such_duty_here_does_not_even_know_of_it(town, zhou, chen, who):
    fact, other = note(zhou, chen), town.actor(who)
    assert known(zhou, other) == [] and asks(town, zhou, other) == {}
    with pytest.raises(NotFound):
        queries.fact(fact, seen_by=other, at=LATER)
    with pytest.raises(NotYours):
        queries.mine([f"resident:{zhou}"], seen_by=other, at=LATER)
    for step in (
        lambda: actions.confirm(fact=fact, by=other, at=LATER),
        lambda: actions.look(facts=[fact], purpose="care_visit", why="看看", by=other, at=LATER),
        lambda: actions.withdraw(fact=fact, by=other, at=LATER),
        lambda: actions.object_to_use(fact=fact, by=other, at=LATER),
        lambda: actions.correct(fact=fact, saying=ALONE, by=other, at=LATER),
    ):
        with pytest.raises(NotFound):
            step()
    with pytest.raises(NotYours):
        note(zhou, other, CHRONIC)
    assert Version.objects.filter(fact=fact).count() == 1


def test_a_kind_is_read_by_the_duties_that_it_names(town, zhou):
    doctor, secretary = town.actor("he"), town.actor("xiujuan")
    fact = note(zhou, doctor, CHRONIC)
    assert [line.kind.code for line in known(zhou, doctor)] == ["chronic"] and known(zhou, secretary) == []
    with pytest.raises(NotFound):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=secretary, at=LATER)


def test_consent_taken_back_ends_every_use_and_nobody_asks_again(town, zhou, chen, her, journal):
    fact = note(zhou, chen)
    actions.withdraw(fact=fact, by=her, at=after(1))
    actions.withdraw(fact=fact, by=her, at=after(1))
    assert "alone" not in asks(town, zhou, chen, after(400)) and journal.of(f"fact:{fact}") == ["fact.noted", "fact.withdrawn"]
    with pytest.raises(NotYours):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(2))
    with pytest.raises(Refused, match="本人收回了"):
        note(zhou, chen, at=after(2))
    (own,) = queries.mine([f"resident:{zhou}"], seen_by=her, at=after(2))
    assert own.state == "withdrawn" and own.value == ""
    note(zhou, her, Saying("alone", "no", basis="consent", how="online"), at=after(3))
    assert asks(town, zhou, chen, after(3))["alone"] == "known"


def test_an_objection_shuts_the_fact_until_it_is_lifted(zhou, chen, her):
    fact = note(zhou, chen)
    actions.object_to_use(fact=fact, by=her, at=after(1))
    with pytest.raises(NotYours, match="反对"):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(1))
    actions.object_to_use(fact=fact, stands=False, by=her, at=after(2))
    assert actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(2)) == {fact: "yes"}


def test_what_nobody_confirmed_in_time_is_closed_by_the_worker_and_asked_anew(town, zhou, chen, her):
    fact = note(zhou, chen)
    assert jobs.close_what_is_out_of_date(at=after(365)) == 0
    assert jobs.close_what_is_out_of_date(at=after(366)) == 1 and jobs.close_what_is_out_of_date(at=after(366)) == 0
    with pytest.raises(NotYours, match="过期"):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(366))
    assert asks(town, zhou, chen, after(366))["alone"] == "ask"
    assert [step.what for step in queries.mine([f"resident:{zhou}"], seen_by=her, at=after(366))[0].steps] == ["expired", "noted"]
    assert note(zhou, chen, at=after(367)) == fact


def test_closing_takes_as_many_statements_for_many_as_for_one(zhou, chen):
    kinds = (ALONE, CHRONIC, Saying("elder", "yes", basis="consent"), Saying("contact", "女儿", basis="consent"))
    note(zhou, chen)
    one = statements(lambda: actions.expire(by=OFFICE, at=after(366)))
    for saying in kinds:
        note(zhou, chen, saying, at=after(400))
    many = statements(lambda: actions.expire(by=OFFICE, at=after(2000)))
    assert many == one


def test_whoever_is_forgotten_leaves_nothing_that_can_be_opened_and_the_chain_is_whole(zhou, chen, her):
    fact = note(zhou, chen)
    people.erase(resident=zhou, by=her, at=after(1))
    with pytest.raises(NotFound):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(1))
    deliveries.work(at=after(1))
    with ink.writing(OFFICE, whole=True):
        assert Fact.objects.get(id=fact).state == "over"
    assert known(zhou, chen, after(1)) == []
    with pytest.raises(Refused):
        note(zhou, chen, at=after(2))
    anchors.drop(at=after(2))
    assert anchors.verify().faults == ()


def test_whoever_moves_away_is_known_no_more(zhou, chen):
    fact = note(zhou, chen)
    people.move_out(resident=zhou, by=chen, at=after(1))
    deliveries.work(at=after(1))
    assert known(zhou, chen, after(1)) == []
    with pytest.raises(NotYours):
        actions.look(facts=[fact], purpose="care_visit", why="看看", by=chen, at=after(1))


def test_the_database_itself_shows_another_keeper_no_fact(town, zhou, chen, postgres):
    from siqian.kernel import store

    note(zhou, chen)
    for who, seen in ((town.actor("chunmei"), 0), (chen, 1), (ANYONE, 0)):
        with store.reading(who):
            assert Fact.objects.count() == seen


def test_two_who_note_the_same_at_once_keep_it_once(town, zhou, chen, race):
    secretary = town.actor("xiujuan")
    finishes = race(*(lambda by=by: note(zhou, by) for by in (chen, secretary)))
    assert sum(finish.ok for finish in finishes) == 1
    (line,) = known(zhou, chen)
    assert line.kind.code == "alone"
