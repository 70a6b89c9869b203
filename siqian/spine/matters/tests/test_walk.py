"""One message's walk: told, owned, answered, closed, rated, and what happens when it is not."""

from datetime import timedelta

import pytest

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store, vault
from siqian.kernel.permits import ANYONE, OFFICE, Actor, BadInput, Fence, NotFound, NotYours, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions, queries
from siqian.spine.matters.jobs import settle_what_nobody_rated
from siqian.spine.matters.models import Telling
from siqian.testing import monday_nine
from siqian.trades.notices import queries as notices
from siqian.trades.tasks import jobs, queries as tasks

LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"


def tell(town, text=LAMP, building="松涛苑3栋", at=monday_nine, **more):
    code = town.place(building).building if building else ""
    return intake.take(message=Message(text=text, channel=more.pop("channel", "web"), building=code, **more), by=ANYONE, at=at)


def teller(receipt) -> Actor:
    return Actor(ref=f"receipt:{receipt.matter}", own=frozenset([f"matter:{receipt.matter}"]), fence=Fence(own=(receipt.matter,)))


def see(receipt, who, at=monday_nine):
    return queries.seen(receipt.number, seen_by=who, at=at)


def test_what_is_told_at_nine_has_an_owner_clocks_and_a_number_at_nine(town, journal):
    receipt = tell(town)
    view = see(receipt, OFFICE)
    assert view.keeper.name == "陈志明" and view.line.state == "assigned" and receipt.number.startswith("0713-")
    assert receipt.respond_due == monday_nine + timedelta(minutes=30) and receipt.settle_due >= monday_nine + timedelta(hours=24)
    assert {clock.what for clock in view.clocks} == {"accept", "respond", "settle"}
    assert journal.of(f"matter:{receipt.matter}") == ["matter.received"]


def test_only_a_person_who_speaks_stops_the_thirty_minutes(town):
    receipt, chen = tell(town), town.actor("chen")
    actions.accept(matter=receipt.matter, by=chen, at=monday_nine + timedelta(minutes=4))
    assert see(receipt, chen).respond.stopped is None
    actions.contact(matter=receipt.matter, how="phone", text="问清是2楼到3楼之间", by=chen, at=monday_nine + timedelta(minutes=11))
    assert see(receipt, chen).respond.stopped == monday_nine + timedelta(minutes=11)


def test_closing_asks_the_teller_and_praise_settles(town, journal):
    receipt, chen = tell(town), town.actor("chen")
    actions.contact(matter=receipt.matter, how="visit", text="看过了", by=chen, at=monday_nine)
    actions.close(matter=receipt.matter, text="换了新灯座，试过，亮了", by=chen, at=monday_nine + timedelta(hours=2))
    assert see(receipt, teller(receipt)).line.state == "closed"
    actions.rate(matter=receipt.matter, good=True, by=teller(receipt), at=monday_nine + timedelta(hours=3))
    assert see(receipt, OFFICE).line.state == "settled"
    assert journal.of(f"matter:{receipt.matter}") == ["matter.received", "teller.contacted", "matter.closed", "matter.rated"]
    assert not [clock for clock in see(receipt, OFFICE).clocks if clock.stopped is None]


def test_dissatisfied_means_somebody_else_with_new_clocks(town, journal):
    receipt, chen = tell(town), town.actor("chen")
    actions.contact(matter=receipt.matter, how="visit", text="看过了", by=chen, at=monday_nine)
    actions.close(matter=receipt.matter, text="换了新灯座", by=chen, at=monday_nine + timedelta(hours=2))
    later = monday_nine + timedelta(hours=3)
    actions.rate(matter=receipt.matter, good=False, words="还是不亮", by=teller(receipt), at=later)
    view = see(receipt, OFFICE, at=later)
    assert view.line.state == "assigned" and view.keeper.name != "陈志明" and view.reopened == 1
    assert view.respond.due == later + timedelta(minutes=30) and view.respond.stopped is None
    assert journal.of(f"matter:{receipt.matter}")[-2:] == ["matter.rated", "matter.reopened"]


