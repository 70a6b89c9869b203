"""Pages with a big district's year behind them: 2 million matters. Writes bench/results/stored.json.

    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.stored

The demo's year over the whole district is taken over by the bulk verb; matters, tellings and clocks are then copied in the
database itself, open ones included, so that a day has fifty times as many. Steps are those of the first copy. Two workers
and the worker run while a keeper's to-do list and the dispatcher's board are asked for, over and over, everything shown.
"""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .spine import ROOT, commit, environment, free_port, memory, wait_for

LIVES, COPIES, ROUNDS = 40_000, 50, 60
PAGES = {"keeper's to-do": ("grid worker", "/desk"), "dispatcher's board": ("dispatcher", "/board"), "one matter": ("dispatcher", "")}
# What a copy's own columns become; everything else stays as it is.
SHIFTED = {
    "matters_matter": {"id": "id + copy * {n}"},
    "matters_telling": {
        "id": "id + copy * {n}",
        "matter_id": "matter_id + copy * {n}",
        "receipt": "md5(receipt || copy)",
        "external": "case external when '' then '' else external || '-' || copy end",
    },
    "tasks_task": {"id": "id + copy * {n}", "about": "'matter:' || (substr(about, 8)::bigint + copy * {n})"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        _fill(asked.copies)
        return
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), "postgresql") | {"SIQIAN_DEMO": "true"}
        again = [sys.executable, "-m", "bench.stored", "--inside", "--copies", str(asked.copies)]
        subprocess.run(again, cwd=ROOT, env=env, check=True)
        port = free_port()
        house = [sys.executable, "-m", "siqian"]
        processes = [subprocess.Popen([*house, *command], cwd=ROOT, env=env) for command in (["serve", "--port", str(port)], ["worker"])]
        try:
            wait_for(port)
            result = _measured(port, Path(home))
            result["memory_mb"] = sum(memory(process.pid) for process in processes)
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
                process.wait(20)
    result |= json.loads((ROOT / ".cache" / "stored.json").read_text())
    result |= {"command": f"python -m bench.stored --copies {asked.copies}", "commit": commit(), "cores": os.cpu_count()}
    (ROOT / "bench" / "results" / "stored.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))


def _measured(port: int, home: Path) -> dict[str, object]:
    tokens = json.loads((home / "demo-tokens.json").read_text(encoding="utf-8"))
    found: dict[str, object] = {}
    for name, (role, path) in PAGES.items():
        path = path or (home / "one-matter").read_text()
        wire, spans, size = http.client.HTTPConnection("127.0.0.1", port, timeout=60), [], 0
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            wire.request("GET", path, headers={"Authorization": f"Bearer {tokens[role]}"})
            answer = wire.getresponse()
            size = len(answer.read())
            spans.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
        spans = sorted(spans[5:])
        found[name] = {"p50_ms": round(spans[len(spans) // 2], 1), "p95_ms": round(spans[int(len(spans) * 0.95)], 1), "bytes": size}
    return {"pages": found}


def _fill(copies: int) -> None:
    import django

    from .spine_town import fresh_database

    fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from django.conf import settings

    from demo import SEED, history, making
    from siqian.kernel.permits import OFFICE
    from siqian.spine.matters import queries as matters
    from siqian.web.running import migrated

    migrated()
    home = Path(settings.SIQIAN_HOME)
    making.make(home, size="district", told=print)
    history.live(home, told=print, count=LIVES)
    counts = _copy(copies)
    line = matters.find(seen_by=OFFICE, most=1)[0]
    (home / "one-matter").write_text(f"/desk/matters/{line.number}", encoding="utf-8")
    (ROOT / ".cache" / "stored.json").write_text(json.dumps({"rows": counts, "seed": SEED}), encoding="utf-8")


def _copy(copies: int) -> dict[str, int]:
    import psycopg

    superuser = os.environ["SIQIAN_TEST_POSTGRES"].replace("/postgres?", "/siqian_bench?")
    with psycopg.connect(superuser, autocommit=True) as sql:
        sql.execute("set maintenance_work_mem = '512MB'")
        matters = sql.execute("select max(id) from matters_matter").fetchone()[0]
        for table, shifted in SHIFTED.items():
            highest = sql.execute(f"select max(id) from {table}").fetchone()[0]  # noqa: S608
            names = [row[0] for row in sql.execute("select column_name from information_schema.columns where table_name = %s", [table])]
            values = [shifted.get(name, name).format(n=matters if name in ("matter_id", "about") else highest) for name in names]
            begun = time.perf_counter()
            insert = f"insert into {table} ({', '.join(names)}) select {', '.join(values)} from {table}, generate_series(1, %s) as copy"  # noqa: S608
            sql.execute(insert, [copies - 1])
            print(f"{table}: {time.perf_counter() - begun:.0f} s", flush=True)
        sql.execute("vacuum analyze")
        tables = (*SHIFTED, "matters_step", "kernel_entry")
        return {table: sql.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}  # noqa: S608


if __name__ == "__main__":
    main()
