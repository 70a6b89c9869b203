"""Rows that are put are written together at the outermost verb's end, and no row of a verb that failed is."""

from datetime import UTC, datetime

import pytest

from siqian.kernel import epochs, rows
from siqian.kernel.journal import savepoint, writing
from siqian.kernel.models import Epoch, File, Key, Link
from siqian.kernel.permits import OFFICE

AT = datetime(2026, 7, 14, 8, 30, 15, 123456, tzinfo=UTC)


def test_what_is_put_is_there_after_the_verb_with_every_kind_of_column(db):
    with writing(OFFICE, whole=True):
        rows.put(Key, subject="person:lin", wrapped=b"\x00\xff\\x'\"", made=AT)
        rows.put(Link, source="a“引号”'\"\\", kind="joined", target="b\nc", at=AT)
        assert not Link.objects.exists()
    assert bytes(Key.objects.get().wrapped) == b"\x00\xff\\x'\"" and Key.objects.get().made == AT
    assert (Link.objects.get().source, Link.objects.get().target) == ("a“引号”'\"\\", "b\nc")


def test_ids_are_known_before_the_rows_and_never_given_twice(db):
    with writing(OFFICE, whole=True):
        [first] = rows.ids((Link, 2))
        [second] = rows.ids((Link, 1))
        for number in (*first, *second):
            rows.put(Link, id=number, source=f"s:{number}", kind="joined", target="t", at=AT)
    assert sorted(Link.objects.values_list("id", flat=True)) == sorted({*first, *second}) and len({*first, *second}) == 3
    with writing(OFFICE, whole=True):
        assert rows.ids((Link, 1))[0][0] > max(*first, *second)
        Link.objects.create(source="by the database", kind="joined", target="t", at=AT)
    assert Link.objects.count() == 4


def test_nothing_of_a_failed_verb_or_a_failed_part_is_written(db):
    with pytest.raises(ZeroDivisionError), writing(OFFICE, whole=True):
        rows.put(Link, source="lost", kind="joined", target="t", at=AT)
        raise ZeroDivisionError
    with writing(OFFICE, whole=True):
        rows.put(Link, source="kept", kind="joined", target="t", at=AT)
        with pytest.raises(ZeroDivisionError), savepoint():
            rows.put(Link, source="lost too", kind="joined", target="t", at=AT)
            raise ZeroDivisionError
    assert list(Link.objects.values_list("source", flat=True)) == ["kept"]


def test_a_row_put_in_a_part_that_fails_after_it_was_written_is_undone_with_the_part(db):
    with writing(OFFICE, whole=True):
        rows.put(Link, source="kept", kind="joined", target="t", at=AT)
        with pytest.raises(ZeroDivisionError), savepoint():
            rows.put(Link, source="written and undone", kind="joined", target="t", at=AT)
            rows.write_now()
            raise ZeroDivisionError
    assert list(Link.objects.values_list("source", flat=True)) == ["kept"]


def test_a_misspelt_column_and_a_row_outside_a_verb_are_errors(db):
    with pytest.raises(RuntimeError):
        rows.put(Link, source="s", kind="joined", target="t", at=AT)
    with pytest.raises(TypeError, match="sauce"), writing(OFFICE, whole=True):
        rows.put(Link, sauce="s")


def test_defaults_are_the_models_own(db):
    with writing(OFFICE, whole=True):
        rows.put(File, sha256="f" * 64, media="image/jpeg", size=1, width=2, height=3, kept=AT)
    assert File.objects.get().width == 2


def test_what_is_held_in_memory_is_loaded_anew_after_a_change_and_only_then(db):
    loads = []
    for _ in range(3):
        epochs.held("lamps", lambda: loads.append(1))
    assert len(loads) == 1
    with writing(OFFICE, whole=True):
        epochs.bump("lamps")
    epochs.held("lamps", lambda: loads.append(1))
    assert len(loads) == 2


def test_a_change_that_was_undone_bears_no_number_of_a_later_one(db):
    with pytest.raises(ZeroDivisionError), writing(OFFICE, whole=True):
        epochs.bump("lamps")
        undone = epochs.current("lamps")
        raise ZeroDivisionError
    with writing(OFFICE, whole=True):
        epochs.bump("lamps")
    assert Epoch.objects.get(name="lamps").number != undone
