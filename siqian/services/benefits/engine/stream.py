"""Whole files: facts from Parquet, a row group at a time, pairs out as Parquet; households are found across row groups.

Memory: one batch, its pairs, and of households a number for each row and what each condition has added up to.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from . import columns as cols, form, numpy_run, running
from .columns import Column, Totals
from .form import Fault, Faulty, Policy
from .plan import Plan, plan

BATCH = 1 << 17
# Pairs in one row group of the answer.
TOGETHER = 1 << 18
SCHEMA = [("policy", pa.dictionary(pa.int32(), pa.string())), ("state", pa.dictionary(pa.int8(), pa.string())), ("amount_fen", pa.int64())]
STATES = pa.array(["true", "unknown"])


def match(policies: Path, facts: Path, day: date, out: Path, workers: int = 1) -> tuple[int, int, list[str]]:
    """Write every pair that is true or unknown; gives (people, pairs, facts that no column holds). Faulty with every fault.

    workers: how many batches are reckoned at once; the answer is the same to the byte, the memory grows with them.
    """
    read, parameters = form.read_folder(policies)
    file = pq.ParquetFile(facts)
    schema = file.schema_arrow
    _has_id(schema, facts.name)
    made = plan(read, parameters.at(day), day, _kinds(schema, read))
    wanted = _wanted(made, schema)
    homes = _Homes(file, made, wanted, schema)
    rows = pairs = 0
    target = out.with_name(out.name + ".part")
    head = pa.schema([("id", schema.field("id").type), *SCHEMA])
    # An id stands once for a policy: a dictionary of them would only cost.
    with pq.ParquetWriter(target, head, compression="zstd", compression_level=1, use_dictionary=["policy", "state"]) as writer:
        batches = _batches(file, ["id", *wanted])
        # Numba has threads of its own, which are not to be entered by several at once.
        run = running.best_run() if workers <= 1 else numpy_run.run
        for count, tables in _at_once(lambda start, batch: _pairs(made, batch, wanted, homes, start, run), batches, workers):
            rows += count
            for found in tables:
                writer.write_table(found)
                pairs += found.num_rows
    target.replace(out)
    unheard = {fact for policy in made.policies for fact in form.facts_of(policy)} - set(schema.names)
    return rows, pairs, sorted(unheard)


Work = Callable[[int, pa.RecordBatch], Iterator[pa.Table]]


def _at_once(work: Work, batches: Iterator[tuple[int, pa.RecordBatch]], workers: int) -> Iterator[tuple[int, Iterable[pa.Table]]]:
    """(people, pairs) of each batch in their order; never more of them in memory than there are workers, and one."""
    if workers <= 1:
        for start, batch in batches:
            yield batch.num_rows, work(start, batch)
        return
    with ThreadPoolExecutor(workers) as pool:
        going: deque[tuple[int, Future[list[pa.Table]]]] = deque()
        for start, batch in batches:
            going.append((batch.num_rows, pool.submit(lambda *given: list(work(*given)), start, batch)))
            if len(going) > workers:
                count, done = going.popleft()
                yield count, done.result()
        for count, done in going:
            yield count, done.result()


def _has_id(schema: pa.Schema, name: str) -> None:
    if "id" not in schema.names:
        raise Faulty([Fault(name, "id", "没有id这一列")])


def _kinds(schema: pa.Schema, policies: Sequence[Policy]) -> dict[str, str]:
    wanted = {fact for policy in policies for fact in form.facts_of(policy)}
    return {field.name: _kind(field) for field in schema if field.name in wanted}


def _kind(field: pa.Field) -> str:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return "int"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "float"
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return "day"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return "text" if not pa.types.is_null(kind) else "int"
    raise Faulty([Fault("", field.name, f"这一列是{kind}，只认整数、小数、是非、日期和文字")])


def _wanted(made: Plan, schema: pa.Schema) -> list[str]:
    """The columns that somebody reads."""
    facts = {fact for policy in made.policies for fact in form.facts_of(policy)}
    return [name for name in schema.names if name in facts]


def _batches(file: pq.ParquetFile, names: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    start = 0
    for batch in file.iter_batches(batch_size=BATCH, columns=list(dict.fromkeys(names))):
        yield start, batch
        start += batch.num_rows


def columns_of(batch: pa.RecordBatch, names: Sequence[str]) -> dict[str, Column]:
    return {name: column_of(batch.column(name)) for name in names}


def column_of(array: pa.Array) -> Column:
    """An Arrow array as numbers: days since 1970 for dates, numbers of words for text."""
    kind = array.type
    known = None if array.null_count == 0 else pc.is_valid(array).to_numpy(zero_copy_only=False)
    if pa.types.is_null(kind):
        return Column("int", np.zeros(len(array), dtype=np.int64), np.zeros(len(array), dtype=bool))
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type) and not pa.types.is_large_string(kind.value_type):
        return column_of(array.dictionary_decode())
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        array = array if pa.types.is_dictionary(kind) else array.cast(pa.string()).dictionary_encode()
        words = tuple(array.dictionary.to_pylist())
        return Column("text", _filled(array.indices, pa.int32()), known, words)
    if pa.types.is_timestamp(kind):
        array = pc.floor_temporal(array.cast(pa.timestamp(kind.unit)), unit="day").cast(pa.date32())
        return Column("day", _filled(array, pa.int32()), known)
    if pa.types.is_date(kind):
        return Column("day", _filled(array.cast(pa.date32()), pa.int32()), known)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Column("float", _filled(array, pa.float64()), known)
    return Column("int", _filled(array, pa.int8() if pa.types.is_boolean(kind) else _integer(kind)), known)


def _integer(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_uint64(kind) or pa.types.is_uint32(kind) else kind


def _filled(array: pa.Array, kind: pa.DataType) -> NDArray[Any]:
    cast = array.cast(kind)
    filled: NDArray[Any] = (cast.fill_null(0) if cast.null_count else cast).to_numpy(zero_copy_only=False)
    return filled


def _pairs(made: Plan, batch: pa.RecordBatch, wanted: list[str], homes: "_Homes", start: int, run: running.Run) -> Iterator[pa.Table]:
    """The pairs of one batch, so many policies together that a table stays small."""
    columns, rows = columns_of(batch, wanted), batch.num_rows
    bits = running.main_bits(made, cols.planes(made, columns, rows), homes.given(start, rows), rows, run)
    codes = pa.array([policy.code for policy in made.policies], pa.string())
    held: list[tuple[int, running.Pairs]] = []
    for number, found in enumerate(running.pairs(made, columns, bits, rows)):
        held.append((number, found))
        if sum(len(pairs.rows) for _, pairs in held) > TOGETHER:
            yield _table(held, batch.column("id"), codes)
            held = []
    if any(len(pairs.rows) for _, pairs in held):
        yield _table(held, batch.column("id"), codes)


def _table(held: Sequence[tuple[int, running.Pairs]], ids: pa.Array, codes: pa.Array) -> pa.Table:
    rows = np.concatenate([pairs.rows for _, pairs in held])
    numbers = np.repeat(np.array([number for number, _ in held], dtype=np.int32), [len(pairs.rows) for _, pairs in held])
    true, fen, known = (np.concatenate([getattr(pairs, name) for _, pairs in held]) for name in ("true", "amounts", "known"))
    return pa.table(
        {
            "id": ids.take(pa.array(rows)),
            "policy": pa.DictionaryArray.from_arrays(pa.array(numbers), codes),
            "state": pa.DictionaryArray.from_arrays(pa.array((~true).astype(np.int8)), STATES),
            "amount_fen": pa.array(fen, mask=~known),
        }
    )


class _Homes:
    """What is known of each household, from the whole file, before anybody is judged."""

    def __init__(self, file: pq.ParquetFile, made: Plan, wanted: list[str], schema: pa.Schema) -> None:
        self.made, self.wanted, self.home = made, wanted, None
        self.states: dict[int, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        if not made.givens:
            return
        self.home, self.count = self._numbered(file, schema)
        for level, program in made.levels:
            totals = [Totals(given, self.count) for given in level]
            for start, batch in _batches(file, wanted or ["id"]):
                self._add(totals, program, batch, start)
            self.states |= {one.given.number: one.states() for one in totals}

    def _numbered(self, file: pq.ParquetFile, schema: pa.Schema) -> tuple[NDArray[np.int32], int]:
        rows = file.metadata.num_rows
        if "household" not in schema.names:
            return np.arange(rows, dtype=np.int32), rows
        # One dictionary over all row groups, so that a household is one wherever its people stand.
        read = file.read(columns=["household"]).column("household")
        kind = read.type
        plain = read.cast(kind.value_type) if pa.types.is_dictionary(kind) else read
        coded = plain.combine_chunks().dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        known = len(coded.dictionary)
        found = np.array(coded.indices.cast(pa.int32()).fill_null(-1))
        alone = np.flatnonzero(found < 0)
        found[alone] = known + np.arange(len(alone), dtype=np.int32)
        return found, known + len(alone)

    def _add(self, totals: list[Totals], program: Any, batch: pa.RecordBatch, start: int) -> None:
        rows, home = batch.num_rows, self._home(start, batch.num_rows)
        columns = columns_of(batch, self.wanted)
        outputs = None
        if program.outputs:
            wide = cols.planes(self.made, columns, rows)
            wide = wide if wide.size else np.zeros((1, cols.words_of(rows)), dtype=np.uint64)
            outputs = running.best_run()(program, wide, self.given(start, rows))
        at = 0
        for one in totals:
            if one.given.node.count is not None and outputs is not None:
                one.count(cols.flags(outputs[0][at], rows), cols.flags(outputs[1][at], rows), home)
                at += 1
            else:
                one.add(columns.get(one.given.node.total), home)

    def _home(self, start: int, rows: int) -> NDArray[np.int32]:
        assert self.home is not None
        return self.home[start : start + rows]

    def given(self, start: int, rows: int) -> cols.Bits:
        found = np.zeros((len(self.made.givens), 2, cols.words_of(rows)), dtype=np.uint64)
        for number, states in self.states.items():
            for which, flags in enumerate(states):
                found[number, which] = cols.packed(flags[self._home(start, rows)], found.shape[2])
        return found
