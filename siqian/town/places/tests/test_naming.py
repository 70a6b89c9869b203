"""Of several places in a message the trouble's is meant; the others are kept, and what is only near a place goes to a person."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from siqian.town.places import naming
from siqian.town.places.rules import Register, SiteEntry

from .test_addresses import REGISTER

NAMES = {"榕荫社区": "ry", "木棉社区": "mm", "云岭社区": "yl"}


def said(text, near="", home="", register=REGISTER):
    return naming.understand(text, Register(register), NAMES, near=near, home=home)


def words(text, found):
    return [text[one.spans[0][0] : one.spans[-1][1]] for one in found.named if not one.meant]


@pytest.mark.parametrize(
    ("text", "at", "also"),
    [
        ("家住松涛苑3栋，木棉苑5栋有人高空抛物", "木棉苑5栋", ["松涛苑3栋"]),
        ("木棉苑5栋有人高空抛物，我住松涛苑3栋", "木棉苑5栋", ["松涛苑3栋"]),
        ("松涛苑1栋业主反映木棉苑8栋楼下半夜唱歌", "木棉苑8栋", ["松涛苑1栋"]),
        ("不是松涛苑3栋，是木棉苑3栋的灯坏了", "木棉苑3栋", ["松涛苑3栋"]),
        ("不在松涛苑1栋，在松涛苑2栋", "松涛苑2栋", ["松涛苑1栋"]),
        ("我从松涛苑2栋搬到木棉苑7栋，一直没水", "木棉苑7栋", ["松涛苑2栋"]),
        ("从松涛苑2栋楼上掉下一块砖", "松涛苑2栋", []),
        ("松涛苑隔壁的木棉苑4栋漏水", "木棉苑4栋", ["松涛苑"]),
        ("像木棉苑3栋那样的晾衣架，松涛苑2栋什么时候装", "松涛苑2栋", ["木棉苑3栋"]),
        ("我住松涛苑3栋，5栋楼下有人烧烤", "松涛苑5栋", ["松涛苑3栋"]),
        ("我住松涛苑3栋，5号晚上停电", "松涛苑3栋", []),
        ("我是松涛苑3栋的业主，松涛苑物业乱收费", "松涛苑3栋", ["松涛苑"]),
        ("榕荫社区3栋门口堆垃圾", "松涛苑3栋", []),
    ],
)
def test_the_troubles_place_goes_before_the_home_and_what_is_said_in_passing(text, at, also):
    found = said(text)
    assert found.reading.buildings == (at,) and not found.relation and found.confidence >= naming.PLACED_FROM
    assert words(text, found) == also


@pytest.mark.parametrize(
    ("text", "relation", "buildings"),
    [
        ("松涛苑3栋对面的工地灰尘很大", "对面", ["松涛苑3栋"]),
        ("松涛苑附近老有人飙车", "附近", []),
        ("松涛苑3栋和木棉苑5栋之间的路灯全灭", "之间", ["松涛苑3栋", "木棉苑5栋"]),
        ("从松涛苑3栋到云岭村A栋的路坑坑洼洼", "之间", ["松涛苑3栋", "云岭村A栋"]),
        ("我家住松涛苑3栋，对面工地天天施工", "对面", ["松涛苑3栋"]),
        ("榕荫社区对面工地半夜施工", "对面", []),
    ],
)
def test_what_is_only_near_a_place_is_never_said_to_be_in_it(text, relation, buildings):
    found = said(text)
    assert (found.relation, list(found.reading.buildings)) == (relation, buildings)
    assert found.confidence < naming.PLACED_FROM and found.reading.why


def test_beside_a_house_is_sure_enough_only_where_its_surroundings_are_of_one_grid():
    found = said("松涛苑3栋旁边的草坪上有人种菜")
    assert naming.settled(found, 1)[0] >= naming.PLACED_FROM > naming.settled(found, 2)[0]
    between = said("松涛苑3栋和5栋之间有个坑")
    assert naming.settled(between, 1)[0] < naming.PLACED_FROM


@pytest.mark.parametrize(
    "text", ["朋友住木棉苑3栋，他说小区进不去", "松涛苑3栋跟木棉苑5栋都停水", "榕荫社区的路灯全灭了", "松涛苑路灯不亮", "不是松涛苑3栋的事"]
)
def test_what_nobody_can_know_stays_below_what_goes_out_and_says_why(text):
    found = said(text)
    assert found.confidence < naming.PLACED_FROM and found.named
    assert found.reading.why and all(one.why for one in found.named)


@pytest.mark.parametrize("text", ["紫荆花园5栋楼道灯坏了", "家住松涛苑1栋，紫荆花园5栋楼道灯坏了", "我在紫荆公寓里的3栋，电梯坏了"])
def test_a_number_of_an_estate_that_nobody_knows_is_not_taken_for_ones_own(text):
    found = said(text, near="ry", home="songtao-1")
    assert found.confidence < naming.PLACED_FROM and found.reading.why == "说的小区名册里没有，请人工确认"


@pytest.mark.parametrize("text", ["我们小区5栋楼道灯坏了", "5栋楼道灯坏了", "咱们花园里5栋的灯坏了", "住在小区5栋，灯坏了"])
def test_a_number_alone_is_of_ones_own_estate(text):
    assert said(text, near="ry", home="松涛苑1栋").reading.buildings == ("松涛苑5栋",)


def test_the_door_of_a_house_is_the_house_and_that_of_an_estate_only_near_it():
    assert not said("松涛苑1栋门口的垃圾桶满了").relation
    assert said("松涛苑门口的垃圾桶满了").relation == "门口"


def test_at_home_and_elsewhere_both_named_is_for_a_person_to_say():
    found = said("我在松涛苑1栋看房，家住云岭村2栋，家里停水")
    assert set(found.reading.buildings) == {"松涛苑1栋", "云岭村2栋"} and found.confidence < naming.PLACED_FROM


def test_of_one_that_is_named_for_certain_nothing_more_is_kept():
    assert naming.kept(said("松涛苑3栋楼梯灯不亮").named) == []
    (home, meant) = naming.kept(said("家住松涛苑3栋，木棉苑5栋漏水").named)
    assert (home["buildings"], home["meant"], meant["meant"]) == (["松涛苑3栋"], False, True)


PIECES = [
    "松涛苑",
    "木棉苑",
    "云岭村",
    "3栋",
    "5栋",
    "A座",
    "1-4栋",
    "家住",
    "我是",
    "不是",
    "在",
    "对面",
    "旁边的",
    "之间",
    "，",
    "。",
    "和",
    "到",
    "从",
    "漏水",
]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
PLAIN = ["请尽快处理", "昨天晚上开始的", "打了三次电话没人接", "谢谢", "已经一个星期了还没有人管"]


@given(texts)
def test_spans_lie_in_the_text_in_order_and_apart(text):
    found = said(text, near="ry")
    spans = [span for one in found.named for span in one.spans]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(0 < one.confidence <= 1 for one in found.named)


@given(texts, st.sampled_from(PLAIN))
def test_a_sentence_without_a_place_changes_nothing(text, plain):
    assert said(f"{text}。{plain}。", near="ry") == said(f"{text}。", near="ry")


TWINS = (*REGISTER, SiteEntry("songtao2", ("松涛苑",), {"3": "云岭的松涛苑3栋"}, "yl"))


@given(texts, st.permutations(TWINS))
def test_the_order_of_the_register_decides_nothing(text, shuffled):
    assert said(text, register=shuffled) == said(text, register=TWINS)
