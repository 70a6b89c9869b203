"""The pages of answers, asked for as a browser does: find, read, say that it did not help; write, publish, look again, retire."""

import re

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.answers import actions, queries
from siqian.spine.matters import actions as matters_actions, queries as matters
from siqian.testing import monday_nine

from .written import PERMIT, draft, live, write

ASKED = "想办居住证，要带什么材料"


@pytest.fixture
def at_nine(monkeypatch):
    from siqian.kernel import clock

    with clock.stopped_at(monday_nine):
        yield


pytestmark = pytest.mark.usefixtures("at_nine")


def text_of(answer) -> str:
    return answer.content.decode()


def missed(answer: int) -> list[tuple[int, int]]:
    return [(count, told) for _, count, told in queries.view(answer, seen_by=OFFICE, at=monday_nine).missed]


def number_of(where: str) -> str:
    return where.rsplit("/", 1)[1]


def test_before_it_is_sent_a_question_is_answered(client, town):
    answer = live(town)
    page = client.post("/report", {"text": ASKED, "building": town.building("松涛苑3栋"), "once": "ASK1"})
    assert page.status_code == 200 and PERMIT in text_of(page) and "这个没帮上，交给人来答" in text_of(page)
    assert matters.census(seen_by=OFFICE)["事"] == 0
    helped = client.post("/report", {"text": ASKED, "once": "ASK1", "helped": str(answer)})
    assert helped["Location"] == f"/answers/{answer}" and "没有交出去" in text_of(client.get(helped["Location"]))
    assert matters.census(seen_by=OFFICE)["事"] == 0 and missed(answer) == []


def test_what_did_not_help_becomes_a_matter_and_is_counted_once(client, town):
    answer = live(town)
    sent = {"text": ASKED, "building": town.building("松涛苑3栋"), "once": "ASK2", "answers": "seen", "unhelped": f"{answer},999"}
    where = [client.post("/report", sent)["Location"] for _ in range(2)]
    assert where[0] == where[1] and where[0].startswith("/matters/")
    view = matters.seen(number_of(where[0]), seen_by=OFFICE, at=monday_nine)
    assert view.line.kind == "consult" and missed(answer) == [(1, 1)]


def test_that_it_did_not_help_is_not_forgotten_while_a_neighbours_matter_is_offered(client, town):
    answer = live(town)
    building = town.building("松涛苑3栋")
    client.post("/report", {"text": ASKED, "building": building, "answers": "seen", "once": "N1"})
    sent = {"text": "居住证在社区能办吗，要什么材料", "building": building, "answers": "seen", "once": "N2"}
    asked = text_of(client.post("/report", sent | {"unhelped": str(answer)}))
    assert "是不是这件事" in asked and f'name="unhelped" value="{answer}"' in asked
    assert client.post("/report", sent | {"unhelped": str(answer), "apart": "1"}).status_code == 302
    assert missed(answer) == [(1, 1)]


def test_whoever_saw_the_answers_and_sends_all_the_same_is_not_asked_again(client, town):
    answer = live(town)
    sent = {"text": ASKED, "building": town.building("松涛苑3栋"), "answers": "seen"}
    assert client.post("/report", sent).status_code == 302 and missed(answer) == []


def test_neither_a_complaint_nor_danger_is_held_up(client, town):
    live(town, question="燃气泄漏了怎么办", text="关阀门，开窗，不要开关电器，到屋外打119。", item="7.3.1", unit="gas")
    live(town, question="楼道灯坏了找谁修", text="找物业，写清楚哪一栋哪一层。", item="2.2.2", unit="property")
    for text in ("厨房燃气泄漏味道很大，怎么办", "3栋楼道灯坏了，有没有人管"):
        answer = client.post("/report", {"text": text, "building": town.building("松涛苑3栋")})
        assert answer.status_code == 302, text


def test_the_page_hears_along_and_shows_answers_while_one_types(client, town):
    live(town)
    part = text_of(client.post("/report/hearing", {"text": ASKED, "building": town.building("松涛苑3栋")}))
    assert PERMIT in part and 'name="answers"' in part and "帮上了，不用交" in part


