"""Homes and the visits to them. Both tell of persons: behind the fence of their grid."""

from django.db import models

from siqian.kernel.ddl import Columns


class Home(models.Model):
    """A household that was asked, or is to be asked, whether it wants to be visited. Its number is its reference: household:7.

    Another family behind the same door is another home. name: masked; stance: unasked, yes, no; wish: days that they asked for;
    plan, every: by which it is visited; called: when a visit was last over, whoever was met;
    nobody: what the fence compares with one's own things.
    """

    fence = Columns(grid="grid", own="nobody")

    building = models.CharField(max_length=24)
    label = models.CharField(max_length=16, blank=True)
    household = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=8, blank=True)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    begun = models.DateField()
    ended = models.DateField(null=True)
    stance = models.CharField(max_length=8, default="unasked")
    how = models.CharField(max_length=8, blank=True)
    said_at = models.DateTimeField(null=True)
    said_to = models.CharField(max_length=30, blank=True)
    wish = models.PositiveSmallIntegerField(default=0)
    plan = models.CharField(max_length=24, blank=True)
    every = models.PositiveSmallIntegerField(default=0)
    called = models.DateField(null=True)
    last_met = models.DateField(null=True)
    next_due = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "label", "household"], condition=models.Q(ended=None), name="home_once"),
        ]
        indexes = [
            models.Index(fields=["next_due"], condition=models.Q(ended=None, stance="yes"), name="home_due"),
        ]


class Call(models.Model):
    """One visit to a home. text: what is needed from somebody else, as it was said; then: by the telephone's own clock."""

    fence = Columns(grid="grid", own="nobody")

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    plan = models.CharField(max_length=24)
    post = models.CharField(max_length=32)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    laid = models.DateTimeField()
    due = models.DateTimeField()
    again = models.DateTimeField(null=True)
    late = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="due")
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=8, blank=True)
    text = models.CharField(max_length=400, blank=True)
    key = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=30, blank=True)
    then = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["home"], condition=models.Q(state="due"), name="call_open_once")]
        indexes = [
            models.Index(fields=["post", "due"], condition=models.Q(state="due"), name="call_due"),
            models.Index(fields=["path", "due"], name="call_path"),
            models.Index(fields=["laid"], name="call_laid"),
        ]
