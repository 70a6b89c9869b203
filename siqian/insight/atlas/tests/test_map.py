"""What the map says: who is there, where nobody will be, what waits, as far as its reader may see it; map and table say the same."""

import html
import re
from datetime import datetime, timedelta

import pytest

from siqian.insight.atlas import queries, rules
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import actions
from siqian.testing import monday_nine
from siqian.town.people import actions as people

LAMP = "3栋东边楼梯2楼的灯坏了"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 7, day, hour, 0, tzinfo=TOWN)


def tell(town, text=LAMP, building="松涛苑3栋", when=monday_nine):
    return intake.take(message=Message(text=text, channel="web", building=town.building(building)), by=ANYONE, at=when)


def layer(town, who="liang", when=monday_nine, **asked):
    actor = town.actor(who, when)
    ask = rules.asked({name: str(value) for name, value in asked.items()}, modes=rules.modes_of(actor), within=rules.home(actor))
    return queries.layer(ask, seen_by=actor, at=when)


def steps(found):
    return {shade.code: shade.step for shade in found.shades}


@pytest.fixture
def visit(signed_in):
    def ask(who, path, when=monday_nine, **headers):
        with clock.stopped_at(when):
            return signed_in(who).get(path, headers=headers)

    return ask


def test_by_day_every_grid_has_its_keeper_and_by_night_the_desk_takes_over(town):
    day, night = layer(town), layer(town, when=monday_nine + timedelta(hours=14))
    assert set(steps(day).values()) == {"on"} and set(steps(night).values()) == {"rest"}
    here = next(shade for shade in day.shades if shade.code == "ry-g2")
    assert here.cells[0] == "陈志明" and "20:00" in here.cells[1]


def test_a_keeper_on_leave_is_a_gap_that_the_desk_covers_and_a_bare_one_without_it(town):
    people.take_leave(person="chen", since=at(13, 8), until=at(13, 20), by=OFFICE, at=monday_nine)
    assert steps(layer(town))["ry-g2"] == "desk"
    for who in ("ruolan", "weiqiang", "guihua"):
        people.take_leave(person=who, since=at(13, 6), until=at(14, 6), by=OFFICE, at=monday_nine)
    found = layer(town)
    assert steps(found)["ry-g2"] == "none" and found.shades[0].code == "ry-g2", "what lacks somebody comes first"
    blocks = layer(town, level="block")
    assert steps(blocks) == {"ry-p1": "none", "mm-p1": "on", "yl-p1": "on"} and blocks.counts["none"] == 1
    assert {code for code, step in steps(layer(town, level="cell")).items() if step == "none"} == {"ry-g2-c1", "ry-g2-c2"}


def test_the_slider_of_gaps_shows_each_day_its_own(town):
    people.take_leave(person="chen", since=at(15, 9), until=at(15, 12), by=OFFICE, at=monday_nine)
    days = {day: steps(layer(town, mode="gaps", day=day))["ry-g2"] for day in range(5)}
    assert days == {0: "on", 1: "on", 2: "desk", 3: "on", 4: "on"}
    here = next(shade for shade in layer(town, mode="gaps", day=2).shades if shade.code == "ry-g2")
    assert here.cells == ("值班台代管", "9:00–12:00")


def test_a_desk_where_nobody_sits_is_told_by_its_community(town):
    for who in ("ruolan", "weiqiang", "guihua"):
        people.take_leave(person=who, since=at(14, 6), until=at(14, 14), by=OFFICE, at=monday_nine)
    assert layer(town, mode="gaps", day=1).desks == [("榕荫社区", "6:00–14:00")]
    assert layer(town, mode="gaps", day=2).desks == []


def test_open_matters_are_counted_by_state_in_the_area_where_they_lie(town):
    lamp, bin_ = tell(town), tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋")
    actions.accept(matter=lamp.matter, by=town.actor("chen"), at=monday_nine)
    found = layer(town, mode="open")
    cells = {shade.code: shade.cells for shade in found.shades}
    assert cells["ry-g2"] == ("0", "1", "0", "0", "0") and cells["mm-g2"] == ("1", "0", "0", "0", "0")
    assert {mark.number for mark in found.open.marks} == {lamp.number, bin_.number} and found.open.people == 2
    late = layer(town, mode="open", when=monday_nine + timedelta(hours=2))
    assert late.open.late == 2 and {shade.code for shade in late.shades if shade.late} == {"ry-g2", "mm-g2"}


def test_neighbours_of_one_matter_wait_as_people_and_not_as_matters(town):
    tell(town), tell(town)
    found = layer(town, mode="open").open
    assert (found.count, found.people) == (1, 2)


def test_nobody_sees_more_on_the_map_than_in_the_list(town):
    lamp = tell(town)
    for who, sees in (("liang", 1), ("chen", 1), ("chunmei", 0), ("jianjun", 0), ("wu", 0), ("he", 0), ("qiang", 0)):
        found = layer(town, who, mode="open").open
        assert found.count == sees and len(found.marks) == sees, who
        area = queries.chosen("ry-g2", seen_by=town.actor(who), at=monday_nine)
        assert [line.number for line in area.lines] == [lamp.number] * sees and area.count == sees, who


