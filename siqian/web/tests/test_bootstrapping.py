"""Beginning without history: a lexicon, one's own texts, and a few labels that measure what came of it."""

import csv

import pytest
from click.testing import CliRunner

from siqian.spine.learn import bootstrapping
from siqian.spine.learn.tests.told import messages
from siqian.spine.learn.trained import bootstrap
from siqian.web.cli import house


@pytest.fixture
def runner():
    return CliRunner()


LEXICON = "灯: 路灯、灯坏、灯全灭\n垃圾: 垃圾、厨余\n噪音: 施工、音响、敲墙、凌晨放音乐\n"


def begun(tmp_path, runner, *more, lexicon=LEXICON, labels=0):
    titles, bodies, true = messages()
    source, words = tmp_path / "own.csv", tmp_path / "words.yaml"
    rows = [
        [title, body, label if number < labels else ""]
        for number, (title, body, label) in enumerate(zip(titles, bodies, true, strict=True))
    ]
    source.write_text("\n".join(",".join(row) for row in [["标题", "内容", "类别"], *rows]) + "\n", encoding="utf-8")
    words.write_text(lexicon, encoding="utf-8")
    arguments = [
        "learn",
        "bootstrap",
        str(source),
        "--title",
        "标题",
        "--body",
        "内容",
        "--lexicon",
        str(words),
        "--out",
        str(tmp_path / "m"),
    ]
    return runner.invoke(house, [*arguments, *more]), true, source


def answered(tmp_path, runner, source):
    out = tmp_path / "out.csv"
    assert runner.invoke(house, ["learn", "predict", str(tmp_path / "m"), str(source), "--out", str(out)]).exit_code == 0
    return list(csv.DictReader(out.open(encoding="utf-8")))


def test_without_a_label_a_machine_reads_on_where_the_lexicon_is_silent_and_decides_nothing_alone(tmp_path, runner):
    done, true, source = begun(tmp_path, runner)
    assert done.exit_code == 0 and "尚未在本区核验" in done.output, done.output
    rows = answered(tmp_path, runner, source)
    # 楼梯间的灯一直闪 and 声控灯没反应 stand in no lexicon.
    right = sum(row["label"] == label for row, label in zip(rows, true, strict=True)) / len(rows)
    spoken = bootstrap.scores(bootstrapping.lexicon_of(tmp_path / "words.yaml"), *messages()[:2])
    alone = sum(
        ["灯", "垃圾", "噪音"][at] == label and top > 0 for at, top, label in zip(spoken.argmax(1), spoken.max(1), true, strict=True)
    ) / len(true)
    assert right > alone + 0.1
    assert {row["auto"] for row in rows} == {"false"}


def test_a_few_dozen_labels_measure_it_and_draw_the_threshold(tmp_path, runner):
    done, _, source = begun(tmp_path, runner, "--label", "类别", labels=60)
    assert done.exit_code == 0 and "人标过的60条" in done.output, done.output
    assert {row["auto"] for row in answered(tmp_path, runner, source)} == {"true", "false"} or "1.0" in done.output


@pytest.mark.parametrize(
    ("lexicon", "says"),
    [
        ("灯: 路灯\n", "至少要写两类"),
        ("灯: 路灯\n垃圾:\n", "“垃圾”一类没有写词"),
        ("灯: [路灯\n垃圾: x\n", "读不懂"),
        ("一: 没有的词\n二: 也没有\n", "都是一类"),
    ],
)
def test_a_lexicon_that_teaches_nothing_is_refused_with_the_place_and_leaves_nothing(tmp_path, runner, lexicon, says):
    done, _, _ = begun(tmp_path, runner, lexicon=lexicon)
    assert done.exit_code == 1 and says in done.output, done.output
    assert not (tmp_path / "m").exists()


def test_a_label_that_no_lexicon_knows_is_named_and_passed_over(tmp_path, runner):
    done, _, _ = begun(tmp_path, runner, "--label", "类别", lexicon=LEXICON.replace("垃圾: ", "环卫: "), labels=30)
    assert "标的“垃圾”词表里没有" in done.output


def test_without_a_lexicon_the_responsibility_list_is_one():
    words = bootstrapping.list_lexicon()
    assert len(words) > 10 and all(words.values())
