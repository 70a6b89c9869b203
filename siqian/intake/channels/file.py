"""Rows out of a file: CSV, JSON lines or Excel, each also gzipped. Pure: bytes in, rows out."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
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


def _sheet(raw: bytes) -> Iterator[tuple[int, Row | Refusal]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise BadInput(Refusal("这个表打不开，请在Excel里另存为.xlsx再导入", field="file")) from error
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
