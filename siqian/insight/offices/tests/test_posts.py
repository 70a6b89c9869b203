"""Posts kept on a page: opened where the duty fits, renamed, closed when nothing hangs on them, restored."""

from datetime import date, timedelta

import pytest

from siqian.insight.offices import actions, jobs
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, store
from siqian.kernel.permits import ANYONE, OFFICE, NotFound, NotYours, Refused
from siqian.spine.matters import actions as matters
from siqian.testing import monday_nine
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.people.rules import TurnRow
from siqian.trades.tasks import queries as tasks

ACT = {"at": monday_nine}
TODAY, FRIDAY = date(2026, 7, 13), date(2026, 7, 17)
ALWAYS = tuple((weekday, 0, 24 * 60) for weekday in range(7))


@pytest.fixture
def min_(offices):
    return offices.actor("min")


@pytest.fixture
def second(offices, min_):
    """A second keeper of 榕荫2格, 苏敏仪, beside 陈志明."""
    code = people_actions.open_post(duty="keeper", area="ry-g2", name="榕荫2格夜班网格员", by=min_, **ACT)
    people_actions.take_seats(turns=[TurnRow(1, code, "su", TODAY, None, ALWAYS)], by=OFFICE, **ACT)
    return code


@pytest.fixture
def lamp(offices):
    """A lamp of 松涛苑3栋, which is 陈志明's."""
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=offices.building("松涛苑3栋"))
    return intake.take(message=message, by=ANYONE, **ACT)


def entry(code, seen_by, at=monday_nine):
    return people.post_entry(code, seen_by=seen_by, at=at)


def test_a_post_is_opened_where_its_duty_fits_and_twice_is_once(offices, min_, journal):
    codes = {people_actions.open_post(duty="volunteer", area="ry-g2-c1", name="1组志愿者", by=min_, **ACT) for _ in range(2)}
    assert len(codes) == 1 and journal.of(f"post:{(code := codes.pop())}") == ["post.opened"]
    assert entry(code, min_).name_en == "Rongyin Grid 2 Cell 1 volunteer"
    people_actions.open_post(duty="volunteer", area="ry-g2-c1", name="另一位志愿者", by=min_, **ACT)
    for duty, area, why in (
        ("volunteer", "ry", "榕荫社区不设志愿者"),
        ("keeper", "ry-g2-c1", "榕荫2格1组不设网格员"),
        ("system_admin", "rj", "榕江区不设system_admin"),
        ("keeper", "nowhere", "没有nowhere这个网格"),
    ):
        with pytest.raises(Refused, match=why):
            people_actions.open_post(duty=duty, area=area, name="某岗位", by=min_, **ACT)
    with pytest.raises(Refused, match="1到60个字"):
        people_actions.open_post(duty="keeper", area="ry-g2", name="  ", by=min_, **ACT)
    with pytest.raises(Refused, match="哪个单位"):
        people_actions.open_post(duty="handler", area="st", name="承办人", by=min_, **ACT)


def test_committee_and_members_fit_blocks_and_grids_social_workers_grids_volunteers_building_grids(offices):
    block, grid, cell = ({*people.duties_at(level)} for level in (3, 4, 5))
    assert {"committee", "party_member"} <= block & grid and "social_worker" in grid and "volunteer" in cell
    assert "volunteer" not in grid and "keeper" not in block | cell


def test_only_the_system_administrator_keeps_posts_and_never_administrators(offices, min_):
    keeper = offices.post("keeper", "ry-g1")
    for who in ("an", "shen", "liang", "xiujuan", "chen", "zheng"):
        stranger = offices.actor(who)
        for verb in (people_actions.rename_post, people_actions.restore_post):
            more = {"name": "别的"} if verb is people_actions.rename_post else {}
            with pytest.raises(NotYours):
                verb(post=keeper, **more, by=stranger, **ACT)
        with pytest.raises(NotYours):
            actions.close_post(post=keeper, day=FRIDAY, by=stranger, **ACT)
        with pytest.raises(NotYours):
            people_actions.open_post(duty="keeper", area="ry-g1", name="多一个", by=stranger, **ACT)
        with pytest.raises(NotYours):
            people.posts(seen_by=stranger, at=monday_nine, path="/")
    for verb in (people_actions.restore_post, lambda **act: actions.close_post(day=FRIDAY, **act)):
        with pytest.raises(NotFound):
            verb(post="rj:security_admin", by=min_, **ACT)


