"""What passes are decided by. Pure: no Django, no clock, no chance."""

from datetime import datetime, timedelta

from siqian.kernel.permits import BadInput, Refusal, Thing

from ..cose import Answer, Fault, Known, StatusList, of_certificate, read
from .entering import (
    AMBER,
    GREEN,
    RED,
    SENTENCES,
    SHORT,
    Decision,
    GateLine,
    Rules,
    Special,
    Window,
    decide,
    faults,
    shuts_out,
)
from .life import (
    AUTHORITIES,
    AUTHORITY_WORDS,
    BAD_BINDING,
    BAD_PHONE,
    BAD_POINT,
    BAD_PROOF,
    BAD_RULES,
    BIND_FOR,
    COURIER,
    GRACE,
    LEAST_CELL,
    LIST_FOR,
    LOCK_TERM,
    LOCKERS,
    LONGEST_LOCK,
    MARK_FOR,
    MOST_BINDINGS,
    NO_AUTHORITY,
    NO_CLASS,
    NO_CODE,
    NO_COMPOUND,
    NO_COURIER,
    NO_EMPLOYER,
    NO_GATE,
    NO_LOCK,
    NO_NAME,
    NO_WHY,
    NOT_ACTIVE,
    NOT_BOUND,
    NOT_EMERGENCY,
    NOT_REGISTERED,
    OLD_VERSION,
    OVERSEERS,
    PASS_FOR,
    PERMITS,
    REGISTRARS,
    SAME_PERSON,
    STATUS_SIZE,
    SUSPENDED,
    VISITS_FOR,
    bucket,
    ends_at,
    month_of,
    rebind_fault,
    visible,
)
from .marks import SHAPES, Mark, mark_of
from .measures import (
    APPEAL,
    CONFIRM_WITHIN,
    HEARING,
    JUDGES,
    LATEST_TELLING,
    LONGEST_SUSPENSION,
    NO_CASE,
    NO_OPENING,
    NO_OUTCOME,
    NO_RULING,
    NO_TROUBLE,
    NO_WORDS,
    NOT_OPEN,
    OPEN_FOR,
    OPENERS,
    OUTCOMES,
    PERMITS as MEASURE_PERMITS,
    RULINGS,
    SAME_JUDGE,
    SAME_OPENER,
    TERM,
    TOO_LATE,
    TROUBLE,
    UNHEARD,
    WHEN,
    outcome_fault,
    unheard,
)
from .passing import (
    CLASSES,
    ID_BYTES,
    MOST_LETTERS,
    NUMBERS,
    PASS,
    SHOWN,
    SKEW,
    SLOT,
    WAYS,
    Pass,
    Shown,
    bits_of,
    issue,
    read_pass,
    read_shown,
    show,
    slot_fault,
    slot_of,
    text_of,
    ways_of,
)

