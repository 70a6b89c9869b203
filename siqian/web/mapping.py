"""The map by command: areas, sites and buildings in and out, points located. Checked whole; with a fault anywhere nothing is written."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE, BadInput, Refusal, Refused
from siqian.town.places import actions as places_actions, queries as places, rules as map_
from siqian.ui.words import say

from .importing import MOST_SHOWN, WHOLE, Read, brought, checked_rows


@dataclass(frozen=True)
class Source:
    """A file and what its bringer says of it. over: `crs` counts even where the file says another."""

    path: Path
    crs: str = ""
    over: bool = False
    layer: str = ""

    def read(self) -> map_.Layer:
        """Raises what the command says where it cannot be read."""
        try:
            return map_.layer_of(self.path, crs=self.crs, over=self.over, layer=self.layer)
        except BadInput as error:
            raise told(error) from error


def told(error: BadInput) -> click.ClickException:
    """A refusal as the command says it; a frame that is missing or not known, or a day that is over, is wrong use, which ends with 2."""
    return (click.UsageError if error.refusal.field in ("crs", "effective") else click.ClickException)(say(error.refusal))


@dataclass(frozen=True)
class Wanted:
    """What is to become of a file of areas. day: a later one on which it comes into force."""

    level: str = ""
    dry: bool = False
    allow: Sequence[str] = ()
    day: date | None = None


@dataclass(frozen=True)
class Shown:
    """How a check is told: as JSON, with pictures in a folder, as a page."""

    json: bool = False
    pictures: Path | None = None
    report: Path | None = None


def areas(source: Source, wanted: Wanted, *, shown: Shown) -> int:
    """Check the areas of a file and, without faults, take them, now or for a later day. Gives the exit status."""
    layer, dry = source.read(), wanted.dry
    standing = _standing() if dry else places.area_rows()
    found = map_.checked(layer, level=wanted.level, standing=standing)
    moved, more = places_actions.check_areas(areas=found.rows) if standing else (0, [])
    found = map_.with_more(found, more)
    _draw(layer.name, found, shown)
    stops = found.stopped_by(wanted.allow)
    if not dry and not stops:
        stops = _taken(layer.name, found, wanted.day, quiet=shown.json)
    elif not shown.json:
        _say(layer.name, found, stops, moved)
    if shown.json:
        head = {"file": str(source.path), "crs": layer.frame.name if layer.frame else "", "level": wanted.level, "standing": len(standing)}
        head["effective"] = wanted.day.isoformat() if wanted.day else None
        document = head | dict(map_.as_json(found, wanted.allow, say)) | {"buildings_moved": moved, "written": not dry and not stops}
        click.echo(json.dumps(document, ensure_ascii=False))
    return 1 if stops else 0


def _standing() -> list[Any]:
    """The areas that stand; none where there is no database yet, which a dry run may not make."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and connection.connection is None and not Path(str(name)).exists():
        click.echo("还没有数据库，按一份全新的地图来查", err=True)
        return []
    try:
        return places.area_rows()
    except (OperationalError, ProgrammingError):
        click.echo("数据库还没有准备好（siqian migrate），按一份全新的地图来查", err=True)
        return []


def _taken(name: str, found: map_.Checked, day: date | None, *, quiet: bool) -> list[Any]:
    """Write; what the verb refuses after all is told like any fault."""
    try:
        if day is not None:
            number = places_actions.plan_areas(areas=found.rows, day=day, file=name, by=OFFICE, at=clock.now())
            click.echo(f"{name}：{len(found.rows)}格排在{day}生效，是第{number}份；撤回用 siqian places withdraw {number}", err=quiet)
            return []
        done = places_actions.import_areas(areas=found.rows, by=OFFICE, at=clock.now())
    except places_actions.BadMap as error:
        for fault in error.faults:
            click.echo(f"✗ {say(fault)}", err=quiet)
        click.echo(f"{name}：{len(error.faults)}处要改，一格也没有写进去（第几行是指第几个要素）", err=quiet)
        return list(error.faults)
    except BadInput as error:
        raise told(error) from error
    if not quiet:
        click.echo(f"{name}：新加{done.added}格，重画{done.changed}格，{done.moved}栋楼换了楼栋格")
    return []


def _say(name: str, found: map_.Checked, stops: Sequence[Any], moved: int) -> None:
    for fault in found.faults:
        # Without ground to show, the sentence itself says what to do.
        click.echo(f"✗ {say(fault.why)}{f'。怎么改：{say(fault.repair)}' if fault.shape is not None else ''}")
    if stops:
        click.echo(f"{name}：{len(stops)}处要改，一格也没有写进去（第几行是指第几个要素，表格里是第几行）")
        return
    for word, codes in (("新加", found.new), ("重画", found.redrawn)):
        if codes:
            click.echo(f"{word}：{'、'.join(codes[:MOST_SHOWN])}{f' 等{len(codes)}格' if len(codes) > MOST_SHOWN else ''}")
    done = f"新加{len(found.new)}格，重画{len(found.redrawn)}格，{found.same}格没有变，{moved}栋楼换楼栋格"
    click.echo(f"{name}：可以导入：{done}（这次没有写）")