def test_a_renamed_post_keeps_who_sits_there(offices, min_, journal):
    keeper = offices.post("keeper", "ry-g2")
    for _ in range(2):
        people_actions.rename_post(post=keeper, name="松涛苑网格员", name_en="Songtao Court grid worker", by=min_, **ACT)
    assert journal.of(f"post:{keeper}") == ["post.renamed"]
    assert (entry(keeper, min_).name, entry(keeper, min_).held[0][0]) == ("松涛苑网格员", "陈志明")
    assert people.post_line(keeper)[1] == "Songtao Court grid worker"


def test_the_only_keeper_of_a_grid_is_not_closed(offices, min_):
    with pytest.raises(Refused, match=r"榕荫2格只有.*这一个网格员.*先在这里新设一个"):
        actions.close_post(post=offices.post("keeper", "ry-g2"), day=FRIDAY, by=min_, **ACT)
    with pytest.raises(Refused, match="今天或以后"):
        actions.close_post(post=offices.post("doctor", "ry"), day=TODAY - timedelta(days=1), by=min_, **ACT)


def test_what_is_open_is_handed_on_first(offices, min_, lamp, second, journal):
    keeper = offices.post("keeper", "ry-g2")
    with pytest.raises(Refused, match=r"手上还有1件没办完，今天撤不了。先请值班台把它们转给榕荫2格夜班网格员"):
        actions.close_post(post=keeper, day=TODAY, by=min_, **ACT)
    assert entry(keeper, min_).closes is None and journal.of(f"post:{keeper}") == []
    actions.close_post(post=keeper, day=FRIDAY, by=min_, **ACT)
    friday = monday_nine + timedelta(days=4)
    assert people.owner_at(offices.area("ry-g2").path, at=friday).post == second
    assert jobs.close_what_is_due(at=friday) == 0 and entry(keeper, min_, friday).ended is None
    matters.move(matter=lamp.matter, post=second, why="岗位要撤", by=offices.desk("ry"), **ACT)
    assert jobs.close_what_is_due(at=friday) == 1 and jobs.close_what_is_due(at=friday) == 0
    assert journal.of(f"post:{keeper}") == ["post.winding_up", "post.closed"] and entry(keeper, min_, friday).ended == FRIDAY
    with store.reading_all():
        assert tasks.owed_by([keeper, second]) == {second: 1}


def test_a_closed_post_is_restored_with_its_seat_until_the_day_is_over_and_empty_later(offices, min_, second, journal):
    for day, at, held in ((FRIDAY, monday_nine, 1), (TODAY, monday_nine, 1), (TODAY, monday_nine + timedelta(days=2), 0)):
        actions.close_post(post=second, day=day, by=min_, **ACT)
        actions.close_post(post=second, day=day, by=min_, **ACT)
        for _ in range(2):
            people_actions.restore_post(post=second, by=min_, at=at)
        found = entry(second, min_, at)
        assert (found.closes, found.ended, len(found.held)) == (None, None, held)
    names = journal.of(f"post:{second}")
    assert names.count("post.restored") == 3 and names.count("post.winding_up") == 3 and names.count("post.closed") == 2


