"""What people here call things is learned from what was confirmed, checked against what stood, used, and taken back."""

from datetime import timedelta
from itertools import product

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, files
from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refusal, Refused
from siqian.spine.learn import actions as learn, queries as understanding, standing
from siqian.spine.learn.models import Lesson, Trained
from siqian.spine.matters import actions as matters, queries
from siqian.spine.matters.tests.test_walk import teller
from siqian.testing import monday_nine
from siqian.web import refitting

BOXES, NOISE, WASTE, LAMP, BUS = "7.2.2", "4.1.5", "1.1.1", "2.2.2", "5.1.1"
# As this estate says it: 蜂窝箱 are the new electricity boxes, and the list thinks of wasps.
SAID = {
    BOXES: ("蜂窝箱盖子没了", "蜂窝箱里面进水", "蜂窝箱倒了", "蜂窝箱歪了"),
    NOISE: ("铁皮棚夜里敲个不停", "铁皮棚那边喇叭响", "铁皮棚五点就开工", "铁皮棚吵得人睡不着"),
    WASTE: ("老榕树下堆满了东西", "老榕树旁边臭得很", "老榕树底下全是叶子", "老榕树周围脏兮兮"),
}
WHERE = ("门口的", "路边", "广场上", "后面", "拐角", "坡上")
MORE = (*WHERE, "七栋旁", "南门外", "车库口", "菜场边", "学校后", "桥头", "球场", "邮局旁")
NIGHT = monday_nine + timedelta(days=20, hours=17, minutes=30)


@pytest.fixture(autouse=True)
def night():
    with clock.stopped_at(NIGHT):
        yield


def tell(town, text, at=monday_nine, **more):
    code = town.place("松涛苑3栋").building
    return intake.take(message=Message(text=text, channel="web", building=code, apart=True, **more), by=OFFICE, at=at)


def corrected(town, where=WHERE, days=20):
    """Seventy-two matters, each told apart and ruled by the desk; gives their receipts."""
    receipts, desk = [], town.desk("rj")
    step = timedelta(days=days) / (len(where) * len(SAID))
    for number, (spot, (item, ways)) in enumerate(product(where, SAID.items())):
        for way in ways:
            at = monday_nine + number * step
            receipt = tell(town, f"{spot}{way}", at=at)
            matters.assign(matter=receipt.matter, item=item, by=desk, at=at)
            receipts.append(receipt)
    return receipts


def settled(town, receipt, at):
    chen = town.actor("chen")
    matters.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=at)
    matters.close(matter=receipt.matter, text="换了新的灯座，试过亮了", by=chen, at=at)
    matters.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at + timedelta(hours=1))


def lessons(receipt):
    return list(Lesson.objects.filter(about=f"matter:{receipt.matter}").order_by("id").values_list("item", "how", "guess", "sure"))


def test_a_ruling_teaches_and_a_matter_settled_as_what_it_was_thought_confirms(town):
    unsure = tell(town, "老榕树下堆满了东西")
    matters.assign(matter=unsure.matter, item=WASTE, by=town.desk("rj"), at=monday_nine)
    (ruled,) = lessons(unsure)
    assert ruled[:2] == (WASTE, "ruled") and not ruled[3]
    lamp = tell(town, "3栋东边楼梯2楼的灯坏了")
    settled(town, lamp, monday_nine)
    assert lessons(lamp) == [(LAMP, "settled", LAMP, True)]


def test_what_was_ruled_is_not_confirmed_a_second_time_by_the_same_rating(town):
    receipt = tell(town, "老榕树下堆满了东西")
    matters.assign(matter=receipt.matter, item=WASTE, by=town.desk("rj"), at=monday_nine)
    settled(town, receipt, monday_nine)
    assert [how for _, how, _, _ in lessons(receipt)] == ["ruled"]


def test_calling_it_something_with_a_longer_term_teaches_nothing_even_when_it_is_settled_then(town):
    receipt = tell(town, "3栋东边楼梯2楼的灯坏了")
    matters.assign(matter=receipt.matter, item=BUS, by=town.desk("rj"), at=monday_nine)
    settled(town, receipt, monday_nine)
    assert lessons(receipt) == []


def test_what_names_somebody_is_not_learned_from(town):
    receipt = tell(town, "举报3栋楼下的店偷税漏税")
    matters.assign(matter=receipt.matter, item=WASTE, by=town.desk("rj"), at=monday_nine)
    assert queries.seen(receipt.number, seen_by=OFFICE, at=monday_nine).line.number and lessons(receipt) == []