def test_nothing_closes_before_somebody_spoke_to_the_teller(town):
    receipt, chen = tell(town), town.actor("chen")
    with pytest.raises(Refused, match="还没有联系过"):
        actions.close(matter=receipt.matter, text="换了新灯座", by=chen, at=monday_nine)
    assert see(receipt, OFFICE).line.state == "assigned"


def test_accepting_twice_is_accepting_once(town, journal):
    receipt, chen = tell(town), town.actor("chen")
    for minute in (1, 2):
        actions.accept(matter=receipt.matter, by=chen, at=monday_nine + timedelta(minutes=minute))
    assert journal.of(f"matter:{receipt.matter}").count("matter.accepted") == 1


def test_second_report_of_the_same_lamp_joins_the_first_and_can_be_parted(town, journal):
    first = tell(town)
    second = tell(town, text="3栋东边楼梯2楼的灯坏了，晚上黑", at=monday_nine + timedelta(minutes=20))
    assert second.joined and second.number == first.number and see(first, OFFICE).line.tellings == 2
    _, telling, _ = queries.of_receipt(second.code)
    own = actions.part(telling=telling, by=town.actor("xiujuan"), at=monday_nine + timedelta(hours=1))
    assert own != first.matter and see(first, OFFICE).line.tellings == 1
    assert queries.of_receipt(second.code)[0] == own
    assert journal.of(f"matter:{first.matter}")[-1] == "telling.parted"


def test_two_equal_reports_in_one_instant_become_one_matter(town, race):
    finishes = race(*(lambda: tell(town) for _ in range(4)))
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert len({finish.value.matter for finish in finishes}) == 1
    assert see(finishes[0].value, OFFICE).line.tellings == 4


def test_another_lamp_in_another_building_is_another_matter(town):
    assert tell(town).number != tell(town, text="4栋楼梯的灯坏了", building="松涛苑4栋").number


def test_the_same_external_id_never_makes_two_matters(town, race):
    finishes = race(*(lambda: tell(town, channel="api", external="A-1") for _ in range(3)))
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert sorted(finish.value.again for finish in finishes) == [False, True, True]
    assert see(finishes[0].value, OFFICE).line.tellings == 1


def test_at_night_the_desk_one_level_up_owns_it(town):
    receipt = tell(town, at=monday_nine + timedelta(hours=14))
    assert see(receipt, OFFICE, at=monday_nine + timedelta(hours=14)).keeper.duty == "desk"


def test_a_complaint_about_the_keeper_is_not_the_keepers_to_read_or_settle(town):
    receipt = tell(town, text="投诉网格员陈志明，态度差，3栋楼梯灯坏了三次都不管")
    chen = town.actor("chen")
    assert see(receipt, OFFICE).keeper.name != "陈志明"
    with pytest.raises(NotFound):
        see(receipt, chen)
    assert queries.lines([receipt.matter], seen_by=chen) == {} and queries.find(seen_by=chen) == []
    with pytest.raises(NotYours, match="回避"):
        actions.accept(matter=receipt.matter, by=chen, at=monday_nine)


def test_another_grids_keeper_and_a_neighbour_see_nothing(town):
    receipt = tell(town)
    for who in (town.actor("zhou"), ANYONE):
        with pytest.raises(NotFound):
            see(receipt, who)


def test_lateness_climbs_three_levels_and_each_desk_is_told(town):
    receipt = tell(town)
    for minutes in (16, 31, 46, 61, 76, 200):
        at = monday_nine + timedelta(minutes=minutes)
        jobs.climb_what_is_late(at=at)
        while deliveries.work(at=at):
            pass
    respond = next(clock for clock in tasks.clocks(f"matter:{receipt.matter}") if clock.what == "respond")
    assert respond.level == 3
    climbed = [step for step in see(receipt, OFFICE).steps if step.kind == "climbed" and step.values["what"] == "respond"]
    assert [step.values["level"] for step in climbed] == [1, 2, 3]
    desks = {step.values["to"] for step in climbed}
    assert len(desks) == 3
    assert all(notices.unseen([f"post:{town.post('desk', area)}"]) for area in ("ry", "st", "rj"))


