"""Commands of the map: import and export of areas, sites and buildings, and `places locate`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

LEVELS = ("district", "street", "community", "block", "grid", "cell")
CHINESE = dict(zip(("区", "街道", "社区", "片区", "网格", "楼栋格"), LEVELS, strict=True))


class Level(click.ParamType):
    """A level by either of its names."""

    name = "level"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = CHINESE.get(value.strip(), value.strip().lower())
        if found not in LEVELS:
            self.fail(f"层级“{value}”不认识，写{'、'.join(CHINESE)}或{'、'.join(LEVELS)}之一", param, ctx)
        return found


def _awake() -> None:
    import django

    django.setup()


FILE = click.argument("file", type=click.Path(exists=True, path_type=Path))
OUT = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
DRY = click.option("--dry-run", "dry", is_flag=True, help="Only say what is wrong and what would change.")
FAULTS = click.option("--faults", type=click.Path(path_type=Path), help="Write every fault to this CSV.")


def _source(command: Callable[..., None]) -> Callable[..., None]:
    """What every file with places in it needs said of it."""
    for option in (
        click.option("--layer", default="", help="The layer of a GeoPackage or geodatabase that has several."),
        click.option("--crs-over", "over", is_flag=True, help="Believe --crs where the file itself declares another frame."),
        click.option("--crs", default="", help="Frame of the coordinates: WGS-84, CGCS2000, GCJ-02, BD-09, EPSG:4547 and the like."),
    ):
        command = option(command)
    return command


@click.command("areas")
@FILE
@_source
@click.option("--level", type=Level(), help="The file holds this one level: district, street, community, block, grid, cell.")
@DRY
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output, and nothing else.")
@click.option("--pictures", type=click.Path(file_okay=False, path_type=Path), help="A picture (SVG) of every fault into this folder.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="A page of all faults with their pictures.")
@click.option("--allow", multiple=True, type=click.Choice(["gap", "sliver"]), help="Take the file in spite of faults of this kind.")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="Keep it for this later day; the worker draws it then.")
def import_areas(file: Path, level: str | None, dry: bool, as_json: bool, pictures: Path | None, report: Path | None, **more: Any) -> None:
    """Areas from GeoJSON, CSV, Excel, Shapefile, GeoPackage or geodatabase: a first map, later what is new or drawn anew.

    Nesting, gaps, overlaps, slivers and duplicates are told by row with their place and a repair. With a fault nothing is changed.
    """
    _awake()
    from .mapping import Shown, Source, Wanted, areas

    allow, day = more.pop("allow"), more.pop("effective")
    wanted = Wanted(level or "", dry, allow, day.date() if day else None)
    raise SystemExit(areas(Source(file, **more), wanted, shown=Shown(as_json, pictures, report)))


@click.command("sites")
@FILE
@_source
@DRY
@FAULTS
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="With --dry-run: write what would be stored, as GeoJSON in WGS-84."
)
def import_sites(file: Path, dry: bool, faults: Path | None, out: Path | None, **more: Any) -> None:
    """Estates, villages, parks, schools: code, kind, name, aliases, area; with points or outlines. With a fault nothing is written."""
    if out and not dry:
        raise click.UsageError("--out 只和 --dry-run 一起用：它写出会存成的样子，不写数据库")
    _awake()
    from .mapping import Source, sites

    raise SystemExit(sites(Source(file, **more), dry=dry, faults=faults, out=out))


@click.command("buildings")
@FILE
@_source
@DRY
@FAULTS
def import_buildings(file: Path, dry: bool, faults: Path | None, **more: Any) -> None:
    """Buildings: code, site, number, lon, lat, storeys, doors; or with outlines. With a fault nothing is written."""
    _awake()
    from .mapping import Source, buildings

    raise SystemExit(buildings(Source(file, **more), dry=dry, faults=faults))


def _export(what: str, unit: str, about: str) -> click.Command:
    options = [
        click.Argument(["file"], type=click.Path(dir_okay=False, path_type=Path)),
        click.Option(["--crs"], default="WGS-84", show_default=True, help="Frame in which to write."),
        click.Option(["--format", "kind"], type=click.Choice(["geojson", "csv", "gpkg"]), default="geojson", show_default=True),
    ]
    if what == "areas":
        options.append(click.Option(["--on"], type=click.DateTime(["%Y-%m-%d"]), help="As the areas were on this day."))

    def run(file: Path, crs: str, kind: str, on: datetime | None = None) -> None:
        _awake()
        from .mapping import exported

        click.echo(f"导出了{exported(file, what, crs=crs, kind=kind, on=on.date() if on else None)}{unit}：{file}")

    return click.Command(what, params=list(options), callback=run, help=about)


@click.group()
def places() -> None:
    """The map."""


@places.command("locate")
@click.option("--crs", default="WGS-84", show_default=True, help="Frame of the columns lon and lat.")
def locate(crs: str) -> None:
    """Points (id,lon,lat) from standard input; to standard output id,code,why: the building grid, or why there is none."""
    _awake()
    from .mapping import locate as run

    run(crs)


@places.command("plans")
def plans() -> None:
    """Areas that were brought in for a later day, and what became of them."""
    _awake()
    from .mapping import plans as run

    for line in run():
        click.echo(line)


@places.command("withdraw")
@click.argument("number", type=int)
def withdraw(number: int) -> None:
    """Take back areas that were brought in for a later day; the number is that of `places plans`."""
    _awake()
    from .mapping import withdraw as run

    run(number)
    click.echo(f"第{number}份网格撤回了，到日子不会生效")


IMPORTS = (import_areas, import_sites, import_buildings)
EXPORTS = (
    _export("areas", "格", "All areas, as `import areas` takes them."),
    _export("sites", "个场所", "All sites, as `import sites` takes them."),
    _export("buildings", "栋", "All buildings, as `import buildings` takes them."),
)
