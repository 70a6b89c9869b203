"""A process that is going to be killed, and what is asked of the database afterwards.

python -m tests.faults.bells make | ring FIRST STEP | cut FOLDER | work claimed|hearing | worker | verify
"""

import json
import os
import shutil
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import django

if __name__ == "__main__":
    # Run under the module's own name, so that its event and its reader are the ones that the tests know.
    django.setup()
    from tests.faults import bells

    sys.exit(bells.main(*sys.argv[1:]))

from django.db import connection

from siqian.kernel import anchors, clock, ddl, deliveries, links
from siqian.kernel.journal import Event, on, record, verb
from siqian.kernel.models import Entry
from siqian.kernel.permits import OFFICE


@dataclass(frozen=True)
class BellRung(Event, name="bell.rung"):
    bell: str
    number: int


@verb
def ring(*, bell, number, by=OFFICE, at):
    """Two rows and an event in one commit."""
    links.tie(bell, "rung", f"number:{number}", at=at)
    links.tie(f"number:{number}", "rang", bell, at=at)
    record(BellRung(bell, number), by=by, at=at)


@on(BellRung)
def hear(event, *, by, at):
    links.tie(event.bell, "heard", f"number:{event.number}", at=at)
    hang("hearing")


def hang(where):
    """Say how far we are and stay there until we are killed."""
    if sys.argv[1:] == ["work", where]:
        say(where)
        time.sleep(60)


def say(word):
    print(word, flush=True)


def make():
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    ddl.lay()


def ring_on(first, step):
    number = first
    while True:
        ring(bell=f"bell:{number % 3}", number=number, by=OFFICE, at=clock.now())
        say(number)
        number += step


def cut(folder):
    """Three writers until the power goes: the folder then holds what the disk was known to hold, the output what was acknowledged."""
    log, on_disk, acknowledged, write_through = Path(f"{connection.settings_dict['NAME']}-wal"), [b""], [], os.fdatasync

    def flushed(file):
        held = log.read_bytes()
        write_through(file)
        on_disk.append(max(held, on_disk[-1], key=len))

    def write(first):
        for number in range(first, first + 3000, 3):
            ring(bell=f"bell:{number % 3}", number=number, by=OFFICE, at=clock.now())
            acknowledged.append(number)

    shutil.copytree(log.parent, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    os.fdatasync = flushed
    for first in range(3):
        threading.Thread(target=write, args=(first,), daemon=True).start()
    while len(acknowledged) < 60:
        time.sleep(0.001)
    told = list(acknowledged)
    (Path(folder) / log.name).write_bytes(on_disk[-1])
    say(json.dumps(told))
    os._exit(0)


def work(_where):
    reader_of = deliveries._reader

    def claimed(row):
        hang("claimed")
        return reader_of(row)

    deliveries._reader = claimed
    deliveries.work(at=clock.now())


def worker():
    from siqian.web import running

    running.work()


def verify():
    """Everything that a survivor can be asked, as JSON."""
    with connection.cursor() as cursor:
        cursor.execute("pragma integrity_check")
        whole = cursor.fetchone()[0]
    numbers = [json.loads(body)["number"] for body in Entry.objects.filter(name="bell.rung").values_list("body", flat=True)]
    rows = {int(target.removeprefix("number:")) for bell in range(3) for target in links.came_of(f"bell:{bell}", "rung")}
    back = {number for number in rows if links.came_of(f"number:{number}", "rang")}
    say(
        json.dumps(
            {"whole": whole, "faults": anchors.verify().faults, "numbers": sorted(numbers), "rows": sorted(rows), "back": sorted(back)}
        )
    )


def main(what, *rest):
    if what == "ring":
        ring_on(*map(int, rest))
    else:
        {"make": make, "cut": cut, "work": work, "worker": worker, "verify": verify}[what](*rest)
