"""Commands: demo, serve, worker, sensors, migrate, import, export, journal, backup, restore, check."""

import os
from pathlib import Path

import click

from siqian import VERSION

from . import benefitscli, doorcli, learncli, mapcli, passescli, sensorcli
from .config import BadConfig, load


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="siqian")
@click.option("--home", type=click.Path(path_type=Path), help="Folder that holds all state (SIQIAN_HOME).")
def house(home: Path | None) -> None:
    """Siqian 四千: a resident's matter reaches the right person, in the open."""
    if home:
        os.environ["SIQIAN_HOME"] = str(home)
    try:
        load()
    except BadConfig as error:
        raise click.ClickException(str(error)) from error


def awake() -> None:
    """Start Django; commands call it, so that --help stays quick."""
    import django

    django.setup()


@house.command()
def migrate() -> None:
    """Bring the database to this version and lay its guards."""
    awake()
    from .running import migrated

    for line in migrated():
        click.echo(line)


@house.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True)
def serve(port: int, host: str, workers: int) -> None:
    """Serve pages and API (WSGI)."""
    awake()
    from .running import serve as run

    run(host, port, workers)


@house.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(once: bool) -> None:
    """Deliveries, overdue tasks, anchors: the timed work."""
    awake()
    from .running import work

    work(once=once)


@house.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--home", "home_", type=click.Path(path_type=Path), help="Folder for all of the demo's state.")
@click.option(
    "--size",
    type=click.Choice(["small", "district", "full"]),
    default="district",
    show_default=True,
    help="small: a street of 3 communities; district: 69 communities and a year of 40,000 matters; "
    "full: also every room, 3 million residents, 2 million matters (about an hour on PostgreSQL, 40 GB).",
)
@click.option("--no-stream", is_flag=True, help="No new messages while it runs.")
@click.option("--once", is_flag=True, help="Make the district, check it, print the counts and end.")
def demo(port: int, home_: Path | None, size: str, no_stream: bool, once: bool) -> None:
    """A living district at http://localhost:8000, and you can be anybody in it."""
    os.environ["SIQIAN_DEMO"] = "true"
    if home_:
        os.environ["SIQIAN_HOME"] = str(home_)
    awake()
    from .running import demo as run

    run(port=port, size=size, stream=not no_stream, once=once)


@house.group("import")
def import_() -> None:
    """Bring things in."""


@import_.command("messages")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", default="file", show_default=True)
@click.option("--faults", type=click.Path(path_type=Path), help="Write faulty rows to this CSV.")
def import_messages(files: tuple[Path, ...], channel: str, faults: Path | None) -> None:
    """Messages from CSV, JSON lines or Excel (also .gz), through the same verb as any other. Cut off? Run it again."""
    awake()
    from .running import import_messages as run

    raise SystemExit(run(files, channel, faults))


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY = click.option("--dry-run", "dry", is_flag=True, help="Only say what is wrong.")
FAULTS = click.option("--faults", type=click.Path(path_type=Path), help="Write every fault to this CSV.")


@import_.command("units")
@FILE
@DRY
@FAULTS
def import_units(file: Path, dry: bool, faults: Path | None) -> None:
    """Flats, shops and offices of buildings from CSV, JSON lines or Excel. With a fault anywhere nothing is written."""
    awake()
    from .importing import units as run

    raise SystemExit(run(file, dry=dry, faults=faults))


@import_.command("residents")
@FILE
@click.option("--source", default="", help="Where the list comes from, for rows that do not say.")
@click.option("--basis", default="", help="On what ground they are kept, for rows that do not say.")
@DRY
@FAULTS
def import_residents(file: Path, source: str, basis: str, dry: bool, faults: Path | None) -> None:
    """Residents by building and room, or by address. With a fault anywhere nobody is written; whoever is there stays."""
    awake()
    from .importing import residents as run

    raise SystemExit(run(file, source=source, basis=basis, dry=dry, faults=faults))


@import_.command("persons")
@FILE
@DRY
@FAULTS
def import_persons(file: Path, dry: bool, faults: Path | None) -> None:
    """Persons: code, name, name_en. With a fault anywhere nothing is written."""
    awake()
    from .importing import persons as run

    raise SystemExit(run(file, dry=dry, faults=faults))


