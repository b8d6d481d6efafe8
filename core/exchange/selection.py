"""Which discrepancies go out, and what is left behind and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from ..feedback import Feedback
from ..ledger.reviewed import Reviewed

Only = Literal["accepted", "undecided", "all"]
NAMED_EXAMPLES = 3
BULK = ("they were decided in bulk, and OpenStreetMap wants each object looked at by a person; decide them one by one "
        "in the review")
DOUBTFUL = ("so improbable a flag is more likely a slip of the reviewer's than real; the next queue asks for a second "
            "look")
RIVAL = "another kind of the same cause goes out"
SETTLED = "another kind of the same cause was accepted"
OVERTAKEN = "a newer round has judged their place anew, or the like of them was rejected"


class RefusedError(Exception):
    """One discrepancy cannot go out; the message is the reason, as a clause after «because»."""


class LeftOut:
    """Counts what stays behind, by reason."""

    def __init__(self) -> None:
        self._uids: dict[str, list[str]] = {}

    def add(self, reason: str, uid: str) -> None:
        """Note that a discrepancy stays behind."""
        self._uids.setdefault(reason, []).append(uid)

    @property
    def count(self) -> int:
        """How many stay behind."""
        return sum(len(uids) for uids in self._uids.values())

    def lines(self) -> list[str]:
        """One line a reason, the most frequent first."""
        ranked = sorted(self._uids.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        return [f"{len(uids)} left out, because {reason} ({_named(uids)})." for reason, uids in ranked]

    def tell(self, feedback: Feedback) -> None:
        """Log the lines as warnings."""
        for line in self.lines():
            feedback.warning(line)


def choose(found: Sequence[Reviewed], only: Only, left: LeftOut, *, one_by_one: bool = False,
           overtaken: Collection[str] = (), doubtful: Collection[str] = ()) -> list[Reviewed]:
    """Return what goes out, the surest first, of each cause only one.

    ``accepted`` are those whose newest decision accepts them, whether or not they were pushed into a layer of the
    user's; ``undecided`` the top kinds of their causes that are open or unsure; ``all`` both. ``one_by_one`` leaves
    out what was accepted in bulk, ``overtaken`` are the undecided ones that nobody should act on any more, by uid, and
    ``doubtful`` the accepted ones that wait for a second look.
    """
    accepted = [one for one in found if one.decision == "accept" and one.status in ("accepted", "pushed")]
    waiting = [one for one in found if one.status in ("open", "unsure") and one.is_top]
    settled = {one.discrepancy.cause for one in found if one.status in ("accepted", "pushed")}
    chosen: dict[str, Reviewed] = {}
    for one in {"accepted": accepted, "undecided": waiting, "all": accepted + waiting}[only]:
        uid = one.discrepancy.uid
        cause = one.discrepancy.cause or uid
        if one.decision != "accept" and uid in overtaken:
            left.add(OVERTAKEN, uid)
        elif one.decision != "accept" and cause in settled:
            left.add(SETTLED, uid)
        elif one_by_one and one.drawn_as == "bulk":
            left.add(BULK, uid)
        elif uid in doubtful:
            left.add(DOUBTFUL, uid)
        elif cause in chosen:
            left.add(RIVAL, uid)
        else:
            chosen[cause] = one
    return sorted(chosen.values(), key=lambda one: (-one.discrepancy.probability, one.discrepancy.uid))


def _named(uids: Sequence[str]) -> str:
    return ", ".join(uids[:NAMED_EXAMPLES]) + (", …" if len(uids) > NAMED_EXAMPLES else "")
