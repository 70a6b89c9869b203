"""A paper as PDF: set after the official layout, fonts embedded, text that can be searched, nothing of what people wrote read as markup."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from siqian.kernel.permits import Refused
from siqian.trades.papers import catalogued, queries, rules, setting
from siqian.trades.papers.rules import Head
from siqian.trades.papers.tests import pdf
from siqian.trades.papers.tests.desk import filled

ROOT = Path(__file__).resolve().parents[4]
HEAD = Head("〔2026〕榕荫社受字第12号", "榕荫社区居民委员会", "林秀娟", "2026年7月13日")
# What reads a file, ends the text, calls a function, sets bold, makes a heading, opens mathematics: all of it is only text.
MARKUP = '灯#panic("x")*粗*_斜_`码`$x^2$ #read("/etc/passwd") ]{{{name}}} \\ = 标题 <script>alert(1)</script> https://x.y // 注'


def face(kind: str = "acceptance", **values: str):
    return rules.face(catalogued.kind(kind), "2026.1", filled(kind, **values), HEAD)


def printed(kind: str = "acceptance", **values: str) -> bytes:
    paper = face(kind, **values)
    return setting.set_out(paper, rules.digest(paper))


@pytest.mark.parametrize("kind", list(catalogued.kinds()))
def test_every_kind_is_set_with_fonts_embedded_and_text_that_can_be_searched(kind):
    paper = face(kind)
    made = setting.set_out(paper, rules.digest(paper))
    described, embedded = pdf.fonts(made)
    found = re.sub(r"\s", "", pdf.text(made))
    assert made.startswith(b"%PDF-1.7") and described == embedded > 0
    for part in (paper["title"], paper["number"], paper["to"], *paper["text"], *paper["remedy"], paper["on"], "—1—"):
        assert re.sub(r"\s", "", part) in found, part


def test_what_a_resident_wrote_is_text_and_never_markup():
    made = printed(title=MARKUP)
    assert re.sub(r"\s", "", MARKUP) in re.sub(r"\s", "", pdf.text(made))
    assert pdf.text(made).count("标题") == 1


def test_the_same_paper_is_set_the_same_to_the_last_byte():
    assert printed() == printed()


def test_it_is_an_archives_pdf_with_its_language_and_structure():
    made = printed()
    assert b"<pdfaid:part>2</pdfaid:part>" in made and b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"/Lang(zh-CN)" in made.replace(b"/Lang (", b"/Lang(") and b"/StructTreeRoot" in made


def test_margins_are_those_of_the_official_layout():
    """GB/T 9704-2012: A4, 37 mm above, 28 mm to the left of the text; the first line of the head begins there."""
    made = printed()
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert box and (round(float(box[1])), round(float(box[2]))) == (595, 842)
    content = next(part for part in pdf.streams(made) if b" Tf" in part)
    lefts = [float(match[1]) for match in re.finditer(rb"1 0 0 -1 ([\d.]+) [\d.]+ cm", content)]
    tops = [float(match[1]) for match in re.finditer(rb"1 0 0 -1 [\d.]+ ([\d.]+) cm", content)]
    millimetre = 72 / 25.4
    assert min(lefts) == pytest.approx(28 * millimetre, abs=0.5) and 841.9 - max(tops) >= 37 * millimetre


def test_red_stands_over_what_units_write_and_over_nothing_that_goes_to_a_resident():
    red = re.compile(rb"0\.75\d* 0 0 scn")
    assert any(red.search(part) for part in pdf.streams(printed("supervision")))
    assert not any(red.search(part) for part in pdf.streams(printed("refusal")))
    assert all(kind.to == "unit" for kind in catalogued.kinds().values() if kind.red)


def test_a_long_paper_goes_on_another_page_with_its_number():
    made = pdf.text(printed("reply", answer="第一段说明情况。\n" * 60))
    assert "— 1 —" in made and "— 2 —" in made


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("SIQIAN_FONTS", str(tmp_path))
    fault = queries.font_fault()
    assert fault is not None and "fonts-noto-cjk" in fault.why
    with pytest.raises(Refused, match="fonts-noto-cjk"):
        printed()


def test_a_folder_of_the_districts_own_fonts_is_used_instead(monkeypatch, tmp_path):
    (tmp_path / "song.ttc").symlink_to("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
    monkeypatch.setenv("SIQIAN_FONTS", str(tmp_path))
    assert queries.font_fault() is None and printed().startswith(b"%PDF")


def test_typst_is_loaded_by_whoever_sets_a_paper_and_not_by_whoever_starts(tmp_path):
    code = "import django; django.setup()\nimport sys, siqian.web.urls\nprint('typst' in sys.modules)"
    env = os.environ | {"PYTHONPATH": str(ROOT), "SIQIAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert ran.stdout.strip() == "False", ran.stderr
