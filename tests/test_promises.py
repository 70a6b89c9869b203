"""Every sentence of tests/promises/*.yaml is kept by tests that exist and that nothing skips.

A file is a list of rows: `sentence` (what we promise), `tests` (node ids, or a file for all of its tests; a parametrized
test is named without its brackets) and `where` (the page or command on which it can be seen).
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).resolve().parent / "promises"
FIELDS = {"sentence", "tests", "where"}
UNKEPT = ("skip", "skipif", "xfail")

# Collects as a run on PostgreSQL does, without a server, and tells each test with the marks that keep it from running.
COLLECT = """
import json, os, sys
os.environ["SIQIAN_TEST_POSTGRES"] = "postgresql://nobody@/none"
import pytest
class Teller:
    def pytest_collection_finish(self, session):
        self.found = [(item.nodeid, [mark.name for mark in item.iter_markers()]) for item in session.items]
teller = Teller()
code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[teller])
print("\\n" + json.dumps([int(code), getattr(teller, "found", [])]))
"""


def collected(folder: Path) -> dict[str, set[str]]:
    """node id without brackets -> marks of all its variants."""
    ran = subprocess.run([sys.executable, "-c", COLLECT], cwd=folder, capture_output=True, text=True)
    code, found = json.loads(ran.stdout.splitlines()[-1])
    assert code in (0, 5), ran.stdout[-2000:]
    tests: dict[str, set[str]] = {}
    for node, marks in found:
        tests.setdefault(node.partition("[")[0], set()).update(marks)
    return tests


def broken(rows: object, tests: dict[str, set[str]]) -> list[str]:
    """What is wrong with the promises of one file, as sentences."""
    if not isinstance(rows, list) or not rows:
        return ["the file holds no list of promises"]
    return [fault for number, row in enumerate(rows, 1) for fault in _row_faults(f"row {number}", row, tests)]


def _row_faults(where: str, row: object, tests: dict[str, set[str]]) -> list[str]:
    if not isinstance(row, dict) or set(row) != FIELDS or not all(row.values()) or not isinstance(row["tests"], list):
        return [f"{where}: wants {', '.join(sorted(FIELDS))}, all of them filled, tests as a list"]
    faults = []
    for name in row["tests"]:
        nodes = [node for node in tests if node == name or node.startswith(f"{name}::")]
        if not nodes:
            faults.append(f"{where}: there is no test {name}")
        faults += [f"{where}: {node} is marked {mark}, so it keeps nothing" for node in nodes for mark in UNKEPT if mark in tests[node]]
    return faults


@pytest.fixture(scope="module")
def tests_of_the_house():
    return collected(ROOT)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.name)
def test_every_promise_is_kept_by_tests_that_run(file, tests_of_the_house):
    assert broken(yaml.safe_load(file.read_text(encoding="utf-8")), tests_of_the_house) == []


STORY = """
import pytest
def test_lamp(): ...
@pytest.mark.parametrize("turn", [1, 2])
def test_turns(turn): ...
@pytest.mark.skip
def test_asleep(): ...
@pytest.mark.xfail
def test_hopeless(): ...
class TestBell:
    def test_rings(self): ...
"""


@pytest.fixture(scope="module")
def tests_of_a_story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    (folder / "test_story.py").write_text(STORY)
    return collected(folder)


def faults_of(tests, *names, change=()):
    return broken([{"sentence": "The lamp is lit.", "tests": list(names), "where": "/lamps"} | dict(change)], tests)


KEPT = ["test_story.py", "test_story.py::test_lamp", "test_story.py::test_turns", "test_story.py::TestBell::test_rings"]
BROKEN = ["test_story.py", "test_story.py::test_gone", "test_story.py::test_asleep", "test_story.py::test_hopeless", "no.py", ""]


@pytest.mark.parametrize("name", KEPT)
def test_a_promise_with_a_test_that_runs_is_kept(tests_of_a_story, name):
    running = {node: marks for node, marks in tests_of_a_story.items() if not marks & set(UNKEPT)}
    assert faults_of(running, name) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_promise_without_a_test_that_runs_is_broken(tests_of_a_story, name):
    assert faults_of(tests_of_a_story, name) != []


@pytest.mark.parametrize("change", [{"sentence": ""}, {"where": None}, {"tests": []}, {"tests": "test_story.py"}, {"more": 1}])
def test_a_promise_that_is_half_written_is_broken(tests_of_a_story, change):
    assert faults_of(tests_of_a_story, "test_story.py::test_lamp", change=change) != []
    assert broken([], tests_of_a_story) != []
