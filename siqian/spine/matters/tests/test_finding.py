"""Search over everything that one may see: title, place, what was told, what was written."""

import pytest

from siqian.spine.matters import actions, queries

from .test_aside import at
from .test_walk import tell, teller


@pytest.fixture
def lamp(town):
    receipt = tell(town, text="3栋东边楼梯2楼的灯坏了，晚上看不清路，我妈差点摔一跤")
    chen = town.actor("chen")
    actions.contact(matter=receipt.matter, how="phone", text="问清了，灯座缺货，订了雷士的", by=chen, at=at(0.2))
    actions.note(matter=receipt.matter, text="业主群里有人发火", by=chen, at=at(0.3))
    tell(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋")
    return receipt


@pytest.mark.parametrize("words", ["摔一跤", "雷士", "业主群", "松涛苑3栋", "灯座 业主群", "摔 雷士"])
def test_a_word_that_was_told_or_written_finds_the_matter(town, lamp, words):
    assert [line.number for line in queries.find(seen_by=town.actor("liang"), words=words)] == [lamp.number]


def test_every_word_must_stand_there_and_the_number_finds_one(town, lamp):
    liang = town.actor("liang")
    assert queries.find(seen_by=liang, words="雷士 电梯") == []
    assert [line.number for line in queries.find(seen_by=liang, words=lamp.number)] == [lamp.number]
    assert len(queries.find(seen_by=liang, words="坏了")) == 2


def test_nobody_searches_what_they_may_not_read(town, lamp):
    assert queries.find(seen_by=town.actor("lei"), words="灯座") == [] == queries.find(seen_by=town.desk("mm"), words="灯座")
    # Whoever told it reads neither the notes among colleagues nor finds by them.
    assert queries.find(seen_by=teller(lamp), words="业主群") == []
    assert [line.number for line in queries.find(seen_by=teller(lamp), words="灯")] == [lamp.number]


def test_the_list_goes_out_as_a_file_without_names(town, lamp, signed_in):
    answer = signed_in("liang").get("/desk/matters/list.csv?q=灯座")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"].startswith("text/csv") and len(rows) == 2 and lamp.number in rows[1] and "松涛苑3栋" in rows[1]


def test_what_excel_would_take_for_a_formula_is_text(town, signed_in):
    tell(town, text="=HYPERLINK(1)楼梯灯坏了")
    rows = signed_in("liang").get("/desk/matters/list.csv").content.decode("utf-8-sig").splitlines()
    assert ",'=HYPERLINK" in rows[1] or ",\"'=HYPERLINK" in rows[1]
