"""Commands of the understanding: train, predict, topics, similar, redact, addresses. Tables in, tables out; no database is touched."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

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
    click.echo(f"学了{card.messages}条、{len(card.f1)}类，用了{card.seconds}秒")
    click.echo(f"没见过的消息：macro-F1 {card.macro_f1}，校准误差{card.calibration_error}")
    click.echo(f"{card.automatic:.0%}的消息有{jobs.calibration.SURE:.0%}的把握（概率{card.threshold}以上），可以不经人认定")


@learn.command()
@click.argument("source", metavar="CSV", type=TABLE)
@click.option("--title", required=True, help="The column of titles.")
@click.option("--body", required=True, help="The column of texts; an empty one is a message of its title alone.")
@click.option("--lexicon", type=TABLE, help="YAML, a class a line: 类别: 词、词. Without it the top classes of the responsibility list.")
@click.option("--label", default="", help="A column in which some messages have the class that a person gave them.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the weights and their card.")
def bootstrap(source: Path, title: str, body: str, lexicon: Path | None, label: str, out: Path) -> None:
    """Begin without history: what words surely say teaches a machine, which reads on. A few dozen labels help, and only they measure it."""
    from siqian.spine.learn import jobs

    begun = _run(lambda told: jobs.bootstrap(source, out, title=title, body=body, label=label, lexicon=lexicon, told=told))
    click.echo(f"看了{begun.messages}条、{begun.classes}类，词表对{begun.silent}条没有话说，用了{begun.seconds}秒")
    if not begun.labelled:
        click.echo("规则模型，尚未在本区核验：没有人标过的消息，准不准不知道，一条都不会不经人认定")
        return
    click.echo(f"人标过的{begun.labelled}条（没拿它们自己学过）：macro-F1 {begun.macro_f1}，准确率{begun.accuracy}")
    if begun.labelled < jobs.EVIDENCE:
        click.echo(f"人标过的不到{jobs.EVIDENCE}条，门槛还定不了，一条都不会不经人认定")


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


@learn.command()
@click.argument("source", metavar="CSV", type=TABLE)
@click.option("--id", "id_", required=True, help="The column that names a message.")
@click.option("--title", required=True, help="The column of titles.")
@click.option("--body", required=True, help="The column of texts.")
@click.option("--time", "when", default="", help="The column of times; only checked to be there, likeness does not depend on it.")
@OUT
def topics(source: Path, id_: str, title: str, body: str, when: str, out: Path) -> None:
    """Add `topic` to a table: messages about the same thing share a number, 1 the largest; empty where one stands alone."""
    from siqian.spine.learn import jobs

    found = _run(lambda told: jobs.topics(source, out, id_=id_, title=title, body=body, when=when, told=told))
    click.echo(f"分出{found}个话题：{out}")


@learn.command()
@click.argument("source", metavar="DIR|CSV", type=click.Path(exists=True, path_type=Path))
@click.argument("text")
@click.option("-k", "most", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.option("--title", default="", help="The column of titles; without it the columns with most text are taken.")
@click.option("--body", default="", help="The column of texts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def similar(source: Path, text: str, most: int, title: str, body: str, as_json: bool) -> None:
    """The messages most like a text: of a table, or of those that a model was trained on."""
    import msgspec

    from siqian.spine.learn import jobs

    for near in _run(lambda told: jobs.similar(source, text, most=most, title=title, body=body, told=told)):
        if as_json:
            click.echo(msgspec.json.encode(near).decode())
        else:
            click.echo(f"{near.alike:.3f}\t{near.row}\t{near.label}\t{' '.join((near.title or near.body).split())[:60]}")


@learn.command()
@click.option(
    "--strength",
    type=click.Choice(["display", "export"]),
    default="display",
    show_default=True,
    help="display: what is surely personal; export: all that may be.",
)
def redact(strength: Literal["display", "export"]) -> None:
    """Lines in, the same lines out without personal data."""
    from siqian.spine.learn import queries

    clean = queries.redactor().redacted
    for line in sys.stdin:
        sys.stdout.write(clean(line.rstrip("\n"), strength) + "\n")


@learn.command("train-address")
@click.argument("source", metavar="FILE", type=TABLE)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the weights.")
def train_address(source: Path, out: Path) -> None:
    """Learn the parts of addresses: a character (or a number, a word) and its BIO mark a line, a blank line between addresses."""
    from siqian.spine.learn import jobs

    click.echo(f"学了{_run(lambda told: jobs.train_addresses(source, out, told=told))}个地址：{out}")


@learn.command("parse-address")
@click.option("--model", required=True, type=MODEL, help="Folder of `train-address`.")
def parse_address(model: Path) -> None:
    """Addresses in, one a line; out the parts of each as a JSON list of start, end (not included) and label, in characters."""
    from siqian.spine.learn import jobs

    parser = _run(lambda told: jobs.parser(model))
    for line in sys.stdin:
        parts = parser.parts(line.rstrip("\r\n"))
        sys.stdout.write(json.dumps([{"start": part.start, "end": part.end, "label": part.label} for part in parts]) + "\n")


@learn.command()
@click.option("--quiet", is_flag=True, help="Say nothing: what came of it stands on /desk/learning.")
def refit(quiet: bool) -> None:
    """Learn anew from what rulings and settled matters confirmed, compare with what stands, and promote what is better."""
    import django

    django.setup()
    from siqian.ui.words import say

    from .refitting import refit as run

    made = run(anew=not quiet)
    if quiet or made is None:
        return
    if isinstance(made, Refusal):
        click.echo(f"✗ {say(made)}", err=True)
        raise SystemExit(1)
    click.echo(f"学了{made.learned}条、{made.items}项，用了{made.seconds}秒，权重{made.bytes // 1024} kB")
    for name, now, before in (("没学过的", made.frozen, made.frozen_before), ("最近几天", made.lately, made.lately_before)):
        click.echo(f"{name}{now.messages}条：首选对{before.first:.1%} → {now.first:.1%}，不经人{before.sent:.1%} → {now.sent:.1%}")
    click.echo("比对过关" if made.passed else "没有过关，接着用原来的")
