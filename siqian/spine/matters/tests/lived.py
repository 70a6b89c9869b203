"""Matters that are lived through the single verbs, by chance, and noted as lives on the way."""

from datetime import datetime, timedelta
from random import Random

from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE, Actor, Fence, Grant
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions
from siqian.spine.matters.models import Matter, Step, Telling
from siqian.spine.matters.rules.lives import Did, Holder, Life, Spot, Voice
from siqian.town.places.queries import Place
from siqian.trades.tasks import jobs
from siqian.trades.tasks.models import Task

TEXTS = (
    "3栋东边楼梯2楼的灯坏了，晚上看不清路",
    "那个东西又来了，怎么搞的",
    "投诉网格员陈志明，态度差，3栋楼梯灯坏了三次都不管",
    "举报3栋楼下的店偷税漏税",
    "水管爆了，水流到过道，电表箱就在旁边",
    "老板欠我们三个月工资不给，十几个人等着过年",
    "妈妈六十五了，免费乘车的敬老卡在哪里办",
)
HOMES = ("松涛苑3栋", "松涛苑1栋", "木棉苑7栋", "云岭村A栋")
STAFF = Actor(ref="person:any", name="方若兰", grants=(Grant("dispatcher", "/"),), fence=Fence(everything=True))
CHOICES = ("accept", "contact", "contact", "note", "close", "close", "praise", "reopen", "lapse", "remark", "urge", "withdraw", "join")


def spot(place: Place, unplaced: str = "") -> Spot:
    return Spot(place.path, place.fence, place.words, place.building, place.lon, place.lat, unplaced)


class Walk:
    """One matter, from its telling on: every act goes through its verb and is noted as it was done."""

    def __init__(self, town, chance: Random, begin: datetime, number: int) -> None:
        self.town, self.chance, self.at, self.acts = town, chance, begin, []
        self.text = f"{chance.choice(TEXTS)}，第{number}回"
        unplaced = "没说在哪里" if chance.random() < 0.2 else ""
        self.place = town.area("rj") if unplaced else town.place(chance.choice(HOMES))
        self.understood = learn.understand(self.text)
        told = self._told(unplaced)
        receipt = actions.receive(told=told, teller=actions.Teller("周小兰", "13800002047"), by=self._teller(), at=begin)
        self.matter, self.tellings = receipt.matter, [receipt.telling]
        row = self.row()
        first = Voice(self.text, begin, "web", self.understood, "receipt:walk", "周小兰", "13800002047")
        self.first, self.against = first, tuple(row.against)
        self.begun = {"item": row.item, "kind": row.kind, "holder": Holder(row.post, row.person, receipt.keeper)}
        self.spot = spot(self.place, unplaced)

    def life(self) -> Life:
        return Life(self.first, self.spot, acts=tuple(self.acts), against=self.against, **self.begun)

    def row(self) -> Matter:
        return Matter.objects.get(id=self.matter)

    def go(self, steps: int, until: datetime) -> None:
        for _ in range(steps):
            at = self.at + timedelta(minutes=self.chance.choice((0, 3, 9, 20, 70, 400, 1700, 5000, 12000)))
            if self.chance.random() < 0.1:
                at = max(self.at, self._next_due() or at)
            row = self.row()
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
        if state == "closed" and self.chance.random() < 0.8:
            return self.chance.choice(("praise", "reopen", "lapse"))
        if state == "in_hand" and self.chance.random() < 0.3:
            return "close"
        return self.chance.choice((*CHOICES, *(("assign", "move") if state != "received" else ("assign",) * 6)))

    def _next_due(self) -> datetime | None:
        """The last instant at which a promise would still be kept."""
        running = Task.objects.filter(about=f"matter:{self.matter}", stopped=None, climbs_at__gt=self.at)
        return running.order_by("climbs_at").values_list("climbs_at", flat=True).first()

    def climb(self, before: datetime) -> None:
        """The worker, who never sleeps: everything climbs at its instant."""
        while True:
            late = Task.objects.filter(about=f"matter:{self.matter}", stopped=None, climbs_at__lt=before).order_by("climbs_at").first()
            if late is None:
                return
            at = late.climbs_at
            jobs.climb_what_is_late(at=at)
            while deliveries.work(at=at):
                pass

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
        if row.state in ("assigned", "accepted", "in_hand"):
            actions.accept(matter=row.id, by=STAFF, at=at)
            self._noted("accept", STAFF, at)

    def _contact(self, row, at):
        if row.state in ("received", "assigned", "accepted", "in_hand"):
            promised = at + timedelta(hours=3) if self.chance.random() < 0.5 else None
            actions.contact(matter=row.id, how="phone", text="问清楚了", promised=promised, by=STAFF, at=at)
            self._noted("contact", STAFF, at, how="phone", text="问清楚了", promised=promised)

    def _note(self, row, at):
        actions.note(matter=row.id, text="先去看一眼", by=STAFF, at=at)
        self._noted("note", STAFF, at, text="先去看一眼")

    def _close(self, row, at):
        if row.state in ("in_hand", "closed"):
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
        if row.state in ("received", "assigned", "accepted", "in_hand"):
            actions.urge(matter=row.id, by=self._teller(), at=at)
            self._noted("urge", self._teller(), at)

    def _withdraw(self, row, at):
        if row.state in ("assigned", "accepted", "in_hand") and row.tellings == 1 and row.kind != "report" and self.chance.random() < 0.4:
            actions.withdraw(matter=row.id, by=self._teller(), at=at)
            self._noted("withdraw", self._teller(), at)

    def _assign(self, row, at):
        if row.state in ("received", "assigned", "accepted", "in_hand"):
            building = self.town.building(self.chance.choice(HOMES)) if row.unplaced or self.chance.random() < 0.3 else ""
            actions.assign(matter=row.id, item="4.1.1", building=building, by=STAFF, at=at)
            found = spot(self.town.place(next(home for home in HOMES if self.town.building(home) == building))) if building else None
            self._noted("assign", STAFF, at, item="4.1.1", spot=found, holder=self._holder("assigned"))

    def _move(self, row, at):
        if row.state in ("received", "assigned", "accepted", "in_hand"):
            post = self.town.post(*self.chance.choice((("secretary", "ry"), ("desk", "st"), ("police", "ry"))))
            actions.move(matter=row.id, post=post, why="不是我们的，要他们出面", by=STAFF, at=at)
            self._noted("move", STAFF, at, text="不是我们的，要他们出面", holder=self._holder("assigned"))

    def _join(self, row, at):
        same = row.item == self.understood.item and row.building == self.place.building != ""
        if (
            row.state in ("received", "assigned", "accepted", "in_hand")
            and same
            and not row.discreet
            and at - row.received < timedelta(days=3)
        ):
            receipt = actions.receive(told=self._told(joins=row.id), teller=actions.Teller(), by=Actor(ref="neighbour"), at=at)
            assert receipt.joined and receipt.matter == row.id
            self.tellings.append(receipt.telling)
            self._noted("join", OFFICE, at, voice=Voice(self.text, at, "web", self.understood, "neighbour", how="chosen"))

    def _holder(self, kind: str) -> Holder:
        row, last = self.row(), Step.objects.filter(matter=self.matter, kind=kind).order_by("-id").first()
        return Holder(row.post, row.person, last.values["keeper"])


def rows(matter: int) -> tuple[dict, list, list, list]:
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
    return own, told, sorted(steps, key=repr), sorted(clocks, key=repr)
