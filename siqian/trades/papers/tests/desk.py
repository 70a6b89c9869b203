"""What the stories about papers begin with: a matter that papers know nothing of but its number and where it lies."""

from siqian.kernel.permits import Actor, Fence
from siqian.testing import town
from siqian.trades.papers import queries
from siqian.trades.papers.rules import FIELDS, Spot, Wanted

# Whoever told of matter 1, by the receipt of this browser.
TELLER = Actor(ref="receipt:1", own=frozenset({"matter:1"}), fence=Fence(own=(1,)))
HOMES = {"ry": "松涛苑3栋", "mm": "木棉苑2栋"}


def spot(where: str = "ry", own: int = 1) -> Spot:
    place = town.place(HOMES[where])
    return Spot(place.fence, own, place.path)


def filled(kind: str, **values: str) -> dict[str, str]:
    """Every field of a kind, said somehow."""
    said = {name: f"{FIELDS[name][0]}在这里" for name in queries.kind(kind).fields}
    return said | {name: text for name, text in values.items() if name in said}


def wanted(kind: str, cause: str, where: str = "ry", own: int = 1, **values: str) -> Wanted:
    return Wanted(kind, f"matter:{own}", cause, spot(where, own), filled(kind, **values), f"0713-{own:04d}")
