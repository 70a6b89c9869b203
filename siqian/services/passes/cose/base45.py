"""Base45 as RFC 9285 has it: two bytes in three letters of a QR code's alphanumeric set."""

import struct

from .faults import Fault

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NOT = 255
_VALUES = bytes(ALPHABET.index(byte) if byte in ALPHABET else _NOT for byte in range(256))
_LETTERS = ALPHABET.decode()
# Longer than any code that a camera reads; what is longer is not looked at.
LONGEST = 100_000


def encode(raw: bytes) -> str:
    """The text of some bytes."""
    out = []
    for at in range(0, len(raw) - 1, 2):
        rest, first = divmod(raw[at] << 8 | raw[at + 1], 45)
        third, second = divmod(rest, 45)
        out.append(_LETTERS[first] + _LETTERS[second] + _LETTERS[third])
    if len(raw) % 2:
        second, first = divmod(raw[-1], 45)
        out.append(_LETTERS[first] + _LETTERS[second])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes of a text. Fault: a letter that is none, a length that cannot be, three letters above 65535."""
    if len(text) > LONGEST:
        raise Fault("base45", "too_long")
    try:
        digits = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError:
        raise Fault("base45", "letter") from None
    if _NOT in digits:
        raise Fault("base45", "letter")
    if len(digits) % 3 == 1:
        raise Fault("base45", "length")
    whole = len(digits) // 3 * 3
    triples = zip(digits[0:whole:3], digits[1:whole:3], digits[2:whole:3], strict=True)
    words = [first + 45 * second + 2025 * third for first, second, third in triples]
    try:
        raw = struct.pack(f">{len(words)}H", *words)
    except struct.error:
        raise Fault("base45", "overflow") from None
    if whole == len(digits):
        return raw
    last = digits[whole] + 45 * digits[whole + 1]
    if last > 255:
        raise Fault("base45", "overflow")
    return raw + bytes((last,))
