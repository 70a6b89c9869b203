"""Sets pages as PDF: the layout is ours, the values go in as JSON and are never read as markup, the fonts are embedded.

typst is loaded where a page is set and nowhere else.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .permits import Refusal, Refused

if TYPE_CHECKING:
    from typst import Fonts

# The first one that the machine has. Body: FangSong before Song; heads: a heavier Song; both fall back to any Chinese face.
SONG = (
    *("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "Songti SC", "STSong", "SimSun", "NSimSun"),
    *("AR PL UMing CN", "WenQuanYi Zen Hei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei"),
    *("WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
HEI = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei", "SimHei", *SONG)
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02", *SONG)
HEAD = ("FZXiaoBiaoSong-B05", "STZhongsong", *SONG)
NO_FONT = Refusal("这台服务器没有中文字体，出不了PDF。请管理员安装fonts-noto-cjk，或用SIQIAN_FONTS指到字体文件夹；现在可以先用网页打印")


def typeset(layout: Path, values: Mapping[str, Any], *, archived: bool = False) -> bytes:
    """The PDF of a layout with these values, which it finds as JSON under `page`, with the fonts `body`, `head` and `plain` in it.

    archived: as PDF/A-2a, to be kept, searched and read aloud. Refused when the machine has no Chinese font.
    """
    import typst

    found, families = _fonts(os.environ.get("SIQIAN_FONTS", ""))
    faces = {"body": _first(BODY, families), "head": _first(HEAD, families), "plain": _first(HEI, families)}
    if not all(faces.values()):
        raise Refused(NO_FONT)
    sent = {"page": json.dumps({**values, **faces}, ensure_ascii=False)}
    pdf = typst.Compiler(layout.read_bytes(), font_paths=found, sys_inputs=sent).compile(
        format="pdf", pdf_standards=["a-2a"] if archived else [], timestamp=0
    )
    assert isinstance(pdf, bytes)
    return pdf


def font_fault() -> Refusal | None:
    """Why no page can be set on this machine; None when it can."""
    _found, families = _fonts(os.environ.get("SIQIAN_FONTS", ""))
    return None if _first(BODY, families) and _first(HEAD, families) else NO_FONT


def _first(wanted: tuple[str, ...], families: frozenset[str]) -> str:
    return next((name for name in wanted if name.lower() in families), "")


@lru_cache(maxsize=2)
def _fonts(folder: str) -> tuple["Fonts", frozenset[str]]:
    """The machine's fonts, or those of the district's own folder instead; looked for once a process."""
    from typst import Fonts

    found = Fonts(include_system_fonts=not folder, include_embedded_fonts=False, font_paths=[folder] if folder else [])
    return found, frozenset(name.lower() for name in found.families())
