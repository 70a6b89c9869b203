"""Backup, restore and the check of an installation."""

import io
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from siqian.kernel import anchors, clock, ddl, deliveries
from siqian.kernel.deadline import town_calendar
from siqian.services.care import queries as care
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import queries as facts
from siqian.trades.notices import queries as notices
from siqian.trades.papers import queries as papers
from siqian.ui.words import say

IN_BACKUP = ("siqian.db", "siqian.dump", "files", "keys")


def backup(file: Path) -> str:
    """A consistent copy while the server runs: SQLite's own backup or pg_dump, the files, the keys."""
    home = Path(settings.SIQIAN_HOME)
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
        dump = Path(folder) / ("siqian.db" if connection.vendor == "sqlite" else "siqian.dump")
        _dump(dump)
        draft = Path(folder) / "archive"
        with tarfile.open(draft, "w:gz") as archive:
            archive.add(dump, dump.name)
            for name in ("files", "keys"):
                if (home / name).exists():
                    archive.add(home / name, name)
        draft.chmod(0o600)
        draft.replace(file)
    return f"备份好了：{file}（{file.stat().st_size // 1024} kB，含密钥，请锁好）"


def restore(file: Path) -> str:
    """Into an empty home only: nothing that is there is overwritten."""
    home = Path(settings.SIQIAN_HOME)
    with tarfile.open(file) as archive:
        names = {member.name.split("/")[0] for member in archive.getmembers()}
        there = [name for name in names if (home / name).exists() and name != "keys"]
        if there:
            raise click.ClickException(f"{home} 里已有{'、'.join(sorted(there))}。恢复到一个空目录：siqian --home 新目录 restore {file}")
        home.mkdir(parents=True, exist_ok=True)
        connection.close()
        _unpack(archive, home)
    if (home / "siqian.dump").exists():
        _load(home / "siqian.dump")
    report = anchors.verify()
    if report.faults:
        raise click.ClickException(f"恢复了，但流水有{len(report.faults)}处不对：{report.faults[0]}")
    return f"恢复好了：流水{report.entries}条，锚点{report.anchors}个，全部相符"


def _unpack(archive: tarfile.TarFile, home: Path) -> None:
    """Files of a backup and nothing else: no links, no way out of the folder. (Python 3.11.2 has no filter for this.)"""
    for member in archive:
        parts = PurePosixPath(member.name).parts
        if member.isdir():
            continue
        if not member.isfile() or ".." in parts or parts[0] not in IN_BACKUP:
            raise click.ClickException(f"{member.name} 不该在备份里，这份文件不是 siqian backup 做的，没有恢复")
        target, content = home.joinpath(*parts), archive.extractfile(member)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("wb") as file:
            shutil.copyfileobj(content or io.BytesIO(), file)
        target.chmod(0o600)


def check(*, deep: bool = False) -> list[str]:
    """Every fault of this installation as a sentence that says how to mend it; deep: of every matter's rows as well."""
    faults: list[str] = []
    home = Path(settings.SIQIAN_HOME)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except OperationalError as error:
        if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
            return [f"还没有数据库：{connection.settings_dict['NAME']}。运行 siqian migrate"]
        return [f"数据库连不上：{str(error).strip()}。看SIQIAN_DATABASE写得对不对，服务起来没有"]
    if _unmigrated():
        faults.append("数据库还是旧版，运行 siqian migrate")
        return faults
    faults += _unguarded()
    if shutil.disk_usage(home if home.exists() else home.parent).free < 1 << 30:
        faults.append(f"{home} 所在磁盘不到1GB，清出地方或换一块盘")
    if not town_calendar().knows(clock.local(clock.now()).date()):
        faults.append("今年的节假日安排还没有写进calendar.yaml，工作日时限按周一至周五算；国务院办公厅发了通知就补上")
    if (no_font := papers.font_fault()) is not None:
        faults.append(say(no_font))
    standing = deliveries.standing()
    if standing.dead:
        faults.append(f"有{standing.dead}条告知送不出去，查明原因后重送")
    if standing.oldest and (clock.now() - standing.oldest).total_seconds() > 300:
        faults.append("告知已积压5分钟以上，siqian worker 多半没在运行，启动它")
    if settings.SIQIAN_DEMO is False and not settings.CONFIG.secret:
        faults.append("没有设SIQIAN_SECRET，几台服务器会互相不认登录；设一串50位以上的随机字符")
    faults += [say(fault) for fault in notices.faults()]
    faults += [
        f"第{drawing.id}份网格（{drawing.file}）{drawing.day}没生效：{drawing.why}。改好再导入，撤回它：siqian places withdraw {drawing.id}"
        for drawing in places.drawings()
        if drawing.state == "refused"
    ]
    if failed := notices.failed():
        faults.append(f"有{len(failed)}条短信或邮件没发出去，看网关通不通，再运行 siqian messages retry")
    return faults + _deep() if deep else faults


def _deep() -> list[str]:
    """What is wrong with rows of matters, residents, facts, homes and papers."""
    found = (*matters.faults(), *people.resident_faults(), *facts.faults(), *care.faults(), *papers.faults())
    return [say(fault) for fault in found]


def _dump(dump: Path) -> None:
    if connection.vendor == "sqlite":
        source, target = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(dump)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return
    _run(["pg_dump", "--format=custom", f"--file={dump}", settings.CONFIG.database_backup or _owner()])


def _load(dump: Path) -> None:
    _run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_owner()}", str(dump)])


def _owner() -> str:
    return settings.CONFIG.database_owner or settings.CONFIG.database_url


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise click.ClickException(f"找不到 {command[0]}，装上PostgreSQL的客户端程序再试") from error
    if done.returncode:
        # Fenced tables are dumped by a role that may look over the fence; the owner may not, and that is meant.
        hint = (
            "。备份要用能越过围栏的只读角色，写在SIQIAN_DATABASE_BACKUP，见docs/deployment.md"
            if "row-level security" in done.stderr
            else ""
        )
        raise click.ClickException(
            f"{command[0]} 没有成功：{done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}{hint}"
        )


def _unmigrated() -> bool:
    out = io.StringIO()
    try:
        call_command("migrate", check_unapplied=True, stdout=out, verbosity=0)
    except SystemExit:
        return True
    return False


def _unguarded() -> list[str]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("select relname from pg_class where relforcerowsecurity")
            forced = {row[0] for row in cursor.fetchall()}
            cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
            above = cursor.fetchone()[0]
        faults = [
            f"表{model._meta.db_table}没有围起来，运行 siqian migrate"
            for model in ddl.guarded()["fence"]
            if model._meta.db_table not in forced
        ]
        if above:
            faults.append("服务用的数据库角色能绕过围栏（超级用户或BYPASSRLS），换成普通角色")
        return faults
    with connection.cursor() as cursor:
        cursor.execute("select tbl_name from sqlite_master where type = 'trigger'")
        guarded = {row[0] for row in cursor.fetchall()}
    return [
        f"表{model._meta.db_table}的只增保护不在了，运行 siqian migrate"
        for model in ddl.guarded()["append_only"]
        if model._meta.db_table not in guarded
    ]
