"""Whatever is done with answers, outside nobody reads more than the published version of a live one."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from siqian.kernel.permits import ANYONE, Refused
from siqian.spine.answers import actions, queries
from siqian.testing import monday_nine

from .written import draft

STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["write", "publish", "retire", "look_again"])), min_size=3, max_size=14)


class Told:
    """What the desks have done, kept beside the house as a reader outside should see it: answer -> the published text."""

    def __init__(self, town) -> None:
        self.writer, self.second, self.path = town.desk("ry"), town.actor("xiujuan"), town.area("ry").path
        self.ids: dict[int, int] = {}
        self.newest: dict[int, tuple[int, str]] = {}
        self.live: dict[int, str] = {}
        self.count = 0

    def step(self, which: int, what: str) -> None:
        # What a state does not allow is refused, and nothing has changed.
        with suppress(Refused):
            getattr(self, what)(which)

    def write(self, which: int) -> None:
        self.count += 1
        text = f"说法{self.count}号，居住证带身份证去派出所。"
        number = self.newest.get(which, (0, ""))[0]
        given = {"answer": self.ids.get(which), "seen": number, "by": self.writer, "at": monday_nine}
        self.ids[which] = actions.write(draft=draft(text=text, path=self.path), **given)
        self.newest[which] = (number + 1, text)

    def publish(self, which: int) -> None:
        if which in self.ids:
            number, text = self.newest[which]
            actions.publish(answer=self.ids[which], version=number, by=self.second, at=monday_nine)
            self.live[which] = text

    def retire(self, which: int) -> None:
        if which in self.ids:
            actions.retire(answer=self.ids[which], note="试一下", by=self.second, at=monday_nine)
            self.live.pop(which, None)

    def look_again(self, which: int) -> None:
        if which in self.ids:
            actions.look_again(answer=self.ids[which], review=date(2027, 1, 1), note="还对", by=self.second, at=monday_nine)


def test_outside_nobody_reads_a_draft_or_what_was_retired(town, client):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def lived(steps):
        told = Told(town)
        for which, what in steps:
            told.step(which, what)
        seen = {told.ids[which]: text for which, text in told.live.items()}
        mine = set(told.ids.values())
        assert {line.id: line.text for line in queries.live()[0] if line.id in mine} == seen
        assert {line.id: line.text for line in queries.find("居住证", most=500) if line.id in mine} == seen
        assert {line.id for line in queries.offered("想办居住证，带什么", "consult", most=500) if line.id in mine} == set(seen)
        for id_ in mine:
            page, answer = client.get(f"/answers/{id_}"), client.get(f"/api/answers/{id_}")
            assert (page.status_code, answer.status_code) == ((200, 200) if id_ in seen else (404, 404))
            assert id_ in seen or "说法" not in page.content.decode() + answer.content.decode()
            if id_ in seen:
                assert answer.json()["text"] == seen[id_] and seen[id_] in page.content.decode()
                actions.retire(answer=id_, note="下一轮", by=told.second, at=monday_nine)

    lived()


def test_the_desks_own_reads_give_a_stranger_nothing(town):
    actions.write(draft=draft(), by=town.actor("liang"), at=monday_nine)
    for nobody in (ANYONE, town.resident("zhou")):
        assert queries.lines(seen_by=nobody, at=monday_nine) == [] and queries.counts(seen_by=nobody, at=monday_nine) == {}
        with pytest.raises(Refused):
            queries.view(1, seen_by=nobody, at=monday_nine)
