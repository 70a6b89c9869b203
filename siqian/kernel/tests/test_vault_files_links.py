"""Sealed facts, photos without a trace of their taker, lineage both ways."""

import io

import pytest
from PIL import Image, PngImagePlugin

from siqian.kernel import files, journal as ink, links, vault
from siqian.kernel.models import Entry, File, Key, Link
from siqian.kernel.permits import OFFICE, NotFound, Refusal
from siqian.testing import monday_nine

from .town_of_lamps import act

PHONE = "13800138000"


def sealed(subject="person:zhou", text=PHONE):
    with ink.writing(OFFICE, whole=True):
        return vault.seal(subject, text, at=monday_nine)


def look(text, subject="person:zhou", purpose="回电话问清楼层"):
    return vault.look(subject=subject, sealed=text, what="电话", purpose=purpose, **act())


def test_a_sealed_number_lies_nowhere_in_the_database(db):
    text = sealed()
    assert PHONE not in text and PHONE.encode() not in bytes(Key.objects.get().wrapped)
    assert sealed() != text, "equal facts must not look equal"
    assert sealed(text="") == ""


def test_a_look_needs_a_purpose_and_stands_in_the_journal(db, journal):
    text = sealed()
    with pytest.raises(NotFound, match="写明用途"):
        look(text, purpose="  ")
    assert journal.of("person:zhou") == []
    assert look(text) == PHONE
    (line,) = ink.of("person:zhou")
    assert (line.name, line.by, line.body["purpose"]) == ("vault.opened", "office", "回电话问清楼层")
    assert PHONE not in "".join(Entry.objects.values_list("body", flat=True))


def test_one_persons_fact_does_not_open_under_another(db):
    text = sealed()
    sealed("person:lin")
    with pytest.raises(NotFound, match="对不上它的主人"):
        look(text, subject="person:lin")


def test_whoever_is_forgotten_is_gone_and_the_chain_stays(db, journal):
    text = sealed()
    look(text)
    for _ in range(2):
        vault.forget(subject="person:zhou", reason="本人要求", **act())
    with pytest.raises(NotFound, match="已按要求删除"):
        look(text)
    assert not Key.objects.exists()
    assert journal.of("person:zhou") == ["vault.opened", "vault.erased"]


def test_two_who_seal_for_one_person_at_once_use_one_key(db, race):
    finishes = race(*(lambda number=number: sealed(text=f"{number}") for number in range(4)))
    assert [finish.why for finish in finishes if not finish.ok] == []
    assert [vault.unseal("person:zhou", finish.value) for finish in finishes] == ["0", "1", "2", "3"]


def test_marks_compare_numbers_that_nobody_reads():
    assert vault.mark(PHONE) == vault.mark(PHONE) != vault.mark("13800138001")
    assert PHONE not in vault.mark(PHONE) and vault.mark("") == ""
    assert (vault.masked_phone(PHONE), vault.masked_phone("110"), vault.masked_name("周小燕")) == ("138 **** 8000", "****", "周**")


def picture(kind="JPEG", size=(400, 300), **extra):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **extra)
    return out.getvalue()


def taken_at_home(**extra):
    exif = Image.Exif()
    exif[0x010F] = "Zhou's own camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 39.0, 36.0), 3: "E", 4: (114.0, 1.0, 48.0)})
    return picture(exif=exif, comment=b"Zhou at home", **extra)


def test_a_photo_keeps_neither_position_nor_camera_nor_comment():
    raw = taken_at_home()
    assert b"Zhou" in raw and Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)
    clean = files.clean(raw, name="家.jpg")
    again = Image.open(io.BytesIO(clean.jpeg))
    assert not again.getexif() and "comment" not in again.info and b"Zhou" not in clean.jpeg


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_a_phone_writes_beside_the_picture_does_not_travel(kind):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Zhou at home")
    raw = picture(kind, **({"pnginfo": notes} if kind == "PNG" else {"xmp": b"<x>Zhou</x>"}))
    assert b"Zhou" in raw
    assert b"Zhou" not in files.clean(raw).jpeg


def test_a_sideways_photo_is_turned_upright_and_made_smaller():
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = files.clean(picture(size=(3200, 2400), exif=exif))
    assert (clean.width, clean.height) == (1200, 1600)


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7 not a photo", b"GIF89a" + b"\0" * 40, b"<svg onload=alert(1)>", b"MZ" + b"\0" * 300])
def test_what_is_no_photo_is_refused_by_its_content(raw):
    refusal = files.clean(raw, name="灯.jpg")
    assert isinstance(refusal, Refusal) and "“灯.jpg”不是照片" in refusal.why and refusal.field == "photos"


def test_half_a_photo_is_refused_with_the_way_out():
    refusal = files.clean(picture(size=(800, 600))[:900], name="灯.jpg")
    assert isinstance(refusal, Refusal) and "再选一次" in refusal.why


def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(monkeypatch):
    bomb = picture("PNG", size=(9000, 9000))
    assert len(bomb) < 1024 * 1024
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was unfolded"))
    refusal = files.clean(bomb, name="灯.png")
    assert isinstance(refusal, Refusal) and "太大" in refusal.why
    assert isinstance(files.clean(b"\xff\xd8\xff" + b"\0" * files.LARGEST, name="x"), Refusal)


def test_the_same_photo_twice_is_one_file(db):
    photo = files.clean(picture())
    with pytest.raises(RuntimeError, match="outside a verb"):
        files.keep(photo, at=monday_nine)
    with ink.writing(OFFICE, whole=True):
        assert files.keep(photo, at=monday_nine) == files.keep(photo, at=monday_nine) == photo.sha256
    assert files.place(photo.sha256).read_bytes() == photo.jpeg
    assert File.objects.count() == 1
    assert [path.name for path in files.place(photo.sha256).parent.iterdir()] == [photo.sha256[2:]]


def test_lineage_is_read_both_ways_and_tied_once(db):
    with ink.writing(OFFICE, whole=True):
        for _ in range(2):
            links.tie("telling:1", "joined", "matter:7", at=monday_nine)
        links.tie("telling:2", "joined", "matter:7", at=monday_nine)
    assert links.came_from("matter:7", "joined") == ["telling:1", "telling:2"]
    assert links.came_of("telling:1", "joined") == ["matter:7"]
    assert links.came_of("telling:1", "parted") == []
    assert Link.objects.count() == 2
