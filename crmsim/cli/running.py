"""The command that simulates into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from crmsim.engine.folder import MANIFEST, checked_target
from crmsim.settings.scenario import Scenario, scenario


def simulate_into(
    folder: Path, name: str, *, changes: dict[str, Any], how: dict[str, Any], files: dict[str, Any]
) -> None:
    """Simulate a scenario with `changes` and save it; `how` goes to `simulate`, `files` to `save`."""
    checked_target(folder)  # before minutes of work, not after
    shop = scenario(name).replace(**changes) if changes else scenario(name)
    from crmsim.customers.saving import save

    run = simulated(shop, **how)
    save(run, folder, **files)
    names = ("customers", "transactions", "contacts", "surveys", "campaigns")
    tables = {name: getattr(run, name) for name in names}
    typer.echo(f"{shop.title.en} {shop.title.zh}, seed {shop.seed}, {run.periods} {shop.period}s:")
    for table, rows in tables.items():
        typer.echo(f"  {table:<13}{len(rows):>13,} rows")
    typer.echo(f"Written to {folder} ({MANIFEST} says what is there, dictionary.md what it means).")


def simulated(shop: Scenario, **how: Any) -> Any:
    """The run; says so when the simulator must be compiled first."""
    from crmsim.engine.blocks import compile_once
    from crmsim.engine.simulate import simulate
    from crmsim.engine.world import setting_of

    if not _compiled_before():
        typer.echo("Compiling once, which takes some seconds; the next start is quicker ...", err=True)
    compile_once(setting_of(shop, n_periods=shop.periods))
    return simulate(shop, **how)


def _compiled_before() -> bool:
    """Whether the compiler has kept the kernel since its file was last changed."""
    from crmsim.engine import kernel

    folder, changed = kernel.live.stats.cache_path, Path(kernel.__file__).stat().st_mtime
    kept = Path(folder).glob("kernel.live-*.nbi") if folder else []
    return any(index.stat().st_mtime > changed for index in kept)
