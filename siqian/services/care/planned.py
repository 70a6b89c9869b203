"""The plans by which homes are visited, read once a process, and whose work a visit is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.town.people import queries as people, rules as duty

from . import rules


@cache
def plans() -> Mapping[str, rules.Plan]:
    """Every plan by code; a district's own stand above ours."""
    folder = Path(__file__).parent / "catalogue"
    return catalogue.load(folder, rules.Plan, files="visits*.yaml", overlay=catalogue.overlay("care")).latest.rows


@dataclass(frozen=True)
class Visitors:
    """Who goes where: by duty, the area path of each post; who sits there now."""

    posts: Mapping[str, Mapping[str, str]]
    cards: Mapping[str, people.Card]

    def of(self, path: str, duties: tuple[str, ...]) -> duty.Owner | None:
        """The nearest post of the first duty that there is at a place."""
        for one in duties:
            held = self.posts.get(one, {})
            for above in reversed(duty.prefixes(path)):
                if above in held:
                    card = self.cards.get(held[above])
                    return duty.Owner(held[above], card.person if card else "")
        return None


def visitors(*, at: datetime, within: str = "/") -> Visitors:
    """Looked up once for a whole plan."""
    wanted = {one for plan in plans().values() for one in plan.duty}
    posts = {one: {path: post for post, path in people.posts_of((one,), within=within).items()} for one in wanted}
    return Visitors(posts, people.cards_of(sorted({post for held in posts.values() for post in held.values()}), at=at))


def visitor(path: str, duties: tuple[str, ...], *, at: datetime) -> duty.Owner | None:
    """The same for one place."""
    community = "".join(f"{code}/" for code in path.split("/")[:4])
    return visitors(at=at, within=community).of(path, duties)
