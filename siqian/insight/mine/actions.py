"""What one does with one's own data where it takes more than one module: have everything destroyed at once."""

from datetime import datetime

from siqian.kernel.journal import verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal
from siqian.services.care import actions as care, queries as homes
from siqian.town.people import actions as people, queries as register
from siqian.trades.dossier import actions as dossier

NOT_THERE = Refusal("名册里没有找到您，请到社区窗口说一声")
NOT_SURE = Refusal("删了找不回来。要删，先勾上“我明白”", field="sure")


@verb
def erase(*, sure: bool, by: Actor, at: datetime) -> None:
    """Destroy one's own key, and with it all that was ever sealed under it: name, telephone, every fact. In one transaction.

    The household's facts stay for whoever still lives there; with the last of them they go as well. Records vault.erased.
    """
    kept = register.mine(by)
    if kept is None:
        raise NotFound(NOT_THERE)
    if not sure:
        raise BadInput(NOT_SURE)
    own = homes.with_home(by, at=at)
    home = homes.mine(by, at=at)
    dossier.end(subject=f"resident:{kept.line.id}", by=own, at=at)
    people.erase(resident=kept.line.id, by=own, at=at)
    if home is not None and home.home is not None:
        care.close(home=home.home.id, by=own, at=at)
