"""zlib with a limit, so that a small code cannot unfold into a large memory."""

import zlib

from .faults import Fault

MOST = 256 * 1024


def unzip(raw: bytes, *, most: int = MOST) -> bytes:
    """The content of one zlib stream. Fault: no zlib, cut off, more than `most` bytes, or something behind it."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(raw, most + 1)
    except zlib.error:
        raise Fault("zlib", "not_zlib") from None
    if len(content) > most:
        raise Fault("zlib", "too_large")
    if not stream.eof:
        raise Fault("zlib", "cut_off")
    if stream.unused_data:
        raise Fault("zlib", "trailing")
    return content
