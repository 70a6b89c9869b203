"""Receiving many at once is receiving one after the other, in few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import store
from siqian.kernel.permits import ANYONE, OFFICE, Refused
from siqian.spine.matters import actions, nearby, queries, rules
from siqian.spine.matters.models import Matter, Step, Telling
from siqian.spine.matters.tellings import told_before
from siqian.testing import monday_nine
from siqian.trades.tasks.models import Task

TEXTS = (
    ("3栋东边楼梯2楼的灯坏了，晚上看不清路", "松涛苑3栋"),
    ("3栋东边楼梯2楼的灯坏了，晚上黑", "松涛苑3栋"),
    ("楼下垃圾桶满了两天没人收", "松涛苑4栋"),
    ("，", "松涛苑4栋"),
    ("三栋东边楼梯2楼灯坏了，看不清路", "松涛苑3栋"),
    ("水管爆了，水流到过道", "松涛苑3栋"),
)


def messages(town, **more):
    return [Message(text=text, channel="web", building=town.place(place).building, name="周女士", **more) for text, place in TEXTS]


def counts():
    return [model.objects.count() for model in (Matter, Telling, Step, Task)]


def test_many_at_once_are_as_one_after_the_other(town):
    one_by_one = []
    for message in messages(town):
        try:
            one_by_one.append(intake.take(message=message, by=ANYONE, at=monday_nine))
        except Refused as refused:
            one_by_one.append(refused)
    with store.reading_all():
        before = counts()
    later = monday_nine + timedelta(days=30)
    together = intake.take_all(messages=messages(town), by=ANYONE, at=later)
    assert [getattr(receipt, "joined", None) for receipt in together] == [getattr(receipt, "joined", None) for receipt in one_by_one]
    assert str(together[3]) == str(one_by_one[3])
    assert len({receipt.matter for receipt in together if not isinstance(receipt, Refused)}) == 3
    with store.reading_all():
        assert counts() == [2 * count for count in before]
        assert sorted(Matter.objects.values_list("tellings", flat=True)) == [1, 1, 1, 1, 3, 3]
        kept = [set(Matter.objects.filter(received=at).values_list("item", "post", "state")) for at in (monday_nine, later)]
    assert kept[0] == kept[1]


def test_the_same_external_id_twice_in_one_verb_is_taken_once(town):
    first, second, third = (
        receipt for receipt in intake.take_all(messages=[*_same(town), *_same(town), *_same(town)], by=ANYONE, at=monday_nine)
    )
    assert (first.again, second.again, third.again) == (False, True, True) and second.matter == first.matter and not second.code
    with store.reading_all():
        assert Telling.objects.count() == 1


def _same(town):
    return [Message(text="楼道灯坏了", channel="api", building=town.place("松涛苑3栋").building, external="X-1")]


def test_a_matter_that_was_closed_meanwhile_is_not_joined(town, monkeypatch):
    first = intake.take(message=messages(town)[0], by=ANYONE, at=monday_nine)
    chen, read = town.actor("chen"), nearby.open_in

    def closed_after_it_was_read(*asked, **more):
        found = read(*asked, **more)
        actions.contact(matter=first.matter, how="visit", text="看过了", by=chen, at=monday_nine)
        actions.close(matter=first.matter, text="换了新灯座", by=chen, at=monday_nine)
        return found

    monkeypatch.setattr(nearby, "open_in", closed_after_it_was_read)
    second = intake.take(message=messages(town)[1], by=ANYONE, at=monday_nine)
    assert not second.joined and second.matter != first.matter
    assert queries.census(seen_by=OFFICE)["在办却没有时限"] == 0


def test_a_report_is_taken_in_eight_statements_at_most(postgres, town):
    lamp, *_, pipe = messages(town)
    intake.take(message=pipe, by=ANYONE, at=monday_nine)
    with CaptureQueriesContext(connection) as asked:
        intake.take(message=lamp, by=ANYONE, at=monday_nine)
    said = [query["sql"] for query in asked.captured_queries]
    counted = [sql for sql in said if not sql.startswith(("BEGIN", "COMMIT", "select set_config"))]
    assert len(counted) <= 8, counted


def test_the_states_spelled_in_the_question_are_the_open_ones():
    assert all(f"'{state}'" in nearby.OPEN for state in rules.OPEN) and nearby.OPEN.count("', '") == len(rules.OPEN) - 1


def test_a_failure_in_the_middle_leaves_nothing(town, monkeypatch):
    monkeypatch.setattr(rules, "number", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        intake.take_all(messages=messages(town), by=ANYONE, at=monday_nine)
    with store.reading_all():
        assert counts() == [0, 0, 0, 0]


def test_whether_a_message_came_before_is_found_by_the_index_and_never_by_reading_all_tellings(db):
    with store.reading_all(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("set local enable_seqscan = off")  # of an empty table it would read all
        assert "telling_once" in told_before({"api"}, {"X-1"}).values_list("id", flat=True).explain()
