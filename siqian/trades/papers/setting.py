"""Sets a paper as PDF: the layout is ours, the values go in as JSON and are never read as markup, the fonts are embedded.

typst is loaded where a paper is set and nowhere else. What was set once lies in the files folder under the paper's digest.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siqian.kernel import clock, files
from siqian.kernel.permits import Refusal, Refused

from . import rules

if TYPE_CHECKING:
    from typst import Fonts

LAYOUTS = Path(__file__).parent / "layouts"
# The first one that the machine has. Body: FangSong before Song; heads: a heavier Song; both fall back to any Chinese face.
SONG = (
    *("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "Songti SC", "STSong", "SimSun", "NSimSun"),
    *("AR PL UMing CN", "WenQuanYi Zen Hei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei"),
    *("WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02", *SONG)
HEAD = ("FZXiaoBiaoSong-B05", "STZhongsong", *SONG)


def printed(face: Mapping[str, Any], sha256: str) -> bytes:
    """The PDF of an issued paper, set once and kept. Refused when the machine has no Chinese font."""
    path = files.place(sha256)
    if path.exists():
        return path.read_bytes()
    pdf = set_out(face, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{clock.code(8)}")
    draft.write_bytes(pdf)
    draft.replace(path)
    return pdf


def set_out(face: Mapping[str, Any], sha256: str) -> bytes:
    """Set it: PDF/A-2a, so that it can be archived, searched and read aloud."""
    import typst

    found, families = _fonts(os.environ.get("SIQIAN_FONTS", ""))
    body, head = _first(BODY, families), _first(HEAD, families)
    if not body or not head:
        raise Refused(rules.NO_FONT)
    layout = LAYOUTS / f"{face['layout']}.typ"
    sent = {"paper": json.dumps({**face, "sha256": sha256, "body": body, "head": head}, ensure_ascii=False)}
    pdf = typst.Compiler(layout.read_bytes(), font_paths=found, sys_inputs=sent).compile(format="pdf", pdf_standards=["a-2a"], timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf


def font_fault() -> Refusal | None:
    """Why no paper can be set on this machine; None when it can."""
    _found, families = _fonts(os.environ.get("SIQIAN_FONTS", ""))
    return None if _first(BODY, families) and _first(HEAD, families) else rules.NO_FONT


def _first(wanted: tuple[str, ...], families: frozenset[str]) -> str:
    return next((name for name in wanted if name.lower() in families), "")


@lru_cache(maxsize=2)
def _fonts(folder: str) -> tuple["Fonts", frozenset[str]]:
    """The machine's fonts, or those of the district's own folder instead; looked for once a process."""
    from typst import Fonts

    found = Fonts(include_system_fonts=not folder, include_embedded_fonts=False, font_paths=[folder] if folder else [])
    return found, frozenset(name.lower() for name in found.families())
