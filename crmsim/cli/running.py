"""The command that simulates into a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import typer

from crmsim.engine.caching import compiled_before
from crmsim.engine.compiling import compiled_beside
from crmsim.engine.folder import MANIFEST
from crmsim.settings.scenario import Scenario, scenario

NOT_IN_THE_KERNEL = ("scipy.linalg.cython_blas", "cffi")
"""What the compiler loads if it finds it, a tenth of a short run: products of matrices, and functions of C."""


def simulate_into(
    out: str, name: str, *, changes: dict[str, Any], scheduler: str | None, how: dict[str, Any]
) -> None:  # fmt: skip
    """Simulate a scenario with `changes` straight to disk; `how` goes to `simulate_to`."""
    from crmsim.customers.saving import manifest_at, output_at
    from crmsim.customers.streaming import simulate_to

    output_at(out)  # before seconds of compiling, not after
    shop = scenario(name).replace(**changes) if changes else scenario(name)
    if scheduler is None:
        with compiled_beside() if must_compile() else nullcontext():
            compile_for(shop)
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


def must_compile() -> bool:
    """Whether the simulator must be compiled first, which the user is told then."""
    must = not compiled_before()
    if must:
        typer.echo("Compiling once, which takes some seconds; the next start is quicker ...", err=True)
    return must


def compile_for(shop: Scenario) -> None:
    """Compile the simulator, or load it, so that a run of this scenario can begin."""
    from crmsim.engine.blocks import compile_once
    from crmsim.engine.world import setting_of

    setting = setting_of(shop, n_periods=shop.periods)
    with _without(*NOT_IN_THE_KERNEL):
        compile_once(setting)


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """While the block runs, whoever looks for these modules does not find them, unless they are loaded already."""
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # the documented way to say: not there
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
