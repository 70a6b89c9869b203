"""Runs the stages of bin/test and bin/ci, each a command of its own with a time limit, and counts what they ran.

A failing stage does not keep the next one from running. Its output is kept in .cache/stages/ and its end is shown; the
last line is always "N passed, N failed, N skipped". Standard library only: set-up itself is the first stage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as Tree
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
PYTHON = ".venv/bin/python"
WHOLE_RUN, QUICK_RUN = 40 * 60, 5 * 60  # seconds
EXCUSED = "needs ../shared/data"  # how the reason of a skip begins that may happen in CI too
OWN_STAGE = ("tests/journeys", "tests/faults", "tests/access")

# Debian package: the file that shows that it, or something as good, is there.
DEBIAN = {
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",
    "chromium": "/usr/bin/chromium",
    "chromium-headless-shell": "/usr/bin/chromium-headless-shell",
    "libatomic1": "/usr/lib/*/libatomic.so.1",  # the Node.js inside Playwright's package links to it
    "fonts-noto-cjk": "/usr/share/fonts/**/NotoSansCJK*",
}


@dataclass(frozen=True)
class Stage:
    name: str
    limit: int  # seconds
    command: tuple[str, ...] = ()
    folder: str = ""  # the stage is its folder's tests; without the folder there is nothing to run yet
    marks: str = ""
    workers: int = 0
    dist: str = "worksteal"  # how tests are given to workers; by group, where they tell one story after the other
    needs: tuple[str, ...] = ()  # Debian packages without which it does not run
    wants: tuple[str, ...] = ()  # those without which some of its tests fail

    def exists(self) -> bool:
        return not self.folder or (ROOT / self.folder).is_dir()

    def missing(self) -> list[str]:
        return _missing(self.needs)

    def lacking(self) -> list[str]:
        return _missing(self.needs + self.wants)


def _missing(packages: Sequence[str]) -> list[str]:
    return [package for package in packages if not glob(DEBIAN[package], recursive=True)]


CLUSTER = ("postgresql",)
FONT = ("fonts-noto-cjk",)
STAGES = {
    stage.name: stage
    for stage in (
        Stage("static", 300, command=("bin/static",)),
        Stage("pure", 600, marks="not database", workers=2, wants=FONT),
        Stage("sqlite", 900, marks="database", workers=2, wants=FONT),
        Stage("postgres", 900, marks="database", workers=2, needs=CLUSTER, wants=FONT),
        Stage("access", 900, folder="tests/access", workers=2, needs=CLUSTER),
        Stage("faults", 900, folder="tests/faults", needs=CLUSTER),  # alone: they kill processes and measure time
        Stage(
            "journeys",
            1500,
            folder="tests/journeys",
            workers=2,
            dist="loadgroup",
            needs=("chromium", "fonts-noto-cjk", "libatomic1"),
            wants=("chromium-headless-shell",),
        ),
        Stage("newcomer", 600, command=("bin/newcomer",)),
        Stage("smoke", 180, command=("bin/smoke",)),
    )
}
TESTS = [["pure"], ["sqlite"], ["postgres"], ["access"], ["faults"], ["journeys"]]
FULL = [["static", "pure"], *TESTS[1:], ["newcomer"]]  # what stands in one list runs side by side
QUICK = [["static", "pure"], ["sqlite"], ["smoke"]]


@dataclass
class Outcome:
    name: str
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return "\n".join([f"{self.name:<10}{self.seconds:>7.1f} s   {counts}", *(f"{'':<14}{note}" for note in self.notes)])


class Run:
    """One run of several stages: what is running, what is missing on this machine, when time is up."""

    def __init__(self, *, ci: bool, live: bool, extra: list[str], quick: bool = False) -> None:
        self.ci, self.live, self.extra, self.quick = ci, live, extra, quick
        self.limit = QUICK_RUN if quick else WHOLE_RUN
        self.until = time.monotonic() + self.limit
        self.running: list[subprocess.Popen[bytes]] = []
        self.outcomes: list[Outcome] = []
        for folder in ("stages", "junit"):
            shutil.rmtree(CACHE / folder, ignore_errors=True)
            (CACHE / folder).mkdir(parents=True)

    def set_up(self, stages: list[str]) -> bool:
        """Environment and Debian packages; False when no stage can run."""
        outcome, began = Outcome("set-up"), time.monotonic()
        ready = self.execute(("bin/setup", "--dev"), "set-up", 900) == 0
        missing = sorted({package for name in stages if STAGES[name].exists() for package in STAGES[name].lacking()})
        if missing and os.geteuid() == 0:
            print(f"installing from Debian: {' '.join(missing)}", flush=True)
            if self.execute(("bin/debian", *missing), "debian", 900):
                # One that this system does not know keeps the others from coming.
                failed = [package for package in missing if self.execute(("bin/debian", package), f"debian-{package}", 900)]
                outcome.notes += [f"{package} could not be installed, see .cache/stages/debian-{package}.log" for package in failed]
        outcome.passed, outcome.failed = int(ready), int(not ready)
        if not ready:
            outcome.notes.append("without its environment no stage can run")
        return self.close(outcome, began)

    def stage(self, stage: Stage) -> None:
        outcome, began = Outcome(stage.name), time.monotonic()
        missing = stage.missing()
        if not stage.exists():
            outcome.notes.append(f"nothing to run: there is no folder {stage.folder} yet")
        elif missing:
            remedy = f"apt-get update && apt-get install --no-install-recommends {' '.join(missing)}"
            outcome.notes.append(f"not run: needs {' and '.join(missing)}. Have the administrator (root) run: {remedy}")
            outcome.failed, outcome.skipped = (1, 0) if self.ci else (0, 1)
        elif stage.command:
            code = self.execute(stage.command, stage.name, stage.limit)
            outcome.passed, outcome.failed = int(code == 0), int(code != 0)
            self.explain(outcome, code, stage.limit)
        else:
            code = self.execute(self.pytest(stage), stage.name, stage.limit)
            self.count(outcome, code)
            self.explain(outcome, code, stage.limit)
        self.close(outcome, began)

    def pytest(self, stage: Stage) -> tuple[str, ...]:
        unwanted = ("not shared_data" if self.ci else "", "not long" if self.quick else "")
        marks = " and ".join(f"({mark})" for mark in (stage.marks, *unwanted) if mark)
        where = [stage.folder] if stage.folder else [part for part in ("siqian", "demo", "tests") if (ROOT / part).is_dir()]
        ignored = [] if stage.folder else [f"--ignore={folder}" for folder in OWN_STAGE]
        return (
            *((PYTHON, "tests/cluster.py", "--") if "postgresql" in stage.needs else ()),
            *(PYTHON, "-m", "pytest", "-q", "--tb=short", "--timeout=300", f"--junit-xml=.cache/junit/{stage.name}.xml"),
            *(("-n", str(stage.workers), f"--dist={stage.dist}") if stage.workers else ()),
            *(("-m", marks) if marks else ()),
            *(self.extra or [*ignored, *where]),
        )

    def execute(self, command: tuple[str, ...], name: str, limit: float) -> int | None:
        """Run to the end or to the limit; the exit code, None when time was up. Nothing of its group is left running."""
        limit = min(limit, self.until - time.monotonic())
        if limit <= 0:
            return None
        env = {key: value for key, value in os.environ.items() if key != "SIQIAN_TEST_POSTGRES"} | {"LANG": "C.UTF-8"}
        with open(CACHE / "stages" / f"{name}.log", "wb") as log:
            sink = None if self.live else log
            child = subprocess.Popen(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink and subprocess.STDOUT, start_new_session=True
            )
            self.running.append(child)
            try:
                return child.wait(limit)
            except subprocess.TimeoutExpired:
                return None
            finally:
                end_group(child)
                self.running.remove(child)

    def count(self, outcome: Outcome, code: int | None) -> None:
        """Add up pytest's own report; a bad end without a failed test is a failure too."""
        report = CACHE / "junit" / f"{outcome.name}.xml"
        for case in Tree.parse(report).iter("testcase") if report.exists() else ():  # noqa: S314 - our own file
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                outcome.failed += 1
            elif skip is None:
                outcome.passed += 1
            elif self.ci and not skip.get("message", "").startswith(EXCUSED):
                outcome.failed += 1
                outcome.notes.append(f"skipped: {case.get('classname')}.{case.get('name')}: {skip.get('message')}")
            else:
                outcome.skipped += 1
        if code == 5:
            outcome.notes.append("no tests were collected")
        if code != 0 and not outcome.failed:
            outcome.failed = 1

    def explain(self, outcome: Outcome, code: int | None, limit: int) -> None:
        if code is None:
            outcome.notes.append(f"ended: not done within its {limit} s, or the whole run's {self.limit} s")
        log = CACHE / "stages" / f"{outcome.name}.log"
        if code != 0 and not self.live and log.exists():
            tail = log.read_text(errors="replace").splitlines()[-80:]
            print("\n".join([f"===== {outcome.name}: end of {log.relative_to(ROOT)}", *tail, "====="]), flush=True)

    def close(self, outcome: Outcome, began: float) -> bool:
        outcome.seconds = time.monotonic() - began
        self.outcomes.append(outcome)
        print(outcome, flush=True)
        return not outcome.failed

    def end(self, number: int, _frame: object) -> None:
        for child in list(self.running):
            end_group(child)
        sys.exit(128 + number)

    def verdict(self, floor: int) -> int:
        total = Outcome("in all", sum(outcome.seconds for outcome in self.outcomes))
        for outcome in self.outcomes:
            total.passed += outcome.passed
            total.failed += outcome.failed
            total.skipped += outcome.skipped
        print("\nstage      seconds")
        for outcome in self.outcomes:
            print(outcome)
        if total.passed < floor:
            total.failed += 1
            print(f"tests/floor asks for {floor} passed, {total.passed} did: bring the lost ones back.")
        print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
        return int(total.failed > 0)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and all of its group: politely first, so that it can stop what it started in groups of their own."""
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        try:
            os.killpg(child.pid, number)
            child.wait(patience)
        except (ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
            continue


def only_pytest(arguments: list[str]) -> None:
    """Straight to pytest, as a developer types it: on SQLite unless SIQIAN_TEST_POSTGRES names a server."""
    os.chdir(ROOT)
    if subprocess.run(["bin/setup", "--dev"]).returncode:
        sys.exit(1)
    os.execv(PYTHON, [PYTHON, "-m", "pytest", *arguments])


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__, allow_abbrev=False)
    parser.add_argument("--stage", action="append", choices=sorted(STAGES), help="only this stage (may be given several times)")
    parser.add_argument("--quick", action="store_true", help="static, pure, sqlite and a short smoke")
    parser.add_argument("--ci", action="store_true", help=argparse.SUPPRESS)
    args, extra = parser.parse_known_args()
    ci = args.ci or os.environ.get("CI") == "true"
    if extra and not args.stage:
        only_pytest(extra)
    plan = [[name] for name in args.stage] if args.stage else QUICK if args.quick else FULL if args.ci else TESTS
    run = Run(ci=ci, live=bool(args.stage) and len(args.stage) == 1, extra=extra, quick=args.quick)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, run.end)
    whole = not (args.stage or args.quick)
    if run.set_up([name for group in plan for name in group]):
        for group in plan:
            with ThreadPoolExecutor(len(group)) as side_by_side:
                list(side_by_side.map(run.stage, [STAGES[name] for name in group]))
    return run.verdict(int((ROOT / "tests" / "floor").read_text()) if ci and whole else 0)


if __name__ == "__main__":
    sys.exit(main())
