"""Where and when something was done: by the telephone's place and the server's clock, never by what a photo says of itself."""

import pytest

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import actions, queries

from .test_aside import at, spoken
from .test_walk import see, tell


def test_a_closing_says_how_far_from_the_place_its_hand_stood(town):
    receipt, chen = spoken(town), town.actor("chen")
    lon, lat = town.point("松涛苑3栋")
    actions.close(matter=receipt.matter, text="换了新灯座，试过", stood=(lon + 0.0003, lat), by=chen, at=at(2))
    done = next(step for step in see(receipt, OFFICE).steps if step.kind == "closed")
    assert 25 <= done.values["metres"] <= 35 and done.at == at(2) and queries.faults() == []


def test_without_a_place_it_is_closed_all_the_same(town):
    receipt = spoken(town)
    actions.close(matter=receipt.matter, text="换了新灯座，试过", by=town.actor("chen"), at=at(2))
    assert next(step for step in see(receipt, OFFICE).steps if step.kind == "closed").values == {}


@pytest.mark.parametrize(("east", "says"), [(0.0003, "在现场"), (0.03, "3.1公里")])
def test_both_sides_read_where_it_was(town, signed_in, east, says):
    receipt, (lon, lat) = spoken(town), town.point("松涛苑3栋")
    with clock.stopped_at(at(2)):
        page = signed_in("chen")
        sent = {"text": "换了新灯座，试过", "lon": str(lon + east), "lat": str(lat)}
        page.post(f"/desk/matters/{receipt.number}/closure", sent)
        assert says in signed_in("liang").get(f"/desk/matters/{receipt.number}").content.decode()


def test_a_place_that_is_none_is_named_and_nothing_is_closed(town, signed_in):
    receipt = spoken(town)
    with clock.stopped_at(at(2)):
        answer = signed_in("chen").post(f"/desk/matters/{receipt.number}/closure", {"text": "换了新灯座，试过", "lon": "x", "lat": "1"})
    assert answer.status_code == 400 and see(receipt, OFFICE).line.state == "in_hand"


def test_who_checks_on_the_spot_leaves_a_place_as_well(town):
    receipt = tell(town, text="4栋外墙瓷砖松了一块，怕掉下来砸到人", building="松涛苑4栋")
    chen, desk = town.actor("chen"), town.desk("ry")
    actions.contact(matter=receipt.matter, how="phone", text="问清了", by=chen, at=at(0.2))
    actions.close(matter=receipt.matter, text="补好了瓷砖", by=chen, at=at(2))
    if see(receipt, OFFICE).line.state != "to_check":
        pytest.fail("this item is looked at on the spot")
    lon, lat = town.point("松涛苑4栋")
    actions.check(matter=receipt.matter, passed=True, text="到现场看过了", stood=(lon, lat), by=desk, at=at(3))
    assert next(step for step in see(receipt, OFFICE).steps if step.kind == "passed").values["metres"] == 0
