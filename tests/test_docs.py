"""What the documents say of the code is there: paths, functions, states, words; the two readmes say the same."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from siqian.spine.matters import rules as matters
from siqian.town.people.models import Post

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TOP = ("siqian", "demo", "tests", "bin", "docs", "bench", "requirements")
# What the tutorial makes up: nothing of it lies in the repository.
MADE_UP = ("umbrella", "siqian/services")


def spans(page: Path) -> list[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return [span for span in SPAN.findall(text) if not any(word in span for word in MADE_UP)]


@cache
def modules() -> dict[str, Path]:
    """Every module by its dotted name and by each end of it: spine.matters.actions, matters.actions."""
    found: dict[str, Path] = {}
    for folder in ("siqian", "demo", "tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), path)
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    """What a module defines or brings in at its top, and what its classes define."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else []
        for part in (node, *inner):
            names |= _names(part)
    return frozenset(names)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


@cache
def events() -> frozenset[str]:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "siqian").rglob("*.py") if "tests" not in path.parts]
    return frozenset(name for text in texts for name in re.findall(r'\(Event, name="([\w.]+)"\)', text))


def fault_of(span: str) -> str:
    """Why a span names nothing; empty when it does, or names nothing of ours."""
    head, _, test = span.split(" ")[0].partition("::")
    if head.startswith(tuple(f"{name}/" for name in TOP)) and not re.search(r"[*A-Z…]{3}|\*", head):
        path = ROOT / head
        if not path.exists():
            return f"there is no {head}"
        return "" if not test or test in names_in(path) else f"{head} has no {test}"
    if not re.fullmatch(r"[a-z_]+(\.\w+)+", span) or span in events() or span.split(".")[0] not in modules():
        return ""
    return "" if _resolves(span.split(".")) or (ROOT / span).exists() or _is_room(span) else f"nothing is called {span}"


def _is_room(span: str) -> bool:
    """rules.py: a file that every module may have."""
    return span.rsplit(".", 1)[1] in ("py", "yaml", "json") and any(ROOT.glob(f"siqian/**/{span}"))


def _resolves(parts: list[str]) -> bool:
    for end in range(len(parts), 0, -1):
        path = modules().get(".".join(parts[:end]))
        if path is not None and all(part in names_in(path) for part in parts[end:]):
            return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_everything_a_page_names_is_there(page):
    assert [fault for span in spans(page) if (fault := fault_of(span))] == []


@pytest.mark.parametrize("span", ["siqian/kernel/clocks.py", "matters.actions.vanish", "siqian/testing.py::test_nothing", "kernel.magic"])
def test_a_name_that_leads_nowhere_is_found(span):
    assert fault_of(span)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = [link.split("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith(("http", "#"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_both_readmes_show_the_same_pictures_commands_and_pages():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    for kind in (r"\((docs/[^)#]+)", r"^curl .*$", r"^\| `(siqian [a-z]+)", r"\(LICENSE\)"):
        assert sorted(re.findall(kind, english, re.MULTILINE)) == sorted(re.findall(kind, chinese, re.MULTILINE))


def test_the_life_cycle_is_told_as_it_is():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \| ([\w, ]+) \|$", text, re.MULTILINE)
    assert told == [(move.frm, move.verb, move.to, ", ".join(move.who.split())) for move in matters.MATTER.moves]


def test_every_word_of_the_code_stands_in_the_table_of_words():
    known = set(SPAN.findall((ROOT / "docs" / "words.md").read_text(encoding="utf-8")))
    kinds = yaml.safe_load((ROOT / "siqian/spine/learn/catalogue/kinds.yaml").read_text(encoding="utf-8"))["rows"]
    shown = ast.parse((ROOT / "siqian/spine/matters/templatetags/matters.py").read_text(encoding="utf-8"))
    tables = {
        node.targets[0].id: ast.literal_eval(_keys(node.value)) for node in shown.body if isinstance(node, ast.Assign) and _is_table(node)
    }
    wanted = {*matters.MATTER.states, *Post.Duty.values, *(row["code"] for row in kinds), *events()}
    wanted |= {key for name in ("STATES", "STEPS", "CLOCKS", "CHANNELS") for key in tables[name]}
    assert sorted(wanted - known) == []


def _is_table(node: ast.Assign) -> bool:
    return isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name)


def _keys(node: ast.expr) -> ast.List:
    assert isinstance(node, ast.Dict)
    return ast.List([key for key in node.keys if key is not None])


def test_measured_figures_are_rendered():
    ran = subprocess.run([sys.executable, "bin/figures", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_pictures_are_small():
    assert sum(path.stat().st_size for path in (ROOT / "docs" / "pictures").iterdir()) < 900_000
