"""A petition on the pages: staff see the step and its days, whoever petitioned asks the next one up, the list shows what is due first."""

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE
from siqian.spine.matters import actions, queries
from siqian.testing import monday_nine

from .test_petition import OPINION, RECHECKED, REVIEWED, TAKEN, WORDS, answered, day, petitioner, row_of, taken_up, tell, work


def test_the_whole_way_on_the_pages(town, client, signed_in):
    told = intake.take(message=Message(text=WORDS, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine)
    work(monday_nine)
    number = queries.number_of(told.matter)
    desk, mine = f"/desk/matters/{number}", f"/matters/{number}"
    with clock.stopped_at(day(0, 11)):
        actions.contact(matter=told.matter, how="phone", text="听他把三年的事说完", by=town.actor("chen"), at=day(0, 11))
        client.post("/receipts", {"code": told.code})
        assert "最晚2026-07-28书面告诉您" in client.get(mine).content.decode()
        page = signed_in("ruolan").get(desk).content.decode()
        assert "信访程序" in page and "最后一天2026-07-28" in page and "还有15天" in page and "受理，告知信访人" in page
        signed_in("ruolan").post(f"{desk}/petition/informing", {"taken": "yes", "text": TAKEN})
        assert "最晚2026-09-11给您处理意见" in client.get(mine).content.decode()
    with clock.stopped_at(day(2)):
        signed_in("ruolan").post(f"{desk}/petition/opinion", {"text": OPINION})
        shown = client.get(mine).content.decode()
        assert OPINION in shown and "2026-08-14" in shown and "好了没有？" not in shown
        client.post(f"{mine}/petition/review", {"text": "没说三年为什么"})
        assert "复查" in client.get(mine).content.decode() and row_of(told.matter).stage == "in_review"
    with clock.stopped_at(day(3)):
        assert "经手过" in signed_in("ruolan").get(desk).content.decode()
        signed_in("lifen").post(f"{desk}/petition/review-answer", {"text": REVIEWED})
        client.post(f"{mine}/petition/recheck", {"text": "还是没说三年为什么"})
        signed_in("liang").post(f"{desk}/petition/recheck-answer", {"text": RECHECKED})
        assert "已经终结" in client.get(mine).content.decode()


def test_the_list_shows_what_is_due_first_and_goes_out_as_a_file(town, signed_in):
    first, second = tell(town), taken_up(town)
    with clock.stopped_at(day(20)):
        page = signed_in("liang").get("/desk/petitions").content.decode()
        assert page.index(queries.number_of(first)) < page.index(queries.number_of(second)) and "已过5天" in page
        assert queries.number_of(first) not in signed_in("liang").get("/desk/petitions?stage=taken_up").content.decode()
        file = signed_in("liang").get("/desk/petitions/list.csv").content.decode("utf-8-sig")
        assert len(file.splitlines()) == 3 and "2026-07-28" in file
        assert queries.number_of(first) not in signed_in("caiyun").get("/desk/petitions").content.decode()
        assert signed_in("liang").get(f"/desk/petitions/{first}")["Location"].startswith(f"/desk/matters/{queries.number_of(first)}")


def test_a_longer_term_is_asked_and_approved_on_the_page(town, signed_in):
    matter = taken_up(town)
    desk = f"/desk/matters/{queries.number_of(matter)}"
    with clock.stopped_at(day(30)):
        signed_in("ruolan").post(f"{desk}/petition/prolonging", {"days": "10", "text": "要等鉴定"})
        assert "批延期" in signed_in("lifen").get(desk).content.decode()
        signed_in("lifen").post(f"{desk}/petition/approval", {"granted": "yes", "text": "情况复杂"})
        assert "已延10天" in signed_in("lifen").get(desk).content.decode()


def test_the_same_facts_again_are_shown_where_the_first_ones_stand(town, client, signed_in):
    told = intake.take(message=Message(text=WORDS, channel="web", building=town.building("松涛苑3栋")), by=ANYONE, at=monday_nine)
    work(monday_nine)
    client.post("/receipts", {"code": told.code})
    again = {"text": WORDS, "building": town.building("松涛苑3栋")}
    assert "您说过同样的事" in client.post("/report/hearing", again).content.decode()
    other = {"text": WORDS.replace("3栋", "4栋"), "building": town.building("松涛苑4栋")}
    assert "您说过同样的事" not in client.post("/report/hearing", other).content.decode()


def test_staff_see_that_the_same_person_told_the_same_before(town, signed_in):
    sent = Message(text=WORDS, channel="web", building=town.building("松涛苑3栋"), phone="13800002047")
    matters = [intake.take(message=sent, by=ANYONE, at=at).matter for at in (monday_nine, day(1))]
    work(day(1))
    with clock.stopped_at(day(1, 11)):
        page = signed_in("liang").get(f"/desk/matters/{queries.number_of(matters[1])}").content.decode()
        assert "同一个人说过同样的事" in page and queries.number_of(matters[0]) in page


def test_a_petition_goes_its_way_by_the_same_verbs_as_json(town, signed_in):
    matter = answered(town)
    number, liang = queries.number_of(matter), signed_in("liang")
    with clock.stopped_at(day(3)):
        found = liang.get(f"/api/matters/{number}/petition").json()
        assert found["stage"] == "opinion" and found["last"] == "2026-08-14"
        actions.ask_review(matter=matter, text="只换了灯", by=petitioner(matter), at=day(3))
        sent = liang.post(f"/api/matters/{number}/petition/review-answer", {"text": REVIEWED}, content_type="application/json")
        assert sent.status_code == 200 and row_of(matter).stage == "reviewed"
        assert [line["number"] for line in liang.get("/api/petitions").json()] == [number]
