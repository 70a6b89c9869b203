"""Terms that the law itself gives, beside what is promised. Pure."""

from collections.abc import Iterator, Mapping

import msgspec

from siqian.kernel.permits import Refusal


class Legal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the law gives as a term for some kinds of message about some classes: the fields are told in legal.yaml."""

    code: str
    zh: str
    en: str
    clause: str
    source: str
    kinds: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    days: int = 0
    working_days: int = 0

    def speaks_of(self, item: str, kind: str) -> bool:
        """Whether a matter of this kind about this item has this term."""
        about = not self.items or any(item == code or item.startswith(f"{code}.") for code in self.items)
        return about and (not self.kinds or kind in self.kinds)


def legal_faults(rows: Mapping[str, Legal]) -> Iterator[tuple[str, str, Refusal]]:
    """(code, field, what is wrong) of every row: one term, and where it is written."""
    for row in rows.values():
        if bool(row.days > 0) == bool(row.working_days > 0):
            yield row.code, "days", Refusal("天数和工作日写一个，大于0")
        for name in ("clause", "source"):
            if not getattr(row, name).strip():
                yield row.code, name, Refusal("不能为空，法定期限要写明出处")