def test_a_night_teaches_what_this_estate_calls_things_a_person_approves_and_the_next_one_goes_out_by_itself(town, journal):
    corrected(town, MORE)
    before = understanding.understand("坡下的蜂窝箱坏了")
    assert before.item != BOXES
    made = refitting.refit()
    assert not isinstance(made, Refusal) and made is not None and made.passed, made
    assert understanding.understand("坡下的蜂窝箱坏了").item == before.item, "the first one waits for a person"
    (line,) = standing.models(seen_by=OFFICE)
    learn.approve(model=line.id, by=town.desk("rj"), at=NIGHT)
    read = understanding.understand("坡下的蜂窝箱坏了")
    assert (read.item, read.version) == (BOXES, f"words-1+{line.id}")
    receipt = tell(town, "坡下的蜂窝箱坏了", at=NIGHT)
    view = queries.seen(receipt.number, seen_by=OFFICE, at=NIGHT)
    assert view.line.item == BOXES and view.line.state == "assigned"
    assert view.tellings[0].understood["version"] == f"words-1+{line.id}"
    assert any(stage == "class" for _, _, stage in view.tellings[0].understood["spans"])
    assert journal.of(f"model:{line.id}") == ["model.trained", "model.posted"]


def test_where_words_were_certain_and_wrong_they_are_not_believed_alone_any_more(town):
    corrected(town)
    refitting.refit()
    learn.approve(model=Trained.objects.get().id, by=town.desk("rj"), at=NIGHT)
    read = understanding.understand("坡下的蜂窝箱坏了")
    assert read.unsure and read.guesses[0].item == BOXES and read.guesses[1].item == "15.6.3", "too few to go out by itself"


def test_an_emergency_is_called_whatever_was_learned(town):
    corrected(town)
    refitting.refit()
    learn.approve(model=Trained.objects.get().id, by=town.desk("rj"), at=NIGHT)
    assert understanding.understand("蜂窝箱着火了，快来人").calls == ["119"]


def test_one_try_a_day_and_one_that_was_cut_off_is_taken_up_again(town):
    first = learn.begin_night(by=OFFICE, at=NIGHT)
    assert first and learn.begin_night(by=OFFICE, at=NIGHT + timedelta(minutes=10)) is None
    assert learn.begin_night(by=OFFICE, at=NIGHT + standing.LONGEST_TRY) == first
    learn.end_night(night=first, why=Refusal("没有"), by=OFFICE, at=NIGHT)
    assert learn.begin_night(by=OFFICE, at=NIGHT + standing.LONGEST_TRY) is None
    assert learn.begin_night(by=OFFICE, at=NIGHT, anew=True) == first
    assert learn.begin_night(by=OFFICE, at=NIGHT + timedelta(days=1)) != first


def test_two_workers_begin_the_night_once(postgres, race, town):
    finishes = race(*(lambda: learn.begin_night(by=OFFICE, at=NIGHT) for _ in range(2)))
    assert sorted(finish.value is None for finish in finishes) == [False, True], finishes


def test_with_too_little_the_night_says_what_is_missing_and_words_go_on(town):
    tell(town, "老榕树下堆满了东西")
    made = refitting.refit()
    assert isinstance(made, Refusal) and "至少要" in made.why
    night = standing.last_night(seen_by=OFFICE)
    assert night is not None and night.why is not None and night.model == 0
    assert not list(files.place("ab").parent.parent.glob("*.npz"))


def test_the_night_begins_in_the_small_hours_once_a_day_and_the_first_as_soon_as_there_is_enough(town):
    assert not understanding.night_is_due(at=NIGHT)
    corrected(town)
    assert understanding.night_is_due(at=NIGHT)
    refitting.refit()
    assert not understanding.night_is_due(at=NIGHT + timedelta(hours=1))
    midnight = clock.local(NIGHT).replace(hour=0, minute=30) + timedelta(days=1)
    assert not understanding.night_is_due(at=midnight)
    assert understanding.night_is_due(at=midnight + timedelta(hours=2))


