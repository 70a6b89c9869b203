"""What people write is read as the building they mean, or as several, and never as another one for certain."""

import pytest

from siqian.testing import SITE_CODES, SITES
from siqian.town.places import rules
from siqian.town.places.rules import SiteEntry

REGISTER = tuple(
    SiteEntry(SITE_CODES[name], (name, *aliases), {number: f"{name}{number}栋" for number in numbers}, community)
    for name, (community, _, aliases, numbers) in SITES.items()
)


def read(text, near=""):
    return rules.read(text, REGISTER, near=near)


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("松涛苑3栋楼梯灯不亮", "松涛苑3栋"),
        ("松涛苑三栋楼梯灯不亮", "松涛苑3栋"),
        ("松涛苑３栋楼梯灯不亮", "松涛苑3栋"),
        ("松涛苑 3 栋", "松涛苑3栋"),
        ("松涛苑03栋", "松涛苑3栋"),
        ("3栋松涛苑", "松涛苑3栋"),
        ("松涛花园3号楼2单元1203", "松涛苑3栋"),
        ("木棉苑13栋有人高空抛物", "木棉苑13栋"),
        ("木棉苑十三栋有人高空抛物", "木棉苑13栋"),
        ("木棉苑3栋有人高空抛物", "木棉苑3栋"),
        ("云岭村A栋", "云岭村A栋"),
        ("云岭村b座漏水", "云岭村B栋"),
        ("云岭村1号漏水", "云岭村1栋"),
    ],
)
def test_one_building_is_read_for_certain(text, building):
    reading = read(text)
    assert (reading.buildings, reading.why) == ((building,), "")


@pytest.mark.parametrize(
    ("text", "buildings"),
    [
        ("松涛苑1-4栋停水", ["1", "2", "3", "4"]),
        ("松涛苑1至4栋停水", ["1", "2", "3", "4"]),
        ("松涛苑1、2栋停水", ["1", "2"]),
        ("松涛苑1，3和5栋停水", ["1", "3", "5"]),
    ],
)
def test_several_buildings_are_several_candidates(text, buildings):
    reading = read(text)
    assert reading.buildings == tuple(f"松涛苑{number}栋" for number in buildings)
    assert reading.why == "几栋都对得上"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("松涛苑2期路灯不亮", "说了小区，没说哪一栋"),
        ("松涛苑路灯不亮", "说了小区，没说哪一栋"),
        ("松涛苑7月3号开始停水", "说了小区，没说哪一栋"),
        ("松涛苑坐3号线的人太多", "说了小区，没说哪一栋"),
        ("松涛苑9栋", "名册里没有这个小区的这一栋"),
        ("云岭村C栋", "名册里没有这个小区的这一栋"),
    ],
)
def test_an_estate_without_a_known_building_stays_an_estate(text, why):
    reading = read(text)
    assert reading.buildings == () and reading.site and reading.why == why


def test_a_number_alone_needs_to_know_where_the_teller_lives():
    assert read("3栋楼梯灯不亮").why == "说了楼号，没说哪个小区"
    assert read("3栋楼梯灯不亮", near="ry").buildings == ("松涛苑3栋",)
    assert read("3栋楼梯灯不亮", near="mm").buildings == ("木棉苑3栋",)
    assert read("8栋楼梯灯不亮", near="ry").why == "这一带没有这一栋"
    assert read("楼梯灯不亮", near="ry").why == "没说在哪里"


def test_an_estate_that_is_named_outweighs_where_the_teller_lives():
    assert read("木棉苑3栋楼梯灯不亮", near="ry").buildings == ("木棉苑3栋",)


def test_of_two_estates_of_one_name_the_near_one_is_meant():
    twin = (*REGISTER, SiteEntry("songtao2", ("松涛苑",), {"3": "云岭的松涛苑3栋"}, "yl"))
    assert len(rules.read("松涛苑3栋", twin).buildings) == 2
    assert rules.read("松涛苑3栋", twin, near="yl").buildings == ("云岭的松涛苑3栋",)


def test_the_words_that_were_read_are_shown_and_the_room_is_kept():
    text = "在松涛苑3栋1203室"
    reading = read(text)
    assert [text[start:end] for start, end in reading.spans] == ["松涛苑", "3栋"]
    assert reading.room == "1203"


def test_a_number_alone_is_of_the_house_next_to_ones_own_home():
    register = (
        rules.SiteEntry("songtao", ("松涛苑",), {"3": "songtao-3", "4": "songtao-4"}, "ry"),
        rules.SiteEntry("lixiang", ("荔香苑",), {"3": "lixiang-3"}, "ry"),
    )
    assert rules.read("3栋的灯坏了", register, near="ry").buildings == ("songtao-3", "lixiang-3")
    assert rules.read("3栋的灯坏了", register, near="ry", home="songtao-4").buildings == ("songtao-3",)
    assert rules.read("荔香苑3栋的灯坏了", register, near="ry", home="songtao-4").buildings == ("lixiang-3",)


@pytest.mark.parametrize(
    ("text", "buildings"),
    [
        ("松涛苑3栋和5栋停水", ["3", "5"]),
        ("松涛苑3栋、四栋、6号楼停水", ["3", "4", "6"]),
        ("松涛苑2栋到4栋停水", ["2", "3", "4"]),
        ("松涛苑1、2栋和5栋停水", ["1", "2", "5"]),
        ("松涛苑3栋和3栋旁边的车棚", ["3"]),
        ("松涛苑3-1203漏水", ["3"]),
        ("松涛苑 3-2-1203漏水", ["3"]),
        ("松涛苑3-200米处漏水", []),
    ],
)
def test_buildings_joined_by_and_are_all_meant_and_figures_alone_are_read(text, buildings):
    assert read(text).buildings == tuple(f"松涛苑{number}栋" for number in buildings)


