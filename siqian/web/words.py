"""English: the Chinese sentence is the source. `python -m siqian.web.words` compiles django.po; --missing lists what lacks English.

A sentence is found where it is said: `{% translate %}`, `{% blocktranslate %}` and `_("…")` in templates; `_()`, `gettext`,
`gettext_noop`, `ngettext`, `Refusal("…")` in Python; `said("…")` where a sentence waits in a table or a pure rule for its reader.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).parent.parent
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
QUOTED = r"""(?:"([^"]*)"|'([^']*)')"""
TEMPLATE = re.compile(rf"\{{%\s*trans(?:late)?\s+{QUOTED}|_\({QUOTED}\)")
BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b(.*?)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "Refusal", "said"}


@dataclass(frozen=True)
class Sentence:
    """What a person may read, its plural where a number decides, and the first file that says it."""

    text: str
    where: str
    plural: str = ""


def compile_all() -> None:
    """django.po -> django.mo, only when it changed."""
    target = PO.with_suffix(".mo")
    if PO.exists() and (not target.exists() or target.stat().st_mtime < PO.stat().st_mtime):
        polib.pofile(str(PO)).save_as_mofile(str(target))


def sentences() -> dict[str, Sentence]:
    """Every sentence that a person may read, by itself."""
    found: dict[str, Sentence] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts or path.suffix not in (".py", ".html"):
            continue
        text, where = path.read_text(encoding="utf-8"), str(path.relative_to(PACKAGE.parent))
        for said, plural in in_python(text) if path.suffix == ".py" else in_template(text):
            known = found.setdefault(said, Sentence(said, where, plural))
            if plural and not known.plural:
                found[said] = Sentence(said, known.where, plural)
    return found


def missing() -> list[Sentence]:
    """What has no English yet."""
    known = {entry.msgid: entry for entry in polib.pofile(str(PO))} if PO.exists() else {}
    return [
        sentence
        for text, sentence in sentences().items()
        if text not in known or not (all(known[text].msgstr_plural.values()) if sentence.plural else known[text].msgstr)
    ]


def in_python(text: str) -> Iterator[tuple[str, str]]:
    """(sentence, its plural or "") of every call that says one."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in CALLS:
            continue
        plural = next(_constants(node.args[1])) if name.startswith("ngettext") else ""
        yield from ((said, plural) for said in _constants(node.args[0]))


def in_template(text: str) -> Iterator[tuple[str, str]]:
    """(sentence, its plural or "") of every tag that says one, as Django looks it up: {{ n }} is %(n)s, a percent sign is doubled."""
    for match in TEMPLATE.finditer(text):
        yield next(group for group in match.groups() if group is not None).replace("%", "%%"), ""
    for match in BLOCK.finditer(text):
        lines = [_placeholders(part, trimmed="trimmed" in match[1].split()) for part in PLURAL.split(match[2])]
        yield lines[0], lines[1] if len(lines) > 1 else ""


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _placeholders(text: str, *, trimmed: bool) -> str:
    if trimmed:
        text = " ".join(line.strip() for line in text.strip().splitlines())
    return VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))


if __name__ == "__main__":
    if "--missing" in sys.argv:
        for sentence in missing():
            print(f"{sentence.where}\t{sentence.text}")
    else:
        compile_all()