def test_seven_days_without_a_rating_count_as_not_rated(town):
    receipt, chen = tell(town), town.actor("chen")
    actions.contact(matter=receipt.matter, how="visit", text="看过了", by=chen, at=monday_nine)
    actions.close(matter=receipt.matter, text="换了新灯座", by=chen, at=monday_nine)
    assert settle_what_nobody_rated(at=monday_nine + timedelta(days=6)) == 0
    assert settle_what_nobody_rated(at=monday_nine + timedelta(days=8)) == 1
    assert see(receipt, OFFICE).line.rating == "lapsed"


def test_name_and_telephone_lie_sealed_and_every_look_is_journalled(town, journal):
    receipt, chen = tell(town, name="周小兰", phone="13800002047"), town.actor("chen")
    _, telling, _ = queries.of_receipt(receipt.code)
    with store.reading_all():
        row = str(Telling.objects.filter(id=telling).values().get())
    assert "周小兰" not in row and "13800002047" not in row
    view = see(receipt, chen).tellings[0]
    assert (view.name, view.phone) == ("周**", "138 **** 2047")
    subject, name, _ = queries.sealed(receipt.number, telling, seen_by=chen)
    assert vault.look(subject=subject, sealed=name, what="name", purpose="回电话", by=chen, at=monday_nine) == "周小兰"
    assert journal.of(subject) == ["vault.opened"]
    with pytest.raises(NotYours):
        queries.sealed(receipt.number, telling, seen_by=teller(receipt))


def test_a_receipt_code_opens_only_its_own_matter(town):
    receipt = tell(town)
    assert queries.of_receipt(receipt.code.lower())[2] == receipt.number
    with pytest.raises(NotFound, match="查不到"):
        queries.of_receipt("ZZZZZZZZZZ")


def test_unsure_waits_with_the_desk_and_a_ruling_gives_it_to_the_keeper(town, journal):
    receipt = tell(town, text="那个东西又来了，怎么搞的")
    view = see(receipt, OFFICE)
    assert view.line.state == "received" and view.line.unsure and view.keeper.duty == "desk" and len(view.line.guesses) == 2
    desk = town.desk("ry")
    actions.assign(matter=receipt.matter, item=view.line.guesses[0][0], by=desk, at=monday_nine + timedelta(minutes=3))
    after = see(receipt, OFFICE)
    assert after.line.state == "assigned" and after.keeper.name == "陈志明"
    assert {clock.what: clock.stopped is not None for clock in after.clocks}["assign"]
    assert journal.of(f"matter:{receipt.matter}")[-1] == "matter.assigned"


def test_unplaced_goes_to_the_districts_desk_with_the_reason(town):
    receipt = tell(town, text="路灯坏了好几盏", building="")
    view = see(receipt, OFFICE)
    assert view.line.unplaced == "没说在哪里" and view.keeper.duty == "desk"
    actions.assign(matter=receipt.matter, building=town.building("松涛苑3栋"), by=town.actor("liang"), at=monday_nine)
    assert see(receipt, OFFICE).keeper.name == "陈志明" and see(receipt, town.actor("chen")).line.place == "松涛苑3栋"
    assert tasks.todo(seen_by=town.actor("chen"), at=monday_nine)[0].place == "松涛苑3栋"


