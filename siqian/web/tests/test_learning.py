"""The commands of the understanding, as somebody types them: tables in, tables out, every row accounted for."""

import csv
import gzip
import json

import pytest
from click.testing import CliRunner

from siqian.spine.learn.tests.told import messages
from siqian.web.cli import house


@pytest.fixture
def run():
    def call(*words, text=None):
        return CliRunner().invoke(house, ["learn", *(str(word) for word in words)], input=text)

    return call


@pytest.fixture
def table(tmp_path):
    def write(name, rows, heads=("编号", "标题", "内容", "类"), encoding="utf-8"):
        path = tmp_path / name
        lines = "\n".join(",".join(row) for row in [heads, *rows]) + "\n"
        path.write_bytes(gzip.compress(lines.encode(encoding)) if name.endswith(".gz") else lines.encode(encoding))
        return path

    return write


def labelled():
    return [(str(number), *cells) for number, cells in enumerate(zip(*messages(), strict=True))]


COLUMNS = ("--title", "标题", "--body", "内容", "--label", "类")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learned")
    lines = "\n".join(",".join(row) for row in [("编号", "标题", "内容", "类"), *labelled()])
    (folder / "told.csv").write_text(lines, encoding="utf-8")
    ran = CliRunner().invoke(house, ["learn", "train", str(folder / "told.csv"), *COLUMNS, "--out", str(folder)])
    assert ran.exit_code == 0, ran.output
    return folder


def test_a_card_says_what_a_model_was_made_of_and_how_good_it_is(model):
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    assert card["messages"] == 360 and set(card["f1"]) == {"灯", "垃圾", "噪音"}
    assert card["near_duplicates"] > 0 and card["title_only"] == 72
    assert 0 < card["macro_f1"] <= 1 and card["coverage"]["0.90"] >= card["coverage"]["0.95"]


def test_predict_keeps_rows_columns_and_order_and_adds_its_own(model, run, table, tmp_path):
    source = table(
        "new.csv.gz", [("b", "九栋路灯不亮", ""), ("a", "", "垃圾没人清运，很臭")], heads=("编号", "标题", "内容"), encoding="gb18030"
    )
    ran = run("predict", model, source, "--out", tmp_path / "out.csv")
    rows = list(csv.reader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert ran.exit_code == 0 and rows[0] == ["编号", "标题", "内容", "label", "probability", "second", "second_probability", "auto"]
    assert [row[:4] for row in rows[1:]] == [["b", "九栋路灯不亮", "", "灯"], ["a", "", "垃圾没人清运，很臭", "垃圾"]]
    assert all(row[7] in ("true", "false") and 0 <= float(row[6]) <= float(row[4]) <= 1 for row in rows[1:])


def test_a_bad_row_is_named_and_stands_in_the_answer_without_one(model, run, table, tmp_path):
    source = table("new.csv", [("1", "路灯不亮", ""), ("2", "一格太多", "", "x"), ("3", "垃圾满了", "")], heads=("编号", "标题", "内容"))
    ran = run("predict", model, source, "--out", tmp_path / "out.csv")
    rows = list(csv.reader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert ran.exit_code == 0 and "第3行有4格" in ran.output
    assert [row[3] for row in rows[1:]] == ["灯", "", "垃圾"]


def test_rows_that_teach_nothing_are_passed_over_by_name(run, table, tmp_path):
    source = table("told.csv", [*labelled(), ("x", "没有类", "", ""), ("y", "", " ", "灯")])
    ran = run("train", source, *COLUMNS, "--out", tmp_path / "m")
    assert ran.exit_code == 0 and "第362行没有标类别" in ran.output and "第363行标题和内容都是空的" in ran.output
    assert json.loads((tmp_path / "m/card.json").read_text(encoding="utf-8"))["passed_over"] == 2


@pytest.mark.parametrize(
    ("rows", "columns", "says"),
    [
        ([("1", "灯", "", "灯")], COLUMNS, "至少要20行、2类"),
        (labelled(), ("--title", "题", "--body", "内容", "--label", "类"), "没有“题”这一列，有：编号、标题、内容、类"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_the_reason_and_writes_nothing(run, table, tmp_path, rows, columns, says):
    ran = run("train", table("told.csv", rows), *columns, "--out", tmp_path / "m")
    assert ran.exit_code == 1 and says in ran.output and not (tmp_path / "m").exists()


def test_a_folder_without_a_model_is_refused(run, table, tmp_path):
    ran = run("predict", tmp_path, table("new.csv", labelled()), "--out", tmp_path / "out.csv")
    assert ran.exit_code == 1 and "siqian learn train" in ran.output and not (tmp_path / "out.csv").exists()


def test_messages_about_one_thing_share_a_topic(run, table, tmp_path):
    rows = [("1", "新城搅拌站噪音", "夜里吵"), ("2", "老年卡怎么办", ""), ("3", "新城搅拌站扬尘", "白天黑夜"), ("4", "图书馆几点开门", "")]
    ran = run(
        "topics",
        table("t.csv", rows, heads=("编号", "标题", "内容")),
        "--id",
        "编号",
        "--title",
        "标题",
        "--body",
        "内容",
        "--out",
        tmp_path / "o.csv",
    )
    written = list(csv.DictReader((tmp_path / "o.csv").open(encoding="utf-8")))
    assert ran.exit_code == 0 and [row["topic"] for row in written] == ["1", "", "1", ""]


def test_what_is_like_a_text_is_found_in_a_table_and_beside_a_model(model, run, table):
    for source in (table("t.csv", labelled()), model):
        ran = run("similar", source, "菜市场门口的垃圾站污水横流", "-k", "2", "--json")
        found = [json.loads(line) for line in ran.output.splitlines()]
        assert len(found) == 2 and found[0]["title"] == "菜市场门口垃圾站污水横流" and found[0]["alike"] >= found[1]["alike"]


def test_as_many_lines_come_out_redacted_as_went_in(run):
    ran = run("redact", "--strength", "export", text="我叫沈若兰\n\n电话13800138000")
    assert ran.output == "我叫〔姓名〕\n\n电话〔电话〕\n"


def test_addresses_are_learned_and_parsed_line_by_line(run, tmp_path):
    lines = []
    for city, road, number in [
        (c, r, n) for c in ("深圳市", "广州市") for r in ("梅龙路", "和平路", "人民路") for n in ("3", "27", "108", "9")
    ]:
        lines += [f"{c} {'I' if at else 'B'}-city" for at, c in enumerate(city)] + [
            f"{c} {'I' if at else 'B'}-road" for at, c in enumerate(road)
        ]
        lines += [f"{number} B-roadno", "号 I-roadno", ""]
    (tmp_path / "marked.txt").write_text("\n".join([*lines, "坏 X-bad", ""]), encoding="utf-8")
    ran = run("train-address", tmp_path / "marked.txt", "--out", tmp_path / "m")
    assert ran.exit_code == 0 and "个地址跳过" in ran.output
    ran = run("parse-address", "--model", tmp_path / "m", text="惠州市长江路12号\n\n")
    first, second = ran.output.splitlines()
    assert json.loads(first) == [
        {"start": 0, "end": 3, "label": "city"},
        {"start": 3, "end": 6, "label": "road"},
        {"start": 6, "end": 9, "label": "roadno"},
    ]
    assert second == "[]"
