import pytest


@pytest.fixture
def offices(town):
    """The small town with its administrators."""
    from . import admins

    admins.seat()
    return town