def test_from_an_answer_that_does_not_help_one_goes_on_to_a_person_and_meets_it_no_more(client, town):
    answer = live(town)
    on = client.post(f"/answers/{answer}/misses")
    client.post(f"/answers/{answer}/misses")
    assert on["Location"].startswith("/report?text=") and missed(answer) == [(1, 0)]
    assert "没帮上，记下了" in text_of(client.get(f"/answers/{answer}"))
    assert client.post("/report", {"text": ASKED, "building": town.building("松涛苑3栋")}).status_code == 302


def test_search_first_then_topics_and_where_nothing_is_found_a_person(client, town):
    live(town)
    write(town, question="还没发布的问题，居住证")
    page = text_of(client.get("/answers"))
    assert page.index('id="q"') < page.index("topic=15") and PERMIT in page and "还没发布" not in page
    assert PERMIT in text_of(client.get("/answers", {"q": "居住证"})) and PERMIT in text_of(client.get("/answers", {"topic": "15"}))
    nothing = text_of(client.get("/answers", {"q": "外星人"}))
    assert "没有找到" in nothing and "/report?text=%E5%A4%96%E6%98%9F%E4%BA%BA" in nothing
    assert client.get("/answers", {"page": "99999999"}).status_code == 200 and client.get("/answers/99").status_code == 404


def test_an_answer_says_who_stands_for_it_and_when_it_was_looked_at(client, town):
    page = text_of(client.get(f"/answers/{live(town)}"))
    assert "派出所" in page and "榕荫社区" in page and "今天" in page and "12月1日" in page


def test_one_writes_another_publishes_and_a_resident_finds_it(signed_in, client, town):
    writer, second = signed_in("ruolan"), signed_in("xiujuan")
    form = {
        "question": "垃圾几点收",
        "text": "早上七点和晚上七点，各收一次。",
        "item": "1.1.2 垃圾桶满溢",
        "unit": "st-clean",
        "path": town.area("ry").path,
    }
    faulty = writer.post("/desk/answers/new", form | {"review": ""})
    assert faulty.status_code == 400 and "各收一次" in text_of(faulty) and "复核日写明天以后" in text_of(faulty)
    where = writer.post("/desk/answers/new", form | {"review": "2026-12-01", "once": "FORMFORM"})["Location"]
    assert "换一位来看过再发" in text_of(writer.get(where)) and client.get(where.removeprefix("/desk")).status_code == 404
    assert "发布" in text_of(second.get(where)) and "等第二个人" in text_of(second.get("/desk/answers?show=waiting"))
    assert second.post(f"{where}/publication", {"version": "1"}).status_code == 302
    assert "垃圾几点收" in text_of(client.get("/answers?q=垃圾几点收"))


def test_the_next_version_shows_what_it_changes(signed_in, town):
    answer = live(town)
    writer = signed_in("ruolan")
    filled = text_of(writer.get(f"/desk/answers/{answer}/next"))
    hidden = dict(re.findall(r'<input type="hidden" name="(once|seen|path)" value="([^"]*)"', filled))
    assert PERMIT in filled and hidden["seen"] == "1"
    sent = hidden | {
        "question": PERMIT,
        "text": "带身份证到派出所，七天发证。",
        "item": "15.4.2",
        "unit": "police-post",
        "review": "2026-12-01",
    }
    where = writer.post(f"/desk/answers/{answer}/next", sent)["Location"]
    page = text_of(writer.get(where))
    assert "<del>" in page and "<ins>" in page and "新一版等发布" in page
    stale = writer.post(f"/desk/answers/{answer}/next", sent | {"once": "OTHEROTHER"})
    assert stale.status_code == 409 and "又有人改了一版" in text_of(stale) and "七天发证" in text_of(stale)


