"""Commands of the understanding: train, predict, topics, similar, redact, addresses. Tables in, tables out; no database is touched."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from siqian.kernel.permits import Refusal, Refused
MOST_SHOWN = 20
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
MODEL = click.Path(exists=True, file_okay=False, path_type=Path)
OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write.")


@click.group()
def learn() -> None:
    """Understanding learned from labelled messages, on this machine alone."""


class Faults:
    """Rows that were passed over: the first are named on standard error as they come, all are counted at the end."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()

    def __call__(self, fault: Refusal) -> None:
        self.found["rows"] += 1
        if self.found["rows"] <= MOST_SHOWN:
            _tell(fault)

    def close(self) -> None:
        if self.found["rows"] > MOST_SHOWN:
            click.echo(f"✗ 还有{self.found['rows'] - MOST_SHOWN}行", err=True)


def _run(step: Callable[[Faults], Any]) -> Any:
    """Do a step with its faults told; what cannot be done ends with status 1 and the reason."""
    faults = Faults()
    try:
        return step(faults)
    except Refused as error:
        _tell(error.refusal)
        raise SystemExit(1) from None
    finally:
        faults.close()


def _tell(fault: Refusal) -> None:
    import django

    # Only a fault needs words, and words need Django.
    django.setup()
    from siqian.ui.words import say

    click.echo(f"✗ {say(fault)}", err=True)


@learn.command()
@click.argument("source", metavar="CSV", type=TABLE)
@click.option("--title", required=True, help="The column of titles.")
@click.option("--body", required=True, help="The column of texts; an empty one is a message of its title alone.")
@click.option("--label", required=True, help="The column of classes.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the weights and their card.")
def train(source: Path, title: str, body: str, label: str, out: Path) -> None:
    """Learn classes from a labelled table; the card says how good it is on what it had not seen."""
    from siqian.spine.learn import jobs

    card = _run(lambda told: jobs.train(source, out, title=title, body=body, label=label, told=told))
    click.echo(f"学了{card.messages}条、{len(card.f1)}类，用了{card.seconds}秒；没见过的：macro-F1 {card.macro_f1}，校准误差{card.calibration_error}")
    click.echo(f"{card.automatic:.0%}的消息有{jobs.calibration.SURE:.0%}的把握（概率{card.threshold}以上），可以不经人认定")


@learn.command()
@click.argument("model", metavar="DIR", type=MODEL)
@click.argument("source", metavar="CSV", type=TABLE)
@OUT
@click.option("--title", default="", help="The column of titles, where it is not called as in training.")
@click.option("--body", default="", help="The column of texts, where it is not called as in training.")
def predict(model: Path, source: Path, out: Path, title: str, body: str) -> None:
    """Add label, probability, second, second_probability and auto to a table; rows and columns stay as they are."""
    from siqian.spine.learn import jobs

    rows = _run(lambda told: jobs.predict(model, source, out, title=title, body=body, told=told))
    click.echo(f"认了{rows}条：{out}")
