"""Commands as an operator types them, and files to give them."""

import pytest
from click.testing import CliRunner

from siqian.web.cli import house


@pytest.fixture
def say(db):
    """Type a command; gives the exit status and what was printed."""

    def run(*words):
        ran = CliRunner().invoke(house, [str(word) for word in words])
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
        return ran.exit_code, ran.output

    return run


@pytest.fixture
def saved(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write
