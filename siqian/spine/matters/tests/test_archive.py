"""What is over goes to the archive: read there, changed by nobody, and counted as what it had become."""

from datetime import timedelta

import pytest

from siqian.kernel import store
from siqian.kernel.permits import OFFICE, NotYours, Refused
from siqian.spine.matters import actions, jobs, queries
from siqian.spine.matters.models import Matter

from .test_aside import at, closed
from .test_walk import see, tell, teller

SOON, LATER = at(24 * 59), at(24 * 70)


@pytest.fixture
def settled(town):
    receipt = closed(town)
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=at(3))
    return receipt


def test_what_ended_sixty_days_ago_is_archived_and_only_read(town, settled, journal):
    assert jobs.archive_what_is_over(at=SOON) == 0
    assert jobs.archive_what_is_over(at=LATER) == 1 and jobs.archive_what_is_over(at=LATER) == 0
    line = see(settled, town.actor("chen"), at=LATER).line
    assert (line.state, line.became, line.kept_until) == ("archived", "settled", 2036) and line.is_over
    assert journal.of(f"matters:{settled.matter}-{settled.matter}") == ["matters.archived"]
    with pytest.raises(Refused, match="已经归档"):
        actions.remark(matter=settled.matter, text="又坏了", by=teller(settled), at=LATER)
    with pytest.raises(Refused, match="已经归档"):
        actions.note(matter=settled.matter, text="记一笔", by=town.actor("chen"), at=LATER)
    assert queries.faults() == []


def test_what_is_open_or_was_written_about_lately_stays(town, settled):
    open_ = tell(town, text="4栋电梯按钮坏了，按了没反应")
    actions.remark(matter=settled.matter, text="谢谢，一直没再坏", by=teller(settled), at=SOON)
    assert jobs.archive_what_is_over(at=LATER) == 0
    assert jobs.archive_what_is_over(at=SOON + timedelta(days=61)) == 1
    assert see(open_, town.actor("liang"), at=LATER).line.state != "archived"


def test_withdrawn_ones_count_as_withdrawn_in_the_archive_as_well(town):
    receipt = tell(town)
    actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(1))
    since, until = at(0) - timedelta(hours=1), at(24 * 6)
    before = list(queries.counted(since, until))
    jobs.archive_what_is_over(at=LATER)
    assert list(queries.counted(since, until)) == before != []


def test_nobody_but_the_house_archives(town, settled):
    with pytest.raises(NotYours):
        actions.archive(by=town.actor("liang"), at=LATER)


def test_many_go_a_few_at_a_time(town):
    for number in range(3):
        receipt = tell(town, text=f"3栋{number + 2}楼的灯坏了", apart=True)
        actions.withdraw(matter=receipt.matter, by=teller(receipt), at=at(1))
    assert [actions.archive(most=2, by=OFFICE, at=LATER) for _ in range(3)] == [2, 1, 0]
    with store.reading_all():
        assert set(Matter.objects.values_list("state", "ended")) == {("archived", "withdrawn")}
