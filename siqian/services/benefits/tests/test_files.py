"""The commands on files: everybody matched from Parquet, one answer explained."""

import json
import random
from datetime import date

import pytest
from click.testing import CliRunner

from siqian.services.benefits.engine import form
from siqian.web.cli import house

from . import random_rules
from .test_engine import by_reference, case

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TYPES = {"day": "date32", "int": "int64", "float": "float64", "text": "string", "flag": "bool"}


def folder(tmp_path, raws, parameters=random_rules.PARAMETERS):
    place = tmp_path / "policies"
    place.mkdir(exist_ok=True)
    for raw in raws:
        (place / f"{raw['code']}.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    (place / "parameters.json").write_text(json.dumps(parameters), encoding="utf-8")
    return place


def parquet(tmp_path, rows, groups=7):
    columns = {"id": pa.array([row["id"] for row in rows]), "household": pa.array([row["household"] for row in rows], pa.int64())}
    for fact, kind in random_rules.FACTS.items():
        given = [row[fact] and date.fromisoformat(row[fact]) if kind == "day" else row[fact] for row in rows]
        columns[fact] = pa.array(
            given, {"date32": pa.date32()}.get(TYPES[kind]) or getattr(pa, {"bool": "bool_"}.get(TYPES[kind], TYPES[kind]))()
        )
    place = tmp_path / "facts.parquet"
    pq.write_table(pa.table(columns), place, row_group_size=groups)
    return place


def run(*words):
    return CliRunner().invoke(house, ["benefits", *map(str, words)])


def test_everybody_is_matched_as_the_reference_judges_them_with_households_across_row_groups(tmp_path, monkeypatch):
    from siqian.services.benefits.engine import stream

    monkeypatch.setattr(stream, "BATCH", 10)
    for number in range(12):
        policies, values, rows, day = case(1000 + number)
        chance = random.Random(number)  # noqa: S311
        chance.shuffle(rows)
        place, out = folder(tmp_path, [dict(policy.raw) for policy in policies]), tmp_path / "pairs.parquet"
        done = run("match", "--policies", place, "--facts", parquet(tmp_path, rows), "--as-of", day, "--out", out)
        assert done.exit_code == 0, done.output
        many = tmp_path / "many.parquet"
        again = run("match", "--policies", place, "--facts", tmp_path / "facts.parquet", "--as-of", day, "--out", many, "--workers", 3)
        assert again.exit_code == 0 and many.read_bytes() == out.read_bytes()
        found = pq.read_table(out).to_pylist()
        assert {(row["id"], row["policy"]): (row["state"], row["amount_fen"]) for row in found} == by_reference(policies, values, rows, day)
        schema = pq.read_schema(out)
        assert schema.names == ["id", "policy", "state", "amount_fen"] and schema.field("amount_fen").type == pa.int64()


def test_one_answer_is_explained_and_what_is_missing_is_named(tmp_path):
    place = folder(
        tmp_path,
        [
            {
                "code": "old",
                "when": {"all": [{"fact": "born", "op": ">=", "value": 80, "unit": "age"}, {"fact": "local", "op": "=", "value": True}]},
            }
        ],
    )
    person = tmp_path / "person.json"
    person.write_text(json.dumps({"id": 1, "household": [{"id": 1, "born": "1946-07-02"}]}), encoding="utf-8")
    told = json.loads(run("explain", "--policies", place, "--facts", person, "--as-of", "2026-07-13", "--policy", "old").stdout)
    assert told["state"] == "unknown" and told["missing"] == ["local"] and told["policy"] == "old" and told["why"]
    person.write_text(json.dumps({"id": 1, "household": [{"id": 1, "born": "1946-08-02"}]}), encoding="utf-8")
    told = json.loads(run("explain", "--policies", place, "--facts", person, "--as-of", "2026-07-13", "--policy", "old").stdout)
    assert told["state"] == "false" and told["missing"] == [] and "差20天满80周岁" in told["why"]


def test_every_fault_is_named_with_its_file_and_place(tmp_path):
    wrong = {
        "code": "w",
        "when": {
            "all": [
                {"fact": "a", "op": "=="},
                {"fact": "b", "op": "between", "value": 3},
                {"any": 1},
                {"fact": "c", "op": "<", "param": "none"},
            ]
        },
    }
    place = folder(
        tmp_path,
        [wrong, {"code": "x", "when": {"not": {"fact": "a", "op": "known"}, "clauze": 1}, "from": "2026-13-01", "amount": {"fen": 1.5}}],
    )
    done = run(
        "match",
        "--policies",
        place,
        "--facts",
        parquet(tmp_path, random_rules.table(random.Random(1))),  # noqa: S311
        "--as-of",
        "2026-07-13",
        "--out",
        tmp_path / "o",
    )
    assert done.exit_code == 1
    for told in (
        "w.json：when.all[0].op",
        "w.json：when.all[1].value",
        "w.json：when.all[2].any",
        "w.json：when.all[3].param",
        "x.json：when.clauze",
        "x.json：from",
        "x.json：amount",
    ):
        assert told in done.output, done.output
    assert not (tmp_path / "o").exists()


def test_people_who_do_not_exist_are_the_same_by_the_same_seed_and_are_matched(tmp_path):
    made = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for out in made:
        assert run("people", "--count", 3000, "--as-of", "2026-07-13", "--out", out).exit_code == 0
    assert pq.read_table(made[0]).equals(pq.read_table(made[1]))
    old = {"fact": "born", "op": ">=", "value": 80, "unit": "age", "clause": "1"}
    place = folder(
        tmp_path, [{"code": "old", "when": old}, {"code": "poor", "when": {"household": {"sum": "income"}, "op": "<", "value": 10**6}}]
    )
    assert run("match", "--policies", place, "--facts", made[0], "--as-of", "2026-07-13", "--out", tmp_path / "o").exit_code == 0
    found = pq.read_table(tmp_path / "o").to_pylist()
    born = dict(zip(*(pq.read_table(made[0]).column(name).to_pylist() for name in ("id", "born")), strict=True))
    for row in found:
        if row["policy"] == "old":
            assert row["state"] == ("unknown" if born[row["id"]] is None else "true") and (born[row["id"]] or date.min) <= date(1946, 7, 13)
    assert {row["policy"] for row in found} == {"old", "poor"}


def test_a_policy_is_written_as_it_was_read():
    raw = {
        "code": "p",
        "title": {"zh": "名"},
        "note": "x",
        "when": {"fact": "a", "op": "in", "value": [1, 2.50], "clause": {"article": 4}},
        "class": 3,
    }
    assert json.loads(form.write_policy(form.one(raw))) == raw
