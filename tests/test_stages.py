"""How bin/test and bin/ci count: a wrong sum here would let a broken change pass."""

import importlib.util
import sys
import time
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parent.parent / "bin" / "stages.py"
REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="scanner"><skipped message="no scanner here"/></testcase>
<testcase classname="a" name="lianxin"><skipped message="needs ../shared/data/lianxin"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def stages(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("stages", PLACE)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "stages", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "CACHE", tmp_path)
    return module


def counted(stages, *, ci, code, report=None):
    run, outcome = stages.Run(ci=ci, live=False, extra=[]), stages.Outcome("pure")
    if report:
        (stages.CACHE / "junit" / "pure.xml").write_text(report)
    run.count(outcome, code)
    return outcome.passed, outcome.failed, outcome.skipped


def test_developer_sees_skips_as_skips(stages):
    assert counted(stages, ci=False, code=1, report=REPORT) == (1, 2, 2)


def test_ci_takes_a_skip_for_a_failure_unless_it_lacks_the_shared_data(stages):
    assert counted(stages, ci=True, code=1, report=REPORT) == (1, 3, 1)


@pytest.mark.parametrize("code", [None, 2, 3, 5, -9])
def test_bad_end_without_a_failed_test_is_a_failure(stages, code):
    assert counted(stages, ci=True, code=code) == (0, 1, 0)


def test_fewer_passed_than_the_floor_fails_the_run(stages, capsys):
    run = stages.Run(ci=True, live=False, extra=[])
    run.outcomes.append(stages.Outcome("pure", passed=3))
    assert run.verdict(floor=3) == 0
    assert run.verdict(floor=4) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 1 failed, 0 skipped"


def test_what_time_ran_out_for_is_ended_with_all_it_started(stages):
    run = stages.Run(ci=True, live=False, extra=[])
    assert run.execute(("sh", "-c", "sleep 60 & sleep 60"), "pure", 0.3) is None
    assert run.running == []


def test_no_time_left_starts_nothing(stages):
    run = stages.Run(ci=True, live=False, extra=[])
    run.until = time.monotonic()
    assert run.execute(("touch", str(stages.CACHE / "started")), "pure", 10) is None
    assert not (stages.CACHE / "started").exists()