def test_back_in_one_step_and_then_the_next_waits_for_a_person(town):
    corrected(town)
    refitting.refit()
    desk, first = town.desk("rj"), Trained.objects.get().id
    learn.approve(model=first, by=desk, at=NIGHT)
    with pytest.raises(BadInput):
        learn.roll_back(why=" ", by=desk, at=NIGHT)
    learn.roll_back(why="把装修垃圾认成噪声", by=desk, at=NIGHT)
    assert understanding.served() is None and understanding.understand("坡下的蜂窝箱坏了").version == "words-1"
    with pytest.raises(Refused):
        learn.roll_back(why="再退", by=desk, at=NIGHT)
    refitting.refit(anew=True)
    assert understanding.served() is None, "after a roll-back nothing comes into force by itself"
    learn.approve(model=Trained.objects.order_by("-id")[0].id, by=desk, at=NIGHT)
    learn.approve(model=first, by=desk, at=NIGHT)
    learn.roll_back(why="回到新的", by=desk, at=NIGHT)
    served = understanding.served()
    assert served is not None and served.number == Trained.objects.order_by("-id")[0].id


def test_who_may_not_and_what_did_not_pass_puts_nothing_in_force(town):
    corrected(town)
    refitting.refit()
    first = Trained.objects.get().id
    with pytest.raises(NotYours):
        learn.approve(model=first, by=town.actor("chen"), at=NIGHT)
    learn.approve(model=first, by=town.desk("rj"), at=NIGHT)
    made = refitting.refit(anew=True)
    assert not isinstance(made, Refusal) and made is not None and not made.passed
    with pytest.raises(Refused) as error:
        learn.approve(model=Trained.objects.order_by("-id")[0].id, by=town.desk("rj"), at=NIGHT)
    assert "没过关" in error.value.refusal.why


def test_weights_that_are_gone_leave_the_words_and_cannot_be_approved(town):
    corrected(town)
    refitting.refit()
    row = Trained.objects.get()
    files.place(row.weights).unlink()
    with pytest.raises(Refused):
        learn.approve(model=row.id, by=town.desk("rj"), at=NIGHT)
    assert understanding.understand("坡下的蜂窝箱坏了").version == "words-1"


def test_when_too_much_goes_out_wrongly_the_threshold_rises_by_itself(town):
    corrected(town, MORE)
    refitting.refit()
    row = Trained.objects.get()
    learn.approve(model=row.id, by=town.desk("rj"), at=NIGHT)
    desk = town.desk("rj")
    assert understanding.understand("坡下铁皮棚又响了").item == NOISE
    for number in range(60):
        receipt = tell(town, f"坡下铁皮棚第{number}回响了", at=NIGHT)
        # The sheds were cleared; from now on it is the electricity that hums there.
        matters.assign(matter=receipt.matter, item=BOXES, by=desk, at=NIGHT)
    refitting.raise_threshold(at=NIGHT)
    served = understanding.served()
    assert served is not None and served.limits.floor > 0
    assert understanding.understand("坡下铁皮棚又响了").unsure
    refitting.raise_threshold(at=NIGHT)
    assert standing.Raised.objects.count() == 1


def test_the_page_says_how_it_does_what_waits_and_takes_it_back(town, signed_in):
    page = signed_in("liang").get("/desk/learning").content.decode()
    assert "只用规则" in page and "尚未在本区核验" in page and "还没有学过" in page
    corrected(town)
    refitting.refit()
    row = Trained.objects.get()
    liang = signed_in("liang")
    page = liang.get("/desk/learning").content.decode()
    assert "等人批" in page and "确认过72件" in page
    assert "和原来的比" in liang.get(f"/desk/learning/{row.id}").content.decode()
    assert liang.post(f"/desk/learning/{row.id}/approval").status_code == 302
    assert "规则加第" in liang.get("/desk/learning").content.decode()
    assert liang.post("/desk/learning/rollback", {"why": ""}).status_code == 400
    assert liang.post("/desk/learning/rollback", {"why": "认错了"}).status_code == 302
    assert "认错了" in liang.get("/desk/learning").content.decode()
    assert signed_in("chen").post(f"/desk/learning/{row.id}/approval").status_code == 403
    assert liang.get("/desk/learning/99").status_code == 404


def test_no_number_of_whoever_told_it_goes_into_what_is_learned(town):
    corrected(town)
    texts = queries.texts_of({1, 2, 3})
    assert set(texts) == {1, 2, 3} and "13800138000" not in "".join(
        queries.texts_of({tell(town, "蜂窝箱坏了，电话13800138000").matter}).values()
    )
