"""A matter's steps on paper: what comes by itself, what somebody signs, who sees it, what becomes of it when the matter goes on."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries
from siqian.kernel.permits import ANYONE, OFFICE, Actor, BadInput, Fence, NotFound, NotYours
from siqian.spine.matters import actions, papering, queries
from siqian.spine.matters.rules.course import Ask
from siqian.testing import monday_nine
from siqian.trades.papers import actions as papers, queries as shelf
from siqian.trades.papers.rules import moment

LAMP = "3栋东边楼梯2楼的灯坏了"
CONFIDED = "投诉物业乱收费，3栋停车费多收了两百，别说是我说的"


def at(hours: float):
    return monday_nine + timedelta(hours=hours)


def tell(town, text=LAMP, when=0.0) -> int:
    """The building is the one that the text begins with, or else the third."""
    building = f"松涛苑{text[0]}栋" if text[0].isdigit() else "松涛苑3栋"
    return intake.take(message=Message(text=text, channel="web", building=town.building(building)), by=ANYONE, at=at(when)).matter


def teller(matter: int) -> Actor:
    return Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def work(when: float) -> None:
    """The worker does what waits, as it does every second."""
    deliveries.work(at=at(when))
    assert deliveries.standing().dead == 0 and deliveries.standing().due == 0


def accepted(town, text=LAMP) -> int:
    matter = tell(town, text)
    actions.accept(matter=matter, by=town.actor("chen"), at=at(0.1))
    work(0.1)
    return matter


def in_hand(town, text=LAMP) -> int:
    matter = accepted(town, text)
    actions.contact(matter=matter, how="phone", text="下午来看", by=town.actor("chen"), at=at(0.2))
    work(0.2)
    return matter


def kinds_of(matter: int, seen_by: Actor = OFFICE) -> list[str]:
    return [line.kind for line in reversed(papering.about(matter, seen_by=seen_by))]


def newest(matter: int, seen_by: Actor = OFFICE) -> shelf.PaperView:
    return shelf.one(papering.about(matter, seen_by=seen_by)[0].id, seen_by=seen_by)


def text_of(matter: int) -> str:
    return "\n".join(newest(matter).face["text"])


def test_what_is_accepted_is_so_on_paper_with_both_due_times_and_its_teller_downloads_it(town):
    matter = accepted(town)
    view = newest(matter, seen_by=teller(matter))
    said = "".join(view.face["text"])
    assert view.line.number == "〔2026〕榕荫社受字第1号" and view.face["to"] == f"编号{queries.number_of(matter)}一事的反映人："
    assert "最晚在2026年7月13日9时30分前有人联系您" in said and "经办人为陈志明" in said and "松涛苑3栋" in said


def test_receiving_draws_up_no_paper_and_waits_for_none(town, journal):
    matter = tell(town)
    work(0.1)
    assert papering.about(matter, seen_by=OFFICE) == [] and journal.of(f"matter:{matter}") == ["matter.received"]


def test_a_question_is_answered_and_not_taken_up_on_paper(town):
    matter = in_hand(town, "请问居住证怎么续签？")
    actions.close(matter=matter, text="带身份证到社区窗口，十分钟就好", by=town.actor("chen"), at=at(1))
    work(1)
    assert kinds_of(matter) == []


def test_told_twice_is_one_paper(town):
    matter = accepted(town)
    from siqian.spine.matters.events import MatterAccepted

    papering.hear(MatterAccepted(f"matter:{matter}", "x"), by=OFFICE, at=at(1))
    assert kinds_of(matter) == ["acceptance"]


def test_done_again_is_accepted_again_on_another_paper(town):
    matter = in_hand(town)
    actions.close(matter=matter, text="换了新灯座", by=town.actor("chen"), at=at(1))
    actions.rate(matter=matter, good=False, words="还是不亮", by=teller(matter), at=at(2))
    work(2)
    owner = town.actor(queries.seen(queries.number_of(matter), seen_by=OFFICE, at=at(2)).keeper.person, at(2))
    actions.accept(matter=matter, by=owner, at=at(2.1))
    work(2.1)
    assert kinds_of(matter) == ["acceptance", "completion", "acceptance"]
    assert [line.number[-3:] for line in papering.about(matter, seen_by=OFFICE) if line.kind == "acceptance"] == ["第2号", "第1号"]


def test_an_extension_bears_the_name_of_whoever_ruled(town):
    matter = in_hand(town)
    actions.ask(matter=matter, ask=Ask("extension", "厂家后天才能来人", amount=8), by=town.actor("chen"), at=at(1))
    work(1)
    assert kinds_of(matter) == ["acceptance"]
    actions.rule(matter=matter, granted=True, ruling="情况属实，同意", by=town.desk("ry"), at=at(2))
    work(2)
    view = newest(matter)
    assert view.line.kind == "extension" and view.line.signatory == town.desk("ry").name
    assert "厂家后天才能来人" in text_of(matter) and "新的办结时间" in text_of(matter)


def test_a_denied_extension_is_no_paper(town):
    matter = in_hand(town)
    actions.ask(matter=matter, ask=Ask("extension", "厂家后天才能来人", amount=8), by=town.actor("chen"), at=at(1))
    actions.rule(matter=matter, granted=False, ruling="人手够，按时办", by=town.desk("ry"), at=at(2))
    work(2)
    assert kinds_of(matter) == ["acceptance"]


def test_a_refusal_names_the_law_the_door_and_the_appeal(town):
    matter = tell(town, "我不服法院的判决，3栋楼梯的官司判错了，你们要给个说法")
    actions.ask(matter=matter, ask=Ask("refuse", "判决已经生效，不能由我们改", clause="court"), by=town.actor("chen"), at=at(0.5))
    actions.rule(matter=matter, granted=True, ruling="看过判决书，属实", by=town.desk("st"), at=at(1))
    work(1)
    face = newest(matter, seen_by=teller(matter)).face
    assert face["number"] == "〔2026〕榕荫街不受字第1号" and face["signed"] == f"签发人：{town.desk('st').name}"
    assert "民事诉讼法" in face["basis"] and "人民法院" in face["remedy"][0] and "15日内可以申诉" in face["remedy"][1]
    actions.appeal(matter=matter, text="门牌是这边的，怎么不管", by=teller(matter), at=at(3))
    actions.rule(matter=matter, granted=False, ruling="调来案卷看过", by=town.actor("liang"), at=at(4))
    work(4)
    assert kinds_of(matter, teller(matter)) == ["refusal", "appeal-ruling"] and "维持不予受理" in text_of(matter)


def test_hold_stage_answer_and_ledger_go_on_paper(town):
    held, staged, shelved = (in_hand(town, text) for text in (LAMP, "3栋电梯坏了困人", "3栋路面塌了个坑"))
    actions.hold(matter=held, why="third", text="新件要订货，等厂家发来", by=town.actor("chen"), at=at(1))
    actions.stage(matter=staged, text="先围起来，订新件，到货就换", until=at(72), by=town.actor("chen"), at=at(1))
    actions.ask(matter=shelved, ask=Ask("ledger", "要挖路，等雨季过了一起做", until=at(600)), by=town.actor("chen"), at=at(1))
    actions.rule(matter=shelved, granted=True, ruling="客观上办不了，同意", by=town.desk("st"), at=at(2))
    work(2)
    assert [kinds_of(matter)[-1] for matter in (held, staged, shelved)] == ["suspension", "stage-reply", "ledger"]
    assert "眼下要等第三方" in text_of(held) and "2026年7月16日9时00分前办好" in text_of(staged) and "2026年8月7日" in text_of(shelved)


def test_what_was_confided_ends_with_a_reply_that_somebody_else_signs(town):
    matter = in_hand(town, CONFIDED)
    actions.close(matter=matter, text="核对账单，多收的两百元已退", by=town.actor("chen"), at=at(2))
    work(2)
    assert kinds_of(matter, teller(matter)) == ["acceptance"]
    draft = newest(matter)
    assert (draft.line.kind, draft.line.state) == ("reply", "draft")
    with pytest.raises(NotYours):
        papers.sign(paper=draft.line.id, by=town.actor("chen"), at=at(3))
    papers.sign(paper=draft.line.id, by=town.desk("st"), at=at(3))
    assert "多收的两百元已退" in "".join(newest(matter, seen_by=teller(matter)).face["text"])


def test_a_draft_falls_when_the_matter_is_done_again(town):
    matter = in_hand(town, CONFIDED)
    actions.close(matter=matter, text="核对账单，没有多收", by=town.actor("chen"), at=at(2))
    work(2)
    draft = newest(matter).line
    actions.rate(matter=matter, good=False, words="账单不对", by=teller(matter), at=at(3))
    work(3)
    assert shelf.one(draft.id, seen_by=OFFICE).line.state == "dropped" and kinds_of(matter) == ["acceptance"]


def test_a_withdrawal_is_confirmed_and_colleagues_alone_read_checks_and_calls(town):
    matter = accepted(town)
    actions.withdraw(matter=matter, by=teller(matter), at=at(1))
    work(1)
    assert kinds_of(matter, teller(matter)) == ["acceptance", "withdrawal"]
    done = in_hand(town, "5栋楼道灯不亮")
    actions.close(matter=done, text="换了新灯座，晚上亮了", by=town.actor("chen"), at=at(2))
    actions.call_back(matter=done, reached=True, solved=True, satisfied=True, words="说可以了", by=town.desk("st"), at=at(30))
    work(30)
    assert kinds_of(done) == ["acceptance", "completion", "call-back"] and kinds_of(done, teller(done)) == ["acceptance", "completion"]


def test_a_supervision_order_says_what_the_higher_desk_decided(town):
    matter = in_hand(town)
    for times in (1, 2):
        keeper = town.actor("chen") if times == 1 else _owner(town, matter, at(4 * times))
        if times == 2:
            actions.contact(matter=matter, how="phone", text="再来看一次", by=keeper, at=at(7.5))
        actions.close(matter=matter, text="换了新灯座", by=keeper, at=at(4 * times))
        actions.rate(matter=matter, good=False, words="没人来过", by=teller(matter), at=at(4 * times + 1))
    actions.supervise(matter=matter, text="由街道牵头，三天内办结", by=town.desk("st", at(10)), at=at(10))
    work(10)
    view = newest(matter)
    assert view.line.kind == "supervision" and view.face["red"] and "由街道牵头，三天内办结" in text_of(matter)
    with pytest.raises(NotFound):
        shelf.one(view.line.id, seen_by=teller(matter))


def test_by_hand_one_drafts_and_another_signs_and_what_comes_by_itself_is_not_drafted(town):
    matter = in_hand(town)
    words = {"to_unit": "松涛苑物业服务中心", "meeting": "7月14日上午九点，3栋大堂", "order": "派电工到场"}
    draft = papering.draw_up(matter=matter, kind="summons", values=words, by=town.desk("st"), at=at(1))
    assert papering.draw_up(matter=matter, kind="summons", values=words, by=town.desk("st"), at=at(1.1)) == draft
    with pytest.raises(BadInput, match="自己出"):
        papering.draw_up(matter=matter, kind="acceptance", values={}, by=town.desk("st"), at=at(1))
    with pytest.raises(BadInput, match="没填"):
        papering.draw_up(matter=matter, kind="summons", values=words | {"order": ""}, by=town.desk("st"), at=at(1))
    with pytest.raises(NotYours):
        papering.draw_up(matter=matter, kind="summons", values=words, by=town.desk("mm"), at=at(1))
    assert papers.sign(paper=draft, by=town.actor("liang"), at=at(2)) == "〔2026〕榕荫街联字第1号"
    assert "东边楼梯" not in "".join(newest(matter).face["text"])


def test_what_was_dropped_can_be_drafted_again_in_the_same_words(town):
    matter = in_hand(town)
    words = {"to_unit": "松涛苑物业服务中心", "meeting": "7月14日上午九点，3栋大堂", "order": "派电工到场"}
    drafts = []
    for hour in (1, 2):
        drafts.append(papering.draw_up(matter=matter, kind="summons", values=words, by=town.desk("st"), at=at(hour)))
        papers.drop(paper=drafts[-1], why="改日再约", by=town.desk("st"), at=at(hour + 0.5))
    assert len(set(drafts)) == 2 and kinds_of(matter) == ["acceptance"]


def test_a_summons_outlives_a_reopening_and_a_year_is_bound_only_of_what_is_over(town):
    matter = in_hand(town)
    words = {"to_unit": "松涛苑物业服务中心", "meeting": "7月14日上午九点，3栋大堂", "order": "派电工到场"}
    papering.draw_up(matter=matter, kind="summons", values=words, by=town.desk("st"), at=at(0.5))
    actions.close(matter=matter, text="换了新灯座", by=town.actor("chen"), at=at(1))
    actions.rate(matter=matter, good=True, by=teller(matter), at=at(2))
    work(2)
    year = monday_nine.replace(year=2027)
    assert [(due.ready, due.open) for due in shelf.unfiled("/rj/", seen_by=OFFICE, at=year)] == [(2, 0)]
    other = in_hand(town, "5栋楼道灯不亮")
    actions.close(matter=other, text="换了新灯座", by=town.actor("chen"), at=at(3))
    actions.rate(matter=other, good=False, words="还是不亮", by=teller(other), at=at(4))
    work(4)
    assert [(due.ready, due.open) for due in shelf.unfiled("/rj/", seen_by=OFFICE, at=year)] == [(2, 2)]
    again = in_hand(town, CONFIDED)
    papering.draw_up(matter=again, kind="summons", values=words, by=town.desk("st"), at=at(4.5))
    actions.close(matter=again, text="核对账单，没有多收", by=town.actor("chen"), at=at(5))
    actions.rate(matter=again, good=False, words="账单不对", by=teller(again), at=at(6))
    work(6)
    assert kinds_of(again) == ["acceptance", "summons"]


def test_papers_follow_a_matter_to_its_right_place(town):
    matter = accepted(town)
    actions.assign(matter=matter, building=town.building("木棉苑2栋"), by=town.actor("liang"), at=at(1))
    work(1)
    assert kinds_of(matter, town.desk("mm")) == ["acceptance"] and kinds_of(matter, town.desk("ry")) == []


def test_no_paper_bears_what_was_told_in_confidence_or_who_told_it(town):
    who = "王小明"
    told = Message(text=CONFIDED, channel="web", building=town.building("松涛苑3栋"), name=who, phone="13800138000")
    matter = intake.take(message=told, by=ANYONE, at=at(0)).matter
    actions.accept(matter=matter, by=town.actor("chen"), at=at(0.1))
    actions.contact(matter=matter, how="phone", text="下午来看", by=town.actor("chen"), at=at(0.2))
    actions.close(matter=matter, text="核对账单，多收的两百元已退", by=town.actor("chen"), at=at(2))
    work(2)
    assert kinds_of(matter) == ["acceptance", "reply"]
    for line in papering.about(matter, seen_by=OFFICE):
        face = str(shelf.one(line.id, seen_by=OFFICE).face)
        assert who not in face and "138" not in face and "别说是我" not in face and "多收了" not in face


def _owner(town, matter: int, when) -> Actor:
    view = queries.seen(queries.number_of(matter), seen_by=OFFICE, at=when)
    assert view.keeper is not None
    return town.actor(view.keeper.person, when)


def test_another_unit_is_told_to_the_teller_with_the_reason_and_the_old_due_time(town):
    matter = tell(town)
    ask = Ask("return", "路灯归市政，不是我们的事", unit="urban", clause="3.3.1 市政路灯")
    actions.ask(matter=matter, ask=ask, by=town.actor("chen"), at=at(0.1))
    actions.rule(matter=matter, granted=True, ruling="路灯归市政，照清单3.3.1", by=town.desk("st"), at=at(1))
    work(1)
    assert kinds_of(matter, teller(matter)) == ["transfer"]
    said = text_of(matter)
    assert "改由区城市管理和综合执法局主办" in said and "路灯归市政，照清单3.3.1" in said and "陈志明的岗位" in said
    settle = queries.seen(queries.number_of(matter), seen_by=OFFICE, at=at(1)).settle
    assert settle is not None and moment(settle.due) in said


def test_a_petition_ends_with_an_opinion_that_says_where_it_is_reviewed(town):
    matter = in_hand(town, "联名信访：3栋楼梯灯坏了三年没人管，上访几次了")
    actions.close(matter=matter, text="楼梯灯全部换过，物业每周巡查", by=town.actor("chen"), at=at(2))
    work(2)
    draft = newest(matter)
    assert (draft.line.kind, draft.line.state) == ("opinion", "draft")
    papers.revise(paper=draft.line.id, values={"opinion": "灯已换好，对拖延致歉"}, by=town.desk("ry"), at=at(3))
    papers.sign(paper=draft.line.id, by=town.desk("st"), at=at(3))
    face = newest(matter, seen_by=teller(matter)).face
    assert face["title"] == "信访处理意见书" and "对拖延致歉" in face["text"][-1] and "信访工作条例" in face["basis"]
    assert "30日内" in face["remedy"][0] and "复查" in face["remedy"][0]


def test_a_check_on_the_spot_is_recorded_in_the_name_of_whoever_looked(town):
    matter = in_hand(town, "4栋外墙瓷砖松了一块，下面是小孩走的路，怕掉下来")
    actions.close(matter=matter, text="瓷砖补好了，敲过", by=town.actor("chen"), at=at(2))
    actions.check(matter=matter, passed=False, text="还有一块是松的", by=town.desk("ry"), at=at(3))
    work(3)
    view = newest(matter)
    assert view.line.kind == "check" and view.line.signatory == town.desk("ry").name
    assert "没有办好，退回继续办理" in text_of(matter) and "还有一块是松的" in text_of(matter)
    assert "check" not in kinds_of(matter, teller(matter))
