"""Commands of the doors for outside systems: their keys."""

import click


@click.command()
@click.argument("system")
@click.option("--end", is_flag=True, help="None of its keys opens anything any more.")
def key(system: str, end: bool) -> None:
    """Let an outside system in (Open311): prints a new key, once. Older keys go on until --end."""
    import django

    django.setup()
    from siqian.intake import actions
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE, Refused

    at = clock.now()
    try:
        if end:
            click.echo(f"{system}：停用了{actions.shut_out(system=system, by=OFFICE, at=at)}个密钥")
        else:
            click.echo(actions.admit(system=system, by=OFFICE, at=at))
    except Refused as refused:
        raise click.ClickException(refused.refusal.why) from refused
