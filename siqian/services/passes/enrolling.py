"""The verbs about couriers: registered once, vouched for by an employer or in person, suspended with a term, ended."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import clock, store, vault
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refused, Thing, may, must, or_refuse
from siqian.kernel.said import said
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices

from . import issuing, rules
from .events import CourierAsked, CourierAttested, CourierDeclined, CourierEnded, CourierResumed, CourierSuspended, EmployerAdmitted
from .models import Courier, Employer

PHONE = re.compile(r"1\d{10}")
ATTESTED = said("核实好了，打开通行码页就能用")
DECLINED = said("登记没有通过：{why}。可以改了再登记")
PAUSED = said("通行码停用到{until}：{why}。不同意可以申诉，由另一个人来看")
RESUMED = said("通行码恢复了，打开通行码页就能用")


@dataclass(frozen=True)
class Told:
    """What somebody says when they register."""

    name: str
    phone: str
    klass: str
    goes: tuple[str, ...] = ("foot", "push")
    employer: str = ""


@office_verb
def ask(*, told: Told, by: Actor, at: datetime) -> str:
    """Register oneself; gives the code that an employer or a studio is shown. Twice is once. Records courier.asked."""
    holder = _holder(by)
    store.lock("courier", holder)
    known = Courier.objects.filter(holder=holder).exclude(state="ended").first()
    if known is not None:
        return known.code
    if told.klass == "emergency":
        raise BadInput(rules.NOT_EMERGENCY)
    row = _made(told, holder=holder, at=at)
    record(CourierAsked(f"courier:{row.id}", row.klass), first=True, by=by, at=at)
    return row.code


@office_verb
def register(*, told: Told, by: Actor, at: datetime) -> str:
    """Register somebody who has no phone, in person: they get a card. Records courier.asked and courier.attested."""
    must(by, "attest", Thing("courier", area=_whole()))
    row = _made(told, holder=0, at=at)
    record(CourierAsked(f"courier:{row.id}", row.klass), first=True, by=by, at=at)
    _attest(row, "desk" if by.has("desk") else "keeper", by=by, at=at)
    return row.code


@office_verb
def attest(*, code: str, by: Actor, at: datetime) -> None:
    """Vouch for whoever shows this code: their employer, a studio's desk, a grid worker. Twice is once. Records courier.attested."""
    row, how = _judged(code, "attest", by)
    if row.state != "active":
        _attest(row, how, by=by, at=at)


@office_verb
def attest_all(*, codes: Sequence[str], by: Actor, at: datetime) -> None:
    """The same for many at once: one that cannot be and nobody is vouched for."""
    for code in codes:
        attest(code=code, by=by, at=at)


