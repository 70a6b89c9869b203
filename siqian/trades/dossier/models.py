"""Facts and their versions. What is said lies sealed under the person's own key; a version is never changed."""

from django.db import models

from siqian.kernel.ddl import Columns


class Fact(models.Model):
    """That something of a kind was said about somebody, and how it stands with it; what was said, its versions hold.

    number: of the version that counts; nobody: what the fence compares with one's own things, for whoever reads their own
    is asked by the verbs.
    """

    fence = Columns(grid="grid", own="nobody")

    subject = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    building = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10)
    number = models.PositiveIntegerField(default=0)
    purposes = models.JSONField(default=list)
    confirm_by = models.DateField()
    keep_until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="fact_once")]
        indexes = [
            models.Index(fields=["building"], name="fact_building"),
            models.Index(fields=["keep_until"], condition=models.Q(state__in=["known", "objected"]), name="fact_ends"),
        ]


class Version(models.Model):
    """One thing that was said or done about a fact. value: sealed; empty where nothing new was said.

    Without its fact nobody knows of whom or of what kind it is, so that it needs no fence of its own.
    """

    append_only = True

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    value = models.TextField(blank=True)
    since = models.DateField()
    source = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=10, blank=True)
    how = models.CharField(max_length=10, blank=True)
    purposes = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "number"], name="fact_version_once")]
