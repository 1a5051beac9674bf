"""The demonstration: a retailer simulated, shown as two tables and a picture, and written to disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import typer

from crmsim.cli.painting import Painter
from crmsim.cli.running import compile_for, must_compile
from crmsim.engine.caching import collection_paused
from crmsim.engine.folder import checked_target
from crmsim.settings.scenario import scenario

CUSTOMERS, PERIODS, EVERY = 10_000, 36, 6
PICTURE = "overview.png"
LINES = {
    "revenue": ("Revenue", "收入"),
    "cost_of_goods": ("− cost of goods", "商品成本"),
    "margin": ("= margin", "毛利"),
    "acquisition_cost": ("− winning customers", "获客成本"),
    "service_cost": ("− serving customers", "服务成本"),
    "stage_reward": ("+ rewards of stages", "阶段收益"),
    "contact_cost": ("− answering contacts", "联系成本"),
    "scheme_cost": ("− loyalty scheme", "会员奖励"),
    "offer_cost": ("− offers", "优惠成本"),
    "lever_cost": ("− measures for everybody", "整体措施成本"),
    "profit": ("= profit", "利润"),
}
NEXT = """\
import pandas as pd
print(pd.read_parquet("{folder}/transactions").head())

import crmsim as crm
con = crm.customers.warehouse.connect("{folder}")
con.sql("SELECT category, sum(amount) AS revenue FROM transactions GROUP BY category ORDER BY revenue DESC").show()
"""


def show_demo(folder: Path) -> None:
    """Simulate, print, and write everything into the folder."""
    checked_target(folder)
    typer.echo(f"Simulating {CUSTOMERS:,} customers of a city retailer (城市零售商) for {PERIODS} months ...")
    must = must_compile()
    with collection_paused(), Painter(compiling=must) as painter, _steps(4) as step:
        step("compiling the simulator" if must else "loading the simulator")
        shop = scenario("retail").replace(customers=CUSTOMERS, periods=PERIODS)
        compile_for(shop)
        from crmsim.engine.simulate import simulate

        step("simulating")
        run = simulate(shop)
        from crmsim.plots.board import overview_sheet

        step("adding up")
        painter.order(overview_sheet(run))
        _show_tables(run)
        from crmsim.customers.saving import save

        step("writing tables and picture")
        save(run, folder, warehouse=True, extras={PICTURE: painter.deliver})
    typer.echo(f"\nWritten to {folder}: tables, truth, warehouse, data dictionary.")
    typer.echo(f"Open {folder / PICTURE} for the picture, and in Python:\n")
    typer.echo(NEXT.format(folder=folder.as_posix()))


@contextmanager
def _steps(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar in a terminal; what is given to be called with the name of each step when it begins."""
    from tqdm import tqdm

    begun, form = count(), "{desc:<28}|{bar:24}| {n_fmt} of {total_fmt} steps done"
    with tqdm(total=total, bar_format=form, leave=False, disable=None) as bar:

        def step(name: str) -> None:
            bar.n = next(begun)
            bar.set_description_str(name)

        yield step


def _show_tables(run: Any) -> None:
    from rich.console import Console
    from tqdm import tqdm

    console = Console()
    with tqdm.external_write_mode():
        console.print(_stage_table(run))
        console.print(_money_table(run))


def _stage_table(run: Any) -> Any:
    from rich.table import Table

    from crmsim.plots.stages import stage_counts

    counts = stage_counts(run)
    months = [*range(0, run.periods - 1, EVERY), run.periods - 1]
    table = Table(title="Customers in each stage 各阶段客户数", title_justify="left")
    table.add_column("month 月", no_wrap=True)
    for month in months:
        table.add_column(str(month), justify="right", no_wrap=True)
    for name, stage in run.scenario.stages.items():
        table.add_row(f"{name} {stage.zh}", *(f"{counts.loc[month, name]:,}" for month in months))
    return table


def _money_table(run: Any) -> Any:
    from rich.table import Table

    from crmsim.customers.money import statement

    table = Table(title=f"Money of all {run.periods} months 全部{run.periods}个月的收支", title_justify="left")
    table.add_column(run.currency, no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    for line, amount in statement(run).items():
        table.add_row(" ".join(LINES[str(line)]), f"{amount:,.2f}")
    return table