def test_of_two_keepers_of_a_grid_closed_at_once_one_stays(offices, min_, second, race):
    pair = [
        lambda post=post: actions.close_post(post=post, day=FRIDAY, by=min_, **ACT) for post in (second, offices.post("keeper", "ry-g2"))
    ]
    assert sorted(finish.ok for finish in race(*pair)) == [False, True]


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_the_pages_of_posts(offices, signed_in):
    page = signed_in("min")
    every = text(page.get("/desk/posts"))
    assert "岗位" in every and "下一页" not in text(page.get("/desk/posts?q=陈志明")) and "区security_admin" not in every
    assert "罗大勇" in text(page.get("/desk/posts?duty=keeper&level=4&area=yl")) and "没有这样的岗位" in text(
        page.get("/desk/posts?duty=keeper&level=2")
    )
    assert "榕荫2格1组" in text(page.get("/desk/posts/new?q=榕荫2格")) and "没有“无”" in text(page.get("/desk/posts/new?q=无"))
    form = text(page.get("/desk/posts/new?area=ry-g2-c1"))
    assert "志愿者" in form and "社区书记" not in form
    wrong = text(page.post("/desk/posts/openings", {"area": "ry-g2-c1", "duty": "desk", "name": "写好的名称"}), 400)
    assert "不设值班台" in wrong and "写好的名称" in wrong
    answer = page.post("/desk/posts/openings", {"area": "ry-g2-c1", "duty": "volunteer", "name": "1组志愿者"})
    assert answer.status_code == 302 and "没有人坐" in text(page.get(answer["Location"]))
    where = answer["Location"]
    assert page.post(f"{where}/name", {"name": "阿姨志愿者"}).status_code == 302 and "阿姨志愿者" in text(page.get(where))
    assert "2026-07-20" in text(page.post(f"{where}/closure", {"day": "soon"}), 400)
    assert page.post(f"{where}/closure", {"day": "2100-01-01"}).status_code == 302 and "不撤了" in text(page.get(where))
    assert page.post(f"{where}/restoration").status_code == 302 and "那天起撤掉这个岗位" in text(page.get(where))
    assert "这一个网格员" in text(page.post(f"/desk/posts/{offices.post('keeper', 'ry-g1')}/closure", {"day": "2100-01-01"}), 409)
    assert page.get("/desk/posts/nothing").status_code == 404


def test_others_have_no_page_of_posts(offices, signed_in, client):
    for who in ("an", "shen", "chen", "liang", "zheng"):
        assert {signed_in(who).get(path).status_code for path in ("/desk/posts", "/desk/posts/new?q=a", "/desk/posts/x")} == {403}
    assert client.get("/desk/posts").status_code == 302


def test_a_long_list_of_posts_is_paged(offices, min_, signed_in):
    for number in range(40):
        people_actions.open_post(duty="party_member", area="ry-g1", name=f"党员{number}", by=min_, **ACT)
    page = signed_in("min")
    assert "下一页" in text(page.get("/desk/posts?duty=party_member")) and "上一页" in text(
        page.get("/desk/posts?duty=party_member&page=2")
    )


def test_in_english_pages_and_refusals_hold_no_chinese(offices, min_, lamp, second, signed_in):
    page = signed_in("min")
    page.cookies["django_language"] = "en"
    keeper = offices.post("keeper", "ry-g2")
    people_actions.rename_post(post=keeper, name="网格员", name_en="Grid worker by day", by=min_, **ACT)
    with clock.stopped_at(monday_nine):
        open_still = text(page.post(f"/desk/posts/{keeper}/closure", {"day": "2026-07-13"}), 409)
        alone = text(page.post(f"/desk/posts/{offices.post('keeper', 'ry-g1')}/closure", {"day": "2026-07-13"}), 409)
        unfit = text(page.post("/desk/posts/openings", {"area": "ry", "duty": "keeper", "name": "x"}), 400)
    assert "Grid worker by day still has 1 open" in open_still and "hand them to Rongyin Grid 2 grid worker" in open_still
    assert "is the only post of its duty (Grid worker) in Rongyin Grid 1" in alone
    assert "Rongyin Community has no posts of this duty (Grid worker)" in unfit
    every = text(page.get("/desk/posts"))
    assert "Community secretary" in every and "Chen Zhiming" in every
