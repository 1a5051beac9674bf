"""Simulating a firm's customers, and the run that comes out.

A `Run` holds two things, kept apart: what the firm could have recorded (`customers`, `transactions`, `contacts`,
`surveys`, `campaigns`) and, under `truth`, what only the simulator knows. `Run.until(t)` cuts the first down to the
past, and leaves the second out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from crmsim.engine import blocks, kernel, tables
from crmsim.engine.blocks import Block, whole, workers
from crmsim.engine.calendar import period_starts
from crmsim.engine.kernel import Clock
from crmsim.engine.policy import FAMILY, Action, Ids, Names, Plan, checked, plan
from crmsim.engine.records import Past
from crmsim.engine.room import Keep
from crmsim.engine.tables import frame
from crmsim.engine.truth import Truth
from crmsim.engine.world import setting_of
from crmsim.errors import InputError, told
from crmsim.settings.scenario import Scenario

PARTITION_SIZE = 8_192
"""Customers in a block, unless asked otherwise."""


@dataclass(frozen=True, eq=False, repr=False)
class Run(Past):
    """A simulated firm: its records, and under `truth` what it cannot see."""

    scenario: Scenario
    plan: Plan
    replication: int
    lives: Block

    @cached_property
    def truth(self) -> Truth:
        """Stages, hidden traits, causes, and the true expected value of every customer."""
        return Truth(self.scenario, self.plan, self.replication, self.lives)


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
    policy : list of Offer and Lever, optional
        What the firm does; nothing by default. A campaign of calls is an action too (`crm.phone.PhoneCampaign`).
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
    (6, ['customer_id', 'time', 'period', 'amount', 'margin', 'category', 'quantity', 'discount'])
    """
    if not isinstance(scenario, Scenario):
        raise InputError(f"simulate: a scenario is needed, but {told(scenario)} was given; use crm.scenario('retail').")
    actions = checked(policy, n_customers=scenario.customers)
    replication = whole(replication, "replication", least=0)
    ready = ready_plan(scenario, actions, replication=replication, branch=0)
    size = whole(partition_size, "partition_size", least=1) if partition_size is not None else PARTITION_SIZE
    lives = _all_lives(scenario, ready, clock_of(scenario.periods, replication, 0), workers(threads), size, progress)
    return _run(scenario, ready, replication, lives)


def ready_plan(scenario: Scenario, actions: Sequence[Action], *, replication: int, branch: int) -> Plan:
    """The policy made ready for one replication, which shares its past before `branch` with replication 0."""

    def run(so_far: Plan, period: int) -> Run:
        shorter = scenario.model_copy(update={"periods": max(period, 1)})
        lives = _all_lives(shorter, so_far, clock_of(shorter.periods, replication, branch), 1, PARTITION_SIZE, False)
        return _run(shorter, so_far, replication, lives)

    def names(so_far: Plan, ids: Ids, period: int) -> Names:
        roots = np.unique(ids % FAMILY)
        setting = setting_of(scenario, n_periods=period + 1, levers=so_far.levers)
        clock = clock_of(period + 1, replication, branch)
        family = blocks.live_block(roots, setting, steps=so_far.steps, clock=clock, keep=Keep())
        at = np.minimum(np.searchsorted(family.customers, ids), len(family.customers) - 1)
        unknown = ids[family.customers[at] != ids]
        if len(unknown):
            raise InputError(f"An offer at period {period} names customer {unknown[0]}, who has not come by then.")
        return family.names[at]

    return plan(actions, n_customers=scenario.customers, run=run, names=names)


def clock_of(stop: int, replication: int, branch: int) -> Clock:
    """The clock of one replication, which shares its past before `branch` with replication 0."""
    return Clock(
        stop=stop, branch=branch, past=0, replication=replication, n_replications=1, count_from=0
    )  # fmt: skip


def _run(scenario: Scenario, ready: Plan, replication: int, lives: Block) -> Run:
    starts = period_starts(scenario, scenario.periods)
    return Run(
        customers=frame(tables.customer_columns(scenario, lives, starts), index="customer_id"),
        transactions=frame(tables.transaction_columns(scenario, lives.rows)),
        contacts=frame(tables.contact_columns(scenario, lives.contacts)),
        surveys=frame(tables.survey_columns(lives.answers, starts)),
        campaigns=frame(tables.campaign_columns(ready, starts, lives)),
        period_starts=starts,
        currency=scenario.currency,
        discount_rate=scenario.discount_rate,
        scenario=scenario,
        plan=ready,
        replication=replication,
        lives=lives,
    )


def nobody(scenario: Scenario, ready: Plan, replication: int) -> Run:
    """The run before anybody is lived: its calendar, and empty tables with all their names."""
    ids, log = np.empty(0, dtype=np.int64), np.empty((0, scenario.periods), dtype=np.int8)
    lives = Block(
        customers=ids,
        names=ids.astype(np.uint64),
        referred_by=ids,
        traits=np.empty(0, dtype=kernel.TRAITS),
        rows=np.empty(0, dtype=kernel.ROW),
        contacts=np.empty(0, dtype=kernel.CONTACT_ROW),
        answers=np.empty(0, dtype=kernel.ANSWER),
        stage_log=log,
        cause_log=log,
        sums=np.empty(0, dtype=kernel.SUMS),
    )
    return _run(scenario, ready, replication, lives)


def _all_lives(
    scenario: Scenario, ready: Plan, clock: Clock, threads: int, size: int, progress: bool | None
) -> Block:  # fmt: skip
    setting = setting_of(scenario, n_periods=scenario.periods, levers=ready.levers)
    blocks.compile_once(setting)

    def block(number: int) -> Block:
        first = number * size
        roots = np.arange(first, min(first + size, scenario.customers), dtype=np.int64)
        return blocks.live_families(roots, setting, steps=ready.steps, clock=clock, keep=Keep(events=True))

    with bar(scenario.customers, progress) as shown:
        done = []
        for part in blocks.in_threads(block, -(-scenario.customers // size), threads=threads):
            done.append(part)
            shown.update(min(size, scenario.customers - shown.n))
    return blocks.in_order(done)


def bar(n_customers: int, progress: bool | None) -> Any:
    """A progress bar over customers; silent when not asked for and the run is short or nobody watches."""
    if not (progress is None or isinstance(progress, (bool, np.bool_))):
        raise InputError(f"progress={told(progress)} is not possible: give True or False.")
    with catch_warnings():
        simplefilter("ignore")  # it calls itself experimental; tqdm.auto does the same and loads asyncio besides
        from tqdm.autonotebook import tqdm

    silent = (None if n_customers > 200_000 else True) if progress is None else not progress
    return tqdm(total=n_customers, unit=" customers", unit_scale=True, disable=silent)
