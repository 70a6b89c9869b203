"""What the database itself refuses: to rewrite the past, and to show rows to whoever states no scope."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import CharField

from siqian.kernel import ddl, journal as ink, store
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Fence
from siqian.testing import monday_nine

from .town_of_lamps import act, light

FENCED = sorted(model._meta.db_table for model in ddl.guarded()["fence"])
APPEND_ONLY = sorted(model._meta.db_table for model in ddl.guarded()["append_only"])


# Table names are our own: nobody else puts words into these statements.
# ruff: noqa: S608


def forbidden(statement):
    """Run raw SQL inside a verb, as whoever slipped it into one would, and undo what it did."""
    with ink.writing(OFFICE, whole=True), connection.cursor() as cursor:
        cursor.execute(statement)
        raise AssertionError(f"the database let it pass: {statement}")


@pytest.fixture
def written(db, table):
    """A row in the append-only table in question, and in those that it points at."""
    from siqian.kernel import anchors

    light(lamp="lamp:1", **act())
    anchors.drop(at=monday_nine)
    if not table.startswith("kernel_"):
        for one in sorted({table, *_parents(table)}):
            db.tamper(*_insert(one, 1, 101))
    return db


def test_the_journal_and_its_anchors_are_declared_append_only():
    assert {"kernel_entry", "kernel_anchor"} <= set(APPEND_ONLY)
    assert {"matters_matter", "matters_telling", "matters_step"} <= set(FENCED)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}"])
def test_the_past_is_neither_changed_nor_removed(written, table, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        forbidden(statement.format(table))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_guard_stands_again_after_a_table_was_altered(written, table):
    model = apps.get_model(*table.split("_"))
    field = CharField(max_length=8, default="")
    field.set_attributes_from_name("remark")
    field.model = model
    with connections[written.owner].schema_editor() as schema:
        schema.add_field(model, field)
        schema.alter_field(model, field, _longer(model))
    ddl.lay(written.owner)
    connections[written.owner].close()
    with pytest.raises(DatabaseError, match="append-only"):
        forbidden(f"update {table} set remark = 'x'")


def _longer(model):
    field = CharField(max_length=16, default="")
    field.set_attributes_from_name("remark")
    field.model = model
    return field


def test_the_append_only_table_cannot_be_emptied(postgres):
    with pytest.raises(DatabaseError):
        forbidden("truncate kernel_entry cascade")


# The fence, asked as the role that serves. Rows are put in past it, so that this test does not lean on any verb.

GRIDS = (101, 102)


@pytest.fixture
def rows(postgres):
    """In each fenced table three rows: two of one grid, one of another."""
    for table in FENCED:
        for number, grid in enumerate((101, 101, 102), 1):
            postgres.tamper(*_insert(table, number, grid))
    return postgres


def everywhere(count_):
    """The same figure asked of every fenced table."""
    return {count_(table) for table in FENCED}


def _parents(table):
    """Tables that a row of this one points at: one of theirs must be there."""
    return [field.related_model._meta.db_table for field in _model(table)._meta.concrete_fields if field.is_relation]


def _model(table):
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _insert(table, number, grid):
    model = _model(table)
    values = {}
    for field in model._meta.concrete_fields:
        kind = field.get_internal_type()
        if field.column == getattr(getattr(model, "fence", None), "grid", None):
            values[field.column] = grid
        elif kind in ("BigAutoField", "ForeignKey", "OneToOneField") or "Integer" in kind:
            values[field.column] = number
        elif kind == "DateTimeField":
            values[field.column] = None if field.null else monday_nine
        elif kind == "DateField":
            values[field.column] = None if field.null else monday_nine.date()
        elif kind == "BooleanField":
            values[field.column] = False
        elif kind == "JSONField":
            values[field.column] = "[]"
        elif not field.null:
            values[field.column] = f"{number}"
    names = ", ".join(f'"{name}"' for name in values)
    return f"insert into {table} ({names}) values ({', '.join(['%s'] * len(values))})", *values.values()


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return cursor.fetchone()[0]


def under(setting, value, table):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [setting, value])
        return count(table)


def test_sentinel_without_a_scope_nobody_sees_a_row(rows):
    assert everywhere(count) == {0}
    with transaction.atomic():
        assert everywhere(count) == {0}
    with store.reading(ANYONE):
        assert everywhere(count) == {0}


def test_sentinel_a_scope_shows_its_own_rows_and_no_other(rows):
    assert everywhere(lambda table: under("siqian.grids", "{101}", table)) == {2}
    assert everywhere(lambda table: under("siqian.grids", "{102}", table)) == {1}
    assert everywhere(lambda table: under("siqian.grids", "{103}", table)) == {0}
    assert everywhere(lambda table: under("siqian.own", "{3}", table)) == {1}
    assert everywhere(lambda table: under("siqian.sees", "all", table)) == {3}
    assert everywhere(lambda table: under("siqian.sees", "ALL", table)) == {0}


def test_sentinel_a_scope_ends_with_its_transaction(rows):
    keeper = Actor(ref="account:1", fence=Fence(grids=(101,)))
    for scope, seen in ((store.reading(keeper), 2), (store.reading_all(), 3), (ink.writing(OFFICE, whole=True), 3)):
        with scope:
            assert everywhere(count) == {seen}
        assert everywhere(count) == {0}
    with pytest.raises(ZeroDivisionError), ink.writing(OFFICE, whole=True):
        raise ZeroDivisionError
    assert everywhere(count) == {0}


def test_sentinel_a_row_beyond_the_fence_is_neither_changed_nor_written(rows):
    keeper = Actor(ref="account:1", fence=Fence(grids=(101,)))
    # What is append-only as well refuses every change, whosever row it is: the test of the past tries it.
    for table in set(FENCED) - set(APPEND_ONLY):
        with ink.writing(keeper), connection.cursor() as cursor:
            cursor.execute(f"update {table} set grid = grid where grid = 102")
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), ink.writing(keeper), connection.cursor() as cursor:
            cursor.execute(f"update {table} set grid = 102 where grid = 101")


THEFTS = (
    "alter table {} disable row level security",
    "alter table {} no force row level security",
    "drop policy fence on {}",
    "alter table {} owner to siqian_app",
    "truncate {} cascade",
    "set role siqian_owner",
    "set session_replication_role = replica",
    "create or replace function siqian_sees_all() returns boolean language sql as 'select true'",
)


def test_sentinel_the_serving_role_cannot_take_the_fence_away(rows):
    for statement in THEFTS:
        for table in FENCED:
            with pytest.raises(DatabaseError):
                forbidden(statement.format(table))
    assert everywhere(count) == {0}


def test_sentinel_the_owner_stands_behind_the_fence_too(rows):
    with connections["owner"].cursor() as cursor:
        for table in FENCED:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
            cursor.execute("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", [table])
            assert cursor.fetchone() == (True, True)
