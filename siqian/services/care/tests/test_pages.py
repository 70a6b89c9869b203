"""The pages of care: the plan, one home, a look for a purpose; and what a telephone keeps of a door."""

import json
import re
from datetime import timedelta

import pytest

from siqian.kernel import clock, deliveries, journal as ink
from siqian.kernel.permits import OFFICE
from siqian.services.care import actions, jobs, queries
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.rules import Saying

LATER = monday_nine + timedelta(hours=1)
HOME = "/desk/homes/songtao-3/1203/care"


@pytest.fixture
def zhou(town):
    return settle_zhou()


@pytest.fixture
def home(town, zhou):
    """Her home wants to be visited; that she lives alone and is ill is known, and due to be confirmed."""
    number = actions.wish(stance="yes", by=town.resident(ZHOU_PHONE), at=monday_nine)
    before = monday_nine - timedelta(days=200)
    for saying in (
        Saying("alone", "yes", basis="consent"),
        Saying("elder", "yes", basis="consent"),
        Saying("chronic", "yes", basis="separate"),
    ):
        dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=before)
    deliveries.work(at=monday_nine)
    jobs.lay_out(at=monday_nine)
    return number


@pytest.fixture
def phone(signed_in):
    """陈志明's telephone: posts as the queue does."""
    client = signed_in("chen")

    def send(at=LATER, **fields):
        with clock.stopped_at(at):
            return client.post("/day/calls", fields, headers={"Accept": "application/json"})

    send.client = client
    return send


def text(answer):
    return answer.content.decode()


def at(client, path, **more):
    with clock.stopped_at(LATER):
        return client.get(path, **more)


def test_what_the_telephone_keeps_of_a_door_says_neither_who_nor_why_nor_what_is_known(home, phone):
    page = text(at(phone.client, "/day"))
    door = re.search(r'<li class="errand door".*?</li>', page, re.DOTALL).group()
    assert "1203" in door and "周**" in door and "约好的走访" in door and "平时是不是一个人住" in door
    for kept_from_it in ("周小兰", ZHOU_PHONE, "周一鸣", "独居老人", "checked", "慢性病，一月一看"):
        assert kept_from_it not in door
    # Of an illness the question alone, and the tick of a consent of its own.
    illness = re.search(r'<fieldset class="how-f asks">(?:(?!</fieldset>).)*chronic.*?</fieldset>', door, re.DOTALL)
    assert illness is None or "单独同意" in illness.group()
    assert not any(value in page for value in ("周小兰", ZHOU_PHONE))


def test_a_visit_sent_twice_by_the_queue_is_one(zhou, home, phone, journal):
    (door,) = queries.doors(seen_by=_chen(), at=monday_nine)
    sent = {"key": "key-1-abcdef", "visit": str(door.id), "outcome": "met", f"fact/resident:{zhou}/alone": "same"}
    first, again = phone(**sent), phone(**sent)
    assert first.status_code == again.status_code == 200 and json.loads(again.content)["again"] is True
    assert journal.of(f"home_call:{door.id}") == ["home_call.recorded"]
    (fact,) = [one for one in facts.known([f"resident:{zhou}"], seen_by=_chen(), at=LATER)[f"resident:{zhou}"] if one.kind.code == "alone"]
    assert fact.need == "known"
    assert "入户走访" in text(at(phone.client, "/day"))


def _chen():
    from siqian.testing import town

    return town.actor("chen")


def test_a_refusal_of_the_queue_says_why_and_changes_nothing(zhou, home, phone, journal):
    (door,) = queries.doors(seen_by=_chen(), at=monday_nine)
    wrong = phone(key="key-1-abcdef", visit=str(door.id), outcome="met", **{f"fact/resident:{zhou}/mobility": "flying"})
    assert wrong.status_code == 400 and "选一个" in json.loads(wrong.content)["title"]
    assert phone(key="key-2-abcdef", visit="x", outcome="met").status_code == 400
    assert phone(key="key-3-abcdef", visit="999", outcome="met").status_code == 404
    assert journal.of(f"home_call:{door.id}") == []


