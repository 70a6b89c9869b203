"""How answers are found: by pairs of letters, the rare ones first; and what counts as a question."""

import pytest

from siqian.spine.answers import queries, rules
from siqian.spine.answers.rules import Entry, Index

from .written import draft

TOWN = (
    Entry(1, "居住证怎么办，要什么材料", "带身份证和租赁合同到派出所。", "身份证居住证 居住证+办", "15.4.2"),
    Entry(2, "身份证丢了怎么补办", "到派出所挂失，带户口簿。", "身份证居住证", "15.4.2"),
    Entry(3, "房东不退押金怎么要回来", "看合同，到租赁所调解。", "房屋押金租金纠纷 押金", "3.4.1"),
    Entry(3, "My landlord keeps the deposit", "Read the contract, go to mediation.", "Deposits and rents", "3.4.1"),
)


@pytest.fixture
def index():
    return Index(TOWN, filler=("怎么办", "怎么", "请问", "什么"), stop=("my", "the", "to"))


def test_a_term_of_the_question_proves_more_than_one_of_the_text(index):
    assert [hit.id for hit in index.find("身份证")] == [2, 1]
    assert index.find("派出所")[0].score < index.find("身份证")[0].score


def test_filler_finds_nothing(index):
    assert index.find("请问怎么办") == [] and index.find("") == [] and index.find("！？") == []


def test_what_was_understood_lifts_answers_about_the_same(index):
    plain, lifted = (index.find("合同", item=item)[0] for item in ("", "3.4.1"))
    assert lifted.id == 3 and lifted.score > plain.score


def test_an_answer_in_two_languages_is_found_once(index):
    assert [hit.id for hit in index.find("deposits")] == [3]
    assert [hit.id for hit in index.find("押金 deposit")] == [3]


def test_wide_letters_and_capitals_are_the_same(index):
    assert index.find("ＤＥＰＯＳＩＴ") == index.find("deposit")


def test_a_long_letter_finds_what_its_question_is_about(index):
    letter = "你好，我在这边住了三年，" * 30 + "现在搬走了，房东不退押金，请问怎么要"
    assert index.find(letter)[0].id == 3


def test_beside_the_best_only_what_comes_near_it(index):
    assert [hit.id for hit in index.find("身份证丢了", near=0.65)] == [2]
    assert [hit.id for hit in index.find("身份证丢了")] == [2, 1]


def test_an_empty_knowledge_base_answers_nothing():
    assert Index(()).find("居住证") == []


@pytest.mark.parametrize(
    ("text", "kind", "asks"),
    [
        ("楼道灯坏了", "complaint", False),
        ("楼道灯坏了，有没有人管", "complaint", False),
        ("怎么还不来修", "complaint", False),
        ("楼道灯坏了找谁修", "complaint", True),
        ("高龄津贴", "consult", True),
        ("Where do I register my dog", "complaint", True),
        ("电动车能不能推上楼？", "report", True),
    ],
)
def test_what_counts_as_a_question(text, kind, asks):
    words = {name: queries._words(name) for name in ("kinds", "asks", "unless")}
    assert rules.is_question(text, kind, **words) is asks


LETTER = (
    "这栋楼的电梯这个月坏了四次，老人上不去，孩子下不来，物业每次都说在等配件。我们问过业主委员会，"
    "业主委员会说小区刚成立，账上没有钱。电梯到底什么时候能修好，请派人来看一看，给大家一个准话。"
)


def test_a_long_letter_wants_a_person_and_meets_no_answer_about_what_it_only_mentions():
    words = {name: queries._words(name) for name in ("kinds", "asks", "unless")}
    assert len(LETTER) > 80 and not rules.is_question(LETTER, "complaint", **words) and rules.is_question(LETTER, "consult", **words)
    assert not rules.is_about(LETTER, "8.1.2", "3.3.1") and rules.is_about(LETTER, "8.1.2", "8.1.5")
    assert rules.is_about("小区怎么成立业主委员会", "8.1.2", "3.3.1"), "in a short question everything counts"


def test_differences_read_as_what_went_and_what_came():
    assert rules.changes("带身份证", "带户口本、身份证") == [("same", "带"), ("in", "户口本、"), ("same", "身份证")]
    old, new = draft(), draft(text="带身份证去派出所，十五天发证。", unit="police", basis="《居住证暂行条例》")
    found = dict(rules.changed(old, new))
    assert set(found) == {"text", "unit", "basis"} and found["basis"] == [("in", "《居住证暂行条例》")]
    assert found["unit"] == [("out", "police-post"), ("in", "police")], "a code is read as a whole"
    assert rules.changes("十五天", "七天") == [("out", "十五"), ("in", "七"), ("same", "天")]
