"""Rules about what a file holds: who writes, how long it is, what it is called."""

import ast
import re
from collections.abc import Iterator

from .plan import House, Source

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
SHAPELESS = frozenset({"utils", "util", "helpers", "helper", "common", "core", "services", "managers", "base", "misc"})
# Rooms whose code may change rows or speak SQL: the verbs, and the two verbs of matters that fill files of their own.
WRITERS = {"actions": None} | dict.fromkeys(
    (
        "summoning",
        "leading",
        "receiving",
        "nearby",
        "chronicling",
        "keeping",
        "pausing",
        "ruling",
        "closing",
        "petitioning",
        "following",
        "glancing",
        "tellings",
        "undoing",
        "archiving",
        "dividing",
    ),
    "siqian.spine.matters",
)
WRITERS |= dict.fromkeys(("reporting", "arriving", "writing"), "siqian.intake")
WRITERS |= dict.fromkeys(("enrolling", "issuing", "gating", "admitting", "measuring"), "siqian.services.passes")
WRITERS |= dict.fromkeys(("residing", "seating", "accounts", "appointing", "posting"), "siqian.town.people") | {
    "siting": "siqian.town.places",
    "planning": "siqian.town.places",
    "redrawing": "siqian.town.places",
    "reshaping": "siqian.town.places",
    "sending": "siqian.trades.notices",
    "plans": "siqian.services.visits",
    "laying": "siqian.services.care",
    "sheeting": "siqian.insight.rosters",
    "deciding": "siqian.insight.topics",
    "granting": "siqian.services.benefits",
    "matching": "siqian.services.benefits",
}
WRITERS |= dict.fromkeys(
    ("registering", "taking", "gathering", "responding", "publicizing", "rehousing", "merging"), "siqian.services.sensing"
)
ALWAYS_WRITES = frozenset({"bulk_create", "bulk_update", "get_or_create", "update_or_create"})
WRITES_ON_ROWS = frozenset({"create", "update", "delete"})
ROWS = frozenset({"objects", "filter", "exclude", "all", "select_for_update", "using"})
RAW = frozenset({"raw", "extra", "RunSQL", "RawSQL"})


def only_verbs_write(house: House) -> Iterator[str]:
    """Rows are written, and SQL is spoken, in actions, the kernel and migrations."""
    for source in house.sources:
        if source.floor == "kernel" or _is_writer(source):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and (what := _write(source, node, node.func)):
                yield f"{source.name}:{node.lineno}: {what} outside actions"


def _is_writer(source: Source) -> bool:
    return source.room in WRITERS and WRITERS[source.room] in (None, source.module)


def _write(source: Source, call: ast.Call, function: ast.Attribute) -> str:
    name, words = function.attr, {node.attr for node in ast.walk(function.value) if isinstance(node, ast.Attribute)}
    if name in ALWAYS_WRITES or (name in WRITES_ON_ROWS and words & ROWS):
        return f".{name}() writes rows"
    if name in WRITES_ON_ROWS | {"save"} and isinstance(function.value, ast.Name) and function.value.id in _rows_in(source):
        return f".{name}() writes a row"
    if name in RAW and words & ROWS:
        return f".{name}() speaks SQL"
    # Asking whether the database is there and guarded is web's: it keeps the house and writes nothing by it.
    if name in ("execute", "executemany") and _statement(call) and not (source.floor == "web" and _statement(call).startswith("select")):
        return f".{name}() speaks SQL"
    return ""


def _rows_in(source: Source) -> set[str]:
    """Names that are given something of a table's: row = Matter.objects.get(…), for row in rows, with … as row."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.For | ast.NamedExpr):
            value = node.iter if isinstance(node, ast.For) else node.value
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if value is not None and any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(value)):
                names |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return names


def _statement(call: ast.Call) -> str:
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return next(
        (text.strip().lower() for text in texts if re.match(r"\s*(select|insert|update|delete|alter|create|drop|with)\b", text, re.I)), ""
    )


def files_and_functions_are_short(house: House) -> Iterator[str]:
    """A file can be read in one sitting, a function on one screen."""
    for source in house.everything:
        lines = source.text.count("\n") + 1
        if lines > LONGEST_FILE and "catalogue" not in source.parts[:-1]:
            yield f"{source.name}: {lines} lines, at most {LONGEST_FILE}"
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{source.name}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def names_say_what_is_inside(house: House) -> Iterator[str]:
    """A file or folder called utils says nothing. `services` is a floor, and only there."""
    for source in house.everything:
        for depth, part in enumerate(source.parts):
            floor = depth == 1 and part == "services" and source.parts[0] == "siqian"
            if part in SHAPELESS and not floor:
                yield f"{source.name}: “{part}” says nothing about what is inside"


def people_are_accounts_from_the_first_migration(house: House) -> Iterator[str]:
    """A user model that comes later cannot be brought in without rewriting every database."""
    first = house.root / "siqian/town/people/migrations/0001_initial.py"
    if not first.exists() or not re.search(r"""CreateModel\(\s*name=["']Account["']""", first.read_text(encoding="utf-8")):
        yield "siqian/town/people: the first migration makes no Account"
