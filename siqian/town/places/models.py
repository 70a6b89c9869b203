"""Tables of places. Geometry is WGS-84, rings of [lon, lat], kept as text: the index is built from it, never queried in SQL."""

from django.db import models

from siqian.kernel.said import said


class Area(models.Model):
    """One area of the grid, as it was from one day to another. Path: "/district/street/community/block/grid/cell/" of codes."""

    class Level(models.IntegerChoices):
        DISTRICT = 0, "区"
        STREET = 1, "街道"
        COMMUNITY = 2, "社区"
        BLOCK = 3, "片区"
        GRID = 4, "网格"
        CELL = 5, "楼栋格"

    code = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField(choices=Level)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    rings = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_version"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(valid_to=None), name="area_now"),
        ]
        indexes = [models.Index(fields=["path"]), models.Index(fields=["level"])]


class Drawing(models.Model):
    """A map for a later day, as it came in. State by `drafts.DRAWING`; why: what kept it out, for one that was refused."""

    day = models.DateField()
    file = models.CharField(max_length=200)
    rows = models.JSONField()
    state = models.CharField(max_length=12, default="planned")
    why = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "day"])]


class Site(models.Model):
    """What overlaps the grid: a committee, estate, urban village, industrial park, school, mall. It may have no rings."""

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    aliases = models.JSONField(default=list)
    rings = models.JSONField(default=list)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")


class Building(models.Model):
    """A building, in one building grid; `number` is its 栋 in its site, doors follow storeys x doors a storey."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=8)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    lon = models.FloatField()
    lat = models.FloatField()
    ring = models.JSONField()
    storeys = models.PositiveSmallIntegerField()
    doors = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="building_number")]


class Unit(models.Model):
    """A flat, shop or office of a building, as it was from one day to another; `label` is canonical: 1203, or 2-1203 by staircase."""

    class Use(models.TextChoices):
        HOME = "home", said("住宅")
        SHOP = "shop", said("商铺")
        OFFICE = "office", said("办公")
        OTHER = "other", said("其他")

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.CharField(max_length=16)
    floor = models.SmallIntegerField()
    use = models.CharField(max_length=8, choices=Use)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "label"], condition=models.Q(valid_to=None), name="unit_now"),
            models.UniqueConstraint(fields=["building", "label", "valid_from"], name="unit_version"),
        ]
