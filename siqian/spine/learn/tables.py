"""Tables of messages, read row by row and written whole or not at all: a file of a million rows never lies in memory."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from siqian.kernel.permits import BadInput, Refusal

CHUNK = 512  # rows understood together
LONGEST = 1 << 24  # characters of one cell


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands. fault: why it cannot be read, empty where it can. number: as the person sees it, the head being 1."""

    number: int
    cells: list[str]
    fault: Refusal | None = None


@dataclass(frozen=True)
class Table:
    """An open table: its heads and, once, its rows."""

    name: str
    heads: list[str]
    lines: Iterator[Line]

    def place(self, column: str) -> int:
        """Where a column stands; raises BadInput where there is none, naming those that there are, or two."""
        if column not in self.heads:
            there = "、".join(self.heads)
            raise BadInput(Refusal("{file}里没有“{column}”这一列，有：{there}", file=self.name, column=column, there=there))
        if self.heads.count(column) > 1:
            raise BadInput(Refusal("{file}里有两列“{column}”，改掉一个的名字", file=self.name, column=column))
        return self.heads.index(column)


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """A CSV, also gzipped, in UTF-8 or GB 18030. Raises BadInput where it is none."""
    csv.field_size_limit(LONGEST)
    with _text(path) as file:
        reader = csv.reader(file)
        try:
            heads = [head.strip() for head in next(reader, [])]
            if not heads:
                raise BadInput(Refusal("{file}是空的，第一行要写列名", file=path.name))
            yield Table(path.name, heads, _lines(reader, len(heads)))
        except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, csv.Error) as error:
            raise BadInput(Refusal("{file}读到一半坏了，重新导出一份再来", file=path.name)) from error


def _lines(reader: Iterator[list[str]], width: int) -> Iterator[Line]:
    number = 1
    for cells in reader:
        number += 1
        if not cells:
            continue  # a blank line is no row
        if len(cells) == width:
            yield Line(number, cells)
        else:
            fault = Refusal("第{row}行有{found}格，表头有{wanted}格", row=number, found=len(cells), wanted=width)
            yield Line(number, (cells + [""] * width)[:width], fault)


@contextmanager
def written(path: Path, heads: Sequence[str]) -> Iterator[Callable[[Iterable[object]], object]]:
    """A CSV that appears under its name when all of it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads)
            yield writer.writerow
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def chunks(lines: Iterator[Line], size: int = CHUNK) -> Iterator[list[Line]]:
    """Lines by the armful."""
    kept: list[Line] = []
    for line in lines:
        kept.append(line)
        if len(kept) == size:
            yield kept
            kept = []
    if kept:
        yield kept


def _text(path: Path) -> io.TextIOWrapper:
    raw = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115  (whoever opens the text closes it)
    try:
        head = raw.read(1 << 16)
        raw.seek(0)
    except (OSError, EOFError) as error:
        raw.close()
        raise BadInput(Refusal("{file}的压缩包不完整，重新导出一份再来", file=path.name)) from error
    return io.TextIOWrapper(raw, encoding="utf-8-sig" if _is_utf8(head) else "gb18030", newline="")  # type: ignore[arg-type]


def _is_utf8(head: bytes) -> bool:
    # The last character may be cut.
    return any(_decodes(head[: len(head) - cut]) for cut in range(4))


def _decodes(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
