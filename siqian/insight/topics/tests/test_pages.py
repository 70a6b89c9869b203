"""Topics as people meet them: in the list, on their page, as a file, by programs; each as far as they look after it."""

import csv
import html
import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest

from siqian.insight.topics import actions, queries
from siqian.insight.topics.models import Constraint, Decision, Voice
from siqian.kernel import clock, store
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine

from .told import HOUR, LAMP, WATER, followed, risen, state_of, tell, tellings_of, topic_of

NOW = monday_nine + timedelta(minutes=5)


@pytest.fixture
def visit(signed_in):
    """`visit("liang", "/topics")` asks for a page five minutes later, or sends a form to it, and gives what it says."""

    def ask(who, path, at=NOW, **form):
        visitor = signed_in(who)
        with clock.stopped_at(at):
            return visitor.post(path, form, follow=True) if form else visitor.get(path)

    return ask


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_hottest_stands_on_top_with_its_figures(town, visit):
    for at, house in enumerate(("松涛苑3栋", "木棉苑7栋")):
        tell(LAMP, house, f"1380000000{at}", monday_nine - timedelta(days=6))
    topic, _ = risen()
    page = visit("liang", "/topics")
    numbers = [int(number) for number in re.findall(r'class="what" href="/topics/(\d+)"', page.content.decode())]
    assert numbers[0] == topic and len(numbers) == 2
    assert "6人" in text(page) and "在升温" in text(page) and "供水企业" in text(page)
    assert "榕荫社区 3、木棉社区 2等3个" in text(page)


def test_every_choice_shows_as_many_as_it_says(town, visit):
    topic, _ = risen()
    lamps = [tell(LAMP, "松涛苑3栋", f"1380000000{at}") for at in range(2)]
    followed()
    actions.raise_(topic=topic, by=town.actor("liang"), at=monday_nine)
    actions.close(topic=topic_of(lamps[0]), why="灯都换好了", by=town.actor("liang"), at=monday_nine)
    for shown in queries.SHOWN:
        page = visit("liang", f"/topics?show={shown}")
        said = int(re.search(rf'show={shown}">[^<]*<span class="ct">(\d+)', page.content.decode())[1])
        assert said == len(re.findall(r"<tr data-go>", page.content.decode())), shown


def test_a_search_finds_by_words_and_by_number(town, visit):
    topic, _ = risen()
    tell(LAMP, phone="13800000001"), tell(LAMP, "木棉苑7栋", "13800000002")
    followed()
    assert len(re.findall("<tr data-go>", visit("liang", "/topics?q=停水").content.decode())) == 1
    assert f"/topics/{topic}" in visit("liang", f"/topics?q={topic}").content.decode()
    assert "没有和“广场舞”有关的话题" in text(visit("liang", "/topics?q=广场舞"))


def test_a_quiet_town_says_so(town, visit):
    assert "四周里没有两个人说过同一件事" in text(visit("liang", "/topics"))
    assert "没有在升温的话题" in text(visit("liang", "/topics?show=rising"))


def test_a_topic_says_why_where_since_when_and_in_whose_words(town, visit):
    topic, _ = risen()
    page = visit("liang", f"/topics/{topic}")
    said = text(page)
    assert "在升温：一周里6个人说，之前三周没有人说过。" in said
    assert "松涛苑3栋" in said and "他们怎么说：6句" in said and "老人连喝的水都没有" in said
    assert len(re.findall(r"<circle[^>]*><title>", page.content.decode())) == 6 and "<polygon" in page.content.decode()
    assert said.count("不是这件事") == 6 and "已经立的事：6件" in said


def test_every_telling_of_a_topic_is_reached_page_by_page(town, visit):
    told = [tell(WATER[at % 6], "松涛苑3栋", f"1390000{at:04d}", monday_nine - HOUR * at) for at in range(25)]
    followed()
    topic = topic_of(told[0])
    found = set()
    for page in (1, 2):
        found |= set(re.findall(r'name="telling" value="(\d+)"', visit("liang", f"/topics/{topic}?page={page}").content.decode()))
    assert len(found) == 25 and "25句" in text(visit("liang", f"/topics/{topic}"))


def test_no_name_and_no_telephone_stands_on_any_page(town, visit):
    for at in range(2):
        tell(f"我叫王小明，电话1390000000{at}，{WATER[at]}", phone=f"1390000000{at}")
    followed()
    (line,) = queries.topics(seen_by=OFFICE, at=NOW)
    for path in ("/topics", f"/topics/{line.number}", "/topics/list.csv", "/api/topics", f"/api/topics/{line.number}"):
        body = visit("liang", path).content.decode()
        assert "王小明" not in body and "1390000000" not in body, path


def test_the_desk_takes_one_out_takes_it_back_and_raises_it(town, visit, journal):
    topic, told = risen()
    out = visit("yongqing", f"/topics/{topic}/parts", out=told[0])
    assert "移出去了" in text(out) and "5句" in text(out)
    decision = re.search(r"/topics/decisions/(\d+)/undoing", out.content.decode())[1]
    assert "撤回了" in text(visit("yongqing", f"/topics/decisions/{decision}/undoing", ok="1"))
    assert tellings_of(topic) == set(told)
    raised = visit("yongqing", f"/topics/{topic}/matter", ok="1")
    number = re.search(r"提成了一件事：(\d{4}-\d+)", text(raised))[1]
    again = visit("yongqing", f"/topics/{topic}/matter", ok="1")
    assert number in text(again) and Decision.objects.filter(kind="raise").count() == 1
    matter = visit("yongqing", f"/desk/matters/{number}")
    assert f'href="/topics/{topic}"' in matter.content.decode() and "一周里6个人说同一件事" in text(matter)


