"""Catalogues: what a district may change without a release, as YAML files read into checked frozen objects.

A file holds `version`, `effective` (the day from which it is in force), `rows`, and, where a version takes
rows away, `withdrawn` (their codes). A later version says only what changes. A district's own files lie in
`$SIQIAN_CATALOGUE_DIR/<module>/` under the same names: their rows replace ours by code, or add to them.
Nothing is half loaded: either every row is right or `Faulty` lists every fault.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import yaml


class Row(Protocol):
    """A frozen msgspec Struct with a code that is unique in its catalogue."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Row)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what, and what to do. `str()` is a sentence for a clerk."""

    file: str
    says: str
    row: int | None = None  # counted from 1, as a clerk counts
    code: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f"第{self.row}行"
        if self.code:
            where += f"（{self.code}）"
        if self.field:
            where += f"“{self.field}”"
        return f"{where}：{self.says}"


class Faulty(ValueError):
    """A catalogue that cannot be used. `faults` holds every fault, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Edition(Generic[T]):
    """One catalogue as in force from `effective` on: rows by code, in the order of the files."""

    version: str
    effective: date
    rows: Mapping[str, T]


@dataclass(frozen=True)
class Catalogue(Generic[T]):
    """All editions of one catalogue, the oldest first, and where each row was read."""

    editions: tuple[Edition[T], ...]
    places: Mapping[str, tuple[str, int]]  # code -> file, row; of a row replaced, where it was read last

    def at(self, day: date) -> Edition[T]:
        """The edition in force on `day`. Before the first one began, the first: old matters need an answer too."""
        begun = [edition for edition in self.editions if edition.effective <= day]
        return begun[-1] if begun else self.editions[0]

    @property
    def latest(self) -> Edition[T]:
        return self.editions[-1]


def overlay(module: str) -> Path | None:
    """The district's own folder for `module`, or None where `SIQIAN_CATALOGUE_DIR` is not set or has none."""
    root = os.environ.get("SIQIAN_CATALOGUE_DIR", "")
    folder = Path(root) / module
    return folder if root and folder.is_dir() else None


def load(folder: Path, kind: type[T], *, files: str = "*.yaml", overlay: Path | None = None) -> Catalogue[T]:
    """Read every file of `folder` that fits `files`, then those of `overlay` on top.

    kind: a frozen msgspec Struct with `code`. Raises Faulty.
    """
    faults: list[Fault] = []
    places: dict[str, tuple[str, int]] = {}
    ours = _sheets(folder, files, kind, faults, places)
    theirs = _sheets(overlay, files, kind, faults, places) if overlay else []
    if not ours and not faults:
        faults.append(Fault(str(folder), f"没有找到目录文件（{files}），请检查文件夹"))
    if faults:
        raise Faulty(faults)
    days = sorted({sheet.effective for sheet in ours + theirs})
    editions = tuple(_edition(day, ours, theirs) for day in days if any(s.effective <= day for s in ours))
    return Catalogue(editions, MappingProxyType(places))


@dataclass(frozen=True)
class _Sheet(Generic[T]):
    file: str
    version: str
    effective: date
    rows: list[T]
    withdrawn: list[str]


def _edition(day: date, ours: list[_Sheet[T]], theirs: list[_Sheet[T]]) -> Edition[T]:
    rows: dict[str, T] = {}
    version = ""
    # The district's word stands above ours even where our version is newer: an upgrade must not undo it.
    for sheets in (ours, theirs):
        for sheet in sorted((s for s in sheets if s.effective <= day), key=lambda s: s.effective):
            for code in sheet.withdrawn:
                rows.pop(code, None)
            rows.update({row.code: row for row in sheet.rows})
            version = sheet.version
    return Edition(version, day, MappingProxyType(rows))


def _sheets(folder: Path, files: str, kind: type[T], faults: list[Fault], places: dict[str, tuple[str, int]]) -> list[_Sheet[T]]:
    sheets = []
    seen: dict[tuple[str, str], str] = {}  # version, code -> file: twice in one version is a slip of the pen
    for path in sorted(folder.glob(files)):
        before = len(faults)
        head = _read(path, faults)
        if head is None:
            continue
        rows = []
        for number, raw in enumerate(head["rows"], 1):
            row = _row(path.name, number, raw, kind, faults)
            if row is None:
                continue
            if first := seen.get((str(head["version"]), row.code)):
                says = f"编码在{first}里已用过，请改用新的编码"
                faults.append(Fault(path.name, says, row=number, code=row.code, field="code"))
            seen[str(head["version"]), row.code] = path.name
            places[row.code] = (path.name, number)
            rows.append(row)
        if len(faults) == before:
            sheets.append(_Sheet(path.name, str(head["version"]), head["effective"], rows, head["withdrawn"]))
    return sheets


