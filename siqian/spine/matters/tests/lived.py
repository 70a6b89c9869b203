"""Matters that are lived through the single verbs, by chance, and noted as lives on the way."""

from datetime import datetime, timedelta
from random import Random

from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE, Actor, Fence, Grant, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions, jobs as matters_jobs
from siqian.spine.matters.models import Matter, Request, Step, Telling
from siqian.spine.matters.rules import OPEN, course
from siqian.spine.matters.rules.lives import Did, Holder, Life, Spot, Voice
from siqian.town.places.queries import Place
from siqian.trades.tasks import jobs
from siqian.trades.tasks.models import Pause, Task

TEXTS = (
    "3栋东边楼梯2楼的灯坏了，晚上看不清路",
    "那个东西又来了，怎么搞的",
    "投诉网格员陈志明，态度差，3栋楼梯灯坏了三次都不管",
    "举报3栋楼下的店偷税漏税",
    "水管爆了，水流到过道，电表箱就在旁边",
    "老板欠我们三个月工资不给，十几个人等着过年",
    "妈妈六十五了，免费乘车的敬老卡在哪里办",
    "4栋外墙瓷砖松了一块，怕掉下来砸到人",
    "楼道电表箱老化，有时打火花，一股糊味",
)
HOMES = ("松涛苑3栋", "松涛苑1栋", "木棉苑7栋", "云岭村A栋")
BOSS = Actor(ref="person:boss", name="何庆", grants=(Grant("desk", "/rj/"),), fence=Fence(everything=True))
HIGHEST = Actor(ref="person:highest", name="梁敏", grants=(Grant("dispatcher", "/rj/"),), fence=Fence(everything=True))
STAFF = Actor(ref="person:any", name="方若兰", grants=(Grant("dispatcher", "/"),), fence=Fence(everything=True))
CHOICES = ("accept", "contact", "contact", "note", "close", "close", "praise", "reopen", "lapse", "remark", "urge", "withdraw", "join")
ASIDE = ("hold", "stage", "return", "extend", "ledger", "ledger", "supervise", "refuse")
# What is most often done next in a state, so that short walks come everywhere.
NEXT = {
    "closed": ("praise", "reopen", "reopen", "lapse", "call", "told_ok", "told_bad"),
    "in_hand": ("close", "hold", "stage", "ledger", "extend"),
    "returned": ("grant", "deny", "contact"),
    "on_hold": ("resume", "remark", "close", "contact"),
    "staged": ("ledger", "close", "contact"),
    "shelved": ("review", "take_up", "close"),
    "refused": ("appeal", "appeal", "remark"),
    "appealed": ("grant", "deny"),
    "to_check": ("pass", "pass", "fail", "resume"),
}
LAWFUL = {"accept": ("assigned", "accepted", "in_hand"), "move": ("received", "assigned", "accepted", "in_hand")}


def spot(place: Place, unplaced: str = "") -> Spot:
    return Spot(place.path, place.fence, place.words, place.building, place.lon, place.lat, unplaced)


