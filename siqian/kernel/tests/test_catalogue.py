"""What a district changes without a release: checked whole, in force from a day, its own word above ours."""

from datetime import date

import msgspec
import pytest

from siqian.kernel import catalogue


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
    monkeypatch.delenv("SIQIAN_CATALOGUE_DIR", raising=False)
    assert catalogue.overlay("remit") is None
    monkeypatch.setenv("SIQIAN_CATALOGUE_DIR", str(tmp_path))
    assert catalogue.overlay("remit") is None
    (tmp_path / "remit").mkdir()
    assert catalogue.overlay("remit") == tmp_path / "remit"


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
