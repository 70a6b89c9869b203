"""Published vectors of ../shared/data/passes; tests that need them are left out where they are absent."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "passes"


def needed(test):
    """Left out where the vectors are absent, and where everything must run without them."""
    absent = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/data")
    return pytest.mark.shared_data(absent(test))


def read(*parts):
    return json.loads(FOLDER.joinpath(*parts).read_text(encoding="utf-8"))


def files(*parts):
    return sorted(FOLDER.joinpath(*parts).rglob("*.json")) if FOLDER.is_dir() else []
