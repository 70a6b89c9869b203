"""Commands of sensors: their register, the gateways that may send, readings from a broker."""

from pathlib import Path
from typing import Any

import click


def _awake() -> None:
    import django

    django.setup()


@click.command("sensors")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--crs", default="", help="Frame of the coordinates, where there are any: WGS-84, CGCS2000, GCJ-02, BD-09, EPSG:4547 …")
@click.option("--crs-over", "over", is_flag=True, help="Believe --crs where the file itself declares another frame.")
@click.option("--layer", default="", help="The layer of a GeoPackage or geodatabase that has several.")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what is wrong.")
@click.option("--faults", type=click.Path(path_type=Path), help="Write every fault to this CSV.")
def import_sensors(file: Path, dry: bool, faults: Path | None, **more: Any) -> None:
    """Sensors: code, kind, name, building (or lon and lat). With a fault anywhere nothing is written."""
    _awake()
    from .listening import register as run
    from .mapping import Source

    raise SystemExit(run(Source(file, **more), dry=dry, faults=faults))


@click.command("sensors")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_sensors(file: Path) -> None:
    """All sensors as CSV, as `import sensors` takes them (WGS-84)."""
    _awake()
    from .listening import export as run

    click.echo(f"导出了{run(file)}个传感器：{file}")


@click.command()
@click.option("--broker", required=True, help="mqtt://user@host:1883 or mqtts://host:8883; the password is in SIQIAN_MQTT_PASSWORD.")
@click.option("--topic", required=True, multiple=True, help="May be given several times; # and + as MQTT has them.")
@click.option(
    "--client", default="siqian-sensors", show_default=True, help="The session's name at the broker, which keeps what comes meanwhile."
)
def sensors(broker: str, topic: tuple[str, ...], client: str) -> None:
    """Take readings from an MQTT broker until a signal comes. What is acknowledged is written."""
    _awake()
    from .listening import run

    run(broker, topic, client)


@click.command()
@click.argument("code")
@click.option("--area", default="", help="Code of the area whose sensors it sends.")
@click.option("--end", is_flag=True, help="Its token opens nothing any more.")
def gateway(code: str, area: str, end: bool) -> None:
    """Let an outside system send readings (POST /api/sensing/readings): prints its token, once. Again: a new one, the old one ends."""
    _awake()
    from .listening import admit, end_gateway

    click.echo(end_gateway(code) if end else admit(code, area))
