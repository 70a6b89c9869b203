"""周小兰 reads all that is kept of her, puts it right, takes it back, carries it away, and has it destroyed."""

import json
from datetime import timedelta

import pytest

from siqian.insight.mine import actions, queries
from siqian.kernel import anchors, clock, deliveries, vault
from siqian.kernel.permits import NotFound, NotYours
from siqian.services.care import actions as care, queries as homes
from siqian.testing import PASSWORD, ZHOU_PHONE, monday_nine, settle_zhou
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.models import Version
from siqian.trades.dossier.rules import Saying
from siqian.web import keeping

LATER = monday_nine + timedelta(hours=1)


@pytest.fixture
def zhou(town):
    return settle_zhou()


@pytest.fixture
def her(town, zhou):
    return town.resident(ZHOU_PHONE)


@pytest.fixture
def known(town, zhou, her):
    """That she lives alone, noted by 陈志明, who looked at it once."""
    chen = town.actor("chen")
    saying = Saying("alone", "yes", basis="consent")
    fact = dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=chen, at=monday_nine)
    dossier.look(facts=[fact], purpose="care_visit", why="上门前看看", by=chen, at=monday_nine)
    return fact


@pytest.fixture
def at_home(zhou, client):
    """A browser in which she has signed in."""
    client.post("/sign-in", {"username": ZHOU_PHONE, "password": PASSWORD, "next": "/me"})

    def go(method, path, fields=None, **more):
        with clock.stopped_at(LATER):
            return getattr(client, method)(path, fields or {}, **more)

    return go


def text(answer):
    return answer.content.decode()


def test_the_page_shows_value_source_reason_end_and_every_look(known, at_home):
    page = text(at_home("get", "/me"))
    for shown in (
        "周小兰",
        "独居",
        "本人说的，陈志明记的",
        "本人同意（当面说的）",
        "上门关心、紧急救助",
        "看了：独居",
        "上门关心：上门前看看",
    ):
        assert shown in page, shown


def test_one_corrects_objects_and_takes_back(town, zhou, known, at_home):
    chen = town.actor("chen")
    assert "改好了" in text(at_home("post", f"/me/facts/{known}/correction", {"value": "no"}, follow=True))
    wrong = at_home("post", f"/me/facts/{known}/correction", {"value": "maybe"})
    assert wrong.status_code == 400 and "选一个" in text(wrong) and f'id="fact-{known}" open' in text(wrong)
    at_home("post", f"/me/facts/{known}/objection", {"stands": "yes"})
    with pytest.raises(NotYours):
        dossier.look(facts=[known], purpose="care_visit", why="看看", by=chen, at=LATER)
    at_home("post", f"/me/facts/{known}/objection", {"stands": ""})
    for _ in range(2):
        assert "不再问您" in text(at_home("post", f"/me/facts/{known}/withdrawal", follow=True))
    assert facts.known([f"resident:{zhou}"], seen_by=chen, at=LATER)[f"resident:{zhou}"][0].state == "withdrawn"


def test_what_one_tells_by_oneself_is_asked_by_nobody(town, zhou, at_home):
    private = at_home("post", "/me/facts", {"kind": "chronic", "value": "yes"})
    assert private.status_code == 400 and "单独同意" in text(private)
    assert "不会再问您" in text(at_home("post", "/me/facts", {"kind": "chronic", "value": "yes", "agreed": "yes"}, follow=True))
    at_home("post", "/me/facts", {"kind": "stove", "value": "electric"})
    (home,) = [homes.mine(town.resident(ZHOU_PHONE), at=LATER).home]
    asked = facts.asks({f"resident:{zhou}": home.path, home.ref: home.path}, "care_visit", seen_by=town.actor("chen"), at=LATER)
    needs = {line.kind.code: line.need for lines in asked.values() for line in lines}
    assert (needs["chronic"], needs["stove"], needs["alone"]) == ("known", "known", "ask")
    assert home.stance == "unasked"


