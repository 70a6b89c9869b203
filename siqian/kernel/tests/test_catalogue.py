<<<<<<< HEAD
"""What a district changes without a release: checked whole, in force from a day, its own word above ours."""

from datetime import date
=======
"""A clerk edits a list in a small town's catalogue."""

from datetime import date
from pathlib import Path
>>>>>>> remit

import msgspec
import pytest

from siqian.kernel import catalogue


<<<<<<< HEAD
class Lamp(msgspec.Struct, frozen=True):
    code: str
    name: str
    watts: int = 40


def write(folder, name, rows, *, version="1", effective="2026-01-01", more=""):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f'version: "{version}"\neffective: {effective}\n{more}rows:\n{rows}', encoding="utf-8")
    return folder


def load(folder, overlay=None):
    return catalogue.load(folder, Lamp, overlay=overlay)


def faults(folder):
    with pytest.raises(catalogue.Faulty) as faulty:
        load(folder)
    return [str(fault) for fault in faulty.value.faults]


def test_rows_are_read_frozen_and_in_order(tmp_path):
    rows = load(write(tmp_path / "ours", "a.yaml", '- {code: "2", name: 路灯}\n- {code: "1", name: 楼灯, watts: 9}\n')).latest.rows
    assert list(rows) == ["2", "1"] and rows["1"] == Lamp("1", "楼灯", 9)
    with pytest.raises(TypeError):
        rows["3"] = Lamp("3", "x")
    with pytest.raises(AttributeError):
        rows["1"].watts = 10


def test_the_edition_in_force_is_that_of_the_day(tmp_path):
    write(tmp_path / "ours", "a.yaml", '- {code: "1", name: 旧}\n- {code: "2", name: 灯}\n')
    later = '- {code: "1", name: 新}\n'
    found = load(write(tmp_path / "ours", "b.yaml", later, version="2", effective="2026-07-01", more='withdrawn: ["2"]\n'))
    before, after = found.at(date(2026, 6, 30)), found.at(date(2026, 7, 1))
    assert (before.version, before.rows["1"].name, "2" in before.rows) == ("1", "旧", True)
    assert (after.version, after.rows["1"].name, "2" in after.rows) == ("2", "新", False)
    assert found.at(date(2020, 1, 1)) == before, "an old matter needs an answer too"


def test_the_districts_word_stands_above_ours_after_an_upgrade_too(tmp_path):
    ours = write(tmp_path / "ours", "a.yaml", '- {code: "1", name: 我们的}\n')
    theirs = write(tmp_path / "theirs", "a.yaml", '- {code: "1", name: 区里的}\n- {code: "9", name: 新增}\n', version="区1")
    write(ours, "b.yaml", '- {code: "1", name: 我们的新版}\n', version="2", effective="2026-07-01")
    latest = load(ours, theirs).latest
    assert {code: row.name for code, row in latest.rows.items()} == {"1": "区里的", "9": "新增"}


def test_the_districts_folder_is_named_by_the_environment(tmp_path, monkeypatch):
=======
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
    write(tmp_path, "lamps.yaml", 'rows: [{code: a, zh: 路灯, watts: 亮}, {code: b, colour: 红}, {code: c, zh: 灯}, {code: c, zh: 灯}]')
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
    write(tmp_path, "2.yaml", "withdrawn: [b]\nrows: [{code: a, zh: 路灯, watts: 30}]", version="2", effective="2026-07-01")
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
>>>>>>> remit
    monkeypatch.delenv("SIQIAN_CATALOGUE_DIR", raising=False)
    assert catalogue.overlay("remit") is None
    monkeypatch.setenv("SIQIAN_CATALOGUE_DIR", str(tmp_path))
    assert catalogue.overlay("remit") is None
    (tmp_path / "remit").mkdir()
    assert catalogue.overlay("remit") == tmp_path / "remit"
<<<<<<< HEAD


def test_a_faulty_file_is_refused_with_every_fault_and_its_place(tmp_path):
    rows = '- {code: "1", watts: many}\n- {code: "2", name: 灯, colour: red}\n- {code: "2", name: 灯}\n- {code: "2", name: 灯}\n'
    said = faults(write(tmp_path / "ours", "a.yaml", rows))
    assert len(said) == 4
    assert said[0].startswith("a.yaml第1行（1）“name”：缺这一项")
    assert "应为整数，现在是文字" in said[1] and "“colour”" in said[2]
    assert said[3].startswith("a.yaml第4行（2）“code”：编码在a.yaml里已用过")


@pytest.mark.parametrize(
    "text",
    [
        "rows: [",
        "- 1\n",
        "version: 1\nrows: []\n",
        "version: 1\neffective: soon\nrows: []\n",
        "version: 1\neffective: 2026-01-01\nrows: no\n",
    ],
)
def test_a_file_without_a_proper_head_is_refused_with_a_sentence(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert all(line.startswith("a.yaml") for line in faults(tmp_path))


def test_an_empty_folder_is_no_catalogue(tmp_path):
    assert "没有找到目录文件" in faults(tmp_path)[0]
=======
>>>>>>> remit
