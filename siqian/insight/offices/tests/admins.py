"""The small town with its administrators: two of the system, one of security, one of audit."""

from siqian.kernel.permits import OFFICE
from siqian.testing import DAY, PASSWORD, SINCE, monday_nine
from siqian.town.people import actions as people
from siqian.town.people.actions import AccountRow, PersonRow, SeatRow

ADMINS = {
    "min": ("方敏", "system_admin"),
    "hong": ("洪波", "system_admin"),
    "an": ("安静", "security_admin"),
    "shen": ("沈计", "audit_admin"),
}


def seat(at=monday_nine):
    act = {"by": OFFICE, "at": at}
    persons = [PersonRow(code, name, code.title(), 0) for code, (name, _) in ADMINS.items()]
    seats = [SeatRow(f"rj:{duty}", duty, "rj", f"区{duty}", f"District {duty}", code, DAY) for code, (_, duty) in ADMINS.items()]
    people.lay_in(persons=persons, seats=seats, since=SINCE, **act)
    people.open_accounts(rows=[AccountRow(code, PASSWORD, person=code) for code in ADMINS], **act)
