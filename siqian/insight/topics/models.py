"""Tables of hot topics. What names a place or a telling stands behind the fence; a topic itself is a number and a title."""

from django.db import models

from siqian.kernel.ddl import Columns


class Topic(models.Model):
    """What many tell of. named: staff gave it its title; became: the topic it was merged into; matter: what was made of it."""

    title = models.CharField(max_length=60)
    named = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="open")
    became = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    matter = models.PositiveBigIntegerField(null=True)
    raised = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["became"], condition=models.Q(became__isnull=False), name="topic_became")]


class Voice(models.Model):
    """One telling that was looked at, and its topic, none where it stands alone.

    leader: the telling with nearly the same words that is compared for both, or itself; how: online, nightly or staff.
    """

    fence = Columns(grid="grid", own="matter")

    telling = models.PositiveBigIntegerField(unique=True)
    matter = models.PositiveBigIntegerField()
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=8)
    leader = models.PositiveBigIntegerField()
    teller = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    grid = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    building = models.CharField(max_length=24, blank=True)
    item = models.CharField(max_length=16)
    unit = models.CharField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["topic", "at"], condition=models.Q(topic__isnull=False), name="voice_topic"),
            models.Index(fields=["at"]),
            models.Index(fields=["matter"]),
        ]


class Decision(models.Model):
    """What somebody of the staff did to a topic, and whether it was taken back. other: the topic merged into it, or split off."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    why = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)
    undone_name = models.CharField(max_length=30, blank=True)


class Constraint(models.Model):
    """A telling that a decision names, and on which side; what the nightly grouping keeps. was, now: its topic before and after."""

    fence = Columns(grid="grid", own="matter")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    telling = models.PositiveBigIntegerField()
    matter = models.PositiveBigIntegerField()
    grid = models.PositiveIntegerField()
    one = models.BooleanField()
    was = models.PositiveBigIntegerField(null=True)
    now = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "telling"], name="constraint_once")]


class Night(models.Model):
    """A day of the town whose topics were grouped anew, once."""

    append_only = True

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    voices = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
