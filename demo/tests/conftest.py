"""The living district, made once a process: nobody changes it."""

from random import Random

import pytest


@pytest.fixture(scope="session")
def made():
    from demo import SEED  # this file is read before Django is set up
    from demo.district import district

    return district(Random(SEED))