def test_one_says_whether_one_wants_to_be_visited(town, zhou, at_home):
    assert "会来看您" in text(at_home("post", "/me/visits", {"stance": "yes", "wish": "14"}, follow=True))
    found = homes.mine(town.resident(ZHOU_PHONE), at=LATER).home
    assert (found.stance, found.wish, found.how) == ("yes", 14, "online")
    assert "不再上门" in text(at_home("post", "/me/visits", {"stance": "no"}, follow=True))
    assert at_home("post", "/me/visits", {"stance": "perhaps"}).status_code == 400


def test_what_one_takes_along_holds_all_of_it(known, her, at_home):
    answer = at_home("get", "/me/data.json")
    data = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"' and answer["Cache-Control"] == "no-store"
    assert (data["register"]["name"], data["register"]["phone"], data["register"]["room"]) == ("周小兰", ZHOU_PHONE, "1203")
    (fact,) = data["facts"]
    assert (fact["kind"], fact["value"], fact["basis"], fact["noted_by"]) == ("alone", "yes", "本人同意", "陈志明")
    assert [(look["by"], look["what"], look["purpose"]) for look in data["looks"]] == [("陈志明", "独居", "上门关心：上门前看看")]
    pdf = at_home("get", "/me/data.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")


def test_nobody_elses_data_is_mine(known, zhou, town, signed_in, client):
    other = signed_in("lin")
    for path in ("/me/data.json", "/me/data.pdf", "/me/erasure"):
        assert other.get(path).status_code == 404 and client.get(path).status_code == 404
    for path in (f"/me/facts/{known}/correction", f"/me/facts/{known}/withdrawal", f"/me/facts/{known}/objection"):
        for visitor in (other, client, signed_in("chunmei")):
            assert visitor.post(path, {"value": "no", "stands": "yes"}).status_code in (302, 403, 404)
    assert "名册里没有找到您" in text(other.get("/me")) and "周小兰" not in text(other.get("/me"))
    (line,) = facts.mine([f"resident:{zhou}"], seen_by=town.resident(ZHOU_PHONE), at=LATER)
    assert line.state == "known"


def test_before_it_is_destroyed_one_reads_what_goes_and_what_stays_and_then_nothing_can_be_opened(town, known, zhou, her, at_home):
    care.wish(stance="yes", by=her, at=monday_nine)
    page = text(at_home("get", "/me/erasure"))
    assert "您的姓名和电话" in page and "您的1条情况" in page and "照规定要留下的" in page
    assert at_home("post", "/me/erasure", {}).status_code == 400
    assert "再也打不开" in text(at_home("post", "/me/erasure", {"sure": "yes"}, follow=True))
    assert "名册里没有找到您" in text(at_home("get", "/me"))
    sealed = Version.objects.filter(fact=known).exclude(value="").values_list("value", flat=True)
    for value in sealed:
        with pytest.raises(NotFound):
            vault.unseal(f"resident:{zhou}", value)
    while deliveries.work(at=LATER):
        pass
    anchors.drop(at=LATER)
    assert anchors.verify().faults == () and [fault for fault in keeping.check(deep=True) if "情况" in fault or "户" in fault] == []


def test_the_household_keeps_its_facts_while_somebody_still_lives_there(town, zhou, her):
    home = care.wish(stance="yes", by=her, at=monday_nine)
    own = homes.with_home(her, at=monday_nine)
    stove = Saying("stove", "pipe", basis="consent", how="online")
    fact = dossier.note(subject=f"household:{home}", building="songtao-3", saying=stove, by=own, at=monday_nine)
    actions.erase(sure=True, by=her, at=LATER)
    look = {"purpose": "fire_safety", "why": "查燃气软管", "by": town.actor("chen"), "at": LATER}
    assert dossier.look(facts=[fact], **look) == {fact: "pipe"}


def test_somebody_without_a_row_has_an_empty_whole(town):
    assert queries.whole(town.resident("lin"), at=LATER) is None


def test_in_english_the_purpose_of_a_look_is_said_in_english_and_why_in_their_own_words(known, her, at_home, client):
    assert "上门关心：上门前看看" in text(at_home("get", "/me"))
    client.cookies["django_language"] = "en"
    english = text(at_home("get", "/me"))
    assert "Care visits: 上门前看看" in english and "上门关心" not in english
