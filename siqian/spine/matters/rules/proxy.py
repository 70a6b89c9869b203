"""When one speaks for another: a neighbour for an old person, a child for a parent, a grid worker for whoever asks. Pure."""

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

RELATIONS = {
    "child": said("子女"),
    "spouse": said("爱人"),
    "neighbour": said("邻居"),
    "carer": said("照护的人"),
    "grid_worker": said("网格员"),
    "other": said("别的人"),
}
NOT_ASKED = Refusal("替别人说，要先问过TA。TA同意了，把“TA同意”勾上", field="for_agreed")


def fault(relation: str, name: str, agreed: bool) -> Refusal | None:
    """What is missing before one may speak for another."""
    if not (relation or name or agreed):
        return None
    if relation not in RELATIONS:
        return Refusal("您是TA的什么人？选一个", field="relation")
    if not 0 < len(name.strip()) <= 20:
        return Refusal("替谁说？写一个称呼，最多20个字", field="for_name")
    return None if agreed else NOT_ASKED


def sealed_under(receipt_mark: str) -> str:
    """Whose key seals name and telephone of somebody who is spoken for: apart from the teller's, either is forgotten alone."""
    return f"principal:{receipt_mark[:32]}"


def reader(telling: int) -> str:
    """How notices call somebody who is spoken for."""
    return f"principal:{telling}"
