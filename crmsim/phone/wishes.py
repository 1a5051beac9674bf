"""What a phone campaign leaves with customers besides its effect: the wish not to be called again (勿扰).

A customer remembers the wish, whether or not a script has written it down. The firm knows it only where the call was
written down as "do not call"; so the wish is a truth of the run, and travels with the offers that calls have come to.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crmsim.engine.offers import Offer
from crmsim.engine.simulate import Run
from crmsim.phone.records import periods_of

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CalledOffer(Offer):
    """What calls are to the engine; `wishes` are the customers among them who asked not to be called again."""

    wishes: Ids = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def who_wished(run: Run, *, months: float) -> Ids:
    """Who asked in a call of the last so many months not to be called again, as the customers remember it."""
    first = run.periods - periods_of(run, months)
    offers = (step.offer for step in run.plan.steps if step.offer.at > first)
    wishes = [offer.wishes for offer in offers if isinstance(offer, CalledOffer)]
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *wishes]))
