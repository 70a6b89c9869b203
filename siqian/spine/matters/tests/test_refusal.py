"""Not everything is settled here: a door is shown, a second person refuses, whoever told may appeal, and a third rules."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, store
from siqian.kernel.permits import ANYONE, Actor, BadInput, Fence, NotYours, Refused
from siqian.spine.matters import actions, queries
from siqian.spine.matters.models import Matter, Request
from siqian.spine.matters.rules.course import Ask
from siqian.spine.matters.rules.measures import MEASURES
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

VERDICT = "我不服法院的判决，3栋楼梯的官司判错了，你们要给个说法"
WHY = "判决已经生效，不能由我们改"


def at(hours: float):
    return monday_nine + timedelta(hours=hours)


def tell(town, text=VERDICT, when=0.0) -> int:
    return intake.take(message=Message(text=text, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=at(when)).matter


def teller(matter: int) -> Actor:
    return Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def row_of(matter: int) -> Matter:
    with store.reading_all():
        return Matter.objects.get(id=matter)


def running(matter: int) -> list[str]:
    return [clock.what for clock in tasks.clocks(f"matter:{matter}") if clock.stopped is None]


def ask(town, matter, clause="court", who="chen", when=0.5):
    actions.ask(matter=matter, ask=Ask("refuse", WHY, clause=clause), by=town.actor(who), at=at(when))


def refuse(town, matter, when=1.0, granted=True):
    actions.rule(matter=matter, granted=granted, ruling="看过判决书，属实", by=town.desk("st"), at=at(when))


def refused(town) -> int:
    matter = tell(town)
    ask(town, matter)
    refuse(town, matter)
    return matter


def overrule(town, matter, granted, when=30.0, by="liang"):
    actions.rule(matter=matter, granted=granted, ruling="调来案卷看过", by=town.actor(by), at=at(when))


def test_a_refusal_stops_every_clock_and_tells_why_where_to_go_and_that_one_may_appeal(town, journal):
    matter = refused(town)
    assert row_of(matter).state == "refused" and running(matter) == []
    view = queries.seen(queries.number_of(matter), seen_by=teller(matter), at=at(2))
    said = next(step for step in view.steps if step.kind == "refused")
    assert said.text == WHY and remit.gates()[said.values["gate"]].door.startswith("向人民法院") and "appeal" in view.verbs
    assert journal.of(f"matter:{matter}")[-2:] == ["matter.refused", "request.ruled"] and queries.faults() == []


def test_until_it_is_ruled_the_owner_stays_responsible_and_the_clocks_run(town):
    matter = tell(town)
    ask(town, matter)
    assert row_of(matter).post == town.post("keeper", "ry-g2")
    assert {"respond", "settle", "rule"} <= set(running(matter))
    refuse(town, matter, granted=False)
    assert {"respond", "settle"} <= set(running(matter)) and "rule" not in running(matter) and queries.faults() == []


def test_nobody_refuses_alone_nor_does_a_community_nor_without_a_door(town):
    matter = tell(town)
    with pytest.raises(BadInput, match="哪一条"):
        ask(town, matter, clause="nowhere")
    actions.ask(matter=matter, ask=Ask("refuse", WHY, clause="court"), by=town.desk("st"), at=at(0.5))
    with pytest.raises(NotYours, match="别人来裁"):
        refuse(town, matter)
    with pytest.raises(NotYours, match="街道以上"):
        actions.rule(matter=matter, granted=True, ruling="看过，属实", by=town.desk("ry"), at=at(1))


def test_an_appeal_is_ruled_by_the_district_and_by_nobody_who_had_a_part(town):
    matter = refused(town)
    actions.appeal(matter=matter, text="说的是楼梯漏水，不是判决", by=teller(matter), at=at(24))
    assert row_of(matter).state == "appealed" and running(matter) == ["rule"]
    with pytest.raises(NotYours, match="由别人来裁"):
        actions.rule(matter=matter, granted=True, ruling="还是照旧", by=town.desk("st"), at=at(25))
    overrule(town, matter, granted=True)
    row = row_of(matter)
    assert row.state == "assigned" and row.person != "chen" and {"accept", "respond", "settle"} == set(running(matter))
    assert queries.faults() == []


def test_an_appeal_that_is_denied_is_the_end_and_says_so(town):
    matter = refused(town)
    actions.appeal(matter=matter, text="说的是楼梯漏水，不是判决", by=teller(matter), at=at(24))
    overrule(town, matter, granted=False)
    assert row_of(matter).state == "dismissed" and running(matter) == [] and queries.faults() == []
    with pytest.raises(Refused):
        actions.appeal(matter=matter, text="还是不服", by=teller(matter), at=at(40))


def test_a_double_click_appeals_once_and_after_fifteen_days_it_is_too_late(town):
    matter, late = refused(town), refused(town)
    first = actions.appeal(matter=matter, text="说的是楼梯漏水，不是判决", by=teller(matter), at=at(24))
    assert actions.appeal(matter=matter, text="说的是楼梯漏水，不是判决", by=teller(matter), at=at(24)) == first
    with store.reading_all():
        assert Request.objects.filter(matter=matter, kind="appeal").count() == 1
    with pytest.raises(Refused, match="15天"):
        actions.appeal(matter=late, text="刚看到", by=teller(late), at=at(24 * 15 + 2))


def test_a_neighbour_appeals_nothing(town):
    matter = refused(town)
    with pytest.raises(NotYours):
        actions.appeal(matter=matter, text="我也不服这个", by=Actor(ref="receipt:0"), at=at(2))


def test_what_is_refused_is_counted_and_its_promises_are_no_success(town):
    matter = refused(town)
    facts = queries.counted(monday_nine, monday_nine + timedelta(days=7))
    assert [fact.matter for fact in facts if MEASURES["refused"].hits(fact.marks)] == [matter]
    assert not any(MEASURES["settle"].counts(fact.marks) for fact in facts)


@pytest.mark.parametrize(
    ("text", "door"),
    [
        (VERDICT, "court"),
        ("法院判决下来半年了对方就是不给钱，找谁强制执行", "court"),
        ("判了不给钱，向法院申请强制执行要等多久", "court"),
        ("法院路边上的井盖没了，晚上很危险", ""),
        ("法院附近的路灯不亮，执行了三天也没修好", ""),
        ("劳动仲裁的裁决我不服", "arbitration"),
        ("村干部收好处费才给盖章", "discipline"),
        ("不服交警的行政处罚，要申请行政复议", "reconsideration"),
        ("我要申请公开这块地的拆迁补偿方案", "disclosure"),
        ("楼道灯坏了。上次的信访件还在复查", "petition"),
        ("同一件事信访正在办理，想催一下", "petition"),
        ("3栋楼梯灯坏了", ""),
        ("小区要公开维修基金的账", ""),
    ],
)
def test_doors_are_shown_by_what_is_said_and_not_by_a_street_of_that_name(text, door):
    assert [gate.code for gate in remit.doors(text)] == ([door] if door else [])


def test_whoever_tells_is_shown_the_door_and_may_tell_it_all_the_same(town, client):
    sent = {"text": VERDICT, "building": town.building("松涛苑3栋")}
    shown = client.post("/report/hearing", sent).content.decode()
    assert remit.gates()["court"].door in shown and "也可以照样在这里说" in shown
    assert row_of(tell(town)).state in ("assigned", "received")


def test_the_teller_appeals_on_the_page_and_the_district_rules_there(town, client, signed_in):
    told = intake.take(message=Message(text=VERDICT, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine)
    number, page = queries.number_of(told.matter), f"/desk/matters/{queries.number_of(told.matter)}"
    with clock.stopped_at(at(0.5)):
        assert "不予受理" in signed_in("chen").get(page).content.decode()
        signed_in("chen").post(f"{page}/requests", {"kind": "refuse", "clause": "court", "reason": WHY})
    refuse(town, told.matter)
    with clock.stopped_at(at(24)):
        client.post("/receipts", {"code": told.code})
        shown = client.get(f"/matters/{number}").content.decode()
        assert remit.gates()["court"].door in shown and "可以申诉一次" in shown
        # Clocks that stopped because of the refusal kept no promise.
        assert "已办结" not in shown and "已回应" not in shown
        client.post(f"/matters/{number}/appeal", {"text": "说的是楼梯漏水，不是判决"})
        assert "在等区里裁定申诉" in client.get(f"/matters/{number}").content.decode()
        ruling = signed_in("liang").get(f"/desk/rulings/{number}").content.decode()
        assert "说的是楼梯漏水" in ruling and remit.gates()["court"].zh in ruling
        signed_in("liang").post(f"{page}/ruling", {"granted": "yes", "ruling": "调来案卷看过"})
    assert row_of(told.matter).state == "assigned"


def test_a_gate_without_a_door_cannot_be_put_in_force(tmp_path):
    (tmp_path / "gate.yaml").write_text(
        "version: ours\neffective: 2026-01-01\nrows:\n"
        "  - {code: court, zh: 法院, en: Court, words: [法院], door: ' ', door_en: Court, law: 《民事诉讼法》}\n",
        "utf-8",
    )
    with pytest.raises(ValueError, match="该去哪里"):
        remit.check(overlay=tmp_path)
