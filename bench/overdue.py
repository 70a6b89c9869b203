"""The one overdue job with many open tasks. Writes bench/results/overdue.json.

    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.overdue

200,000 open tasks; at every pass so many of them have become late. A pass finds them, lets them climb, records and announces each.
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

from .spine import ROOT, commit, environment

OPEN, PASSES = 200_000, 5
LATE = (0, 200, 2000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().inside:
        _inside()
        return
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        subprocess.run([sys.executable, "-m", "bench.overdue", "--inside"], cwd=ROOT, env=environment(Path(home), "postgresql"), check=True)
    result = json.loads((ROOT / ".cache" / "overdue.json").read_text(encoding="utf-8"))
    result |= {"command": "python -m bench.overdue", "commit": commit(), "cores": os.cpu_count()}
    (ROOT / "bench" / "results" / "overdue.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _inside() -> None:
    import django

    from .spine_town import fresh_database

    fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from siqian.kernel import clock
    from siqian.trades.tasks import jobs
    from siqian.web.running import migrated

    migrated()
    begin = clock.now()
    passes = [late for late in LATE for _ in range(PASSES)]
    _open(begin, passes)
    spans: dict[int, list[float]] = {}
    for number, late in enumerate(passes):
        begun = time.perf_counter()
        climbed = jobs.climb_what_is_late(at=begin + timedelta(seconds=number))
        spans.setdefault(late, []).append(time.perf_counter() - begun)
        assert climbed == late, f"{climbed} climbed, {late} were late"
    seconds = {str(late): {"median": round(statistics.median(run), 3), "slowest": round(max(run), 3)} for late, run in spans.items()}
    (ROOT / ".cache" / "overdue.json").write_text(json.dumps({"open": OPEN, "passes": PASSES, "seconds": seconds}), encoding="utf-8")


def _open(begin, passes) -> None:
    """So many become late with every pass, all the others much later."""
    from siqian.kernel.journal import writing
    from siqian.kernel.permits import OFFICE
    from siqian.trades.tasks.models import Task

    dues = [begin + timedelta(seconds=number) for number, late in enumerate(passes) for _ in range(late)]
    dues += [begin + timedelta(days=1)] * (OPEN - len(dues))
    shared = {"post": "bench", "path": "/", "title": "灯不亮", "place": "3栋", "said_by": "周**", "started": begin}
    for start in range(0, OPEN, 10_000):
        with writing(OFFICE, whole=True):
            Task.objects.bulk_create(
                Task(about=f"bench:{start + number}", what="settle", due=due, climbs_at=due, **shared)
                for number, due in enumerate(dues[start : start + 10_000])
            )


if __name__ == "__main__":
    main()
