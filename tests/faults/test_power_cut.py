"""The power fails while several write to the embedded database: what was flushed is there, and all that was acknowledged."""

import json
import signal
import sqlite3
import time
from contextlib import closing


def made(process, home):
    home.mkdir()
    assert process({"SIQIAN_HOME": str(home)}, "make").wait(60) == 0
    return {"SIQIAN_HOME": str(home)}


def test_what_was_acknowledged_is_on_the_disk_although_commits_are_flushed_together(process, tmp_path):
    settings, after = made(process, tmp_path / "home"), tmp_path / "after"
    cut = process(settings, "cut", str(after))
    acknowledged = json.loads(cut.communicate(timeout=60)[0])
    found = json.loads(process({"SIQIAN_HOME": str(after)}, "verify").communicate(timeout=60)[0])
    assert len(acknowledged) >= 60 and {number % 3 for number in acknowledged} == {0, 1, 2}
    assert found["whole"] == "ok" and found["faults"] == []
    assert set(acknowledged) <= set(found["numbers"]), "an acknowledged commit was not on the disk"
    assert found["numbers"] == found["rows"] == found["back"], "half a verb was on the disk"


def test_the_worker_moves_the_log_into_the_database_while_others_write(process, tmp_path):
    settings = made(process, tmp_path / "home")
    writer, log = process(settings, "ring", "0", "1"), tmp_path / "home" / "siqian.db-wal"
    for _ in range(50):
        writer.stdout.readline()
    worker = process(settings, "worker")
    until = time.monotonic() + 60
    while _moved(log) < 50 and time.monotonic() < until:
        time.sleep(0.2)
    assert _moved(log) >= 50
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0 and writer.poll() is None


def _moved(log):
    """How many entries the database itself holds, without its log."""
    moved = log.with_name("moved.db")
    moved.write_bytes(log.with_name("siqian.db").read_bytes())
    try:
        with closing(sqlite3.connect(moved)) as sql:
            [[count]] = sql.execute("select count(*) from kernel_entry where name = 'bell.rung'")
        return count
    except sqlite3.DatabaseError:  # read while it was being written
        return 0