class Walk:
    """One matter, from its telling on: every act goes through its verb and is noted as it was done."""

    def __init__(self, town, chance: Random, begin: datetime, number: int) -> None:
        self.town, self.chance, self.at, self.acts, self.states = town, chance, begin, [], set()
        self.text = f"{chance.choice(TEXTS)}，第{number}回"
        unplaced = "没说在哪里" if chance.random() < 0.2 else ""
        self.place = town.area("rj") if unplaced else town.place(chance.choice(HOMES))
        self.understood = learn.understand(self.text)
        told = self._told(unplaced)
        receipt = actions.receive(told=told, teller=actions.Teller("周小兰", "13800002047"), by=self._teller(), at=begin)
        self.matter, self.tellings = receipt.matter, [receipt.telling]
        row = self.row()
        first = Voice(self.text, begin, "web", self.understood, "receipt:walk", "周小兰", "13800002047")
        self.first = first
        self.begun = {"item": row.item, "kind": row.kind, "holder": Holder(row.post, row.person, receipt.keeper)}
        self.spot = spot(self.place, unplaced)

    def life(self) -> Life:
        return Life(self.first, self.spot, acts=tuple(self.acts), against=tuple(self.row().against), **self.begun)

    def row(self) -> Matter:
        return Matter.objects.get(id=self.matter)

    def go(self, steps: int, until: datetime) -> None:
        for _ in range(steps):
            at = self.at + timedelta(minutes=self.chance.choice((0, 3, 9, 20, 70, 400, 1700, 5000, 12000)))
            if self.chance.random() < 0.1:
                at = max(self.at, self._next_due() or at)
            row = self.row()
            self.states.add(row.state)
            verb = self._choice(row.state)
            if verb == "lapse" and row.closed:
                at = max(at, row.closed + timedelta(days=7))
            if at > until:
                break
            self.climb(at)
            self.at = at
            getattr(self, f"_{verb}")(self.row(), at)
        self.climb(until + timedelta(microseconds=1))

    def _choice(self, state: str) -> str:
        asked = Request.objects.filter(matter=self.matter, state="asked").exists()
        if asked and self.chance.random() < 0.5:
            return self.chance.choice(("grant", "grant", "deny"))
        if self.chance.random() < 0.3 and self._running("supervise"):
            return "supervise"
        if state in NEXT and self.chance.random() < 0.7:
            return self.chance.choice(NEXT[state])
        return self.chance.choice((*CHOICES, *ASIDE, *(("assign", "move") if state != "received" else ("assign",) * 6)))

    def _next_due(self) -> datetime | None:
        """The last instant at which a promise would still be kept."""
        running = Task.objects.filter(about=f"matter:{self.matter}", stopped=None, climbs_at__gt=self.at)
        return running.order_by("climbs_at").values_list("climbs_at", flat=True).first()

    def climb(self, before: datetime) -> None:
        """The worker, who never sleeps: everything climbs at its instant."""
        while True:
            over = Pause.objects.filter(about=f"matter:{self.matter}", until=None, limit__lt=before).order_by("limit").first()
            late = Task.objects.filter(about=f"matter:{self.matter}", stopped=None, climbs_at__lt=before).order_by("climbs_at").first()
            if over is not None and (late is None or over.limit <= late.climbs_at):
                matters_jobs.go_on_after_the_limit(at=over.limit)
                continue
            if late is None:
                return
            at = late.climbs_at
            jobs.climb_what_is_late(at=at)
            deliveries.work(at=at, most=10_000)

    def _told(self, unplaced: str = "", **more) -> actions.Told:
        return actions.Told(
            self.text, self.understood, self.place, self.place.words, "web", why_unplaced=unplaced, apart="joins" not in more, **more
        )

    def _teller(self) -> Actor:
        if not hasattr(self, "matter"):
            return Actor(ref="receipt:walk")
        own = frozenset({f"matter:{self.matter}", f"telling:{self.tellings[0]}"})
        return Actor(ref="receipt:walk", own=own, fence=Fence(own=(self.matter,)))

    def _noted(self, verb: str, by: Actor, at: datetime, **more) -> None:
        self.acts.append(Did(verb, at, by.ref, by.name, **more))

    def _accept(self, row, at):
        if row.state in LAWFUL["accept"]:
            actions.accept(matter=row.id, by=STAFF, at=at)
            self._noted("accept", STAFF, at)

    def _contact(self, row, at):
        if row.state in OPEN:
            promised = at + timedelta(hours=3) if self.chance.random() < 0.5 else None
            actions.contact(matter=row.id, how="phone", text="问清楚了", promised=promised, by=STAFF, at=at)
            self._noted("contact", STAFF, at, how="phone", text="问清楚了", promised=promised)

    def _note(self, row, at):
        actions.note(matter=row.id, text="先去看一眼", by=STAFF, at=at)
        self._noted("note", STAFF, at, text="先去看一眼")

    def _close(self, row, at):
        if row.state in ("in_hand", "on_hold", "staged", "shelved", "closed"):
            actions.close(matter=row.id, text="换了新的，试过", by=STAFF, at=at)
            self._noted("close", STAFF, at, text="换了新的，试过")

    def _praise(self, row, at):
        if row.state == "closed":
            actions.rate(matter=row.id, good=True, words="谢谢", by=self._teller(), at=at)
            self._noted("praise", self._teller(), at, text="谢谢")

    def _reopen(self, row, at):
        if row.state == "closed":
            actions.rate(matter=row.id, good=False, words="还是不亮", by=self._teller(), at=at)
            self._noted("reopen", self._teller(), at, text="还是不亮", holder=self._holder("reopened"))

    def _lapse(self, row, at):
        if row.state == "closed" and at >= row.closed + timedelta(days=7):
            actions.lapse(matter=row.id, by=OFFICE, at=at)
            self._noted("lapse", OFFICE, at)

    def _remark(self, row, at):
        actions.remark(matter=row.id, text="我住502，晚上在家", by=self._teller(), at=at)
        self._noted("remark", self._teller(), at, text="我住502，晚上在家")

    def _urge(self, row, at):
        if row.state in OPEN:
            actions.urge(matter=row.id, by=self._teller(), at=at)
            self._noted("urge", self._teller(), at)

    def _withdraw(self, row, at):
        if row.state in OPEN and row.tellings == 1 and row.kind != "report" and self.chance.random() < 0.4:
            actions.withdraw(matter=row.id, by=self._teller(), at=at)
            self._noted("withdraw", self._teller(), at)

    def _assign(self, row, at):
        if row.state in LAWFUL["move"]:
            building = self.town.building(self.chance.choice(HOMES)) if row.unplaced or self.chance.random() < 0.3 else ""
            actions.assign(matter=row.id, item="4.1.1", building=building, by=STAFF, at=at)
            found = spot(self.town.place(next(home for home in HOMES if self.town.building(home) == building))) if building else None
            self._noted("assign", STAFF, at, item="4.1.1", spot=found, holder=self._holder("assigned"))

    def _move(self, row, at):
        if row.state in LAWFUL["move"]:
            post = self.town.post(*self.chance.choice((("secretary", "ry"), ("desk", "st"), ("police", "ry"))))
            actions.move(matter=row.id, post=post, why="不是我们的，要他们出面", by=STAFF, at=at)
            self._noted("move", STAFF, at, text="不是我们的，要他们出面", holder=self._holder("assigned"))

    def _join(self, row, at):
        same = row.item == self.understood.item and row.building == self.place.building != ""
        if row.state in OPEN and same and not row.discreet and at - row.received < timedelta(days=3):
            receipt = actions.receive(told=self._told(joins=row.id), teller=actions.Teller(), by=Actor(ref="neighbour"), at=at)
            assert receipt.joined and receipt.matter == row.id
            self.tellings.append(receipt.telling)
            self._noted("join", OFFICE, at, voice=Voice(self.text, at, "web", self.understood, "neighbour", how="chosen"))

    def _hold(self, row, at):
        if row.state == "in_hand" and Step.objects.filter(matter=row, kind="held").count() < course.MOST_HOLDS:
            why = self.chance.choice(tuple(course.HOLDS))
            actions.hold(matter=row.id, why=why, text="等配件到货", by=STAFF, at=at)
            self._noted("hold", STAFF, at, text="等配件到货", why=why)

    def _resume(self, row, at):
        if row.state in ("on_hold", "to_check"):
            actions.resume(matter=row.id, by=STAFF, at=at)
            self._noted("resume", STAFF, at)

    def _stage(self, row, at):
        if row.state == "in_hand":
            until = at + timedelta(days=self.chance.randrange(1, 20))
            actions.stage(matter=row.id, text="先围起来，下周二由物业换新的", until=until, by=STAFF, at=at)
            self._noted("stage", STAFF, at, text="先围起来，下周二由物业换新的", until=until)

    def _return(self, row, at):
        if row.state in ("assigned", "accepted", "in_hand"):
            self._ask("return", row, at, unit="water", clause="不归这里：供水管网由供水单位负责")

    def _extend(self, row, at):
        self._ask("extend", row, at, amount=self.chance.randrange(1, 4))

    def _ledger(self, row, at):
        self._ask("ledger", row, at, until=at + timedelta(days=self.chance.randrange(2, 30)))

    def _refuse(self, row, at):
        self._ask("refuse", row, at, clause=self.chance.choice(("court", "elsewhere")))

    def _appeal(self, row, at):
        if row.state == "refused" and at - Request.objects.get(matter=row, kind="refuse", state="granted").ruled_at <= course.APPEAL_WITHIN:
            actions.appeal(matter=row.id, text="法院没有受理过", by=self._teller(), at=at)
            self._noted("appeal", self._teller(), at, text="法院没有受理过")

    def _ask(self, verb, row, at, **more):
        kind = {"extend": "extension"}.get(verb, verb)
        ask = course.Ask(kind, "要等厂家来人", **more)
        try:
            actions.ask(matter=row.id, ask=ask, by=STAFF, at=at)
        except Refused:
            return
        self._noted(verb, STAFF, at, text="要等厂家来人", **more)

    def _grant(self, row, at):
        self._rule("grant", row, at)

    def _deny(self, row, at):
        self._rule("deny", row, at)

    def _rule(self, verb, row, at):
        asked = Request.objects.filter(matter=row, state="asked").first()
        if asked is None or (verb == "grant" and asked.kind == "ledger" and asked.until <= at):
            return
        post = self.town.post("secretary", "ry") if self.chance.random() < 0.5 else ""
        by = HIGHEST if asked.kind == "appeal" else BOSS
        actions.rule(matter=row.id, granted=verb == "grant", ruling="照上次的判例", post=post, by=by, at=at)
        taken = {"return": "assigned", "appeal": "overturned"}.get(asked.kind, "") if verb == "grant" else ""
        self._noted(verb, by, at, text="照上次的判例", holder=self._holder(taken) if taken else None)

    def _review(self, row, at):
        if row.state == "shelved":
            until = at + timedelta(days=20)
            actions.review(matter=row.id, text="资金还在走流程", until=until, by=BOSS, at=at)
            self._noted("review", BOSS, at, text="资金还在走流程", until=until)

    def _take_up(self, row, at):
        if row.state == "shelved":
            actions.take_up(matter=row.id, text="资金到了，开工", by=BOSS, at=at)
            self._noted("take_up", BOSS, at, text="资金到了，开工")

    def _pass(self, row, at):
        self._check(row, True, at)

    def _fail(self, row, at):
        self._check(row, False, at)

    def _check(self, row, passed, at):
        if row.state == "to_check":
            actions.check(matter=row.id, passed=passed, text="到现场看过了", by=BOSS, at=at)
            self._noted("pass" if passed else "fail", BOSS, at, text="到现场看过了")

    def _call(self, row, at):
        if row.state == "closed" and self._may_call(row, at):
            actions.call_back(matter=row.id, reached=False, by=BOSS, at=at)
            self._noted("call", BOSS, at)

    def _told_ok(self, row, at):
        if row.state == "closed" and self._may_call(row, at):
            actions.call_back(matter=row.id, reached=True, solved=True, satisfied=True, words="说修好了", by=BOSS, at=at)
            self._noted("told_ok", BOSS, at, text="说修好了")

    def _told_bad(self, row, at):
        if row.state == "closed" and self._may_call(row, at):
            actions.call_back(matter=row.id, reached=True, words="说又坏了", by=BOSS, at=at)
            self._noted("told_bad", BOSS, at, text="说又坏了", holder=self._holder("told_bad"))

    def _may_call(self, row, at) -> bool:
        called = Step.objects.filter(matter=row, kind="called", at__gte=row.closed).order_by("-at")
        return course.calls_fault(called.count(), called.values_list("at", flat=True).first(), at) is None

    def _supervise(self, row, at):
        if self._running("supervise"):
            actions.supervise(matter=row.id, text="由街道牵头，三天内办好", by=BOSS, at=at)
            self._noted("supervise", BOSS, at, text="由街道牵头，三天内办好")

    def _running(self, what: str) -> bool:
        return Task.objects.filter(about=f"matter:{self.matter}", what=what, stopped=None).exists()

    def _holder(self, kind: str) -> Holder:
        row, last = self.row(), Step.objects.filter(matter=self.matter, kind=kind).order_by("-id").first()
        return Holder(row.post, row.person, last.values["keeper"])


