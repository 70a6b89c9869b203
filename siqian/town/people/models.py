"""Tables of people. A post owns work; a person holds a post; a shift says when; a leave says who stands in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from siqian.kernel.ddl import Columns
from siqian.kernel.said import said
from siqian.town.places.models import Area, Unit


class Person(models.Model):
    """Somebody who works for the community. `look` chooses the drawn bust until there is a portrait."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60)
    look = models.PositiveSmallIntegerField(default=0)


class Account(AbstractBaseUser):
    """Who may sign in: staff through their person, residents by themselves. handed: the password was made by the office."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30, blank=True)
    home = models.CharField(max_length=24, blank=True)
    role = models.CharField(max_length=24, blank=True)
    resident = models.OneToOneField("Resident", on_delete=models.SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    handed = models.BooleanField(default=False)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []


class Post(models.Model):
    """A seat that owns work, over an area and all below it. unit: the code of the responsible unit whose people sit on it, if any.

    closes: the day from which nobody sits there and it takes nothing new. ended: since when there is no such post any more, which is
    that day or, where something was open still, the day on which it was handed on; its name is kept for what it had.
    """

    class Duty(models.TextChoices):
        KEEPER = "keeper", said("网格员")
        BUILDING_HEAD = "building_head", said("楼长")
        SECRETARY = "secretary", said("社区书记")
        POLICE = "police", said("社区民警")
        SOCIAL_WORKER = "social_worker", said("社工")
        DOCTOR = "doctor", said("家庭医生")
        COMMITTEE = "committee", said("社区两委委员")
        PARTY_MEMBER = "party_member", said("党员")
        VOLUNTEER = "volunteer", said("志愿者")
        DESK = "desk", said("值班台")
        DISPATCHER = "dispatcher", said("调度员")
        HANDLER = "handler", said("单位承办人")
        CALLER = "caller", said("回访员")
        LEADER = "leader", said("分管领导")
        INSPECTOR = "inspector", said("纪检监督员")
        CLERK = "clerk", said("政策专员")
        LEGAL = "legal", said("法制审核员")
        ESTATE_MANAGER = "estate_manager", said("物业经理")
        GATEKEEPER = "gatekeeper", said("门岗")
        SYSTEM_ADMIN = "system_admin", said("系统管理员")
        SECURITY_ADMIN = "security_admin", said("安全管理员")
        AUDIT_ADMIN = "audit_admin", said("审计管理员")

    code = models.CharField(max_length=32, unique=True)
    duty = models.CharField(max_length=16, choices=Duty)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    unit = models.CharField(max_length=32, blank=True)
    closes = models.DateField(null=True)
    ended = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["duty", "area"])]


class Holding(models.Model):
    """A person holds a post, from one day to another."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"])]


class Shift(models.Model):
    """A weekly stretch of a holding, minutes after midnight; an end above 1440 runs into the next day."""

    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    start = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()


class Leave(models.Model):
    """A person is away; who stands in, if anybody."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()


class Resident(models.Model):
    """Somebody who lives in a building. Name and telephone lie sealed under the person's own key; others see them masked.

    `grid` follows the building; `own` is minus the id of the linked account, which no matter's id can be taken for.
    Once forgotten the row is a shell: where and since when, nothing of whom.
    """

    fence = Columns(grid="grid", own="own")

    building = models.CharField(max_length=24)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    household = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(max_length=8)
    grid = models.PositiveIntegerField()
    own = models.BigIntegerField(default=0)
    name = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    name_masked = models.CharField(max_length=8, blank=True)
    phone_masked = models.CharField(max_length=16, blank=True)
    mark = models.CharField(max_length=32, blank=True)
    phone_mark = models.CharField(max_length=32, blank=True)
    moved_in = models.DateField(null=True)
    moved_out = models.DateField(null=True)
    source = models.CharField(max_length=40)
    basis = models.CharField(max_length=60)
    objected = models.DateTimeField(null=True)
    forgotten = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark"], condition=models.Q(moved_out=None) & ~models.Q(mark=""), name="resident_once"),
            models.UniqueConstraint(fields=["own"], condition=~models.Q(own=0), name="resident_of_account"),
        ]
        indexes = [
            models.Index(fields=["building", "unit"]),
            models.Index(fields=["phone_mark"], condition=~models.Q(phone_mark=""), name="resident_phone"),
        ]
