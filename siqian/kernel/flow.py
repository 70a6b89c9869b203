"""Life cycles as tables: one line per lawful move. The table feeds the page, the verb and the documents."""

from dataclasses import dataclass

from .permits import Refusal


@dataclass(frozen=True)
class Move:
    """From a state, by a verb, to a state; who, in words, separated by blanks."""

    frm: str
    verb: str
    to: str
    who: str


class Flow:
    """A life cycle: `Flow(Move("lent", "return", "returned", "borrower"), …)`."""

    def __init__(self, *moves: Move) -> None:
        self.moves = moves
        self._next = {(move.frm, move.verb): move for move in moves}
        if len(self._next) != len(moves):
            raise ValueError("a state and a verb lead to one state only")

    @property
    def states(self) -> frozenset[str]:
        return frozenset(state for move in self.moves for state in (move.frm, move.to))

    def verbs(self, state: str) -> tuple[str, ...]:
        """What may be done in this state, in the table's order."""
        return tuple(move.verb for move in self.moves if move.frm == state)

    def then(self, state: str, verb: str) -> str | Refusal:
        """The state that follows, or why this verb does not fit now."""
        move = self._next.get((state, verb))
        if move is None:
            return Refusal("这件事已经走到别的一步了，刷新看看现在该做什么")
        return move.to