def test_an_area_shows_its_people_to_everybody_who_works_here(town):
    area = queries.chosen("ry-g2", seen_by=town.actor("jianjun"), at=monday_nine)
    assert area.cards[0].name == "陈志明" and area.cards[0].on and not area.reads
    assert queries.chosen("nowhere", seen_by=town.actor("liang"), at=monday_nine) is None


def test_fewer_than_five_people_light_no_area_and_five_do(town):
    for number in (1, 2, 3, 4):
        tell(town, f"{number}楼垃圾桶满了没人收", "松涛苑3栋", monday_nine + timedelta(minutes=number))
    few = layer(town, mode="heat", when=monday_nine + timedelta(hours=1))
    assert steps(few)["ry-g2"] == "few" and "不显示" in next(s for s in few.shades if s.code == "ry-g2").cells[0]
    tell(town, "1楼垃圾桶满了没人收", "松涛苑3栋", monday_nine + timedelta(minutes=9))
    many = layer(town, mode="heat", when=monday_nine + timedelta(hours=1))
    assert steps(many)["ry-g2"] == "4" and "5个人" in next(s for s in many.shades if s.code == "ry-g2").cells[0]


def test_the_heat_of_an_earlier_week_knows_nothing_of_what_came_later(town):
    tell(town)
    later = monday_nine + timedelta(days=3)
    assert layer(town, mode="heat", day=0, when=later).heat.topics[0].people == 1
    assert layer(town, mode="heat", day=-3, when=later).heat.topics[0].people == 1
    assert layer(town, mode="heat", day=-4, when=later).heat.topics == []


def test_load_says_what_a_keeper_carries_against_the_middle(town):
    for building in ("松涛苑3栋", "松涛苑5栋"):
        tell(town, f"{building}垃圾桶满了没人收", building)
    found = {shade.code: shade for shade in layer(town, mode="load").shades}
    assert found["ry-g2"].cells[1:3] == ("2", "2") and found["ry-g1"].cells[1:3] == ("0", "0")
    assert layer(town, "chen", mode="load").ask.mode == "duty", "a keeper is not shown the others' load"


def test_a_search_finds_buildings_areas_and_people(town):
    asked = ("松涛苑3栋", "ry-g2", "陈志明", "云岭", "没有的")
    kinds = {words: [(one.kind, one.area) for one in queries.find(words, at=monday_nine)] for words in asked}
    assert kinds["松涛苑3栋"][0] == ("building", "ry-g2-c1")
    assert kinds["ry-g2"][0] == ("area", "ry-g2") and kinds["陈志明"][0] == ("person", "ry-g2")
    assert ("area", "yl") in kinds["云岭"] and kinds["没有的"] == []


def test_the_table_lists_what_the_map_draws(town, visit):
    tell(town), tell(town, "木棉苑13栋垃圾桶满了没人收", "木棉苑13栋")
    for asked in ("mode=duty&level=block", "mode=duty&level=cell", "mode=gaps&day=3", "mode=open", "mode=heat", "mode=load"):
        answer = visit("liang", f"/atlas/layer?{asked}")
        said = answer.json()
        drawn = {code for codes in said["steps"].values() for code in codes}
        assert drawn == set(re.findall(r'data-code="([^"]+)"', said["html"])) != set(), asked
        page = visit("liang", f"/atlas?{asked}").content.decode()
        assert drawn == set(re.findall(r'<tr data-go data-code="([^"]+)"', page)), asked
    marks = visit("liang", "/atlas/layer?mode=open").json()
    assert {mark[5] for mark in marks["marks"]} == set(re.findall(r'data-number="([^"]+)"', marks["html"]))


def test_a_map_that_is_open_costs_nothing_while_nothing_changes(town, visit):
    tag = visit("liang", "/atlas/layer?mode=open")["ETag"]
    assert visit("liang", "/atlas/layer?mode=open", **{"If-None-Match": tag}).status_code == 304
    assert visit("liang", "/atlas/layer?mode=duty", **{"If-None-Match": tag}).status_code == 200
    tell(town)
    assert visit("liang", "/atlas/layer?mode=open", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/atlas/layer", "/atlas/found?q=1", "/atlas/areas/ry-g2", "/atlas/wall/now"])
def test_parts_are_refused_to_strangers_and_residents(town, client, visit, path):
    assert client.get(path).status_code == 403
    assert visit("zhou", path).status_code == 403


def test_the_page_works_without_script_and_without_tiles(town, visit, settings_of, tmp_path):
    settings_of(SIQIAN_HOME=tmp_path)
    lamp = tell(town)
    said = visit("liang", "/atlas?mode=open&area=ry-g2&q=松涛苑3栋").content.decode()
    words = html.unescape(re.sub(r"<[^>]+>", " ", said))
    assert "陈志明" in words and lamp.number in words and "松涛苑3栋" in words and "地图还没有裁好" in words


def test_bad_input_is_answered_with_a_page(town, visit):
    for asked in ("mode=%27", "level=9", "day=abc", "area=%2e%2e%2f", "community=nowhere", "topic=99", "q=" + "长" * 300):
        assert visit("liang", f"/atlas?{asked}").status_code == 200, asked
    assert visit("liang", "/atlas/areas/nowhere").status_code == 404
