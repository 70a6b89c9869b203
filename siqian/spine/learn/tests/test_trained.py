"""Understanding learned from labelled messages: what is counted, what is fitted, how sure an answer may be."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as some

from siqian.spine.learn.jobs import folds_of
from siqian.spine.learn.trained import calibration, measures, twins
from siqian.spine.learn.trained.classifier import Model, trained
from siqian.spine.learn.trained.grams import Rows, counted
from siqian.spine.learn.trained.linear import fit, times
from siqian.spine.learn.words import fold

from .told import messages

LETTERS = some.text(alphabet="灯坏了垃圾Aa１1 ，", max_size=12)


@given(some.lists(LETTERS, max_size=5))
def test_every_gram_of_a_text_is_counted_and_none_reaches_into_the_next(texts):
    rows = counted(texts)
    for number, text in enumerate(texts):
        folded = fold(text)[0]
        grams = Counter(folded[at : at + size] for size in (1, 2, 3) for at in range(len(folded) - size + 1))
        own = slice(rows.starts[number], rows.starts[number + 1])
        assert sorted(rows.values[own].tolist()) == sorted(map(float, grams.values()))
        assert (np.diff(rows.columns[own]) > 0).all()


@given(some.lists(LETTERS, min_size=1, max_size=5))
def test_a_text_counts_the_same_alone_and_among_others(texts):
    together = counted(texts)
    for number, text in enumerate(texts):
        alone = counted([text])
        own = slice(together.starts[number], together.starts[number + 1])
        assert together.columns[own].tolist() == alone.columns.tolist()


def test_another_field_has_other_buckets():
    assert not set(counted(["楼道灯坏了"]).columns.tolist()) & set(counted(["楼道灯坏了"], salt=1).columns.tolist())


def made(table):
    """Rows of a dense table."""
    dense = np.asarray(table, np.float32)
    owner, columns = np.nonzero(dense)
    return Rows(np.searchsorted(owner, np.arange(len(dense) + 1)), columns.astype(np.int32), dense[owner, columns])


@settings(max_examples=30)
@given(some.lists(some.lists(some.integers(-2, 2), min_size=4, max_size=4), min_size=4, max_size=9), some.integers(0, 99))
def test_the_fitted_weights_are_those_of_least_loss(table, seed):
    rows, dense = made(table), np.asarray(table, np.float64)
    signs = np.where(np.random.default_rng(seed).random((len(table), 2)) > 0.5, 1, -1).astype(np.float32)
    weights = fit(rows, 4, signs, cost=1.0)

    def loss(w):
        return (w**2).sum() / 2 + (np.maximum(1 - signs * (dense @ w), 0) ** 2).sum()

    best = loss(weights)
    assert np.allclose(times(rows, weights), dense @ weights, atol=1e-4)
    for step in np.random.default_rng(seed + 1).normal(size=(40, 4, 2)) * 0.05:
        assert loss(weights + step) > best - 0.02 * (1 + best)


def test_what_was_learned_answers_what_it_has_not_seen_and_knows_how_sure_it_is():
    titles, bodies, labels = messages()
    model, found = trained(titles, bodies, labels, folds=folds_of(twins.groups(titles)))
    told = model.answers(["九栋的楼道灯又不亮了", "门口垃圾堆成山没人清运", "楼上凌晨还在敲墙装修，很吵"], ["", "", "整晚睡不着"])
    assert [answer.label for answer in told] == ["灯", "垃圾", "噪音"]
    assert all(answer.probability > answer.second_probability for answer in told)
    assert np.allclose(found.sum(1), 1, atol=1e-4)
    # Nothing that was ever learned stands in this: it may be no surer than chance by much.
    strange = model.answers(["xyz"], [""])[0]
    assert strange.probability < 0.6 and not strange.auto


def test_the_same_messages_make_the_same_file_and_it_answers_alike(tmp_path):
    titles, bodies, labels = messages()
    folds = folds_of(twins.groups(titles))
    for name in ("one.npz", "other.npz"):
        trained(titles, bodies, labels, folds=folds)[0].save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    model = trained(titles, bodies, labels, folds=folds)[0]
    kept = Model.load(tmp_path / "one.npz")
    assert np.array_equal(kept.probabilities(titles, bodies), model.probabilities(titles, bodies))


def test_a_file_of_another_version_is_refused(tmp_path):
    np.savez(tmp_path / "old.npz", version=np.array("linear-0"))
    with pytest.raises(ValueError, match="linear-0"):
        Model.load(tmp_path / "old.npz")


def test_many_classes_are_learned_in_parts_and_fit_in_the_room(monkeypatch):
    monkeypatch.setattr("siqian.spine.learn.trained.classifier.ROOM", 40_000)
    words = [f"{one}{other}" for one in "甲乙丙丁戊" for other in "东南西北"]
    titles = [f"{word}事第{number}次" for word in words for number in range(4)]
    model, _ = trained(titles, [""] * len(titles), [word for word in words for _ in range(4)], folds=np.arange(len(titles)) % 2)
    assert model.columns.nbytes + model.weights.nbytes + len(model.columns) * 2 <= 40_000
    assert [answer.label for answer in model.answers([f"{word}事第9次" for word in words], [""] * 20)] == words


def test_who_sends_the_same_again_is_in_one_group_and_nobody_else():
    same = "三栋楼下堆着装修垃圾，已经一个星期没有人清运，味道很大，请物业尽快处理"
    found = twins.groups([same, "北门的路灯不亮", same.replace("一个星期", "八九天了"), "", "", same + "！"])
    assert found[0] == found[2] == found[5]
    assert len({found[0], found[1], found[3], found[4]}) == 4


def test_probabilities_mean_what_they_say():
    chance = np.random.default_rng(5)
    true = chance.integers(0, 3, 6000)
    margins = chance.normal(size=(6000, 3)).astype(np.float32)
    margins[np.arange(6000), true] += 1.0
    found = calibration.fitted(margins, true).probabilities(margins)
    assert calibration.error(found.max(1), found.argmax(1) == true) < 0.02


@given(some.lists(some.tuples(some.sampled_from([0.2, 0.5, 0.7, 0.9]), some.booleans()), max_size=40))
def test_above_the_threshold_so_many_are_right_and_no_lower_one_would_do(answers):
    sure = np.array([p for p, _ in answers], np.float32)
    right = np.array([ok for _, ok in answers], bool)
    limit = calibration.threshold(sure, right, wanted=0.8)
    above = right[sure >= limit]
    assert not len(above) or above.mean() >= 0.8
    for lower in {float(p) for p in sure if p < limit}:
        assert right[sure >= lower].mean() < 0.8


@given(some.lists(some.tuples(some.integers(0, 3), some.integers(0, 3)), min_size=1, max_size=12))
def test_b_cubed_is_what_its_definition_says(pairs):
    true, told = (np.array(side) for side in zip(*pairs, strict=True))
    size = range(len(true))
    precision = np.mean([np.mean([true[a] == true[b] for b in size if told[a] == told[b]]) for a in size])
    recall = np.mean([np.mean([told[a] == told[b] for b in size if true[a] == true[b]]) for a in size])
    assert measures.b_cubed(true, told)[:2] == pytest.approx((precision, recall))
