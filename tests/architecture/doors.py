"""Rules about what may be entered from where. Each takes a house and gives its faults as sentences."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .plan import BESIDE, FLOORS, House, Import, Source

DOORS = frozenset({"actions", "queries", "rules", "events"})
OPEN = frozenset({"siqian.kernel", "siqian.ui"})
# What web may enter besides the doors, because it composes: pages, interfaces, timed work, readers.
COMPOSED = DOORS | {"views", "api", "jobs", "reactions"}
TEMPLATE = re.compile(r"^[\w-]+/[\w/-]+\.html$")
DRAWN = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


def floors_are_known(house: House) -> Iterator[str]:
    """A folder beside the floors belongs to none of them."""
    for source in house.sources:
        if len(source.parts) > 1 and source.parts[1] not in (*FLOORS, *BESIDE):
            yield f"{source.name}: siqian/{source.parts[1]} is no floor of the house; put it on one of {', '.join(FLOORS)}"


def modules_are_entered_by_their_doors(house: House) -> Iterator[str]:
    """actions, queries, rules, events. Kernel and ui are open but for their tables; tables may point at tables; web composes."""
    for source in house.sources:
        if source.floor == "__main__":
            continue  # the command itself: it starts web
        for found in source.imports():
            if found.module in ("", source.module) or not _is_closed(source, found):
                continue
            yield f"{source.name}:{found.line}: enters {found.module} by {found.room or 'its wall'} and not by {', '.join(sorted(DOORS))}"


def _is_closed(source: Source, found: Import) -> bool:
    if found.module in OPEN:
        return found.room == "models"
    if source.floor == "web":
        return found.room not in COMPOSED
    if source.room == found.room == "models":
        return False
    return found.room not in DOORS


def events_are_plain(house: House) -> Iterator[str]:
    """events.py, or a folder of that name, imports the standard library and the kernel only, so that everybody may read it."""
    for source in house.sources:
        if source.room != "events":
            continue
        for found in source.imports():
            own = (found.module, found.room) == (source.module, "events")
            if not own and found.module != "siqian.kernel" and not _is_standard(found):
                yield f"{source.name}:{found.line}: imports {found.module or found.outside}; events stand on the kernel alone"


def _is_standard(found: Import) -> bool:
    return bool(found.outside) and found.outside.split(".")[0] in sys.stdlib_module_names


def siblings_hear_events_only(house: House) -> Iterator[str]:
    """services are blind to each other: reactions may read a sibling's events, and nothing else may read anything."""
    for source in house.sources:
        if source.floor != "services":
            continue
        for found in source.imports():
            beside = found.module.startswith("siqian.services.") and found.module != source.module
            if beside and (source.room, found.room) != ("reactions", "events"):
                yield f"{source.name}:{found.line}: enters its sibling {found.module}; only reactions may, and only its events"


def reactions_only_react(house: House) -> Iterator[str]:
    """A reaction calls its own module's verbs and those below; every function that it defines with @on takes by and at."""
    for source in house.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef) and any(_called(decorator) == "on" for decorator in node.decorator_list):
                if source.room != "reactions":
                    yield f"{source.name}:{node.lineno}: {node.name} reacts outside reactions.py"
                if {argument.arg for argument in node.args.kwonlyargs} != {"by", "at"}:
                    yield f"{source.name}:{node.lineno}: {node.name} takes (event, *, by, at)"


def foreign_keys_point_down_and_say_nothing(house: House) -> Iterator[str]:
    """The class is named, so that import-linter sees which way it points; related_name="+" keeps the lower one blind."""
    for source in house.sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or _called(node) not in ("ForeignKey", "OneToOneField", "ManyToManyField"):
                continue
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            target = node.args[0] if node.args else named.get("to")
            if not (isinstance(named.get("related_name"), ast.Constant) and named["related_name"].value == "+"):
                yield f'{source.name}:{node.lineno}: a foreign key without related_name="+" hangs an attribute on the module below'
            text = target.value if isinstance(target, ast.Constant) else None
            if (isinstance(text, str) and "." in text) or isinstance(target, ast.Attribute):
                yield f"{source.name}:{node.lineno}: a foreign key by text; name the class, so that its direction is checked"


def nobody_reaches_round_the_imports(house: House) -> Iterator[str]:
    """get_model, import_module and __import__ are imports that no contract sees; only web, which composes, may use them."""
    for source in house.sources:
        if source.floor == "web":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _called(node) in ("get_model", "import_module", "import_string", "__import__"):
                yield f"{source.name}:{node.lineno}: {_called(node)} goes round the imports"


def templates_are_ones_own(house: House) -> Iterator[str]:
    """A page is drawn from templates of its own module, or of ui."""
    for source in house.sources:
        own = (source.module.rpartition(".")[2], "ui")
        for node in ast.walk(source.tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if TEMPLATE.match(text) and text.split("/")[0] not in own:
                yield f"{source.name}:{node.lineno}: draws {text}, which belongs to another module"
    for path in house.templates:
        yield from _drawn_from_elsewhere(path, str(path.relative_to(house.root)))


def _drawn_from_elsewhere(path: Path, name: str) -> Iterator[str]:
    shelf = next(up for up in path.parents if up.name == "templates")
    module, folder = shelf.parent.name, path.relative_to(shelf).parts[0]
    if folder != module:
        yield f"{name}: lies in templates/{folder} of module {module}; it belongs in templates/{module}"
    for drawn in DRAWN.findall(path.read_text(encoding="utf-8")):
        if drawn.split("/")[0] not in (module, "ui"):
            yield f"{name}: draws {drawn}, which belongs to another module"


def _called(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
