"""How fast areas are checked and points located on a grid of the district's size. Writes bench/results/grid.json.

    .venv/bin/python -m bench.grid

areas: the demo district's own map (7,057 building grids and all above them), and 40,000 areas of one level whose borders are lines of
several corners, a hundred of them spoiled on purpose; each file is read in GCJ-02, checked and its faults counted. points: the bulk
index beside plain shapely (STRtree over the same building grids, the smallest code on a border) over the same points in one run.
duty: who sits in every building grid now, as the map asks it, and the gaps of fourteen days, each with nothing held from before.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from .spine import commit

ROOT = Path(__file__).resolve().parent.parent
POINTS, ASKED, ROUNDS = 2_000_000, 20_000, 5
SIDE, SPOILED = 200, 100
WEST, SOUTH, STEP = 113.9, 22.5, 0.0012


def main() -> None:
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        os.environ |= {"SIQIAN_HOME": home, "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
        import django

        django.setup()
        from demo import SEED
        from demo.district import district

        made = district(Random(SEED))
        result = _checked(Path(home), made.areas) | _points(made.areas) | _manned(made)
    result |= {"command": "python -m bench.grid", "commit": commit(), "cores": os.cpu_count()}
    (ROOT / "bench" / "results" / "grid.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _checked(home: Path, areas: Any) -> dict[str, Any]:
    """Seconds to read and check both files, and what was found."""
    from siqian.town.places import geojson, rules

    files = {"district": (list(areas), ""), "squares": (list(_squares()), "cell")}
    found: dict[str, Any] = {}
    for name, (rows, level) in files.items():
        path = home / f"{name}.geojson"
        rules.write_layer(path, geojson.drawn(rows), frame=rules.frame_named("GCJ-02"))
        begun = time.perf_counter()
        checked = rules.checked(rules.layer_of(path, crs="GCJ-02"), level=level)
        found[f"{name}_areas"] = len(checked.rows)
        found[f"{name}_faults"] = len(checked.faults)
        found[f"{name}_check_s"] = round(time.perf_counter() - begun, 1)
    return found | {"check_s": round(sum(found[f"{name}_check_s"] for name in files), 1), "spoiled": SPOILED}


def _squares() -> Any:
    """40,000 areas that tile: borders are broken lines, which both neighbours share; some reach over a neighbour."""
    from siqian.town.places.drafts import AreaRow

    chance = Random(7)

    def corner(column: int, row: int) -> list[float]:
        dice = Random(column * 1_000 + row)
        return [WEST + STEP * (column + 0.2 * dice.random()), SOUTH + STEP * (row + 0.2 * dice.random())]

    def line(one: list[float], other: list[float]) -> list[list[float]]:
        dice = Random(f"{min(one, other)}")
        bends = [(at / 8, dice.uniform(-0.03, 0.03) * STEP) for at in range(1, 8)]
        low, high = min(one, other), max(one, other)
        points = [[low[0] + share * (high[0] - low[0]) + bend, low[1] + share * (high[1] - low[1]) + bend] for share, bend in bends]
        return [one, *(points if one == low else points[::-1])]

    spoiled = set(chance.sample(range(SIDE * SIDE), SPOILED))
    for number in range(SIDE * SIDE):
        column, row = number % SIDE, number // SIDE
        corners = [corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1)]
        ring = [point for one, other in zip(corners, corners[1:] + corners[:1], strict=True) for point in line(one, other)]
        ring = [[round(lon, 7), round(lat, 7)] for lon, lat in ring]
        if number in spoiled:
            ring[0] = [ring[0][0] - STEP / 3, ring[0][1] - STEP / 3]
        yield AreaRow(number + 1, f"q{number}", "cell", f"{number}格", f"Cell {number}", "", [[*ring, ring[0]]])


def _points(areas: Any) -> dict[str, Any]:
    """Points a second, in bulk and by plain geometry in turn; microseconds for one."""
    import numpy as np
    import shapely

    from siqian.town.places.index import Index

    cells = sorted((row for row in areas if row.level == "cell"), key=lambda row: row.code)
    own = Index((number, row.code, row.rings) for number, row in enumerate(cells, start=1))
    shapes = np.array([shapely.Polygon(row.rings[0], row.rings[1:]) for row in cells], dtype=object)
    tree, dice = shapely.STRtree(shapes), np.random.default_rng(4)
    west, south, east, north = shapely.total_bounds(shapes)
    at = dice.uniform((west, south), (east, north), (POINTS, 2))

    def plain() -> Any:
        point, cell = tree.query(shapely.points(at), predicate="intersects")
        found = np.full(len(at), len(cells))
        np.minimum.at(found, point, cell)
        return np.append(np.arange(1, len(cells) + 1), 0)[found]

    def bulk() -> Any:
        return own.cells(at[:, 0], at[:, 1])

    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(bulk))
        theirs.append(_seconds(plain))
    shared = _seconds(lambda: own.shared(at[:, 0], at[:, 1]))
    spent = []
    for lon, lat in at[:ASKED].tolist():
        begun = time.perf_counter_ns()
        own.cell(lon, lat)
        spent.append((time.perf_counter_ns() - begun) / 1e3)
    return {
        "cells": len(cells),
        "points": POINTS,
        "points_that_differ": int((bulk() != plain()).sum()),
        "bulk_points_a_second": round(POINTS / statistics.median(ours)),
        "strtree_points_a_second": round(POINTS / statistics.median(theirs)),
        "times_strtree": round(statistics.median(theirs) / statistics.median(ours), 1),
        "borders_points_a_second": round(POINTS / shared),
        "single_us": round(statistics.median(spent), 1),
        "single_us_p95": round(statistics.quantiles(spent, n=20)[-1], 1),
    }


def _manned(made: Any) -> dict[str, Any]:
    """Milliseconds until the duty of every building grid is known, seconds for the gaps of fourteen days."""
    from siqian.insight.atlas import manned
    from siqian.insight.atlas.rules import Ask
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.town.people import actions as people, manned as duty, queries
    from siqian.town.places import actions as places
    from siqian.web.running import migrated

    migrated()
    at = clock.now()
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=at)
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(at).date(), by=OFFICE, at=at)
    now, ahead, cells, gaps = [], [], 0, 0
    queries.card_of("", at=at)  # the roster is held by every process; reading it is start-up
    for _ in range(ROUNDS + 1):
        queries._cards_of_duties.cache_clear()
        duty._gaps.cache_clear()
        begun = time.perf_counter()
        cells = len(manned.duty(Ask(level="cell"), at=at))
        now.append(time.perf_counter() - begun)
        duty._gaps.cache_clear()
        begun = time.perf_counter()
        gaps = len(manned.gaps_ahead(at))
        ahead.append(time.perf_counter() - begun)
    return {
        "duty_cells": cells,
        "duty_now_ms": round(1000 * statistics.median(now[1:])),
        "gaps": gaps,
        "gaps_14_days_s": round(statistics.median(ahead[1:]), 2),
        "keepers": len(queries.keeper_posts(within="/")),
    }


def _seconds(do: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
