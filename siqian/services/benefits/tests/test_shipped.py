"""The policies that ship: each with a person who gets it, one who does not, and one of whom something is still unknown."""

from datetime import date

import pytest

from siqian.services.benefits import actions, catalogued, rules
from siqian.services.benefits.engine import form as forms, linting
from siqian.services.benefits.snapshot import kinds
from siqian.trades.dossier import queries as facts

DAY = date(2026, 7, 13)


def parameters():
    raw = {name: [{"from": row["since"], "value": row["value"]} for row in figure.values] for name, figure in catalogued.figures().items()}
    return forms.read_parameters(raw, "parameters.yaml", [])


def read(kept):
    return forms.one({"code": kept.code, "when": kept.when} | ({"amount": kept.amount} if kept.amount else {}), parameters().rows)


def shape(tree):
    if isinstance(tree, forms.Group):
        return tree.kind, tree.k, tuple(sorted(map(str, map(shape, tree.of))))
    if isinstance(tree, forms.Household):
        return "household", tree.op, shape(tree.count) if tree.count is not None else "sum"
    return tree.op, tree.age, bool(tree.param)


@pytest.mark.parametrize("code", sorted(catalogued.shipped()))
def test_each_person_beside_a_policy_gets_the_answer_that_stands_there(code):
    kept, values = catalogued.shipped()[code], parameters().at(DAY)
    policy = read(kept)
    assert sorted(example["expect"] for example in kept.examples) == ["false", "true", "unknown"]
    for example in kept.examples:
        assert actions.example_holds(policy, example, values, DAY), example
    assert [one for one in linting.lint(policy, values, DAY, kinds()) if one.kind in ("never", "always", "no_clause")] == []


def test_there_are_eighty_four_of_thirty_shapes_and_each_stands_on_a_clause_and_on_facts_that_we_may_keep():
    shipped = catalogued.shipped()
    assert len(shipped) == 84 and len({shape(read(kept).when) for kept in shipped.values()}) >= 30
    for kept in shipped.values():
        cited = [catalogued.laws()[code] for code in kept.basis]
        assert cited and rules.mode_fault(kept.mode, cited) is None, kept.code
        assert kept.en and kept.told_en and kept.mode in rules.MODES and kept.period in rules.PERIODS
        for fact in forms.facts_of(read(kept)):
            assert rules.PURPOSE in facts.kinds()[fact].purposes, (kept.code, fact)
    assert any(rules.mode_fault("free", [catalogued.laws()[code] for code in kept.basis]) for kept in shipped.values())
