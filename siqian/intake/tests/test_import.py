"""Bulk import through the same verb: every kind of file, every faulty row named, taken up again where it stopped."""

import csv
import gzip
import io
import json

import pytest

from siqian.intake import actions, jobs
from siqian.kernel import sheets
from siqian.kernel.permits import OFFICE, BadInput
from siqian.spine.matters import queries
from siqian.testing import monday_nine

ROWS = [
    {"编号": "A1", "留言主题": "楼道灯坏了", "留言详情": "松涛苑3栋东边楼梯2楼的灯坏了，晚上看不清", "联系电话": "13800002047"},
    {"编号": "A2", "留言主题": "垃圾桶满了", "留言详情": "木棉苑13栋楼下垃圾桶满了两天没人收", "联系电话": ""},
    {"编号": "A3", "留言主题": "", "留言详情": "，", "联系电话": ""},
    {"编号": "A4", "留言主题": "停车", "留言详情": "云岭村A栋门口乱停车堵住消防通道", "联系电话": "12"},
    {"编号": "A5", "留言主题": "不知道哪里", "留言详情": "路灯坏了好几盏", "联系电话": ""},
]


def as_csv(rows, encoding="utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_sheet(rows) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row.values()):
                # As people type it: a telephone is a number in Excel.
                sheet.write(at, column, float(value) if value.isdigit() and len(value) > 3 else value)
    return out.getvalue()


FILES = {
    "messages.csv": as_csv(ROWS),
    "messages.csv.gz": gzip.compress(as_csv(ROWS)),
    "gbk.csv": as_csv(ROWS, "gb18030"),
    "messages.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode(),
    "messages.xlsx": as_sheet(ROWS),
}


@pytest.fixture(autouse=True)
def processes_use_this_tests_database(db, monkeypatch):
    monkeypatch.setenv("SIQIAN_DATABASE", db.url)
    monkeypatch.setenv("SIQIAN_HOME", str(db.home))


def run(path, **more):
    return jobs.run(path, channel="file", at=lambda: monday_nine, **more)


@pytest.mark.parametrize("name", FILES)
def test_good_rows_are_taken_and_faulty_ones_named_with_row_and_remedy(town, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FILES[name])
    count = run(path)
    assert (count.total, count.taken, count.faulty) == (5, 3, 2)
    assert [why[:3] for _, why in count.faults] == ["还没写", "少了9"]
    first = 3 if name.endswith("jsonl") else 4
    assert [number for number, _ in count.faults] == [first, first + 1]
    census = queries.census(seen_by=OFFICE)
    assert census["事"] == 3 and census["没有责任岗位"] == census["在办却没有时限"] == 0
    assert census["已定位"] + census["未定位（附原因）"] == 3 == census["已分类"] + census["待认定（附两个猜测）"]


def test_the_same_file_again_takes_nothing_again(town, tmp_path):
    path = tmp_path / "messages.csv"
    path.write_bytes(FILES["messages.csv"])
    first, second = run(path), run(path)
    assert (first.taken, second.total, second.taken) == (3, 5, 3)
    assert queries.census(seen_by=OFFICE)["事"] == 3


def test_the_same_ids_in_another_file_are_told_apart_from_new_ones(town, tmp_path):
    (tmp_path / "one.csv").write_bytes(FILES["messages.csv"])
    (tmp_path / "two.csv").write_bytes(as_csv([*ROWS, ROWS[0] | {"编号": "A6", "留言详情": "松涛苑5栋电梯按钮坏了"}]))
    run(tmp_path / "one.csv")
    count = run(tmp_path / "two.csv")
    assert (count.total, count.taken, count.again, count.faulty) == (6, 1, 3, 2)


def test_an_import_cut_off_in_the_middle_goes_on_where_it_stopped(town, tmp_path, monkeypatch):
    rows = [ROWS[0] | {"编号": f"B{number}", "留言详情": f"木棉苑{number % 13 + 1}栋下水道堵了，第{number}次"} for number in range(610)]
    path = tmp_path / "many.csv"
    path.write_bytes(as_csv(rows))
    seen = []

    def cut(count):
        seen.append(count.total)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, told=cut)
    assert seen == [250, 500]
    after: list[int] = []
    count = run(path, told=lambda count: after.append(count.total))
    assert after == [250, 500, 610] and count.total == count.taken + count.joined == 610
    assert queries.census(seen_by=OFFICE)["事"] == count.taken


