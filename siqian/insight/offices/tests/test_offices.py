"""Three administrators, three persons: one appoints and keeps accounts, one reads what was done, none can do another's work."""

import pytest

from siqian.kernel import epochs
from siqian.kernel.permits import ANYONE, NotFound, NotYours, Refused, Thing, may
from siqian.testing import monday_nine
from siqian.town.people import actions, queries as people

# What each of the three may do, and nobody else: + may, . may not.
VERBS = (("adjustment", "draft"), ("roster", "appoint"), ("roster", "keep accounts"), ("audit", "read"), ("matter", "read"))
MATRIX = {
    "min": "+ . . . .",
    "an": ". + + . .",
    "shen": ". . . + .",
    "chen": ". . . . +",
    "liang": ". . . . +",
    "zheng": ". . . . +",
}
ACT = {"at": monday_nine}


@pytest.mark.parametrize("who", MATRIX)
def test_who_may_do_what_cell_by_cell(offices, who):
    actor, path = offices.actor(who), offices.area("ry-g2").path
    areas = {"adjustment": path, "matter": path, "roster": offices.area("rj").path, "audit": offices.area("rj").path}
    found = " ".join("." if may(actor, verb, Thing(kind, area=areas[kind])) else "+" for kind, verb in VERBS)
    assert found == MATRIX[who]


def kinds(person):
    epochs.forget()
    return {one.duty for many in people.administrators(at=monday_nine).values() for one in many if one.person == person}


def test_the_security_administrator_appoints_and_relieves(offices, journal):
    an = offices.actor("an")
    for _ in range(2):
        actions.appoint(duty="audit_admin", person="su", by=an, **ACT)
    assert kinds("su") == {"audit_admin"} and journal.of("person:su") == ["administrator.appointed"]
    assert offices.actor("su").has("audit_admin")
    actions.relieve(duty="audit_admin", person="su", by=an, **ACT)
    actions.relieve(duty="audit_admin", person="su", by=an, **ACT)
    assert kinds("su") == set() and journal.of("person:su") == ["administrator.appointed", "administrator.relieved"]


def test_nobody_becomes_two_of_them_and_nobody_appoints_themselves(offices):
    an = offices.actor("an")
    with pytest.raises(Refused, match=r"方敏就既是系统管理员又是审计管理员"):
        actions.appoint(duty="audit_admin", person="min", by=an, **ACT)
    with pytest.raises(NotYours, match="自己不能任命自己"):
        actions.appoint(duty="system_admin", person="an", by=an, **ACT)
    for duty, person, why in (("desk", "su", "选系统管理员"), ("audit_admin", "nobody", "名单里没有nobody")):
        with pytest.raises(Refused, match=why):
            actions.appoint(duty=duty, person=person, by=an, **ACT)
    assert kinds("min") == {"system_admin"} and kinds("an") == {"security_admin"}


def test_the_last_of_a_kind_stays(offices):
    with pytest.raises(Refused, match="至少要有一位"):
        actions.relieve(duty="security_admin", person="an", by=offices.actor("an"), **ACT)
    actions.relieve(duty="system_admin", person="hong", by=offices.actor("an"), **ACT)
    with pytest.raises(Refused, match="至少要有一位"):
        actions.relieve(duty="system_admin", person="min", by=offices.actor("an"), **ACT)


def test_two_at_once_leave_one(offices, race):
    pair = [lambda who=who: actions.relieve(duty="system_admin", person=who, by=offices.actor("an"), **ACT) for who in ("min", "hong")]
    assert sorted(finish.ok for finish in race(*pair)) == [False, True]


