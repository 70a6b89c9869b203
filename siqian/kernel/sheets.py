"""Rows out of a file: CSV, JSON lines or Excel, each also gzipped. Pure: bytes in, rows out."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import PurePath

from siqian.kernel.permits import BadInput, Refusal

Row = dict[str, object]


def read(name: str, raw: bytes) -> Iterator[tuple[int, Row | Refusal]]:
    """(row number as the person sees it, row or what is wrong with it). Kind by the file's ending."""
    path = PurePath(name)
    if path.suffix == ".gz":
        raw, path = _gunzip(raw), path.with_suffix("")
    if path.suffix == ".csv":
        return _csv(raw)
    if path.suffix in (".jsonl", ".ndjson"):
        return _lines(raw)
    if path.suffix in (".xlsx", ".xls", ".ods"):
        return _sheet(raw)
    raise BadInput(Refusal("“{name}”不认识。能导入的文件：.csv、.jsonl、.xlsx，或再加.gz", field="file", name=path.name))


def _gunzip(raw: bytes) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError) as error:
        raise BadInput(Refusal("压缩包不完整，重新导出一份再来", field="file")) from error


def _csv(raw: bytes) -> Iterator[tuple[int, Row | Refusal]]:
    reader = csv.DictReader(io.StringIO(_decoded(raw), newline=""))
    for number, row in enumerate(reader, start=2):
        if None in row:
            yield number, Refusal("这一行比表头多了几格，多半是内容里的逗号没有用引号包住")
        else:
            yield number, dict(row)


def _lines(raw: bytes) -> Iterator[tuple[int, Row | Refusal]]:
    for number, line in enumerate(_decoded(raw).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            yield number, Refusal("第{column}个字符起不是完整的JSON", column=error.colno)
            continue
        yield number, row if isinstance(row, dict) else Refusal("一行要是一个{{…}}对象")


def cells(name: str, raw: bytes) -> list[list[str]]:
    """A whole table as it stands, without knowing which row is its head: rows of text from the first row on."""
    path = PurePath(name)
    if path.suffix == ".csv":
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(_decoded(raw), newline=""))]
    if path.suffix in (".xlsx", ".xls", ".ods"):
        return [[text(cell) for cell in row] for row in _rows(raw)]
    raise BadInput(Refusal("“{name}”不认识。能导入的表：.xlsx、.xls、.ods、.csv", field="file", name=path.name))


def _rows(raw: bytes) -> list[list[object]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python(skip_empty_area=False)  # type: ignore[return-value]
    except (CalamineError, IndexError, ValueError) as error:
        raise BadInput(Refusal("这个表打不开，请在Excel里另存为.xlsx再导入", field="file")) from error


def _sheet(raw: bytes) -> Iterator[tuple[int, Row | Refusal]]:
    rows = _rows(raw)
    heads = [str(cell).strip() for cell in rows[0]] if rows else []
    for number, cells in enumerate(rows[1:], start=2):
        if any(str(cell).strip() for cell in cells):
            yield number, dict(zip(heads, cells, strict=False))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(Refusal("文字编码认不出来，请另存为UTF-8再导入", field="file"))


def fields(
    name: str, raw: bytes, headings: Mapping[str, tuple[str, ...]], needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str] | Refusal]]:
    """Rows of a file as text by field. headings: the names of a column of each field; BadInput when a needed one is missing."""
    return by_field(read(name, raw), headings, needed)


def by_field(
    rows: Iterable[tuple[int, Row | Refusal]], headings: Mapping[str, tuple[str, ...]], needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str] | Refusal]]:
    """The same of rows that were read already."""
    where: dict[str, str] | None = None
    for number, row in rows:
        if isinstance(row, Refusal):
            yield number, row
            continue
        where = where if where is not None else _where(list(row), headings, needed)
        yield number, {field: text(row.get(column)) for field, column in where.items()}


def text(value: object) -> str:
    """A cell as people see it: Excel hands whole numbers over as floats, and days as instants."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def day(written: str) -> date | Refusal | None:
    """A day as written: 2026-07-13, 2026/7/13, 2026年7月13日; None when nothing is."""
    if not written:
        return None
    match = DAY.fullmatch(written.strip())
    try:
        return date(*map(int, match.groups())) if match else WRONG_DAY
    except ValueError:
        return WRONG_DAY


DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T00:00)?")
WRONG_DAY = Refusal("日期写成2026-07-13这样")


def _where(heads: list[str], headings: Mapping[str, tuple[str, ...]], needed: Sequence[str]) -> dict[str, str]:
    found = {field: name for field, names in headings.items() for name in reversed(names) if name in heads}
    missing = [headings[field][-1] for field in needed if field not in found]
    if missing:
        raise BadInput(
            Refusal("表头里找不到{missing}。把那几列改成这样的名字", field="file", missing="、".join(f"“{name}”" for name in missing))
        )
    return found
