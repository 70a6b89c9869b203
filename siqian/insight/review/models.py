"""Tables of the weekly review. A sheet never changes once it is there: drawn up anew it is a new version, issuing is a row of its own."""

from django.db import models

from siqian.kernel.ddl import Columns


class Sheet(models.Model):
    """One version of a week's figures, with the version of the rules by which they were made."""

    append_only = True

    week = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    rules = models.CharField(max_length=16)
    numbers = models.JSONField()
    digest = models.CharField(max_length=64)
    words = models.CharField(max_length=200, blank=True)
    drafted_by = models.CharField(max_length=64)
    drafted_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "version"], name="sheet_once")]


class Counted(models.Model):
    """One matter as a sheet counted it: where, whose, what, and the marks that put it into the figures. Behind the fence."""

    append_only = True
    fence = Columns(grid="grid", own="matter")

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.PositiveBigIntegerField()
    grid = models.PositiveIntegerField()
    street = models.CharField(max_length=24)
    community = models.CharField(max_length=24)
    unit = models.CharField(max_length=32)
    klass = models.CharField(max_length=8)
    marks = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "matter"], name="counted_once")]


class Issue(models.Model):
    """A second person put the name under a sheet."""

    append_only = True

    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()


class Exclusion(models.Model):
    """A matter that one person asks to leave out of a week's rates, and another rules on."""

    week = models.CharField(max_length=8)
    matter = models.PositiveBigIntegerField()
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=8, default="asked")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    ruled_by = models.CharField(max_length=64, blank=True)
    ruled_name = models.CharField(max_length=30, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "matter"], condition=~models.Q(state="denied"), name="exclusion_once"),
        ]


class Correction(models.Model):
    """What has to be changed after a week, by which post, until when, and how one will see that it was."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=120)
    proof = models.CharField(max_length=120)
    post = models.CharField(max_length=32)
    until = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    done = models.DateTimeField(null=True)
    done_name = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
