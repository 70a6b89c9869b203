"""The database that a test gets: its own copy of a template which was migrated, guarded and settled once a process.

Commits are real, so that locks, triggers, deliveries and the fence behave as in production. On PostgreSQL the template is
made by `siqian_owner` and served as `siqian_app`, which owns nothing and bypasses nothing.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from siqian.kernel import ddl, journal

OWNER, APP = "siqian_owner", "siqian_app"
ROLE_RIGHTS = "login nosuperuser nobypassrls nocreatedb nocreaterole"
# Django's own bookkeeping, which no verb writes; new__ is a table that SQLite copies because its columns change.
DJANGO_WRITES = re.compile(r"django_session|django_migrations|axes_\w+|new__\w+")
WRITE = re.compile(r'\s*(insert\s+into|update|delete\s+from)\s+"?(\w+)"?(.*)', re.IGNORECASE | re.DOTALL)
SIGN_IN = {"last_login", "password"}
PLAIN_READ = re.compile(r"\s*(select|set|show|savepoint|release|rollback|begin|commit|pragma|explain)\b", re.IGNORECASE)


class WroteOutsideVerb(AssertionError):
    """A row was written by something that is not a verb; such a write leaves no trace in the journal."""


class NoDatabase(AssertionError):
    """A test asked the database and did not say so by a fixture."""


@dataclass
class Clone:
    """One test's database. `owner` is the alias of the connection that may alter tables."""

    vendor: str
    name: str
    superuser: str = ""
    written: bool = False

    @property
    def url(self) -> str:
        """How another process reaches this database, as the server does."""
        if self.vendor == "sqlite":
            return f"sqlite:///{self.name}"
        return urlsplit(served_as(self.superuser, APP))._replace(path=f"/{self.name}").geturl()

    @property
    def home(self) -> Path:
        """The folder with the keys that belong to it."""
        return Path(settings.SIQIAN_HOME)

    @property
    def owner(self) -> str:
        return "owner" if self.vendor == "postgresql" else "default"

    def tamper(self, statement: str, *values: object) -> None:
        """Do what no guard would let pass: as whoever holds the disk, with the triggers asleep."""
        self.written = True
        if self.vendor == "postgresql":
            with as_superuser(self.superuser, self.name) as sql:
                sql.execute("set session_replication_role = replica")
                sql.execute(statement, values)
            return
        connections.close_all()
        with sqlite3.connect(self.name) as sql:
            triggers = sql.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
            for name, _ in triggers:
                sql.execute(f"drop trigger {name}")
            sql.execute(statement.replace("%s", "?"), values)
            for _, made_by in triggers:
                sql.execute(made_by)
        sql.close()


class Shelf:
    """Keeps the template and the clone in use. A clone that nobody wrote to serves the next test as well."""

    def __init__(self, home: Path, superuser: str, worker: str) -> None:
        self.home, self.superuser, self.worker = home, superuser, worker
        self.vendor = "postgresql" if superuser else "sqlite"
        self.template, self.count = "", 0
        self.open: Clone | None = None
        self.spare: Clone | None = None

    def take(self, settle) -> Clone:
        """A clone for one test; `settle` lays the town into the template, once."""
        if not self.template:
            self._make_template(settle)
        self.open, self.spare = self.spare or self._copy(), None
        _point_at(self.open.name)
        return self.open

    def give_back(self) -> None:
        clone, self.open = self.open, None
        connections.close_all()
        if clone is not None and clone.written:
            self._drop(clone.name)
        else:
            self.spare = clone

    def clear(self) -> None:
        connections.close_all()
        for name in (self.spare.name if self.spare else "", self.template):
            if name:
                self._drop(name)

    def connected(self, sender: object, connection, **_: object) -> None:
        """Watch every new connection, in whatever thread."""
        if self.open is None:
            connection.close()
            raise NoDatabase("this test reads or writes the database; let it take the fixture `db` or `town`")
        if connection.alias == "default" and self.watch not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.watch)
        if connection.alias == "owner":
            self.open.written = True

    def watch(self, execute, sql: str, params, many, context):
        if self.template and self.open is not None and not PLAIN_READ.match(str(sql)):
            self.open.written = True
            refuse_outside_verb(str(sql))
        return execute(sql, params, many, context)

    def _make_template(self, settle) -> None:
        name = self._name("template")
        if self.vendor == "postgresql":
            self._make_roles()
            with as_superuser(self.superuser, "postgres") as sql:
                sql.execute(f"create database {name} owner {OWNER}")
        clone = self.open = Clone(self.vendor, name, self.superuser)
        _point_at(name)
        call_command("migrate", database=clone.owner, verbosity=0, interactive=False)
        ddl.lay(clone.owner)
        if self.vendor == "postgresql":
            ddl.grant(APP, clone.owner)
        settle()
        if self.vendor == "sqlite":
            with connections["default"].cursor() as cursor:
                cursor.execute("pragma wal_checkpoint(truncate)")
        connections.close_all()
        self.template = name

    def _make_roles(self) -> None:
        with as_superuser(self.superuser, "postgres") as sql, sql.transaction():
            sql.execute("select pg_advisory_xact_lock(4000)")
            known = {name for (name,) in sql.execute("select rolname from pg_roles").fetchall()}
            for role in {OWNER, APP} - known:
                sql.execute(f"create role {role} {ROLE_RIGHTS}")

    def _copy(self) -> Clone:
        self.count += 1
        name = self._name(f"clone{self.count}")
        if self.vendor == "postgresql":
            with as_superuser(self.superuser, "postgres") as sql:
                sql.execute(f"create database {name} template {self.template} owner {OWNER} strategy file_copy")
        else:
            shutil.copyfile(self.template, name)
        return Clone(self.vendor, name, self.superuser)

    def _drop(self, name: str) -> None:
        if self.vendor == "postgresql":
            with as_superuser(self.superuser, "postgres") as sql:
                sql.execute(f"drop database if exists {name} with (force)")
            return
        for tail in ("", "-wal", "-shm"):
            Path(name + tail).unlink(missing_ok=True)

    def _name(self, what: str) -> str:
        return f"siqian_{self.worker}_{what}" if self.vendor == "postgresql" else str(self.home / f"{what}.db")


def refuse_outside_verb(sql: str) -> None:
    """Raise WroteOutsideVerb for a statement that changes rows and belongs to no verb."""
    match = WRITE.match(sql)
    if match is None or journal.in_verb() or DJANGO_WRITES.fullmatch(match[2]):
        return
    columns = set(re.findall(r'"(\w+)"\s*=', match[3].partition("WHERE")[0]))
    if match[2] == "people_account" and match[1].lower() == "update" and columns and columns <= SIGN_IN:
        return
    raise WroteOutsideVerb(f"{match[1].lower()} {match[2]} outside a verb: write through the module's actions")


@contextmanager
def as_superuser(url: str, name: str) -> Iterator:
    import psycopg

    with psycopg.connect(urlsplit(url)._replace(path=f"/{name}").geturl(), autocommit=True) as sql:
        yield sql


def served_as(url: str, role: str) -> str:
    """The superuser's URL with another role and no database yet."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}@{host}", path="/none").geturl()


def _point_at(name: str) -> None:
    connections.close_all()
    for entry in connections.settings.values():
        entry["NAME"] = name
