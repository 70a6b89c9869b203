"""Attachments by content hash. A photo is decoded and drawn anew, so that no position, camera or owner travels with it."""

import hashlib
import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import filetype
from django.conf import settings

from . import clock
from .journal import in_verb
from .models import File
from .permits import Refusal

LARGEST = 12 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP"}


@dataclass(frozen=True)
class Photo:
    """A photo that is clean and small enough to keep: JPEG bytes without metadata."""

    sha256: str
    jpeg: bytes
    width: int
    height: int


def clean(raw: bytes, *, name: str = "") -> Photo | Refusal:
    """Check by content and draw anew, or say what is wrong with this file."""
    if len(raw) > LARGEST:
        return Refusal("照片“{name}”超过12MB，换一张小的，或拍照时选小一点的尺寸", field="photos", name=name)
    kind = filetype.guess(raw)
    if kind is None or kind.mime not in KINDS:
        return Refusal("“{name}”不是照片。能收的照片：JPG、PNG、WebP", field="photos", name=name)
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(raw), formats=(KINDS[kind.mime],)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return Refusal("照片“{name}”太大了，请把长边缩到8000点以内再传", field="photos", name=name)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            # What was read beside the picture (comments, profiles) would be written out again.
            upright.info.clear()
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=82, optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Refusal("照片“{name}”打不开，可能没传完整，请再选一次", field="photos", name=name)
    jpeg = out.getvalue()
    return Photo(hashlib.sha256(jpeg).hexdigest(), jpeg, upright.width, upright.height)


def keep(photo: Photo, *, at: datetime) -> str:
    """Store it; the same photo twice is one file. Returns its hash."""
    if not in_verb():
        raise RuntimeError("a file is kept outside a verb")
    path = place(photo.sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{clock.code(8)}")
        with draft.open("wb") as file:
            file.write(photo.jpeg)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    row = {"media": "image/jpeg", "size": len(photo.jpeg), "width": photo.width, "height": photo.height, "kept": at}
    File.objects.get_or_create(sha256=photo.sha256, defaults=row)
    return photo.sha256


def place(sha256: str) -> Path:
    return Path(settings.SIQIAN_HOME) / "files" / sha256[:2] / sha256[2:]