def test_the_keeper_reads_the_evidence_and_goes_to_no_topic(town, visit):
    topic, _ = risen()
    number = queries.matter_number(actions.raise_(topic=topic, by=town.actor("liang"), at=monday_nine))
    page = visit("chen", f"/desk/matters/{number}")
    assert f"热点话题{topic}" in text(page) and f'href="/topics/{topic}"' not in page.content.decode()
    assert visit("chen", f"/topics/{topic}").status_code == 403


def test_split_named_merged_and_put_aside_on_the_page(town, visit):
    topic, told = risen()
    visit("liang", f"/topics/{topic}/splits", telling=told[:2], title="松涛苑停水")
    new = topic_of(told[0])
    assert tellings_of(new) == set(told[:2])
    assert "并在一起了" in text(visit("liang", f"/topics/{new}/merger", other=topic, why="还是同一处"))
    assert f"这个话题并到了 话题{topic}" in text(visit("liang", f"/topics/{new}"))
    assert "改好名了" in text(visit("liang", f"/topics/{topic}/name", title="大面积停水"))
    assert "收起了" in text(visit("liang", f"/topics/{topic}/closure", why="水厂已经公告"))
    assert state_of(topic) == "closed"


def test_a_refusal_is_a_page_with_the_sentence(town, visit):
    topic, told = risen()
    answer = visit("liang", f"/topics/{topic}/splits", title="全部", telling=told)
    assert answer.status_code == 400 and "至少留一句" in text(answer)


def test_a_community_sees_its_part_and_that_it_is_one(town, visit):
    topic, _ = risen()
    page = visit("xiujuan", f"/topics/{topic}")
    assert "他们怎么说：3句" in text(page) and "木棉" not in text(page) and "这里的数只算您管的地方" in text(page)
    assert "只算您管的地方" in text(visit("xiujuan", "/topics")) and "3人" in text(visit("xiujuan", "/topics"))
    assert "能看到整个话题的值班台才能提" in text(page) and "不是这件事" not in text(page)
    view = queries.topic(topic, seen_by=town.actor("xiujuan"), at=NOW)
    assert (view.line.warmth.week, view.line.tellings, view.line.communities) == (3, 3, (("ry", 3),))


def test_what_is_told_elsewhere_alone_is_not_there_for_a_community(town, visit):
    told = [tell(WATER[at], "木棉苑7栋", f"1390000000{at}") for at in range(3)]
    followed()
    assert visit("xiujuan", f"/topics/{topic_of(told[0])}").status_code == 404
    assert "停水" not in text(visit("xiujuan", "/topics"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *((who, 200) for who in ("liang", "yongqing", "xiujuan", "leader", "zheng")),
        *((who, 403) for who in ("chen", "qiang", "yan", "su", "zhou")),
    ],
)
def test_who_is_offered_topics_and_who_is_not(town, visit, who, status):
    topic, _ = risen()
    for path in ("/topics", f"/topics/{topic}", "/topics/list.csv", "/api/topics"):
        assert visit(who, path).status_code in ((status,) if status == 200 else (302, 403)), path
    if who != "zhou":
        assert ('href="/topics"' in visit(who, "/desk").content.decode()) == (status == 200)


def test_a_stranger_is_asked_to_sign_in(town, client):
    topic, _ = risen()
    assert client.get("/topics")["Location"].startswith("/sign-in?next=")
    assert client.post(f"/topics/{topic}/matter").status_code == 403 and state_of(topic) == "open"


@pytest.mark.parametrize("path", ["/topics/99", "/topics/decisions/9/undoing", "/topics/99/matter"])
def test_what_is_not_there_is_said_in_a_sentence(town, visit, path):
    answer = visit("liang", path, ok="1") if path != "/topics/99" else visit("liang", path)
    assert answer.status_code == 404 and "没有" in text(answer)


def test_the_database_itself_hides_the_voices_of_other_communities(town, postgres):
    topic, told = risen()
    actions.part(topic=topic, telling=told[0], by=town.actor("liang"), at=monday_nine)
    with store.reading(town.actor("xiujuan")):
        assert Voice.objects.count() == 3 and Constraint.objects.count() == 3
    with store.reading(town.desk("yl")):
        assert Voice.objects.count() == 1


def test_the_files_hold_what_the_list_holds(town, visit):
    topic, _ = risen()
    sheet = visit("liang", "/topics/list.csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["编号", "话题"] and rows[1][0] == str(topic) and rows[1][4] == "6"
    book = ZipFile(io.BytesIO(visit("liang", "/topics/list.xlsx").content))
    assert "供水企业" in book.read("xl/sharedStrings.xml").decode()


def test_programs_meet_the_same_topics(town, visit):
    topic, _ = risen()
    (line,) = visit("liang", "/api/topics").json()["topics"]
    whole = visit("liang", f"/api/topics/{topic}").json()
    assert line["number"] == topic and line["warmth"]["week"] == 6 and line["warmth"]["rising"]
    assert sum(line["days"]) == 6 and whole["tellings"] == len(whole["quotes"]) == 6 and not whole["partial"]
    raised = visit("liang", f"/api/topics/{topic}/matter", ok="1").json()["matter"]
    assert visit("liang", f"/api/topics/{topic}").json()["matter"] == raised
    assert visit("liang", "/api/topics?show=odd").status_code in (400, 422)


def test_the_page_says_it_in_english_too(town, signed_in):
    topic, _ = risen()
    visitor = signed_in("liang")
    visitor.cookies["django_language"] = "en"
    with clock.stopped_at(NOW):
        said = text(visitor.get(f"/topics/{topic}"))
    assert "Rising: 6 people told of it within a week" in said
