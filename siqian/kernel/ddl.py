"""Guards that the database itself keeps: append-only tables and fences, laid as the last step of `siqian migrate`.

A model says `append_only = True`, or `fence = Columns(grid="grid_id", own="id")`. Laid anew after every migration, because
SQLite silently drops triggers when a table is altered.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


@dataclass(frozen=True)
class Columns:
    """grid: the column compared with the actor's grids; own: the one compared with the actor's own things."""

    grid: str
    own: str


FUNCTIONS = """
create or replace function siqian_sees_all() returns boolean language sql stable as
  $$ select coalesce(current_setting('siqian.sees', true), '') = 'all' $$;
create or replace function siqian_grids() returns text language sql stable as
  $$ select coalesce(nullif(current_setting('siqian.grids', true), ''), '{}') $$;
create or replace function siqian_own() returns text language sql stable as
  $$ select coalesce(nullif(current_setting('siqian.own', true), ''), '{}') $$;
create or replace function siqian_append_only() returns trigger language plpgsql as
  $$ begin raise exception 'append-only: % of %', tg_op, tg_table_name; end $$;
"""

# Cast outside the sub-select: the planner then asks once a statement, not once a row.
POLICY = """
alter table {table} enable row level security;
alter table {table} force row level security;
drop policy if exists fence on {table};
create policy fence on {table} using (
  (select siqian_sees_all()) or {grid} = any((select siqian_grids())::int[]) or {own} = any((select siqian_own())::bigint[])
);
"""


def lay(using: str = "default") -> None:
    """Lay every declared guard on this connection, which must be the tables' owner."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTIONS)
        for model in apps.get_models():
            for statement in _statements(model, connection):
                cursor.execute(statement)


def grant(role: str, using: str = "default") -> None:
    """Let the serving role read and write, and nothing more: it owns nothing and bypasses nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'grant usage on schema public to "{role}"')
        cursor.execute(f'grant select, insert, update, delete on all tables in schema public to "{role}"')
        cursor.execute(f'grant usage, select on all sequences in schema public to "{role}"')


def guarded() -> dict[str, list[type[Model]]]:
    """The models that carry a guard, by kind of guard."""
    models = list(apps.get_models())
    return {
        "append_only": [model for model in models if getattr(model, "append_only", False)],
        "fence": [model for model in models if getattr(model, "fence", None)],
    }


def _statements(model: type[Model], connection: BaseDatabaseWrapper) -> list[str]:
    table, lines = model._meta.db_table, []
    if getattr(model, "append_only", False):
        lines += _append_only(table, connection.vendor)
    columns = getattr(model, "fence", None)
    if columns and connection.vendor == "postgresql":
        lines.append(POLICY.format(table=table, grid=columns.grid, own=columns.own))
    return lines


def _append_only(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"drop trigger if exists append_only on {table}",
            f"create trigger append_only before update or delete or truncate on {table} execute function siqian_append_only()",
        ]
    return [
        statement
        for what in ("update", "delete")
        for statement in (
            f"drop trigger if exists {table}_no_{what}",
            f"create trigger {table}_no_{what} before {what} on {table} begin select raise(abort, 'append-only: {what} of {table}'); end",
        )
    ]
