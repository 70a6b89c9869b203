"""The responsibility list on the page: found, changed, rehearsed, approved, taken along."""

import csv
import html
import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest

from siqian.insight.workbench import queries, rules
from siqian.insight.workbench.rules import Listing
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE
from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit
from siqian.spine.remit.editing import Made
from siqian.testing import monday_nine

TUESDAY = monday_nine + timedelta(days=1)
LAMP = "灯坏了，楼梯2楼一片黑"
E = "/desk/remit/editions"


@pytest.fixture
def visit(signed_in):
    """`visit("liang", "/desk/remit")` asks for a page on Tuesday, or sends a form to it."""

    def ask(who, path, at=TUESDAY, **sent):
        visitor = signed_in(who)
        with clock.stopped_at(at):
            return visitor.post(path, sent, follow=True) if sent else visitor.get(path)

    return ask


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def told(town, words=LAMP, building="松涛苑3栋"):
    message = Message(text=words, channel="web", building=town.building(building))
    with clock.stopped_at(monday_nine):
        return intake.take(message=message, by=ANYONE, at=monday_nine)


def form_of(answer) -> dict:
    """What the form on a page would send as it stands."""
    page = answer.content.decode()
    begun = page.index('class="rf"')
    page = page[begun : page.index("</form>", begun)]
    sent = {name: html.unescape(value) for name, value in re.findall(r'<input class="in"[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page)}
    sent |= {name: html.unescape(value) for name, value in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', page)}
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen if name == "joint" else (chosen or [""])[0]
    return sent


def item_of_lamp(town) -> str:
    return learn.understand(LAMP).item


def drafted(town, visit, **changes) -> str:
    """梁敏 drafts an edition and changes the lamp's item by its form; gives the edition's page."""
    begun = visit("liang", E, version="2026.8", effective="2026-07-20", reason="楼道灯归街道")
    page, code = begun.redirect_chain[-1][0], item_of_lamp(town)
    visit("liang", f"{page}/items/{code}", **(form_of(visit("liang", f"{page}/items/{code}")) | changes))
    return page


def test_what_is_searched_is_found_by_name_code_word_and_unit(town, visit):
    lamp = remit.item(item_of_lamp(town))
    for words in (lamp.zh, lamp.code, lamp.words[0], remit.unit(lamp.lead).zh):
        assert f"/desk/remit/items/{lamp.code}" in visit("chen", f"/desk/remit?q={words}").content.decode()
    assert "没有和“不存在的事”有关的事项" in text(visit("chen", "/desk/remit?q=不存在的事"))


def test_a_keeper_reads_the_list_and_is_offered_no_pen(town, visit):
    assert "起草一版" not in text(visit("chen", "/desk/remit")) and "起草一版" in text(visit("liang", "/desk/remit"))
    assert visit("chen", E, version="2026.8", effective="2026-07-20").status_code == 403


def test_drafted_by_one_on_the_page_and_put_in_force_by_another(town, visit):
    page = drafted(town, visit, lead="health", hours="48")
    shown = text(visit("liang", page))
    assert "主责单位" in shown and remit.unit("health").zh in shown and "48" in shown
    assert "没有不对的地方" in text(visit("liang", f"{page}/checks", sure="1"))
    assert "批准，到日子生效" not in text(visit("liang", page)), "not by whoever wrote it"
    assert "批准，到日子生效" in text(visit("yongqing", page))
    assert "批准了" in text(visit("yongqing", f"{page}/approval", sure="1"))
    assert "2026.8" in text(visit("chen", "/desk/remit"))
    later = monday_nine + timedelta(days=9)
    seen = text(visit("chen", f"/desk/remit/items/{item_of_lamp(town)}", at=later))
    assert remit.unit("health").zh in seen and "2026.8" in seen and "48小时" in seen


def test_a_form_sent_as_it_stands_changes_nothing(town, visit):
    page = drafted(town, visit)
    assert "还没有改任何一行" in text(visit("liang", page))


def test_faults_stand_on_the_page_with_row_and_field(town, visit):
    page = drafted(town, visit, words="", hours="5", working_days="3")
    shown = text(visit("liang", f"{page}/checks", sure="1"))
    assert "2处要改" in shown and "至少写一个居民常说的词" in shown and "小时和工作日只能写一个" in shown
    assert visit("yongqing", f"{page}/approval", sure="1").status_code == 409


def test_what_cannot_be_read_comes_back_with_all_that_was_typed(town, visit):
    page = drafted(town, visit)
    path = f"{page}/items/{item_of_lamp(town)}"
    answer = visit("liang", path, **(form_of(visit("liang", path)) | {"hours": "soon", "not_ours": "路灯不归这里"}))
    assert answer.status_code == 400 and "写一个整数" in text(answer) and "路灯不归这里" in answer.content.decode()


def test_a_rule_is_written_and_taken_away_on_the_page(town, visit):
    page = drafted(town, visit)
    area = town.area("ry").path.strip("/")
    sent = {
        "code": "X1",
        "match": f"{item_of_lamp(town)} 楼道",
        "unit": "st-duty",
        "why": "夜里先去看",
        "area": area,
        "daily": "20:00-08:00",
    }
    assert "榕荫社区" in text(visit("liang", f"{page}/rules/new", **sent))
    assert "不再用" in text(visit("liang", f"{page}/drops", code="R01"))
    assert "没有不对的地方" in text(visit("liang", f"{page}/checks", sure="1"))


def test_the_dry_run_names_every_matter_that_would_go_elsewhere_and_no_other(town, visit):
    lamp, other = told(town), told(town, "楼下垃圾桶满了没人收，臭得很", "木棉苑7栋")
    page = drafted(town, visit, lead="health", hours="48")
    shown = visit("liang", f"{page}?dry").content.decode()
    assert f"/desk/matters/{lamp.number}" in shown and f"/desk/matters/{other.number}" not in shown
    with clock.stopped_at(TUESDAY):
        dry = queries.dry_run(1, seen_by=town.actor("liang"), at=TUESDAY)
    assert (dry.asked, dry.moved, dry.counts) == (2, 1, {"item": 0, "unit": 1, "term": 1})


def test_the_dry_run_reads_the_words_again(town, visit):
    racks = told(town, "门口那个雨伞架倒了，伞撒一地", "木棉苑7栋")
    page = drafted(town, visit)
    new = {"code": "2.2.90", "zh": "共享雨伞架", "en": "Umbrella racks", "lead": "health", "sample": "雨伞架倒了"}
    visit("liang", f"{page}/items/new", **new, words="雨伞架、伞架+倒", kind="complaint")
    with clock.stopped_at(TUESDAY):
        dry = queries.dry_run(1, seen_by=town.actor("liang"), at=TUESDAY)
    assert [(one.told.number, one.items[1], one.units[1]) for one in dry.shown] == [(racks.number, "2.2.90", "health")]


def test_a_dry_run_looks_at_so_many_and_says_when_there_were_more(town, visit):
    told(town), told(town, "楼下垃圾桶满了没人收，臭得很", "木棉苑7栋")
    drafted(town, visit, lead="health")
    with clock.stopped_at(TUESDAY):
        assert queries.dry_run(1, seen_by=town.actor("liang"), at=TUESDAY, most=1).capped


def test_an_edition_that_changes_nothing_moves_nobody():
    items, table = remit.with_edition(Made("x", monday_nine.date()))
    same = Listing(items, table.values(), lambda words: learn.understand(words).item)
    asked = [_Told(item.code, item.sample) for item in items.values()]
    assert rules.rehearse(asked, same, same, remit.kinds()) == []


class _Told:
    path, received, kind = "/rj/st/ry/", monday_nine, "complaint"

    def __init__(self, item: str, text: str) -> None:
        self.item, self.text = item, text


def test_the_whole_list_is_taken_along_as_a_file(town, visit):
    rows = list(csv.reader(io.StringIO(visit("chen", "/desk/remit/list.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(remit.items()) and rows[0][0] == "编码"
    book = ZipFile(io.BytesIO(visit("chen", "/desk/remit/list.xlsx").content))
    assert "xl/worksheets/sheet2.xml" in book.namelist()


def test_a_stranger_is_asked_to_sign_in_and_what_is_not_there_is_said(town, client, visit):
    assert client.get("/desk/remit")["Location"].startswith("/sign-in?next=")
    assert visit("liang", "/desk/remit/items/99.9.9").status_code == 404
    assert visit("liang", f"{E}/7").status_code == 404


def test_what_rulings_propose_is_drafted_with_one_press(town, visit):
    code = item_of_lamp(town)
    sent = {"item": code, "unit": "health", "version": "2026.8", "effective": "2026-07-20"}
    shown = text(visit("liang", "/desk/remit/precedents", **sent))
    assert "照判例" in shown and remit.unit("health").zh in shown
