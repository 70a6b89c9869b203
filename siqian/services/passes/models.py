"""Couriers and their phones, compounds and their gates, visits that name nobody.

No table leads from a visit to a courier: what a visit keeps is a mark under a key of its compound and month, which is destroyed.
"""

from django.db import models

from siqian.kernel.ddl import Columns


class Employer(models.Model):
    """A firm that vouches for couriers. keepers: account ids that act for it."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60, blank=True)
    keepers = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Courier(models.Model):
    """Somebody who registered. name: masked; how: employer, desk, keeper; holder: minus the account's id, 0 for a card without one."""

    fence = Columns(grid="grid", own="holder")

    holder = models.BigIntegerField(default=0)
    grid = models.IntegerField(default=-1)
    path = models.CharField(max_length=120)
    code = models.CharField(max_length=8, unique=True)
    klass = models.CharField(max_length=12)
    goes = models.PositiveSmallIntegerField(default=3)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=8)
    sealed_name = models.TextField()
    sealed_phone = models.TextField()
    phone_mark = models.CharField(max_length=32)
    state = models.CharField(max_length=10, default="asked")
    how = models.CharField(max_length=10, blank=True)
    asked = models.DateTimeField()
    attested = models.DateTimeField(null=True)
    attested_by = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder"], condition=~models.Q(state="ended") & ~models.Q(holder=0), name="courier_once"),
        ]
        indexes = [models.Index(fields=["state", "asked"], name="courier_state"), models.Index(fields=["phone_mark"], name="courier_phone")]


class Phone(models.Model):
    """A key that a courier's browser made and never gives away. fresh: bound without the one before."""

    fence = Columns(grid="grid", own="holder")

    courier = models.ForeignKey(Courier, on_delete=models.CASCADE, related_name="+")
    holder = models.BigIntegerField(default=0)
    grid = models.IntegerField(default=-1)
    point = models.CharField(max_length=66, unique=True)
    fresh = models.BooleanField(default=True)
    bound = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    why = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["courier"], condition=models.Q(ended=None), name="phone_one")]


class Issued(models.Model):
    """A pass that was issued, until it ends. index: its place in the status list, by chance, so that two passes cannot be put together."""

    fence = Columns(grid="grid", own="holder")

    code = models.CharField(max_length=16, unique=True)
    courier = models.ForeignKey(Courier, on_delete=models.CASCADE, related_name="+")
    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="+")
    holder = models.BigIntegerField(default=0)
    grid = models.IntegerField(default=-1)
    index = models.PositiveIntegerField()
    issued = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["index"], name="issued_index_once")]
        indexes = [
            models.Index(fields=["expires"], name="issued_expires"),
            models.Index(fields=["revoked"], condition=~models.Q(revoked=None), name="issued_revoked"),
        ]


class Issuer(models.Model):
    """A key that signs passes, or a trusted one of another issuer (number 0). certificate: DER, base64; statement: signed by the root."""

    number = models.PositiveIntegerField(default=0)
    key_id = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=30)
    certificate = models.TextField()
    point = models.CharField(max_length=66)
    statement = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Compound(models.Model):
    """A residential compound. code: the site's; post: of the estate manager; guard: of its gatekeepers; version: of the rules in force."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=120)
    post = models.CharField(max_length=40, blank=True)
    guard = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()


class Ruling(models.Model):
    """One version of a compound's rules, never changed. authority: owners, committee, manager, district; decided: when and how."""

    append_only = True

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    authority = models.CharField(max_length=10)
    decided = models.CharField(max_length=100)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compound", "version"], name="ruling_once")]


class Lock(models.Model):
    """A compound shut for a while, by two persons. until: it ends by itself."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    hours = models.PositiveSmallIntegerField()
    asked_by = models.CharField(max_length=64)
    asked_name = models.CharField(max_length=30)
    asked = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_name = models.CharField(max_length=30, blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    lifted = models.DateTimeField(null=True)


class Gate(models.Model):
    """A gate. secret: of its rotating mark; binding: hash of the code that binds a phone; token_hash: of the bound phone or turnstile."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    secret = models.CharField(max_length=64)
    binding_hash = models.CharField(max_length=64, blank=True)
    binding_until = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    bound = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Complaint(models.Model):
    """A courier says that a compound treats couriers wrongly. Who said it stands with the matter that comes of it, and not here."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    at = models.DateTimeField()


class MonthKey(models.Model):
    """Under which a compound's visits of a month are marked. Destroyed when the month is over: then the marks say nothing for ever."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    sealed = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compound", "month"], name="month_key_once")]


class Visit(models.Model):
    """Somebody at a gate: when (a quarter of an hour), what for, what the gate said. who: a mark of the compound and month, not a person.

    key: by which the same showing is taken once. way: courier, gate, turnstile, hand.
    """

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    bucket = models.DateTimeField()
    klass = models.CharField(max_length=12, blank=True)
    decision = models.CharField(max_length=6)
    reason = models.CharField(max_length=16)
    way = models.CharField(max_length=10)
    who = models.CharField(max_length=16, blank=True)
    key = models.CharField(max_length=32)
    waited = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="visit_once")]
        indexes = [models.Index(fields=["compound", "bucket"], name="visit_when"), models.Index(fields=["bucket"], name="visit_age")]


class Tally(models.Model):
    """What is left of visits after their term: how many, by hour."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+")
    hour = models.DateTimeField()
    klass = models.CharField(max_length=12, blank=True)
    decision = models.CharField(max_length=6)
    reason = models.CharField(max_length=16)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gate", "hour", "klass", "decision", "reason"], name="tally_once")]


class Trouble(models.Model):
    """What a compound reports of a courier: told, heard, decided by a human, appealed to another. No points, no ratings.

    outcome: none, training, suspension; ruling: upheld, overturned.
    """

    fence = Columns(grid="grid", own="holder")

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="+")
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="+")
    holder = models.BigIntegerField(default=0)
    grid = models.IntegerField(default=-1)
    path = models.CharField(max_length=120)
    what = models.CharField(max_length=300)
    happened = models.DateTimeField()
    state = models.CharField(max_length=10, default="told")
    reported_by = models.CharField(max_length=64)
    reported = models.DateTimeField()
    heard = models.CharField(max_length=300, blank=True)
    heard_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.CharField(max_length=30, blank=True)
    decided = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=300, blank=True)
    appealed = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=10, blank=True)
    ruled_by = models.CharField(max_length=64, blank=True)
    ruled_name = models.CharField(max_length=30, blank=True)
    ruled_why = models.CharField(max_length=300, blank=True)
    ruled = models.DateTimeField(null=True)
    trained = models.DateTimeField(null=True)


class Opening(models.Model):
    """A real name opened by two persons for a case; until: for half an hour. tell: when the courier is told; reviewed: weekly."""

    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=60)
    why = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=64)
    asked_name = models.CharField(max_length=30)
    asked = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_name = models.CharField(max_length=30, blank=True)
    until = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    tell = models.DateTimeField()
    told = models.DateTimeField(null=True)
    reviewed = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=64, blank=True)
