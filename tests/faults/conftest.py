"""Processes of their own, that can be killed without a word."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def process():
    """`process({"SIQIAN_HOME": …}, "ring", "0", "1")` starts one; all are gone when the test ends."""
    started = []

    def start(settings, *command):
        env = {name: value for name, value in os.environ.items() if not name.startswith("SIQIAN_")}
        env |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "siqian.web.settings", "SIQIAN_SECRET": "only for tests"} | settings
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.bells", *command], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()
