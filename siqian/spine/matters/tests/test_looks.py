"""Who opened a name or a telephone, when, for what: whoever inspects reads all of it, whomever it belongs to reads their own."""

import pytest

from siqian.kernel import clock, vault
from siqian.kernel.permits import NotYours
from siqian.spine.matters import queries

from .test_aside import at
from .test_walk import tell, teller


@pytest.fixture
def seen(town):
    """陈志明 looked at the number of whoever told of a lamp, to ring back."""
    receipt = tell(town, text="3栋东边楼梯2楼的灯坏了", name="周小兰", phone="13800002047")
    look(town, receipt, "打电话问清楼层")
    return receipt


def look(town, receipt, purpose, hours=0.2):
    chen = town.actor("chen")
    subject, _name, phone = queries.sealed(receipt.number, receipt.telling, seen_by=chen)
    return vault.look(subject=subject, sealed=phone, what="phone", purpose=purpose, by=chen, at=at(hours))


def test_whoever_inspects_reads_who_looked_and_for_what_and_no_name_of_whose(town, seen):
    (one,) = queries.looks(seen_by=town.actor("zheng"))
    assert (one.name, one.what, one.purpose, one.whose, one.number) == ("陈志明", "phone", "打电话问清楼层", "teller", seen.number)
    assert "周小兰" not in repr(one) and "13800002047" not in repr(one)


@pytest.mark.parametrize("who", ["chen", "liang", "leader", "yan"])
def test_nobody_else_reads_it(town, seen, who):
    with pytest.raises(NotYours, match="纪检监督员"):
        queries.looks(seen_by=town.actor(who))


def test_it_is_read_page_by_page(town, seen):
    for number in range(4):
        look(town, seen, f"第{number}次再问", hours=1 + number)
    zheng = town.actor("zheng")
    first = queries.looks(seen_by=zheng, most=3)
    rest = queries.looks(seen_by=zheng, most=3, before=first[-1].id)
    assert [one.purpose for one in (*first, *rest)] == ["第3次再问", "第2次再问", "第1次再问", "第0次再问", "打电话问清楼层"]


def test_whoever_told_it_reads_who_looked_at_their_own(town, seen, client):
    other = tell(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋", name="何叔", phone="13800002048")
    assert [one.purpose for one in queries.looked_at([seen.telling])] == ["打电话问清楼层"] and queries.looked_at([other.telling]) == []
    assert teller(seen).own
    with clock.stopped_at(at(1)):
        client.post("/receipts", {"code": seen.code})
        page = client.get(f"/matters/{seen.number}").content.decode()
    assert "您的姓名电话被看过" in page and "打电话问清楼层" in page


def test_the_audit_administrator_reads_looks_too_without_the_matter(offices, seen, signed_in):
    with clock.stopped_at(at(1)):
        page = signed_in("shen").get("/desk/looks").content.decode()
        assert "打电话问清楼层" in page and seen.number not in page
        assert len(signed_in("shen").get("/desk/looks/list.csv").content.decode("utf-8-sig").splitlines()) == 2
        for other in ("min", "an"):
            assert signed_in(other).get("/desk/looks").status_code == 403


def test_the_page_and_the_file_are_the_inspectors(town, seen, signed_in):
    with clock.stopped_at(at(1)):
        page = signed_in("zheng").get("/desk/looks").content.decode()
        assert "打电话问清楼层" in page and seen.number in page and "138" not in page
        assert len(signed_in("zheng").get("/desk/looks/list.csv").content.decode("utf-8-sig").splitlines()) == 2
        assert signed_in("liang").get("/desk/looks").status_code == 403
