"""The weekly sheet with two million matters a year behind it. Writes bench/results/review.json.

    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.review

The demo's year over the whole district is taken over by the bulk verb; matters, clocks, steps, requests and pauses are then
copied in the database itself until every week has fifty times as many. Each of the last weeks is drawn up (read, counted by
four dimensions, kept with every matter behind it) and issued; then figures are opened at random, as the dispatcher (all of
the district) and as a community's desk (behind the fence), from the first page and from pages further on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from .spine import ROOT, commit, environment
from .stored import SHIFTED

LIVES, COPIES, WEEKS, OPENED = 40_000, 50, 5, 400
MORE = {
    "matters_step": {"id": "id + copy * {n}", "matter_id": "matter_id + copy * {n}"},
    "matters_request": {"id": "id + copy * {n}", "matter_id": "matter_id + copy * {n}"},
    "tasks_pause": {"id": "id + copy * {n}", "about": "'matter:' || (substr(about, 8)::bigint + copy * {n})"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=LIVES)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        _inside(asked.lives, asked.copies)
        return
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), "postgresql") | {"SIQIAN_DEMO": "true"}
        again = [sys.executable, "-m", "bench.review", "--inside", "--lives", str(asked.lives), "--copies", str(asked.copies)]
        subprocess.run(again, cwd=ROOT, env=env, check=True)
    result = json.loads((ROOT / ".cache" / "review.json").read_text(encoding="utf-8"))
    result |= {
        "command": f"python -m bench.review --lives {asked.lives} --copies {asked.copies}",
        "commit": commit(),
        "cores": os.cpu_count(),
    }
    (ROOT / "bench" / "results" / "review.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))


def _inside(lives: int, copies: int) -> None:
    import django

    from .spine_town import fresh_database

    fresh_database(os.environ["SIQIAN_TEST_POSTGRES"])
    django.setup()
    from django.conf import settings

    from demo import SEED, history, making
    from siqian.web.running import migrated

    migrated()
    home = Path(settings.SIQIAN_HOME)
    making.make(home, size="district", told=print)
    history._chronicle(home, history._standing(home, _now(), lives), print, lambda: False)
    rows = _copy(copies)
    result = {"rows": rows, "seed": SEED, "weeks": WEEKS, "opened": OPENED} | _sheets() | _behind(Random(SEED))
    (ROOT / ".cache" / "review.json").write_text(json.dumps(result), encoding="utf-8")


def _now():
    from siqian.kernel import clock

    return clock.now()


def _copy(copies: int) -> dict[str, int]:
    """As bench.stored does it, with steps, requests and pauses as well; all in one database, whose fence a superuser passes."""
    import psycopg

    superuser = os.environ["SIQIAN_TEST_POSTGRES"].replace("/postgres?", "/siqian_bench?")
    tables = SHIFTED | MORE
    with psycopg.connect(superuser, autocommit=True) as sql:
        sql.execute("set maintenance_work_mem = '512MB'")
        matters = sql.execute("select max(id) from matters_matter").fetchone()[0]
        for table, shifted in tables.items():
            highest = sql.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]  # noqa: S608
            names = [row[0] for row in sql.execute("select column_name from information_schema.columns where table_name = %s", [table])]
            values = [shifted.get(name, f'"{name}"').format(n=matters if name in ("matter_id", "about") else highest) for name in names]
            quoted = ", ".join(f'"{name}"' for name in names)
            begun = time.perf_counter()
            insert = f"insert into {table} ({quoted}) select {', '.join(values)} from {table}, generate_series(1, %s) as copy"  # noqa: S608
            sql.execute(insert, [copies - 1])
            print(f"{table}: {time.perf_counter() - begun:.0f} s", flush=True)
        sql.execute("vacuum analyze")
        return {table: sql.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}  # noqa: S608


def _sheets() -> dict[str, object]:
    """Draw up and issue the last weeks, oldest first, as the house and the dispatcher do."""
    from siqian.insight.review import actions, queries, rules
    from siqian.kernel.permits import OFFICE

    at, spans, counted = _now(), [], []
    signer = _actor("dispatcher")
    for back in range(WEEKS, 0, -1):
        week = rules.before(rules.week_of(at), back)
        begun = time.perf_counter()
        actions.draft(week=week, by=OFFICE, at=at)
        spans.append(time.perf_counter() - begun)
        actions.issue(week=week, version=1, by=signer, at=at)
        counted.append(queries.sheet(week, seen_by=OFFICE).district["counts"]["volume"][0])
        print(f"{week}: {counted[-1]} matters, {spans[-1]:.2f} s", flush=True)
    spans.sort()
    read = _read_only()
    return {"sheet_s": [round(span, 2) for span in spans], "volume": counted, "read_s": read}


def _read_only() -> float:
    """Of the last week again: how much of it is reading and counting, before anything is kept."""
    from siqian.insight.review import queries, rules
    from siqian.spine.matters import queries as matters

    since, until = queries.span_of(rules.before(rules.week_of(_now())))
    begun = time.perf_counter()
    matters.counted(since, until)
    return round(time.perf_counter() - begun, 2)


def _behind(chance: Random) -> dict[str, object]:
    """Figures opened at random, every page filtered by who looks and fenced by the database."""
    from siqian.insight.review import queries, rules
    from siqian.spine.matters.rules.measures import MEASURES

    week = rules.before(rules.week_of(_now()))
    found: dict[str, object] = {}
    for name, actor in (("district", _actor("dispatcher")), ("community", _actor("desk"))):
        view, spans = queries.sheet(week, seen_by=actor), []
        for _ in range(OPENED):
            by = chance.choice(("", *queries.COLUMN))
            key = chance.choice(view.numbers["lines"][by])["key"] if by else ""
            part, code, after = chance.choice(queries.PARTS), chance.choice(list(MEASURES)), 0
            for _page in range(chance.choice((1, 1, 3))):
                begun = time.perf_counter()
                page = queries.behind(view, code, by=by, key=key, part=part, after=after, seen_by=actor)
                spans.append(1000 * (time.perf_counter() - begun))
                after = page.after
                if not after:
                    break
        spans.sort()
        found[name] = {"pages": len(spans), "p50_ms": round(spans[len(spans) // 2], 1), "p95_ms": round(spans[int(len(spans) * 0.95)], 1)}
    return {"behind": found}


def _actor(role: str):
    from siqian.town.people import queries as people
    from siqian.town.places import queries as places

    if role == "dispatcher":
        account = next(row.account for row in people.roles() if row.role == role)
        return people.actor(account, at=_now())
    path = places.communities()[0].path
    desk = people.desk_at(path, 2, at=_now())
    assert desk is not None
    from siqian.kernel.permits import Actor, Fence, Grant

    return Actor(ref="bench:desk", grants=(Grant("desk", path),), posts=(desk.post,), fence=Fence(grids=places.fences([path])))


if __name__ == "__main__":
    main()