def test_the_plan_lists_masked_and_the_desk_reads_how_many_only(home, signed_in):
    page = text(at(signed_in("chen"), "/desk/care"))
    assert "1203" in page and "周**" in page and "周小兰" not in page
    desk = text(at(signed_in("ruolan"), "/desk/care"))
    assert "榕荫2格" in desk and "1203" not in desk and "周**" not in desk
    csv = text(at(signed_in("chen"), "/desk/care/list.csv"))
    assert "周**" in csv and "周小兰" not in csv and len(csv.splitlines()) == 2
    assert at(signed_in("ruolan"), "/desk/care/list.csv").status_code == 404
    assert at(signed_in("liang"), "/desk/care")["Location"] == "/desk"


def test_the_plan_is_searched_and_counted_as_it_is_listed(home, signed_in):
    chen = signed_in("chen")
    assert "1203" in text(at(chen, "/desk/care?q=周")) and "没找到这样的一户" in text(at(chen, "/desk/care?q=赵"))
    counts = queries.counts(seen_by=_chen(), at=LATER)
    for show, count in counts.items():
        assert len(queries.find(seen_by=_chen(), show=show, at=LATER)[0]) == count
    assert queries.by_grid(seen_by=_chen(), at=LATER)[0][1] == counts["due"] == 1


def test_a_look_at_a_home_needs_a_purpose_and_is_journalled(zhou, home, signed_in):
    chen = signed_in("chen")
    page = text(at(chen, HOME))
    assert "独居" in page and "该确认了" in page and "周小兰" not in page
    ids = re.findall(r'name="fact" value="(\d+)"', page)
    with clock.stopped_at(LATER):
        nothing = chen.post(f"/desk/care/homes/{home}/looks", {"purpose": "care_visit", "why": "上门"})
        wrong = chen.post(f"/desk/care/homes/{home}/looks", {"fact": ids, "purpose": "fire_safety", "why": "查消防"})
        looked = chen.post(f"/desk/care/homes/{home}/looks", {"fact": ids, "purpose": "care_visit", "why": "上门前看看"})
    assert nothing.status_code == 400 and wrong.status_code == 403 and "不能用在" in text(wrong)
    assert looked.status_code == 200 and "这次查看已经记下" in text(looked)
    assert len([line for line in ink.of(f"resident:{zhou}") if line.name == "vault.opened"]) == len(ids) == 3


def test_at_the_desk_a_visit_is_recorded_once_a_fact_told_and_taken_back(zhou, home, signed_in, journal):
    chen = signed_in("chen")
    with clock.stopped_at(LATER):
        for _ in range(2):
            chen.post(f"/desk/care/homes/{home}/visits", {"key": "key-1-abcdef", "outcome": "met"})
        told = chen.post(f"/desk/care/homes/{home}/facts", {f"fact/household:{home}/stove": "bottle"}, follow=True)
        nothing = chen.post(f"/desk/care/homes/{home}/facts", {})
    assert "不会再问" in text(told) and nothing.status_code == 400
    assert [line.state for line in queries.calls_of(home, seen_by=_chen())] == ["done"]
    (stove,) = facts.known([f"household:{home}"], seen_by=_chen(), at=LATER)[f"household:{home}"]
    with clock.stopped_at(LATER):
        back = chen.post(f"/desk/care/facts/{stove.id}/withdrawal", {"home": str(home)}, follow=True)
    assert "不再问" in text(back) and "做饭用什么" not in text(back)


def test_whoever_has_no_such_duty_is_kept_out_of_a_home(home, signed_in, client):
    assert client.get(HOME)["Location"].startswith("/sign-in")
    for who in ("chunmei", "wu", "liang", "zheng"):
        visitor = signed_in(who)
        assert at(visitor, HOME).status_code in (403, 404)
        for path in ("visits", "looks", "facts"):
            assert visitor.post(f"/desk/care/homes/{home}/{path}", {"key": "key-1-abcdef", "outcome": "met"}).status_code in (400, 403, 404)
        sent = {"building": "songtao-3", "label": "1203", "household": "1", "stance": "no"}
        assert visitor.post("/desk/care/stances", sent).status_code in (403, 404)
    assert queries.home(home, seen_by=OFFICE).stance == "yes"


def test_a_household_nobody_spoke_with_is_asked_first(town, zhou, signed_in):
    chen = signed_in("chen")
    page = text(at(chen, HOME))
    assert "还没问过" in page and "记一次走访" not in page
    with clock.stopped_at(LATER):
        answer = chen.post(
            "/desk/care/stances", {"building": "songtao-3", "label": "1203", "household": "1", "stance": "no", "how": "phone"}, follow=True
        )
    assert "不再上门" in text(answer) and "本人想要了，会自己说" in text(answer)
