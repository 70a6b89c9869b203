"""A server is killed in the middle of writing to the embedded database, which is whole afterwards, to the last commit."""

import json
import time

import pytest


@pytest.fixture
def settings(process, tmp_path):
    settings = {"SIQIAN_HOME": str(tmp_path / "home")}
    (tmp_path / "home").mkdir()
    assert process(settings, "make").wait(60) == 0
    return settings


def survivors(process, settings):
    asked = process(settings, "verify")
    return json.loads(asked.communicate(timeout=60)[0])


def killed_after(child, seconds):
    """Let it write for so long, kill it, and give every number that it had acknowledged."""
    first = child.stdout.readline()
    time.sleep(seconds)
    child.kill()
    child.wait()
    return [int(line) for line in (first + child.stdout.read()).split()]


def check(found, acknowledged):
    assert found["whole"] == "ok" and found["faults"] == []
    assert set(acknowledged) <= set(found["numbers"]), "an acknowledged commit was lost"
    assert found["numbers"] == found["rows"] == found["back"], "half a verb was written"


def test_every_acknowledged_commit_outlives_the_server(process, settings):
    acknowledged = []
    for turn in range(3):
        acknowledged += killed_after(process(settings, "ring", str(turn * 100_000), "1"), 0.2 + 0.13 * turn)
        check(survivors(process, settings), acknowledged)
    assert len(acknowledged) > 30


def test_the_one_that_lives_writes_on_beside_the_one_that_was_killed(process, settings):
    living, dying = process(settings, "ring", "0", "2"), process(settings, "ring", "1", "2")
    lost = killed_after(dying, 0.4)
    before = living.stdout.readline()
    time.sleep(0.3)
    kept = [int(before), *killed_after(living, 0)]
    assert len(kept) > 3
    check(survivors(process, settings), lost + kept)
