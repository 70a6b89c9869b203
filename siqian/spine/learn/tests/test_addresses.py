"""Parts of an address, learned from marked ones."""

from itertools import product

import pytest
from hypothesis import given, strategies as some

from siqian.spine.learn.trained.addresses import Parser, Part, parts_of, trained, traits_of

CITIES, ROADS = ("深圳市", "广州市", "东莞市"), ("梅龙路", "人民北路", "清湖大道", "和平路")


def marked(city, road, number, house):
    parts = (("city", city), ("road", road), ("roadno", f"{number}号"), ("houseno", f"{house}栋"))
    return [(letter, ("I-" if at else "B-") + label) for label, words in parts for at, letter in enumerate(words)]


@pytest.fixture(scope="module")
def parser(tmp_path_factory):
    known = [marked(*one) for one in product(CITIES, ROADS, (3, 27, 108), (1, 12))]
    return trained(known, tmp_path_factory.mktemp("crf") / "scratch")


def test_an_address_that_was_never_seen_falls_into_its_parts(parser):
    assert [("惠州市长江路35号6栋"[part.start : part.end], part.label) for part in parser.parts("惠州市长江路35号6栋")] == [
        ("惠州市", "city"),
        ("长江路", "road"),
        ("35号", "roadno"),
        ("6栋", "houseno"),
    ]


def test_what_was_kept_answers_alike_and_another_version_is_refused(parser, tmp_path):
    parser.save(tmp_path / "address.npz")
    kept = Parser.load(tmp_path / "address.npz")
    for address in ("深圳市梅龙路3号1栋", "", "不是地址", "东莞市和平路"):
        assert kept.marks(address) == parser.marks(address)


@given(some.text(max_size=30))
def test_any_text_has_traits_for_each_character(text):
    assert len(traits_of(text)) == len(text)


@pytest.mark.parametrize(
    ("marks", "parts"),
    [
        (["B-a", "I-a", "O", "I-b", "I-b", "B-b"], [Part(0, 2, "a"), Part(3, 5, "b"), Part(5, 6, "b")]),
        (["Ba", "Ia", "Bb"], [Part(0, 2, "a"), Part(2, 3, "b")]),
        ([], []),
    ],
)
def test_marks_become_parts(marks, parts):
    assert parts_of(marks) == parts
