"""An incident at a compound: told, heard, decided by a human, appealed to another; and a real name that two persons open."""

from datetime import timedelta

import pytest
from django.apps import apps

from siqian.kernel.permits import BadInput, NotFound, NotYours, Refused
from siqian.services.passes import actions, queries, rules
from siqian.services.passes.models import Opening, Trouble
from siqian.testing import monday_nine, town as names
from siqian.trades.notices import queries as notices

from . import town as stories
from .town import LATER

DAY = timedelta(days=1)
WHAT = "骑车撞倒了晾衣架，没有停下来"


@pytest.fixture
def firm(town):
    """The firm, the managers and the couriers' accounts."""
    stories.settle()
    return town


@pytest.fixture
def songtao(firm):
    return stories.compound()


@pytest.fixture
def aqiang(firm):
    return stories.courier()


@pytest.fixture
def trouble(songtao, aqiang):
    code = queries.mine(aqiang.by).code
    return actions.report(compound=songtao.id, code=code, what=WHAT, happened=monday_nine, by=names.actor("ma"), at=LATER)


def own(phone):
    return queries.with_own(phone.by)


def decide(trouble, outcome="suspension", until=LATER + 14 * DAY, by=None, at=LATER, reason="撞了东西要停下来说一声"):
    actions.decide(trouble=trouble, outcome=outcome, reason=reason, until=until, by=by or names.desk("ry"), at=at)


def came(phone, songtao, at):
    return actions.admit(gate=songtao.gates[0], text=phone.show("", at), way="turnstile", by=phone.by, at=at).decision.colour


def test_the_courier_is_told_and_heard_before_anybody_decides(songtao, aqiang, trouble, journal):
    assert any(WHAT in str(line.values) for line in notices.told([aqiang.by.ref]))
    with pytest.raises(Refused) as refused:
        decide(trouble)
    assert "先听本人" in str(refused.value)
    actions.hear(trouble=trouble, text="下雨天滑，我停下来道歉了", by=own(aqiang), at=LATER)
    decide(trouble)
    assert journal.of(f"trouble:{trouble}") == ["trouble.reported", "trouble.heard", "trouble.decided"]
    assert came(aqiang, songtao, LATER + timedelta(minutes=2)) == "red"


def test_whoever_says_nothing_for_three_days_is_judged_all_the_same(aqiang, trouble):
    decide(trouble, outcome="training", until=None, at=LATER + 3 * DAY)
    (line,) = queries.troubles(seen_by=own(aqiang), at=LATER)
    assert (line.outcome, line.state, line.steps) == ("training", "decided", ("appeal",))


def test_an_appeal_goes_to_another_human_and_overturned_opens_the_gates_again(songtao, aqiang, trouble):
    first, second = names.desk("ry"), names.actor("liang")
    actions.hear(trouble=trouble, text="下雨天滑，我停下来道歉了", by=own(aqiang), at=LATER)
    decide(trouble, by=first)
    with pytest.raises(Refused):
        aqiang.bind(LATER + timedelta(minutes=1))
    actions.appeal(trouble=trouble, text="有监控，我停了", by=own(aqiang), at=LATER + DAY)
    with pytest.raises(NotYours):
        actions.rule_appeal(trouble=trouble, ruling="upheld", why="维持原来的", by=first, at=LATER + DAY)
    actions.rule_appeal(trouble=trouble, ruling="overturned", why="看了监控，确实停了", by=second, at=LATER + DAY)
    aqiang.bind(LATER + DAY + timedelta(minutes=1))
    assert came(aqiang, songtao, LATER + DAY + timedelta(minutes=2)) == "green"


def test_an_appeal_that_comes_too_late_and_decisions_that_cannot_be_are_refused(aqiang, trouble):
    actions.hear(trouble=trouble, text="下雨天滑，我停下来道歉了", by=own(aqiang), at=LATER)
    for more in ({"outcome": "points"}, {"until": None}, {"until": LATER + 91 * DAY}, {"until": LATER}, {"reason": "嗯"}):
        with pytest.raises(BadInput):
            decide(trouble, **more)
    decide(trouble)
    with pytest.raises(Refused):
        decide(trouble)
    with pytest.raises(Refused):
        actions.appeal(trouble=trouble, text="我没有撞", by=own(aqiang), at=LATER + 16 * DAY)