def _draw(name: str, found: map_.Checked, shown: Shown) -> None:
    """Pictures and page of the faults, where they were asked for."""
    if shown.pictures:
        shown.pictures.mkdir(parents=True, exist_ok=True)
        for number, fault in enumerate(found.faults, start=1):
            drawn = map_.picture(fault, found.shapes, say)
            if drawn:
                (shown.pictures / f"{number:04d}-{fault.kind}-{fault.code or 'row'}.svg").write_text(drawn, encoding="utf-8")
    if shown.report:
        with shown.report.open("w", encoding="utf-8") as file:
            file.writelines(map_.report(name, found.faults, found.shapes, say))


def sites(source: Source, *, dry: bool, faults: Path | None, out: Path | None) -> int:
    """Sites from a sheet or a layer: new ones, and what those that are there are now. out: only what would be stored, into a file."""
    layer = source.read()
    if out is not None:
        return _stored(layer, out)

    def take(chunk: list[Any]) -> None:
        done = places_actions.place_sites(sites=chunk, by=OFFICE, at=clock.now())
        click.echo(f"{layer.name}：{len(chunk)}个场所，其中新加{done.added}个，改了{done.changed}个")

    rows = _rows(layer, map_.SITE_HEADINGS, map_.SITE_NEEDED, map_.site_row)
    return _brought(source.path, rows, lambda chunk: places_actions.check_sites(sites=chunk), take, dry, faults)


def buildings(source: Source, *, dry: bool, faults: Path | None) -> int:
    """Buildings from a sheet or a layer: new ones, and what those that are there are now."""
    layer = source.read()

    def take(chunk: list[Any]) -> None:
        done = places_actions.place_buildings(buildings=chunk, by=OFFICE, at=clock.now())
        click.echo(f"{layer.name}：{len(chunk)}栋，其中新加{done.added}栋，改了{done.changed}栋，{done.moved}栋换了楼栋格")

    rows = _rows(layer, map_.BUILDING_HEADINGS, map_.BUILDING_NEEDED, map_.building_row)
    return _brought(source.path, rows, lambda chunk: places_actions.check_buildings(buildings=chunk), take, dry, faults)


def _rows(layer: map_.Layer, headings: Any, needed: Any, made: Callable[..., Any]) -> Callable[[], Read]:
    return lambda: checked_rows(map_.fields(layer, headings, needed), made)


def _brought(path: Path, rows: Any, check: Any, take: Any, dry: bool, faults: Path | None) -> int:
    return brought(path, rows, check, take, dry=dry, faults=faults, together=WHOLE)


def _stored(layer: map_.Layer, out: Path) -> int:
    """What would be stored of each row, in WGS-84; with a fault anywhere no file is written. Asks no database."""
    wrong = [Refusal("第{row}行：{what}", row=number, what=say(why)) for number, why in layer.unread]
    rows = []
    for number, properties, geometry in layer.drawn():
        if geometry is None or geometry.get("type") not in ("Point", "Polygon", "MultiPolygon"):
            wrong.append(Refusal("第{row}行：没有位置，画一个点或一块面，或写经度和纬度", row=number))
        else:
            rows.append((properties, geometry))
    for fault in wrong[:MOST_SHOWN]:
        click.echo(f"✗ {say(fault)}")
    if wrong or not rows:
        click.echo(f"{layer.name}：{len(wrong)}处要改，{out}没有写" if wrong else f"{layer.name}：里面没有场所，{out}没有写")
        return 1
    draft = out.with_name(f".{out.name}.part")
    try:
        map_.write_layer(draft, rows)
        draft.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}写不了（{error.strerror}），换一个能写的地方") from error
    click.echo(f"{layer.name}：{len(rows)}个场所都读得懂，会存成的样子写在{out}（{layer.frame.name if layer.frame else ''}转成WGS-84）")
    return 0


def exported(path: Path, what: str, *, crs: str, kind: str, on: date | None = None) -> int:
    """Every area, site or building into a file, as the imports take it back; gives how many."""
    frame = map_.frame_named(crs)
    try:
        if isinstance(frame, Refusal):
            raise BadInput(frame)
        return map_.write_layer(path, places.drawn(what, on=on), frame=frame, kind=kind)
    except BadInput as error:
        raise told(error) from error


def locate(crs: str) -> None:
    """Points from standard input (id, lon, lat), their building grids to standard output (id, code, why), some at a time."""
    frame = map_.frame_named(crs)
    heard: dict[str, str] = {}

    def said(why: Refusal | None) -> str:
        # Most rows have the same few reasons, and there are a million rows.
        if why is None or why.values:
            return say(why) if why else ""
        return heard.get(why.template) or heard.setdefault(why.template, say(why))

    try:
        if isinstance(frame, Refusal):
            raise BadInput(frame)
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("id", "code", "why"))
        for answers in _answers(frame):
            writer.writerows((one.name, one.code, said(one.why)) for one in answers)
    except BadInput as error:
        raise told(error) from error


def _answers(frame: map_.Frame) -> Iterator[list[map_.Located]]:
    for points in map_.points_of(sys.stdin):
        yield places.located(points, frame)


def plans() -> Iterator[str]:
    """A line for every map that was planned for a day."""
    states = {"planned": "待生效", "drawn": "已生效", "refused": "到日子对不上，没有生效", "withdrawn": "已撤回"}
    for drawing in places.drawings():
        why = f"：{drawing.why}" if drawing.why else ""
        yield f"第{drawing.id}份 {drawing.day} {drawing.file} {drawing.areas}格 {states[drawing.state]}{why}"


def withdraw(number: int) -> None:
    try:
        places_actions.withdraw_drawing(drawing=number, by=OFFICE, at=clock.now())
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error
