"""The house as its architecture sees it: sources, the module each belongs to, what each imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FLOORS = ("kernel", "ui", "town", "trades", "spine", "services", "intake", "insight", "web")
# Floors that are several modules; the others are one module each.
MANY = frozenset({"town", "trades", "spine", "services", "insight"})
BESIDE = frozenset({"testing", "__main__", "__init__"})


@dataclass(frozen=True)
class Import:
    """`room` is the file within `module` that is entered; empty when only the module itself is named."""

    module: str
    room: str
    line: int
    outside: str = ""


@dataclass(frozen=True)
class Source:
    path: Path
    root: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(self.root))

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted path: ("siqian", "town", "people", "actions")."""
        parts = self.path.relative_to(self.root).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def module(self) -> str:
        return module_of(self.parts)

    @property
    def room(self) -> str:
        depth = self.module.count(".") + 1
        return self.parts[depth] if len(self.parts) > depth else ""

    @property
    def floor(self) -> str:
        return self.parts[1] if len(self.parts) > 1 else ""

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def imports(self) -> Iterator[Import]:
        package = self.parts if self.path.name == "__init__.py" else self.parts[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield _import(tuple(alias.name.split(".")), node.lineno)
            elif isinstance(node, ast.ImportFrom):
                start = package[: len(package) - node.level + 1] if node.level else ()
                base = start + tuple(node.module.split(".") if node.module else ())
                for alias in node.names:
                    yield _import((*base, alias.name), node.lineno)


@dataclass(frozen=True)
class House:
    root: Path

    @cached_property
    def everything(self) -> list[Source]:
        """Every Python file of ours, tests included; no migrations."""
        found = [path for part in ("siqian", "demo", "tests", "conftest.py") for path in _python(self.root / part)]
        return [Source(path, self.root) for path in found if "migrations" not in path.parts]

    @cached_property
    def sources(self) -> list[Source]:
        """What is shipped: the package without its tests."""
        return [source for source in self.everything if source.parts[0] == "siqian" and "tests" not in source.parts]

    @cached_property
    def templates(self) -> list[Path]:
        return sorted((self.root / "siqian").rglob("templates/**/*.html"))


def module_of(parts: tuple[str, ...]) -> str:
    """The module that a dotted path lies in; empty outside the floors, as for siqian.VERSION."""
    if parts[:1] != ("siqian",) or len(parts) < 2 or parts[1] not in FLOORS:
        return ""
    return ".".join(parts[: 3 if parts[1] in MANY else 2])


def _import(parts: tuple[str, ...], line: int) -> Import:
    module = module_of(parts)
    if not module:
        return Import("", "", line, outside=".".join(parts))
    depth = module.count(".") + 1
    return Import(module, parts[depth] if len(parts) > depth else "", line)


def _python(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))
