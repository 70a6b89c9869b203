"""English is complete: what is said in Chinese has its English, and nothing that is said is forgotten."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import polib
import pytest
from django.template import engines
from django.utils import translation
from django.utils.translation import trans_real

from siqian.kernel.permits import Refusal
from siqian.ui.words import say
from siqian.web import words

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)s|(?<!\{)\{\w+\}(?!\})")
# Chinese that nobody reads on a page: what is matched in a text, what a command says to an operator, the town of the tests.
# The name of the statement at the top of the file in which it may stand; "*" for the whole file.
UNSAID = {
    "siqian/testing.py": {"*"},
    "siqian/web/doorcli.py": {"*"},
    "siqian/intake/posting.py": {"*"},
    "siqian/kernel/anchors.py": {"*"},
    "siqian/kernel/catalogue.py": {"*"},
    "siqian/spine/learn/splitting.py": {"*"},
    "siqian/spine/learn/redacting.py": {"*"},
    "siqian/spine/learn/queries.py": {"WHO_ONE_IS"},
    "siqian/spine/learn/governing.py": {"_OLD", "_YOUNG"},
    "siqian/spine/learn/outsider.py": {"*"},
    "siqian/spine/learn/replying.py": {"*"},
    "siqian/spine/learn/summing.py": {"*"},
    "siqian/spine/learn/trained/addresses.py": {"*"},
    "siqian/spine/learn/trained/classifier.py": {"*"},
    "siqian/web/learncli.py": {"*"},
    "siqian/intake/asking.py": {"asked"},
    "siqian/town/places/naming.py": {"*"},
    "siqian/spine/remit/rules.py": {"*"},
    "siqian/web/api.py": {"api"},
    "siqian/web/cli.py": {"*"},
    "siqian/web/config.py": {"*"},
    "siqian/web/keeping.py": {"*"},
    "siqian/web/running.py": {"*"},
    "siqian/web/importing.py": {"*"},
    "siqian/web/mapping.py": {"*"},
    "siqian/web/mapcli.py": {"*"},
    "siqian/web/sensorcli.py": {"*"},
    "siqian/web/listening.py": {"*"},
    # The meaning of policies is Chinese law in Chinese words; commands print its faults.
    **dict.fromkeys(
        (
            *("siqian/services/benefits/engine/columns.py", "siqian/services/benefits/engine/explaining.py"),
            *("siqian/services/benefits/engine/form.py", "siqian/services/benefits/engine/kleene.py"),
            *("siqian/services/benefits/engine/plan.py", "siqian/services/benefits/engine/reference.py"),
            *("siqian/services/benefits/engine/saying.py", "siqian/services/benefits/engine/stream.py"),
            "siqian/web/benefitscli.py",
        ),
        frozenset({"*"}),
    ),
    "siqian/trades/dossier/queries.py": {"shown"},
    "siqian/services/benefits/queries.py": {"public_title"},
    "siqian/services/benefits/showing.py": {"LETTERS", "example_said"},
    "siqian/services/benefits/previewing.py": {"_coarse", "_about"},
    "siqian/services/benefits/templatetags/benefits.py": {"yuan"},
    "siqian/web/passescli.py": {"*"},
    # Why a key was destroyed, as the journal keeps it.
    "siqian/services/passes/admitting.py": {"erase_old"},
    "siqian/services/passes/enrolling.py": {"end"},
    # What a piece that is cut off is called until somebody calls it something else.
    "siqian/insight/bounds/queries.py": {"suggested"},
    # Faults of catalogues, told when they are loaded.
    "siqian/services/sensing/rules/alarms.py": {"*"},
    "siqian/services/sensing/rules/sensors.py": {"HEADINGS", "Quantity", "Kind"},
    "siqian/kernel/sheets.py": {"DAY"},
    "siqian/town/people/households.py": {"HEADINGS"},
    "siqian/town/people/listing.py": {
        "WEEK",
        "DAYS",
        "PERSON_HEADINGS",
        "POST_HEADINGS",
        "ROSTER_HEADINGS",
        "ACCOUNT_HEADINGS",
        "SWITCH",
        "_shifts",
    },
    "siqian/web/settings.py": {"*"},
    "siqian/intake/rules.py": {"HEADINGS"},
    "siqian/spine/learn/rules.py": {"_NOT", "_FEARED", "_CLAUSE", "_GREETING", "_FILLER", "_PLACE_ONLY", "_LEAD_IN", "_head", "title"},
    "siqian/spine/matters/checking.py": {"census"},
    "siqian/insight/topics/following.py": {"GAP", "OPENS"},
    "siqian/insight/rosters/weekly.py": {"HEADS", "HOURS"},
    "siqian/spine/matters/rules/papering.py": {"WAITS", "OUTCOMES", "NOTHING_SAID", "DONE", "values"},
    "siqian/spine/matters/rules/__init__.py": {"NOISE", "CONFIDING_WORDS"},
    "siqian/spine/matters/rules/course.py": {"PRIVATE"},
    "siqian/town/places/frames.py": {"NAMES", "KNOWN"},
    "siqian/town/places/geojson.py": {"LEVEL_NAMES", "COLUMNS"},
    "siqian/town/places/pictures.py": {"*"},
    "siqian/town/places/reading.py": {"LON", "LAT", "DRAWN", "Layer"},
    "siqian/town/places/writing.py": {"_sheet", "_cell"},
    "siqian/town/places/survey.py": {"SITE_HEADINGS", "BUILDING_HEADINGS", "BETWEEN", "building_row"},
    "siqian/town/places/models.py": {"Area"},
    "siqian/town/places/labels.py": {"WRITTEN", "HEADINGS", "label_of"},
    "siqian/trades/papers/rules/__init__.py": {"number", "day", "moment", "face"},
    "siqian/trades/papers/rules/kinds.py": {"SUFFIX", "faults"},
    "siqian/town/places/rules.py": {
        "STRANGE",
        *("DIGITS", "CHINESE", "NUMBER", "BUILDING", "RANGE", "SEVERAL", "AND", "SHORT", "GAP", "ROOM", "UNIT", "PHASE", "_chinese"),
    },
}


@cache
def english() -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(words.PO))}


def test_every_sentence_has_english():
    assert [sentence.text for sentence in words.missing()] == []


def test_nothing_in_the_english_is_left_over():
    assert sorted(set(english()) - set(words.sentences())) == []


def test_a_plural_is_a_plural_in_both():
    plural = {text: sentence.plural for text, sentence in words.sentences().items() if sentence.plural}
    assert {text: entry.msgid_plural for text, entry in english().items() if entry.msgid_plural} == plural


def test_placeholders_are_the_same_in_both():
    def differs(entry: polib.POEntry) -> bool:
        return any(sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(text)) for text in _said(entry))

    assert [entry.msgid for entry in english().values() if differs(entry)] == []


def test_no_chinese_is_left_in_the_english():
    assert [text for entry in english().values() for text in _said(entry) if CHINESE.search(text)] == []


def test_chinese_in_python_is_a_marked_sentence_or_known_as_unsaid():
    said = set(words.sentences())
    forgotten = [
        f"{where}: {text}" for where, top, text in _chinese_in_python() if text not in said and not UNSAID.get(where, set()) & {top, "*"}
    ]
    assert forgotten == []


def test_chinese_in_templates_stands_inside_a_translate_tag():
    # The language switch names each language in itself.
    block = re.compile(r"(?<=%\})中文(?=\{%)|\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
    found = {str(path): CHINESE.findall(block.sub("", path.read_text(encoding="utf-8"))) for path in sorted(words.PACKAGE.rglob("*.html"))}
    assert {path: letters for path, letters in found.items() if letters} == {}


@pytest.mark.parametrize(
    ("template", "sentences"),
    [
        ('{% translate "灯亮了" %}', [("灯亮了", "")]),
        ("<a title=\"{% translate '灯亮了' as lit %}\">", [("灯亮了", "")]),
        ('{{ name|default:_("没留名") }}', [("没留名", "")]),
        ("{% blocktranslate with n=line.n %}{{ n }}盏灯{% endblocktranslate %}", [("%(n)s盏灯", "")]),
        ("{% blocktranslate asvar says %}{{ n }}%{% endblocktranslate %}", [("%(n)s%%", "")]),
        ("{% blocktranslate trimmed %}\n  一盏\n  两盏\n{% endblocktranslate %}", [("一盏 两盏", "")]),
        (
            "{% blocktranslate count n=lamps %}{{ n }}盏{% plural %}{{ n }}盏都{% endblocktranslate %}",
            [("%(n)s盏", "%(n)s盏都")],
        ),
    ],
)
def test_what_a_template_says_is_found(template, sentences):
    assert list(words.in_template(template)) == sentences


def test_what_python_says_is_found():
    code = """
