"""What only the simulator knows: stages, traits, and the true expected value of every customer.

The true customer lifetime value (客户终生价值, CLV) is an expectation over futures: the customer, standing where
it stands, is lived many times with other luck, and the discounted profit is averaged. Its standard error comes with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine import blocks
from crmsim.engine.blocks import Block, whole, workers
from crmsim.engine.kernel import Clock
from crmsim.engine.policy import Offer
from crmsim.engine.tables import named
from crmsim.engine.world import world_of
from crmsim.settings.scenario import Scenario

CUSTOMERS_AT_ONCE = 512
"""Customers in a block of futures: small, because each is lived many times."""


class Truth:
    """The hidden side of a run."""

    def __init__(self, scenario: Scenario, policy: tuple[Offer, ...], replication: int, lives: Block) -> None:
        self._scenario = scenario
        self._policy = policy
        self._replication = replication
        self._lives = lives

    @property
    def stages(self) -> pd.DataFrame:
        """One row per customer and period since arrival: `customer_id`, `period`, `stage` (ordered categories)."""
        log = self._lives.stage_log
        row, period = np.nonzero(log >= 0)
        return pd.DataFrame(
            {
                "customer_id": self._lives.customers[row],
                "period": period.astype(np.int64),
                "stage": named(log[row, period], self._scenario.stages, ordered=True),
            }
        )

    @property
    def customers(self) -> pd.DataFrame:
        """One row per arrived customer: the hidden traits, and the profit of the lived periods.

        Columns: `segment`; `purchase_rate` (a period, at stage factor 1); `spend_level` (mean amount of a purchase);
        `loyalty` (logit); `profit` (money, undiscounted).
        """
        traits = self._lives.traits
        here = traits.arrival < self._scenario.periods
        table = {
            "segment": named(traits.segment[here], self._scenario.traits.segments),
            "purchase_rate": traits.rate[here],
            "spend_level": traits.spend[here] * self._scenario.traits.spend.p,
            "loyalty": traits.loyalty[here],
            "profit": self._lives.profit_cents[here] / 100,
        }
        return pd.DataFrame(table, index=pd.Index(self._lives.customers[here], name="customer_id"))

    def clv(self, *, at: int, horizon: int, replications: int = 200, threads: int | None = None) -> pd.DataFrame:
        """True expected value of each customer who has arrived before period `at`, if the firm goes on as it does.

        Margin less service and offer costs of periods at .. at + horizon - 1, discounted to the start of period
        `at`; offers already decided for those periods are counted.

        Parameters
        ----------
        at : int
            First period of the future, 1 .. periods.
        horizon : int
            Number of periods that count.
        replications : int
            Futures per customer, at least 2; the standard error falls with their square root.
        threads : int, optional
            At most so many blocks at once.

        Returns
        -------
        DataFrame
            Indexed by `customer_id`: `clv` (money) and `clv_se`, its standard error.
        """
        at = whole(at, "at", least=1, most=self._scenario.periods)
        horizon = whole(horizon, "horizon", least=1, most=1200)
        replications = whole(replications, "replications", least=2, most=1_000_000)
        here = np.nonzero(self._lives.traits.arrival < at)[0]
        value = self._futures(here, Clock(at, at + horizon, at, self._replication + 1, replications), threads)
        mean = value[:, 0] / replications
        variance = np.maximum(value[:, 1] / replications - mean**2, 0) * replications / (replications - 1)
        table = {"clv": mean, "clv_se": np.sqrt(variance / replications)}
        return pd.DataFrame(table, index=pd.Index(self._lives.customers[here], name="customer_id"))

    def _futures(self, here: npt.NDArray[np.int64], clock: Clock, threads: int | None) -> npt.NDArray[np.float64]:
        world = world_of(self._scenario, n_periods=clock.stop)
        parts = [here[i : i + CUSTOMERS_AT_ONCE] for i in range(0, len(here), CUSTOMERS_AT_ONCE)]

        def block(number: int) -> npt.NDArray[np.float64]:
            chosen = parts[number]
            lives = blocks.live(
                self._lives.customers[chosen],
                blocks.take(self._lives.traits, chosen),
                world,
                offers=self._policy,
                clock=clock,
                stages=np.ascontiguousarray(self._lives.stage_log[chosen, clock.start - 1]),
            )
            return lives.value

        found = list(blocks.in_threads(block, len(parts), threads=workers(threads)))
        return np.concatenate(found) if found else np.empty((0, 2))

    def __repr__(self) -> str:
        return "<Truth: .stages, .customers, .clv(at=, horizon=)>"
