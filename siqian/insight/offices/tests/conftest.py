import pytest


@pytest.fixture
def offices(town):
    """The small town with its administrators."""
    from siqian.insight.offices.tests import admins

    admins.seat()
    return town
