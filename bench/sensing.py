"""How fast readings are taken, and how long a storm takes to become one incident. Writes bench/results/sensing.json.

    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.sensing

The demo district with 5,000 sensors. readings: batches of 500 of different sensors through the verb, each its own transaction, what was
measured a minute after the batch before; nothing is raised. late: the same, each batch measured before the one that came already, so
that the last day is folded anew. storm: 2,000 water sensors of one street past their level, twice each, in batches of 500: seconds until
one incident holds all of them. SQLite with synchronous=FULL, PostgreSQL with fsync.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from .spine import ROOT, commit, environment

SENSORS, TOGETHER, BATCHES, STORM = 5_000, 500, 40, 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().inside:
        print(json.dumps(_measured()))
        return
    result: dict[str, Any] = {"command": "python tests/cluster.py --durable -- python -m bench.sensing", "commit": commit()}
    result |= {"cores": os.cpu_count(), "sensors": SENSORS, "together": TOGETHER, "batches": BATCHES, "storm": STORM}
    for database in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
            command = [sys.executable, "-m", "bench.sensing", "--inside"]
            said = subprocess.run(
                command, cwd=ROOT, env=environment(Path(home), database), check=True, capture_output=True, text=True
            ).stdout
        result[database] = json.loads(said.splitlines()[-1])
    (ROOT / "bench" / "results" / "sensing.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _measured() -> dict[str, Any]:
    import django

    if os.environ.get("SIQIAN_DATABASE_OWNER"):
        from .spine_town import fresh_database

        fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from demo import SEED
    from demo.district import district
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.services.sensing import actions, queries
    from siqian.services.sensing.rules import SensorRow, Sent
    from siqian.town.people import actions as people
    from siqian.town.places import actions as places, queries as map_
    from siqian.web.running import migrated

    migrated()
    made, now, chance = district(Random(SEED)), clock.now(), Random(3)
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=now)
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(now).date(), by=OFFICE, at=now)
    street = map_.areas(level=1, rings=False)[0].path
    wet = [row.code for row in map_.buildings(within=street)]
    houses = [*chance.choices(wet, k=STORM), *(chance.choice(made.buildings).code for _ in range(SENSORS - STORM))]
    kinds = ["water"] * STORM + ["noise"] * (SENSORS - STORM)
    rows = [
        SensorRow(at, f"b{at}", kind, f"b{at}", "", house, None, None) for at, (kind, house) in enumerate(zip(kinds, houses, strict=True))
    ]
    begun = time.perf_counter()
    actions.register_sensors(sensors=rows, by=OFFICE, at=now)
    registered = time.perf_counter() - begun

    def take(codes: list[str], quantity: str, value: float, at: Any) -> float:
        sent = [Sent(1, code, quantity, value + chance.random(), at) for code in codes]
        started = time.perf_counter()
        answers = actions.take_readings(readings=sent, by=OFFICE, at=now)
        spent = time.perf_counter() - started
        assert all(answer.outcome == "taken" for answer in answers)
        return spent

    quiet, start = [f"b{at}" for at in range(STORM, SENSORS)], now - timedelta(hours=2)
    parts = [quiet[at : at + TOGETHER] for at in range(0, len(quiet), TOGETHER)]
    in_order = [take(parts[at % len(parts)], "level", 50, start + timedelta(minutes=at)) for at in range(BATCHES)]
    late = [take(parts[at], "level", 50, start - timedelta(minutes=1)) for at in range(len(parts))]
    storm = [f"b{at}" for at in range(STORM)]
    begun = time.perf_counter()
    for minute in (0, 2):
        for at in range(0, STORM, TOGETHER):
            take(storm[at : at + TOGETHER], "depth", 40, now - timedelta(minutes=10 - minute))
    spent = time.perf_counter() - begun
    (line,) = [line for line in queries.incident_list(seen_by=OFFICE, at=now) if line.kind.code == "flood"]
    return {
        "readings_a_second": round(TOGETHER / statistics.median(in_order)),
        "batch_ms": round(1000 * statistics.median(in_order)),
        "batch_ms_p95": round(1000 * statistics.quantiles(in_order, n=20)[-1]),
        "late_readings_a_second": round(TOGETHER / statistics.median(late)),
        "storm_s": round(spent, 2),
        "storm_alarms": line.alarms,
        "registered_s": round(registered, 1),
    }


if __name__ == "__main__":
    main()
