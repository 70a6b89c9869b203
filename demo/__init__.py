"""The living district: a synthetic town, its messages and its days, made through the doors of `siqian`.

`make(home)` lays it out once; `history.run()` gives it a year of its life; `stream.run()` keeps it alive. Everything comes
from a seed and is marked 示例数据.
"""

from collections.abc import Callable
from pathlib import Path

SEED = 20261124


def make(home: Path, *, size: str, told: Callable[[str], None]) -> None:
    """Lay out the town of this size if there is none yet: places, people, accounts; the small one lives its weeks at once."""
    from . import making

    making.make(home, size=size, told=told)


def live(home: Path, *, told: Callable[[str], None]) -> None:
    """Give the whole district the year that it still lacks, through the bulk verb, then its last day through the single ones."""
    from . import history

    history.live(home, told=told)
