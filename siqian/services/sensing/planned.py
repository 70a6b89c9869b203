"""Today's round of a post, made from the catalogue and the map by rule."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.town.places import queries as places

from .rules import Plan, Point, Spot, in_turn, is_due
from .rules.publicity import MARK


@cache
def plans() -> Mapping[str, Plan]:
    """The rounds by code; the district's own stand above ours."""
    return catalogue.load(Path(__file__).parent / "catalogue", Plan, files="rounds*.yaml", overlay=catalogue.overlay("sensing")).latest.rows


def ordered(number: int, title: str, text: str) -> Plan:
    """The kind of a round that an order laid: what is put up or told is what the keeper reads."""
    return Plan(code=f"{MARK}{number}", zh=title, en=title, look=text, look_en=text, days=(), tells=True)


def houses_of(path: str) -> list[Point]:
    """Every building of an area as a point."""
    lines = sorted(places.buildings(within=path), key=lambda line: line.code)
    return [Point(line.code, line.name, line.name_en, line.code, line.lon, line.lat) for line in lines]


def rounds_of(path: str, day: date) -> dict[str, list[Point]]:
    """The points of each round that the post of this area walks on this day, by the round's code."""
    houses = houses_of(path)
    due = {code: plan for code, plan in plans().items() if is_due(plan, day)}
    found = {code: in_turn(_named(plan, path) if plan.points else houses, plan, day) for code, plan in due.items()}
    return {code: points for code, points in found.items() if points}


def _named(plan: Plan, path: str) -> list[Point]:
    """The district's own points that lie in this area."""
    found = [_point(spot, f"{plan.code}-{number}") for number, spot in enumerate(plan.points, start=1)]
    return [point for point, where in found if point is not None and where.startswith(path)]


def _point(spot: Spot, code: str) -> tuple[Point | None, str]:
    if spot.building:
        place = places.at_building(spot.building)
    else:
        place = places.at_point(spot.lon, spot.lat) if spot.lon is not None and spot.lat is not None else None
    if place is None or place.lon is None or place.lat is None:
        return None, ""
    words, words_en = spot.zh or place.words, spot.en or place.words_en
    return Point(spot.building or code, words, words_en, place.building, place.lon, place.lat), place.path
