"""Commands of benefits: match a whole file, explain one answer. Neither needs a database."""

import json
from datetime import date
from pathlib import Path

import click

from siqian.services.benefits import rules


@click.group()
def benefits() -> None:
    """Policies against facts: who is entitled to what, and why (not)."""


POLICIES = click.option(
    "--policies",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder: a policy a *.json, and parameters.json.",
)
DAY = click.option("--as-of", "day", required=True, help="The day on which it is asked, 2026-07-01.")


def _file(**more: bool) -> click.Path:
    return click.Path(dir_okay=False, path_type=Path, **more)


@benefits.command()
@POLICIES
@click.option("--facts", required=True, type=_file(exists=True), help="Parquet: one row a person, id, household, one column a fact.")
@DAY
@click.option("--out", required=True, type=_file(), help="Parquet: id, policy, state, amount_fen.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Batches reckoned at once; memory grows with them."
)
def match(policies: Path, facts: Path, day: str, out: Path, workers: int) -> None:
    """Everybody against every policy: the pairs that are true or unknown."""
    try:
        people, pairs, unheard = rules.match_files(policies, facts, _day(day), out, workers)
    except ImportError as error:
        raise click.ClickException("要先装上扩展：pip install 'siqian[benefits]'") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for fact in unheard:
        click.echo(f"没有“{fact}”这一列，对所有人都当作不知道", err=True)
    click.echo(f"{people}人，{pairs}条：{out}", err=True)


@benefits.command()
@POLICIES
@click.option("--facts", required=True, type=_file(exists=True), help='JSON: {"id": …, "household": [rows]}.')
@DAY
@click.option("--policy", required=True, help="The policy's code.")
def explain(policies: Path, facts: Path, day: str, policy: str) -> None:
    """One person and one policy: the state, the facts that are missing, and why."""
    try:
        found = rules.explain_files(policies, facts, _day(day), policy)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(found, ensure_ascii=False))


@benefits.command()
@click.option("--count", required=True, type=click.IntRange(1, 50_000_000), help="How many.")
@click.option("--seed", default=4000, show_default=True)
@DAY
@click.option("--out", required=True, type=_file(), help="Parquet, as match reads it.")
def people(count: int, seed: int, day: str, out: Path) -> None:
    """Residents who do not exist, by a seed, to try policies on: ages, work, homes and hardship that go together, much of it unknown."""
    try:
        rules.make_people(count, seed, _day(day), out)
    except ImportError as error:
        raise click.ClickException("要先装上扩展：pip install 'siqian[benefits]'") from error
    click.echo(f"{count}人（示例数据）：{out}", err=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("日期写成2026-07-01这样", param_hint="--as-of") from error
