"""Registers by command: a file is read and checked whole, then written; with a fault anywhere nothing is."""

import csv
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click

from siqian.intake import jobs as intake_jobs
from siqian.kernel import clock, sheets
from siqian.kernel.permits import OFFICE, Refusal, Refused
from siqian.town.people import actions as people_actions, queries as roster, rules as people
from siqian.town.places import actions as places_actions, queries as places, rules as map_
from siqian.ui.words import say

# Rows that share one commit.
TOGETHER = 2000
# Small lists share one commit altogether.
WHOLE = 1_000_000
MOST_SHOWN = 20
# Buildings whose units are asked for at once.
BUILDINGS = 500
Read = Iterator[tuple[Any | None, Sequence[Refusal]]]
Fields = Iterator[tuple[int, dict[str, str] | Refusal]]


def units(path: Path, *, dry: bool, faults: Path | None) -> int:
    """Units of buildings from a file. Gives the exit status."""
    uses = places.uses()

    def rows() -> Read:
        for number, cells in _cells(path, map_.HEADINGS, map_.NEEDED):
            row = cells if isinstance(cells, Refusal) else map_.unit_row(number, cells, uses)
            yield (None, _at(number, row)) if isinstance(row, Refusal) else (None, row) if isinstance(row, list) else (row, ())

    done = places_actions.Units()

    def take(chunk: list[Any]) -> None:
        nonlocal done
        done += places_actions.lay_units(units=chunk, by=OFFICE, at=clock.now())

    status = brought(path, rows, lambda chunk: places_actions.check_units(units=chunk), take, dry=dry, faults=faults)
    if status == 0 and not dry:
        click.echo(f"{path.name}：新登记{done.added}，改了{done.changed}，到期{done.ended}，没有变{done.same}")
    return status


def export_units(path: Path) -> int:
    """Every unit there is now, as `units` takes it back; gives how many."""
    words, written = {code: name for name, code in places.uses().items()}, 0
    codes = sorted(code for entry in places.register(places.epoch()) for code in entry.buildings.values())
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map_.HEADINGS[field][-1] for field in ("building", "label", "floor", "use"))
        for at in range(0, len(codes), BUILDINGS):
            found = places.units_of(codes[at : at + BUILDINGS])
            rows = [(unit.building, unit.label, unit.floor, words[unit.use]) for units in found.values() for unit in units]
            writer.writerows(rows)
            written += len(rows)
    return written


def residents(path: Path, *, source: str, basis: str, dry: bool, faults: Path | None) -> int:
    """Residents from a file. Gives the exit status."""
    unplaced: list[int] = []

    def rows() -> Read:
        unplaced.clear()
        for number, cells in _cells(path, people.HEADINGS, people.NEEDED):
            if isinstance(cells, Refusal):
                yield None, _at(number, cells)
                continue
            where = _where(number, cells, unplaced)
            yield (None, _at(number, where)) if isinstance(where, Refusal) else people.resident_row(number, cells, where, source, basis)

    made = 0

    def take(chunk: list[Any]) -> None:
        nonlocal made
        made += len(people_actions.enroll(residents=chunk, by=OFFICE, at=clock.now()))

    status = brought(path, rows, lambda chunk: people_actions.check(residents=chunk, by=OFFICE), take, dry=dry, faults=faults)
    if unplaced and not status:
        click.echo(f"{len(unplaced)}行的房号名册里没有，只记到楼栋：第{'、'.join(map(str, unplaced[:MOST_SHOWN]))}行")
    if status == 0 and not dry:
        click.echo(f"{path.name}：新登记{made}人")
    return status


def persons(path: Path, *, dry: bool, faults: Path | None) -> int:
    """Persons from a file: new ones, and what those that are there are called now."""

    def rows() -> Read:
        return _read(path, people.PERSON_HEADINGS, ("code", "name"), people.person_row)

    def take(chunk: list[Any]) -> None:
        made = people_actions.name_persons(persons=chunk, by=OFFICE, at=clock.now())
        click.echo(f"{path.name}：{len(chunk)}人，其中新加{made}人")

    return brought(path, rows, _twice, take, dry=dry, faults=faults, together=WHOLE)


