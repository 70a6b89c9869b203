"""The SQL form gives the reference's answers too, in three databases."""

import sqlite3
from datetime import date

import pytest

from siqian.services.benefits.engine import sql

from . import random_rules
from .test_engine import KINDS, by_reference, case

kinds = {fact: KINDS[kind] for fact, kind in random_rules.FACTS.items()}
TYPES = {"day": "date", "int": "bigint", "float": "double precision", "text": "text", "flag": "boolean"}


def states(rows, codes):
    """(id, policy) -> state, of what is not false; SQLite says 1 for true."""
    return {
        (row[0], code): "unknown" if state is None else "true"
        for row in rows
        for code, state in zip(codes, row[1:], strict=True)
        if state is None or state
    }


def wanted(policies, values, rows, day):
    return {key: state for key, (state, _amount) in by_reference(policies, values, rows, day).items()}


def columns():
    return ", ".join(f'"{fact}" {TYPES[kind]}' for fact, kind in random_rules.FACTS.items())


def filled(rows, *, days=False):
    def value(fact, row):
        given = row[fact]
        return date.fromisoformat(given) if days and given and random_rules.FACTS[fact] == "day" else given

    return [(row["id"], row["household"], *(value(fact, row) for fact in random_rules.FACTS)) for row in rows]


def test_sqlite_agrees():
    for number in range(60):
        policies, values, rows, day = case(2000 + number)
        base = sqlite3.connect(":memory:")
        base.execute(f"create table people (id text, household integer, {columns()})")
        base.executemany(f"insert into people values ({', '.join('?' * (2 + len(random_rules.FACTS)))})", filled(rows))
        found = base.execute(sql.select(policies, values, day, kinds, "sqlite")).fetchall()
        assert states(found, [policy.code for policy in policies if policy.in_force(day)]) == wanted(policies, values, rows, day), number


@pytest.mark.long
def test_duckdb_agrees():
    duckdb = pytest.importorskip("duckdb")
    for number in range(40):
        policies, values, rows, day = case(3000 + number)
        base = duckdb.connect()
        base.execute(f"create table people (id text, household bigint, {columns()})")
        base.executemany(f"insert into people values ({', '.join('?' * (2 + len(random_rules.FACTS)))})", filled(rows, days=True))
        found = base.execute(sql.select(policies, values, day, kinds, "duckdb")).fetchall()
        assert states(found, [policy.code for policy in policies if policy.in_force(day)]) == wanted(policies, values, rows, day), number


def test_postgresql_agrees(postgres):
    from django.db import connection

    from siqian.kernel.journal import writing
    from siqian.kernel.permits import OFFICE

    for number in range(20):
        policies, values, rows, day = case(4000 + number)
        with writing(OFFICE, whole=True), connection.cursor() as cursor:
            cursor.execute(f"create temporary table people_4000 (id text, household bigint, {columns()}) on commit drop")
            marks = ", ".join(["%s"] * (2 + len(random_rules.FACTS)))
            cursor.executemany(f"insert into people_4000 values ({marks})", filled(rows, days=True))
            cursor.execute(sql.select(policies, values, day, kinds, "postgresql", "people_4000").replace("%", "%%"))
            found = cursor.fetchall()
        assert states(found, [policy.code for policy in policies if policy.in_force(day)]) == wanted(policies, values, rows, day), number
