"""The responsibility list as shipped."""

from collections import Counter
from datetime import date, datetime

import pytest

from siqian.kernel.catalogue import Faulty
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import UNSURE, Term


def test_the_shipped_list_has_no_fault():
    remit.check()


def test_eighteen_classes_three_levels_and_four_hundred_items():
    classes, items = remit.classes(), remit.items()
    assert [code for code in classes if "." not in code] == [str(number) for number in range(1, 19)]
    assert len(items) >= 400
    assert {item.sub for item in items.values()} == {code for code in classes if "." in code}


def test_names_are_whole_and_nobody_shares_one():
    items = remit.items().values()
    assert max(Counter(item.zh for item in items).values()) == 1
    assert max(Counter(item.en for item in items).values()) == 1
    assert max(Counter(item.sample for item in items).values()) == 1
    assert all(item.en.isascii() for item in items)


def test_every_item_but_the_unsure_one_has_three_words_or_more():
    assert {item.code for item in remit.items().values() if len(item.words) < 3 and item.code != UNSURE} <= {"1.2.7"}


def test_a_lamp_on_the_stairs_is_the_property_managers_within_a_day():
    lamp = next(item for item in remit.items().values() if item.zh == "楼道照明")
    assert (lamp.lead, lamp.settle, lamp.respond) == ("property", Term(hours=24), 30)
    assert "路灯养护单位" in lamp.not_ours


def test_a_matter_nobody_could_tell_has_an_item_of_its_own():
    assert remit.unsure().zh == "待认定"


def test_at_night_the_police_go_to_the_noisy_neighbour():
    day = remit.unit_for("4.1.2", "longhua/minzhi/beizhan", datetime(2026, 3, 4, 15))
    night = remit.assignment("4.1.2", "longhua/minzhi/beizhan", datetime(2026, 3, 4, 23))
    assert day.code == "property"
    assert night.unit == "police-post"
    assert night.why == "夜间社会生活噪声由派出所到场劝阻"


def test_a_wrong_rule_cannot_be_saved_and_says_where(tmp_path):
    (tmp_path / "rules.yaml").write_text(
        'version: "区1"\neffective: 2026-01-01\nrows:\n'
        '  - {code: L1, match: "1.1", unit: st-clen, why: 试点}\n'
        '  - {code: L2, match: "99.1", unit: st-clean, why: 试点}\n',
        "utf-8",
    )
    with pytest.raises(Faulty) as wrong:
        remit.check(overlay=tmp_path)
    assert [str(fault) for fault in wrong.value.faults] == [
        "rules.yaml第1行（L1）“unit”：没有编码为st-clen的单位，请改正或先在units.yaml里写上",
        "rules.yaml第2行（L2）“match”：没有编码为99.1的类或事项，请改正",
    ]


def test_faults_of_several_files_are_told_together(tmp_path):
    (tmp_path / "rules.yaml").write_text("rows: []", "utf-8")
    (tmp_path / "units.yaml").write_text("rows: []", "utf-8")
    with pytest.raises(Faulty) as wrong:
        remit.check(overlay=tmp_path)
    assert {fault.file for fault in wrong.value.faults} == {"rules.yaml", "units.yaml"}


def test_the_list_of_a_day_before_it_began_is_the_first_one():
    assert remit.item("2.2.2", date(2020, 1, 1)) == remit.item("2.2.2")
