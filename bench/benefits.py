"""Policies against people in columns: 200 policies, everybody, all pairs. Writes bench/results/benefits.json.

    python -m bench.benefits [--rows 1000000]

Residents are synthetic by a seed, the policies are the 84 that ship and variants of them with other figures. In the same run: DuckDB on
the SQL form (its answer is counted and compared), and the STREAM triad of this machine as the bound on moving what is read and written.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siqian.web.settings")
os.environ.setdefault("SIQIAN_HOME", "/tmp/siqian-bench-benefits")  # noqa: S108

import numpy as np

from siqian.services.benefits import rules
from siqian.services.benefits.engine import columns as cols, form, numba_run, numpy_run, plan, reference, running, saying, sql, synthetic

from .spine import ROOT, commit

DAY, POLICIES, RUNS = date(2026, 7, 13), 200, 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    rows = arguments.parse_args().rows
    policies, values = _policies()
    columns, home, homes = synthetic.residents(rows, 4000, DAY)
    made = plan.plan(policies, values, DAY, cols.kinds(columns))
    planes = cols.planes(made, columns, rows)
    given = cols.given_bits(made, columns, planes, home, homes, rows, numba_run.run)

    def everything() -> tuple[Any, Any, Any]:
        return numba_run.extracted(*running.main_bits(made, planes, given, rows, numba_run.run))

    pairs = everything()
    seconds = _timed(everything)
    moved = planes.nbytes + given.nbytes + sum(part.nbytes for part in pairs)
    triad = _triad()
    result: dict[str, Any] = {
        "command": f"python -m bench.benefits --rows {rows}",
        "commit": commit(),
        "cores": os.cpu_count(),
        "rows": rows,
        "policies": len(made.policies),
        "pairs": len(pairs[0]),
        "seconds": round(seconds, 4),
        "triad_gb_s": round(triad / 1e9, 2),
        "share_of_stream": round(moved / triad / seconds, 4),
        "true_only_seconds": round(_true_only(made, planes, given, rows), 4),
        "numpy_seconds": round(_timed(lambda: running.main_bits(made, planes, given, rows, numpy_run.run), 2), 3),
        "laying_planes_seconds": round(_timed(lambda: cols.planes(made, columns, rows), 2), 3),
    }
    result["possible_over_true"] = round(seconds / result["true_only_seconds"], 3)
    result |= _single(policies, values, columns, made) | _one_policy(policies, values, columns, rows)
    result |= _duckdb(policies, values, columns, home, rows, len(pairs[0]), seconds)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    (ROOT / "bench" / "results" / "benefits.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _policies() -> tuple[list[form.Policy], dict[str, Any]]:
    """Those that ship, and variants: each figure moved a little, until there are two hundred."""
    import yaml

    folder = Path(rules.__file__).parent.parent / "catalogue"
    shipped = [row for path in sorted(folder.glob("policies-*.yaml")) for row in yaml.safe_load(path.read_text("utf-8"))["rows"]]
    figures = yaml.safe_load((folder / "parameters.yaml").read_text("utf-8"))["rows"]
    raw = {row["code"]: [{"from": one["since"], "value": one["value"]} for one in row["values"]] for row in figures}
    parameters = form.read_parameters(raw, "parameters", [])
    chance, found = Random(84), []
    for number in range(POLICIES):
        row = shipped[number % len(shipped)]
        when = row["when"] if number < len(shipped) else _moved(row["when"], chance)
        policy = {"code": f"p{number:03}", "when": when} | ({"amount": row["amount"]} if row.get("amount") else {})
        found.append(form.one(policy, parameters.rows))
    return found, parameters.at(DAY)


def _moved(tree: Any, chance: Random) -> Any:
    if isinstance(tree, list):
        return [_moved(one, chance) for one in tree]
    if not isinstance(tree, dict):
        return tree
    found = {
        name: _moved(value, chance) if name in ("all", "any", "of", "not", "household", "count") else value for name, value in tree.items()
    }
    value = found.get("value")
    if isinstance(value, int) and not isinstance(value, bool) and value > 5:
        found["value"] = value + chance.randrange(-3, 4)
    return found


def _timed(work: Callable[[], Any], runs: int = RUNS) -> float:
    found = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return median(found)


def _triad() -> float:
    """Bytes a second of a = b + s * c over arrays far larger than any cache, by the same compiler on all cores."""
    from numba import njit, prange

    @njit(parallel=True)
    def triad(a: Any, b: Any, c: Any) -> None:
        for at in prange(len(a)):
            a[at] = b[at] + 3.0 * c[at]

    a, b, c = (np.ones(20_000_000) for _ in range(3))
    triad(a, b, c)
    return 3 * a.nbytes / _timed(lambda: triad(a, b, c))


def _true_only(made: plan.Plan, planes: Any, given: Any, rows: int) -> float:
    """The same without POSSIBLE: its steps are not in the program, its pairs not in the answer."""
    main = made.main
    assert main is not None
    only = plan.true_only(made)

    def work() -> Any:
        true, _ = numba_run.run(only, planes, given)
        cols.mask_tail(true, rows)
        return numba_run.extracted(true, true)

    work()
    return _timed(work)


def _single(policies: list[form.Policy], values: dict[str, Any], columns: cols.Columns, made: plan.Plan) -> dict[str, float]:
    """One resident on all policies; one answer with its reason."""
    one = {
        name: cols.Column(column.kind, column.values[:1], column.known[:1] if column.known is not None else None, column.words)
        for name, column in columns.items()
    }
    planes = cols.planes(made, one, 1)
    given = cols.given_bits(made, one, planes, None, 1, 1, numba_run.run)
    steps = numba_run.compiled(made.main)
    times = _timed(lambda: numba_run.again(steps, planes, given), 200)
    facts = {"born": "1946-08-23", "hukou": "here"}
    policy = policies[0]
    why = _timed(lambda: saying.why(reference.judge(policy, facts, [facts], values, DAY), {}, DAY), 200)
    return {"one_resident_ms": round(times * 1000, 4), "why_not_ms": round(why * 1000, 4)}


def _one_policy(policies: list[form.Policy], values: dict[str, Any], columns: cols.Columns, rows: int) -> dict[str, float]:
    """One more policy on everybody, whose cuts lie in the planes already; and one with a cut that is new."""
    made = plan.plan(policies[:1], values, DAY, cols.kinds(columns))
    planes = cols.planes(made, columns, rows)
    given = cols.given_bits(made, columns, planes, None, rows, rows, numba_run.run)
    known = _timed(lambda: numba_run.extracted(*running.main_bits(made, planes, given, rows, numba_run.run)))

    def fresh() -> Any:
        laid = cols.planes(made, columns, rows)
        return numba_run.extracted(*running.main_bits(made, laid, given, rows, numba_run.run))

    return {"one_policy_ms": round(known * 1000, 2), "one_policy_with_planes_ms": round(_timed(fresh) * 1000, 2)}


def _duckdb(
    policies: list[form.Policy], values: dict[str, Any], columns: cols.Columns, home: Any, rows: int, pairs: int, own: float
) -> dict[str, Any]:
    import duckdb
    import pyarrow as pa

    table: dict[str, Any] = {"id": pa.array(np.arange(rows)), "household": pa.array(home)}
    for name, column in columns.items():
        table[name] = synthetic.arrow(column)
    base = duckdb.connect()
    base.register("given", pa.table(table))
    base.execute("create table people as select * from given")
    base.unregister("given")
    wide = sql.select(policies, values, DAY, cols.kinds(columns), "duckdb")
    names = [policy.code for policy in policies if policy.in_force(DAY)]
    parts = " union all ".join(f'select id, \'{name}\' as p, "{name}" as s from w where "{name}" is not false' for name in names)  # noqa: S608
    begun = time.perf_counter()
    base.execute(f"create temp table w as {wide}")
    found = base.execute(parts).to_arrow_table()
    seconds = time.perf_counter() - begun
    return {
        "duckdb_seconds": round(seconds, 2),
        "times_duckdb": round(seconds / own, 1),
        "duckdb_agrees": found.num_rows == pairs,
    }


if __name__ == "__main__":
    main()