def test_a_closed_account_signs_in_no_more_and_opens_again(offices, journal):
    an, number = offices.actor("an"), offices.account("chen")
    with pytest.raises(NotYours, match="自己"):
        actions.switch_account(username="an", active=False, by=an, **ACT)
    with pytest.raises(NotFound):
        actions.switch_account(username="zhou", active=False, by=an, **ACT)
    for _ in range(2):
        actions.switch_account(username="chen", active=False, by=an, **ACT)
    assert people.actor(number, at=monday_nine) == ANYONE
    actions.switch_account(username="chen", active=True, by=an, **ACT)
    assert people.actor(number, at=monday_nine).is_staff
    assert journal.of(f"account:{number}") == ["account.switched", "account.switched"]
    for stranger in ("min", "shen", "liang"):
        with pytest.raises(NotYours):
            actions.switch_account(username="chen", active=False, by=offices.actor(stranger), **ACT)
        with pytest.raises(NotYours):
            actions.give_password(username="chen", by=offices.actor(stranger), **ACT)


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_the_pages_of_the_security_administrator(offices, signed_in):
    page = signed_in("an")
    three = text(page.get("/desk/administrators?q=苏敏仪"))
    assert all(name in three for name in ("方敏", "洪波", "安静", "沈计")) and "任命" in three
    told = text(page.post("/desk/administrators/appointments?q=方敏", {"duty": "audit_admin", "person": "min"}), 400)
    assert "三个人担任" in told
    assert page.post("/desk/administrators/appointments", {"duty": "audit_admin", "person": "su"}).status_code == 302
    assert "至少要有一位" in text(page.post("/desk/administrators/relief", {"duty": "security_admin", "person": "an"}), 409)
    assert "苏敏仪" in text(page.get("/desk/accounts?q=su")) and "没有这样的账号" in text(page.get("/desk/accounts?q=nobody"))
    answer = page.post("/desk/accounts/chen/password")
    assert "只显示这一次" in text(answer) and answer["Cache-Control"] == "no-store"
    assert page.post("/desk/accounts/chen/switch").status_code == 302 and "停用" in text(page.get("/desk/accounts?q=chen"))
    assert "chen,chen,陈志明" in text(page.get("/desk/accounts.csv?q=chen"))
    assert page.get("/desk/journal").status_code == 403 and page.get("/desk/map/areas/ry-g1").status_code == 403


def test_the_audit_administrator_reads_what_was_done_and_changes_nothing(offices, signed_in):
    signed_in("an").post("/desk/accounts/chen/switch")
    page = signed_in("shen")
    every = text(page.get("/desk/journal"))
    assert "停用或启用账号</b>，安静" in every and "改了岗位或班表" in every
    narrowed = text(page.get("/desk/journal?group=accounts"))
    assert "停用或启用账号" in narrowed and "改了岗位或班表" not in narrowed
    assert "这段时间里没有" in text(page.get("/desk/journal?until=2020-01-01"))
    assert "account.switched" in text(page.get("/desk/journal.csv?group=accounts"))
    assert page.get("/desk/journal?since=soon").status_code == 400
    for path in ("/desk/accounts", "/desk/accounts.csv"):
        assert page.get(path).status_code == 403
    assert page.post("/desk/accounts/chen/switch").status_code == 403
    assert page.post("/desk/administrators/appointments", {"duty": "audit_admin", "person": "su"}).status_code == 403
    assert "任命一位" not in text(page.get("/desk/administrators"))


def test_the_journal_is_paged_from_the_newest(offices, signed_in):
    an = offices.actor("an")
    for number in range(60):
        actions.switch_account(username="chen", active=bool(number % 2), by=an, **ACT)
    page = signed_in("shen")
    first = text(page.get("/desk/journal?group=accounts"))
    assert first.count("停用或启用账号") == 50 and "更早的" in first
    before = first.split("before=")[1].split('"')[0]
    older = text(page.get(f"/desk/journal?group=accounts&before={before}"))
    assert older.count("停用或启用账号") == 10 and "回到最新" in older


def test_others_are_kept_out(offices, signed_in, client):
    for who in ("chen", "liang", "zheng"):
        visitor = signed_in(who)
        assert visitor.get("/desk/accounts").status_code == 403 and visitor.get("/desk/journal").status_code == 403
    assert client.get("/desk/administrators").status_code == 302
