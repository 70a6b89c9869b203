"""Words found in what people say."""

from hypothesis import given, strategies as some

from siqian.spine.learn.queries import understand
from siqian.spine.learn.words import Finder, fold


def found(text, *words):
    return [hit.word for hit in Finder((word, word) for word in words).find(fold(text)[0])]


def test_a_word_inside_a_longer_one_does_not_count():
    assert found("垃圾分类点", "垃圾", "垃圾分类") == ["垃圾分类"]


def test_two_words_that_overlap_both_count():
    assert found("楼道灯坏了", "楼道灯", "灯坏了") == ["楼道灯", "灯坏了"]


def test_parts_count_near_each_other_in_any_order():
    assert found("灯在楼梯口坏了", "楼梯+灯") == ["楼梯+灯"]
    assert found("楼梯很干净，物业阿姨每天都来打扫，就是灯不亮", "楼梯+灯") == []


def test_one_character_is_not_two_parts():
    assert found("灯坏", "灯坏+灯") == []


def test_wide_letters_and_blanks_are_folded():
    assert fold("Ｋ Ｔ Ｖ") == ("ktv", [0, 2, 4])
    assert fold("路灯") == ("路灯", None)


@given(some.text(alphabet="路灯坏了电梯孩子 　，。！ＡａA1里面卡住\n", max_size=80))
def test_places_always_lie_in_the_text(text):
    read = understand(text)
    spans = [span for part in (*read.guesses, *read.risks) for span in part.spans]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert len(read.title) <= 20


@given(some.text(max_size=200))
def test_no_text_breaks_the_reading(text):
    assert understand(text).kind
