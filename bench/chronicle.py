"""How fast history is taken over by the bulk verb. Writes bench/results/chronicle-<database>.json.

    .venv/bin/python -m bench.chronicle --database sqlite
    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.chronicle --database postgresql

Lives of the demo's year over the whole district, made beforehand; chunks of 200 a verb call, each its own transaction with
everything the verb does: faults looked for, states and clocks reckoned, names sealed, rows written, one journal entry.
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

from .spine import ROOT, commit, environment

TOGETHER = 200
TABLES = ("matters_matter", "matters_telling", "matters_step", "tasks_task", "kernel_key", "kernel_link", "kernel_entry")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--lives", type=int, default=12_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(_measured(asked.lives)))
        return
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), asked.database)
        command = [sys.executable, "-m", "bench.chronicle", "--inside", "--lives", str(asked.lives)]
        said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
    result = {
        "command": f"python -m bench.chronicle --database {asked.database} --lives {asked.lives}",
        "commit": commit(),
        "cores": os.cpu_count(),
        **json.loads(said.splitlines()[-1]),
    }
    target = ROOT / "bench" / "results" / f"chronicle-{asked.database}.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _measured(count: int) -> dict[str, object]:
    import django

    if os.environ.get("SIQIAN_DATABASE_OWNER"):
        from .spine_town import fresh_database

        fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from demo import SEED, making
    from demo.district import district
    from demo.year import year
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.spine.matters import actions
    from siqian.town.people import queries as people
    from siqian.web.running import migrated

    migrated()
    at = clock.now()
    making.lay(district(Random(SEED)), begun=at - timedelta(days=400), at=at)
    begun = time.perf_counter()
    lives = list(year(making.homes(), making.whole(), people.Watch, Random(SEED), until=at, count=count))
    made = time.perf_counter() - begun
    before, spans = _rows(), []
    for start in range(0, count, TOGETHER):
        begun = time.perf_counter()
        actions.chronicle(lives=lives[start : start + TOGETHER], by=OFFICE, at=at)
        spans.append(time.perf_counter() - begun)
    spans.sort()
    written = {name: after - before[name] for name, after in _rows().items()}
    return {
        "lives": count,
        "together": TOGETHER,
        "median": {"lives_per_second": round(TOGETHER / statistics.median(spans)), "commit_ms": round(statistics.median(spans) * 1000)},
        "whole": {"lives_per_second": round(count / sum(spans)), "rows_per_second": round(sum(written.values()) / sum(spans))},
        "slowest_commit_ms": round(spans[-1] * 1000),
        "year_us_a_life": round(made / count * 1e6),
        "rows": written,
    }


def _rows() -> dict[str, int]:
    from django.db import connection

    from siqian.kernel import store

    with store.reading_all(), connection.cursor() as cursor:
        found = {}
        for name in TABLES:
            cursor.execute(f"select count(*) from {name}")  # noqa: S608 - one of the names above
            found[name] = int(cursor.fetchone()[0])
    return found


if __name__ == "__main__":
    main()
