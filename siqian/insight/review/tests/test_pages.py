"""The sheet as people meet it: drawn up, issued, opened figure by figure, taken along as a file, followed up on a to-do page."""

import csv
import html
import io
import json
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest

from siqian.insight.review import actions, jobs, queries
from siqian.kernel import clock, deliveries
from siqian.kernel.permits import OFFICE
from siqian.spine.matters.rules.measures import MEASURES
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs as tasks_jobs

from .weeks import AFTER, NEXT, WEEK, lamp, tell


@pytest.fixture
def visit(signed_in):
    """`visit("liang", "/review")` asks for a page a week later, or sends a form to it, and gives what it says."""

    def ask(who, path, at=NEXT, **form):
        visitor = signed_in(who)
        with clock.stopped_at(at):
            return visitor.post(path, form, follow=True) if form else visitor.get(path)

    return ask


def text(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_drawn_up_by_one_issued_by_another_read_by_a_keeper(town, visit):
    lamp(), tell("木棉苑7栋")
    assert "还没有制表" in text(visit("liang", "/review"))
    drawn = visit("liang", "/review/drafts", week=WEEK)
    assert "制好表了" in text(drawn) and "核对过了，签发" not in text(drawn), "whoever drew it up is offered no signature"
    assert "核对过了，签发" in text(visit("yongqing", f"/review/{WEEK}"))
    assert "石永清" in text(visit("yongqing", f"/review/{WEEK}/issue", version="1"))
    seen = visit("chen", f"/review/{WEEK}")
    assert "1/2" in text(seen) and "签发" in text(seen) and 'action="/review/' not in seen.content.decode()
    assert "已签发" in text(visit("chen", "/review"))


def test_a_stranger_is_asked_to_sign_in_and_a_resident_is_refused(town, client, visit):
    assert client.get("/review")["Location"].startswith("/sign-in?next=")
    assert client.get(f"/review/{WEEK}/sheet.csv").status_code == 302
    assert visit("zhou", "/review").status_code in (302, 403)


@pytest.mark.parametrize(
    "path", ["/review/2026-W99", "/review/x", f"/review/{WEEK}", f"/review/{WEEK}/behind?measure=respond", "/review/corrections/7"]
)
def test_what_is_not_there_is_said_in_a_sentence(town, visit, path):
    answer = visit("liang", path)
    assert answer.status_code == 404 and re.search("没有这|还没有制表", text(answer))


def test_a_wrong_figure_is_said_in_a_sentence(town, visit):
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    for asked in ("measure=happiness", "measure=respond&part=best", "measure=respond&by=person&key=chen"):
        assert visit("liang", f"/review/{WEEK}/behind?{asked}").status_code == 400
    assert visit("liang", f"/review/{WEEK}/behind?measure=respond&by=community&key=nowhere").status_code == 404


def test_a_week_without_a_word_says_so(town, visit):
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    assert "这一周没有人说过事" in text(visit("liang", f"/review/{WEEK}"))
    assert "一件也没有" in text(visit("liang", f"/review/{WEEK}/behind?measure=respond&part=rest"))


@pytest.mark.long
def test_every_number_on_the_sheet_opens_a_page_with_as_many_matters(town, visit):
    for turn, (building, answered, good) in enumerate((("松涛苑3栋", 10, True), ("松涛苑4栋", 50, False), ("木棉苑7栋", 10, None))):
        lamp(building, at=monday_nine + timedelta(hours=5 * turn), answered=answered, good=good)
    for week, at in ((WEEK, NEXT), ("2026-W30", AFTER)):
        actions.draft(week=week, by=OFFICE, at=at)
    opened = 0
    for week, by in ((WEEK, "community"), (WEEK, "unit"), (WEEK, "class"), ("2026-W30", "street")):
        page = visit("liang", f"/review/{week}?by={by}", at=AFTER).content.decode()
        for link in dict.fromkeys(re.findall(r'href="(/review/[^"]+/behind\?[^"]+)"', page)):
            behind = visit("liang", html.unescape(link), at=AFTER).content.decode()
            said = int(re.search(r"制表时数到(\d+)件", behind)[1])
            assert behind.count('class="what"') == said, link
            opened += said > 0
    assert opened > 40


def test_the_matters_behind_a_figure_are_those_of_whoever_looks(town, visit):
    lamp("木棉苑7栋")
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    path = f"/review/{WEEK}/behind?measure=volume&part=whole"
    assert "7栋" in text(visit("caiyun", path))
    assert "7栋" not in text(visit("ruolan", path)) and "不在您管的地方" in text(visit("ruolan", path))


def test_the_files_hold_every_figure_with_what_it_is_made_of(town, visit):
    lamp(), lamp("木棉苑7栋", answered=50)
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    view = queries.sheet(WEEK, seen_by=OFFICE)
    answer = visit("chen", f"/review/{WEEK}/sheet.csv")
    assert answer["Content-Type"].startswith("text/csv") and answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    district = {row[-1]: row for row in rows if row[0] == "全区"}
    assert set(district) == {*MEASURES, "median_contact", "median_settle"}
    for code, count in view.district["counts"].items():
        assert district[code][3:5] == ([str(number) for number in count] if count else ["不足5", ""])
    assert {row[1] for row in rows if row[0] == "社区"} == {"榕荫社区", "木棉社区"}
    excel = ZipFile(io.BytesIO(visit("chen", f"/review/{WEEK}/sheet.xlsx").content))
    assert len([name for name in excel.namelist() if "worksheets/sheet" in name]) == 6
    assert "榕荫社区" in excel.read("xl/sharedStrings.xml").decode()


def test_an_exclusion_is_asked_on_the_page_and_ruled_by_another(town, visit):
    odd = lamp(answered=300)
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    asked = visit("liang", f"/review/{WEEK}/exclusions", number=f"0713-{odd:04d}", reason="停电八小时，打不出电话")
    assert "等另一位来裁" in text(asked) and "裁定理由" not in asked.content.decode()
    ruled = visit("yongqing", "/review/exclusions/1/ruling", granted="yes", ruling="供电所有证明", week=WEEK)
    assert "裁定除外" in text(ruled)
    assert "两人核定除外1件" in text(visit("liang", "/review/drafts", week=WEEK))


def test_what_is_to_change_stands_on_its_owners_to_do_page_and_is_done_there(town, visit):
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    asked = {"text": "备用灯放到岗亭", "proof": "三小时内修好", "post": "ry-g2:keeper", "until": "2026-07-31"}
    given = visit("liang", f"/review/{WEEK}/corrections", version="1", **asked)
    assert "交出去了" in text(given) and "备用灯放到岗亭" in text(given)
    todo = visit("chen", "/desk").content.decode()
    assert 'href="/review/corrections/1"' in todo and "备用灯放到岗亭" in todo
    # Programs that ask for matters get matters, whatever else the post owes.
    assert visit("chen", "/api/todo").status_code == 200
    assert "怎么改的" in text(visit("chen", "/review/corrections/1"))
    assert "怎么改的" not in text(visit("jianjun", "/review/corrections/1"))
    done = visit("chen", "/review/corrections/1/outcome", outcome="岗亭放了十个灯泡")
    assert "岗亭放了十个灯泡" in text(done) and "备用灯" not in text(visit("chen", "/desk"))


def test_a_late_correction_is_told_to_the_districts_desk_with_a_way_to_it(town, visit):
    actions.draft(week=WEEK, by=OFFICE, at=NEXT)
    until = NEXT + timedelta(days=1)
    about = {"week": WEEK, "version": 1, "text": "备用灯放到岗亭", "proof": "三小时内修好", "post": "ry-g2:keeper"}
    actions.correct(**about, until=until, by=OFFICE, at=NEXT)
    tasks_jobs.climb_what_is_late(at=until + timedelta(minutes=1))
    while deliveries.work(at=until + timedelta(minutes=1)):
        pass
    told = visit("yongqing", "/notices", at=until + timedelta(minutes=2)).content.decode()
    assert 'href="/review/corrections/1"' in told and "到期没改好" in told


def test_the_house_draws_up_last_week_once_on_monday_at_eight(town):
    lamp()
    assert not jobs.draw_up_last_week(at=NEXT.replace(hour=7, minute=59))
    assert jobs.draw_up_last_week(at=NEXT) and not jobs.draw_up_last_week(at=NEXT + timedelta(days=1))
    view = queries.sheet(WEEK, seen_by=OFFICE)
    assert (view.version, view.drafted_name, view.issued_at) == (1, "四千", None)


def test_programs_meet_the_same_sheet(town, visit, signed_in):
    matter, liang, desk = lamp(answered=50), signed_in("liang"), signed_in("yongqing")

    def send(visitor, path, **body):
        with clock.stopped_at(NEXT):
            return visitor.post(path, json.dumps(body), content_type="application/json")

    made = send(liang, "/api/review/sheets", week=WEEK)
    assert made.status_code == 201 and made.json()["numbers"]["lines"]["district"][0]["counts"]["respond"] == [0, 1]
    assert send(liang, f"/api/review/sheets/{WEEK}/issue", version=1).status_code == 403
    assert send(desk, f"/api/review/sheets/{WEEK}/issue", version=1).json()["issued_name"] == "石永清"
    behind = visit("liang", f"/api/review/sheets/{WEEK}/behind?measure=respond&part=rest").json()
    assert behind == {"count": 1, "numbers": [f"0713-{matter:04d}"], "after": 0}
    assert visit("liang", "/api/review/sheets").json()[0]["issued"] is True
    assert send(liang, "/api/review/sheets", week="2026-W99").status_code == 404