def test_nobody_else_hears_decides_or_reads(songtao, aqiang, trouble):
    other = queries.with_own(stories.courier("xiaoyang", employer="").by)
    with pytest.raises(NotYours):
        actions.hear(trouble=trouble, text="不是我说的话", by=other, at=LATER)
    for who in ("ma", "chen", "hua", "zheng"):
        with pytest.raises(NotYours):
            decide(trouble, by=names.actor(who), at=LATER + 4 * DAY)
    with pytest.raises(NotYours):
        decide(trouble, by=names.desk("mm"), at=LATER + 4 * DAY)
    assert queries.troubles(seen_by=other, at=LATER) == [] == queries.troubles(seen_by=names.desk("mm"), at=LATER)
    with pytest.raises(NotYours):
        actions.report(compound=songtao.id, code="ABCDEF", what=WHAT, happened=monday_nine, by=names.actor("hua"), at=LATER)
    for code, happened, error in (("ABCDEF", monday_nine, NotFound), (queries.mine(aqiang.by).code, LATER + DAY, BadInput)):
        with pytest.raises(error):
            actions.report(compound=songtao.id, code=code, what=WHAT, happened=happened, by=names.actor("ma"), at=LATER)


def test_no_points_ratings_or_punctuality_go_into_any_decision():
    """Neither what is kept nor what a verb takes has room for a score of a person."""
    words = ("point_", "points", "score", "rating", "stars", "punctual", "performance", "level", "rank", "face", "photo")
    columns = {
        f"{model.__name__}.{field.name}" for model in apps.get_app_config("passes").get_models() for field in model._meta.get_fields()
    }
    assert not [column for column in columns if any(word in column.lower() for word in words)]
    taken = {
        name for verb in (actions.decide, actions.suspend, actions.rule_appeal, actions.report) for name in verb.__wrapped__.__annotations__
    }
    assert taken <= {
        "trouble",
        "outcome",
        "reason",
        "until",
        "courier",
        "why",
        "ruling",
        "compound",
        "code",
        "what",
        "happened",
        "by",
        "at",
        "return",
    }
    assert set(rules.Rules.__struct_fields__) == {"windows", "specials", "gates", "speed", "leave_by", "parking", "zones", "capacity"}


@pytest.fixture
def asked(aqiang):
    code = queries.mine(aqiang.by).code
    return actions.ask_name(code=code, case="榕公刑2026-118", why="核实当天去过的人", by=names.desk("rj"), at=LATER)


def test_a_real_name_is_opened_by_two_for_half_an_hour_and_the_courier_is_told(aqiang, asked, journal):
    first, second = names.desk("rj"), names.actor("zheng")
    with pytest.raises(NotFound):
        actions.look_name(opening=asked, by=first, at=LATER)
    with pytest.raises(Refused):
        actions.confirm_name(opening=asked, by=first, at=LATER)
    actions.confirm_name(opening=asked, by=second, at=LATER)
    assert actions.look_name(opening=asked, by=first, at=LATER) == ("王志强", "19900000007")
    assert any("榕公刑2026-118" in str(line.values) for line in notices.told([aqiang.by.ref]))
    for by, at in ((first, LATER + timedelta(minutes=31)), (names.actor("liang"), LATER)):
        with pytest.raises(NotFound):
            actions.look_name(opening=asked, by=by, at=at)
    assert journal.of(f"opening:{asked}") == ["name.asked", "name.confirmed"]
    assert journal.of(f"courier:{queries.mine(aqiang.by).id}").count("vault.opened") == 2
    actions.review_name(opening=asked, by=second, at=LATER + DAY)
    assert queries.openings(seen_by=second, at=LATER)[0].reviewed == LATER + DAY


