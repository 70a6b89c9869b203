"""The map as tiles: cut from the places of one epoch into a folder that bears its number, and found there.

Two archives, so that a browser takes only what it shows: `coarse` (communities, blocks, grids), `fine` (building grids, buildings,
sites). A folder appears whole or not at all: it is made beside and renamed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from siqian.kernel import clock
from siqian.town.places import queries as places

LEAST, MOST = 9, 15
PATIENCE = 600
# layer -> (archive, the least zoom at which it is drawn)
LAYERS = {
    "community": ("coarse", 9),
    "block": ("coarse", 9),
    "grid": ("coarse", 11),
    "spot": ("coarse", 9),
    "cell": ("fine", 11),
    "site": ("fine", 13),
    "building": ("fine", 14),
}
ARCHIVES = tuple(dict.fromkeys(archive for archive, _ in LAYERS.values()))
DRAFT = ".draft-"
# Neighbours keep one border between them, and nothing is left out, however small or many.
OPTIONS = (
    "--quiet",
    "--force",
    f"--minimum-zoom={LEAST}",
    f"--maximum-zoom={MOST}",
    "--no-feature-limit",
    "--no-tile-size-limit",
    "--no-tiny-polygon-reduction",
    "--no-simplification-of-shared-nodes",
)

Drawn = Iterable[tuple[dict[str, Any], dict[str, Any] | None]]


class NotCut(Exception):
    """The tiles could not be made; says what the cutter said."""


def folder() -> Path:
    return Path(settings.SIQIAN_HOME) / "atlas"


def newest() -> str:
    """The number of the tiles that are there: of the map as it is now, else the last ones that were cut; empty when none were."""
    now = str(places.epoch())
    if _is_whole(folder() / now):
        return now
    there = [path for path in folder().glob("[0-9]*") if _is_whole(path)]
    return max(there, key=lambda path: path.stat().st_mtime).name if there else ""


def archive(number: str, name: str) -> Path | None:
    """One archive of one epoch; None when there is none of that name."""
    if not number.isdigit() or name not in ARCHIVES:
        return None
    path = folder() / number / f"{name}.pmtiles"
    return path if path.is_file() else None


def cut(number: str) -> bool:
    """Make the tiles of an epoch and take away those of others; whether there was anything to do. Safe to run twice at once."""
    if _is_whole(folder() / number):
        return False
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f"{DRAFT}{clock.code(8)}"
    draft.mkdir()
    try:
        for name in ARCHIVES:
            _run(draft, name, [_written(draft, layer, least) for layer, (where, least) in LAYERS.items() if where == name])
        for path in draft.glob("*.geojsonl"):
            path.unlink()
        draft.chmod(0o755)
        try:
            draft.rename(folder() / number)
        except OSError:
            # Another worker was quicker: its tiles are of the same map.
            if not _is_whole(folder() / number):
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _forget_others(number)
    return True


def _is_whole(path: Path) -> bool:
    return all((path / f"{name}.pmtiles").is_file() for name in ARCHIVES)


def _written(draft: Path, layer: str, least: int) -> tuple[str, Path]:
    path = draft / f"{layer}.geojsonl"
    with path.open("w", encoding="utf-8") as file:
        for properties, shape in _features(layer):
            if shape is not None:
                drawn = {"type": "Feature", "tippecanoe": {"minzoom": least}, "properties": properties, "geometry": shape}
                file.write(json.dumps(drawn, ensure_ascii=False) + "\n")
    return layer, path


def _features(layer: str) -> Drawn:
    if layer == "spot":
        return _spots()
    if layer in ("site", "building"):
        return ((_kept(properties, layer), shape) for properties, shape in places.drawn(f"{layer}s"))
    return ((_kept(properties, layer), shape) for properties, shape in places.drawn("areas") if properties["level"] == layer)


def _kept(properties: dict[str, Any], layer: str) -> dict[str, Any]:
    # Names of areas stand at their spots, once, instead of once in each tile that an area touches.
    names = ("code", "name", "name_en") if layer in ("site", "building") else ("code",)
    return {name: properties[name] for name in names}


def _spots() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for level in ("community", "block", "grid"):
        for code, spot in places.spots(level).items():
            named = {"code": code, "level": level, "name": spot.name, "name_en": spot.name_en}
            yield named, {"type": "Point", "coordinates": [spot.lon, spot.lat]}


def _run(draft: Path, name: str, layers: list[tuple[str, Path]]) -> None:
    program = shutil.which("tippecanoe", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if program is None:
        raise NotCut("tippecanoe is not installed")
    named = [f"--named-layer={layer}:{path}" for layer, path in layers if path.stat().st_size]
    if not named:
        raise NotCut(f"there is nothing to draw on {name}")
    command = [program, *OPTIONS, f"--output={draft / name}.pmtiles", *named]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=os.environ | {"TIPPECANOE_MAX_THREADS": "1"}
    )
    if ran.returncode:
        raise NotCut(ran.stderr.strip()[-400:] or f"tippecanoe ended with {ran.returncode}")


def _forget_others(number: str) -> None:
    """Tiles of older maps, and what a killed worker left an hour ago."""
    for path in folder().iterdir():
        old_draft = path.name.startswith(DRAFT) and clock.now().timestamp() - path.stat().st_mtime > PATIENCE
        if old_draft or (path.name.isdigit() and path.name != number):
            shutil.rmtree(path, ignore_errors=True)
