"""Policies with their editions, dated parameters; what was found to belong to whom, step by step, behind the fence of their grid."""

from django.db import models

from siqian.kernel.ddl import Columns


class Policy(models.Model):
    """A policy by its code, for good. unit: whose it is."""

    code = models.CharField(max_length=40, unique=True)
    unit = models.CharField(max_length=32, blank=True)
    begun = models.DateTimeField()


class Edition(models.Model):
    """One edition. form: the policy in its outside form; basis: codes of the clauses cited; examples: persons with the expected state.

    budget: fen a year, 0 none; places: so many persons, 0 any number; group, rule: what excludes or replaces what.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default="draft")
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=8, default="free")
    gives = models.CharField(max_length=8, default="money")
    period = models.CharField(max_length=8, default="month")
    told = models.CharField(max_length=120, blank=True)
    told_en = models.CharField(max_length=240, blank=True)
    form = models.JSONField(default=dict)
    basis = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    budget = models.BigIntegerField(default=0)
    places = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    writer = models.CharField(max_length=64)
    writer_name = models.CharField(max_length=30)
    changed = models.DateTimeField()
    note = models.CharField(max_length=400, blank=True)
    passed_by = models.CharField(max_length=64, blank=True)
    passed_name = models.CharField(max_length=30, blank=True)
    published_by = models.CharField(max_length=64, blank=True)
    published_name = models.CharField(max_length=30, blank=True)
    published = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="edition_once"),
            models.UniqueConstraint(fields=["policy"], condition=models.Q(state="in_force"), name="edition_in_force_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(state__in=["draft", "asked", "passed"]), name="edition_in_hand_once"
            ),
        ]


class Parameter(models.Model):
    """A dated figure, valid until the next of its name."""

    name = models.CharField(max_length=40)
    since = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "since"], name="parameter_once")]


class Entitlement(models.Model):
    """What was found to belong to somebody. reasons: sealed, why, as it was told; grounds: (fact, version) it rested on.

    tender: its very name would tell of poverty or illness; fen: None where it is a service, or what it is reckoned from is unknown;
    doubt: since when what it rests on has changed.
    """

    fence = Columns(grid="grid", own="nobody")

    subject = models.CharField(max_length=64)
    policy = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=8)
    gives = models.CharField(max_length=8)
    tender = models.BooleanField(default=False)
    period = models.CharField(max_length=8)
    fen = models.BigIntegerField(null=True)
    building = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="told")
    reasons = models.TextField(blank=True)
    grounds = models.JSONField(default=list)
    found = models.DateTimeField()
    due = models.DateField()
    doubt = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    granted = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "policy"], condition=~models.Q(state="gone"), name="entitlement_once"),
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="entitlement_due"),
            models.Index(fields=["policy", "state"], name="entitlement_policy"),
        ]


class Step(models.Model):
    """One step of an entitlement. why: sealed under the person's key; by_name: who did it, by name.

    Without its entitlement nobody knows of whom it speaks, so that it needs no fence of its own.
    """

    append_only = True

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12)
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entitlement", "number"], name="entitlement_step_once")]


class Skipped(models.Model):
    """A question that somebody does not want to answer. Nobody asks it again."""

    fence = Columns(grid="grid", own="nobody")

    subject = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="skipped_once")]


class Quiet(models.Model):
    """Somebody does not want to be looked for: the kernel leaves them out."""

    fence = Columns(grid="grid", own="nobody")

    subject = models.CharField(max_length=64, unique=True)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    at = models.DateTimeField()
