"""What is loaded before the workers part from their parent."""

import subprocess
import sys

from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.kernel import epochs
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.web import warming


def test_what_a_report_asks_of_the_town_is_in_memory_before_the_first_one(town):
    epochs.forget()
    warming.tables()
    with CaptureQueriesContext(connection) as asked:
        assert places.read("松涛苑3栋").buildings
        assert places.at_point(114.0305, 22.6605) is not None
        assert people.my_people(places.at_building("songtao-3").path, at=monday_nine)
    assert [query["sql"] for query in asked if "epoch" not in query["sql"]] == []


def test_a_server_over_an_empty_database_starts(tmp_path):
    """In a process of its own, where nothing is migrated: the pages then say what is missing."""
    line = "import django; django.setup(); from siqian.web import warming; warming.warm(); print('up')"
    env = {"SIQIAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "siqian.web.settings", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run([sys.executable, "-c", line], env=env, capture_output=True, text=True, timeout=120)
    assert ran.stdout == "up\n", ran.stderr
