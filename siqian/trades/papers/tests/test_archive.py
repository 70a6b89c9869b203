"""The archive: a year bound with its register, what ran out listed by one and destroyed by another, and what stays of it."""

from datetime import date, datetime

import pytest

from siqian.kernel import anchors, clock, files, store
from siqian.kernel.permits import OFFICE, BadInput, NotFound, NotYours, Refused
from siqian.testing import monday_nine
from siqian.trades.papers import actions, queries
from siqian.trades.papers.models import Content, Paper
from siqian.trades.papers.queries import Asked
from siqian.trades.papers.rules import archive
from siqian.trades.papers.tests.desk import TELLER, wanted

RJ = "/rj/"


def in_year(year: int, month: int = 3, day: int = 2) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=clock.TOWN)


def issue(kind="completion", cause="one", where="ry", settled=True, own=1) -> int:
    paper = actions.draw_up(wanted=wanted(kind, cause, where, own), by=OFFICE, at=monday_nine)
    if settled:
        actions.settle(about=f"matter:{own}", by=OFFICE, at=monday_nine)
    return paper


def filed() -> tuple[int, int]:
    """A paper that is kept for 10 years and one for 30, bound."""
    short, long = issue(), issue("ledger", cause="two")
    actions.file_year(year=2026, path=RJ, by=OFFICE, at=in_year(2027))
    return short, long


def destroyed(town) -> int:
    short, _ = filed()
    number = actions.propose(path=RJ, why="保管期满，无继续保存价值", by=town.actor("liang", in_year(2037)), at=in_year(2037))
    list_ = next(line for line in queries.disposals(RJ, seen_by=OFFICE) if line.number == number)
    actions.approve(disposal=list_.id, granted=True, ruling="同意销毁", by=town.desk("rj", in_year(2037)), at=in_year(2037))
    return short


def test_how_long_is_counted_from_the_first_of_january_after_its_year():
    assert archive.until(2026, "10") == date(2037, 1, 1) and archive.until(2026, "30") == date(2057, 1, 1)
    assert archive.until(2026, "permanent") is None and not archive.is_over(1949, "permanent", date(2999, 1, 1))
    assert not archive.is_over(2026, "10", date(2036, 12, 31)) and archive.is_over(2026, "10", date(2037, 1, 1))


def test_a_year_is_bound_when_it_is_over_one_volume_an_issuer_and_term(town, journal):
    first, second, long, other = issue(), issue(cause="two"), issue("ledger", cause="three"), issue(cause="four", where="mm")
    open_one = issue(cause="five", settled=False, own=2)
    with pytest.raises(BadInput, match="还没过完"):
        actions.file_year(year=2026, path=RJ, by=OFFICE, at=monday_nine)
    numbers = actions.file_year(year=2026, path=RJ, by=town.actor("liang", in_year(2027)), at=in_year(2027))
    assert sorted(numbers) == ["2026-木棉社-D10-001", "2026-榕荫社-D10-001", "2026-榕荫街-D30-001"]
    volume, registered = queries.volume("2026-榕荫社-D10-001", seen_by=OFFICE)
    assert [(line.place, line.paper) for line in registered] == [(1, first), (2, second)]
    assert volume.until == date(2037, 1, 1) and journal.of(f"volume:{volume.id}") == ["volume.closed"]
    states = {line.id: line.state for line in queries.find(Asked(), seen_by=OFFICE)}
    assert states[long] == states[other] == "filed" and states[open_one] == "issued"
    assert queries.unfiled(RJ, seen_by=OFFICE, at=in_year(2027))[0].open == 1
    with pytest.raises(Refused, match="没有办完"):
        actions.file_year(year=2026, path=RJ, by=OFFICE, at=in_year(2027))


def test_what_is_settled_late_goes_into_a_second_volume(town):
    issue()
    issue(cause="two", settled=False, own=2)
    actions.file_year(year=2026, path=RJ, by=OFFICE, at=in_year(2027))
    actions.settle(about="matter:2", by=OFFICE, at=in_year(2027))
    assert actions.file_year(year=2026, path=RJ, by=OFFICE, at=in_year(2027, 4)) == ["2026-榕荫社-D10-002"]


def test_a_long_year_fills_several_volumes(town, monkeypatch):
    monkeypatch.setattr(archive, "VOLUME", 2)
    papers = [issue(cause=str(count)) for count in range(5)]
    numbers = actions.file_year(year=2026, path=RJ, by=OFFICE, at=in_year(2027))
    assert numbers == [f"2026-榕荫社-D10-00{count}" for count in (1, 2, 3)]
    bound = [[line.paper for line in queries.volume(number, seen_by=OFFICE)[1]] for number in numbers]
    assert bound == [papers[:2], papers[2:4], papers[4:]]
    years, lines = queries.volumes(RJ, seen_by=OFFICE)
    assert years == [2026] and [line.papers for line in lines] == [2, 2, 1]


