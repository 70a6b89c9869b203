"""Every engine gives the same answers as the reference, which is the meaning."""

import random
from datetime import date
from typing import Any

import numpy as np
import pytest

from siqian.services.benefits.engine import columns as cols, form, numpy_run, plan, reference, running
from siqian.services.benefits.engine.columns import Column

from . import random_rules

TABLES, ROWS = 160, 64
KINDS = {"day": "day", "int": "int", "float": "float", "text": "text", "flag": "int"}


def read(raws, parameters=random_rules.PARAMETERS):
    faults: list[form.Fault] = []
    known = form.read_parameters(parameters, "parameters.json", faults)
    policies = [form.read_policy(raw, "p.json", faults, names=known.rows) for raw in raws]
    assert not faults, faults
    return [policy for policy in policies if policy is not None], known


def column(fact: str, rows: list[dict[str, Any]]) -> Column:
    kind, given = KINDS[random_rules.FACTS[fact]], [row[fact] for row in rows]
    known = np.array([value is not None for value in given])
    if kind == "day":
        given = [None if value is None else (date.fromisoformat(value) - date(1970, 1, 1)).days for value in given]
    if kind == "text":
        words = tuple(sorted({value for value in given if value is not None}))
        return Column(kind, np.array([words.index(value) if value is not None else 0 for value in given]), known, words)
    return Column(kind, np.array([0 if value is None else value for value in given], dtype=float if kind == "float" else int), known)


def by_reference(policies, values, rows, day):
    homes: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        homes.setdefault(row["household"], []).append(row)
    found = {}
    for row in rows:
        living = homes[row["household"]] if row["household"] is not None else [row]
        for policy in policies:
            verdict = reference.judge(policy, row, living, values, day)
            assert bool(verdict.missing) == (verdict.state == "unknown")
            if verdict.state != "false":
                found[row["id"], policy.code] = verdict.state, verdict.amount
    return found


def by_columns(policies, values, rows, day, run):
    columns = {fact: column(fact, rows) for fact in random_rules.FACTS}
    home, homes = cols.homes_of([row["household"] for row in rows])
    made = plan.plan(policies, values, day, cols.kinds(columns))
    bits = running.bits_of(made, columns, len(rows), home, homes, run)
    return {
        (rows[row]["id"], found.policy.code): ("true" if true else "unknown", int(fen) if known else None)
        for found in running.pairs(made, columns, bits, len(rows))
        for row, true, fen, known in zip(found.rows, found.true, found.amounts, found.known, strict=True)
    }


def case(number: int):
    chance = random.Random(number)  # noqa: S311
    policies, parameters = read(random_rules.policies(chance))
    day = chance.choice(random_rules.DAYS)
    return policies, parameters.at(day), random_rules.table(chance, ROWS), day


def runs():
    found = [("numpy", numpy_run.run)]
    try:
        from siqian.services.benefits.engine import numba_run
    except ImportError:
        return found
    return [*found, ("numba", numba_run.run)]


@pytest.mark.parametrize(("name", "run"), runs(), ids=[name for name, _ in runs()])
def test_columns_say_what_the_reference_says(name, run):
    for number in range(TABLES):
        policies, values, rows, day = case(number)
        assert by_columns(policies, values, rows, day, run) == by_reference(policies, values, rows, day), number
