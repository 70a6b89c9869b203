"""Rounds and records of patrols, sensors and their readings, alarms gathered into incidents.

A position of somebody stands on a record alone; nothing else here says where anybody was. Sensors tell of things.
"""

from django.db import models

from siqian.kernel.ddl import Columns


class Publicity(models.Model):
    """Something to put up or to tell at the houses of an area until its last day. post: whose order it is; withdrawn: with a reason."""

    key = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    post = models.CharField(max_length=32)
    path = models.CharField(max_length=120)
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    photos = models.JSONField(default=list)
    until = models.DateField()
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="publicity_once")]
        indexes = [models.Index(fields=["path", "-at"], name="publicity_list")]


class Round(models.Model):
    """The round of one post on one day, made by rule. points: [{"code", "words", "words_en", "building", "lon", "lat"}].

    order: what laid it, when no rule did; such a round lasts from its day until it is due. ended: every point has its record;
    missed: its time was over before.
    """

    order = models.ForeignKey(Publicity, on_delete=models.PROTECT, null=True, related_name="+")

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


class Gateway(models.Model):
    """An outside system that may send readings of the sensors in an area. mark: the hash of its token, which nobody keeps."""

    code = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=120)
    mark = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Sensor(models.Model):
    """One device and the place of the thing that it watches. Nothing here tells of a person.

    state: rule -> `engine.State`; last: quantity -> [value, when measured]; heard: when a reading that counts came last, at first when
    it was registered; quiet: it was missed and has not been heard since.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    building = models.CharField(max_length=24, blank=True)
    place = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    grid = models.PositiveIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    state = models.JSONField(default=dict)
    last = models.JSONField(default=dict)
    heard = models.DateTimeField()
    quiet = models.BooleanField(default=False)
    false_alarms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["path", "code"], name="sensor_where"),
            models.Index(fields=["building"], name="sensor_building"),
            models.Index(fields=["kind", "heard"], condition=models.Q(ended=None, quiet=False), name="sensor_heard"),
        ]


class Reading(models.Model):
    """A reading, taken once by its key. held: why it is kept aside and counts for nothing (early, late, range), else empty."""

    sensor = models.ForeignKey(Sensor, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    quantity = models.CharField(max_length=24)
    value = models.FloatField()
    at = models.DateTimeField()
    came = models.DateTimeField()
    held = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sensor", "key"], name="sensor_reading_once")]
        indexes = [
            models.Index(fields=["sensor", "at"], name="sensor_curve"),
            models.Index(fields=["came"], name="sensor_came"),
        ]


class Incident(models.Model):
    """Alarms of one kind, one area and one time. Who owns it is a post; nothing here tells of a person.

    since: the first alarm's own time; last: when the latest alarm came; place: where the first one is; grid: its grid, behind
    whose fence the steps stand; offered: when it was told that all is normal again.
    """

    kind = models.CharField(max_length=16)
    path = models.CharField(max_length=120)
    place = models.CharField(max_length=80)
    grid = models.PositiveIntegerField()
    gravity = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="open")
    post = models.CharField(max_length=32)
    since = models.DateTimeField()
    opened = models.DateTimeField()
    last = models.DateTimeField()
    alarms = models.PositiveIntegerField(default=0)
    offered = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    referred = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "gravity", "-opened"], name="incident_list"),
            models.Index(fields=["kind", "path", "-last"], name="incident_joins"),
        ]


class Merging(models.Model):
    """An incident that was found to have the same cause as another and was closed into it.

    before: its state until then; moved: the alarms (ids) that went along; parted: when it was found to be another after all.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=8)
    moved = models.JSONField(default=list)
    at = models.DateTimeField()
    parted = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident"], condition=models.Q(parted=None), name="incident_merged_once")]


class Alarm(models.Model):
    """A rule that holds at a sensor: since when by the readings, with which value; ended by a newer reading, or by hand."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    sensor = models.ForeignKey(Sensor, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=24)
    value = models.FloatField(null=True)
    since = models.DateTimeField()
    came = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sensor", "rule"], condition=models.Q(ended=None), name="alarm_open_once"),
        ]
        indexes = [
            models.Index(fields=["incident", "id"], name="alarm_incident"),
            models.Index(fields=["sensor", "-came"], name="alarm_sensor"),
        ]


class IncidentStep(models.Model):
    """What somebody did or saw. Words and names: behind the fence of the incident's grid, as those of patrols are."""

    fence = Columns(grid="grid", own="nobody")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12)
    key = models.CharField(max_length=64, blank=True)
    text = models.CharField(max_length=400, blank=True)
    photos = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    grid = models.PositiveIntegerField()
    nobody = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "by", "key"], condition=~models.Q(key=""), name="incident_step_once"),
        ]
        indexes = [models.Index(fields=["incident", "id"], name="incident_steps")]
