"""Papers as people meet them: the list, one paper, its PDF, the signature, the correction, the archive."""

import csv
import io
from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, deliveries
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions as matters
from siqian.testing import monday_nine
from siqian.trades.papers import actions, queries
from siqian.trades.papers.queries import Asked
from siqian.trades.papers.tests import pdf
from siqian.trades.papers.tests.desk import wanted
from siqian.trades.papers.tests.test_archive import RJ, filed, in_year


@pytest.fixture
def nine():
    with clock.stopped_at(monday_nine + timedelta(hours=1)):
        yield


@pytest.fixture
def told(town, client, nine):
    """Somebody told of a lamp in this browser, and it was accepted."""
    got = intake.take(message=Message(text="5栋楼道灯不亮", channel="web", building=town.building("松涛苑5栋")), by=ANYONE, at=monday_nine)
    client.post("/receipts", {"code": got.code})
    matters.accept(matter=got.matter, by=town.actor("chen"), at=monday_nine + timedelta(minutes=6))
    deliveries.work(at=monday_nine + timedelta(minutes=6))
    return got


def draft(kind="reply", cause="one", **values) -> int:
    return actions.draw_up(wanted=wanted(kind, cause, **values), by=OFFICE, at=monday_nine)


def test_whoever_told_reads_and_downloads_what_was_issued(told, client):
    page = client.get(f"/matters/{told.number}").content.decode()
    [line] = queries.find(Asked(), seen_by=OFFICE)
    assert f"/papers/{line.id}" in page and line.number in page
    sheet = client.get(f"/papers/{line.id}")
    assert sheet.status_code == 200 and "受理告知书" in sheet.content.decode()
    printed = client.get(f"/papers/{line.id}/paper.pdf")
    assert printed["Content-Type"] == "application/pdf" and "受理告知书" in pdf.text(printed.content)
    assert [reader.name for reader in queries.one(line.id, seen_by=OFFICE).readers] == [""]


def test_a_stranger_and_another_browser_see_none_of_it(told, signed_in):
    from django.test import Client

    [line] = queries.find(Asked(), seen_by=OFFICE)
    for visitor in (Client(), signed_in("lin"), signed_in("jianjun")):
        for path in (f"/papers/{line.id}", f"/papers/{line.id}/paper.pdf"):
            assert visitor.get(path).status_code == 404
    for path in ("/papers", "/papers/archive", "/papers/list.csv"):
        answer = Client().get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_staff_find_it_by_number_kind_issuer_and_day(told, signed_in, nine):
    actions.draw_up(wanted=wanted("ledger", "one", own=2), by=OFFICE, at=monday_nine)
    desk = signed_in("ruolan")
    [acceptance] = queries.find(Asked(kind="acceptance"), seen_by=OFFICE)
    [ledger] = queries.find(Asked(kind="ledger"), seen_by=OFFICE)

    def found(query: str) -> set[int]:
        page = desk.get(f"/papers?{query}").content.decode()
        return {line.id for line in (acceptance, ledger) if f'href="/papers/{line.id}"' in page}

    assert found("") == found("since=2026-07-13&until=2026-07-13") == {acceptance.id, ledger.id}
    assert found("q=榕荫社受字第1号") == found("kind=acceptance") == found("issuer=ry") == {acceptance.id}
    assert found(f"q={told.number}") == {acceptance.id} and found("issuer=st") == found("q=账字") == {ledger.id}
    assert found("until=2026-07-12") == found("state=filed") == found("q=没有") == set()
    assert "没有这样的文书" in desk.get("/papers?q=没有").content.decode()


