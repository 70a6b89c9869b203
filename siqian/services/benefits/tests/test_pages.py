"""The pages: a clerk writes a policy by forms alone, three persons bring it into force, a resident answers one question and has it."""

import json

import pytest

from siqian.kernel import clock, deliveries
from siqian.services.benefits import previewing, queries
from siqian.services.benefits.tests.town import legal_staff
from siqian.testing import ZHOU_PHONE, monday_nine, settle_zhou
from siqian.trades.dossier import actions as dossier
from siqian.trades.dossier.rules import Saying


@pytest.fixture
def zhou(town):
    legal_staff()
    previewing.forget()
    return settle_zhou()


@pytest.fixture
def at_nine(signed_in, zhou):
    """Visitors by account, on Monday at nine."""
    known = {}

    def ask(who, path, /, **fields):
        client = known.setdefault(who, signed_in(who))
        with clock.stopped_at(monday_nine):
            answer = client.post(path, fields) if fields else client.get(path)
            while deliveries.work(at=monday_nine):
                pass
            return answer

    return ask


def text(answer):
    return answer.content.decode()


CONDITION = {"do": "add", "at": "", "fact": "born", "age": "1", "op": ">=", "value": "40", "clause": "第二条"}


def written(at_nine):
    at_nine("lan", "/desk/policies/new", code="course", title="社区夜校免学费")
    at_nine("lan", "/desk/policies/course/conditions", **CONDITION)
    more = {"do": "add", "at": "", "fact": "wants_course", "op": "=", "clause": "第三条"}
    assert at_nine("lan", "/desk/policies/course/conditions", **more).status_code == 302
    said = {"title": "社区夜校免学费", "mode": "free", "gives": "service", "period": "year", "told": "开班前通知您", "basis": "community"}
    assert at_nine("lan", "/desk/policies/course/words", **said).status_code == 302


def published(at_nine):
    written(at_nine)
    for who, step in (("lan", "review"), ("fa", "passage"), ("bo", "publication")):
        assert at_nine(who, f"/desk/policies/course/{step}", go="1").status_code == 302


def test_conditions_read_as_sentences_with_their_clause_and_are_changed_and_taken_away_by_forms(at_nine):
    written(at_nine)
    page = text(at_nine("lan", "/desk/policies/course"))
    assert "年龄满" in page and "40周岁" in page and "第二条" in page and "想来上课" in page
    form = text(at_nine("lan", "/desk/policies/course?edit=0"))
    assert 'name="value" required value="40"' in form
    at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"do": "change", "at": "0", "value": "50"}))
    assert "50周岁" in text(at_nine("lan", "/desk/policies/course"))
    at_nine("lan", "/desk/policies/course/conditions", do="remove", at="1")
    line = queries.edition("course", seen_by=_actor("lan"))
    assert [node["fact"] for node in line.form["when"]["all"]] == ["born"]


def test_a_group_holds_conditions_and_goes_with_its_last(at_nine):
    written(at_nine)
    at_nine("lan", "/desk/policies/course/conditions", do="group", kind="any", at="")
    for fact in ("alone", "rider"):
        at_nine("lan", "/desk/policies/course/conditions", do="add", at="2", fact=fact, op="=", clause="第四条")
    assert "下面有一条就行" in text(at_nine("lan", "/desk/policies/course"))
    line = queries.edition("course", seen_by=_actor("lan"))
    assert [node["fact"] for node in line.form["when"]["all"][2]["any"]] == ["alone", "rider"]
    for _ in range(2):
        at_nine("lan", "/desk/policies/course/conditions", do="remove", at="2.0")
    assert len(queries.edition("course", seen_by=_actor("lan")).form["when"]["all"]) == 2


def test_what_is_wrong_stands_beside_the_form_and_changes_nothing(at_nine):
    written(at_nine)
    wrong = at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"value": "八十"}))
    assert wrong.status_code == 400 and "写一个整数" in text(wrong)
    wrong = at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"clause": ""}))
    assert wrong.status_code == 400 and "依据哪一条" in text(wrong)
    wrong = at_nine("lan", "/desk/policies/course/form", form='{"when": {"all": [{"fact": "born", "op": "=="}]}}')
    assert wrong.status_code == 400 and "when.all[0].op" in text(wrong)
    assert len(queries.edition("course", seen_by=_actor("lan")).form["when"]["all"]) == 2


def test_a_policy_goes_out_as_json_and_comes_in_again(at_nine):
    written(at_nine)
    raw = json.loads(at_nine("lan", "/desk/policies/course/form.json").content)
    assert raw["code"] == "course" and len(raw["when"]["all"]) == 2
    at_nine("lan", "/desk/policies/new", code="again", title="再来一项")
    assert at_nine("lan", "/desk/policies/again/form", form=json.dumps({"when": raw["when"]})).status_code == 302
    assert queries.edition("again", seen_by=_actor("lan")).form["when"] == raw["when"]
    assert "第二条" in text(at_nine("lan", "/desk/policies/again")) and "50" not in text(at_nine("lan", "/desk/policies/again/print"))


