"""Whoever works on policies in the small town: two clerks and a reviewer of the district."""

from datetime import datetime
from typing import Any

from siqian.kernel.permits import OFFICE
from siqian.testing import DAY, PASSWORD, SINCE, monday_nine
from siqian.town.people import actions as people
from siqian.town.people.actions import AccountRow, PersonRow, SeatRow

CLERKS = {"lan": ("方岚", "Fang Lan", "clerk"), "bo": ("邱博", "Qiu Bo", "clerk"), "fa": ("严法", "Yan Fa", "legal")}


def legal_staff(at: datetime = monday_nine) -> None:
    act: dict[str, Any] = {"by": OFFICE, "at": at}
    persons = [PersonRow(code, name, english, 0) for code, (name, english, _) in CLERKS.items()]
    seats = [
        SeatRow(f"rj:{duty}:{code}", duty, "rj", f"区民政局·{name}", english, code, DAY) for code, (name, english, duty) in CLERKS.items()
    ]
    people.lay_in(persons=persons, seats=seats, since=SINCE, **act)
    people.open_accounts(rows=[AccountRow(code, PASSWORD, person=code) for code in CLERKS], **act)