def test_the_list_as_a_file_holds_what_was_asked_for(told, signed_in):
    actions.draw_up(wanted=wanted("ledger", "one"), by=OFFICE, at=monday_nine)
    rows = list(csv.reader(io.StringIO(signed_in("ruolan").get("/papers/list.csv?kind=ledger").content.decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[1][:4] == ["〔2026〕榕荫街账字第1号", "挂账告知书", "已签发", "榕荫街道办事处"]


def test_more_than_a_page_goes_on(signed_in, town, nine):
    for count in range(53):
        actions.draw_up(wanted=wanted("completion", str(count)), by=OFFICE, at=monday_nine)
    desk = signed_in("ruolan")
    page = desk.get("/papers?kind=completion").content.decode()
    assert "第53号" in page and "第3号<" not in page
    assert "第3号" in desk.get(f"/papers?kind=completion&after={queries.find(Asked(), seen_by=OFFICE, most=50)[-1].id}").content.decode()


def test_a_draft_is_signed_on_its_page_by_who_may_and_not_by_others(signed_in, town, nine):
    paper = draft()
    community, street = signed_in("ruolan"), signed_in("lifen")
    assert "核对过了，签发" not in community.get(f"/papers/{paper}").content.decode()
    assert community.post(f"/papers/{paper}/signature").status_code == 403
    waits = street.get("/papers").content.decode()
    assert "1份等签发" in waits and "核对过了，签发" in street.get(f"/papers/{paper}").content.decode()
    assert street.get(f"/papers/{paper}/paper.pdf").status_code == 404
    answer = street.post(f"/papers/{paper}/signature", follow=True)
    assert "签发了，文号〔2026〕榕荫街复字第1号" in answer.content.decode()


def test_a_draft_is_rewritten_and_then_another_signs(signed_in, town, nine):
    paper = draft(answer="灯换好了")
    street, dispatcher = signed_in("lifen"), signed_in("liang")
    street.post(f"/papers/{paper}/revision", {"answer": "二楼的灯换好了"})
    assert street.post(f"/papers/{paper}/signature").status_code == 403
    assert dispatcher.post(f"/papers/{paper}/signature").status_code == 302
    assert "二楼的灯换好了" in "".join(queries.one(paper, seen_by=OFFICE).face["text"])


def test_a_correction_is_drafted_on_the_page_and_the_chain_is_shown_on_both(signed_in, town, nine):
    old = actions.draw_up(wanted=wanted("completion", "one", answer="换了2楼的灯"), by=OFFICE, at=monday_nine)
    desk, secretary = signed_in("ruolan"), signed_in("xiujuan")
    answer = desk.post(f"/papers/{old}/correction", {"answer": "换了3楼的灯", "why": "楼层写错了"})
    new = answer["Location"].rpartition("/")[2]
    assert "更正稿在等签发" in desk.get(f"/papers/{old}").content.decode()
    secretary.post(f"/papers/{new}/signature")
    assert "这份已更正，不再有效" in desk.get(f"/papers/{old}").content.decode()
    page = desk.get(f"/papers/{new}").content.decode()
    assert "本件替代〔2026〕榕荫社结字第1号，原件不再有效。更正理由：楼层写错了。" in page
    assert "本件替代〔2026〕榕荫社结字第1号" in pdf.text(desk.get(f"/papers/{new}/paper.pdf").content)


def test_without_a_font_pages_print_and_say_what_to_install(signed_in, town, nine, monkeypatch, tmp_path):
    paper = actions.draw_up(wanted=wanted("completion", "one"), by=OFFICE, at=monday_nine)
    monkeypatch.setenv("SIQIAN_FONTS", str(tmp_path))
    page = signed_in("ruolan").get(f"/papers/{paper}")
    assert "fonts-noto-cjk" in page.content.decode() and "办结告知书" in page.content.decode()
    assert signed_in("ruolan").get(f"/papers/{paper}/paper.pdf").status_code == 409


def test_a_year_is_bound_and_what_ran_out_is_destroyed_by_two_on_the_archives_page(signed_in, town):
    paper = actions.draw_up(wanted=wanted("completion", "one"), by=OFFICE, at=monday_nine)
    actions.settle(about="matter:1", by=OFFICE, at=monday_nine)
    one, other = signed_in("liang"), signed_in("yongqing")
    with clock.stopped_at(in_year(2027)):
        assert "1份办完了，可以订卷" in one.get("/papers/archive").content.decode()
        one.post("/papers/volumes", {"year": "2026"})
        register = one.get("/papers/volumes/2026-榕荫社-D10-001").content.decode()
        assert "〔2026〕榕荫社结字第1号" in register
        rows = list(csv.reader(io.StringIO(one.get("/papers/volumes/2026-榕荫社-D10-001/register.csv").content.decode("utf-8-sig"))))
        assert rows[1][1] == "〔2026〕榕荫社结字第1号"
    with clock.stopped_at(in_year(2037)):
        one.post("/papers/disposals", {"why": "保管期满，可以销毁"})
        [line] = queries.disposals(RJ, seen_by=OFFICE)
        assert one.post(f"/papers/disposals/{line.id}/ruling", {"granted": "yes", "ruling": "同意销毁"}).status_code == 403
        assert "不能恢复" in other.get("/papers/archive").content.decode()
        other.post(f"/papers/disposals/{line.id}/ruling", {"granted": "yes", "ruling": "同意销毁"})
        page = one.get(f"/papers/{paper}").content.decode()
        assert "已按清册销毁" in page and "〔2026〕榕荫社结字第1号" in page
        assert one.get(f"/papers/{paper}/paper.pdf").status_code == 404


def test_an_archive_is_its_areas_and_a_keeper_binds_nothing(signed_in, town):
    filed()
    assert "2026-榕荫社-D10-001" in signed_in("ruolan").get("/papers/archive").content.decode()
    elsewhere = signed_in("caiyun")
    assert "榕荫" not in elsewhere.get("/papers/archive").content.decode()
    assert elsewhere.get("/papers/volumes/2026-榕荫社-D10-001").status_code == 404
    assert signed_in("chen").post("/papers/volumes", {"year": "2026"}).status_code == 403


def test_programs_find_read_and_sign(signed_in, town, nine):
    paper = draft()
    street = signed_in("lifen")
    assert [line["state"] for line in street.get("/api/papers").json()] == ["draft"]
    signed = street.post(f"/api/papers/{paper}/signature").json()
    assert signed["number"] == "〔2026〕榕荫街复字第1号" and signed["sound"] and signed["face"]["title"] == "答复意见书"
    assert signed_in("caiyun").get(f"/api/papers/{paper}").status_code == 404
    assert signed_in("zhou").get("/api/papers").status_code == 403
