"""The living district: a small synthetic town, its messages and its days, made through the doors of `siqian`.

`make(home)` lays it out once; `stream.run()` keeps it alive. Everything comes from a seed and is marked 示例数据.
"""

from collections.abc import Callable
from pathlib import Path

SEED = 20261124


def make(home: Path, *, told: Callable[[str], None]) -> None:
    """Make the small district if there is none yet: places, people, accounts, then some weeks of its life."""
    from . import making

    making.make(home, told=told)