def test_while_a_list_waits_nobody_above_or_below_draws_up_another(town):
    filed()
    actions.propose(path=RJ, why="保管期满，可以销毁", by=town.actor("liang", in_year(2037)), at=in_year(2037))
    with pytest.raises(Refused, match="批完再列"):
        actions.propose(path="/rj/st/ry/", why="保管期满，可以销毁", by=town.desk("ry", in_year(2037)), at=in_year(2037))


def test_a_volumes_digest_is_over_what_it_holds(db, town):
    filed()
    from siqian.trades.papers import rules

    volume, registered = queries.volume("2026-榕荫社-D10-001", seen_by=OFFICE)
    assert volume.digest == rules.volume_digest([(line.number, line.sha256) for line in registered])


def test_nothing_is_destroyed_before_its_time_nor_by_one_alone(town):
    short, _ = filed()
    with pytest.raises(Refused, match="没有保管期满"):
        actions.propose(path=RJ, why="保管期满，可以销毁", by=town.actor("liang", in_year(2036)), at=in_year(2036))
    proposer = town.actor("liang", in_year(2037))
    actions.propose(path=RJ, why="保管期满，可以销毁", by=proposer, at=in_year(2037))
    [line] = queries.disposals(RJ, seen_by=proposer)
    assert line.papers == 1 and line.why_not is not None and "另一位" in line.why_not.why
    with pytest.raises(NotYours, match="另一位"):
        actions.approve(disposal=line.id, granted=True, ruling="同意销毁", by=proposer, at=in_year(2037))
    with pytest.raises(NotYours):
        actions.approve(disposal=line.id, granted=True, ruling="同意销毁", by=town.desk("ry", in_year(2037)), at=in_year(2037))
    with pytest.raises(Refused, match="批完再列"):
        actions.propose(path=RJ, why="保管期满，可以销毁", by=town.desk("rj", in_year(2037)), at=in_year(2037))
    assert queries.one(short, seen_by=OFFICE).face is not None


def test_what_is_destroyed_leaves_number_kind_days_and_digest_and_the_chain_whole(town, journal):
    short = destroyed(town)
    view = queries.one(short, seen_by=OFFICE)
    assert view.face is None and view.line.state == "destroyed" and view.line.number == "〔2026〕榕荫社结字第1号"
    assert view.line.kind == "completion" and view.line.issued == monday_nine and len(view.sha256) == 64
    assert journal.of(f"paper:{short}") == ["paper.issued", "vault.erased", "paper.destroyed"]
    assert anchors.verify().faults == () and queries.faults() == []
    [_, registered] = queries.volume("2026-榕荫社-D10-001", seen_by=OFFICE)
    assert registered[0].destroyed and registered[0].number == view.line.number


def test_what_is_destroyed_is_gone_from_the_disk_too_and_nobody_can_open_it(town):
    from siqian.kernel import vault

    short, _ = filed()
    before = queries.one(short, seen_by=OFFICE)
    queries.printed(before.face, before.sha256)
    assert files.place(before.sha256).exists()
    actions.propose(path=RJ, why="保管期满，可以销毁", by=town.actor("liang", in_year(2037)), at=in_year(2037))
    [line] = queries.disposals(RJ, seen_by=OFFICE)
    actions.approve(disposal=line.id, granted=True, ruling="同意销毁", by=town.desk("rj", in_year(2037)), at=in_year(2037))
    assert not files.place(before.sha256).exists()
    with store.reading_all():
        sealed = Content.objects.get(paper=short).sealed
    with pytest.raises(NotFound):
        vault.unseal(f"paper:{short}", sealed)


def test_a_list_that_is_denied_destroys_nothing_and_can_be_drawn_up_again(town):
    short, _ = filed()
    proposer, other = town.actor("liang", in_year(2037)), town.desk("rj", in_year(2037))
    actions.propose(path=RJ, why="保管期满，可以销毁", by=proposer, at=in_year(2037))
    [line] = queries.disposals(RJ, seen_by=OFFICE)
    actions.approve(disposal=line.id, granted=False, ruling="还有诉讼，先留着", by=other, at=in_year(2037))
    with pytest.raises(Refused, match="已经批过"):
        actions.approve(disposal=line.id, granted=True, ruling="同意销毁", by=other, at=in_year(2037))
    assert queries.one(short, seen_by=OFFICE).face is not None
    assert actions.propose(path=RJ, why="诉讼结束，可以销毁", by=proposer, at=in_year(2037, 6)) == "2037-榕江区-XH-002"


def test_a_filed_paper_can_still_be_corrected_and_the_correction_is_bound_with_its_own_year(town):
    short, _ = filed()
    who, other = town.desk("ry", in_year(2027)), town.actor("xiujuan", in_year(2027))
    draft = actions.correct(paper=short, values={"answer": "换了3楼的灯"}, why="楼层写错了", by=who, at=in_year(2027))
    assert actions.sign(paper=draft, by=other, at=in_year(2027)) == "〔2027〕榕荫社结字第1号"
    assert queries.one(short, seen_by=TELLER).line.replaced and queries.one(short, seen_by=TELLER).line.state == "filed"
    with store.reading_all():
        assert Paper.objects.get(id=draft).settled is not None
