"""Simulating a firm's customers, and the run that comes out.

A `Run` holds two things, kept apart: what the firm could have recorded (`customers`, `transactions`,
`campaigns`) and, under `truth`, what only the simulator knows. `Run.until(t)` cuts the first down to the past,
and leaves the second out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine import blocks
from crmsim.engine.blocks import Block, whole, workers
from crmsim.engine.kernel import Clock, Rows, Traits
from crmsim.engine.policy import Offer, checked
from crmsim.engine.tables import campaign_table, customer_table, transaction_table
from crmsim.engine.truth import Truth
from crmsim.engine.world import period_starts, world_of
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

PARTITION_SIZE = 8_192
"""Customers in a block, unless asked otherwise."""


@dataclass(frozen=True, eq=False)
class Past:
    """What a firm has recorded up to a moment: tables, and the calendar they are read with.

    Attributes
    ----------
    customers : DataFrame
        One row per customer who has arrived, indexed by `customer_id`.
    transactions : DataFrame
        One row per purchase, sorted by customer and time.
    campaigns : DataFrame
        One row per customer whom an offer reached.
    period_starts : DatetimeIndex
        First moment of each period; the last entry is the end of the last one.
    currency : str
        Three-letter code of the money.
    """

    customers: pd.DataFrame
    transactions: pd.DataFrame
    campaigns: pd.DataFrame
    period_starts: pd.DatetimeIndex
    currency: str

    @property
    def periods(self) -> int:
        """Number of periods that have passed."""
        return len(self.period_starts) - 1

    @property
    def end(self) -> pd.Timestamp:
        """The moment at which the last period has ended."""
        return pd.Timestamp(self.period_starts[-1])

    def until(self, t: int) -> Past:
        """The first `t` periods, 0 .. t - 1: what the firm knew then, without the truth.

        Errors: `InputError` unless 1 <= t <= `periods`.
        """
        if isinstance(t, bool) or not isinstance(t, (int, np.integer)) or not 1 <= t <= self.periods:
            raise InputError(f"until({t!r}): give a whole number of periods from 1 to {self.periods}.")
        return Past(
            customers=self.customers[self.customers["acquired_period"] < t],
            transactions=self.transactions[self.transactions["period"] < t].reset_index(drop=True),
            campaigns=self.campaigns[self.campaigns["period"] < t].reset_index(drop=True),
            period_starts=self.period_starts[: t + 1],
            currency=self.currency,
        )

    def __repr__(self) -> str:
        sizes = f"{len(self.customers):,} customers, {len(self.transactions):,} transactions"
        return f"<{type(self).__name__}: {sizes}, {self.periods} periods to {self.end:%Y-%m-%d}, {self.currency}>"


@dataclass(frozen=True, eq=False, repr=False)
class Run(Past):
    """A simulated firm: its records, and under `truth` what it cannot see."""

    scenario: Scenario
    policy: tuple[Offer, ...]
    replication: int
    lives: Block

    @cached_property
    def truth(self) -> Truth:
        """Stages, hidden traits, and the true expected value of every customer."""
        return Truth(self.scenario, self.policy, self.replication, self.lives)


def simulate(
    scenario: Scenario,
    *,
    policy: Any = None,
    replication: int = 0,
    threads: int | None = None,
    partition_size: int | None = None,
    progress: bool | None = None,
) -> Run:
    """Simulate all customers of a scenario in memory.

    The same scenario, policy and replication give the same tables on any machine, whatever the other arguments.

    Parameters
    ----------
    scenario : Scenario
        From `crm.scenario`.
    policy : list of Offer, optional
        What the firm does; nothing by default.
    replication : int
        Other luck for the same customers: 0, 1, 2, ...
    threads : int, optional
        At most so many blocks at once; by default one per processor.
    partition_size : int, optional
        Customers in a block.
    progress : bool, optional
        Show a bar; by default only in a terminal or a notebook, and only for a long run.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        The policy names an unknown customer, or an argument is not possible.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=6, seed=7))
    >>> run.periods, list(run.transactions.columns)
    (6, ['customer_id', 'time', 'period', 'amount', 'margin', 'category'])
    """
    if not isinstance(scenario, Scenario):
        raise InputError(f"simulate: a scenario is needed, but {scenario!r} was given; use crm.scenario('retail').")
    offers = checked(policy, n_customers=scenario.customers)
    replication = whole(replication, "replication", least=0)
    lives = _all_lives(scenario, offers, replication, workers(threads), _size(partition_size), progress)
    return _run(scenario, offers, replication, lives)


def _run(scenario: Scenario, offers: tuple[Offer, ...], replication: int, lives: Block) -> Run:
    starts = period_starts(scenario, scenario.periods)
    return Run(
        customers=customer_table(scenario, lives, starts),
        transactions=transaction_table(scenario, lives.rows),
        campaigns=campaign_table(offers, starts, lives),
        period_starts=starts,
        currency=scenario.currency,
        scenario=scenario,
        policy=offers,
        replication=replication,
        lives=lives,
    )


def _all_lives(
    scenario: Scenario,
    offers: tuple[Offer, ...],
    replication: int,
    threads: int,
    size: int,
    progress: bool | None,
) -> Block:
    world = world_of(scenario, n_periods=scenario.periods)
    clock = Clock(start=0, stop=scenario.periods, branch=0, replication=replication, n_replications=1)
    n_blocks = -(-scenario.customers // size)

    def block(number: int) -> Block:
        first = number * size
        n = min(size, scenario.customers - first)
        customers = np.arange(first, first + n, dtype=np.int64)
        return blocks.live(
            customers, blocks.traits_of(customers, world), world, offers=offers, clock=clock, keep_rows=True
        )

    with bar(scenario.customers, progress) as shown:
        done = []
        for part in blocks.in_threads(block, n_blocks, threads=threads):
            done.append(part)
            shown.update(len(part.customers))
    return _joined(done)


def _joined(parts: list[Block]) -> Block:
    if len(parts) == 1:
        return parts[0]
    return Block(
        customers=np.concatenate([part.customers for part in parts]),
        traits=Traits(*(np.concatenate(columns) for columns in zip(*(part.traits for part in parts), strict=True))),
        rows=Rows(*(np.concatenate(columns) for columns in zip(*(part.rows for part in parts), strict=True))),
        stage_log=np.concatenate([part.stage_log for part in parts]),
        profit_cents=np.concatenate([part.profit_cents for part in parts]),
        value=np.concatenate([part.value for part in parts]),
    )


def bar(n_customers: int, progress: bool | None) -> Any:
    """A progress bar over customers; silent when not asked for and the run is short or nobody watches."""
    from tqdm.auto import tqdm

    silent = (None if n_customers > 200_000 else True) if progress is None else not progress
    return tqdm(total=n_customers, unit=" customers", unit_scale=True, disable=silent)


def _size(partition_size: int | None) -> int:
    return whole(partition_size, "partition_size", least=1) if partition_size is not None else PARTITION_SIZE