_("一")
gettext_noop("二")
ngettext("{n}个", "{n}个们", n)
Refusal("三{n}", n=1)
said("四") if far else said("五")
_("六" if lit else "七")
_(HINTS["八"])
print("九")
"""
    assert set(words.in_python(code)) == {*((text, "") for text in ("一", "二", "三{n}", "四", "五", "六", "七")), ("{n}个", "{n}个们")}


def test_the_compiled_english_is_what_people_read(tmp_path):
    words.compile_all()
    assert words.PO.with_suffix(".mo").exists()
    trans_real._translations.clear()
    one = engines["django"].from_string(
        "{% blocktranslate count n=n %}另有{{ n }}位邻居说的同一件事{% plural %}另有{{ n }}位邻居说的同一件事{% endblocktranslate %}"
    )
    with translation.override("en"):
        assert translation.gettext("今天的事") == "Today's work"
        assert say(Refusal("少了{n}位。手机号是11位数字", n=2)) == "Digits missing: 2. A mobile number has 11 digits"
        assert [one.render({"n": n}) for n in (1, 3)] == ["1 neighbour told us the same", "3 neighbours told us the same"]
    with translation.override("zh-hans"):
        assert translation.gettext("今天的事") == "今天的事"


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _chinese_in_python() -> Iterator[tuple[str, str, str]]:
    """(file, statement at its top, string) of every string with Chinese letters, docstrings not counted."""
    for path in sorted(words.PACKAGE.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for top in ast.parse(path.read_text(encoding="utf-8")).body:
            alone = {id(node.value) for node in ast.walk(top) if isinstance(node, ast.Expr)}
            for node in ast.walk(top):
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in alone:
                    continue
                if re.search("[\u4e00-\u9fff]", node.value):
                    yield str(path.relative_to(words.PACKAGE.parent)), _name(top), node.value


def _name(top: ast.stmt) -> str:
    if isinstance(top, ast.Assign | ast.AnnAssign):
        target = top.targets[0] if isinstance(top, ast.Assign) else top.target
        return target.id if isinstance(target, ast.Name) else ""
    return getattr(top, "name", "")
