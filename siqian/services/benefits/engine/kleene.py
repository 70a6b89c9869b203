"""What unknown means: three values (True, False, None), comparisons of known values and of spans, ages, amounts. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from .form import Amount, Fault, Faulty, is_number

State = bool | None


def all_of(states: Iterable[State]) -> State:
    """False as soon as one is, True when all are."""
    found: State = True
    for state in states:
        if state is False:
            return False
        found = None if state is None else found
    return found


def any_of(states: Iterable[State]) -> State:
    found: State = False
    for state in states:
        if state is True:
            return True
        found = None if state is None else found
    return found


def at_least(k: int, states: Iterable[State]) -> State:
    """True when k are known to hold; False when not even with every unknown one k would."""
    given = list(states)
    sure = sum(state is True for state in given)
    possible = sure + sum(state is None for state in given)
    return True if sure >= k else False if possible < k else None


def negated(state: State) -> State:
    return None if state is None else not state


def compare(op: str, known: Any, value: Any) -> bool:
    """A known value against a written one; dates as their ISO text."""
    if op == "=":
        return bool(known == value)
    if op == "!=":
        return bool(known != value)
    if op in ("in", "not_in"):
        return (known in value) == (op == "in")
    if op == "between":
        return bool(value[0] <= known <= value[1])
    return bool({"<": known < value, "<=": known <= value, ">": known > value, ">=": known >= value}[op])


def compare_span(op: str, least: Any, most: Any, value: Any) -> State:
    """The same for something of which only the least and the most is known; most: None when nothing bounds it."""
    if op == "known":
        return bool(least == most)
    if op in ("!=", "not_in"):
        return negated(compare_span("=" if op == "!=" else "in", least, most, value))
    if op in ("=", "in"):
        wanted = [value] if op == "=" else value
        inside = {one for one in wanted if least <= one and (most is None or one <= most)}
        if not inside:
            return False
        if least == most:
            return True
        # A count takes every whole number between; a sum that is not known exactly has no upper end.
        return True if most is not None and len({one for one in inside if one == int(one)}) == most - least + 1 else None
    low, high = value if op == "between" else (value, value)
    least_in = {"<": least < high, "<=": least <= high, ">": least > low, ">=": least >= low, "between": low <= least <= high}[op]
    if most is None:
        return _unbounded(op, least_in, least, low, high)
    most_in = {"<": most < high, "<=": most <= high, ">": most > low, ">=": most >= low, "between": low <= most <= high}[op]
    if op == "between":
        return True if least_in and most_in else False if most < low or least > high or low > high else None
    return least_in if least_in == most_in else None


def _unbounded(op: str, least_in: bool, least: Any, low: Any, high: Any) -> State:
    if op in (">", ">="):
        return True if least_in else None
    if op == "between":
        return False if least > high or low > high else None
    return None if least_in else False


def age_on(born: date, day: date) -> int:
    """Completed years, reached on the birthday itself; by those born on 29 February on 1 March of a common year.

    Civil code, article 1259 as practised: the day is only full when it is there.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reached(born: date, years: int) -> date:
    """The day on which somebody has so many completed years."""
    year = born.year + years
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and not leap else date(year, born.month, born.day)


def latest_birth(years: int, day: date) -> date | None:
    """The last day of birth with which somebody has so many completed years; None when there is none in the calendar."""
    year = day.year - years
    if not 1 <= year <= 9999:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) and not leap else day.day)


def amount_of(amount: Amount | None, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> int | None:
    """Whole fen, rounded half up once at the end; None where there is none, or what it is reckoned from is unknown."""
    if amount is None:
        return None
    if amount.kind == "fen":
        return amount.fen
    if amount.kind == "param":
        value = parameters.get(amount.param)
        return None if value is None else half_up(exact(value))
    known = facts.get(amount.fact)
    if known is None or known != known:
        return None
    if not is_number(known):
        raise Faulty([Fault(amount.fact, "amount", f"情况{amount.fact}不是数，不能用来算钱")])
    return half_up(scaled(amount, exact(known)))


def scaled(amount: Amount, known: Fraction) -> Fraction:
    """The amount before rounding, exactly."""
    if amount.kind == "rate":
        return known * Fraction(*amount.rate)
    found = Fraction(0)
    for at, (above, rate) in enumerate(amount.brackets):
        upper = amount.brackets[at + 1][0] if at + 1 < len(amount.brackets) else None
        part = (known if upper is None else min(known, Fraction(upper))) - above
        found += max(part, Fraction(0)) * Fraction(*rate)
    return found


def exact(number: Any) -> Fraction:
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def kind_of(value: Any) -> str:
    """text or number: what may be compared with what. Yes and no are the numbers one and nought."""
    return "text" if isinstance(value, str) else "number"