def test_looking_again_and_taking_away_are_done_on_the_page(signed_in, client, town):
    answer = live(town)
    desk = signed_in("ruolan")
    desk.post(f"/desk/answers/{answer}/reviews", {"review": "2027-06-01", "note": ""})
    assert queries.shown(answer).review.isoformat() == "2027-06-01" and "复核了第1版" in text_of(desk.get(f"/desk/answers/{answer}"))
    assert desk.post(f"/desk/answers/{answer}/retirement", {"note": ""}).status_code == 400
    desk.post(f"/desk/answers/{answer}/retirement", {"note": "规定改了"})
    assert client.get(f"/answers/{answer}").status_code == 404 and PERMIT in text_of(desk.get("/desk/answers?show=retired"))


def test_the_answer_of_a_settled_question_is_proposed_from_its_page(signed_in, town):
    told = intake.take(message=Message(text=ASKED, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine)
    chen = town.actor("chen")
    matters_actions.accept(matter=told.matter, by=chen, at=monday_nine)
    matters_actions.contact(matter=told.matter, how="phone", text="说清楚了要带什么", by=chen, at=monday_nine)
    matters_actions.close(matter=told.matter, text="带身份证和租赁合同到派出所，十五天发证。", by=chen, at=monday_nine)
    keeper = signed_in("chen")
    page = text_of(keeper.get(f"/desk/matters/{told.number}"))
    form = page[page.index('action="/desk/answers/new"') :]
    sent = dict(re.findall(r'<input type="hidden" name="(copied|question|text|item)" value="([^"]*)"', form))
    filled = text_of(keeper.post("/desk/answers/new", sent))
    assert "十五天发证" in filled and "去掉人名" in filled and "15.4.2 身份证居住证" in filled
    assert queries.lines(seen_by=OFFICE, at=monday_nine) == [], "copying writes nothing"


def test_what_is_due_stands_on_the_to_do_page_with_a_way_to_it(signed_in, town):
    answer = live(town, review=monday_nine.date().replace(day=20))
    actions.remind(answer=answer, by=OFFICE, at=monday_nine)
    page = text_of(signed_in("ruolan").get("/desk"))
    assert f'href="/desk/answers/{answer}"' in page and "看看说的还对不对" in page
    assert f'href="/desk/answers/{answer}"' in text_of(signed_in("ruolan").get("/notices"))


def test_programs_meet_the_same_answers(client, town):
    answer = live(town, question_en="How do I get a residence permit", text_en="Bring your identity card to the police station.")
    assert [row["id"] for row in client.get("/api/answers", {"q": ASKED}).json()] == [answer]
    assert client.get("/api/answers", {"q": "residence permit"}).json()[0]["text_en"].startswith("Bring")
    assert client.get("/api/answers", {"topic": "4"}).json() == []
    for code in (201, 200):
        sent = client.post(f"/api/answers/{answer}/misses", {"once": "program-1"}, content_type="application/json")
        assert sent.status_code == code
    told = {"text": ASKED, "building": town.building("松涛苑3栋"), "external": "m1", "unhelped": [answer]}
    for code in (201, 200):
        assert client.post("/api/intake/web", told, content_type="application/json").status_code == code
    assert missed(answer) == [(2, 1)]


def test_english_pages_show_english_where_it_was_written(client, town):
    answer = live(town, question_en="How do I get a residence permit", text_en="Bring your identity card to the police station.")
    plain = live(town, question="只有中文的问题", text="只有中文的答案，没有别的。")
    client.cookies["django_language"] = "en"
    assert "Bring your identity card" in text_of(client.get(f"/answers/{answer}")) and "只有中文的答案" in text_of(
        client.get(f"/answers/{plain}")
    )


def test_who_may_not_is_told_so_on_the_page(signed_in, town):
    answer = live(town)
    keeper = signed_in("chen")
    page = text_of(keeper.get(f"/desk/answers/{answer}"))
    assert f"/desk/answers/{answer}/next" not in page and f"/desk/answers/{answer}/retirement" not in page
    assert keeper.post(f"/desk/answers/{answer}/retirement", {"note": "不归我"}).status_code == 403
    form = {"question": PERMIT, "text": draft().text, "item": "15.4.2", "unit": "police-post", "path": "/rj/", "review": "2026-12-01"}
    assert "请另一位看过再发布" in text_of(keeper.post("/desk/answers/new", form, follow=True)), "but propose one"
