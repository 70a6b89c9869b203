"""Tiles by ranges of bytes. Public: so are the areas that they draw. An address names one epoch of the map and never changes."""

import re

from django.http import HttpRequest, HttpResponse

from siqian.kernel.permits import NotFound, Refusal

from .. import cutting

RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
GONE = Refusal("这一版地图已经换了，刷新一下页面")


def tiles(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The archive, or the bytes of it that are asked for: 206, or 416 where there are none."""
    path = cutting.archive(number, name)
    if path is None:
        raise NotFound(GONE)
    tag = f'"{number}-{name}"'
    if request.headers.get("If-None-Match") == tag:
        return _headed(HttpResponse(status=304), tag)
    size = path.stat().st_size
    span = _span(request.headers.get("Range", ""), size)
    if span is None:
        return _headed(HttpResponse(path.read_bytes(), content_type="application/vnd.pmtiles"), tag)
    first, last = span
    if first > last:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    with path.open("rb") as file:
        file.seek(first)
        answer = HttpResponse(file.read(last - first + 1), status=206, content_type="application/vnd.pmtiles")
    answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _headed(answer, tag)


def _span(said: str, size: int) -> tuple[int, int] | None:
    """(first, last) of the one range that is asked for, first beyond last where it holds nothing; None for the whole."""
    match = RANGE.match(said)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size - 1 if int(match[2]) else -1
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last) if first < size else (size, -1)


def _headed(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    # Compressed once more, the bytes would no longer be those of the range.
    answer["Content-Encoding"] = "identity"
    return answer
