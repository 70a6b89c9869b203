"""Where, what and how bad in one line, where the teller's own first words do not fit."""

import re

import pytest
from hypothesis import given, strategies as st

from siqian.spine.learn.queries import summary, understand
from siqian.spine.learn.summing import MOST, summed

CUT = "我们这里的事情说起来话很长很长很…"
LONG = "前段时间跟你们说过好几次的那个楼道里面的声控照明灯到现在还是不亮，已经三天了，整栋楼的老人晚上都不敢下楼"


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("已经三天了还没人管", "，三天"),
        ("三天后我再打电话", ""),
        ("停水好几天没人来，整栋楼都没水", "，好几天、整栋楼"),
        ("2012年了都没修", ""),
        ("我有18户邻居，天天吵", "，18户、天天"),
        ("我叫王小明，电话19900000001，半夜吵", "，半夜"),
        ("楼道灯坏了", ""),
    ],
)
def test_how_bad_is_said_in_a_few_shapes_and_nothing_else(text, bad):
    assert summed(CUT, text, where="松涛苑3栋", what="楼道照明") == f"松涛苑3栋楼道照明{bad}"


def test_a_title_that_says_it_whole_stays_and_so_does_one_of_something_unknown():
    assert summed("楼道灯坏了", "已经三天了", where="松涛苑3栋", what="楼道照明") == "楼道灯坏了"
    assert summed(CUT, "已经三天了", where="松涛苑3栋", what="") == CUT


def test_what_does_not_fit_is_left_out_the_place_before_the_thing():
    assert summed(CUT, "三天了", where="", what="楼道照明", dangers=["有人被困"]) == "楼道照明，有人被困、三天"
    assert summed(CUT, "", where="很长很长的小区名字二期南区十二栋", what="老旧小区加装电梯的补贴") == "老旧小区加装电梯的补贴"
    assert summed(CUT, "", where="", what="长" * 25) == CUT


def test_a_long_message_gets_its_line():
    read = understand(LONG)
    assert read.title.endswith("…") and not read.unsure
    assert summary(LONG, read, where="松涛苑3栋") == "松涛苑3栋楼道照明，三天、整栋楼"


PIECES = ["王小明", "19900000001", "440301199001011234", "粤B12345", "三天了", "5天", "整栋", "天天", "，", "12户", "x", "2026年"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_name_no_long_number_and_never_too_long(text):
    line = summed(CUT, text, where="", what="楼道照明")
    assert len(line) <= MOST and "王" not in line and not re.search(r"\d{3}|[A-Z]", line)
