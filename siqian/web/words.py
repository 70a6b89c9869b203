"""English: the Chinese sentence is the source. `python -m siqian.web.words` compiles django.po; --missing lists what lacks English."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

PACKAGE = Path(__file__).parent.parent
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
TEMPLATE = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "Refusal"}


def compile_all() -> None:
    """django.po -> django.mo, only when it changed."""
    target = PO.with_suffix(".mo")
    if PO.exists() and (not target.exists() or target.stat().st_mtime < PO.stat().st_mtime):
        polib.pofile(str(PO)).save_as_mofile(str(target))


def sentences() -> dict[str, str]:
    """Every sentence that a person may read -> the first file that says it."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        texts = _in_python(path) if path.suffix == ".py" else _in_template(path) if path.suffix == ".html" else iter(())
        for text in texts:
            found.setdefault(text, str(path.relative_to(PACKAGE.parent)))
    return found


def missing() -> list[tuple[str, str]]:
    """(sentence, file) without English."""
    known = {entry.msgid for entry in polib.pofile(str(PO)) if entry.msgstr or entry.msgstr_plural} if PO.exists() else set()
    return [(text, where) for text, where in sentences().items() if text not in known]


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in CALLS and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def _in_template(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for match in TEMPLATE.finditer(text):
        yield match[1] or match[2]
    for match in BLOCK.finditer(text):
        yield VARIABLE.sub(r"%(\1)s", match[1])


if __name__ == "__main__":
    if "--missing" in sys.argv:
        for sentence, where in missing():
            print(f"{where}\t{sentence}")
    else:
        compile_all()