@pytest.mark.parametrize(
    ("message", "field", "words"),
    [
        (Message(text="，。", channel="web"), "text", "还没写"),
        (Message(text=LAMP, channel="web", phone="1380000"), "phone", "少了4位"),
        (Message(text=LAMP, channel="fax"), "channel", "没有登记"),
        (Message(text=LAMP, channel="web", building="nowhere"), "building", "名册里没有"),
        (Message(text=LAMP, channel="web", lon=22.6, lat=114.0), "lon", "不在本区"),
        (Message(text=LAMP, channel="web", lon=114.0), "lon", "一起给"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(town, message, field, words):
    with pytest.raises(BadInput, match=words) as caught:
        intake.take(message=message, by=ANYONE, at=monday_nine)
    assert caught.value.refusal.field == field
    assert queries.states(seen_by=OFFICE) == {}


def test_withdrawing_leaves_the_neighbours_matter_alone(town):
    first = tell(town)
    tell(town, text="3栋东边楼梯2楼的灯坏了，晚上黑")
    with pytest.raises(Refused, match="还有1位邻居"):
        actions.withdraw(matter=first.matter, by=teller(first), at=monday_nine)


def test_moving_a_matter_never_starts_the_thirty_minutes_again(town):
    receipt, chen, lin = tell(town), town.actor("chen"), town.actor("xiujuan")
    actions.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=monday_nine + timedelta(minutes=9))
    post = town.post("secretary", "ry")
    actions.move(matter=receipt.matter, post=post, why="要书记出面", by=lin, at=monday_nine + timedelta(hours=1))
    view = see(receipt, OFFICE)
    assert view.line.post == post and view.respond.stopped == monday_nine + timedelta(minutes=9)


def test_nobody_joins_a_matter_that_was_not_offered(town):
    first = tell(town, text="4栋电梯按钮坏了，按了没反应", building="松涛苑4栋")
    other = tell(town, joins=first.matter)
    assert other.number != first.number and not other.joined
    assert see(first, OFFICE).line.tellings == 1


def test_what_was_offered_can_be_chosen(town):
    first = tell(town, text="3栋西边楼道堆满了纸箱，走路都要侧身")
    second = tell(town, text="我们楼道里一直堆着纸箱子", joins=first.matter)
    assert second.joined and second.number == first.number


@pytest.mark.parametrize("text", ["3栋502的男人又打老婆，家里一直在哭喊", "举报3栋楼下的店偷税漏税"])
def test_what_was_told_in_confidence_is_never_shown_to_a_neighbour(town, text):
    first = tell(town, text=text)
    again = tell(town, text=text)
    assert again.number != first.number and again.likely == ()
    place = town.place("松涛苑3栋")
    assert queries.likely_for(text, learn.understand(text), place) == (False, [])


def test_two_things_that_nobody_could_tell_yet_are_not_offered_as_one(town):
    tell(town, "那个东西又来了，怎么搞的")
    place = town.place("松涛苑3栋")
    for text, offered in (("麻烦帮忙弄一下那边", 0), ("那个东西又来了，真是的", 1)):
        assert len(queries.likely_for(text, learn.understand(text), place)[1]) == offered


def holder(receipt) -> Actor:
    """Whoever holds this receipt, as the browser that kept it acts."""
    matter, telling, _ = queries.of_receipt(receipt.code)
    own = frozenset([f"matter:{matter}", f"telling:{telling}"])
    return Actor(ref=f"receipt:{telling}", own=own, fence=Fence(own=(matter,)))


def test_neighbours_who_wait_together_do_not_read_each_others_words(town):
    first = tell(town)
    second = tell(town, text="3栋东边楼梯2楼的灯坏了，晚上黑")
    actions.remark(matter=first.matter, text="我住502，晚上八点后在家", by=holder(first), at=monday_nine)
    for who, sees in ((holder(first), True), (holder(second), False), (town.actor("chen"), True)):
        said = [step.text for step in see(first, who).steps if step.kind == "remark"]
        assert said == (["我住502，晚上八点后在家"] if sees else [""])
    assert [telling.text for telling in see(first, holder(second)).tellings] == ["3栋东边楼梯2楼的灯坏了，晚上黑"]


def test_a_teller_takes_out_only_the_own_telling(town):
    first = tell(town)
    second = tell(town, text="3栋东边楼梯2楼的灯坏了，晚上黑")
    third = tell(town, text="3栋东边楼梯2楼的灯坏了，看不清")
    _, telling, _ = queries.of_receipt(third.code)
    with pytest.raises(NotYours, match="别的邻居"):
        actions.part(telling=telling, by=holder(second), at=monday_nine)
    assert actions.part(telling=telling, by=holder(third), at=monday_nine) != first.matter