@office_verb
def decline(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Do not vouch, with a reason that the courier reads. Records courier.declined."""
    row, _ = _judged(code, "decline", by)
    row.state = or_refuse(rules.COURIER.then(row.state, "decline"))
    row.why, row.ended = _reason(why), at
    row.save(update_fields=["state", "why", "ended"])
    record(CourierDeclined(f"courier:{row.id}", row.why), by=by, at=at)
    _tell(row, DECLINED, by, at, why=row.why)


@office_verb
def suspend(*, courier: int, why: str, until: datetime, by: Actor, at: datetime) -> None:
    """Shut somebody out until a day, decided by a human; all their codes end at once. Records courier.suspended."""
    row = _locked(courier, "suspend", by)
    row.state = or_refuse(rules.COURIER.then(row.state, "suspend"))
    row.why, row.until = _reason(why), rules.term_or_refuse(until, at)
    row.save(update_fields=["state", "why", "until"])
    issuing.revoke_all(row.id, at)
    day = f"{clock.local(until):%Y-%m-%d}"
    record(CourierSuspended(f"courier:{row.id}", day), by=by, at=at)
    _tell(row, PAUSED, by, at, until=day, why=row.why)


@office_verb
def resume(*, courier: int, by: Actor, at: datetime) -> None:
    """Let them in again. Records courier.resumed."""
    row = _locked(courier, "resume", by)
    row.state = or_refuse(rules.COURIER.then(row.state, "resume"))
    row.why, row.until = "", None
    row.save(update_fields=["state", "why", "until"])
    record(CourierResumed(f"courier:{row.id}"), by=by, at=at)
    _tell(row, RESUMED, by, at)


@office_verb
def end(*, courier: int, by: Actor, at: datetime) -> None:
    """The registration ends, by oneself or the employer; the name is destroyed. Records courier.ended."""
    row = _locked(courier, "end", by)
    row.state = or_refuse(rules.COURIER.then(row.state, "end"))
    row.ended, row.name, row.sealed_name, row.sealed_phone, row.phone_mark = at, "", "", "", ""
    row.save(update_fields=["state", "ended", "name", "sealed_name", "sealed_phone", "phone_mark"])
    issuing.revoke_all(row.id, at)
    vault.forget(subject=f"courier:{row.id}", reason="登记注销", by=by, at=at)
    record(CourierEnded(f"courier:{row.id}"), by=by, at=at)


@office_verb
def admit_employer(*, code: str, name: str, name_en: str = "", by: Actor, at: datetime) -> int:
    """A firm may vouch for its couriers. Records employer.admitted."""
    must(by, "attest", Thing("courier", area=_whole()))
    row, made = Employer.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en, "at": at})
    if made:
        record(EmployerAdmitted(f"employer:{row.id}"), first=True, by=by, at=at)
    return row.id


@office_verb
def let_act(*, employer: str, account: int, by: Actor, at: datetime) -> None:
    """An account acts for an employer."""
    must(by, "attest", Thing("courier", area=_whole()))
    row = Employer.objects.select_for_update().get(code=employer)
    row.keepers = sorted({*row.keepers, account})
    row.save(update_fields=["keepers"])


@office_verb
def new_token(*, employer: int, by: Actor, at: datetime) -> str:
    """A token with which the employer's own system vouches and suspends; shown once, the one before ends."""
    must(by, "attest", Thing("courier", f"employer:{employer}", area=_whole()))
    token = clock.code(32)
    Employer.objects.filter(id=employer).update(token_hash=hashlib.sha256(token.encode()).hexdigest())
    return token


def _holder(by: Actor) -> int:
    """What the fence calls one's own: minus the account's id."""
    kind, _, number = by.ref.partition(":")
    if kind != "account":
        raise Refused(rules.SIGN_IN)
    return -int(number)


def _made(told: Told, *, holder: int, at: datetime) -> Courier:
    if (fault := rules.told_fault(told.name, told.phone, told.klass, told.goes)) is not None:
        raise BadInput(fault)
    employer = Employer.objects.filter(code=told.employer, ended=None).first() if told.employer else None
    if told.employer and employer is None:
        raise BadInput(rules.NO_EMPLOYER)
    row = Courier(
        holder=holder, path=_whole(), code=clock.code(6), klass=told.klass, goes=rules.bits_of(told.goes), employer=employer, asked=at
    )
    row.name = vault.masked_name(told.name.strip())
    row.phone_mark = vault.mark(told.phone)
    row.save()
    subject = f"courier:{row.id}"
    row.sealed_name, row.sealed_phone = vault.seal(subject, told.name.strip(), at=at), vault.seal(subject, told.phone, at=at)
    row.save(update_fields=["sealed_name", "sealed_phone"])
    return row


def _judged(code: str, step: str, by: Actor) -> tuple[Courier, str]:
    """(the courier with this code, locked; by which right one judges)."""
    row = Courier.objects.select_for_update(of=("self",)).filter(code=code.strip().upper()).exclude(state="ended").first()
    if row is None:
        raise NotFound(rules.NO_CODE)
    if row.employer_id and may(by, step, Thing("courier", f"employer:{row.employer_id}", area=row.path)) is None:
        return row, "employer"
    # Nobody vouches for oneself.
    must(by, step, Thing("courier", area=row.path, against=frozenset([f"account:{-row.holder}"])))
    return row, "desk" if by.has("desk") else "keeper"


def _attest(row: Courier, how: str, *, by: Actor, at: datetime) -> None:
    row.state = or_refuse(rules.COURIER.then(row.state, "attest"))
    row.how, row.attested, row.attested_by = how, at, by.ref
    row.save(update_fields=["state", "how", "attested", "attested_by"])
    record(CourierAttested(f"courier:{row.id}", how), by=by, at=at)
    _tell(row, ATTESTED, by, at)


def _locked(courier: int, step: str, by: Actor) -> Courier:
    row = Courier.objects.select_for_update(of=("self",)).filter(id=courier).first()
    if row is None:
        raise NotFound(rules.NO_COURIER)
    refs = [f"courier:{row.id}"] if step == "end" else []
    refs += [f"employer:{row.employer_id}"] if row.employer_id else []
    if not any(may(by, step, Thing("courier", ref, area=row.path)) is None for ref in refs or [""]):
        must(by, step, Thing("courier", area=row.path))
    return row


def _reason(why: str) -> str:
    if len(why.strip()) < 4:
        raise BadInput(rules.NO_WHY)
    return why.strip()[:200]


def _tell(row: Courier, text: str, by: Actor, at: datetime, **values: str) -> None:
    if row.holder:
        notices.tell(to=f"account:{-row.holder}", about=f"courier:{row.id}", text=text, values=values, by=by, at=at)


def _whole() -> str:
    top = places.district()
    return top.path if top else "/"
