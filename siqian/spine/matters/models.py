"""Tables of matters, each behind the fence: a matter, what was told of it, the steps taken, what was asked about it."""

from django.db import models

from siqian.kernel.ddl import Columns

from .rules import ARCHIVABLE, OPEN


class Matter(models.Model):
    """One thing to be done, however many told of it. `grid` is the smallest area known for certain, down to the grid.

    whole: the matter that leads, when this is one of its parts;
    upstream: by when a platform above wants it settled; ended: the state in which it went to the archive.
    joint: units that take part now, as long as a joint action runs.
    """

    fence = Columns(grid="grid", own="id")

    state = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    item = models.CharField(max_length=16)
    guesses = models.JSONField(default=list)
    unsure = models.BooleanField()
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=80)
    building = models.CharField(max_length=24, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    grid = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    unplaced = models.CharField(max_length=60, blank=True)
    candidates = models.JSONField(default=list)
    unit = models.CharField(max_length=32)
    post = models.CharField(max_length=32)
    person = models.CharField(max_length=24, blank=True)
    urgent = models.BooleanField(default=False)
    against = models.JSONField(default=list)
    discreet = models.BooleanField(default=False)
    received = models.DateTimeField()
    tellings = models.PositiveIntegerField(default=1)
    reopened = models.PositiveSmallIntegerField(default=0)
    closed = models.DateTimeField(null=True)
    rating = models.CharField(max_length=8, blank=True)
    upstream = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True)
    archived = models.DateTimeField(null=True)
    whole = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    joint = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["whole"], condition=models.Q(whole__isnull=False), name="matter_parts"),
            models.Index(
                fields=["grid", "item", "received"],
                condition=models.Q(state__in=list(OPEN)),
                name="matter_twins",
            ),
            models.Index(fields=["received"], condition=models.Q(state="received"), name="matter_unowned"),
            models.Index(fields=["closed"], condition=models.Q(state="closed"), name="matter_unrated"),
            models.Index(fields=["id"], condition=models.Q(state="shelved"), name="matter_shelved"),
            models.Index(fields=["received"], condition=models.Q(state__in=sorted(ARCHIVABLE)), name="matter_archivable"),
            models.Index(fields=["received"]),
            models.Index(fields=["closed"], condition=models.Q(closed__isnull=False), name="matter_closed"),
            models.Index(fields=["building", "item"], condition=~models.Q(building=""), name="matter_before"),
            models.Index(fields=["path"]),
        ]


class Telling(models.Model):
    """What one person told, by one channel. Name and telephone lie sealed; what staff see first is masked.

    told_with: the telling under whose receipt this one came, when it is one of several asks or was made for a part.
    """

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    channel = models.CharField(max_length=16)
    external = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    understood = models.JSONField(default=dict)
    photos = models.JSONField(default=list)
    at = models.DateTimeField()
    how = models.CharField(max_length=8)
    account = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=64)
    name_sealed = models.TextField(blank=True)
    phone_sealed = models.TextField(blank=True)
    name_masked = models.CharField(max_length=30, blank=True)
    phone_masked = models.CharField(max_length=20, blank=True)
    phone_mark = models.CharField(max_length=32, blank=True)
    told_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external"], condition=~models.Q(external=""), name="telling_once"),
            models.UniqueConstraint(fields=["receipt"], name="telling_receipt"),
        ]
        indexes = [
            models.Index(fields=["account"], condition=~models.Q(account=""), name="telling_account"),
            models.Index(fields=["told_with"], condition=models.Q(told_with__isnull=False), name="telling_together"),
        ]


class Step(models.Model):
    """One step on a matter's thread. Public ones are read by its tellers, the others by colleagues only."""

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    public = models.BooleanField()
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    photos = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["matter", "id"])]


class Request(models.Model):
    """What an owner asks and somebody else rules: a return, an extension, an entry in the long ledger. Ruled ones are precedents.

    unit and clause: whose it is by which clause of the list, of a return; amount: of an extension; until: the ledger's next day.
    """

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default="asked")
    item = models.CharField(max_length=16)
    reason = models.TextField()
    unit = models.CharField(max_length=32, blank=True)
    clause = models.CharField(max_length=120, blank=True)
    amount = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True)
    post = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    ruled_by = models.CharField(max_length=64, blank=True)
    ruled_name = models.CharField(max_length=30, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter"], condition=models.Q(state="asked"), name="request_one_waits")]
        indexes = [
            models.Index(fields=["matter", "id"]),
            models.Index(fields=["at"], condition=models.Q(state="asked"), name="request_waits"),
            models.Index(fields=["item", "kind", "ruled_at"], condition=models.Q(ruled_at__isnull=False), name="request_precedent"),
        ]


class Glance(models.Model):
    """Somebody of the staff opened a matter for the first time. Its tellers see who and when."""

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    grid = models.PositiveIntegerField()
    person = models.CharField(max_length=24)
    name = models.CharField(max_length=30)
    post = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="glance_once")]


