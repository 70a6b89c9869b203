"""A night of learning: what is held back, what is compared, when a model is promoted and when it is not."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import BadInput
from siqian.spine.learn.queries import reader_of
from siqian.spine.learn.refitting import FEWEST, Lesson, Measured, Served, refit, verdict
from siqian.spine.learn.trained.classifier import Model
from siqian.spine.remit.rules import UNSURE, Item

NOW = datetime(2026, 7, 13, 2, 30, tzinfo=TOWN)
# What residents call things here, which no list knows: 蜂窝 of the grid's own boxes, 铁皮 of a market, 老榕 of a place.
SAID = {
    "1.1.1": ("路口的蜂窝箱又歪了", "蜂窝箱盖子没了", "那个蜂窝箱吱吱响", "蜂窝箱倒在人行道上", "蜂窝箱里面进水"),
    "2.1.1": ("铁皮棚那边夜里敲个不停", "铁皮棚的人半夜卸货", "铁皮棚吵得睡不着", "铁皮棚早上五点开工", "铁皮棚喇叭一直响"),
    "3.1.1": ("老榕树下堆满了东西", "老榕树那里没人扫", "老榕树旁边臭得很", "老榕树底下全是叶子", "老榕树周围脏"),
}
WHERE = ("三栋", "北门", "五栋一单元", "乐园旁", "菜场口", "幼儿园对面", "七栋天台", "小广场", "六号楼后面", "车库出口")
NAMES = {"1.1.1": "设施", "2.1.1": "噪声", "3.1.1": "环境"}


def item(code, zh, words=()):
    return Item(code=code, zh=zh, en=zh, lead="u", words=words, sample=zh)


ITEMS = {code: item(code, zh, (f"{zh}问题",)) for code, zh in NAMES.items()} | {UNSURE: item(UNSURE, "待认定")}
READER = reader_of(ITEMS)


def lessons(said=SAID, days=60):
    told = [(code, f"{where}{way}，麻烦来看看") for where, (code, ways) in product(WHERE, said.items()) for way in ways]
    step = timedelta(days=days) / len(told)
    return [Lesson(f"matter:{number}", text, code, NOW - timedelta(days=days) + number * step) for number, (code, text) in enumerate(told)]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "model.npz"


def test_what_no_list_knew_is_known_after_a_night_and_goes_out_by_itself(out):
    made = refit(lessons(), None, READER, out, at=NOW)
    assert made.passed and made.why == "better"
    assert made.frozen_before.first < 0.5 < 0.9 < made.frozen.first
    assert made.frozen_before.sent == 0 and made.frozen.sent > 0.5 and made.frozen.sent_right >= 0.95
    served = Served(Model.load(out), made.limits, 1)
    text = "东门口的蜂窝箱翻了"
    read = served.understand(READER.understand(text), text)
    assert (read.item, read.unsure, read.version) == ("1.1.1", False, "words-1+1")
    assert "蜂窝箱" in "".join(text[span.start : span.end] for span in read.guesses[0].spans)


def test_a_few_dozen_corrections_already_help(out):
    few = lessons()[:60]
    made = refit(few, None, READER, out, at=NOW)
    assert made.passed and made.frozen.first > made.frozen_before.first


def test_the_same_lessons_make_the_same_model_and_their_order_does_not_matter(tmp_path):
    told = lessons()
    one = refit(told, None, READER, tmp_path / "one.npz", at=NOW)
    other = refit(told[::-1], None, READER, tmp_path / "other.npz", at=NOW)
    assert (one.weights, one.sha256, one.limits, one.f1) == (other.weights, other.sha256, other.limits, other.f1)


def test_what_is_kept_for_comparing_tonight_is_kept_on_every_night(tmp_path):
    told = lessons()
    first = refit(told, None, READER, tmp_path / "one.npz", at=NOW)
    # A month later there is more to learn from; what was never learned from still is not.
    later = refit([*told, *_more(told)], None, READER, tmp_path / "other.npz", at=NOW + timedelta(days=30))
    assert later.frozen.messages >= first.frozen.messages and later.learned > first.learned


def test_a_model_that_is_no_better_is_held_back(tmp_path):
    told = lessons()
    stands = refit(told, None, READER, tmp_path / "one.npz", at=NOW)
    standing = Served(Model.load(tmp_path / "one.npz"), stands.limits, 1)
    again = refit(told, standing, READER, tmp_path / "other.npz", at=NOW)
    assert not again.passed and again.why == "not_better"
    assert again.frozen == again.frozen_before


GOOD = Measured(messages=50, first=0.9, macro_f1=0.88, sent=0.7, sent_right=0.96)


@pytest.mark.parametrize(
    ("frozen", "lately", "lost", "why"),
    [
        ({"macro_f1": 0.9}, {}, {}, "better"),
        ({"macro_f1": 0.9}, {"macro_f1": 0.89}, {}, "better"),
        ({}, {}, {}, "not_better"),
        ({"macro_f1": 0.9}, {"macro_f1": 0.87}, {}, "not_better"),
        ({"macro_f1": 0.9}, {}, {"1.1.1": 0.03}, "an_item_lost"),
        ({"macro_f1": 0.9, "sent_right": 0.94}, {}, {}, "too_often_wrong"),
        ({"macro_f1": 0.9, "sent": 0.0, "sent_right": 0.0}, {}, {}, "better"),
        ({"macro_f1": 0.9}, {"messages": 0, "macro_f1": 0.0}, {}, "better"),
    ],
)
def test_promoted_only_when_better_and_no_item_pays(frozen, lately, lost, why):
    pairs = [(replace(GOOD, **frozen), GOOD), (replace(GOOD, **lately), GOOD)]
    assert verdict(pairs, lost) == why


def test_too_few_are_refused_with_what_is_missing_and_no_file_is_left(out):
    with pytest.raises(BadInput) as error:
        refit(lessons()[: FEWEST // 2], None, READER, out, at=NOW)
    assert str(FEWEST) in error.value.refusal.why and not out.exists()
    with pytest.raises(BadInput):
        refit(lessons({"1.1.1": SAID["1.1.1"]}), None, READER, out, at=NOW)


def _more(told):
    return [
        Lesson(f"later:{number}", f"{lesson.text}，又来说一回{number}", lesson.item, NOW + timedelta(days=20))
        for number, lesson in enumerate(told)
    ]
