"""What is said of a verdict: how near somebody is, what stands against it, in the words of a neighbour."""

from datetime import date

import pytest

from siqian.services.benefits import catalogued
from siqian.services.benefits.engine import form, kleene, reference, saying

DAY = date(2026, 7, 13)
OLD = {"fact": "born", "op": ">=", "value": 80, "unit": "age", "clause": "第四条"}


def told(tree, facts, day=DAY, household=()):
    policy = form.one({"code": "p", "when": tree})
    return saying.why(reference.judge(policy, facts, [facts, *household], {}, day), catalogued.labels(), day)


def test_whoever_is_nearly_there_reads_how_many_days_are_left():
    assert told(OLD, {"born": "1946-08-23"}) == "现在不符合：差41天满80周岁，到那天会自己来。"
    assert told(OLD, {"born": "1946-07-13"}) == "符合：年龄满80周岁。"
    assert told(OLD, {"born": "1980-07-13"}) == "现在不符合：今年46周岁，要满80周岁。"


def test_born_on_a_leap_day_one_is_a_year_older_on_the_first_of_march():
    assert told(OLD, {"born": "1948-02-29"}, date(2028, 2, 28)) == "现在不符合：差1天满80周岁，到那天会自己来。"
    assert told(OLD | {"value": 18}, {"born": "2008-02-29"}, date(2026, 2, 28)) == "现在不符合：差1天满18周岁，到那天会自己来。"
    assert kleene.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18 and kleene.reached(date(2008, 2, 29), 18) == date(2026, 3, 1)


def test_what_is_unknown_is_asked_and_refuses_nobody():
    both = {"all": [OLD, {"fact": "hukou", "op": "in", "value": ["here"], "clause": "第四条"}]}
    assert told(both, {"born": "1940-01-01"}) == "还差户口没有弄清，弄清了自动再看，不会因此拒绝。"
    assert told(both, {"born": "1980-01-01"}).startswith("现在不符合：今年46周岁")


@pytest.mark.parametrize(
    ("household", "said"),
    [
        ([{"income": 100000}], "符合：一家人的每月收入加起来低于3,000元。"),
        ([{"income": 250000}], "现在不符合：一家人的每月收入加起来低于3,000元，现在3,500元。"),
        ([{}], "还差每月收入没有弄清，弄清了自动再看，不会因此拒绝。"),
        ([{"income": 250000}, {}], "现在不符合：一家人的每月收入加起来低于3,000元，现在至少3,500元。"),
    ],
)
def test_a_household_is_added_up_and_what_is_sure_already_is_said(household, said):
    tree = {"household": {"sum": "income"}, "op": "<", "value": 300000, "clause": "第二条"}
    assert told(tree, {"income": 100000}, household=household) == said


def test_what_must_not_be_and_is_not_speaks_for_somebody():
    village = {
        "all": [{"fact": "housing", "op": "in", "value": ["own", "village"]}, {"not": {"fact": "housing", "op": "=", "value": "public"}}]
    }
    assert told(village, {"housing": "own"}) == "符合：住的房子是自己的；住的房子不是公租房。"
    assert told({"not": {"fact": "housing", "op": "=", "value": "public"}}, {"housing": "public"}).startswith(
        "现在不符合：住的房子是公租房"
    )
    assert told({"not": {"fact": "lift", "op": "=", "value": True}}, {"lift": False}) == "符合：楼里没有电梯。"