def rows(matter: int) -> tuple[dict, list, list, list, list, list]:
    """Everything that is kept of one matter, less ids, receipts, seals and the order of equal instants."""
    own = dict(Matter.objects.values().get(id=matter))
    own.pop("id")
    told = list(Telling.objects.filter(matter=matter).order_by("id").values())
    numbers = {row.pop("id"): number for number, row in enumerate(told)}
    for row in told:
        named = bool(row.pop("name_sealed")), bool(row.pop("phone_sealed"))
        assert row.pop("matter_id") == matter and len(row.pop("receipt")) == 64
        row["named"] = named
    steps = list(Step.objects.filter(matter=matter).values())
    for row in steps:
        row.pop("id"), row.pop("matter_id")
        if "telling" in row["values"]:
            row["values"] = row["values"] | {"telling": numbers.get(row["values"]["telling"])}
    clocks = list(Task.objects.filter(about=f"matter:{matter}").values())
    for row in clocks:
        row.pop("id"), row.pop("about")
    pauses = list(Pause.objects.filter(about=f"matter:{matter}").order_by("since").values("what", "why", "since", "limit", "until"))
    asked = list(Request.objects.filter(matter=matter).order_by("at", "id").values())
    for row in asked:
        row.pop("id"), row.pop("matter_id")
    return own, told, sorted(steps, key=repr), sorted(clocks, key=repr), pauses, asked
