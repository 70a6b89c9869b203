"""A town in a fresh database and messages to send it, for the spine's benchmark; on PostgreSQL with the two roles of production."""

import json
import os
import sys
from pathlib import Path
from random import Random

MESSAGES = 60_000


def main(size: str) -> None:
    import django

    if os.environ.get("SIQIAN_DATABASE_OWNER"):
        fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from demo import SEED, grammar
    from demo.district import district
    from demo.town import town
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.town.people import actions as people
    from siqian.town.places import actions as places
    from siqian.web.running import migrated

    migrated()
    chance = Random(SEED)
    made, at = (district if size == "district" else town)(chance), clock.now()
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=at)
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(at).date(), by=OFFICE, at=at)
    # Every message is about another building and item as long as there are any: few join what is there, as on a day of a district.
    # Of a list made longer for the benchmark, what people say stays the same.
    samples = [(code, sample) for code, sample in grammar.samples() if int(code.rpartition(".")[2]) < 500]
    built = made.buildings
    places_of = [built[number * 7919 % len(built)] for number in range(MESSAGES)]
    messages = [(samples[number * 7 % len(samples)][1], row.code, row.name) for number, row in enumerate(places_of)]
    (Path(os.environ["SIQIAN_HOME"]) / "messages.json").write_text(json.dumps(messages, ensure_ascii=False), encoding="utf-8")


def fresh_database(superuser: str) -> None:
    import psycopg

    with psycopg.connect(superuser, autocommit=True) as sql:
        for role in ("siqian_owner", "siqian_app"):
            sql.execute(f"create role {role} login nosuperuser nobypassrls")
        sql.execute("create database siqian_bench owner siqian_owner")


if __name__ == "__main__":
    main(sys.argv[1])
