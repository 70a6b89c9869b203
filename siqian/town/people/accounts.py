"""The verbs about signing in: accounts from a file, first passwords, and a new password of one's own.

A password that the office made is known to somebody else too: whoever signs in with it is asked for a new one before anything.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from siqian.kernel import clock
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, must
from siqian.town.places import queries as places

from .events import AccountsOpened, PasswordChanged, PasswordGiven
from .listing import SignInRow
from .models import Account, Person
from .seating import BadRoster

FIRST = 12  # letters of a first password
SHORT = Refusal("新密码太短或太常见：至少10个字，不用123456789这样的", field="new")


@office_verb
def enlist_accounts(*, accounts: Sequence[SignInRow], by: Actor, at: datetime) -> dict[str, str]:
    """Open accounts, or change whose and what those are that are there; gives the first password of each new one.

    BadRoster names every fault. Records accounts.opened.
    """
    must(by, "lay in", Thing("roster", area="/"))
    if found := check_accounts(accounts=accounts):
        raise BadRoster(found)
    persons = {row.code: row for row in _of(Person, "code", [row.person for row in accounts if row.person])}
    there = {row.username: row for row in _of(Account, "username", [row.username for row in accounts])}
    given: dict[str, str] = {}
    for row in accounts:
        account = there.get(row.username) or Account(username=row.username, handed=True)
        account.person, account.name, account.is_active = persons.get(row.person), row.name, row.active
        if row.username not in there:
            given[row.username] = clock.code(FIRST)
            account.set_password(given[row.username])
        account.save()
    record(AccountsOpened("accounts", len(given), len(accounts) - len(given)), by=by, at=at)
    return given


def check_accounts(*, accounts: Sequence[SignInRow]) -> list[Refusal]:
    """What `enlist_accounts` would say. Writes nothing."""
    persons = {row.code for row in _of(Person, "code", [row.person for row in accounts if row.person])}
    taken = {
        row.person.code: row.username
        for row in Account.objects.filter(person__code__in=persons).select_related("person")
        if row.person is not None
    }
    found = []
    for row in accounts:
        if row.person and row.person not in persons:
            found.append(Refusal("第{row}行：名单里没有{code}，先用 siqian import persons 导入", row=row.row, code=row.person))
        elif row.person and taken.setdefault(row.person, row.username) != row.username:
            found.append(Refusal("第{row}行：{code}已经有账号{other}", row=row.row, code=row.person, other=taken[row.person]))
    return found


@office_verb
def give_password(*, username: str, by: Actor, at: datetime) -> str:
    """A first password anew, for somebody who forgot theirs; every session of the account ends. Records password.given."""
    top = places.district()
    must(by, "keep accounts", Thing("roster", area=top.path if top else "/"))
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise NotFound(Refusal("没有{username}这个账号，先开账号", field="username", username=username))
    first = clock.code(FIRST)
    account.set_password(first)
    account.handed = True
    account.save(update_fields=["password", "handed"])
    record(PasswordGiven(f"account:{account.id}"), by=by, at=at)
    return first


@verb
def change_password(*, old: str, new: str, by: Actor, at: datetime) -> None:
    """Choose a password of one's own; nobody changes another's. Records password.changed."""
    account = Account.objects.filter(id=_account(by)).first()
    if account is None or not account.check_password(old):
        raise BadInput(Refusal("现在的密码不对，再输一次", field="old"))
    if new == old:
        raise BadInput(Refusal("新密码和现在的一样，换一个", field="new"))
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise BadInput(SHORT) from error
    account.set_password(new)
    account.handed = False
    account.save(update_fields=["password", "handed"])
    record(PasswordChanged(f"account:{account.id}"), by=by, at=at)


def _account(by: Actor) -> int:
    return int(by.ref.removeprefix("account:")) if by.ref.startswith("account:") else 0


def _of(kind, field, values):  # type: ignore[no-untyped-def]
    """Rows by one of their fields, so many at a time: a statement takes only so many values."""
    wanted = sorted(set(values))
    return [row for at in range(0, len(wanted), 500) for row in kind.objects.filter(**{f"{field}__in": wanted[at : at + 500]})]
