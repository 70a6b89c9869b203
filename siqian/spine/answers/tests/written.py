"""Answers for the stories: written by one, published by another."""

from datetime import date

from siqian.spine.answers import actions
from siqian.spine.answers.rules import Draft
from siqian.testing import monday_nine

PERMIT = "居住证怎么办，要带什么材料"


def draft(question: str = PERMIT, text: str = "带身份证和租赁合同到派出所，十五天发证。", **more) -> Draft:
    placed = {"item": "15.4.2", "unit": "police-post", "path": "/rj/", "review": date(2026, 12, 1)}
    return Draft(question=question, text=text, **placed | more)


def write(town, **more) -> int:
    """A draft of the community's desk."""
    path = town.area("ry").path
    return actions.write(draft=draft(**{"path": path} | more), by=town.desk("ry"), at=monday_nine)


def live(town, **more) -> int:
    """The same, published by the community's secretary."""
    answer = write(town, **more)
    actions.publish(answer=answer, version=1, by=town.actor("xiujuan"), at=monday_nine)
    return answer
