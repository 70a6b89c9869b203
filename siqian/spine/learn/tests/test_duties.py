"""What may not wait: on messages written for it, with as many that only sound like it."""

from pathlib import Path

import pytest
import yaml

from siqian.spine.learn.queries import reader
from siqian.spine.learn.rules import SPOKEN

CASES = yaml.safe_load((Path(__file__).parent / "duties.yaml").read_text(encoding="utf-8"))
NAMES = [case["duty"][0] for case in CASES]


def raised(text):
    return reader().understand(text).duties


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_must_be_heard_is_heard(case):
    missed = [text for text in case["calls"] if not raised(text) & set(case["duty"])]
    # What is missed names neither who nor what; how many of unseen ones are heard, bench/duties.py measures.
    assert len(missed) <= 0.1 * len(case["calls"]), missed


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_only_sounds_like_it_raises_nobody(case):
    wrong = [(text, sorted(found)) for text in case["quiet"] if (found := raised(text))]
    assert len(wrong) <= 0.1 * len(case["quiet"]), wrong


def test_in_a_long_letter_two_words_that_happen_to_be_near_are_no_danger():
    said = "我老公又喝酒了，一回家就打我，我现在躲在楼梯间"
    assert "home-violence" in raised(said)
    letter = "关于小区停车位的几点建议，" * (SPOKEN // 12) + said
    assert "home-violence" not in raised(letter)
    assert "home-violence" in raised(letter + "，这是家暴"), "what says it by itself is heard in a letter too"
