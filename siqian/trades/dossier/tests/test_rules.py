"""What may be kept, on what ground, until when; what is still to be asked."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from siqian.kernel.permits import Refusal
from siqian.trades.dossier import queries, rules

TODAY = date(2026, 7, 13)
ALONE, CHRONIC, CHILDREN, STOVE, CONTACT = (queries.kinds()[code] for code in ("alone", "chronic", "children", "stove", "contact"))


def saying(kind, value="yes", basis="consent", **more):
    return rules.Saying(kind.code, value, basis=basis, **more)


def test_every_kind_that_ships_is_one_that_the_law_lets_us_keep():
    assert len(queries.kinds()) >= 10
    for kind in queries.kinds().values():
        assert rules.kind_faults(kind, queries.purposes()) == [], kind.code
        assert kind.ask_en and kind.en and all(choice.en for choice in kind.choices)
    assert {kind.code for kind in queries.kinds().values() if kind.sensitive and kind.purposes != ("benefit",)} == {"chronic", "children"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bases": ("consent",)}, "bases"),
        ({"bases": ("duty",)}, "bases"),
        ({"purposes": ("selling",)}, "purposes"),
        ({"purposes": ()}, "purposes"),
        ({"readers": ("courier",)}, "readers"),
        ({"keep_months": 3}, "keep_months"),
        ({"minors": True}, "minors"),
        ({"type": "choice"}, "type"),
        ({"about": "street"}, "about"),
    ],
)
def test_a_kind_that_the_law_forbids_is_named_with_its_field(change, field):
    assert field in rules.kind_faults(msgspec.structs.replace(CHRONIC, **change), queries.purposes())


def test_a_sensitive_fact_needs_a_consent_of_its_own_and_a_childs_its_guardians():
    assert rules.saying_fault(CHRONIC, saying(CHRONIC)) is rules.NO_CONSENT
    assert rules.saying_fault(CHRONIC, saying(CHRONIC, basis="separate")) is None
    assert rules.saying_fault(CHILDREN, saying(CHILDREN, "2", "separate")) is rules.NO_GUARDIAN
    assert rules.saying_fault(CHILDREN, saying(CHILDREN, "2", "guardian")) is None


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        (ALONE, "yes", True),
        (ALONE, "maybe", False),
        (STOVE, "bottle", True),
        (STOVE, "wood", False),
        (CHILDREN, "3", True),
        (CHILDREN, "10", False),
        (CHILDREN, "-1", False),
        (CONTACT, "女儿，住布吉", True),
        (CONTACT, "  ", False),
        (CONTACT, "长" * 41, False),
    ],
)
def test_a_value_is_of_its_kind(kind, value, good):
    assert (rules.value_fault(kind, value) is None) is good


def test_a_purpose_that_the_kind_does_not_list_is_refused_when_it_is_said_and_when_it_is_used():
    assert isinstance(rules.saying_fault(STOVE, saying(STOVE, "pipe", purposes=("service",))), Refusal)
    told = rules.use_fault(ALONE, "known", "fire_safety", ALONE.purposes, queries.purpose_names())
    assert told is not None and told.why == "这条情况不能用在“防火防灾”上，只能用在：上门关心、紧急救助、看看有什么该得的"
    assert rules.use_fault(ALONE, "known", "rescue", ALONE.purposes, {}) is None
    # One may say for what: anything else is another purpose.
    assert rules.use_fault(ALONE, "known", "rescue", ("care_visit",), {}) is not None


@pytest.mark.parametrize("state", ["objected", "expired", "withdrawn", "over"])
def test_what_is_taken_back_objected_to_or_out_of_date_is_used_for_nothing(state):
    assert rules.use_fault(ALONE, state, "care_visit", ALONE.purposes, {}) is not None


@pytest.mark.parametrize(
    ("state", "confirm_by", "need"),
    [
        ("", None, "ask"),
        ("known", date(2026, 7, 13), "known"),
        ("known", date(2026, 7, 12), "confirm"),
        ("expired", date(2026, 1, 1), "ask"),
        ("withdrawn", date(2027, 1, 1), ""),
        ("objected", date(2027, 1, 1), ""),
        ("over", date(2027, 1, 1), ""),
    ],
)
def test_only_what_is_unknown_is_asked_and_only_what_is_old_is_confirmed(state, confirm_by, need):
    assert rules.need(state, confirm_by, TODAY) == need


def test_terms_end_with_the_month():
    assert rules.later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert rules.terms(ALONE, TODAY) == (date(2027, 1, 13), date(2027, 7, 13))
    assert rules.terms(msgspec.structs.replace(ALONE, confirm_months=12), date(2028, 2, 29))[0] == date(2029, 2, 28)


def test_what_is_known_is_never_asked_again_and_what_was_taken_back_only_by_oneself():
    assert rules.note_fault(ALONE, "known", own=True).why == "“独居”已经知道了，不用再问。变了就点“变了”"
    assert rules.note_fault(ALONE, "withdrawn", own=False) is not None and rules.note_fault(ALONE, "withdrawn", own=True) is None
    assert rules.note_fault(ALONE, "over", own=True) is not None
    assert rules.note_fault(ALONE, "expired", own=False) is None and replace(saying(ALONE)).kind == "alone"
