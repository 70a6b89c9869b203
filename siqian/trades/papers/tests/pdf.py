"""Reads a PDF as a search engine does: streams inflated, glyphs turned back into letters by each font's own table."""

import re
import zlib

SHOWN = re.compile(rb"/f(\d+) [\d.]+ Tf|\(|<([0-9A-Fa-f]+)>")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text(pdf: bytes) -> str:
    """All that can be searched for and copied, in the order in which it was set, without line ends."""
    parts = streams(pdf)
    fonts = [_table(part.decode("latin-1")) for part in parts if b"begincmap" in part]
    return "".join(_shown(part, fonts) for part in parts if b" Tf" in part and b"BT" in part)


def streams(pdf: bytes) -> list[bytes]:
    """Every compressed stream, inflated, in the order of the file."""
    found = []
    for match in re.finditer(rb"(?<!end)stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return found


def fonts(pdf: bytes) -> tuple[int, int]:
    """(fonts described, font programs embedded)."""
    return pdf.count(b"/Type/FontDescriptor"), len(re.findall(rb"/FontFile\d?\b", pdf))


def _shown(content: bytes, fonts: list[dict[int, str]]) -> str:
    out, table, at = [], dict[int, str](), 0
    while (match := SHOWN.search(content, at)) is not None:
        at = match.end()
        if match[1] is not None:
            table = fonts[int(match[1])]
            continue
        glyphs, at = (bytes.fromhex(match[2].decode()), at) if match[2] else _literal(content, at)
        out += [table.get(int.from_bytes(glyphs[start : start + 2]), "") for start in range(0, len(glyphs), 2)]
    return "".join(out)


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """A string from behind its first bracket to its last one, brackets within it balanced; and where it ends."""
    at, depth = start, 1
    while depth:
        depth += {0x28: 1, 0x29: -1}.get(content[at], 0)
        at += 2 if content[at] == 0x5C else 1
    return re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, content[start : at - 1], flags=re.DOTALL), at


def _unescaped(match: "re.Match[bytes]") -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else ESCAPES.get(code, code)


def _table(cmap: str) -> dict[int, str]:
    """Glyph -> letters of one font (ToUnicode)."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    return found