def accounts(path: Path, *, passwords: Path, dry: bool, faults: Path | None) -> int:
    """Accounts from a file; the first passwords of new ones go into a file that only its owner reads."""

    def rows() -> Read:
        return _read(path, people.ACCOUNT_HEADINGS, ("username",), people.account_row)

    def check(chunk: list[Any]) -> list[Refusal]:
        return _twice(chunk) + people_actions.check_accounts(accounts=chunk)

    def take(chunk: list[Any]) -> None:
        # The file is there before the accounts are: a folder that cannot be written to must not leave passwords that nobody knows.
        with _secret(passwords) as file:
            given = people_actions.enlist_accounts(accounts=chunk, by=OFFICE, at=clock.now())
            csv.writer(file).writerows([("用户名", "第一次登录的密码"), *given.items()])
        click.echo(f"{path.name}：{len(chunk)}个账号，其中新开{len(given)}个；密码写在{passwords}，发给本人后删掉")

    if passwords.exists():
        raise click.ClickException(f"{passwords}已经有了，换一个文件名：密码不写进旧文件")
    return brought(path, rows, check, take, dry=dry, faults=faults, together=WHOLE)


def _secret(path: Path) -> TextIO:
    """A new file that only its owner reads."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise click.ClickException(f"{path}写不了（{error.strerror}），账号一个也没有开；换一个能写的地方") from error


def first_password(username: str) -> str:
    try:
        return people_actions.give_password(username=username, by=OFFICE, at=clock.now())
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error


def posts(path: Path, *, dry: bool, faults: Path | None) -> int:
    """Posts from a file: new ones, and what those that are there are called now."""
    duties = roster.duties()

    def rows() -> Read:
        return _read(
            path, people.POST_HEADINGS, ("code", "duty", "area", "name"), lambda number, cells: people.post_row(number, cells, duties)
        )

    def check(chunk: list[Any]) -> list[Refusal]:
        return _twice(chunk) + people_actions.check_posts(posts=chunk)

    def take(chunk: list[Any]) -> None:
        made = people_actions.found_posts(posts=chunk, by=OFFICE, at=clock.now())
        click.echo(f"{path.name}：{len(chunk)}个岗位，其中新加{made}个")

    return brought(path, rows, check, take, dry=dry, faults=faults, together=WHOLE)


def rosters(path: Path, *, dry: bool, faults: Path | None) -> int:
    """Who sits on which post in which hours, and who is away."""

    def rows() -> Read:
        return _read(path, people.ROSTER_HEADINGS, ("person",), people.roster_row)

    def check(chunk: list[Any]) -> list[Refusal]:
        turns, aways = _parted(chunk)
        return people_actions.check_seats(turns=turns, aways=aways, at=clock.now())

    def take(chunk: list[Any]) -> None:
        turns, aways = _parted(chunk)
        made = people_actions.take_seats(turns=turns, aways=aways, by=OFFICE, at=clock.now())
        click.echo(f"{path.name}：任职和班次{len(turns)}行，新任职{made}个，请假{len(aways)}行")

    return brought(path, rows, check, take, dry=dry, faults=faults, together=WHOLE)


def history(path: Path, *, dry: bool) -> int:
    """Lives of matters, a JSON object a line. Gives the exit status."""
    write = not dry
    try:
        taken = intake_jobs.chronicle(
            path, at=clock.now, write=write, told=lambda count: _progress(f"{count.lines}行，{len(count.faults)}处要改")
        )
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error
    for fault in taken.faults[:MOST_SHOWN]:
        click.echo(f"✗ {say(fault)}")
    what = "新收" if write else "可以收（这次没有写）"
    click.echo(f"{path.name}：{taken.lines}行，{what}{taken.made}件，{len(taken.faults)}处要改")
    if taken.faults and write:
        click.echo(f"第几件就是第几行。有错的那一批（{intake_jobs.LIVES}行一批）没有写，改好再导入一次，写过的不会重复")
    return 1 if taken.faults else 0


def _parted(chunk: list[Any]) -> tuple[list[people.TurnRow], list[people.AwayRow]]:
    return [row for row in chunk if isinstance(row, people.TurnRow)], [row for row in chunk if isinstance(row, people.AwayRow)]


def _read(
    path: Path, headings: Mapping[str, tuple[str, ...]], needed: Sequence[str], made: Callable[[int, dict[str, str]], Any | list[Refusal]]
) -> Read:
    return checked_rows(_cells(path, headings, needed), made)


def checked_rows(fields: Fields, made: Callable[[int, dict[str, str]], Any | list[Refusal]]) -> Read:
    for number, cells in fields:
        row = _at(number, cells) if isinstance(cells, Refusal) else made(number, cells)
        yield (None, row) if isinstance(row, list) else (row, ())


def _twice(chunk: list[Any]) -> list[Refusal]:
    """Codes that an earlier row of the file bears."""
    first: dict[str, int] = {}
    return [
        Refusal("第{row}行：{code}在第{first}行已经有了，删去一行", row=row.row, code=row.code, first=first[row.code])
        for row in chunk
        if first.setdefault(row.code, row.row) != row.row
    ]


def _where(number: int, cells: Mapping[str, str], unplaced: list[int]) -> tuple[str, str] | Refusal:
    """Building and label by their columns, else by the address; a room that the register does not have leaves the building."""
    if cells.get("building"):
        written = cells.get("label", "")
        return cells["building"], (map_.label_of(written) or written) if written else ""
    found = places.addressed(cells.get("address", ""))
    if not found.building:
        return Refusal("地址“{address}”认不出是哪一栋，写明小区和楼号", address=cells.get("address", ""))
    if found.why is not None:
        unplaced.append(number)
    return found.building, found.unit.label if found.unit else ""


def brought(
    path: Path,
    rows: Callable[[], Read],
    check: Callable[[list[Any]], Sequence[Refusal]],
    take: Callable[[list[Any]], None],
    *,
    dry: bool,
    faults: Path | None,
    together: int | None = None,
) -> int:
    """Check everything, then take it in chunks of one transaction; what was there already stays, so a second run goes on."""
    found: list[Refusal] = []
    count = 0
    try:
        for chunk in _chunks(rows(), together or TOGETHER):
            good = [row for row, _ in chunk if row is not None]
            found += [fault for _, wrong in chunk for fault in wrong] + list(check(good))
            count += len(chunk)
            _progress(f"查了{count}行")
        if found:
            return _told(path, found, faults)
        if dry:
            click.echo(f"{path.name}：{count}行都对，可以导入（这次没有写）")
            return 0
        taken = 0
        for chunk in _chunks(rows(), together or TOGETHER):
            take([row for row, _ in chunk])
            taken += len(chunk)
            _progress(f"写了{taken}/{count}行")
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error
    return 0


def _cells(path: Path, headings: Mapping[str, tuple[str, ...]], needed: Sequence[str]) -> Fields:
    return sheets.fields(path.name, path.read_bytes(), headings, needed)


def _at(number: int, fault: Refusal) -> list[Refusal]:
    return [Refusal("第{row}行：{what}", row=number, what=fault.why)]


def _told(path: Path, found: Sequence[Refusal], faults: Path | None) -> int:
    told = [say(fault) for fault in found]
    if faults:
        with faults.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("文件", "哪里不对"), *((path.name, text) for text in told)])
    for text in told[:MOST_SHOWN]:
        click.echo(f"✗ {text}")
    rest = f"，其余的写在{faults}" if faults else f"，还有{len(told) - MOST_SHOWN}处，加 --faults 文件 看全部"
    click.echo(f"{path.name}：{len(told)}处要改，一行也没有写进去{rest if len(told) > MOST_SHOWN or faults else ''}")
    return 1


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{text}", nl=False, err=True)


def _chunks(rows: Read, together: int) -> Iterator[list[tuple[Any, Sequence[Refusal]]]]:
    while chunk := list(islice(rows, together)):
        yield chunk