class Behalf(models.Model):
    """A telling was made for somebody else, who agreed to it. Name and telephone lie sealed under that person's own key."""

    fence = Columns(grid="grid", own="matter_id")

    telling = models.OneToOneField(Telling, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    relation = models.CharField(max_length=12)
    name_sealed = models.TextField()
    phone_sealed = models.TextField(blank=True)
    name_masked = models.CharField(max_length=30)
    phone_masked = models.CharField(max_length=20, blank=True)


class Petition(models.Model):
    """The lawful procedure of a matter that is a petition, one a matter. `since` and `due`: of the stage's term.

    decisions: every step with who, when and its text; asked_*: a longer term that waits for approval.
    """

    fence = Columns(grid="grid", own="matter_id")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    stage = models.CharField(max_length=12)
    since = models.DateTimeField()
    due = models.DateTimeField(null=True)
    prolonged = models.PositiveSmallIntegerField(default=0)
    decisions = models.JSONField(default=list)
    asked_days = models.PositiveSmallIntegerField(default=0)
    asked_why = models.TextField(blank=True)
    asked_by = models.CharField(max_length=64, blank=True)
    asked_name = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due", "id"], condition=models.Q(due__isnull=False), name="petition_due"),
        ]


class Summons(models.Model):
    """A joint action (吹哨报到) about a matter: who called units to come where and when, and what was agreed there (纪要)."""

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="called")
    purpose = models.TextField()
    place = models.CharField(max_length=80)
    meets = models.DateTimeField()
    post = models.CharField(max_length=32)
    person = models.CharField(max_length=24, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    held = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    ended = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(state__in=["called", "held"]), name="summons_one_runs")
        ]
        indexes = [
            models.Index(fields=["meets"], condition=models.Q(state="called"), name="summons_called"),
            models.Index(fields=["held"], condition=models.Q(state="held"), name="summons_held"),
            models.Index(fields=["at"]),
        ]


class Summoned(models.Model):
    """One unit's part in a joint action. post: who acts for the unit; hands: persons who did; judged_*: what the caller says of it,

    founded_*: what the unit says of the call. metres: how far from the matter's place it reported in, if the telephone said.
    """

    fence = Columns(grid="grid", own="matter_id")

    summons = models.ForeignKey(Summons, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    unit = models.CharField(max_length=32)
    post = models.CharField(max_length=32)
    clause = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="called")
    hands = models.JSONField(default=list)
    objection = models.TextField(blank=True)
    confirmed = models.DateTimeField(null=True)
    arrived = models.DateTimeField(null=True)
    arrived_name = models.CharField(max_length=30, blank=True)
    metres = models.PositiveIntegerField(null=True)
    did = models.TextField(blank=True)
    done = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)
    in_time = models.BooleanField(null=True)
    share = models.CharField(max_length=4, blank=True)
    judged_words = models.TextField(blank=True)
    judged_by = models.CharField(max_length=64, blank=True)
    judged_name = models.CharField(max_length=30, blank=True)
    judged_at = models.DateTimeField(null=True)
    founded = models.BooleanField(null=True)
    founded_words = models.TextField(blank=True)
    founded_by = models.CharField(max_length=64, blank=True)
    founded_name = models.CharField(max_length=30, blank=True)
    founded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summons", "unit"], name="summoned_once")]
        indexes = [models.Index(fields=["unit", "matter"])]


class Adoption(models.Model):
    """A leader's own case (包案): a hard matter that somebody owns by name beside whoever handles it.

    look_by, meet_by: when the next look, and the meeting with whoever told it, are due; met: when it was.
    """

    fence = Columns(grid="grid", own="matter_id")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    grid = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    post = models.CharField(max_length=32)
    person = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=30, blank=True)
    reason = models.TextField()
    asked_by = models.CharField(max_length=64, blank=True)
    asked_name = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    plan = models.TextField(blank=True)
    looked = models.DateTimeField(null=True)
    look_by = models.DateTimeField(null=True)
    met = models.DateTimeField(null=True)
    meet_by = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=models.Q(state__in=["proposed", "owned"]), name="adoption_one_runs")
        ]
        indexes = [models.Index(fields=["post", "state"])]
