"""The verbs of whoever looks after security: who is administrator, which accounts may sign in."""

from datetime import datetime, timedelta

from siqian.kernel import store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import OFFICE, Actor, BadInput, NotFound, NotYours, Refusal, Refused, Thing, must
from siqian.kernel.said import said
from siqian.town.places import queries as places

from . import apart
from .events import AccountSwitched, AdministratorAppointed, AdministratorRelieved
from .listing import TurnRow
from .models import Account, Holding, Person, Post
from .seating import take_seats

ALWAYS = tuple((weekday, 0, 24 * 60) for weekday in range(7))
NOT_ONESELF = Refusal("自己不能任命自己，也不能停自己的账号，请另一位安全管理员来")
NO_DUTY = Refusal("选系统管理员、安全管理员或审计管理员", field="duty")
NO_PERSON = said("名单里没有{code}，先登记这个人")
NO_ACCOUNT = said("没有{username}这个账号")
LAST = said("{duty}至少要有一位，先任命另一位再免")


@office_verb
def appoint(*, duty: str, person: str, by: Actor, at: datetime) -> None:
    """Make somebody one of the three administrators, round the clock, from today on; nobody appoints themselves. Twice is once.

    BadRoster where they would be two of them. Records administrator.appointed.
    """
    must(by, "appoint", _everywhere())
    post = _post(duty)
    if by.person == person:
        raise NotYours(NOT_ONESELF)
    if not Person.objects.filter(code=person).exists():
        raise BadInput(Refusal(NO_PERSON, field="person", code=person or "—"))
    store.lock("roster", "administrators")
    if _holding(post, person, at) is not None:
        return
    take_seats(turns=[TurnRow(1, post.code, person, local(at).date(), None, ALWAYS)], by=OFFICE, at=at)
    record(AdministratorAppointed(f"person:{person}", duty), by=by, at=at)


@office_verb
def relieve(*, duty: str, person: str, by: Actor, at: datetime) -> None:
    """Somebody is administrator no more, from today on; the last one of a kind stays. Twice is once. Records administrator.relieved."""
    must(by, "appoint", _everywhere())
    post = _post(duty)
    store.lock("roster", "administrators")
    held = _holding(post, person, at)
    if held is None:
        return
    if not Holding.objects.filter(post=post).exclude(until__lt=local(at).date()).exclude(id=held.id).exists():
        raise Refused(Refusal(LAST, duty=apart.WORDS[duty]))
    take_seats(turns=[TurnRow(1, post.code, person, None, local(at).date() - timedelta(days=1), ())], by=OFFICE, at=at)
    record(AdministratorRelieved(f"person:{person}", duty), by=by, at=at)


@office_verb
def switch_account(*, username: str, active: bool, by: Actor, at: datetime) -> None:
    """Let an account of staff sign in, or no longer; never one's own. Twice is once. Records account.switched."""
    must(by, "keep accounts", _everywhere())
    account = Account.objects.filter(username=username).exclude(person=None).first()
    if account is None:
        raise NotFound(Refusal(NO_ACCOUNT, username=username))
    if by.ref == f"account:{account.id}":
        raise NotYours(NOT_ONESELF)
    if account.is_active != active:
        Account.objects.filter(id=account.id).update(is_active=active)
        record(AccountSwitched(f"account:{account.id}", active), by=by, at=at)


def _post(duty: str) -> Post:
    post = Post.objects.filter(duty=duty).order_by("id").first() if duty in apart.ADMINISTRATORS else None
    if post is None:
        raise BadInput(NO_DUTY)
    return post


def _holding(post: Post, person: str, at: datetime) -> Holding | None:
    return Holding.objects.filter(post=post, person__code=person).exclude(until__lt=local(at).date()).first()


def _everywhere() -> Thing:
    top = places.district()
    return Thing("roster", area=top.path if top else "/")