@pytest.mark.parametrize(
    ("text", "unit", "room"),
    [
        ("松涛苑3栋2单元1203", "2", "1203"),
        ("松涛苑3栋二单元1203室", "2", "1203"),
        ("松涛苑3栋B单元门锁坏了", "B", ""),
        ("松涛苑3-2-1203", "2", "1203"),
        ("松涛苑3-1203", "", "1203"),
        ("3栋1单元门锁坏了", "1", ""),
    ],
)
def test_the_unit_is_read_beside_the_building(text, unit, room):
    reading = read(text, near="ry")
    assert (reading.buildings, reading.unit, reading.room) == (("松涛苑3栋",), unit, room)


PHASES = rules.Register(
    (
        SiteEntry("one", ("和顺家园一期",), {"1": "one-1", "2": "one-2"}, "ry"),
        SiteEntry("two", ("和顺家园二期", "和顺新区2期"), {"2": "two-2", "3": "two-3"}, "ry"),
        SiteEntry("school", ("和顺",), {"2": "school-2"}, "ry"),
    )
)


@pytest.mark.parametrize(
    ("text", "buildings"),
    [
        ("和顺家园二期2栋", ("two-2",)),
        ("和顺家园2期2栋", ("two-2",)),
        ("和顺家园第2期 2栋", ("two-2",)),
        ("和顺新区二期3栋", ("two-3",)),
        ("和顺家园一期2栋", ("one-2",)),
        ("和顺家园3栋", ("two-3",)),
        ("和顺家园2栋", ("one-2", "two-2")),
        ("和顺家园三期2栋", ("one-2", "two-2")),
        ("和顺家园一期3栋", ()),
    ],
)
def test_a_phase_is_part_of_the_name_and_without_it_both_are_candidates(text, buildings):
    reading = rules.read(text, PHASES)
    assert reading.buildings == buildings and bool(reading.why) == (len(buildings) != 1)


def test_two_names_that_are_written_alike_are_both_meant():
    alike = (SiteEntry("a", ("和顺家园一期",), {"3": "a-3"}, "ry"), SiteEntry("b", ("和顺家园一期二期",), {"3": "b-3"}, "mm"))
    assert set(rules.read("和顺家园一期3栋", alike).buildings) == {"a-3", "b-3"}
    assert rules.read("和顺家园一期3栋", alike, near="mm").buildings == ("b-3",)


def test_rooms_follow_storey_and_door_and_what_the_building_cannot_have_is_said():
    assert list(rules.rooms(2, 3)) == ["101", "102", "103", "201", "202", "203"]
    assert all(isinstance(rules.room(number, 32, 6), rules.Room) for number in rules.rooms(32, 6))
    assert rules.room("3206", 32, 6) == rules.Room(32, 6) and rules.room("2110", 3, 120) == rules.Room(2, 110)
    assert rules.room("3301", 32, 6).why == "这栋只有32层，没有3301。核对楼栋和房号"
    assert rules.room("1207", 32, 6).why == "这栋每层6户，没有1207。核对楼栋和房号"
    assert "看不出楼层" in rules.room("12", 32, 6).why and "看不出楼层" in rules.room("二楼", 32, 6).why


def linear(text, register):
    """The slow way of the same: every name of every site is looked for."""
    found = [(name, text.find(name)) for name in dict.fromkeys(name for entry in register for name in entry.names) if name in text]
    return sorted(found)


def test_the_quick_way_finds_the_names_that_looking_for_each_would_find():
    register = rules.Register(REGISTER)
    names = [name for entry in REGISTER for name in entry.names]
    texts = [f"{one}和{other}3栋，{one[:2]}{other[1:]}{one}" for one in names for other in names] + ["", "松", "云岭村"]
    for text in texts:
        assert sorted(register.names_in(text)) == linear(text, register)


@pytest.mark.parametrize(
    ("text", "buildings", "why"),
    [
        ("云岭村老年活动中心旁边的松涛苑3栋", ("松涛苑3栋",), ""),
        ("松涛花园对面，木棉苑3栋有人高空抛物", ("木棉苑3栋",), ""),
        ("松涛苑3栋对面的松涛花园路口", ("松涛苑3栋",), ""),
        ("松涛苑小区的3栋楼梯灯不亮", ("松涛苑3栋",), ""),
        ("松涛苑3栋和木棉苑5栋都停水", ("松涛苑3栋", "木棉苑5栋"), "几栋都对得上"),
        ("松涛苑1-2栋、木棉苑13栋都停水", ("松涛苑1栋", "松涛苑2栋", "木棉苑13栋"), "几栋都对得上"),
        ("松涛苑3栋，就是松涛苑3栋", ("松涛苑3栋",), ""),
        ("松涛苑和木棉苑都停水", (), "说了小区，没说哪一栋"),
    ],
)
def test_the_site_with_the_number_is_meant_whatever_else_is_named(text, buildings, why):
    reading = read(text)
    assert (reading.buildings, reading.why) == (buildings, why)
    assert all(0 <= start < end <= len(text) for start, end in reading.spans)
