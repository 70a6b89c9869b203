"""Rounds and records of patrols. A position stands on a record alone; nothing else here says where anybody was."""

from django.db import models

from siqian.kernel.ddl import Columns


class Round(models.Model):
    """The round of one post on one day, made by rule. points: [{"code", "words", "words_en", "building", "lon", "lat"}].

    ended: every point has its record; missed: its time was over before.
    """

    plan = models.CharField(max_length=24)
    day = models.DateField()
    post = models.CharField(max_length=32)
    path = models.CharField(max_length=120)
    points = models.JSONField()
    due = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    missed = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "day", "plan"], name="round_once")]
        indexes = [models.Index(fields=["day", "path"], name="round_day")]


class Record(models.Model):
    """What a worker saw at a point. Words may tell of persons: behind the fence of its grid.

    lon, lat: where the telephone said it was, of this record alone; then: when it was done by the telephone's own clock, shown
    beside `at`, by which everything counts. nobody: what the fence compares with one's own things, for a record is nobody's.
    """

    fence = Columns(grid="grid", own="nobody")

    key = models.CharField(max_length=64)
    account = models.CharField(max_length=64)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="+")
    point = models.CharField(max_length=24, blank=True)
    plan = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=400, blank=True)
    photos = models.JSONField(default=list)
    building = models.CharField(max_length=24, blank=True)
    place = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    post = models.CharField(max_length=32)
    by_name = models.CharField(max_length=30, blank=True)
    then = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="record_once")]
        indexes = [
            models.Index(fields=["path", "-at"], name="record_lately"),
            models.Index(fields=["account", "-at"], name="record_own"),
        ]
