"""The terms of a petition over holidays and worked weekends, to the minute; and what was lived elsewhere begins no procedure."""

from datetime import datetime, timedelta

import pytest

from siqian.kernel import deliveries, store
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import OFFICE, Actor, Grant, Refused
from siqian.spine.matters import actions, jobs, terms
from siqian.spine.matters.models import Petition
from siqian.spine.matters.rules import petition
from siqian.spine.matters.rules.lives import Did
from siqian.testing import monday_nine
from siqian.trades.tasks import queries as tasks

from .test_chronicle import MENDED, SPOKEN, lamp

MINUTE = timedelta(minutes=1)


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=TOWN)


@pytest.mark.parametrize(
    ("term", "begun", "last"),
    [
        # From the day after; the office's terms end where they end, on a holiday as well.
        ("inform", (7, 13), "2026-07-28"),
        ("opinion", (7, 13), "2026-09-11"),
        ("reexamine", (9, 3), "2026-10-03"),
        ("recheck", (9, 3), "2026-10-03"),
        # Whoever may ask gains the days that are not worked: the National Day week, the Spring Festival, a Sunday.
        ("ask_review", (9, 3), "2026-10-08"),
        ("ask_review", (1, 17), "2026-02-24"),
        ("ask_recheck", (7, 10), "2026-08-10"),
        # The tenth of October is a Saturday that is worked, so nothing moves.
        ("ask_recheck", (9, 10), "2026-10-10"),
        # Five working days: over the National Day week with its worked Saturday, over the Spring Festival with its own.
        ("object", (9, 29), "2026-10-12"),
        ("object", (2, 10), "2026-02-24"),
        ("object", (7, 10), "2026-07-17"),
    ],
)
def test_a_term_ends_with_its_last_day(term, begun, last):
    end = petition.ends(noon(*begun), terms.term(term))
    assert f"{petition.last_day(end)}" == last
    assert f"{(end - MINUTE).astimezone(TOWN):%F %R}" == f"{last} 23:59"
    assert petition.days_left(end, end - MINUTE) == 0 and petition.days_left(end, end) == -1


def test_a_term_that_began_late_in_the_evening_has_as_many_whole_days():
    length = terms.term("inform")
    evening = datetime(2026, 7, 13, 23, 59, tzinfo=TOWN)
    assert petition.ends(evening, length) == petition.ends(noon(7, 13), length)
    assert petition.ends(evening + MINUTE, length) == petition.ends(noon(7, 14), length)


def test_every_term_says_its_clause_and_where_it_is_written():
    known = terms.terms()
    assert {*petition.TERM.values(), "object", "prolong"} == set(known)
    assert all("信访工作条例" in term.source and str(term.days) in term.clause for term in known.values())


@pytest.mark.parametrize(
    ("areas", "level"), [(("/rj/",), 0), (("/rj/st/",), 1), (("/rj/st/ry/",), 2), (("/rj/st/ry/", "/rj/st/"), 1), (("/rj/xx/",), 2)]
)
def test_whoever_leads_more_sits_higher(areas, level):
    by = Actor("person:x", grants=tuple(Grant("desk", area) for area in areas))
    assert petition.level(by, "/rj/st/ry/g2/") == level


def test_what_was_lived_elsewhere_begins_no_procedure_until_somebody_leads_it_here(town):
    ids = actions.chronicle(
        lives=[lamp(town, SPOKEN, kind="petition"), lamp(town, SPOKEN, MENDED, kind="petition")],
        by=OFFICE,
        at=monday_nine + timedelta(days=1),
    )
    while deliveries.work(at=monday_nine + timedelta(days=2)):
        pass
    jobs.end_what_nobody_asked(at=monday_nine + timedelta(days=2))
    with store.reading_all():
        assert not Petition.objects.exists() and not any(tasks.clocks(f"petition:{id_}") for id_ in ids)
    actions.inform(matter=ids[0], taken=True, text="予以受理", by=town.desk("ry"), at=monday_nine + timedelta(days=2))
    with store.reading_all():
        assert list(Petition.objects.values_list("matter_id", "stage")) == [(ids[0], "taken_up")]


@pytest.mark.parametrize(("kind", "days", "lawful"), [("petition", 6, True), ("petition", 9, False), ("complaint", 6, False)])
def test_a_life_that_was_lived_elsewhere_is_read_by_the_same_window(town, kind, days, lawful):
    back = Did(
        "return", monday_nine + timedelta(days=days), "person:chen", "陈志明", text="灯归城管养护", unit="urban", clause="3.1 归城管"
    )
    act = {"lives": [lamp(town, SPOKEN, back, kind=kind)], "by": OFFICE, "at": monday_nine + timedelta(days=10)}
    if lawful:
        assert len(actions.chronicle(**act)) == 1
    else:
        with pytest.raises(Refused):
            actions.chronicle(**act)
