"""The command that simulates into a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import typer

from crmsim.engine.folder import MANIFEST
from crmsim.settings.scenario import Scenario, scenario


def simulate_into(
    out: str, name: str, *, changes: dict[str, Any], scheduler: str | None, how: dict[str, Any]
) -> None:  # fmt: skip
    """Simulate a scenario with `changes` straight to disk; `how` goes to `simulate_to`."""
    from crmsim.customers.saving import manifest_at, output_at
    from crmsim.customers.streaming import simulate_to

    output_at(out)  # before seconds of compiling, not after
    shop = scenario(name).replace(**changes) if changes else scenario(name)
    if scheduler is None:
        _compiled(shop)
    with _client(scheduler) as client:
        where = simulate_to(shop, out, client=client, **how)
    typer.echo(f"{shop.title.en} {shop.title.zh}, seed {shop.seed}, {shop.periods} {shop.period}s:")
    for table, n_rows in manifest_at(where)["rows"].items():
        if not table.startswith("truth/"):
            typer.echo(f"  {table:<13}{n_rows:>13,} rows")
    typer.echo(f"Written to {out if isinstance(where, Path) else where} ({MANIFEST} says what is there, ", nl=False)
    typer.echo("dictionary.md what it means).")


def _client(scheduler: str | None) -> Any:
    if scheduler is None:
        return nullcontext()
    from crmsim.engine.cluster import client_at

    return client_at(scheduler)


def simulated(shop: Scenario, **how: Any) -> Any:
    """The run in memory; says so when the simulator must be compiled first."""
    from crmsim.engine.simulate import simulate

    _compiled(shop)
    return simulate(shop, **how)


def _compiled(shop: Scenario) -> None:
    from crmsim.engine.blocks import compile_once
    from crmsim.engine.compiling import compiled_before, traits_compiled_beside
    from crmsim.engine.world import setting_of

    setting = setting_of(shop, n_periods=shop.periods)
    before = compiled_before()
    if not before:
        typer.echo("Compiling once, which takes some seconds; the next start is quicker ...", err=True)
    with _without_matrices(), nullcontext() if before else traits_compiled_beside():
        compile_once(setting)


@contextmanager
def _without_matrices() -> Iterator[None]:
    """The compiler looks for SciPy's products of matrices, which takes a tenth of a short run; the kernel has none."""
    sought = "scipy.linalg.cython_blas"
    if sought in sys.modules:
        yield
        return
    sys.modules[sought] = None  # type: ignore[assignment]  # the documented way to say: not there
    try:
        yield
    finally:
        del sys.modules[sought]
