"""Sets a paper as PDF, PDF/A-2a, so that it can be archived, searched and read aloud. What was set once lies in the files folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from siqian.kernel import clock, files, printing
from siqian.kernel.printing import font_fault

__all__ = ["font_fault", "printed", "set_out"]

LAYOUTS = Path(__file__).parent / "layouts"


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
    """Set it by the layout that it names."""
    return printing.typeset(LAYOUTS / f"{face['layout']}.typ", {**face, "sha256": sha256}, archived=True)
