"""The adviser outside: shown to whoever confirms, asked by the worker alone, and nothing goes out by it."""

from datetime import timedelta

import pytest
from django.conf import settings

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, store
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.learn.queries import NoAnswer
from siqian.spine.matters import jobs, outside, queries
from siqian.spine.matters.models import Matter
from siqian.testing import monday_nine

RIDDLE = "我叫王小明，电话19900000001，那个东西又不行了，你们来看看"


class Adviser:
    """Names always the same, or does not answer; remembers what it was asked."""

    def __init__(self, item: str = "2.2.2", answers: bool = True) -> None:
        self.known, self.answers, self.asked = item, answers, []

    def item(self, text, items):
        self.asked.append(text)
        if not self.answers:
            raise NoAnswer
        return self.known


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, and a deployment that names an adviser."""
    from siqian.web.config import Config

    monkeypatch.setattr(settings, "SIQIAN_HOME", str(tmp_path))
    monkeypatch.setattr(settings, "CONFIG", Config(adviser_url="http://127.0.0.1:9/v1", adviser_model="small"))
    return tmp_path


def tell(town, text=RIDDLE, building="松涛苑3栋"):
    return intake.take(message=Message(text, "phone", building=town.building(building)), by=ANYONE, at=monday_nine)


def line(receipt):
    return queries.seen(receipt.number, seen_by=OFFICE, at=monday_nine).line


def test_off_unless_a_deployment_names_one(town):
    tell(town)
    assert outside.adviser() is None and jobs.ask_the_adviser() == 0 and outside.said_of(RIDDLE) is None


def test_what_goes_out_holds_no_name_and_no_telephone_and_is_asked_once(town, home):
    tell(town)
    adviser = Adviser()
    assert (outside.ask(adviser), outside.ask(adviser)) == (1, 0)
    (asked,) = adviser.asked
    assert "王小明" not in asked and "1990" not in asked and "那个东西又不行了" in asked


def test_it_is_shown_as_a_third_guess_and_nothing_is_dispatched_by_it(town, home, signed_in):
    receipt = tell(town)
    before = line(receipt)
    outside.ask(Adviser())
    assert line(receipt) == before and before.state == "received" and before.unsure
    with clock.stopped_at(monday_nine + timedelta(minutes=5)):
        page = signed_in("ruolan").get(f"/desk/matters/{receipt.number}").content.decode()
        assert "外部建议：楼道照明" in page and 'value="2.2.2"' in page
        signed_in("ruolan").post(f"/desk/matters/{receipt.number}/assignment", {"item": "2.2.2"})
        page = signed_in("ruolan").get(f"/desk/matters/{receipt.number}").content.decode()
    assert line(receipt).item == "2.2.2" and "外部建议" not in page


def test_whoever_told_it_never_sees_it(town, home, client):
    receipt = tell(town)
    outside.ask(Adviser())
    with clock.stopped_at(monday_nine + timedelta(minutes=5)):
        assert "外部建议" not in client.get(f"/matters/{receipt.number}?code={receipt.code}").content.decode()


def test_nothing_told_in_confidence_and_nothing_certain_is_asked_about(town, home):
    hidden = tell(town, "我要举报网格员陈志明收钱，这个人那个东西不行", "松涛苑1栋")
    with store.reading_all():
        assert line(hidden).unsure and Matter.objects.get(id=hidden.matter).discreet
    tell(town, "松涛苑3栋楼道灯坏了")
    adviser = Adviser()
    assert outside.ask(adviser) == 0 and adviser.asked == []


def test_one_that_does_not_answer_ends_the_round_and_is_asked_again(town, home):
    tell(town)
    tell(town, "另外那个也不行了，你们看着办", "松涛苑6栋")
    silent = Adviser(answers=False)
    assert outside.ask(silent) == 0 and len(silent.asked) == 1
    assert outside.ask(Adviser()) == 2
    # The worker's own way, with nobody at the address: it ends, and nothing changes.
    assert jobs.ask_the_adviser() == 0


def test_an_item_that_the_list_does_not_have_any_more_is_not_shown(town, home):
    tell(town)
    outside.ask(Adviser("0.0.0"))
    assert outside.said_of(RIDDLE) is None
