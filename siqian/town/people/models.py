"""Tables of people. A post owns work; a person holds a post; a shift says when; a leave says who stands in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from siqian.kernel.said import said
from siqian.town.places.models import Area


class Person(models.Model):
    """Somebody who works for the community. `look` chooses the drawn bust until there is a portrait."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60)
    look = models.PositiveSmallIntegerField(default=0)


class Account(AbstractBaseUser):
    """Who may sign in: staff through their person, residents by themselves."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30, blank=True)
    home = models.CharField(max_length=24, blank=True)
    role = models.CharField(max_length=24, blank=True)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []


class Post(models.Model):
    """A seat that owns work, over an area and all below it."""

    class Duty(models.TextChoices):
        KEEPER = "keeper", said("网格员")
        BUILDING_HEAD = "building_head", said("楼长")
        SECRETARY = "secretary", said("社区书记")
        POLICE = "police", said("社区民警")
        SOCIAL_WORKER = "social_worker", said("社工")
        DOCTOR = "doctor", said("家庭医生")
        DESK = "desk", said("值班台")
        DISPATCHER = "dispatcher", said("调度员")

    code = models.CharField(max_length=32, unique=True)
    duty = models.CharField(max_length=16, choices=Duty)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

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