@import_.command("accounts")
@FILE
@click.option(
    "--passwords", required=True, type=click.Path(path_type=Path), help="Write the first passwords of new accounts to this new file."
)
@DRY
@FAULTS
def import_accounts(file: Path, passwords: Path, dry: bool, faults: Path | None) -> None:
    """Accounts: username, person (else name), active. Whoever signs in with a first password chooses a new one at once."""
    awake()
    from .importing import accounts as run

    raise SystemExit(run(file, passwords=passwords, dry=dry, faults=faults))


@import_.command("posts")
@FILE
@DRY
@FAULTS
def import_posts(file: Path, dry: bool, faults: Path | None) -> None:
    """Posts: code, duty, area, name. With a fault anywhere nothing is written."""
    awake()
    from .importing import posts as run

    raise SystemExit(run(file, dry=dry, faults=faults))


@import_.command("rosters")
@FILE
@DRY
@FAULTS
def import_rosters(file: Path, dry: bool, faults: Path | None) -> None:
    """Who sits on which post in which hours, and who is away. With a fault anywhere nothing is written."""
    awake()
    from .importing import rosters as run

    raise SystemExit(run(file, dry=dry, faults=faults))


@import_.command("history")
@FILE
@DRY
def import_history(file: Path, dry: bool) -> None:
    """Matters that were lived elsewhere, one JSON object a line (docs/imports.md), open ones with running clocks."""
    awake()
    from .importing import history as run

    raise SystemExit(run(file, dry=dry))


@house.group()
def export() -> None:
    """Take things out."""


@export.command("matters")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_matters(file: Path) -> None:
    """All matters as CSV, without names or telephones."""
    awake()
    from .running import export_matters as run

    click.echo(f"导出了{run(file)}件：{file}")


@export.command("units")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_units(file: Path) -> None:
    """All units of buildings as CSV, as `import units` takes them."""
    awake()
    from .importing import export_units as run

    click.echo(f"导出了{run(file)}处房屋：{file}")


for command in mapcli.IMPORTS:
    import_.add_command(command)
for command in mapcli.EXPORTS:
    export.add_command(command)
import_.add_command(sensorcli.import_sensors)
export.add_command(sensorcli.export_sensors)
house.add_command(sensorcli.sensors)
house.add_command(sensorcli.gateway)
house.add_command(doorcli.key)
house.add_command(mapcli.places)
house.add_command(learncli.learn)
house.add_command(benefitscli.benefits)
house.add_command(passescli.passes)


@house.command()
@click.argument("username")
def password(username: str) -> None:
    """Make a first password anew for somebody who forgot theirs; they choose their own at the next sign-in."""
    awake()
    from .importing import first_password as run

    click.echo(f"{username}第一次登录的密码：{run(username)}")


@house.group()
def messages() -> None:
    """Text messages and e-mails."""


@messages.command("retry")
def retry_messages() -> None:
    """Try again what could not be sent."""
    awake()
    from .running import retry_messages as run

    click.echo(f"重发{run()}条，worker会依次发出去")


@house.group()
def journal() -> None:
    """The journal."""


@journal.command()
def verify() -> None:
    """Walk every chain, check every anchor."""
    awake()
    from siqian.kernel import anchors

    report = anchors.verify()
    for fault in report.faults:
        click.echo(f"✗ {fault}")
    click.echo(f"流水{report.entries}条，{report.subjects}个对象，锚点{report.anchors}个，{len(report.faults)}处不对")
    raise SystemExit(1 if report.faults else 0)


@house.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Everything into one archive: database, files, keys. Keep it where the keys may lie."""
    awake()
    from .keeping import backup as run

    click.echo(run(file))


@house.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """An archive of `siqian backup` into an empty home."""
    awake()
    from .keeping import restore as run

    click.echo(run(file))


@house.command()
@click.option("--deep", is_flag=True, help="Also read every matter: state, post, clocks, steps. Seconds for ten thousand.")
def check(deep: bool) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    awake()
    from .keeping import check as run

    faults = run(deep=deep)
    for fault in faults:
        click.echo(f"✗ {fault}")
    if not faults:
        click.echo("✓ 一切就绪")
    raise SystemExit(1 if faults else 0)
