"""What a sheet says in sentences: what changed and why, what to learn from, what to look at. Pure.

A sentence is kept as its template with its values, so that it can be read in another language; a value NAME_en stands beside NAME.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from siqian.kernel.said import said

from .numbers import SMALL, Line, differ, wilson

Saying = dict[str, Any]
SAID = ("respond", "settle", "satisfied")
NAMES = {
    "respond": (said("回应及时率"), "Answered in time"),
    "settle": (said("按时办结率"), "Settled in time"),
    "satisfied": (said("满意率"), "Satisfaction"),
}
MOST = 3

LESS = said("{measure}{rate}，比上周低{points}个百分点，主要因为{cause}：没做到的从{before}件到{now}件。")
MORE = said("{measure}{rate}，比上周高{points}个百分点，主要因为{cause}：没做到的从{before}件到{now}件。")
LESS_ALL = said("{measure}{rate}，比上周低{points}个百分点，各类都有，不是哪一类特别多。")
MORE_ALL = said("{measure}{rate}，比上周高{points}个百分点，各类都好了一些。")
SAME = said("{measure}{rate}，和上周差不多（上周{last}）。")
FIRST = said("{measure}{rate}。")
NO_LAST = said("上周没有评，没得比。")
LOW = said("{measure}{rate}，全区{mean}。没做到的{misses}件里{n}件是{cause}。")
LOW_SPREAD = said("{measure}{rate}，全区{mean}。没做到的{misses}件分散在各类。")
HIGH = said("{measure}{rate}，全区{mean}，{whole}件里做到{part}件。可以去问问怎么做的。")


def changes(now: Line, last: Line | None, classes: Sequence[Line], before: Sequence[Line]) -> list[Saying]:
    """One sentence a measure against last week; a change that chance explains is none."""
    found = []
    for code in SAID:
        count = _of(now, code)
        if count[1] < SMALL:
            continue
        if last is None or _of(last, code)[1] < SMALL:
            found.append(_say(FIRST, code, now))
            continue
        other = _of(last, code)
        if not differ(count, other):
            found.append(_say(SAME, code, now, last=_percent(other)))
            continue
        found.append(_changed(code, now, count, other, classes, before))
    if found and last is None:
        found.append({**_say(NO_LAST, SAID[0], now), "values": {}})
    return found


def _changed(
    code: str, line: Line, count: tuple[int, int], other: tuple[int, int], classes: Sequence[Line], before: Sequence[Line]
) -> Saying:
    apart = 100 * (count[0] / count[1] - other[0] / other[1])
    worse = apart < 0
    earlier = {one["key"]: _of(one, code) for one in before}
    moved = []
    for one in classes:
        mine, theirs = _of(one, code), earlier.get(one["key"], (0, 0))
        share = (mine[1] - mine[0]) / count[1] - (theirs[1] - theirs[0]) / other[1]
        moved.append((share if worse else -share, mine[1] - mine[0], theirs[1] - theirs[0], one))
    share, now, was, cause = max(moved, key=lambda move: move[0], default=(0.0, 0, 0, line))
    points = f"{abs(apart):.1f}"
    # A class is the reason when a third of the change, and some matters, are its own.
    if 100 * share < abs(apart) / 3 or abs(now - was) < 3:
        return _say(LESS_ALL if worse else MORE_ALL, code, line, points=points)
    named = {"cause": cause["zh"], "cause_en": cause["en"], "before": was, "now": now}
    return _say(LESS if worse else MORE, code, line, points=points, **named)


def low(lines: Sequence[Line], whole: Line, causes: Mapping[tuple[str, str, str], tuple[str, str, int]]) -> list[Saying]:
    """Whose rate lies below the district's for certain, the widest gap first, with the class most of it is of.

    causes: (dimension, key, measure) -> (class, its English name, misses of it).
    """
    found = []
    for code, gap, one, (part, of), mean in _apart(lines, whole, below=True):
        zh, en, n = causes.get((one["by"], one["key"], code), ("", "", 0))
        values = {"mean": mean, "misses": of - part}
        if n * 3 >= of - part and n > 1:
            found.append((gap, _say(LOW, code, one, **values, cause=zh, cause_en=en, n=n)))
        else:
            found.append((gap, _say(LOW_SPREAD, code, one, **values)))
    return _once(found)


def high(lines: Sequence[Line], whole: Line) -> list[Saying]:
    """Whose rate lies above the district's for certain: what others can learn from."""
    return _once(
        [
            (gap, _say(HIGH, code, one, mean=mean, part=part, whole=of))
            for code, gap, one, (part, of), mean in _apart(lines, whole, below=False)
        ]
    )


def _apart(lines: Sequence[Line], whole: Line, *, below: bool) -> list[tuple[str, float, Line, tuple[int, int], str]]:
    found = []
    for code in SAID:
        all_ = _of(whole, code)
        if all_[1] < SMALL:
            continue
        mean = all_[0] / all_[1]
        for one in lines:
            part, of = _of(one, code)
            edge = wilson(part, of)
            if of >= SMALL and (edge[1] < mean if below else edge[0] > mean):
                found.append((code, abs(part / of - mean), one, (part, of), _percent(all_)))
    return found


def _once(found: list[tuple[float, Saying]]) -> list[Saying]:
    """The widest gaps, each place named once."""
    kept: dict[tuple[str, str], Saying] = {}
    for _, saying in sorted(found, key=lambda pair: -pair[0]):
        kept.setdefault((saying["by"], saying["key"]), saying)
    return list(kept.values())[:MOST]


def _say(text: str, code: str, line: Line, **values: object) -> Saying:
    zh, en = NAMES[code]
    whole = {"measure": zh, "measure_en": en, "rate": _percent(_of(line, code)), **values}
    return {"text": text, "values": whole, "measure": code, "by": line["by"], "key": line["key"], "zh": line["zh"], "en": line["en"]}


def _of(line: Line, code: str) -> tuple[int, int]:
    count = line["counts"].get(code) or (0, 0)
    return int(count[0]), int(count[1])


def _percent(count: tuple[int, int]) -> str:
    return f"{100 * count[0] / count[1]:.1f}%"
