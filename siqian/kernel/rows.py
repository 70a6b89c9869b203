"""Rows that verbs put, written in one round trip at the outermost verb's end, so that verbs which call verbs cost no speed.

`ids` reserves ids beforehand, so that rows can name each other before any of them lies in the database. Whoever reads what
was put in the same verb calls `write_now` first.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from functools import cache
from typing import Any

import msgspec
from django.db import connection
from django.db.models import AutoField, BinaryField, DateTimeField, Field, JSONField, Model

from . import store

Put = tuple[type[Model], dict[str, Any]]


class _Gathering:
    """What one outermost verb has put so far, and the highest ids that it reserved."""

    def __init__(self) -> None:
        self.rows: list[Put] = []
        self.reserved: dict[str, int] = {}


_gathering: ContextVar[_Gathering | None] = ContextVar("gathering", default=None)
_known: dict[type[Model], tuple[tuple["Field[Any, Any]", Any], ...]] = {}
_default: dict[type[Model], dict[str, Any]] = {}
_json = msgspec.json.Encoder()


def put(model: type[Model], **columns: Any) -> dict[str, Any]:
    """Have a row written at the outermost verb's end; it may be changed until then.

    Columns by attname; one left out takes its default, an id the next one.
    """
    _here().rows.append((model, columns))
    return columns


def ids(*wanted: tuple[type[Model], int], locks: tuple[str, ...] = ()) -> list[list[int]]:
    """Ids for so many rows of each model, in one statement, which first takes these locks (in one order, whoever asks)."""
    if connection.vendor == "postgresql":
        return _nextval(wanted, sorted(set(locks)))
    return [_next(model._meta.db_table, count) for model, count in wanted]


def write_now() -> None:
    """Write what was put so far."""
    gathering = _here()
    rows, gathering.rows = gathering.rows, []
    tables: dict[type[Model], list[dict[str, Any]]] = {}
    for model, columns in rows:
        tables.setdefault(model, []).append(_whole(model, columns))
    if not tables:
        return
    if connection.vendor == "postgresql":
        _write_one_statement(tables)
    else:
        _write_many(tables)


@contextmanager
def gathered() -> Iterator[None]:
    """The outermost verb's: what is put inside is written when it says so, and forgotten when it fails."""
    token = _gathering.set(_Gathering())
    try:
        yield
    finally:
        _gathering.reset(token)


@contextmanager
def undone_on_error() -> Iterator[None]:
    """A part that may fail alone: what it has put is forgotten with it."""
    gathering = _here()
    length = len(gathering.rows)
    try:
        yield
    except BaseException:
        del gathering.rows[length:]
        raise


def _here() -> _Gathering:
    gathering = _gathering.get()
    if gathering is None:
        raise RuntimeError("a row is put outside a verb")
    return gathering


def _fields(model: type[Model]) -> tuple[tuple["Field[Any, Any]", Any], ...]:
    """Every column with its default; the key comes last, so that it can be left to the database."""
    if model not in _known:
        fields = sorted(model._meta.concrete_fields, key=lambda field: isinstance(field, AutoField))
        _known[model] = tuple((field, field.get_default()) for field in fields)
    return _known[model]


def _whole(model: type[Model], columns: dict[str, Any]) -> dict[str, Any]:
    row = _defaults(model) | columns
    if len(row) > len(_fields(model)):
        raise TypeError(f"{model.__name__} has no column {', '.join(sorted(columns.keys() - _defaults(model).keys()))}")
    return row


def _defaults(model: type[Model]) -> dict[str, Any]:
    if model not in _default:
        _default[model] = {field.attname: default for field, default in _fields(model)}
    return _default[model]


def _write_one_statement(tables: Mapping[type[Model], list[dict[str, Any]]]) -> None:
    """One insert a table, all in one statement: the database unfolds each table's rows from one JSON text."""
    shape = tuple((model, rows[0][model._meta.pk.attname] is not None) for model, rows in tables.items())
    with connection.cursor() as cursor:
        cursor.execute(_statement(shape), [_text(model, rows) for model, rows in tables.items()])


@cache
def _statement(shape: tuple[tuple[type[Model], bool], ...]) -> str:
    inserts = []
    for model, keyed in shape:
        fields = [field for field, _ in _fields(model) if keyed or not isinstance(field, AutoField)]
        names, table = ", ".join(f'"{field.column}"' for field in fields), model._meta.db_table
        inserts.append(f"insert into {table} ({names}) select {names} from json_populate_recordset(null::{table}, %s::json)")
    parts = [f"w{number} as ({insert})" for number, insert in enumerate(inserts[:-1])]
    return (f"with {', '.join(parts)} " if parts else "") + inserts[-1]


def _text(model: type[Model], rows: list[dict[str, Any]]) -> str:
    binary = [field.attname for field, _ in _fields(model) if isinstance(field, BinaryField)]
    for row in rows if binary else ():
        row.update({name: f"\\x{bytes(row[name]).hex()}" for name in binary if row[name] is not None})
    return _json.encode(rows).decode()


def _write_many(tables: Mapping[type[Model], list[dict[str, Any]]]) -> None:
    with connection.cursor() as cursor:
        for model, rows in tables.items():
            fields = [field for field, _ in _fields(model)]
            columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join("%s" for _ in fields)
            values = zip(*(_prepared(field, [row[field.attname] for row in rows]) for field in fields), strict=True)
            cursor.executemany(f"insert into {model._meta.db_table} ({columns}) values ({marks})", list(values))


def _prepared(field: "Field[Any, Any]", values: list[Any]) -> list[Any]:
    """One column's values as SQLite keeps them; only instants and JSON look different there. (Django asks every field of every row.)"""
    if isinstance(field, DateTimeField):
        return [None if value is None else str(value.astimezone(UTC).replace(tzinfo=None)) for value in values]
    if isinstance(field, JSONField):
        return [None if value is None else _json.encode(value).decode() for value in values]
    return values


def _nextval(wanted: tuple[tuple[type[Model], int], ...], locks: list[str]) -> list[list[int]]:
    columns = [f"array(select nextval('{model._meta.db_table}_id_seq') from generate_series(1, %s))" for model, _ in wanted]
    taken = "(select count(*) from (select pg_advisory_xact_lock(slot) from (" + LOCKS + ") as slots) as taken)"
    # One statement less for whoever has just begun: the fence goes up with it.
    fence = store.taken_along()
    with connection.cursor() as cursor:
        asked = [taken, *columns, *([store.RAISE] if fence else [])]
        cursor.execute(f"select {', '.join(asked)}", [locks, *(count for _, count in wanted), *fence])
        return [list(found) for found in cursor.fetchone()[1 : 1 + len(columns)]]


LOCKS = "select distinct hashtextextended(name, 0) as slot from unnest(%s::text[]) as name order by 1"


def _next(table: str, count: int) -> list[int]:
    """SQLite's writers are alone: the next ids are those after the highest one that was ever given out."""
    reserved = _here().reserved
    if table not in reserved:
        with connection.cursor() as cursor:
            cursor.execute("select seq from sqlite_sequence where name = %s", [table])
            reserved[table] = (cursor.fetchone() or (0,))[0]
    first = reserved[table] + 1
    reserved[table] += count
    return list(range(first, first + count))
