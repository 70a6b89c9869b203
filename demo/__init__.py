"""The living district: a synthetic town, its messages and its days, made through the doors of `siqian`.

`make(home)` lays it out once; `history.run()` gives it a year of its life; `stream.run()` keeps it alive. Everything comes
from a seed and is marked 示例数据.
"""

from collections.abc import Callable
from pathlib import Path

SEED = 20261124


def make(home: Path, *, size: str, told: Callable[[str], None]) -> str:
    """Lay out the town of this size if there is none yet, the small one with weeks of its life; gives the size that is there."""
    from . import making

    return making.make(home, size=size, told=told)


def live(home: Path, *, told: Callable[[str], None]) -> None:
    """Give the whole district the year that it still lacks, through the bulk verb, then its last day through the single ones."""
    from . import history

    history.live(home, told=told)
