"""The archive's arithmetic: what a volume is called, how long it is kept, what is over. Pure."""

from datetime import date

from . import kept_until

RETENTION = {"permanent": None, "30": 30, "10": 10}
# Those that come to an end, by the calendar.
ENDING = tuple(term for term, years in RETENTION.items() if years is not None)
# So many papers a volume, and so many a list of what may be destroyed: as much as a person looks through.
VOLUME, LISTED = 500, 2000
LETTERS = {"permanent": "Y", "30": "D30", "10": "D10"}


def volume_number(year: int, word: str, retention: str, count: int) -> str:
    """2026-榕荫社-D30-001: year, issuer, retention (Y for ever, D30, D10), the how manieth. (The letters are those of DA/T 22-2015.)"""
    return f"{year}-{word}-{LETTERS[retention]}-{count:03d}"


def disposal_number(year: int, word: str, count: int) -> str:
    """A list's number: 2036-榕江区-XH-001."""
    return f"{year}-{word}-XH-{count:03d}"


def until(year: int, retention: str) -> date | None:
    """The first day on which a paper may be destroyed; None never."""
    return kept_until(year, RETENTION[retention])


def is_over(year: int, retention: str, today: date) -> bool:
    """Whether a paper of this year has been kept as long as it must be."""
    day = until(year, retention)
    return day is not None and day <= today
