"""What the long-running commands do: migrate, serve, work, the demo, import and export."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from siqian.insight.atlas import jobs as atlas_jobs
from siqian.insight.bounds import jobs as bounds_jobs
from siqian.insight.offices import jobs as offices_jobs
from siqian.insight.review import jobs as review_jobs
from siqian.insight.topics import jobs as topics_jobs
from siqian.insight.workbench import jobs as workbench_jobs
from siqian.intake import jobs as intake_jobs, rules as intake_rules
from siqian.kernel import anchors, clock, ddl, deliveries, disk
from siqian.kernel.permits import OFFICE, Refused
from siqian.services.benefits import jobs as benefits_jobs
from siqian.services.care import jobs as care_jobs, queries as care
from siqian.services.passes import jobs as passes_jobs
from siqian.services.sensing import jobs as sensing_jobs
from siqian.services.visits import jobs as visits_jobs
from siqian.spine.answers import jobs as answers_jobs
from siqian.spine.matters import jobs as matters_jobs, queries as matters
from siqian.town.people import queries as people
from siqian.town.places import jobs as places_jobs
from siqian.trades.dossier import jobs as dossier_jobs, queries as facts
from siqian.trades.notices import actions as notices_actions, jobs as notices_jobs, queries as notices
from siqian.trades.tasks import jobs as tasks_jobs
from siqian.ui.words import say

from . import refitting, warming, words


def migrated() -> list[str]:
    """Migrate by the owner, lay the guards last, let the serving role in."""
    Path(settings.SIQIAN_HOME).mkdir(parents=True, exist_ok=True)
    words.compile_all()
    owner = "owner" if "owner" in settings.DATABASES else "default"
    call_command("migrate", database=owner, interactive=False, verbosity=0)
    ddl.lay(owner)
    if owner == "owner":
        ddl.grant(settings.DATABASES["default"]["USER"], owner)
    guards = ddl.guarded()
    return [f"数据库已是这一版：{connections[owner].vendor}", f"只增的表{len(guards['append_only'])}张，围起来的表{len(guards['fence'])}张"]


def serve(host: str, port: int, workers: int) -> None:
    """Serve until a signal comes. What every worker holds is loaded before they part, so that its pages are in memory once."""
    from granian import Granian
    from granian.constants import Interfaces

    warming.warm()
    Granian(
        "siqian.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        respawn_failed_workers=True,
        log_enabled=False,
        workers_kill_timeout=5,
    ).serve()


# What the worker does once a minute, in this order; the anchor last, over all of it.
MINUTELY: tuple[Callable[..., object], ...] = (
    review_jobs.draw_up_last_week,
    answers_jobs.remind,
    topics_jobs.follow,
    topics_jobs.regroup,
    matters_jobs.end_what_nobody_asked,
    places_jobs.draw_what_is_due,
    bounds_jobs.enact_what_is_due,
    offices_jobs.close_what_is_due,
    matters_jobs.follow_units,
    workbench_jobs.mind_the_gaps,
    visits_jobs.remind,
    sensing_jobs.lay_out_the_day,
    care_jobs.lay_out,
    passes_jobs.tidy,
    benefits_jobs.match_tonight,
    dossier_jobs.close_what_is_out_of_date,
    sensing_jobs.watch_the_sensors,
    intake_jobs.watch_systems,
    matters_jobs.tidy_up,
    refitting.tonight,
    atlas_jobs.cut_what_was_redrawn,
    anchors.drop,
)


def work(*, once: bool = False) -> None:
    """The worker: every second what is due, every minute an anchor. Ends after the work in hand on SIGTERM."""
    going = [True]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: going.clear())
    minute, ways_out = 0.0, notices.gateways()
    while going:
        at = clock.now()
        matters_jobs.go_on_after_the_limit(at=at)
        tasks_jobs.climb_what_is_late(at=at)
        tasks_jobs.warn_before_it_is_late(at=at)
        done = deliveries.work(at=at) + notices_jobs.send_what_is_due(gateways=ways_out, at=at) + intake_jobs.send_letters(at=at)
        matters_jobs.settle_what_nobody_rated(at=at)
        disk.checkpoint()
        if time.monotonic() - minute > 60:
            minute = time.monotonic()
            for due in MINUTELY:
                due(at=at)
        if once and not done:
            break
        if not done:
            time.sleep(1)
    refitting.leave()


def retry_messages() -> int:
    """Let every message that could not be sent wait for its turn again; gives how many."""
    failed = notices.failed()
    for outgoing in failed:
        notices_actions.retry(outgoing=outgoing, by=OFFICE, at=clock.now())
    return len(failed)


def demo(*, port: int, size: str, stream: bool, once: bool) -> None:
    """Make the town if there is none, then serve it with a worker beside; a district's year and new messages come meanwhile."""
    import demo as district

    click.echo("四千示例：数据是按种子合成的，页面上都标着“示例数据”")
    migrated()
    home = Path(settings.SIQIAN_HOME)
    size = district.make(home, size=size, told=click.echo)
    if once:
        if size != "small":
            district.live(home, told=click.echo)
        raise SystemExit(_checked())
    children = [_child("worker")]
    if size != "small":
        children.append(_child("-c", f"import demo.history; demo.history.run(stream={stream}, port={port})"))
    elif stream:
        children.append(_child("-c", f"import demo.stream; demo.stream.run(port={port})"))
    click.echo(f"打开 http://localhost:{port} ，点“示例数据”或“换个人看”，可以是任何一个人。Ctrl-C 停止")
    try:
        serve("127.0.0.1", port, 2)
    finally:
        _end(children)