def test_a_chunk_that_is_done_is_not_done_again_whoever_asks(town, race):
    rows = [(number, {"text": f"木棉苑{number}栋下水道堵了"}) for number in range(1, 9)]
    batch = actions.begin_batch(sha256="a" * 64, name="x.csv", channel="file", rows=8, by=OFFICE, at=monday_nine)

    def take():
        return actions.take_chunk(batch=batch.id, number=0, numbered=rows, where={"text": "text"}, by=OFFICE, at=monday_nine)

    finishes = race(take, take, take)
    assert [finish.why for finish in finishes] == ["", "", ""] and len({str(finish.value) for finish in finishes}) == 1
    assert queries.census(seen_by=OFFICE)["事"] == finishes[0].value.taken


def test_equal_messages_of_two_chunks_at_once_are_one_matter(town, race):
    rows = [(number, {"text": text}) for number, text in enumerate(("木棉苑3栋下水道堵了，满地是水", "松涛苑3栋楼梯灯坏了，看不清路"))]
    batch = actions.begin_batch(sha256="b" * 64, name="y.csv", channel="file", rows=2, by=OFFICE, at=monday_nine)

    def take(number, order):
        own = {"batch": batch.id, "number": number, "numbered": [(at + 10 * number, row) for at, row in rows][::order]}
        return lambda: actions.take_chunk(**own, where={"text": "text"}, by=OFFICE, at=monday_nine)

    finishes = race(take(0, 1), take(1, -1), take(2, 1))
    assert [finish.why for finish in finishes] == ["", "", ""]
    assert sum(finish.value.taken for finish in finishes) == 2 == queries.census(seen_by=OFFICE)["事"]
    assert sum(finish.value.joined for finish in finishes) == 4


def test_lines_that_are_all_faulty_at_first_do_not_hide_the_good_ones(town, tmp_path):
    path = tmp_path / "late.jsonl"
    path.write_text("{\n" * 40 + json.dumps({"text": "木棉苑3栋下水道堵了"}, ensure_ascii=False), encoding="utf-8")
    count = run(path)
    assert (count.total, count.taken, count.faulty) == (41, 1, 40)


def test_a_large_file_is_taken_by_several_processes_where_the_database_has_several_writers(town, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "MANY", 250)
    rows = [ROWS[0] | {"编号": f"C{number}", "留言详情": f"木棉苑{number % 13 + 1}栋下水道堵了，第{number}次"} for number in range(900)]
    path = tmp_path / "large.csv"
    path.write_bytes(as_csv(rows))
    count = run(path)
    assert count.total == count.taken + count.joined == 900 and queries.census(seen_by=OFFICE)["事"] == count.taken
    assert (run(path).taken, queries.census(seen_by=OFFICE)["事"]) == (count.taken, count.taken)


def test_progress_is_told_while_it_works(town, tmp_path):
    path = tmp_path / "messages.csv"
    path.write_bytes(FILES["messages.csv"])
    told: list[int] = []
    run(path, told=lambda count: told.append(count.total))
    assert told == [5]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("letters.doc", b"x", "不认识"),
        ("broken.csv.gz", b"\x1f\x8b\x08broken", "不完整"),
        ("broken.xlsx", b"PK broken", "打不开"),
        ("heads.csv", "甲,乙\n1,2\n".encode(), "找不到“内容”一列"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_remedy(town, tmp_path, name, raw, words):
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=words):
        run(path)
    assert queries.census(seen_by=OFFICE)["事"] == 0


def test_a_line_that_is_no_json_is_named_by_its_column():
    rows = list(sheets.read("x.jsonl", b'{"text": "a"}\n{"text": '))
    assert rows[0] == (1, {"text": "a"}) and "不是完整的JSON" in rows[1][1].why


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["topics.csv.gz", "classify.csv.gz"])
def test_real_messages_are_all_somewhere(town, shared_data, name):
    count = run(shared_data / "demands" / name)
    census = queries.census(seen_by=OFFICE)
    assert count.total == count.taken + count.joined + count.again + count.faulty > 3000
    assert census["事"] == count.taken and census["没有责任岗位"] == census["在办却没有时限"] == 0
    assert census["已分类"] + census["待认定（附两个猜测）"] == census["已定位"] + census["未定位（附原因）"] == count.taken
