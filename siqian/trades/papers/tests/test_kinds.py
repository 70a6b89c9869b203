"""The catalogue of papers: what each kind says about itself, and what is refused before it is put in force."""

import pytest

from siqian.kernel.catalogue import Faulty
from siqian.trades.papers import catalogued
from siqian.trades.papers.rules import FIELDS, filled, number, short
from siqian.trades.papers.rules.kinds import ADVERSE, LEVELS

KINDS = catalogued.kinds()

OURS = """
version: "2026.9"
effective: 2026-01-02
rows:
  - code: {code}
    zh: 受理回执
    en: Receipt
    word: {word}
    level: community
    to: teller
    made: event
    signs: house
    addressee: 编号{{number}}
    text: ["{text}"]
    retention: "10"
    source: 本区档案馆
"""


def test_there_are_more_than_twelve_kinds_and_each_says_everything_about_itself():
    assert len(KINDS) >= 16
    for kind in KINDS.values():
        assert kind.zh and kind.en and kind.text and kind.source and kind.level in LEVELS, kind.code
        assert set(kind.fields) <= set(FIELDS) and set(kind.needs) <= set(kind.fields), kind.code
    assert len({kind.word for kind in KINDS.values()}) == len(KINDS)
    assert {kind.retention for kind in KINDS.values()} == {"permanent", "30", "10"}


def test_whoever_gets_an_adverse_paper_reads_what_can_be_done_against_it():
    assert set(KINDS) >= ADVERSE
    assert all(KINDS[code].remedy for code in ADVERSE)
    assert "30日内" in KINDS["opinion"].remedy[0] and "复查" in KINDS["opinion"].remedy[0]
    assert "30日内" in KINDS["review-opinion"].remedy[0] and "复核" in KINDS["review-opinion"].remedy[0]
    assert "60日内" in KINDS["rectification"].remedy[1] and "6个月内" in KINDS["rectification"].remedy[1]


def test_what_somebody_answers_for_in_substance_waits_for_a_signature():
    assert {kind.code for kind in KINDS.values() if kind.signs == "person"} == {
        *("reply", "opinion", "review-opinion", "recheck-opinion", "rectification", "summons"),
    }


def test_a_districts_own_row_replaces_ours_and_every_fault_is_told_before_it_is_in_force(tmp_path):
    (tmp_path / "papers.yaml").write_text(OURS.format(code="acceptance", word="受", text="{title}收到了"), encoding="utf-8")
    catalogued.check(overlay=tmp_path)
    (tmp_path / "papers.yaml").write_text(OURS.format(code="refusal", word="受", text="{weather}"), encoding="utf-8")
    with pytest.raises(Faulty) as faulty:
        catalogued.check(overlay=tmp_path)
    says = str(faulty.value)
    assert "weather" in says and "字号" in says and "救济" in says and "papers.yaml" in says


def test_numbers_are_written_as_the_standard_says():
    assert number(2026, "榕荫社受", 12) == "〔2026〕榕荫社受字第12号"
    assert [short(name) for name in ("榕荫社区", "榕荫街道", "榕江区（示例）", "云岭")] == ["榕荫", "榕荫", "榕江", "云岭"]


def test_what_is_filled_in_is_never_filled_in_again_and_lines_become_paragraphs():
    assert filled("答复：{answer}", {"answer": "{title}\n第二段 \n\n", "title": "x"}) == ["答复：{title}", "第二段"]


def test_who_issues_is_the_areas_body_and_what_is_known_only_by_its_street_is_the_streets(town):
    path = town.place("松涛苑3栋").path
    assert catalogued.issuer(path, "community")[2:] == ("榕荫社区居民委员会", "Residents' Committee of Rongyin Community", "榕荫社")
    assert catalogued.issuer(path, "street")[2] == "榕荫街道办事处" and catalogued.issuer(path, "district")[2] == "榕江区平安建设中心"
    assert catalogued.issuer(town.area("st").path, "community")[2] == "榕荫街道办事处"
