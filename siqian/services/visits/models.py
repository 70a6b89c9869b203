"""Tables of visits. Who was heard is a number; what they said stands behind the fence, what came of it is everybody's."""

from django.db import models

from siqian.kernel.ddl import Columns


class Visit(models.Model):
    """One visit. post, person: who goes; begun: when it really took place; batch: the plan that laid it."""

    kind = models.CharField(max_length=16)
    topic = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    building = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=120)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    post = models.CharField(max_length=32)
    person = models.CharField(max_length=32, blank=True)
    along = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="planned")
    begun = models.DateTimeField(null=True)
    heard = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    due_told = models.BooleanField(default=False)
    batch = models.CharField(max_length=16, blank=True)
    once = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "starts"]), models.Index(fields=["post", "state"]), models.Index(fields=["batch"])]
        constraints = [models.UniqueConstraint(fields=["once"], condition=~models.Q(once=""), name="visit_planned_once")]


class Reach(models.Model):
    """A building grid that a visit is meant for, or reached; cell: its path, day: the visit's."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    cell = models.CharField(max_length=120)
    day = models.DateField()
    held = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "cell"], name="reach_once")]
        indexes = [models.Index(fields=["held", "day", "cell"])]


class Item(models.Model):
    """Something that was raised. title, answer: for everybody, when shown; text: as it was said.

    own: what the fence compares with one's own things; it is nobody's.
    """

    fence = Columns(grid="grid", own="own")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    grid = models.IntegerField()
    own = models.BigIntegerField(default=0)
    path = models.CharField(max_length=120)
    title = models.CharField(max_length=40)
    text = models.TextField()
    way = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    post = models.CharField(max_length=32, blank=True)
    person = models.CharField(max_length=32, blank=True)
    due = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    shown = models.BooleanField(default=True)
    raised = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="visit_item_once")]
        indexes = [models.Index(fields=["state", "due"])]


class Step(models.Model):
    """What became of a visit or of what was raised on it: when, by whom, with what word."""

    append_only = True

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    item = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
