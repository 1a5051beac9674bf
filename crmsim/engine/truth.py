"""What only the simulator knows: stages and why they changed, traits, and the true expected value of every customer.

The true customer lifetime value (客户终生价值, CLV) is an expectation over futures: the customer, standing where
it stands, is lived many times with other luck, and the discounted profit is averaged. Its standard error comes with it.
Where nothing but stages, purchases and seasons matters there is a closed form as well (see `exact_clv`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine import kernel
from crmsim.engine.blocks import Block, futures, in_threads, whole, workers
from crmsim.engine.closed_form import exact_values
from crmsim.engine.hidden import move_columns, stage_columns, trait_columns
from crmsim.engine.kernel import Clock
from crmsim.engine.policy import Plan
from crmsim.engine.room import Table
from crmsim.engine.tables import frame
from crmsim.engine.world import setting_of
from crmsim.settings.scenario import Scenario

CUSTOMERS_AT_ONCE = 512
"""Customers in a block of futures: small, because each is lived many times."""


class Truth:
    """The hidden side of a run."""

    def __init__(self, scenario: Scenario, plan: Plan, replication: int, lives: Block) -> None:
        self._scenario = scenario
        self._plan = plan
        self._replication = replication
        self._lives = lives

    @property
    def stages(self) -> pd.DataFrame:
        """One row per customer and period since arrival: `customer_id`, `period`, `stage` (ordered categories)."""
        return frame(stage_columns(self._scenario, self._lives))

    @property
    def moves(self) -> pd.DataFrame:
        """One row per change of stage: `customer_id`, `period`, `before`, `after`, and its true `cause`.

        `chance`: it would have happened to this customer anyway; `satisfaction`, `firm`: without the customer's
        satisfaction, or without what the firm did, it would not have; `drop_out`: the customer left for good.
        """
        return frame(move_columns(self._scenario, self._lives))

    @property
    def customers(self) -> pd.DataFrame:
        """One row per arrived customer: the hidden traits, and what came of the lived periods.

        Columns: `segment`; `purchase_rate` (a period, at stage factor 1); `spend_level` (mean amount of a purchase);
        `loyalty` (logit); `leaving` (drop-out probability or rate, 0 where the scenario has none);
        `price_elasticity`; `service_sensitivity`; `patience_minutes`; `has_money`, `has_authority`, `has_need`;
        `favourite` category; `satisfaction` at the end; `told_good`, `told_bad` (people told); `profit` (money of
        the lived periods, undiscounted).
        """
        return frame(trait_columns(self._scenario, self._lives), index="customer_id")

    def clv(self, *, at: int, horizon: int, replications: int = 200, threads: int | None = None) -> pd.DataFrame:
        """True expected value of each customer who has arrived before period `at`, if the firm goes on as it does.

        Margin less service, contact and offer costs of periods at .. at + horizon - 1, discounted to the start of
        period `at`; offers already decided for those periods are counted, customers yet to be referred are not.

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
        here = np.nonzero(self._lives.traits["arrival"] < at)[0]
        first = self._replication + 1
        clock = Clock(at + horizon, at, self._replication, first, replications, at)
        sums = self._futures(here, clock, threads)
        mean = sums["value"] / replications
        variance = np.maximum(sums["value_squared"] / replications - mean**2, 0) * replications / (replications - 1)
        table = {"clv": mean, "clv_se": np.sqrt(variance / replications)}
        return pd.DataFrame(table, index=pd.Index(self._lives.customers[here], name="customer_id"))

    def exact_clv(self, *, at: int, horizon: int) -> pd.Series:
        """The same value in closed form: the stage distribution is carried forward by each customer's own moves.

        Errors: `InputError` names the part of the scenario for which there is no closed form.
        """
        at = whole(at, "at", least=1, most=self._scenario.periods)
        horizon = whole(horizon, "horizon", least=1, most=1200)
        here = np.nonzero(self._lives.traits["arrival"] < at)[0]
        stage = self._lives.stage_log[here, at - 1]
        value = exact_values(self._scenario, self._plan, self._lives.traits[here], stage, at=at, horizon=horizon)
        return pd.Series(value, index=pd.Index(self._lives.customers[here], name="customer_id"), name="clv")

    def _futures(self, here: npt.NDArray[np.int64], clock: Clock, threads: int | None) -> Table:
        setting = setting_of(self._scenario, n_periods=clock.stop, levers=self._plan.levers)
        parts = [here[i : i + CUSTOMERS_AT_ONCE] for i in range(0, len(here), CUSTOMERS_AT_ONCE)]

        def block(number: int) -> Table:
            chosen = parts[number]
            names, traits = self._lives.names[chosen], self._lives.traits[chosen]
            return futures(names, traits, setting, steps=self._plan.steps, clock=clock)

        found = list(in_threads(block, len(parts), threads=workers(threads)))
        return np.concatenate(found) if found else np.empty(0, dtype=kernel.SUMS)

    def __repr__(self) -> str:
        return "<Truth: .stages, .moves, .customers, .clv(at=, horizon=), .exact_clv(at=, horizon=)>"
