"""Several asks in one message: each goes its own way, and one receipt opens all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import links, store, vault
from siqian.kernel.permits import ANYONE
from siqian.spine.matters import actions, queries
from siqian.spine.matters.models import Matter, Telling
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

from .in_parts import THREE, at, settle, state, steps, tell, teller


def test_three_asks_are_three_matters_under_one_receipt(town, journal):
    receipt = tell(town, name="周女士", phone="13800138000")
    leak, card = receipt.others
    assert [remit.item(item).zh for item in _items(receipt)] == ["楼道照明", "房屋漏水渗水", "待认定"]
    assert receipt.code and not leak.code and not card.code
    # Each has an owner and clocks of its own; the first leads.
    with store.reading_all():
        rows = {row.id: row for row in Matter.objects.all()}
    assert rows[receipt.matter].whole_id is None and {rows[leak.matter].whole_id, rows[card.matter].whole_id} == {receipt.matter}
    assert (rows[leak.matter].title, rows[card.matter].title) == ("三楼王阿姨家漏水", "老年卡怎么办")
    assert rows[card.matter].state == "received" and rows[card.matter].post == town.post("desk", "ry")
    for id_ in rows:
        assert {"respond", "settle"} <= {clock.what for clock in tasks.clocks(f"matter:{id_}")}
    assert journal.of(f"matter:{receipt.matter}") == ["matter.received", "matter.divided"]
    assert journal.of(f"matter:{leak.matter}") == ["matter.received"]
    assert steps(receipt.matter) == ["told", "assigned", "divided"]
    assert links.came_of(f"matter:{receipt.matter}", "part") == [f"matter:{leak.matter}", f"matter:{card.matter}"]
    assert links.came_from(f"matter:{card.matter}", "part") == [f"matter:{receipt.matter}"]
    assert queries.faults() == []


def _items(receipt):
    with store.reading_all():
        found = dict(Matter.objects.values_list("id", "item"))
    return [found[one.matter] for one in (receipt, *receipt.others)]


def test_one_code_opens_all_and_each_holds_its_own_words(town):
    receipt = tell(town)
    matter, telling, number = queries.of_receipt(receipt.code)
    assert (matter, telling, number) == (receipt.matter, receipt.telling, receipt.number)
    zhou = teller(receipt)
    mine = [queries.seen(one.number, seen_by=zhou, at=at(0)) for one in (receipt, *receipt.others)]
    assert "，".join(view.tellings[0].text for view in mine) == THREE and all(view.tellings[0].mine for view in mine)
    assert [line.number for line in queries.told_together(receipt.matter, seen_by=zhou)] == [one.number for one in receipt.others]
    assert [line.number for line in queries.told_together(receipt.others[1].matter, seen_by=zhou)] == [
        receipt.number,
        receipt.others[0].number,
    ]
    assert len(queries.mine(seen_by=zhou)) == 3
    # A neighbour's receipt opens none of it.
    lin = teller(tell(town, "广场舞音响太吵", home="松涛苑4栋"))
    assert queries.told_together(receipt.matter, seen_by=lin) == [] and len(queries.mine(seen_by=lin)) == 1


def test_a_parts_receipt_is_nobodys_code_and_its_seal_is_the_first_ones(town):
    receipt = tell(town, name="周女士", phone="13800138000")
    with store.reading_all():
        marks = list(Telling.objects.order_by("id").values_list("receipt", flat=True))
    assert len(set(marks)) == 3 and len({mark[:32] for mark in marks}) == 1
    ruolan, leak = town.desk("ry"), receipt.others[0]
    subject, name, phone = queries.sealed(leak.number, leak.telling, seen_by=ruolan)
    told = {
        what: vault.look(subject=subject, sealed=words, what=what, purpose="回电话", by=ruolan, at=at(1))
        for what, words in (("name", name), ("phone", phone))
    }
    assert told == {"name": "周女士", "phone": "13800138000"}


def test_a_message_sent_twice_is_taken_once_with_all_its_asks(town):
    first, again = (tell(town, external="abc123") for _ in range(2))
    assert again.again and again.matter == first.matter
    with store.reading_all():
        assert (Matter.objects.count(), Telling.objects.count()) == (3, 3)


def test_who_wants_it_together_gets_one_matter(town):
    receipt = tell(town, together=True)
    assert receipt.others == ()
    with store.reading_all():
        assert Telling.objects.get().text == THREE


def test_an_ask_that_a_neighbour_told_joins_theirs_and_still_stands_under_the_receipt(town):
    lin = tell(town, "三楼王阿姨家漏水", home="松涛苑3栋")
    receipt = tell(town)
    leak, card = receipt.others
    assert leak.joined and leak.matter == lin.matter and not receipt.joined and not card.joined
    zhou = teller(receipt)
    assert [line.number for line in queries.told_together(receipt.matter, seen_by=zhou)] == [lin.number, card.number]
    # What the neighbour waits for is nobody's part, and the neighbour sees nothing of the lamp.
    with store.reading_all():
        assert Matter.objects.get(id=lin.matter).whole_id is None
    assert queries.told_together(lin.matter, seen_by=teller(lin)) == []
    assert queries.faults() == []


def test_where_the_first_ask_joins_the_next_own_one_leads(town):
    lin = tell(town, "楼道灯坏了")
    receipt = tell(town)
    assert receipt.joined and receipt.matter == lin.matter
    leak, card = receipt.others
    with store.reading_all():
        assert Matter.objects.get(id=card.matter).whole_id == leak.matter
        assert Matter.objects.get(id=leak.matter).whole_id is None
    assert {f"matter:{one.matter}" for one in (receipt, leak, card)} <= teller(receipt).own
    # The card is rated with the leak, though the receipt names the neighbour's lamp.
    actions.assign(matter=card.matter, item=remit.item("5.1.6").code, by=town.desk("ry"), at=at(0.1))
    settle(town, card.matter, hours=1)
    assert state(card.matter) == "settled"


@pytest.mark.parametrize(
    "text",
    [
        "举报：楼下餐馆无证经营，另外楼道灯坏了",
        "这是我的信访：对物业的答复不服，另外楼道灯坏了",
        "电梯卡住了，我妈和孩子在里面，另外楼道灯坏了",
        "楼道灯坏了，另外楼下垃圾桶满了没人收，别说是我说的",
    ],
)
def test_what_cannot_wait_is_confided_or_a_petition_stays_together(town, text):
    receipt = tell(town, text)
    assert receipt.others == ()
    with store.reading_all():
        assert Matter.objects.count() == 1


def test_each_ask_goes_where_its_own_words_say(town):
    message = Message(text="松涛苑3栋楼道灯坏了，另外松涛苑5栋楼下垃圾桶满了没人收，还有楼上漏水到我家", channel="web")
    receipt = intake.take(message=message, by=ANYONE, at=monday_nine)
    with store.reading_all():
        rows = {row.id: row for row in Matter.objects.all()}
    found = [rows[one.matter].building for one in (receipt, *receipt.others)]
    assert found == [town.building("松涛苑3栋"), town.building("松涛苑5栋"), town.building("松涛苑5栋")]


def test_a_neighbour_of_one_part_hears_nothing_of_the_whole(town):
    receipt = tell(town, "楼道灯坏了，另外三楼王阿姨家漏水")
    lin = teller(tell(town, "三楼王阿姨家漏水"))
    assert queries.whole_of(receipt.others[0].matter, seen_by=lin) is None
    assert queries.whole_of(receipt.others[0].matter, seen_by=teller(receipt)).number == receipt.number


def test_several_asks_cost_hardly_a_statement_more_than_one(town):
    def cost(text, home):
        with CaptureQueriesContext(connection) as asked:
            tell(town, text, home=home)
        return len(asked)

    cost("楼道灯坏了", "松涛苑5栋")
    one = cost("楼下垃圾桶满了两天没人收", "松涛苑5栋")
    two = cost("广场舞音响太吵，另外电动车在楼道充电很危险", "松涛苑6栋")
    # SQLite writes the further links table by table; PostgreSQL writes all in the one statement that it needs anyway.
    assert two <= one + 1, (one, two)