__all__ = [
    "AMBER",
    "APPEAL",
    "AUTHORITIES",
    "AUTHORITY_WORDS",
    "BAD_BINDING",
    "BAD_CERTIFICATE",
    "BAD_PHONE",
    "BAD_POINT",
    "BAD_PROOF",
    "BAD_RULES",
    "BIND_FOR",
    "CLASSES",
    "CONFIRM_WITHIN",
    "COURIER",
    "GRACE",
    "GREEN",
    "HEARING",
    "ID_BYTES",
    "JUDGES",
    "LATEST_TELLING",
    "LEAST_CELL",
    "LIST_FOR",
    "LOCKERS",
    "LOCK_TERM",
    "LONGEST_LOCK",
    "LONGEST_SUSPENSION",
    "LONGEST_TERM",
    "MARK_FOR",
    "MEASURE_PERMITS",
    "MOST_BINDINGS",
    "MOST_LETTERS",
    "NOT_ACTIVE",
    "NOT_BOUND",
    "NOT_EMERGENCY",
    "NOT_OPEN",
    "NOT_REGISTERED",
    "NO_AUTHORITY",
    "NO_CASE",
    "NO_CLASS",
    "NO_CODE",
    "NO_COMPLAINT",
    "NO_COMPOUND",
    "NO_COURIER",
    "NO_EMPLOYER",
    "NO_EMPLOYER_TOKEN",
    "NO_GATE",
    "NO_LOCK",
    "NO_NAME",
    "NO_NOTE",
    "NO_OPENING",
    "NO_OUTCOME",
    "NO_RULING",
    "NO_TERM",
    "NO_TOKEN",
    "NO_TROUBLE",
    "NO_WAY",
    "NO_WHY",
    "NO_WORDS",
    "NUMBERS",
    "OLD_VERSION",
    "OPENERS",
    "OPEN_FOR",
    "OUTCOMES",
    "OVERSEERS",
    "PASS",
    "PASS_FOR",
    "PERMITS",
    "RED",
    "REGISTRARS",
    "RULINGS",
    "SAME_JUDGE",
    "SAME_OPENER",
    "SAME_PERSON",
    "SENTENCES",
    "SHAPES",
    "SHORT",
    "SHORTEST_TERM",
    "SHOWN",
    "SIGN_IN",
    "SKEW",
    "SLOT",
    "STATUS_SIZE",
    "SUSPENDED",
    "TERM",
    "TOO_LATE",
    "TOO_MANY",
    "TROUBLE",
    "UNHEARD",
    "VISITS_FOR",
    "WAYS",
    "WHEN",
    "Answer",
    "Decision",
    "Fault",
    "GateLine",
    "Known",
    "Mark",
    "Pass",
    "Rules",
    "Shown",
    "Special",
    "StatusList",
    "Window",
    "bad_rules",
    "bits_of",
    "bucket",
    "compound_thing",
    "decide",
    "ends_at",
    "faults",
    "issue",
    "mark_of",
    "month_of",
    "of_certificate",
    "outcome_fault",
    "read",
    "read_pass",
    "read_shown",
    "rebind_fault",
    "show",
    "shuts_out",
    "slot_fault",
    "slot_of",
    "suspended",
    "term_or_refuse",
    "text_of",
    "told_fault",
    "unheard",
    "visible",
    "ways_of",
]

SIGN_IN = Refusal("先登录，再打开通行码页")
NO_WAY = Refusal("选一个：步行、推车、骑车", field="goes")
NO_COMPLAINT = Refusal("写一句这个小区怎么了，4个字以上、300字以内", field="text")
NO_NOTE = Refusal("选他来做什么，再写两个字为什么放行", field="note")
TOO_MANY = Refusal("一次最多传500次进出，分几次传", field="visits")
NO_TERM = Refusal("停用要有到期日，一天以上、一年以内", field="until")
BAD_CERTIFICATE = Refusal("证书读不懂，或者不是P-256的钥匙", field="certificate")
NO_TOKEN = Refusal("没有这个门的令牌，或者换过手机了。请物业重新绑定")
NO_EMPLOYER_TOKEN = Refusal("没有这个单位的令牌，或者已经换过。在单位页上再出一个")
SHORTEST_TERM, LONGEST_TERM = timedelta(days=1), timedelta(days=366)


def told_fault(name: str, phone: str, klass: str, goes: tuple[str, ...]) -> Refusal | None:
    """Why this is no registration."""
    if not 2 <= len(name.strip()) <= 30:
        return NO_NAME
    if not (phone.isascii() and phone.isdigit() and len(phone) == 11 and phone.startswith("1")):
        return BAD_PHONE
    if klass not in CLASSES:
        return NO_CLASS
    return None if goes and set(goes) <= set(WAYS) else NO_WAY


def term_or_refuse(until: datetime, at: datetime) -> datetime:
    """A suspension has an end: nobody is shut out for ever, and for no hour."""
    if not SHORTEST_TERM <= until - at <= LONGEST_TERM:
        raise BadInput(NO_TERM)
    return until


def suspended(until: str, reason: str) -> Refusal:
    return Refusal(SUSPENDED.template, until=until, reason=reason)


def bad_rules(part: str) -> Refusal:
    return Refusal(BAD_RULES.template, field=part, part=part)


def compound_thing(id_: int, path: str, post: str, guard: str) -> Thing:
    return Thing("compound", f"compound:{id_}", area=path, posts=frozenset(one for one in (post, guard) if one))