def test_an_example_that_no_longer_holds_keeps_the_policy_on_the_desk(at_nine):
    written(at_nine)
    example = {"who": "四十岁当天", "expect": "true", "fact/born": "1986-07-13", "fact/wants_course": "yes"}
    assert at_nine("lan", "/desk/policies/course/examples", **example).status_code == 302
    assert "例子对" in text(at_nine("lan", "/desk/policies/course"))
    at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"do": "change", "at": "0", "value": "41"}))
    refused = at_nine("lan", "/desk/policies/course/review", go="1")
    assert refused.status_code == 409 and "1个例子" in text(refused)


def test_conditions_that_contradict_each_other_are_told_and_refused(at_nine):
    written(at_nine)
    at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"op": "<", "value": "30"}))
    assert "互相打架" in text(at_nine("lan", "/desk/policies/course"))
    assert at_nine("lan", "/desk/policies/course/review", go="1").status_code == 409


def test_one_answer_and_it_is_hers_and_her_page_says_why(at_nine, zhou, town):
    published(at_nine)
    saying = Saying("born", "1983-05-16", basis="consent")
    dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    page = text(at_nine(ZHOU_PHONE, "/benefits"))
    assert "只差一句话" in page and "想不想来社区上课" in page and "社区夜校免学费" in page
    told = at_nine(ZHOU_PHONE, "/benefits/facts", kind="wants_course", value="yes")
    assert told.status_code == 302
    page = text(at_nine(ZHOU_PHONE, "/benefits"))
    assert "又有1样是您的" in page and "为什么是您" in page and "年龄满40周岁" in page and "想不想来社区上课" not in page
    assert "1983年5月16日" in page or "1983-05-16" in page
    desk = text(at_nine("bo", "/desk/entitlements"))
    assert "社区夜校免学费" in desk and "周小兰" not in desk
    (line,) = queries.mine(town.resident(ZHOU_PHONE))
    looked = text(at_nine("bo", f"/desk/entitlements/{line.id}/looks", go="1"))
    assert "1983-05-16" in looked and "周**" in looked
    assert at_nine("bo", f"/desk/entitlements/{line.id}/decision", step="refuse", why="").status_code == 400
    assert at_nine("bo", f"/desk/entitlements/{line.id}/decision", step="confirm").status_code == 302
    assert at_nine("bo", f"/desk/entitlements/{line.id}/decision", step="grant", why="九月一日开班").status_code == 302
    page = text(at_nine(ZHOU_PHONE, "/benefits"))
    assert "九月一日开班" in page and "办好了" in page and "邱博" in page


def test_a_no_is_a_letter_with_its_reason_and_the_ways_against_it(at_nine, zhou, town):
    published(at_nine)
    for code, value in (("born", "1983-05-16"), ("wants_course", "yes")):
        saying = Saying(code, value, basis="consent")
        dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    assert "社区夜校免学费" in text(at_nine(ZHOU_PHONE, "/benefits"))
    (line,) = queries.mine(town.resident(ZHOU_PHONE))
    assert at_nine(ZHOU_PHONE, f"/benefits/{line.id}/letter").status_code == 404
    at_nine("bo", f"/desk/entitlements/{line.id}/decision", step="refuse", why="今年的课已经开完了")
    assert "看告知书" in text(at_nine(ZHOU_PHONE, "/benefits"))
    letter = text(at_nine(ZHOU_PHONE, f"/benefits/{line.id}/letter"))
    for told in ("今年的课已经开完了", "邱博", "行政复议", "六个月", f"2026-{line.id}-2", "请人再看"):
        assert told in letter
    assert at_nine("lin", f"/benefits/{line.id}/letter").status_code == 404
    assert at_nine("lan", f"/benefits/{line.id}/letter").status_code == 200


def test_what_one_does_not_want_to_say_is_not_asked_again(at_nine, zhou, town):
    published(at_nine)
    saying = Saying("born", "1983-05-16", basis="consent")
    dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    assert "想不想来社区上课" in text(at_nine(ZHOU_PHONE, "/benefits"))
    at_nine(ZHOU_PHONE, "/benefits/skips", kind="wants_course")
    assert "想不想来社区上课" not in text(at_nine(ZHOU_PHONE, "/benefits"))


def test_why_not_is_said_in_a_sentence(at_nine, zhou, town):
    published(at_nine)
    saying = Saying("born", "2000-05-16", basis="consent")
    dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    page = text(at_nine(ZHOU_PHONE, "/benefits"))
    assert "现在还轮不到的" in page and "今年26周岁，要满40周岁" in page


def test_a_new_edition_says_who_gains_and_who_loses(at_nine, zhou, town):
    published(at_nine)
    for code, value in (("born", "1983-05-16"), ("wants_course", "yes")):
        saying = Saying(code, value, basis="consent")
        dossier.note(subject=f"resident:{zhou}", building="songtao-3", saying=saying, by=town.actor("chen"), at=monday_nine)
    previewing.forget()
    at_nine("lan", "/desk/policies/course/editions", go="1")
    at_nine("lan", "/desk/policies/course/conditions", **(CONDITION | {"do": "change", "at": "0", "value": "60"}))
    page = text(at_nine("lan", "/desk/policies/course"))
    assert "比第1版多0人，少1人" in page and "有1人会少得" in page


def _actor(name):
    from siqian.testing import town

    return town.actor(name)
