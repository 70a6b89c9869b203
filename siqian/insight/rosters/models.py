"""Leave and swaps that were asked for. Who asks why is read by whoever rules, and by nobody else."""

from django.db import models

from siqian.kernel.ddl import Columns


class Relief(models.Model):
    """Somebody asks to be away. path: of the post; back_since, back_until: of a swap; word: of whoever ruled.

    own: what the fence compares with one's own things; it is nobody's.
    """

    fence = Columns(grid="grid", own="own")

    person = models.CharField(max_length=32)
    post = models.CharField(max_length=32)
    path = models.CharField(max_length=120)
    grid = models.IntegerField()
    own = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=8)
    stand_in = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    back_since = models.DateTimeField(null=True)
    back_until = models.DateTimeField(null=True)
    why = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10)
    asked = models.DateTimeField()
    agreed = models.DateTimeField(null=True)
    ruled = models.DateTimeField(null=True)
    ruled_name = models.CharField(max_length=30, blank=True)
    word = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "until"]), models.Index(fields=["state", "since"])]


class Sheet(models.Model):
    """A week's roster that somebody is bringing in: its cells, and how they said that it is to be read. Dropped when it is taken."""

    path = models.CharField(max_length=120)
    by = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    cells = models.JSONField()
    header = models.PositiveSmallIntegerField(default=0)
    columns = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    at = models.DateTimeField()
