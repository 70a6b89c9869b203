"""Tables of papers: what an issued one says is sealed, append-only, never changed; where it belongs and how far it came lies around it."""

from django.db import models

from siqian.kernel.ddl import Columns


class Paper(models.Model):
    """A paper from its draft on. Behind the fence of what it is about: `own` is the thing's number, 0 when its teller does not get it.

    called: what people call that thing by; actor: who did what it tells; cause: what called for it, once. values: of a draft only.
    """

    fence = Columns(grid="grid", own="own")

    kind = models.CharField(max_length=24)
    about = models.CharField(max_length=64)
    called = models.CharField(max_length=30, blank=True)
    cause = models.CharField(max_length=80)
    grid = models.PositiveIntegerField()
    own = models.BigIntegerField()
    path = models.CharField(max_length=120)
    against = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="draft")
    values = models.JSONField(default=dict)
    actor = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=30, blank=True)
    drafted_by = models.CharField(max_length=64)
    drafted = models.DateTimeField()
    issuer = models.CharField(max_length=24)
    issuer_path = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField(default=0)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=60, blank=True)
    issued = models.DateTimeField(null=True)
    signatory = models.CharField(max_length=30, blank=True)
    signed_by = models.CharField(max_length=64, blank=True)
    retention = models.CharField(max_length=10)
    settled = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause"], name="paper_once"),
            models.UniqueConstraint(
                fields=["issuer", "kind", "year", "serial"], condition=models.Q(serial__isnull=False), name="paper_number"
            ),
        ]
        indexes = [
            models.Index(fields=["about"]),
            models.Index(fields=["number"]),
            models.Index(fields=["called"]),
            models.Index(fields=["issuer_path", "-id"]),
            models.Index(fields=["id"], condition=models.Q(state="draft"), name="paper_waits"),
            models.Index(fields=["year"], condition=models.Q(state="issued"), name="paper_unfiled"),
        ]


class Content(models.Model):
    """All that stands on an issued paper, frozen: sealed under a key of the paper's own, whose end is the end of what it said.

    Nothing of it can be read here without that key, so it needs no fence of its own.
    """

    append_only = True

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    layout = models.CharField(max_length=12)
    edition = models.CharField(max_length=16)
    sealed = models.TextField()
    sha256 = models.CharField(max_length=64)


class Correction(models.Model):
    """A paper that is to stand in the place of another, which is named on it."""

    append_only = True

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)


class Reading(models.Model):
    """Who read a paper, when for the first time."""

    append_only = True

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "by"], name="reading_once")]


class Volume(models.Model):
    """A bound volume: one issuer's papers of a year that are kept equally long."""

    append_only = True

    number = models.CharField(max_length=60, unique=True)
    issuer = models.CharField(max_length=24)
    issuer_path = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    retention = models.CharField(max_length=10)
    papers = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()


class Filing(models.Model):
    """A paper's place in its volume."""

    append_only = True

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()


class Disposal(models.Model):
    """A list of what may be destroyed: drawn up by one, approved by another."""

    number = models.CharField(max_length=60, unique=True)
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="asked")
    papers = models.PositiveIntegerField()
    why = models.CharField(max_length=200)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    ruled_by = models.CharField(max_length=64, blank=True)
    ruled_name = models.CharField(max_length=30, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_path"], condition=models.Q(state="asked"), name="disposal_one_waits")]


class Listed(models.Model):
    """A paper on a list of what may be destroyed."""

    append_only = True

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disposal", "paper"], name="listed_once")]