def test_a_lawful_request_is_told_later_and_never_not(aqiang):
    code = queries.mine(aqiang.by).code
    asked = {"code": code, "case": "榕公刑2026-119", "why": "协助侦查", "tell": LATER + 400 * DAY}
    number = actions.ask_name(**asked, by=names.desk("rj"), at=LATER)
    actions.confirm_name(opening=number, by=names.actor("zheng"), at=LATER)
    actions.look_name(opening=number, by=names.desk("rj"), at=LATER)
    told = lambda: [line for line in notices.told([aqiang.by.ref]) if "榕公刑2026-119" in str(line.values)]  # noqa: E731
    assert told() == [] and actions.tell_opened(by=names.desk("rj"), at=LATER + 29 * DAY) == 0
    assert actions.tell_opened(by=names.desk("rj"), at=LATER + 30 * DAY) == 1 and len(told()) == 1
    assert actions.tell_opened(by=names.desk("rj"), at=LATER + 31 * DAY) == 0


def test_who_opens_names_is_few(aqiang, asked):
    code = queries.mine(aqiang.by).code
    for by in (names.desk("ry"), names.actor("chen"), names.actor("liang"), names.actor("huang"), names.actor("ma"), own(aqiang)):
        with pytest.raises(NotYours):
            actions.ask_name(code=code, case="榕公刑2026-120", why="想知道是谁", by=by, at=LATER)
        with pytest.raises(NotYours):
            actions.confirm_name(opening=asked, by=by, at=LATER)
    with pytest.raises(NotFound):
        actions.confirm_name(opening=asked, by=names.actor("zheng"), at=LATER + 2 * DAY)
    with pytest.raises(BadInput):
        actions.ask_name(code=code, case="", why="想知道是谁", by=names.desk("rj"), at=LATER)
    assert Opening.objects.count() == 1 and Trouble.objects.count() == 0


def test_the_pages_walk_from_the_report_to_the_appeal(songtao, aqiang, signed_in):
    from siqian.kernel import clock

    code = queries.mine(aqiang.by).code
    with clock.stopped_at(LATER):
        answer = signed_in("ma").post("/desk/compounds/songtao/troubles", {"courier": code, "what": WHAT, "happened": "2026-07-13T09:30"})
        assert answer.status_code == 302
        page = signed_in("aqiang").get("/pass").content.decode()
        assert WHAT in page and "/account" in page
        number = queries.troubles(seen_by=own(aqiang), at=LATER)[0].id
        signed_in("aqiang").post(f"/pass/troubles/{number}/account", {"text": "下雨天滑，我停下来道歉了"})
        desk = signed_in(names.desk("ry").person)
        assert "下雨天滑" in desk.get("/desk/pass-troubles").content.decode()
        sent = {"outcome": "suspension", "until": "2026-07-27", "reason": "撞了东西要停下来说一声"}
        assert desk.post(f"/desk/pass-troubles/{number}/decision", sent).status_code == 302
        page = signed_in("aqiang").get("/pass").content.decode()
        assert "通行码停用了" in page and f"/pass/troubles/{number}/appeal" in page
        signed_in("aqiang").post(f"/pass/troubles/{number}/appeal", {"text": "有监控，我停了"})
        other = signed_in("liang")
        assert f"/pass-troubles/{number}/ruling" in other.get("/desk/pass-troubles").content.decode()
        other.post(f"/desk/pass-troubles/{number}/ruling", {"ruling": "overturned", "why": "看了监控，确实停了"})
        assert "通行码停用了" not in signed_in("aqiang").get("/pass").content.decode()


def test_the_pages_of_a_real_name(aqiang, signed_in):
    from siqian.kernel import clock

    code = queries.mine(aqiang.by).code
    with clock.stopped_at(LATER):
        desk, inspector = signed_in(names.desk("rj").person), signed_in("zheng")
        desk.post("/desk/pass-names", {"code": code, "case": "榕公刑2026-118", "why": "核实当天去过的人"})
        number = queries.openings(seen_by=names.actor("zheng"), at=LATER)[0].id
        assert (
            "/confirmation" in inspector.get("/desk/pass-names").content.decode()
            and "/confirmation" not in desk.get("/desk/pass-names").content.decode()
        )
        inspector.post(f"/desk/pass-names/{number}/confirmation")
        shown = desk.post(f"/desk/pass-names/{number}/look").content.decode()
        assert "王志强" in shown and "19900000007" in shown
        assert inspector.post(f"/desk/pass-names/{number}/review").status_code == 302
        assert signed_in("chen").get("/desk/pass-names").status_code == 302
