"""A clerk edits a list in a small town's catalogue."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from siqian.kernel import catalogue


class Lamp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    zh: str
    watts: int = 10


def write(folder: Path, name: str, rows: str, *, version: str = "1", effective: str = "2026-01-01") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f'version: "{version}"\neffective: {effective}\n{rows}\n', "utf-8")


def test_a_list_is_read_in_the_order_of_the_file(tmp_path):
    write(tmp_path, "lamps.yaml", 'rows: [{code: b, zh: 楼道灯}, {code: a, zh: 路灯, watts: 60}]')
    lamps = catalogue.load(tmp_path, Lamp).latest
    assert list(lamps.rows) == ["b", "a"]
    assert lamps.rows["a"] == Lamp("a", "路灯", 60)


def test_every_fault_is_told_at_once_with_row_field_and_remedy(tmp_path):
    rows = "{code: a, zh: 路灯, watts: 亮}, {code: b, colour: 红}, {code: c, zh: 灯}, {code: c, zh: 灯}"
    write(tmp_path, "lamps.yaml", f"rows: [{rows}]")
    with pytest.raises(catalogue.Faulty) as wrong:
        catalogue.load(tmp_path, Lamp)
    assert [str(fault) for fault in wrong.value.faults] == [
        "lamps.yaml第1行（a）“watts”：应为整数，现在是文字（像编号的要加引号），请改正",
        "lamps.yaml第2行（b）“colour”：没有这一项，请删去或改正拼写",
        "lamps.yaml第2行（b）“zh”：缺这一项，请补上",
        "lamps.yaml第4行（c）“code”：编码在lamps.yaml里已用过，请改用新的编码",
    ]


def test_two_files_with_faults_are_told_together(tmp_path):
    write(tmp_path, "a.yaml", "rows: 没有", effective="明天")
    (tmp_path / "b.yaml").write_text("rows: [", "utf-8")
    with pytest.raises(catalogue.Faulty) as wrong:
        catalogue.load(tmp_path, Lamp)
    assert {(fault.file, fault.field) for fault in wrong.value.faults} == {
        ("a.yaml", "effective"),
        ("a.yaml", "rows"),
        ("b.yaml", ""),
    }


def test_an_empty_folder_is_a_fault_and_not_an_empty_list(tmp_path):
    with pytest.raises(catalogue.Faulty, match="没有找到目录文件"):
        catalogue.load(tmp_path, Lamp)


def test_a_later_version_changes_adds_and_takes_away_from_its_day_on(tmp_path):
    write(tmp_path, "1.yaml", "rows: [{code: a, zh: 路灯}, {code: b, zh: 楼道灯}]")
    change = "withdrawn: [b]\nrows: [{code: a, zh: 路灯, watts: 30}]"
    write(tmp_path, "2.yaml", change, version="2", effective="2026-07-01")
    lamps = catalogue.load(tmp_path, Lamp)
    assert lamps.at(date(2026, 6, 30)).rows["a"].watts == 10
    assert list(lamps.at(date(2026, 7, 1)).rows) == ["a"]
    assert lamps.at(date(2026, 7, 1)).version == "2"
    assert lamps.at(date(2025, 1, 1)).version == "1"


def test_the_districts_own_rows_outlive_our_next_version(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    write(ours, "1.yaml", "rows: [{code: a, zh: 路灯}]")
    write(ours, "2.yaml", "rows: [{code: a, zh: 路灯, watts: 30}]", version="2", effective="2026-07-01")
    write(theirs, "1.yaml", "rows: [{code: a, zh: 巷灯}, {code: z, zh: 草坪灯}]", version="区1")
    lamps = catalogue.load(ours, Lamp, overlay=theirs).at(date(2026, 8, 1))
    assert {row.zh for row in lamps.rows.values()} == {"巷灯", "草坪灯"}


def test_the_overlay_is_a_folder_of_the_modules_name(tmp_path, monkeypatch):
    monkeypatch.delenv("SIQIAN_CATALOGUE_DIR", raising=False)
    assert catalogue.overlay("remit") is None
    monkeypatch.setenv("SIQIAN_CATALOGUE_DIR", str(tmp_path))
    assert catalogue.overlay("remit") is None
    (tmp_path / "remit").mkdir()
    assert catalogue.overlay("remit") == tmp_path / "remit"
