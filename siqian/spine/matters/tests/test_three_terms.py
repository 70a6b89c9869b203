"""What we promise, what the law gives and what a platform above asks for are three things, shown apart."""

from datetime import date, datetime

import pytest

from siqian.intake import actions as intake, rules as intake_rules
from siqian.intake.rules import Message
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import ANYONE, OFFICE, Refusal
from siqian.spine.matters.rules import legal_day
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine

from .test_aside import at
from .test_walk import see, tell

CHEATED = "投诉：在楼下商店买的洗衣机三天就坏，商家不给退货，售后推来推去"


def test_a_consumers_complaint_has_a_promise_and_a_term_of_the_law(town):
    receipt = tell(town, text=CHEATED)
    view = see(receipt, OFFICE)
    assert view.line.item.startswith("10.3.")
    (row, ends), *_ = view.legal
    # The day of receipt, Monday the 13th, is not counted: the seventh working day after it is Wednesday the 22nd.
    assert row.code == "legal-consumer" and "第十四条" in row.source
    assert ends == date(2026, 7, 22) and view.settle.due == receipt.settle_due != ends


def test_where_the_law_gives_no_term_none_is_made_up(town):
    assert see(tell(town), OFFICE).legal == []


def test_a_petitions_term_of_the_law_is_sixty_days():
    assert [legal_day(row, monday_nine) for row in remit.legal("18.9.9", "petition")] == [date(2026, 9, 11)]


def test_the_day_of_a_platform_above_is_kept_apart_and_moves_no_clock(town):
    wanted = at(5)
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="api", external="SZ-1", building=town.building("松涛苑3栋"), due=wanted)
    receipt = intake.take(message=message, by=ANYONE, at=monday_nine)
    view = see(receipt, OFFICE)
    assert view.upstream == wanted and view.settle.due == receipt.settle_due
    # Told again by another platform that wants it sooner: the earlier day counts; a later one changes nothing.
    for number, due in ((2, at(3)), (3, at(9))):
        again = Message(text="3栋东边楼梯2楼的灯坏了", channel="api", external=f"SZ-{number}", building=town.building("松涛苑3栋"), due=due)
        assert intake.take(message=again, by=ANYONE, at=at(0.5)).joined
        assert see(receipt, OFFICE).upstream == at(3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-13 17:00", datetime(2026, 7, 13, 17, 0, tzinfo=TOWN)),
        ("2026/07/13 17:00", datetime(2026, 7, 13, 17, 0, tzinfo=TOWN)),
        ("", None),
    ],
)
def test_a_file_brings_the_day_along(written, meant):
    row = {"内容": "灯坏了", "上级时限": written}
    read = intake_rules.from_row(row, intake_rules.columns(list(row)), channel="file", fallback_id="1")
    assert isinstance(read, Message) and read.due == meant


def test_a_day_that_is_none_is_named():
    row = {"内容": "灯坏了", "上级时限": "尽快"}
    read = intake_rules.from_row(row, intake_rules.columns(list(row)), channel="file", fallback_id="1")
    assert isinstance(read, Refusal) and read.field == "due" and "尽快" in read.why


def test_the_page_shows_the_three_apart(town, signed_in):
    receipt = tell(town, text=CHEATED)
    page = signed_in("liang").get(f"/desk/matters/{receipt.number}").content.decode()
    assert "我们承诺" in page and "消费投诉是否受理的决定" in page and "上级要求" in page


def test_a_legal_row_without_its_source_cannot_be_put_in_force(tmp_path):
    (tmp_path / "legal.yaml").write_text(
        "version: ours\neffective: 2026-01-01\nrows:\n"
        '  - {code: legal-x, zh: 某事, en: Something, clause: 某条, source: "", days: 3, working_days: 2}\n',
        "utf-8",
    )
    with pytest.raises(ValueError, match="法定期限要写明出处") as found:
        remit.check(overlay=tmp_path)
    assert "天数和工作日写一个" in str(found.value)
