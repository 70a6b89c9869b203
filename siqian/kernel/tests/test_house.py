"""The database that tests get: each test its own, and no row that a verb did not write."""

import pytest
from django.db import connection

from siqian.kernel import journal as ink
from siqian.kernel.models import Link
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine
from siqian.town.people.models import Account
from siqian.town.places.models import Site
from tests.clones import WroteOutsideVerb


def rename_all(name):
    with ink.writing(OFFICE, whole=True):
        Site.objects.update(name=name)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_the_town_as_it_was_laid(db, turn):
    assert sorted(Site.objects.values_list("name", flat=True)) == ["云岭村", "木棉苑", "松涛苑"]
    rename_all("改过")


def test_a_row_that_no_verb_wrote_is_refused(db):
    with pytest.raises(WroteOutsideVerb, match="kernel_link outside a verb"):
        Link.objects.create(source="a", kind="b", target="c", at=monday_nine)
    with pytest.raises(WroteOutsideVerb), connection.cursor() as cursor:
        cursor.execute("delete from kernel_link")


def test_signing_in_writes_its_time_and_nothing_else(db):
    Account.objects.filter(username="zhou").update(last_login=monday_nine)
    with pytest.raises(WroteOutsideVerb):
        Account.objects.filter(username="zhou").update(name="周全")


def test_racers_meet_in_one_database(db, race):
    def tie(number):
        with ink.writing(OFFICE, whole=True):
            Link.objects.create(source=f"s{number}", kind="k", target="t", at=monday_nine)
        return number

    assert [finish.value for finish in race(lambda: tie(1), lambda: tie(2), lambda: tie(3))] == [1, 2, 3]
    assert Link.objects.count() == 3


def test_postgres_serves_as_a_role_that_owns_nothing(postgres):
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("siqian_app", False, False)
        cursor.execute("select count(*) from pg_class where relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