HEAD = {"version", "effective", "rows", "withdrawn"}


def _read(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """The head of one file with its raw rows, or None after saying what is wrong with it."""
    try:
        head = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第{mark.line + 1}行附近" if mark else ""
        faults.append(Fault(path.name, f"文件{line}写法有误，读不出来；请检查缩进、冒号和括号"))
        return None
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(path.name, "文件打不开或不是UTF-8编码，请另存为UTF-8"))
        return None
    if not isinstance(head, dict):
        faults.append(Fault(path.name, "开头应有version、effective、rows三项，请补上"))
        return None
    before = len(faults)
    faults.extend(_head_faults(path.name, head))
    return {"withdrawn": [], **head} if len(faults) == before else None


def _head_faults(file: str, head: dict[str, Any]) -> Iterator[Fault]:
    for name in sorted(map(str, head.keys() - HEAD)):
        yield Fault(file, "没有这一项，请删去或改正拼写", field=name)
    if not isinstance(head.get("version"), str | int | float):
        yield Fault(file, "请写明版本号", field="version")
    effective = head.get("effective")
    if not isinstance(effective, date) or isinstance(effective, datetime):
        yield Fault(file, "请写明生效日期，例如 2026-01-01", field="effective")
    if not isinstance(head.get("rows"), list):
        yield Fault(file, "应为一行一项的清单，每行以“- ”开头", field="rows")
    if not isinstance(head.get("withdrawn", []), list):
        yield Fault(file, '应为编码的清单，例如 ["1.2.3"]', field="withdrawn")


def _row(file: str, number: int, raw: object, kind: type[T], faults: list[Fault]) -> T | None:
    if not isinstance(raw, dict):
        faults.append(Fault(file, "应写成“名称: 值”的形式", row=number))
        return None
    code = raw.get("code")
    code = code if isinstance(code, str) else ""
    found = list(_field_faults(file, number, code, raw, kind))
    if not found:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:  # a rule of the kind itself, told by its __post_init__
            found = [Fault(file, re.sub(r" - at `.*", "", str(error)), row=number, code=code)]
    faults.extend(found)
    return None


def _field_faults(file: str, number: int, code: str, raw: dict[Any, Any], kind: type[T]) -> Iterator[Fault]:
    """Every field on its own: a clerk who mends one fault must not meet the next on the second try."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}  # type: ignore[arg-type]
    for name in raw:
        if name not in fields:
            yield Fault(file, "没有这一项，请删去或改正拼写", row=number, code=code, field=str(name))
    for name, field in fields.items():
        if name not in raw:
            if field.required:
                yield Fault(file, "缺这一项，请补上", row=number, code=code, field=name)
            continue
        try:
            msgspec.convert(raw[name], field.type)
        except msgspec.ValidationError as error:
            yield Fault(file, _in_words(str(error)), row=number, code=code, field=name)


WORDS = {
    "str": "文字（像编号的要加引号）",
    "int": "整数",
    "float": "数",
    "bool": "true或false",
    "array": "清单，例如 [甲, 乙]",
    "object": "“名称: 值”",
    "date": "日期，例如 2026-01-01",
    "null": "空",
    "datetime": "日期和时间",
}


def _in_words(error: str) -> str:
    """A msgspec message as a sentence: 'Expected `int`, got `str`' -> '应为整数，现在是文字，请改正'."""
    wants, got = re.search(r"Expected `([^`]+)`", error), re.search(r"got `([^`]+)`", error)
    if not wants:
        value = re.search(r"Invalid enum value '?([^' ]+)'?", error)
        return f"没有“{value[1]}”这个选项，请从规定的选项中选一个" if value else "值不对，请对照别的行改正"
    names = "或".join(WORDS.get(part, part) for part in wants[1].split(" | ") if part != "null")
    return f"应为{names}" + (f"，现在是{WORDS.get(got[1], got[1])}" if got else "") + "，请改正"