def _checked() -> int:
    """Walk the journal and every matter; 1 when anything is wrong."""
    report = anchors.verify()
    for fault in report.faults:
        click.echo(f"✗ {fault}")
    click.echo(f"流水{report.entries}条，锚点{report.anchors}个，{len(report.faults)}处不对")
    wrong = [*matters.faults(), *people.resident_faults(), *facts.faults(), *care.faults()]
    for refusal in wrong:
        click.echo(f"✗ {say(refusal)}")
    click.echo(f"每件事的状态、岗位、时限、经过，每个住户的网格和房号都查过，{len(wrong)}处不对")
    return int(bool(report.faults or wrong))


def _child(*what: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, *what] if what[0] == "-c" else [sys.executable, "-m", "siqian", *what]
    env = os.environ | {"SIQIAN_HOME": str(settings.SIQIAN_HOME), "SIQIAN_DEMO": "true", "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
    root = str(Path(__file__).resolve().parents[2])
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(command, env=env)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


def import_messages(files: tuple[Path, ...], channel: str, faults: Path | None) -> int:
    """Import file after file; the counts add up or the command fails."""
    rows: list[tuple[str, int, str]] = []
    for path in files:
        begun = time.monotonic()
        try:
            count = intake_jobs.run(path, channel=channel, at=clock.now, told=_progress(path))
        except Refused as error:
            raise click.ClickException(say(error.refusal)) from error
        seconds = time.monotonic() - begun
        sums = f"新收{count.taken} + 并入{count.joined} + 以前收过{count.again} + 有错{count.faulty}"
        click.echo(f"\r{path.name}：{count.total}行 = {sums}，用了{seconds:.1f}秒")
        rows += [(path.name, number, why) for number, why in count.faults]
    for name, value in matters.census(seen_by=OFFICE).items():
        click.echo(f"  {name}：{value}")
    if rows and faults:
        with faults.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("文件", "行", "哪里不对"), *rows])
        click.echo(f"有错的行写在{faults}")
    for name, number, why in [] if faults else rows[:20]:
        click.echo(f"  {name}第{number}行：{why}")
    return 1 if rows else 0


def _progress(path: Path) -> Callable[[intake_rules.Tally], None]:
    def told(count: intake_rules.Tally) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{path.name}：{count.total}行", nl=False, err=True)

    return told


def export_matters(path: Path) -> int:
    """Every matter, the newest first, without anything that names a teller."""
    heads = ("number", "state", "kind", "item", "title", "place", "received", "closed", "tellings", "rating")
    written, after = 0, 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        while lines := matters.find(seen_by=OFFICE, after=after, most=500):
            # A cell that begins like a formula is shown as text by every spreadsheet.
            writer.writerows([_safe(str(getattr(line, head) or "")) for head in heads] for line in lines)
            written, after = written + len(lines), lines[-1].id
    return written


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
