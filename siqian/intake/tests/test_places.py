"""Several places in one message, on their way from the words to the page of whoever has it."""

from datetime import timedelta

import pytest

from siqian.intake import actions, locating
from siqian.intake.rules import Message
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters import queries
from siqian.testing import monday_nine

TWO = "家住松涛苑1栋，木棉苑5栋楼道灯坏了好几天，晚上看不清"


@pytest.fixture
def tell(town):
    def take(text: str, **more):
        return actions.take(message=Message(text, "phone", **more), by=ANYONE, at=monday_nine)

    return take


def matter(receipt):
    return queries.seen(receipt.number, seen_by=OFFICE, at=monday_nine)


def test_it_goes_to_the_troubles_place_and_the_home_is_kept_beside_it(tell):
    view = matter(tell(TWO))
    assert (view.building, view.line.state) == ("mumian-5", "assigned")
    named = view.tellings[0].understood["named"]
    assert [(one["buildings"], one["meant"]) for one in named] == [(["songtao-1"], False), (["mumian-5"], True)]


def test_whoever_has_it_takes_the_other_place_with_one_button(tell, town, signed_in):
    receipt = tell(TWO)
    with clock.stopped_at(monday_nine + timedelta(minutes=5)):
        desk = signed_in("caiyun")
        page = desk.get(f"/desk/matters/{receipt.number}").content.decode()
        assert "说的是住处" in page and "小区和楼号都说了，把握97%" in page and "改到松涛苑1栋" in page and 'value="songtao-1"' in page
        moved = desk.post(f"/desk/matters/{receipt.number}/assignment", {"item": matter(receipt).line.item, "building": "songtao-1"})
    assert moved.status_code == 302 and matter(receipt).building == "songtao-1"
    with clock.stopped_at(monday_nine + timedelta(minutes=9)):
        page = signed_in("ruolan").get(f"/desk/matters/{receipt.number}").content.decode()
    assert "改到木棉苑5栋" in page and "改到松涛苑1栋" not in page


@pytest.mark.parametrize(
    ("text", "state", "area", "candidates"),
    [
        ("松涛苑1栋旁边的路灯坏了", "assigned", "ry-g1-c1", ()),
        ("松涛苑3栋旁边的路灯坏了", "received", "ry-p1", ("songtao-3",)),
        ("松涛苑对面工地半夜施工噪音扰民", "received", "ry-p1", ()),
        ("榕荫社区对面工地半夜施工噪音扰民", "received", "ry", ()),
        ("云岭村附近路灯坏了", "received", "yl-p1", ()),
    ],
)
def test_what_is_near_a_place_lies_in_the_smallest_area_that_holds_its_surroundings(tell, text, state, area, candidates):
    view = matter(tell(text))
    assert (view.line.state, view.line.path.split("/")[-2], view.line.candidates) == (state, area, candidates)
    assert bool(view.line.unplaced) == (state == "received")


def test_a_place_said_in_passing_is_a_guess_beside_it_and_never_taken_silently(tell, town, signed_in):
    receipt = tell("朋友住木棉苑3栋，他说楼道灯坏了")
    view = matter(receipt)
    assert (view.building, view.line.state, view.line.candidates) == ("", "received", ("mumian-3",))
    assert view.line.unplaced == "只是顺带提到的"
    with clock.stopped_at(monday_nine + timedelta(minutes=5)):
        page = signed_in("caiyun").get(f"/desk/matters/{receipt.number}").content.decode()
    assert "只是顺带提到的" in page and "木棉苑3栋" in page


def test_a_district_says_how_sure_a_place_must_be(tell, tmp_path, monkeypatch):
    folder = tmp_path / "intake"
    folder.mkdir()
    row = "{code: placed-from, zh: 定到楼栋要的把握, en: How sure a place must be, value: 0.9}"
    (folder / "placing.yaml").write_text(f'version: "1"\neffective: 2026-01-01\nrows:\n  - {row}\n', encoding="utf-8")
    monkeypatch.setenv("SIQIAN_CATALOGUE_DIR", str(tmp_path))
    locating.placed_from.cache_clear()
    try:
        view = matter(tell("我是松涛苑1栋的业主，楼道灯坏了"))
    finally:
        monkeypatch.delenv("SIQIAN_CATALOGUE_DIR")
        locating.placed_from.cache_clear()
    assert (view.line.state, view.line.candidates) == ("received", ("songtao-1",))
    assert matter(tell("我是松涛苑2栋的业主，楼道灯坏了")).line.state == "assigned"


def test_the_line_in_lists_says_where_what_and_how_bad_where_the_first_words_do_not_fit(tell, signed_in):
    said = "前段时间跟你们说过好几次的那个楼道里面的声控照明灯到现在还是不亮，已经三天了，松涛苑3栋的老人都不敢下楼"
    receipt = tell(said)
    assert receipt.title == "松涛苑3栋楼道照明，三天" == matter(receipt).line.title
    assert tell("松涛苑4栋楼道灯坏了").title == "松涛苑4栋楼道灯坏了"
    with clock.stopped_at(monday_nine + timedelta(minutes=5)):
        desk = signed_in("chen")
        assert "松涛苑3栋楼道照明，三天" in desk.get("/desk").content.decode()
        assert "已经三天了" in desk.get(f"/desk/matters/{receipt.number}").content.decode()
