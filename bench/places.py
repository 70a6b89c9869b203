"""How fast places are found in a map of the district's size, and whether they are the right ones. Writes bench/results/places.json.

    .venv/bin/python -m bench.places

Lays out the demo's district in a fresh SQLite database. Points are compared with plain geometry: shapely's own tree and
predicates over all building grids, the smallest code on a border; half are anywhere, the others lie on corners, on the middles
of edges, or one step of a double beside them.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

from .spine import commit

ROOT = Path(__file__).resolve().parent.parent
POINTS, ASKED, ROUNDS = 2_000_000, 20_000, 5
LETTERS = 192  # the median of citizens' messages, see learn_words.json


def main() -> None:
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        os.environ |= {"SIQIAN_HOME": home, "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
        import django

        django.setup()
        result = _laid() | _asked_in_a_fresh_process() | _points() | _texts()
    result |= {"command": "python -m bench.places", "commit": commit(), "cores": os.cpu_count()}
    (ROOT / "bench" / "results" / "places.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _laid() -> dict[str, Any]:
    """Seconds to make and to lay in the district."""
    from demo import SEED
    from demo.district import district
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.town.people import actions as people
    from siqian.town.places import actions as places
    from siqian.web.running import migrated

    migrated()
    begun = time.monotonic()
    made, at = district(Random(SEED)), clock.now()
    generated = time.monotonic()
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=at)
    laid_out = time.monotonic()
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(at).date(), by=OFFICE, at=at)
    return {
        "areas": len(made.areas),
        "sites": len(made.sites),
        "buildings": len(made.buildings),
        "persons": len(made.persons),
        "generate_s": round(generated - begun, 1),
        "lay_out_s": round(laid_out - generated, 1),
        "lay_in_s": round(time.monotonic() - laid_out, 1),
    }


def _asked_in_a_fresh_process() -> dict[str, Any]:
    """What a process reads at its first questions."""
    code = "import django; django.setup(); from bench.places import held; held()"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def held() -> None:
    """Seconds and megabytes of the tables and of the index, printed; libraries are there already."""
    import numpy
    import shapely

    import siqian.web.urls  # noqa: F401
    from siqian.town.places import queries as places

    found: dict[str, Any] = {"numpy": numpy.__version__, "shapely": shapely.__version__}
    places.epoch()
    before, begun = _memory(), time.monotonic()
    places.read("")
    places.in_english("")
    places.fences(["/"])
    found |= {"tables_s": round(time.monotonic() - begun, 2), "tables_mb": round(_memory() - before)}
    before, begun = _memory(), time.monotonic()
    places.at_point(114.0, 22.6)
    print(json.dumps(found | {"index_s": round(time.monotonic() - begun, 2), "index_mb": round(_memory() - before)}))


def _points() -> dict[str, Any]:
    """Points looked up in bulk and one by one, and how many answers differ from plain geometry."""
    import numpy as np
    import shapely

    from siqian.town.places import queries as places

    cells = sorted(places.areas(level=5), key=lambda line: line.code)
    shapes = np.array([shapely.Polygon(line.rings[0], line.rings[1:]) for line in cells], dtype=object)
    dice = np.random.default_rng(20261125)
    at = _hard(shapes, dice)
    west, south, east, north = shapely.total_bounds(shapes)
    even = dice.uniform([west, south], [east, north], (POINTS // 2, 2))
    speeds = [_rate(lambda: places.cells_at(even[:, 0], even[:, 1]), len(even)) for _ in range(ROUNDS)]
    both = np.concatenate([even, at])
    got, want = places.cells_at(both[:, 0], both[:, 1]), _plain(shapes, np.array([line.id for line in cells]), both)
    few = both[dice.choice(len(both), ASKED, replace=False)].tolist()
    rows = [(line.lon, line.lat, line.code) for line in places.buildings(within="/")[::2]]
    return {
        "points": len(both),
        "points_that_differ": int((got != want).sum()),
        "bulk_points_a_second": round(statistics.median(speeds)),
        **_each("at_point_us", few, lambda point: places.at_point(*point)),
        **_each("at_building_us", rows, lambda row: places.at_building(row[2])),
        "buildings_outside_their_cell": sum(_cell(places.at_point(lon, lat)) != _cell(places.at_building(code)) for lon, lat, code in rows),
    }


def _cell(place: Any) -> int:
    return place.area if place else 0


def _hard(shapes: Any, dice: Any) -> Any:
    """Corners, middles of edges, and both moved by one step of a double."""
    import numpy as np
    import shapely

    rings, corners = shapely.get_parts(shapely.boundary(shapes)), shapely.get_coordinates(shapes)
    ends = np.concatenate([(part[1:] + part[:-1]) / 2 for part in map(shapely.get_coordinates, rings)])
    near = np.concatenate([corners, ends])
    near = near[dice.choice(len(near), POINTS // 2)]
    return np.nextafter(near, near + dice.integers(-1, 2, near.shape))


def _plain(shapes: Any, ids: Any, at: Any) -> Any:
    import numpy as np
    import shapely

    point, cell = shapely.STRtree(shapes).query(shapely.points(at), predicate="intersects")
    found = np.full(len(at), len(ids))
    np.minimum.at(found, point, cell)
    return np.append(ids, 0)[found]


def _texts() -> dict[str, Any]:
    """Messages read by the address register."""
    from demo import grammar
    from siqian.town.places import queries as places

    chance = Random(4)
    lines = chance.sample(places.buildings(within="/"), ASKED)
    samples = [sample for _, sample in grammar.samples()]
    filler = "".join(samples)
    texts = []
    for line in lines:
        start = chance.randrange(len(filler) - LETTERS)
        texts.append((line.name + "，" + chance.choice(samples) + filler[start : start + LETTERS])[:LETTERS])
    exact = [(places.read(line.name).buildings, line.code) for line in lines]
    return {
        **_each("read_us", texts, places.read),
        "letters": LETTERS,
        "names_read_as_their_building": round(sum(found == (code,) for found, code in exact) / len(exact), 4),
        "names_read_as_several": round(sum(len(found) > 1 and code in found for found, code in exact) / len(exact), 4),
        "names_read_as_another": sum(len(found) == 1 and found != (code,) for found, code in exact),
    }


def _each(name: str, asked: Iterable[Any], do: Callable[[Any], Any]) -> dict[str, float]:
    """Microseconds a call: median and 95th percentile."""
    spent = []
    for one in asked:
        start = time.perf_counter_ns()
        do(one)
        spent.append((time.perf_counter_ns() - start) / 1e3)
    return {name: round(statistics.median(spent), 1), f"{name}_p95": round(statistics.quantiles(spent, n=20)[-1], 1)}


def _rate(do: Callable[[], Any], count: int) -> float:
    begun = time.perf_counter()
    do()
    return count / (time.perf_counter() - begun)


def _memory() -> float:
    """Megabytes of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
