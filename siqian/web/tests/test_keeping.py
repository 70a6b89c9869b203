"""Backup, restore and check by the command line, as an administrator types them."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def siqian(tmp_path):
    """`siqian(home, "migrate")` runs the command with all state in tmp_path/home; gives its exit code and what it said."""

    return lambda home, *what: _run(tmp_path, tmp_path / home, *what)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home as `siqian migrate` leaves it: made once, each test takes a copy."""
    home = tmp_path_factory.mktemp("made")
    _run(home, home, "migrate")
    return home


@pytest.fixture
def one(made, tmp_path):
    """The home "one", migrated."""
    shutil.copytree(made, tmp_path / "one")


def _run(place: Path, home: Path, *what: str) -> tuple[int, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIQIAN_", "DJANGO_"))}
    env |= {"SIQIAN_HOME": str(home), "PYTHONPATH": str(ROOT), "SIQIAN_SECRET": "only for tests " * 4}
    done = subprocess.run([sys.executable, "-m", "siqian", *what], cwd=place, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.long
def test_what_was_backed_up_is_restored_elsewhere_whole(siqian, one, tmp_path):
    code, said = siqian("one", "backup", "all.tar.gz")
    assert code == 0 and "含密钥" in said
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o077 == 0
    code, said = siqian("two", "restore", "all.tar.gz")
    assert code == 0 and "全部相符" in said
    assert siqian("two", "journal", "verify")[0] == 0
    code, said = siqian("two", "restore", "all.tar.gz")
    assert code != 0 and "已有" in said


def test_check_names_what_is_wrong_and_the_remedy(siqian, tmp_path):
    code, said = siqian("one", "check")
    assert code == 1 and "siqian migrate" in said
    siqian("one", "migrate")
    assert siqian("one", "check") == (0, "✓ 一切就绪\n")
    with sqlite3.connect(tmp_path / "one" / "siqian.db") as database:
        database.execute("drop trigger kernel_entry_no_update")
        database.execute("drop trigger kernel_entry_no_delete")
    code, said = siqian("one", "check")
    assert code == 1 and "kernel_entry" in said


def test_a_deep_check_reads_every_matter_whatever_else_is_wrong(siqian, one, tmp_path):
    assert siqian("one", "check", "--deep") == (0, "✓ 一切就绪\n")
    with sqlite3.connect(tmp_path / "one" / "siqian.db") as database:
        database.execute("drop trigger kernel_entry_no_update")
        database.execute("drop trigger kernel_entry_no_delete")
        columns = [row[1] for row in database.execute("pragma table_info(matters_matter)") if row[3]]
        bent = {"id": 7, "state": "lost", "received": "2026-07-13 01:00:00", "guesses": "[]", "candidates": "[]", "against": "[]"}
        values = [bent.get(name, 0) for name in columns]
        database.execute(f"insert into matters_matter ({','.join(columns)}) values ({','.join('?' * len(columns))})", values)  # noqa: S608
    assert "lost" not in siqian("one", "check")[1]
    code, said = siqian("one", "check", "--deep")
    assert code == 1 and "kernel_entry" in said and "0713-0007：没有“lost”这个状态" in said


def test_a_wrong_setting_is_named_before_anything_starts(tmp_path):
    (tmp_path / "siqian.toml").write_text('hoem = "x"\n')
    env = os.environ | {"SIQIAN_CONFIG": str(tmp_path / "siqian.toml"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "siqian", "check"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "hoem" in done.stderr


def test_export_holds_no_name_and_no_formula(siqian, one, tmp_path):
    code, said = siqian("one", "export", "matters", "out.csv")
    assert code == 0 and "导出了0件" in said
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").startswith("number,state,kind")


def test_an_archive_that_is_no_backup_writes_nothing_outside(siqian, tmp_path):
    import io
    import tarfile

    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("../outside")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"evil"))
    code, said = siqian("three", "restore", "evil.tar.gz")
    assert code != 0 and "不该在备份里" in said and not (tmp_path / "outside").exists()
