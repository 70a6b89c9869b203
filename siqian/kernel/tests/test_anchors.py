"""Whoever rewrites the past is found: by the chain, by the signed root, by the signature."""

import pytest

from siqian.kernel import anchors, journal as ink
from siqian.kernel.models import Anchor, Entry
from siqian.testing import monday_nine

from .town_of_lamps import act, light


@pytest.fixture
def lit(db):
    for lamp in ("lamp:1", "lamp:2", "lamp:1"):
        light(lamp=lamp, **act())
    anchors.drop(at=monday_nine)
    return db


def rehash(db, subject):
    """What a forger with the disk and our source code would do: make the chain fit again."""
    prev = ""
    for row in Entry.objects.filter(subject=subject).order_by("seq"):
        hash_ = ink.digest(prev, row.subject, row.seq, row.name, row.at, row.by, row.body)
        db.tamper("update kernel_entry set prev = %s, hash = %s where id = %s", prev, hash_, row.id)
        prev = hash_


def test_an_untouched_journal_is_whole(lit):
    report = anchors.verify()
    assert report.faults == () and report.anchors == 1
    assert report.entries == Entry.objects.count() and report.subjects == Entry.objects.values("subject").distinct().count()


def test_anchoring_one_state_twice_is_once(lit):
    anchors.drop(at=monday_nine)
    assert Anchor.objects.count() == 1
    light(lamp="lamp:3", **act())
    anchors.drop(at=monday_nine)
    assert Anchor.objects.count() == 2 and anchors.verify().faults == ()


def test_a_changed_body_is_found(lit):
    lit.tamper("update kernel_entry set body = replace(body, '40', '60') where subject = 'lamp:2'")
    assert any("lamp:2 第1条内容与校验值不符" in fault for fault in anchors.verify().faults)


def test_a_changed_writer_or_time_is_found(lit):
    lit.tamper("update kernel_entry set by = 'account:1' where subject = 'lamp:2'")
    assert any("lamp:2 第1条内容" in fault for fault in anchors.verify().faults)


def test_a_removed_entry_is_found(lit):
    lit.tamper("delete from kernel_entry where subject = 'lamp:1' and seq = 1")
    assert any("lamp:1 第2条接不上前一条" in fault for fault in anchors.verify().faults)


def test_a_subject_that_was_removed_whole_is_found_by_the_anchor(lit):
    lit.tamper("delete from kernel_entry where subject = 'lamp:2'")
    faults = anchors.verify().faults
    assert len(faults) == 1 and "锚点与流水不符" in faults[0]


def test_a_chain_that_was_rewritten_to_fit_is_found_by_the_anchor(lit):
    lit.tamper("update kernel_entry set body = replace(body, '40', '60') where subject = 'lamp:1'")
    rehash(lit, "lamp:1")
    faults = anchors.verify().faults
    assert len(faults) == 1 and "锚点与流水不符" in faults[0]


def test_a_forged_anchor_is_found_by_its_signature(lit):
    lit.tamper("update kernel_entry set body = replace(body, '40', '60') where subject = 'lamp:1'")
    rehash(lit, "lamp:1")
    upto = Anchor.objects.get().upto
    heads = anchors._heads(upto)
    root = anchors.merkle(f"{subject}:{seq}:{hash_}" for subject, (seq, hash_) in sorted(heads.items()))
    lit.tamper("update kernel_anchor set root = %s", root)
    faults = anchors.verify().faults
    assert len(faults) == 1 and "锚点签名不对" in faults[0]


def test_the_root_depends_on_every_leaf_and_its_order():
    roots = [anchors.merkle(leaves) for leaves in ([], ["a"], ["a", "b"], ["b", "a"], ["a", "b", "c"], ["a", "b", "c", "c"])]
    assert len(set(roots)) == len(roots)


def test_anchoring_waits_for_writers_in_flight_so_that_no_entry_slips_below(postgres, race):
    def write(lamp):
        for watts in range(15):
            light(lamp=lamp, watts=watts, **act())

    def anchor():
        for _ in range(8):
            anchors.drop(at=monday_nine)

    finishes = race(lambda: write("lamp:1"), lambda: write("lamp:2"), anchor)
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert anchors.verify().faults == ()
