"""Matters as JSON, by the same verbs as the pages."""

from django.http import HttpRequest
from ninja import Query, Router

from siqian.kernel.permits import NotYours, Refusal
from siqian.trades.tasks import queries as tasks

from .. import actions, queries
from ..rules.parts import Wanted
from . import aside, cases, joint, petition
from .shapes import (
    FAULTS,
    AssignIn,
    ContactIn,
    DivideIn,
    KindIn,
    LineOut,
    MatterOut,
    Problem,
    RatingIn,
    TextIn,
    TodoOut,
    TransferIn,
    id_of,
    line_out,
    whole,
)

router = Router(tags=["matters"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


@router.get("/matters", response={200: list[LineOut], 403: Problem})
def find(
    request: HttpRequest, q: str = Query("", max_length=60), state: str = Query("", max_length=12), after: int = Query(0, ge=0, le=2**53)
):
    """Matters that the actor may see, the newest first, 50 a page; after: the last id of the page before."""
    actor = request.actor
    lines = queries.find(seen_by=actor, words=q, state=state, after=after) if actor.is_staff else queries.mine(seen_by=actor)
    return [line_out(line) for line in lines]


@router.get("/todo", response={200: list[TodoOut], 403: Problem})
def todo(request: HttpRequest):
    """Matters that the actor's posts owe something about, what is due first on top."""
    if not request.actor.is_staff:
        raise NotYours(SIGN_IN)
    lines = [line for line in tasks.todo(seen_by=request.actor, at=request.at) if line.about.startswith("matter:")]
    found = queries.lines([int(line.about.removeprefix("matter:")) for line in lines], seen_by=request.actor)
    rows = [(line, found[id_]) for line in lines if (id_ := int(line.about.removeprefix("matter:"))) in found]
    return [TodoOut(number=m.number, what=t.what, title=t.title, place=t.place, due=t.due, level=t.level, group=t.group) for t, m in rows]


@router.get("/matters/{number}", response={200: MatterOut} | FAULTS)
def one(request: HttpRequest, number: str):
    return whole(request, number)


@router.post("/matters/{number}/acceptance", response={200: MatterOut} | FAULTS)
def accept(request: HttpRequest, number: str):
    actions.accept(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/contacts", response={201: MatterOut} | FAULTS)
def contact(request: HttpRequest, number: str, sent: ContactIn):
    actions.contact(matter=id_of(number), how=sent.how, text=sent.text, promised=sent.promised, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/notes", response={201: MatterOut} | FAULTS)
def note(request: HttpRequest, number: str, sent: TextIn):
    actions.note(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/closure", response={200: MatterOut} | FAULTS)
def close(request: HttpRequest, number: str, sent: TextIn):
    actions.close(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.delete("/matters/{number}/closure", response={200: MatterOut} | FAULTS)
def take_back(request: HttpRequest, number: str):
    """Undo a closing within ten minutes, by whoever closed it, before its teller said anything; its clocks run on."""
    actions.take_back(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/remarks", response={201: MatterOut} | FAULTS)
def remark(request: HttpRequest, number: str, sent: TextIn):
    actions.remark(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/rating", response={200: MatterOut} | FAULTS)
def rate(request: HttpRequest, number: str, sent: RatingIn):
    """good=false reopens it with somebody else."""
    actions.rate(matter=id_of(number), good=sent.good, words=sent.words, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/urging", response={200: MatterOut} | FAULTS)
def urge(request: HttpRequest, number: str):
    actions.urge(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/question", response={200: MatterOut} | FAULTS)
def ask_why(request: HttpRequest, number: str):
    """The teller asks why it takes so long; its owner owes a word within four hours. Once a day."""
    actions.ask_why(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/withdrawal", response={200: MatterOut} | FAULTS)
def withdraw(request: HttpRequest, number: str):
    actions.withdraw(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/assignment", response={200: MatterOut} | FAULTS)
def assign(request: HttpRequest, number: str, sent: AssignIn):
    """A person rules what it is and where."""
    actions.assign(matter=id_of(number), item=sent.item, building=sent.building, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/kind", response={200: MatterOut} | FAULTS)
def sort(request: HttpRequest, number: str, sent: KindIn):
    """Correct what kind of message it is; the settling clock gets the kind's term."""
    actions.sort(matter=id_of(number), kind=sent.kind, why=sent.why, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/transfer", response={200: MatterOut} | FAULTS)
def move(request: HttpRequest, number: str, sent: TransferIn):
    actions.move(matter=id_of(number), post=sent.post, why=sent.why, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/parts", response={201: MatterOut} | FAULTS)
def divide(request: HttpRequest, number: str, sent: DivideIn):
    """Make parts of what else is in it; the whole closes only when they are over. The same part twice is made once."""
    parts = [Wanted(part.text, part.item) for part in sent.parts]
    actions.divide(matter=id_of(number), parts=parts, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/gathering", response={200: MatterOut} | FAULTS)
def gather(request: HttpRequest, number: str):
    """Take a part back into its whole, within the hour, while nobody took it up."""
    actions.gather(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


router.add_router("", aside.router)
router.add_router("", petition.router)
router.add_router("", joint.router)
router.add_router("", cases.router)
