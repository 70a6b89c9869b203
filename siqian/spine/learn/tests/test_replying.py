"""What a reply leaves open, by the rubric that was written down first."""

import pytest
from hypothesis import given, strategies as some

from siqian.spine.learn.replying import Hint, hints

LAMP = "三栋东边楼梯二楼的灯坏了，晚上看不清路"


def told(asks, reply, **more):
    return [(hint.what, hint.of) for hint in hints(asks, reply, **more)]


@pytest.mark.parametrize(
    "reply", ["您好！您的来信已收悉。", "感谢您对我们工作的支持！2026年1月5日", "网友：您好，您反映的问题已收到，谢谢"]
)
def test_that_it_was_received_is_no_answer(reply):
    assert told([LAMP], reply) == [("received", "")]


@pytest.mark.parametrize(
    "reply",
    [
        "您好，您反映的问题已转有关部门处理，谢谢。",
        "已将您反映的情况转交城管局调查处理，处理情况会及时向您反馈。",
        "您反映的情况我们已转至街道办事处核实、办理，请您耐心等待。",
    ],
)
def test_that_somebody_else_has_it_now_is_no_answer(reply):
    assert told([LAMP], reply) == [("passed", "")]


def test_who_has_it_and_what_was_done_is_one():
    assert told([LAMP], "已转物业。物业今天下午换了二楼楼梯的灯座，晚上试过，亮了。") == []


def test_an_ask_that_is_not_touched_is_named():
    asks = ["楼梯二楼的灯坏了", "垃圾桶三天没清运"]
    assert told(asks, "楼梯的灯座换好了，晚上试过") == [("open", asks[1])]
    assert told(asks, "楼梯的灯座换好了；垃圾桶上午清运了，以后每天两次") == []


def test_a_reply_about_something_else_is_told():
    assert told([LAMP], "电梯按钮面板已更换，恢复运行正常") == [("open", LAMP)]


def test_a_day_that_was_asked_for_has_to_stand_in_it():
    asked = ["水管坏了什么时候能修好"]
    assert told(asked, "水管正在抓紧抢修当中，施工队在现场") == [("when", "")]
    assert told(asked, "水管正在抢修，今天下午五点前通水") == []


def test_a_sum_that_was_asked_for_has_to_stand_in_it():
    asked = ["停车费的收费标准是多少"]
    assert told(asked, "停车费按照物业公示的办法执行，可到管理处查看") == [("how-much", "")]
    assert told(asked, "停车费每月150元，管理处有公示") == []


def test_the_words_of_another_reply_are_told_with_its_number():
    other = "楼梯间的灯座老化，电工当天更换了灯座和灯泡，晚上到现场试过，已经恢复照明，请放心使用。"
    assert told([LAMP], other, others=[("LH-1", "电梯修好了"), ("LH-2", other)]) == [("copied", "LH-2")]
    assert told([LAMP], other[:20] + "，另外在三层加了一盏应急灯，楼道从此亮堂多了", others=[("LH-2", other)]) == []


def test_what_is_not_begun_is_not_advised_on():
    assert hints([LAMP], "  \n") == []


@given(some.lists(some.text(max_size=30), max_size=3), some.text(max_size=80))
def test_any_text_can_be_advised_on(asks, reply):
    for hint in hints(asks, reply, others=[("x", reply)]):
        assert isinstance(hint, Hint) and (hint.what != "open" or hint.of in asks)
