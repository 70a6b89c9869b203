"""A visit in the small town: the leader of the street goes to 松涛苑."""

from datetime import timedelta

from siqian.services.visits import actions, rules
from siqian.testing import monday_nine, town

SPOT = "松涛苑3栋楼下凉亭"


def at(hours: float):
    return monday_nine + timedelta(hours=hours)


def draft(**changes) -> rules.Draft:
    told = {
        "kind": "receiving",
        "topic": "坐下来听，谁都可以来说",
        "place": SPOT,
        "path": town.area("ry-g2").path,
        "starts": at(25),
        "ends": at(27),
        "post": town.post("leader", "st"),
        "building": town.building("松涛苑3栋"),
    }
    return rules.Draft(**(told | changes))


def planned(**changes) -> int:
    return actions.plan(draft=draft(**changes), by=town.actor("leader"), at=at(0))


def cells(*codes: str) -> list[str]:
    return [town.area(code).path for code in codes or ("ry-g2-c1", "ry-g2-c2")]


ANSWERED = rules.Raised("问老年食堂几点开门", "老年食堂几点开门？上次去没开", "answered", answer="早上7点到下午6点，周末也开")
BENCHES = rules.Raised("楼下想添两张长椅", "楼下凉亭想添两张长椅，老人没地方坐", "owed", post="ry:secretary")
LAMP = rules.Raised("楼下路灯不亮", "3栋楼下人行道的路灯不亮好几天了，晚上看不清路", "matter")
IDEA = rules.Raised("把空地改成儿童角", "建议把3栋楼下空地改成儿童活动角", "suggestion")


def held(*raised: rules.Raised, **changes) -> rules.Held:
    told = {
        "begun": at(25),
        "heard": {"residents": 12, "elders": 5},
        "cells": cells(),
        "note": "来了十几位邻居，说得最多的是坐的地方和灯",
        "raised": raised,
    }
    return rules.Held(**(told | changes))


def went(*raised: rules.Raised) -> int:
    """A visit that took place."""
    visit = planned()
    actions.hold(visit=visit, held=held(*raised), by=town.actor("leader", at(27)), at=at(27))
    return visit
