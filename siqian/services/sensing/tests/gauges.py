"""Sensors of the small town, and how a story sends their readings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from siqian.kernel import deliveries
from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions
from siqian.services.sensing.rules.sensors import Answer, SensorRow, Sent
from siqian.testing import monday_nine

REGISTER = (
    ("w1", "water", "松涛苑3栋地下车库口", "songtao-3"),
    ("w2", "water", "松涛苑4栋低洼处", "songtao-4"),
    ("w3", "water", "木棉苑1栋车库口", "mumian-1"),
    ("s3", "smoke", "松涛苑3栋楼道", "songtao-3"),
    ("t3", "heat", "松涛苑3栋楼道", "songtao-3"),
    ("s5", "smoke", "松涛苑5栋楼道", "songtao-5"),
    ("m1", "manhole", "松涛苑5栋门口", "songtao-5"),
)


def rows(register: Sequence[tuple[str, str, str, str]] = REGISTER) -> list[SensorRow]:
    return [SensorRow(at, code, kind, name, "", house, None, None) for at, (code, kind, name, house) in enumerate(register, start=2)]


def sent(sensor: str, value: float, at: datetime, quantity: str = "depth", **more) -> Sent:
    return Sent(1, sensor, quantity, value, at, **more)


def send(*readings: Sent, at: datetime | None = None) -> list[Answer]:
    """Through the door, when the newest of them was measured unless the story says otherwise."""
    return actions.take_readings(readings=readings, by=OFFICE, at=at or max(one.at for one in readings))


def flood(sensor: str = "w1", at: datetime = monday_nine) -> None:
    """Two readings past the level."""
    send(sent(sensor, 34, at), sent(sensor, 36, at + timedelta(minutes=2)), at=at + timedelta(minutes=2))


def hear(at: datetime) -> None:
    """Let whoever has to hear of it hear of it."""
    while deliveries.work(at=at):
        pass
