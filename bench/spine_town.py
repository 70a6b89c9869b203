"""The small demo's town in a fresh database, for the spine's benchmark; on PostgreSQL with the two roles of production."""

import json
import os
from pathlib import Path
from random import Random


def main() -> None:
    import django

    if os.environ.get("SIQIAN_DATABASE_OWNER"):
        _fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from demo import SEED
    from demo.town import town
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.town.people import actions as people
    from siqian.town.places import actions as places
    from siqian.web.running import migrated

    migrated()
    made, at = town(Random(SEED)), clock.now()
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=at)
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(at).date(), by=OFFICE, at=at)
    home = Path(os.environ["SIQIAN_HOME"])
    (home / "buildings.json").write_text(json.dumps([row.code for row in made.buildings]))


def _fresh_database(superuser: str) -> None:
    import psycopg

    with psycopg.connect(superuser, autocommit=True) as sql:
        for role in ("siqian_owner", "siqian_app"):
            sql.execute(f"create role {role} login nosuperuser nobypassrls")
        sql.execute("create database siqian_bench owner siqian_owner")


if __name__ == "__main__":
    main()
