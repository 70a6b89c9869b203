"""The district at full size: 1.8 million rooms, 3 million residents, 2 million matters. Writes bench/results/full.json.

    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.full --share 1

What `siqian demo --size full` does, by the same code, timed part by part: the map, rooms and residents, the year of matters.
--share: of the 2 million; --minutes: after so long the year ends with the commit in hand, and the result says how far it came.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .spine import ROOT, commit, environment

TABLES = ("places_unit", "people_resident", "matters_matter", "matters_telling", "matters_step", "tasks_task", "kernel_key", "kernel_entry")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(_filled(asked.share, asked.minutes)))
        return
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), "postgresql") | {"SIQIAN_DEMO": "true"}
        flags = ["--share", str(asked.share), "--minutes", str(asked.minutes)]
        command = [sys.executable, "-m", "bench.full", "--inside", *flags]
        said = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = {"command": f"python -m bench.full {' '.join(flags)}", "commit": commit(), "cores": os.cpu_count()}
    result |= json.loads(said.splitlines()[-1])
    (ROOT / "bench" / "results" / "full.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))


def _filled(share: float, minutes: float) -> dict[str, object]:
    import django

    from .spine_town import fresh_database

    fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from django.conf import settings

    from demo import SEED, full, history, making
    from siqian.kernel import anchors
    from siqian.web.running import migrated

    migrated()
    home, begun = Path(settings.SIQIAN_HOME), time.monotonic()
    full.begin(home, matters=round(full.MATTERS * share))
    making.make(home, size="full", told=_told)
    seconds = {"map": round(time.monotonic() - begun)}
    until = begun + minutes * 60
    history.live(home, told=_told, enough=lambda: time.monotonic() > until)
    filling, year = full.standing(home) or {}, json.loads((home / history.FILE).read_text(encoding="utf-8"))
    seconds |= {"rooms and residents": round(filling["seconds"])}
    seconds |= {"year": round(time.monotonic() - begun - seconds["map"] - filling["seconds"])}
    checked = time.monotonic()
    faults = anchors.verify().faults
    seconds["journal verify"] = round(time.monotonic() - checked)
    rates = {
        "residents_per_second": round(filling["residents"] / filling["seconds"]),
        "matters_per_second": round(year["made"] / seconds["year"]),
    }
    found = {"wanted": year["of"], "made": year["made"], "last_day": year["lived"], "seconds": seconds, **rates}
    return found | _sizes() | {"journal_faults": len(faults), "seed": SEED}


def _told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sizes() -> dict[str, object]:
    import psycopg

    superuser = os.environ["SIQIAN_TEST_POSTGRES"].replace("/postgres?", "/siqian_bench?")
    with psycopg.connect(superuser, autocommit=True) as sql:
        counts = {table: sql.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}  # noqa: S608
        megabytes = {table: sql.execute("select pg_total_relation_size(%s) / 1000000", [table]).fetchone()[0] for table in TABLES}
        whole = sql.execute("select pg_database_size(current_database()) / 1000000").fetchone()[0]
    return {"rows": counts, "megabytes": {**megabytes, "database": whole}}


if __name__ == "__main__":
    main()
